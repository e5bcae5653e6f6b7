"""Cases of the protocol as JSON Lines, as every verb takes them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cartox_core import Case
from cartox_core.fields import Field
from cartox_core.observation import OBSERVATION, PATIENT, TREATMENT
from harness.exchange.chart import Named, Raw


def write(cases: Iterable[Named], path: Path) -> None:
    """Write one case a line; what is unknown, or the default, is absent. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for name, case in cases:
            stream.write(json.dumps(raw_of(name, case), ensure_ascii=False) + "\n")


def raw_of(name: str, case: Case) -> Raw:
    """A case as the protocol writes it.

    >>> from cartox_core import read_case
    >>> raw_of("a", read_case({"observations": [{"time_h": 2, "temp_c": 38.5}]}))
    {'id': 'a', 'observations': [{'time_h': 2.0, 'temp_c': 38.5}]}
    """
    raw: Raw = {"id": name, "patient": _told(case.patient, PATIENT)}
    raw["observations"] = [_told(each, OBSERVATION) for each in case.observations]
    raw["treatments"] = [_told(each, TREATMENT) for each in case.treatments]
    return {key: value for key, value in raw.items() if value or key == "id"}


def _told(record: object, fields: Mapping[str, Field]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in fields.items():
        value = getattr(record, name)
        if field.kind == "items" and value is not None:
            found[name] = {item: getattr(value, item) for item in value.most if getattr(value, item) is not None}
        elif value is not None and value != field.default:
            found[name] = value
    return found
