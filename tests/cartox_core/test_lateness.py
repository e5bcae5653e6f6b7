"""Until when a dose lasts: by the regimen that it fits, of the toxicity that calls for it."""

from typing import Any

import pytest

from cartox_core import Grade
from cartox_core.bedside import bedside, scales_of
from cartox_core.context import GRADES
from cartox_core.findings import findings
from cartox_core.lateness import next_due_h
from tests.cartox_core.small_plan import PLAN, case, seen, small

ROUND = {"ice": 10, "motor_weakness": "none", "ferritin_ng_ml": 9000}
MINUTE = 1 / 60
METHYL = {"time_h": 40, "drug": "methylprednisolone", "dose": 1000, "unit": "mg", "route": "IV"}
TOCI = {"time_h": 40, "drug": "tocilizumab"}
ANAKINRA = {"time_h": 40, "drug": "anakinra", "dose": 10, "unit": "mg/kg", "route": "IV"}


def late(hour: float, *given: dict[str, Any], weight_kg: float = 82, **stated: int) -> dict[str, float]:
    """What is late at an hour, and since when, after rounds every hour from 40 on."""
    hours = [float(h) for h in range(40, int(hour) + 1)] + [hour] * (hour > int(hour))
    rows = [{"time_h": h, **ROUND} for h in hours]
    grades = {**dict.fromkeys(GRADES, Grade(0, 0)), **{name: Grade(now, now) for name, now in stated.items()}}
    found = findings(PLAN, seen(case(*rows, given=list(given), weight_kg=weight_kg), PLAN, **grades))
    return {one.about: one.time_h for one in found if one.kind == "late"}


def test_the_largest_corticosteroid_lasts_twelve_hours_in_crs() -> None:
    """Table 3: methylprednisolone 1,000 mg every 12 hours instead of dexamethasone every 6."""
    assert late(47, TOCI, METHYL, crs_grade=3) == late(52, TOCI, METHYL, crs_grade=3) == {}
    assert late(52 + MINUTE, TOCI, METHYL, crs_grade=3) == {"crs.dexamethasone.g3": 52}
    assert late(46 + MINUTE, TOCI, {**METHYL, "drug": "dexamethasone", "dose": 10}, crs_grade=3) == {
        "crs.dexamethasone.g3": 46
    }


@pytest.mark.parametrize("grade", [3, 4])
def test_the_largest_corticosteroid_lasts_up_to_twelve_hours_in_icans(grade: int) -> None:
    """Table 7: methylprednisolone 1,000 mg two to three times a day."""
    assert late(52, METHYL, icans_grade=grade) == {}
    assert late(52 + MINUTE, METHYL, icans_grade=grade) == {"icans.dexamethasone.g3": 52}


def test_a_corticosteroid_of_no_regimen_lasts_as_long_as_the_steps_own() -> None:
    """Hydrocortisone has no dose in the source, and more than 1,000 mg of methylprednisolone is of no regimen."""
    for other in ({**METHYL, "drug": "hydrocortisone", "dose": 100}, {**METHYL, "dose": 1001}):
        assert late(46 + MINUTE, other, icans_grade=3) == {"icans.dexamethasone.g3": 46}
        assert late(46, other, icans_grade=3) == {}


def test_less_than_the_most_of_an_escalation_is_on_its_way_to_it() -> None:
    """Table 3: escalated up to a dose of 1,000 mg every 12 hours."""
    assert late(52, TOCI, {**METHYL, "dose": 500}, crs_grade=3) == {}


