"""A charted case as a plan asks it: what was known when, what stands how long, and what was given by then."""

from typing import Any

import pytest

from cartox_core import Context, Grade, Observation, Patient, load
from cartox_core.bedside import bedside, scales_of, until
from tests.cartox_core.small_plan import PLAN, case, seen

CALM = {"hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}
HOT = {"temp_c": 39.0, **CALM}
LOW = {**HOT, "hypotension": True}
MINUTE = 1 / 60


def given(drug: str, *at_h: float, dose: float | None = None) -> list[dict[str, Any]]:
    return [{"time_h": h, "drug": drug, "dose": dose} for h in at_h]


def test_what_was_given_at_the_hour_is_known_then() -> None:
    early = until(case({"time_h": 1}, {"time_h": 2}, given=given("anakinra", 1, 1.5)), 1)
    assert early is not None and [t.time_h for t in early.treatments] == [1]


def test_the_grades_are_those_of_the_readings_that_the_plan_needs() -> None:
    """The days to come are unknown (H5): a course that has just begun may yet come to any grade of ICAHT."""
    late = load("eha-ebmt-2023", {"H5": "unknown"})
    assert scales_of(PLAN)["icaht"] == (late.scale("icaht_early"), late.scale("icaht_late"))
    assert late.scale("icaht_early") is not load("eha-ebmt-2023").scale("icaht_early")


def test_a_child_is_graded_as_a_child() -> None:
    """PROTOCOL, section 3: below 12 CAPD instead of ICE, 9 or more is grade 3."""
    row = {"time_h": 24, "capd": 9, "consciousness": "spontaneous", "seizure": "none", "motor_weakness": "none",
           "cerebral_edema": "none", "posturing": False, "cn6_palsy": False, "papilledema": False,
           "cushing_triad": False}  # fmt: skip
    assert seen(case(row, age_years=11.9)).now.icans_grade == Grade(3, 3)
    assert seen(case({**row, "ice": 10}, age_years=12)).now.icans_grade == Grade(0, 0)


def test_early_icaht_is_told_until_day_30_and_no_longer_on_day_31() -> None:
    """Rejeski 2023: 8 days of 500/µL or less are early grade 2; what is late begins after day 30."""
    daily = [{"time_h": 24 * day, "anc_per_ul": 400 if 5 <= day < 13 else 3000} for day in range(32)]
    on_day_30, on_day_31 = (seen(case(*daily[: day + 1])).now.icaht_grade for day in (30, 31))
    assert on_day_30 == Grade(2, 2)
    assert on_day_31 is not None and on_day_31.floor == 0


@pytest.mark.parametrize(("later_h", "told"), [(36, "2"), (36 + MINUTE, "0–4")])
def test_a_grade_stands_for_twelve_hours_to_the_minute(later_h: float, told: str) -> None:
    assert str(seen(case({"time_h": 24, **LOW}, {"time_h": later_h})).now.crs_grade) == told


@pytest.mark.parametrize(("later_h", "told"), [(12, "brief"), (12 + MINUTE, None)])
def test_so_does_a_sign_that_a_step_of_its_part_tests(later_h: float, told: str | None) -> None:
    assert seen(case({"time_h": 0, "seizure": "brief"}, {"time_h": later_h})).now.observation.seizure == told


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ({"o2_device": "nasal_cannula", "hypotension": True}, {"o2_device": None, "hypotension": True}, "2–3"),
        ({"o2_device": None, "vasopressors": 1}, {"o2_device": None, "vasopressors": None, "hypotension": None}, "3–4"),
        ({"o2_device": "nasal_cannula"}, {"hypotension": True}, "2"),
        ({"o2_device": "face_mask"}, {"o2_device": "nasal_cannula"}, "3"),
        ({"hypotension": True}, {"vasopressors": 1, "o2_device": None}, "3–4"),
    ],
    ids=["of one floor", "of one ceiling", "what is sure", "in the range", "what is charted speaks against it"],
)
def test_what_was_found_before_stands_only_where_less_is_told(then: Any, now: Any, told: str) -> None:
    """A cannula of unknown flow is 2–3, a vasopressor 3 or more, hypotension 2 or more."""
    rows = {"time_h": 24, **HOT, **then}, {"time_h": 30, **HOT, **now}
    assert str(seen(case(*rows)).now.crs_grade) == told


def test_once_what_is_sure_is_old_what_was_told_since_stands() -> None:
    """Hypotension is grade 2 at 24 h; a cannula of unknown flow 2 to 3 at 30 h, which is what is known at 40 h."""
    unsure = {**LOW, "o2_device": "nasal_cannula"}
    rows = {"time_h": 24, **LOW}, {"time_h": 30, **unsure}, {"time_h": 36}, {"time_h": 40}
    at = seen(case(*rows))
    assert [str(context.crs_grade) for context in at.contexts] == ["2", "2", "2", "2–3"]
    assert at.as_of_h["crs_grade"] == 30


def test_what_was_given_is_counted_to_the_minute_of_the_observation() -> None:
    doses = [*given("tocilizumab", 4, 10, 10 + MINUTE), *given("tocilizumab", 6, dose=0), *given("anakinra", 7)]
    at = seen(case({"time_h": 4 - MINUTE}, {"time_h": 4}, {"time_h": 10}, {"time_h": 11}, given=doses))
    assert [c.tocilizumab_doses for c in at.contexts] == [0, 1, 2, 3]
    assert at.now.corticosteroid_running is False


