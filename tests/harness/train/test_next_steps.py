"""What a trainee chose to do, held against the plan: what runs is no miss, what nobody charted is no excuse."""

from typing import Any

import pytest

from cartox_core import Case, read_case
from cartox_core.bedside import bedside, scales_of
from harness.train.next_steps import NextSteps, Now, next_steps
from harness.train.question import now_of, plan
from tests.signs import AWAKE as CLEAR

CALM = {"vasopressors": 0, "vasopressin": False, "o2_device": "none"}
FEVER = {"temp_c": 39.0, "hypotension": False, **CALM, **CLEAR}
LOW = {**FEVER, "hypotension": True}
SHOCK = {**LOW, "vasopressors": 1}
TOCI = {"drug": "tocilizumab", "dose": 560, "unit": "mg"}
DEXA = {"drug": "dexamethasone", "dose": 10, "unit": "mg"}


def chart(*rows: dict[str, Any], given: tuple[dict[str, Any], ...] = (), **who: float) -> Case:
    return read_case(
        {
            "patient": {"age_years": 60, "weight_kg": 70, **who},
            "observations": [{"time_h": 40 + 4 * i, **row} for i, row in enumerate(rows)],
            "treatments": list(given),
        }
    )


def now(*rows: dict[str, Any], given: tuple[dict[str, Any], ...] = (), **who: float) -> Now:
    return now_of(bedside(chart(*rows, given=given, **who), plan(), scales_of(plan())))


def asked(*rows: dict[str, Any], given: tuple[dict[str, Any], ...] = (), chosen: tuple[str, ...] = ()) -> NextSteps:
    return next_steps(chosen, now(*rows, given=given))


@pytest.mark.parametrize("drug", ["anakinra", "icu", "imaging"])
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
    assert soon.standing["tocilizumab"] == "too soon" and soon.wrong == ("tocilizumab",)
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
    assert next_steps(["anakinra"], now({**FEVER, "ferritin_ng_ml": 600}, FEVER)).wrong == ("anakinra",)
    high = {**FEVER, "ferritin_ng_ml": 4400}
    assert not next_steps(["anakinra"], now({**FEVER, "ferritin_ng_ml": 600}, high)).wrong


def test_no_dose_of_tocilizumab_is_right_within_eight_hours_or_after_four() -> None:
    """Text on CRS: every eight hours, four doses at most."""
    found = asked(LOW, LOW, given=({"time_h": 44, **TOCI},), chosen=("tocilizumab",))
    assert found.wrong == ("tocilizumab",)
    told = found.doses["tocilizumab"]
    assert (told.last_h, told.given, told.most, told.not_before_h) == (44, 1, 4, 52)
    four = tuple({"time_h": h, **TOCI} for h in (8, 16, 24, 43))
    used = asked(LOW, LOW, given=four, chosen=("tocilizumab",))
    assert used.wrong == ("tocilizumab",) and used.standing["tocilizumab"] == "used up"
    assert used.doses["tocilizumab"].given == 4


def test_fluid_may_be_given_at_grade_1_and_beside_vasopressors() -> None:
    """Text on CRS: supportive care alone, such as intravenous fluids, at grade 1."""
    assert asked(FEVER).standing["fluids"] == asked(LOW, SHOCK).standing["fluids"] == "may"
    hypoxic = {**FEVER, "o2_device": "nasal_cannula", "o2_flow_l_min": 2}
    assert asked(hypoxic).standing["fluids"] == "not advised"


def test_intensive_care_that_was_called_for_within_a_day_is_no_fault() -> None:
    rest = (LOW,) * 6
    assert asked(SHOCK, *rest).standing["icu"] == "may"
    assert asked(SHOCK, *rest, LOW).standing["icu"] == "not advised"


def test_what_every_possible_grade_calls_for_is_due() -> None:
    """Table 7: dexamethasone from grade 2 on, to be considered at 1. ICE 3 is grade 2, and edema would be 3 or 4."""
    unsure = {**FEVER, "ice": 3, "cerebral_edema": None}
    assert asked(unsure).missed == ("corticosteroid", "imaging")
    assert asked(unsure).standing["icu"] == "perhaps"
    mild = {**FEVER, "ice": 8, "cerebral_edema": None}
    assert asked(mild).standing["corticosteroid"] == "consider"
    given = ({"time_h": 42, **DEXA},)
    assert asked(FEVER, unsure, given=given).standing["corticosteroid"] == "goes on"


def test_what_hangs_on_an_illness_that_nobody_examined_is_not_asked() -> None:
    unseen = {"temp_c": 39.0, "hypotension": False, **CALM}
    assert asked(unseen, chosen=("corticosteroid",)).wrong == ("corticosteroid",)


def test_anakinra_that_runs_goes_on() -> None:
    doses = tuple({"time_h": h, "drug": "anakinra", "dose": 100, "unit": "mg"} for h in (18, 30, 44))
    assert asked(FEVER, FEVER, given=doses).standing["anakinra"] == "goes on"
    assert asked(FEVER, FEVER, given=doses[:1]).standing["anakinra"] == "not advised"


def test_an_antiepileptic_is_due_at_a_seizure_and_never_wrong() -> None:
    """Table 7: seizures with antiepileptics; the text: to prevent them is common."""
    assert asked(FEVER).standing["antiepileptic"] == "may"
    fit = {**FEVER, "seizure": "brief"}
    first = asked(FEVER, fit)
    assert {"antiepileptic", "imaging", "icu"} <= set(first.missed)
    again = asked(fit, fit)
    assert not {"antiepileptic", "imaging", "icu"} & {*again.missed, *again.wrong}


def test_imaging_is_asked_anew_where_icans_is_worse() -> None:
    second, third = {**FEVER, "ice": 5}, {**FEVER, "ice": 2}
    assert asked(second, second).standing["imaging"] == "goes on"
    assert asked(second, third).standing["imaging"] == "should"
    fits = [{**second, "seizure": kind} for kind in ("brief", "prolonged_or_repetitive")]
    assert "antiepileptic" in asked(*fits).missed


def test_a_corticosteroid_is_due_more_often_where_the_grade_rises_under_it() -> None:
    """Text on ICANS: every 12 h at grade 2, every 6 h once grade 3 develops."""
    second, third = {**FEVER, "ice": 5}, {**FEVER, "ice": 2}
    given = ({"time_h": 40, **DEXA},)
    risen = asked(second, third, given=given)
    assert "corticosteroid" in risen.missed and risen.more_often == {"corticosteroid"}
    assert asked(second, second, given=given).standing["corticosteroid"] == "goes on"
    assert asked(second, third, given=(*given, {"time_h": 44, **DEXA})).standing["corticosteroid"] == "goes on"
