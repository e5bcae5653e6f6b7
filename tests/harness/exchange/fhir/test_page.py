"""The tables of the page are those of the code."""

import re
from pathlib import Path

from cartox_core.observation import OBSERVATION, PATIENT
from harness.exchange.codes import LOINC, O2_DEVICE_SNOMED, OWN_SYSTEM, RXNORM
from harness.exchange.fhir.resources import unit_written

PAGE = (Path(__file__).parents[4] / "docs" / "formats.md").read_text(encoding="utf-8")


def fields() -> list[str]:
    known = {**PATIENT, **OBSERVATION}
    return [f"| `{name}` | {', '.join(codes)} | `{unit_written(known[name])}` |" for name, codes in LOINC.items()]


def devices() -> list[str]:
    return [f"| `{device}` | {', '.join(codes)} |" for device, codes in O2_DEVICE_SNOMED.items()]


def test_the_tables_of_codes() -> None:
    assert "\n".join(fields()) + "\n\n" in PAGE
    assert "\n".join(devices()) + "\n\n" in PAGE
    told = re.search(r"RxNorm ingredients: (.*?)\.\n", PAGE, re.DOTALL)
    assert told and told[1].split() == ", ".join(f"{drug} {code}" for drug, code in RXNORM.items()).split()


def test_the_system_of_own_codes() -> None:
    assert f"`{OWN_SYSTEM}`" in PAGE
