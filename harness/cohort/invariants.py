"""What must hold of any grader and any patients, checked on every simulated cohort.

Each invariant takes a graded block and says how many checks it made and how many failed. The rows it looks
at are a fixed sample by the block's own random numbers, so a rerun checks the same.
"""

import dataclasses
import json
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from cartox_core import (
    Columns,
    GradeColumns,
    Guideline,
    Scale,
    grade_columns,
    grade_course,
    grade_course_columns,
    read_case,
)
from cartox_core.columns import Column, unknown_code
from cartox_core.observation import DEVICES, READABLE
from cartox_core.units import celsius_of_fahrenheit, fahrenheit_of_celsius
from harness.cohort.block import SCALES, GradedBlock
from harness.patients.address import Address
from harness.patients.signs import NO_GRADE
from harness.patients.told import case_of

Mask = npt.NDArray[np.bool_]
SAMPLE_ROWS = 4000
SAMPLE_PATIENTS = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Tested:
    """How many checks an invariant made, how many failed, and where the first failure was."""

    checked: int
    failed: int
    first: str = ""

    def __add__(self, other: "Tested") -> "Tested":
        return Tested(self.checked + other.checked, self.failed + other.failed, self.first or other.first)


@dataclasses.dataclass(frozen=True, slots=True)
class _Sample:
    """Some charted rounds as snapshots, whose state of the episode is drawn: open, closed or unknown."""

    graded: GradedBlock
    columns: Columns
    rng: np.random.Generator


def check_block(graded: GradedBlock, guideline: Guideline) -> dict[str, Tested]:
    """Check all invariants on a block."""
    block = graded.block
    rng = np.random.default_rng([block.seed, block.first, block.count])
    rows = np.sort(rng.choice(len(graded.chart.place), min(SAMPLE_ROWS, len(graded.chart.place)), replace=False))
    whole = graded.chart.columns
    fields = {k: v[rows] for k, v in whole.fields.items()}
    fields["crs_onset_fever"] = rng.integers(0, 3, len(rows)).astype(np.uint8)
    sample = _Sample(graded, Columns(whole.minute[rows], fields), rng)
    return {
        "intended course = found course": _intended(graded),
        "scalar = columns": _scalar(graded, guideline),
        "grade = worst domain": _each(sample, guideline, _worst_domain),
        "worse sign, never a lower grade": _each(sample, guideline, _worse_sign),
        "more information, never a wider range": _each(sample, guideline, _information),
        "what a scale does not read never matters": _irrelevant(graded, guideline),
        "order of keys and cases never matters": _order(graded, guideline),
        "masking never lowers a grade of 2 or more in an open episode": _masking(graded, guideline),
        "Fahrenheit is converted exactly": _fahrenheit(sample),
    }


def _tested(good: Mask, where: str = "") -> Tested:
    failed = int((~good).sum())
    return Tested(int(good.size), failed, where if failed else "")


def _each(sample: _Sample, guideline: Guideline, check: Callable[[_Sample, Scale], Tested]) -> Tested:
    total = Tested(0, 0)
    for name in SCALES:
        total = total + check(sample, guideline.scale(name))
    return total


def _intended(graded: GradedBlock) -> Tested:
    """Where everything is charted, the core finds the course that the model meant."""
    if not graded.block.scenario.how_charted.complete:
        return Tested(0, 0)
    total = Tested(0, 0)
    for scale, meant in (("crs", graded.chart.crs_intended), ("icans", graded.chart.icans_intended)):
        known = meant != NO_GRADE
        found = graded.grades[scale]
        good = (found.floor == meant) & (found.ceiling == meant)
        bad = np.flatnonzero(known & ~good)
        where = _address(graded, int(graded.chart.place[bad[0]])) if len(bad) else ""
        total = total + _tested(good[known], where)
    return total


def _address(graded: GradedBlock, place: int) -> str:
    block = graded.block
    return str(Address(block.scenario.name, block.trial, block.seed, block.first + place))


