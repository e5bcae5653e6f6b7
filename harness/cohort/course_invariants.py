"""What must hold of whole courses: as the model meant them, and graded again in another way.

Each invariant takes a graded block; the address of the first patient that fails goes with the count.
"""

import dataclasses
import json
import random
from collections.abc import Callable
from typing import Any

import numpy as np

from cartox_core import Columns, Guideline, Scale, grade_course, grade_course_columns, read_case
from harness.cohort import SCALES
from harness.cohort.block import GradedBlock, grades_of
from harness.cohort.checks import Checks, Mask, counted
from harness.patients.address import Address
from harness.patients.faults import FAULTS
from harness.patients.rounds import Ints
from harness.patients.signs import NO_GRADE
from harness.patients.told import case_of

SAMPLE_PATIENTS = 2


def intended(graded: GradedBlock) -> Checks:
    """Where everything is charted as it was, the core finds the course that the model meant."""
    chart, total = graded.true_chart, Checks(0, 0)
    for scale, meant in (("crs", chart.crs_intended), ("icans", chart.icans_intended)):
        known = meant != NO_GRADE
        found = graded.true_grades[scale]
        good = (found.floor == meant) & (found.ceiling == meant)
        bad = np.flatnonzero(known & ~good)
        where = _address(graded, int(chart.place[bad[0]])) if len(bad) else ""
        total = total + counted(good[known], where)
    return total


def left_open(graded: GradedBlock, guideline: Guideline) -> Checks:
    """What is left out may leave a grade open, but the range holds the true one at every round.

    Of the charting faults, those that only leave out values of a round are looked at; a round that is missed whole may
    hide the fever that opens an episode.
    """
    how = graded.block.scenario.how_charted
    chart = graded.lived.charted(how.only(*(name for name in how.faults if FAULTS[name].widens)))
    found, total = grades_of(chart, guideline), Checks(0, 0)
    for name in SCALES:
        true = graded.true_grades[name]
        good = (found[name].floor <= true.floor) & (true.ceiling <= found[name].ceiling)
        bad = np.flatnonzero(~good)
        total = total + counted(good, _address(graded, int(chart.place[bad[0]])) if len(bad) else "")
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
    starts = graded.starts
    stop = starts[place + 1] if place + 1 < len(starts) else len(graded.chart.place)
    return slice(int(starts[place]), int(stop))


def _some_rows(whole: Columns, rows: Ints, counts: Ints) -> Columns:
    """Some rows of a chart, so many of each patient."""
    assert whole.drug_minute is not None
    starts = np.cumsum(counts, dtype=np.int64) - counts
    fields = {name: column[rows] for name, column in whole.fields.items()}
    return Columns(whole.minute[rows], fields, starts, whole.drug_minute[rows])


def scalar(graded: GradedBlock, guideline: Guideline) -> Checks:
    """A few patients' courses by the scalar core, through a protocol object, equal the columns."""
    return _regraded(graded, guideline, lambda case: case)


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


def _regraded(graded: GradedBlock, guideline: Guideline, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Checks:
    """Grade a few patients' cases with the scalar core, after a change that must not matter."""
    total = Checks(0, 0)
    for place in _patients(graded):
        case = read_case(change(case_of(graded.people, graded.log, graded.chart, place)))
        for name in SCALES:
            course = grade_course(case.observations, case.treatments, guideline.scale(name), case.patient)
            found, rows = graded.grades[name], _rows_of(graded, place)
            good = np.array([g.floor for g in course.grades]) == found.floor[rows]
            good &= np.array([g.ceiling for g in course.grades]) == found.ceiling[rows]
            total = total + counted(good, _address(graded, place))
    return total


def irrelevant(graded: GradedBlock, guideline: Guideline) -> Checks:
    """Laboratory values, vital signs, tremor and intracranial hemorrhage leave every grade as it is."""

    def change(case: dict[str, Any]) -> dict[str, Any]:
        return {**case, "observations": [{**o, **_IRRELEVANT} for o in case["observations"]]}

    return _regraded(graded, guideline, change)


def order(graded: GradedBlock, guideline: Guideline) -> Checks:
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
    slices = [_rows_of(graded, int(place)) for place in places]
    rows = np.concatenate([np.arange(s.start, s.stop) for s in slices])
    turned = _some_rows(graded.chart.columns, rows, np.array([s.stop - s.start for s in slices]))
    for name in SCALES:
        found = grade_course_columns(turned, guideline.scale(name))
        total = total + counted(found.floor == graded.grades[name].floor[rows])
    return total


def masking(graded: GradedBlock, guideline: Guideline) -> Checks:
    """A normal temperature where the grade is 2 or more, after the episode opened, changes nothing."""
    scale, found = guideline.scale("crs"), graded.grades["crs"]
    before = np.concatenate([[0], found.floor[:-1]])
    before[graded.starts] = 0
    masked = (found.floor >= 2) & (before >= 1)
    rows, counts = _rows_until_last(graded, masked, scale)
    columns, masked = _some_rows(graded.chart.columns, rows, counts), masked[rows]
    assert columns.drug_minute is not None
    cooled = np.where(masked, 36.6, columns.fields["temp_c"])
    drugged = np.where(masked, columns.minute, columns.drug_minute).astype(np.int32)
    changed = dataclasses.replace(columns, fields={**columns.fields, "temp_c": cooled}, drug_minute=drugged)
    again = grade_course_columns(changed, scale)
    return counted(again.floor[masked] >= found.floor[rows][masked])


def _rows_until_last(graded: GradedBlock, flag: Mask, scale: Scale) -> tuple[Ints, Ints]:
    """The rows of each patient in whom a flag is up, as far as those at which it is depend on them; how many each has.

    A grade depends on what was before, and on what comes within the hours that an episode looks back.
    """
    minute = graded.chart.columns.minute
    last = np.maximum.reduceat(np.where(flag, minute, -1), graded.starts)
    reach = 60 * scale.episode.look_back_h if scale.episode else 0
    lengths = graded.ends - graded.starts
    kept = (minute <= np.repeat(last + reach, lengths)) & np.repeat(last >= 0, lengths)
    counts = np.add.reduceat(kept, graded.starts, dtype=np.int64)
    return np.flatnonzero(kept), counts[counts > 0]