def test_anakinra_by_weight_lasts_a_day_and_fixed_doses_half_a_day() -> None:
    """The text on IEC-HS: 100 to 200 mg every 6 to 12 hours, or up to 10 mg/kg IV daily."""
    assert late(64, ANAKINRA, iechs_grade=3) == {}
    assert late(64 + MINUTE, ANAKINRA, iechs_grade=3) == {"iechs.anakinra": 64}
    assert late(64, {**ANAKINRA, "dose": 800, "unit": "mg"}, iechs_grade=3) == {}  # 9.8 mg/kg
    assert late(53, {**ANAKINRA, "dose": 200, "unit": "mg"}, iechs_grade=3) == {"iechs.anakinra": 52}
    assert late(53, {**ANAKINRA, "dose": 821, "unit": "mg"}, iechs_grade=3) == {"iechs.anakinra": 52}  # of no regimen
    assert late(64, {**ANAKINRA, "unit": None}, iechs_grade=3) == {}  # it may be by weight
    assert late(64 + MINUTE, {**ANAKINRA, "unit": None}, iechs_grade=3) == {"iechs.anakinra": 64}


def test_a_regimen_in_a_unit_that_is_not_worked_out_may_fit() -> None:
    plan = small('unit = "mg/kg"', 'unit = "mg/m2"')
    given = [{"time_h": 40, "drug": "anakinra", "dose": 5, "unit": "mg"}]
    rows = [{"time_h": h, **ROUND} for h in (40, 48, 49)]
    found = findings(plan, seen(case(*rows, given=given), plan, crs_grade=Grade(2, 2)))
    assert [(one.about, one.text) for one in found if one.kind == "late"] == [("a", "last given at 40 h; 1 h late")]


def test_what_is_late_is_late_at_the_time_asked() -> None:
    """Grade 2 at 40 h, asked at 50: tocilizumab is 10 h late, unless it was given since."""

    def told(at_h: float, *given: dict[str, Any]) -> list[str]:
        grades = dict.fromkeys(GRADES, Grade(0, 0)) | {"crs_grade": Grade(2, 2)}
        of = case({"time_h": 40, **ROUND}, given=list(given))
        found = findings(PLAN, bedside(of, PLAN, scales_of(PLAN), grades, at_h))
        return [f"{one.about}: {one.text}" for one in found if one.kind == "late"]

    assert told(40) == []
    assert told(50) == ["crs.tocilizumab.g2: no tocilizumab given; 10 h late"]
    assert told(50, {**TOCI, "time_h": 41}) == []
    assert told(53, {**TOCI, "time_h": 41}) == [
        "all.ice: ice last charted at 40 h; 1 h late", "all.motor: motor_weakness last charted at 40 h; 1 h late",
    ]  # fmt: skip


def due(step: str, hour: float, *given: dict[str, Any], **stated: int) -> float | None:
    """The hour at which the next dose of a step is due, asked at an hour."""
    rows = [{"time_h": h, **ROUND} for h in (40.0, hour)]
    grades = {**dict.fromkeys(GRADES, Grade(0, 0)), **{name: Grade(now, now) for name, now in stated.items()}}
    return next_due_h(PLAN, PLAN.step(step), seen(case(*rows, given=list(given), weight_kg=82), PLAN, **grades))


def test_when_the_next_dose_of_what_goes_on_is_due() -> None:
    """Table 3: dexamethasone every 6 hours, or methylprednisolone 1,000 mg every 12 hours, which stands for it."""
    dexa, step = {**METHYL, "drug": "dexamethasone", "dose": 10}, "crs.dexamethasone.g3"
    assert due(step, 45.0, TOCI, dexa, crs_grade=3) == 46
    assert due(step, 46.0, TOCI, dexa, crs_grade=3) is None
    assert due(step, 47.0, TOCI, METHYL, crs_grade=3) == 52
    assert due(step, 47.0, TOCI, crs_grade=3) is None
    assert due(step, 47.0, TOCI, METHYL, crs_grade=1) is None
    assert due("crs.tocilizumab.g3", 45.0, TOCI, crs_grade=3) is None
    assert due("all.ice", 45.0, crs_grade=3) is None
    assert due(step, 45.0, TOCI, dexa, crs_grade=5) is None