def test_anakinra_is_counted_from_its_first_dose() -> None:
    doses = [*given("dexamethasone", 1), *given("anakinra", 40, 10), *given("anakinra", 5, dose=0)]
    at = seen(case({"time_h": 9}, {"time_h": 10}, {"time_h": 58}, given=doses))
    assert [c.anakinra_h for c in at.contexts] == [0, 0, 48]


def test_a_corticosteroid_runs_for_a_day_and_three_drugs_are_one() -> None:
    doses = [*given("dexamethasone", 10), *given("hydrocortisone", 20), *given("methylprednisolone", 30)]
    hours = (10, 30, 54 - MINUTE, 54 + MINUTE)
    at = seen(case(*({"time_h": h} for h in hours), given=[*doses, *given("anakinra", 53)]))
    assert [c.corticosteroid_running for c in at.contexts] == [True, True, True, False]


def test_what_is_charted_later_tells_nothing_of_the_response_before() -> None:
    rows = {"time_h": 24, **LOW}, {"time_h": 33, **LOW}, {"time_h": 34, **HOT}
    at = seen(case(*rows, given=given("tocilizumab", 24)))
    assert [c.crs_despite_tocilizumab for c in at.contexts] == [False, True, False]


def test_without_a_grade_at_the_dose_nothing_is_told_of_the_response() -> None:
    grades = {"iechs_grade": None}
    at = seen(case({"time_h": 1}, {"time_h": 60}, given=given("anakinra", 2)), **grades)
    assert at.now.iechs_despite_anakinra is None


def test_a_context_knows_the_fields_of_the_observation_and_the_patient() -> None:
    at = Context(observation=Observation(time_h=5, ice=3), patient=Patient(age_years=7), crs_grade=Grade(1, 2))
    assert [at.value(name) for name in ("ice", "age_years", "weight_kg", "crs_grade")] == [3, 7, None, Grade(1, 2)]


WELL = {"temp_c": 37.0, **CALM}


def test_what_was_given_while_well_tells_nothing_of_the_illness_that_comes() -> None:
    rows = {"time_h": 20, **WELL}, {"time_h": 30, **LOW}, {"time_h": 40, **LOW}
    assert seen(case(*rows, given=given("tocilizumab", 20))).now.crs_despite_tocilizumab is False
    assert seen(case(*rows, given=given("tocilizumab", 10))).now.crs_despite_tocilizumab is False  # before any chart
    again = seen(case(*rows, given=given("tocilizumab", 20, 30)))
    assert again.now.crs_despite_tocilizumab is True  # the second was given in illness
    assert seen(case(*rows, given=given("tocilizumab", 20, 35))).now.crs_despite_tocilizumab is None  # too early


def test_what_was_given_in_an_illness_that_may_have_been_there_is_not_left_out() -> None:
    """Without a blood pressure a fever is grade 1 to 4, and one nobody took is 0 to 4."""
    rows = {"time_h": 20}, {"time_h": 30, **LOW}
    assert seen(case(*rows, given=given("tocilizumab", 21))).now.crs_despite_tocilizumab is None


@pytest.mark.parametrize("cause", ["death_from_crs", "death_from_icans", "death_from_iechs"])
def test_death_stays(cause: str) -> None:
    at = seen(case({"time_h": 1}, {"time_h": 2, cause: True}, {"time_h": 3}))
    assert [c.is_dead for c in at.contexts] == [False, True, True]


def test_a_grade_of_5_is_death_and_a_range_up_to_5_is_not() -> None:
    def dead(low: int, high: int) -> bool:
        return Context(observation=Observation(time_h=1), icans_grade=Grade(low, high)).is_dead

    assert [dead(5, 5), dead(4, 5), dead(4, 4)] == [True, False, False]


def test_at_a_time_after_the_last_observation_its_signs_stand_and_the_doses_since_count() -> None:
    """Grade 2 at 40 h, tocilizumab at 41: at 50 h one dose was given, and whether it helped nobody charted."""
    of = case({"time_h": 40, **LOW}, given=given("tocilizumab", 41))
    at = bedside(of, PLAN, scales_of(PLAN), at_h=50)
    assert (at.now.hours_since_infusion, at.now.tocilizumab_doses, at.now.crs_grade) == (50, 1, Grade(2, 2))
    assert at.now.crs_despite_tocilizumab is None and at.contexts[-1].crs_despite_tocilizumab is False
    assert at.as_of_h["crs_grade"] == 40 and len(at.moments) == 2
    assert bedside(of, PLAN, scales_of(PLAN)).now.hours_since_infusion == 41  # the end of the chart
    early = bedside(of, PLAN, scales_of(PLAN), at_h=40.5).now
    assert (early.tocilizumab_doses, early.crs_despite_tocilizumab) == (0, False)
    assert bedside(of, PLAN, scales_of(PLAN), {"hours_since_infusion": 7.0}, 50).now.hours_since_infusion == 7


def test_at_the_minute_of_the_last_observation_there_is_nothing_later() -> None:
    of = case({"time_h": 40, **LOW}, given=given("tocilizumab", 40))
    for at_h in (None, 40, 30):
        at = bedside(of, PLAN, scales_of(PLAN), at_h=at_h)
        assert at.later is None and at.moments == at.contexts