def _patients(graded: GradedBlock) -> list[int]:
    """A few patients, the most ill of the block first among them."""
    floor, _ = graded.peaks("crs")
    worst = int(np.argmax(floor + graded.peaks("icans")[0].astype(int)))
    step = max(1, graded.block.count // SAMPLE_PATIENTS)
    others = [place for place in range(0, graded.block.count, step) if place != worst]
    return [worst, *others[:SAMPLE_PATIENTS]]


def _rows_of(graded: GradedBlock, place: int) -> slice:
    ends = np.append(graded.starts[1:], len(graded.chart.place))
    return slice(int(graded.starts[place]), int(ends[place]))


def _scalar(graded: GradedBlock, guideline: Guideline) -> Tested:
    """One patient's course by the scalar core, through a protocol object, equals the columns."""
    total = Tested(0, 0)
    for place in _patients(graded):
        case = read_case(case_of(graded.people, graded.log, graded.chart, place))
        for name in SCALES:
            course = grade_course(case.observations, case.treatments, guideline.scale(name), case.patient)
            rows = _rows_of(graded, place)
            found = graded.grades[name]
            good = np.array([g.floor for g in course.grades]) == found.floor[rows]
            good &= np.array([g.ceiling for g in course.grades]) == found.ceiling[rows]
            total = total + _tested(good, _address(graded, place))
    return total


def _worst_domain(sample: _Sample, scale: Scale) -> Tested:
    """With the gate open, the grade is the worst of the grades of the domains, each graded alone."""
    columns = sample.columns
    if scale.episode is not None:
        opened = np.ones(len(columns), np.uint8)
        columns = dataclasses.replace(columns, fields={**columns.fields, scale.episode.opened: opened})
        columns = dataclasses.replace(columns, fields={**columns.fields, scale.episode.masked: opened})
    found = grade_columns(columns, scale)
    floor = ceiling = np.zeros(len(columns), np.uint8)
    for domain in scale.domains:
        alone = dataclasses.replace(scale, gate=(), domains=(domain,), episode=None, assumptions=())
        part = grade_columns(_adults(columns, domain.fields), alone)
        floor, ceiling = np.maximum(floor, part.floor), np.maximum(ceiling, part.ceiling)
    shared = len({f for d in scale.domains for f in d.fields}) < sum(len(d.fields) for d in scale.domains)
    good = found.ceiling == ceiling
    if not shared:
        good &= found.floor == floor
    elif sample.graded.block.scenario.how_charted.complete:
        good &= found.floor >= floor
    return _tested(good)


def _adults(columns: Columns, fields: tuple[str, ...]) -> Columns:
    """The columns of a domain alone; an unknown age is an adult's."""
    kept = {k: v for k, v in columns.fields.items() if k in fields}
    if "age_years" in kept:
        kept["age_years"] = np.where(np.isnan(kept["age_years"]), 18.0, kept["age_years"])
    return dataclasses.replace(columns, fields=kept)


def _worse_sign(sample: _Sample, scale: Scale) -> Tested:
    """Each sign one step worse, in the protocol's order of support: neither bound falls."""
    before = grade_columns(sample.columns, scale)
    total = Tested(0, 0)
    for name, column in sample.columns.fields.items():
        if name not in scale.fields or READABLE[name].worse is None or READABLE[name].role == "attribution":
            continue
        fields = {**sample.columns.fields, name: _worsen(name, column)}
        if name == "o2_device":
            fields["o2_flow_l_min"] = np.maximum(np.nan_to_num(sample.columns.fields["o2_flow_l_min"]), 8.0)
        after = grade_columns(dataclasses.replace(sample.columns, fields=fields), scale)
        total = total + _tested((after.floor >= before.floor) & (after.ceiling >= before.ceiling))
    return total


_NEXT_DEVICE = {"none": "blow_by", "blow_by": "face_mask", "nasal_cannula": "venturi_mask"}


def _worsen(name: str, column: Column) -> Column:
    """Every known value one step worse; unknown stays unknown."""
    field = READABLE[name]
    match field.worse:
        case "up" if field.kind == "number":
            return np.minimum(column + 1.0, field.high)
        case "up":
            return np.where(column < field.high, column + 1, column).astype(np.uint8)
        case "down":
            return np.where((column > field.low) & (column <= field.high), column - 1, column).astype(np.uint8)
        case _ if name == "o2_device":
            step = [DEVICES.index(_NEXT_DEVICE.get(d, "cpap")) for d in DEVICES] + [len(DEVICES)]
            return np.array(step, np.uint8)[column]
        case _:
            top = 1 if field.kind == "bool" else len(field.values) - 1
            return np.where(column < top, column + 1, column).astype(np.uint8)


def _information(sample: _Sample, scale: Scale) -> Tested:
    """Forgetting fields never narrows the range, and never moves it off the fuller answer."""
    full = grade_columns(sample.columns, scale)
    fields = dict(sample.columns.fields)
    for name, column in fields.items():
        if READABLE[name].default is None and READABLE[name].role != "patient":
            lost = sample.rng.random(len(column)) < 0.3
            fields[name] = np.where(lost, unknown_code(READABLE[name]), column).astype(column.dtype)
    less = grade_columns(dataclasses.replace(sample.columns, fields=fields), scale)
    return _tested((less.floor <= full.floor) & (less.ceiling >= full.ceiling))


_IRRELEVANT = {
    "tremor": True,
    "intracranial_hemorrhage": True,
    "headache": True,
    "crp_mg_dl": 31.5,
    "ferritin_ng_ml": 99_000,
    "anc_per_ul": 0,
    "heart_rate_bpm": 150,
    "spo2_pct": 80,
}


def _regraded(graded: GradedBlock, guideline: Guideline, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Tested:
    """Grade a few patients' cases again after a change that must not matter."""
    total = Tested(0, 0)
    for place in _patients(graded):
        case = read_case(change(case_of(graded.people, graded.log, graded.chart, place)))
        for name in SCALES:
            course = grade_course(case.observations, case.treatments, guideline.scale(name), case.patient)
            found = GradeColumns(
                np.array([g.floor for g in course.grades]), np.array([g.ceiling for g in course.grades])
            )
            rows = _rows_of(graded, place)
            good = (found.floor == graded.grades[name].floor[rows]) & (
                found.ceiling == graded.grades[name].ceiling[rows]
            )
            total = total + _tested(good, _address(graded, place))
    return total


def _irrelevant(graded: GradedBlock, guideline: Guideline) -> Tested:
    """Laboratory values, vital signs, tremor and intracranial hemorrhage leave every grade as it is."""

    def change(case: dict[str, Any]) -> dict[str, Any]:
        return {**case, "observations": [{**o, **_IRRELEVANT} for o in case["observations"]]}

    return _regraded(graded, guideline, change)


def _order(graded: GradedBlock, guideline: Guideline) -> Tested:
    """Keys in another order, treatments reversed, patients in another order: the same grades."""

    def change(case: dict[str, Any]) -> dict[str, Any]:
        shuffler = random.Random(graded.block.seed)  # noqa: S311 - no secret
        rows = []
        for observation in case["observations"]:
            keys = list(observation)
            shuffler.shuffle(keys)
            rows.append({k: observation[k] for k in keys})
        turned = {"treatments": case["treatments"][::-1], "observations": rows, "patient": case["patient"]}
        return json.loads(json.dumps(turned))  # type: ignore[no-any-return]

    total = _regraded(graded, guideline, change)
    places = np.arange(graded.block.count)[::-1][: 20 * SAMPLE_PATIENTS]
    rows = np.concatenate([np.arange(s.start, s.stop) for s in (_rows_of(graded, int(p)) for p in places)])
    lengths = [_rows_of(graded, int(p)).stop - _rows_of(graded, int(p)).start for p in places]
    whole = graded.chart.columns
    assert whole.drug_minute is not None
    turned = Columns(
        whole.minute[rows],
        {k: v[rows] for k, v in whole.fields.items()},
        np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64),
        whole.drug_minute[rows],
    )
    for name in SCALES:
        found = grade_course_columns(turned, guideline.scale(name))
        total = total + _tested(found.floor == graded.grades[name].floor[rows])
    return total


def _masking(graded: GradedBlock, guideline: Guideline) -> Tested:
    """A normal temperature where the grade is 2 or more, after the episode opened, changes nothing."""
    scale, found = guideline.scale("crs"), graded.grades["crs"]
    before = np.concatenate([[0], found.floor[:-1]])
    before[graded.starts] = 0
    masked = (found.floor >= 2) & (before >= 1)
    columns = graded.chart.columns
    assert columns.drug_minute is not None
    cooled = np.where(masked, 36.6, columns.fields["temp_c"])
    drugged = np.where(masked, columns.minute, columns.drug_minute).astype(np.int32)
    changed = dataclasses.replace(columns, fields={**columns.fields, "temp_c": cooled}, drug_minute=drugged)
    again = grade_course_columns(changed, scale)
    return _tested(again.floor[masked] >= found.floor[masked])


def _fahrenheit(sample: _Sample) -> Tested:
    """To °F and back gives the same temperature, and the same side of the threshold."""
    temps = np.unique(sample.columns.fields["temp_c"])
    known = [float(t) for t in temps if not np.isnan(t)]
    return _tested(np.array([celsius_of_fahrenheit(fahrenheit_of_celsius(t)) == t for t in known], bool))
