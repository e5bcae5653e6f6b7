"""The suite on paper: cases written out for a grader that cannot be called, with ids that tell which suite it was."""

import csv
import dataclasses
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from cartox_core import Guideline
from cartox_core.observation import OBSERVATION, PATIENT, TREATMENT
from harness.verify.case import SuiteCase
from harness.verify.suite.build import Name, Suite

Form = Literal["jsonl", "csv"]
Told = tuple[str, str, Mapping[str, Any]]  # public id, scale, and the case in the grader's words
NO_GRADE_HERE = "-"
_ID = re.compile(r"(jsonl|csv)-(core|full)-([a-z0-9_+]+)-(\d+)-(\d+)-([0-9a-f]{16})-(\d{5,})")
_DOSE = ("dose", "unit", "route")


@dataclasses.dataclass(frozen=True, slots=True)
class Recipe:
    """How the cases of a file were made, as every id in it says. ``digest`` is that of the suite.

    >>> Recipe.of("csv-full-crs+icans-7-1000-0123456789abcdef-00017").scales
    ('crs', 'icans')
    """

    form: Form
    suite: Name
    scales: tuple[str, ...]
    seed: int
    patients: int
    digest: str

    @classmethod
    def of(cls, public_id: str) -> "Recipe | None":
        """The recipe that an id was written by; None when it is no public id."""
        found = _ID.fullmatch(public_id)
        if found is None:
            return None
        form, suite, scales, seed, patients, digest, _ = found.groups()
        return cls(form, suite, tuple(scales.split("+")), int(seed), int(patients), digest)  # type: ignore[arg-type]

    def id(self, number: int) -> str:
        """The id of the case of that number."""
        return (
            f"{self.form}-{self.suite}-{'+'.join(self.scales)}-{self.seed}-{self.patients}-{self.digest}-{number:05d}"
        )

    def command(self, options: str = "") -> str:
        """The command that writes these cases, with further options in front."""
        scales = " ".join(f"--scale {scale}" for scale in self.scales)
        mine = f"{scales} --suite {self.suite} --seed {self.seed} --patients {self.patients} --out cases.{self.form}"
        return " ".join(filter(None, ["cartox cases", options, mine]))


def recipe_of(suite: Suite, form: Form) -> Recipe:
    """The recipe of a suite written in that form."""
    return Recipe(form, suite.name, suite.scales, suite.seed, suite.patients, suite.digest)


def written(cases: Sequence[SuiteCase], form: Form) -> list[SuiteCase]:
    """The cases that this form can carry: JSON has no NaN, and a table no nulls nor lists where a number belongs."""
    return [case for case in cases if case.kind != "nan" and (form == "jsonl" or _fits_a_table(case))]


def _fits_a_table(case: SuiteCase) -> bool:
    return not case.id.split("/", 1)[1].startswith("relation/nulls/") and _is_table(case.raw)


def json_lines(told: Iterable[Told], guideline: str) -> Iterator[str]:
    """Cases as lines of JSON."""
    for name, scale, raw in told:
        yield json.dumps({"id": name, "guideline": guideline, "scale": scale, **raw}) + "\n"


def table(told: Sequence[Told], guideline: Guideline) -> str:
    """Cases as CSV: one row an observation, an empty ``grade`` to fill in, empty where unknown.

    ``treatments`` stand in the first row of a case as ``time_h drug dose unit route``, separated by semicolons. A scale
    that grades a course as a whole is answered in the first row; ``-`` stands in the others.
    """
    records = [raw.get("patient") or {} for _, _, raw in told]
    people = _columns(records, PATIENT)
    fields = _columns([row for _, _, raw in told for row in raw["observations"]], OBSERVATION)
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["id", "guideline", "scale", "grade", *people, *fields, "treatments"])
    for (name, scale, raw), patient in zip(told, records, strict=True):
        given = ";".join(_treatment(t) for t in raw.get("treatments") or ())
        for place, row in enumerate(raw["observations"]):
            cells = [_cell(patient.get(k)) for k in people] + [_cell(row.get(k)) for k in fields]
            grade = NO_GRADE_HERE if place and guideline.scale(scale).is_whole else ""
            rows.writerow([name, guideline.id, scale, grade, *cells, given if place == 0 else ""])
    return out.getvalue()


def _columns(records: Iterable[Mapping[str, Any]], ours: Iterable[str]) -> list[str]:
    """The names that are used, ours in the order of the protocol, then others as they come."""
    used = dict.fromkeys(name for record in records for name in record)
    known = [name for name in ours if name in used]
    return known + [name for name in used if name not in known]


def _is_table(raw: Mapping[str, Any]) -> bool:
    """Whether a case keeps its meaning in a table."""
    patient, rows, given = raw.get("patient") or {}, raw.get("observations"), raw.get("treatments") or []
    if not isinstance(patient, Mapping) or not isinstance(rows, list) or not rows or not isinstance(given, list):
        return False
    if not all(isinstance(row, Mapping) and isinstance(row.get("time_h"), int | float) for row in rows):
        return False
    if not all(
        isinstance(t, Mapping) and t.keys() <= TREATMENT.keys() and {"time_h", "drug"} <= t.keys() for t in given
    ):
        return False
    known = patient.keys() <= PATIENT.keys() and all(row.keys() <= OBSERVATION.keys() for row in rows)
    values = [(PATIENT[k], v) for k, v in patient.items()] if known else []
    values += [(OBSERVATION[k], v) for row in rows for k, v in row.items()] if known else []
    return known and all(_fits(field.kind, value) for field, value in values) and set(raw) <= _KEYS


_KEYS = {"id", "patient", "observations", "treatments"}


def _fits(kind: str, value: Any) -> bool:
    """Whether a cell can hold a value: one of its field's JSON type, or unknown; its range is the grader's to check."""
    if value is None:
        return True
    match kind:
        case "bool":
            return isinstance(value, bool)
        case "enum":
            return isinstance(value, str) and bool(value)  # an empty cell is unknown
        case "number" | "integer":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            return False


def _treatment(given: Mapping[str, Any]) -> str:
    return " ".join(_cell(given[k]) for k in ("time_h", "drug", *_DOSE) if given.get(k) is not None)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
