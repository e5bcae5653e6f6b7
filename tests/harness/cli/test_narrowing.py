"""The fields named as telling are exactly those of which some value narrows the grade of the whole course."""

from typing import Any

import pytest
from hypothesis import given, settings

from cartox_core import Case, Scale, grade_course, load, read_case
from cartox_core.observation import OBSERVATION
from cartox_core.tables import tables_of
from harness.cli.narrowing import narrowing_fields
from tests import strategies

ASTCT = load("astct-2019")
CRS, ICANS = ASTCT.scale("crs"), ASTCT.scale("icans")


def by_trying(raw: dict[str, Any], scale: Scale, at: int) -> set[str]:
    """The same by writing each value into the case and grading all of it again."""
    case = read_case(raw)

    def found(of: Case) -> tuple[int, int]:
        grade = grade_course(of.observations, of.treatments, scale, of.patient).grades[at]
        return grade.floor, grade.ceiling

    before, telling = found(case), set()
    for axis in (a for t in tables_of(scale).tables for a in t.axes):
        name = axis.field.name
        row = raw["observations"][at]
        state = axis.field.snapshot_only and not case.is_snapshot
        if name not in OBSERVATION or row.get(name) is not None or axis.field.default is not None or state:
            continue
        partial = name == "ice" and row.get("ice_items") is not None
        low, high = case.observations[at].ice_items.possible if partial and case.observations[at].ice_items else (0, 10)
        values = range(low, high + 1) if name == "ice" else [b.sample for b in axis.bands]
        for value in values:
            rows = [{**r, name: value} if i == at else r for i, r in enumerate(raw["observations"])]
            if found(read_case({**raw, "observations": rows})) != before:
                telling.add("ice_items" if partial else name)
    return telling


@given(strategies.snapshots())
@settings(max_examples=25, deadline=None)
def test_snapshots(raw: dict[str, Any]) -> None:
    for scale in (CRS, ICANS):
        named = narrowing_fields(read_case(raw), scale, 0)
        assert set(named) == by_trying(raw, scale, 0)


@given(strategies.courses(longest=4))
@settings(max_examples=25, deadline=None)
def test_courses(raw: dict[str, Any]) -> None:
    for at in range(len(raw["observations"])):
        assert set(narrowing_fields(read_case(raw), CRS, at)) == by_trying(raw, CRS, at)


@pytest.mark.parametrize(
    ("observation", "telling"),
    [
        ({"temp_c": 39, "hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}, ()),
        ({"temp_c": 39, "hypotension": False, "vasopressors": 1, "vasopressin": False}, ("o2_device",)),
        ({"temp_c": 36, "crs_onset_fever": False}, ()),
        ({"temp_c": 39, "death_from_crs": True}, ()),
    ],
)
def test_by_hand(observation: dict[str, Any], telling: tuple[str, ...]) -> None:
    assert narrowing_fields(read_case({"observations": [{"time_h": 5, **observation}]}), CRS, 0) == telling


def test_partial_ice_items_are_what_to_ask_for() -> None:
    calm = {"consciousness": "spontaneous", "seizure": "none", "motor_weakness": "none", "cerebral_edema": "none"}
    signs = dict.fromkeys(("posturing", "cn6_palsy", "papilledema", "cushing_triad"), False)
    items = {"year": 1, "month": 1, "city": 1, "hospital": 1, "naming": 3}
    raw = {"observations": [{"time_h": 5, **calm, **signs, "ice_items": items}]}
    assert narrowing_fields(read_case(raw), ICANS, 0) == ("ice_items",)


def test_what_the_doses_of_a_course_tell_is_not_asked_for_and_what_they_leave_open_is() -> None:
    lee = load("lee-2014").scale("crs")
    row = {"temp_c": 39.0, "vasopressors": 1, "vasopressin": False, "hypotension": True, "o2_device": "nasal_cannula",
           "organ_toxicity_grade": 0, "creatinine_grade": 0, "transaminase_grade": 0}  # fmt: skip
    raw = {"observations": [{"time_h": t, **row} for t in (1, 9)]}
    dose = {"time_h": 1, "drug": "norepinephrine", "dose": 5}
    known = read_case({**raw, "treatments": [{**dose, "unit": "ug/min"}]})
    unknown = read_case({**raw, "treatments": [dose]})
    assert narrowing_fields(known, lee, 1) == ("fio2",)
    oxygen = read_case({"observations": [{**r, "fio2": 0.3} for r in raw["observations"]], "treatments": [dose]})
    assert narrowing_fields(oxygen, lee, 1) == ("vasopressor_dose_high",)
    assert narrowing_fields(unknown, lee, 1) == ("vasopressor_dose_high", "fio2")
