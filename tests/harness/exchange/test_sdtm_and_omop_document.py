"""The tables of the document say what the code does."""

from pathlib import Path

from cartox_core.observation import PATIENT
from harness.exchange.codes import LOINC
from harness.exchange.omop.concepts import DRUGS, MEASUREMENTS, UNIT_CONCEPTS, UNITS
from harness.exchange.sdtm.findings import PLACES
from harness.exchange.values import field_of

DOCUMENT = Path(__file__).parents[3] / "docs" / "formats-cdisc-omop.md"


def rows(section):
    text = DOCUMENT.read_text(encoding="utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [tuple(cell.strip().strip("`") for cell in line) for line in lines]


def test_the_table_of_sdtm():
    assert rows("SDTM") == [(name, place.domain, place.code, place.unit) for name, place in PLACES.items()]


def test_the_table_of_omop():
    assert rows("OMOP") == [
        (name, ", ".join(some), ", ".join(LOINC[name]), (PATIENT.get(name) or field_of(name)).unit)
        for name, some in MEASUREMENTS.items()
    ]


def test_a_concept_means_one_thing():
    concepts = [concept for some in MEASUREMENTS.values() for concept in some] + [*UNITS, *DRUGS.values()]
    assert len(concepts) == len(set(concepts))
    assert set(MEASUREMENTS) == set(LOINC) - {"age_years"}
    assert len(UNIT_CONCEPTS) == len(UNITS)
