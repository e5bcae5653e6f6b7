"""What a trainee chose to do, held against the plan: what runs is no miss, what nobody charted is no excuse."""

from typing import Any

import pytest

from cartox_core import load_plan, read_case, recommend
from cartox_core.bedside import bedside, scales_of
from cartox_core.lateness import next_due_h
from harness.train.next_steps import Now, next_steps

PLAN = load_plan("ferreri-2024")
CALM = {"vasopressors": 0, "vasopressin": False, "o2_device": "none"}
CLEAR = {
    "ice": 10,
    "consciousness": "spontaneous",
    "seizure": "none",
    "motor_weakness": "none",
    "cerebral_edema": "none",
    "posturing": False,
    "cn6_palsy": False,
    "papilledema": False,
    "cushing_triad": False,
}
FEVER = {"temp_c": 39.0, "hypotension": False, **CALM, **CLEAR}
LOW = {**FEVER, "hypotension": True}
SHOCK = {**LOW, "vasopressors": 1}
TOCI = {"drug": "tocilizumab", "dose": 560, "unit": "mg"}
DEXA = {"drug": "dexamethasone", "dose": 10, "unit": "mg"}


def now(*rows: dict[str, Any], given: tuple[dict[str, Any], ...] = (), in_doubt: tuple[str, ...] = ()) -> Now:
    case = read_case(
        {
            "patient": {"age_years": 60, "weight_kg": 70},
            "observations": [{"time_h": 40 + 4 * i, **row} for i, row in enumerate(rows)],
            "treatments": list(given),
        }
    )
    at = bedside(case, PLAN, scales_of(PLAN))
    advised = recommend(PLAN, at.now)
    before = recommend(PLAN, at.contexts[-2]) if len(at.contexts) > 1 else None
    runs = frozenset(one.step.id for one in advised.advised if next_due_h(PLAN, one.step, at) is not None)
    return Now(case.observations[-1].time_h, advised, before, runs, frozenset(in_doubt))


@pytest.mark.parametrize("drug", ["anakinra", "icu", "imaging", "fluids"])
def test_what_no_grade_calls_for_is_wrong(drug: str) -> None:
    """CRS grade 1, ICANS 0, nothing known of IEC-HS: Table 3 has antipyretics, and tocilizumab where it persists."""
    assert next_steps([drug], now(FEVER)).wrong == (drug,)


def test_an_antipyretic_is_never_wrong_in_crs_and_watching_is_right_at_grade_1() -> None:
    assert next_steps([], now(FEVER)).is_right and next_steps(["antipyretic"], now(FEVER)).is_right
    assert not next_steps(["antipyretic"], now(LOW)).wrong


def test_grade_2_asks_for_fluid_and_tocilizumab_once() -> None:
    assert next_steps([], now(LOW)).missed == ("fluids", "tocilizumab")
    given = ({"time_h": 40, **TOCI},)
    soon = next_steps(["tocilizumab"], now(LOW, LOW, given=given))
    assert soon.standing["tocilizumab"] == "too soon" and "tocilizumab" not in (*soon.missed, *soon.wrong)
    again = next_steps([], now(LOW, LOW, LOW, given=given))
    assert again.standing["tocilizumab"] == "may" and again.missed == ("fluids",)


def test_intensive_care_is_asked_for_once_and_a_corticosteroid_not_while_it_runs() -> None:
    first = next_steps([], now(LOW, SHOCK))
    assert {"icu", "corticosteroid", "tocilizumab"} <= set(first.missed)
    given = ({"time_h": 44, **TOCI}, {"time_h": 44, **DEXA})
    later = next_steps([], now(LOW, SHOCK, SHOCK, given=given))
    assert later.standing["icu"] == later.standing["corticosteroid"] == "goes on"
    assert later.is_right
    due = next_steps([], now(LOW, SHOCK, SHOCK, SHOCK, given=given))
    assert "corticosteroid" in due.missed


def test_anakinra_where_the_chart_points_to_iec_hs_is_not_wrong() -> None:
    assert next_steps(["anakinra"], now(FEVER)).wrong == ("anakinra",)
    assert not next_steps(["anakinra"], now(FEVER, in_doubt=("iechs_grade",))).wrong
