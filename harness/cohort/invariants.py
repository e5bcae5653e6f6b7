"""What must hold of any grader and any patients, checked on every simulated cohort.

Each invariant takes a graded block and says how many checks it made and how many failed. The rows it looks
at are a fixed sample by the block's own random numbers, so a rerun checks the same.
"""

import dataclasses
from collections.abc import Callable

import numpy as np

from cartox_core import Columns, Guideline, Scale, grade_columns
from cartox_core.columns import Column, unknown_code
from cartox_core.observation import DEVICES, READABLE
from cartox_core.units import celsius_of_fahrenheit, fahrenheit_of_celsius
from harness.cohort import SCALES, course_invariants
from harness.cohort.block import GradedBlock
from harness.cohort.checks import Checks, counted
from harness.patients.faults import FAULTS

SAMPLE_ROWS = 4000
LEFT_OPEN = "what is left out never takes the true grade out of the range"  # where something is


@dataclasses.dataclass(frozen=True, slots=True)
class _Sample:
    """Some charted rounds as snapshots, whose state of the episode is drawn: open, closed or unknown."""

    graded: GradedBlock
    columns: Columns
    rng: np.random.Generator


def check_block(graded: GradedBlock, guideline: Guideline) -> dict[str, Checks]:
    """Check all invariants on a block; that of what is left out where the charting leaves something out."""
    block = graded.block
    rng = np.random.default_rng([block.seed, block.first, block.count])
    rows = np.sort(rng.choice(len(graded.chart.place), min(SAMPLE_ROWS, len(graded.chart.place)), replace=False))
    whole = graded.chart.columns
    fields = {k: v[rows] for k, v in whole.fields.items()}
    fields["crs_onset_fever"] = rng.integers(0, 3, len(rows)).astype(np.uint8)
    sample = _Sample(graded, Columns(whole.minute[rows], fields), rng)
    leaves_out = any(FAULTS[name].widens for name in block.scenario.how_charted.faults)
    open_grades = {LEFT_OPEN: course_invariants.left_open(graded, guideline)} if leaves_out else {}
    return {
        "intended course = found course": course_invariants.intended(graded),
        **open_grades,
        "scalar = columns": course_invariants.scalar(graded, guideline),
        "grade = worst domain": _each(sample, guideline, _worst_domain),
        "worse sign, never a lower grade": _each(sample, guideline, _worse_sign),
        "more information, never a wider range": _each(sample, guideline, _information),
        "what a scale does not read never matters": course_invariants.irrelevant(graded, guideline),
        "order of keys and cases never matters": course_invariants.order(graded, guideline),
        "masking never lowers a grade of 2 or more in an open episode": course_invariants.masking(graded, guideline),
        "Fahrenheit is converted exactly": _fahrenheit(sample),
    }


def _each(sample: _Sample, guideline: Guideline, check: Callable[[_Sample, Scale], Checks]) -> Checks:
    total = Checks(0, 0)
    for name in SCALES:
        total = total + check(sample, guideline.scale(name))
    return total


def _worst_domain(sample: _Sample, scale: Scale) -> Checks:
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
    return counted(good)


def _adults(columns: Columns, fields: tuple[str, ...]) -> Columns:
    """The columns of a domain alone; an unknown age is an adult's."""
    kept = {k: v for k, v in columns.fields.items() if k in fields}
    if "age_years" in kept:
        kept["age_years"] = np.where(np.isnan(kept["age_years"]), 18.0, kept["age_years"])
    return dataclasses.replace(columns, fields=kept)


def _worse_sign(sample: _Sample, scale: Scale) -> Checks:
    """Each sign one step worse, in the protocol's order of support: neither bound falls."""
    before = grade_columns(sample.columns, scale)
    total = Checks(0, 0)
    for name, column in sample.columns.fields.items():
        if name not in scale.fields or READABLE[name].worse is None or READABLE[name].role == "attribution":
            continue
        fields = {**sample.columns.fields, name: _worsen(name, column)}
        if name == "o2_device":
            fields["o2_flow_l_min"] = np.maximum(np.nan_to_num(sample.columns.fields["o2_flow_l_min"]), 8.0)
        after = grade_columns(dataclasses.replace(sample.columns, fields=fields), scale)
        total = total + counted((after.floor >= before.floor) & (after.ceiling >= before.ceiling))
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


def _information(sample: _Sample, scale: Scale) -> Checks:
    """Forgetting fields never narrows the range, and never moves it off the fuller answer."""
    full = grade_columns(sample.columns, scale)
    fields = dict(sample.columns.fields)
    for name, column in fields.items():
        if READABLE[name].default is None and READABLE[name].role != "patient":
            lost = sample.rng.random(len(column)) < 0.3
            fields[name] = np.where(lost, unknown_code(READABLE[name]), column).astype(column.dtype)
    less = grade_columns(dataclasses.replace(sample.columns, fields=fields), scale)
    return counted((less.floor <= full.floor) & (less.ceiling >= full.ceiling))


def _fahrenheit(sample: _Sample) -> Checks:
    """To °F and back gives the same temperature, and the same side of the threshold."""
    temps = np.unique(sample.columns.fields["temp_c"])
    known = [float(t) for t in temps if not np.isnan(t)]
    return counted(np.array([celsius_of_fahrenheit(fahrenheit_of_celsius(t)) == t for t in known], bool))
