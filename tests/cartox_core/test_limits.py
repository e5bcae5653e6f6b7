"""What the doses so far leave of a regimen: tocilizumab four times at most, eight hours apart, three times in a day."""

from dataclasses import replace
from typing import Any

from cartox_core import Context, Grade, Observation, load_plan, recommend
from cartox_core.limits import doses_so_far, not_before_h, used_up
from tests.cartox_core.small_plan import PLAN, case, seen, small

TOCILIZUMAB, DASATINIB = PLAN.step("crs.tocilizumab.g2"), PLAN.step("crs.dasatinib")
MINUTE = 1 / 60


def at(hour: float, *given_h: float, drug: str = "tocilizumab", **stated: Any) -> Context:
    given = [{"time_h": h, "drug": drug, "dose": 8, "unit": "mg/kg"} for h in given_h]
    return seen(case({"time_h": hour}, given=given), **{"crs_grade": Grade(2, 2)} | stated).now


def told(context: Context) -> dict[str, list[str]]:
    """The steps of tocilizumab for CRS in each block."""
    found = recommend(PLAN, context)
    return {
        name: [a.step.id for a in getattr(found, name) if a.step.id.startswith("crs.tocilizumab")]
        for name in ("advised", "perhaps", "used_up")
    }


def test_four_doses_use_tocilizumab_up() -> None:
    """Table 3: a maximum of four total doses."""
    three, four = at(90, 50, 58, 66), at(90, 50, 58, 66, 74)
    assert told(three) == {"advised": ["crs.tocilizumab.g2"], "perhaps": [], "used_up": []}
    assert told(four) == {"advised": [], "perhaps": [], "used_up": ["crs.tocilizumab.g2"]}
    (spent,) = [a for a in recommend(PLAN, four).used_up if a.step.toxicity == "crs"]
    assert spent.given == 4
    assert told(at(90, 50, 58, 66, 74, crs_grade=Grade(1, 2)))["used_up"] == [
        "crs.tocilizumab.g1",
        "crs.tocilizumab.g2",
    ]


def test_a_number_of_doses_that_is_unknown_leaves_the_next_open() -> None:
    unknown = at(90, tocilizumab_doses=None)
    assert told(unknown) == {"advised": [], "perhaps": ["crs.tocilizumab.g2"], "used_up": []}
    (open_,) = [a for a in recommend(PLAN, unknown).perhaps if a.step.id == "crs.tocilizumab.g2"]
    assert (open_.unknown, open_.given) == (("tocilizumab_doses",), None)
    assert told(at(90, 50, tocilizumab_doses=4))["used_up"] == ["crs.tocilizumab.g2"]  # what is stated holds


def test_a_drug_that_no_field_counts_is_counted_in_what_was_given() -> None:
    """The text on dasatinib: 100 mg daily for seven days."""
    days = [24.0 * day for day in range(7)]
    assert used_up(DASATINIB, at(150, *days[:6], drug="dasatinib")) is False
    assert used_up(DASATINIB, at(150, *days, drug="dasatinib")) is True
    assert doses_so_far(DASATINIB, at(150, *days)) == 0
    assert used_up(DASATINIB, at(143, *days, drug="dasatinib")) is True  # the seventh ends the chart


def test_the_next_dose_comes_after_eight_hours_to_the_minute() -> None:
    assert not_before_h(TOCILIZUMAB, at(60)) is None
    assert not_before_h(TOCILIZUMAB, at(60, 54, 50)) == 62
    assert not_before_h(TOCILIZUMAB, at(62 - MINUTE, 54)) == 62
    assert not_before_h(TOCILIZUMAB, at(62, 54)) is None
    assert not_before_h(TOCILIZUMAB, at(60, 54, drug="siltuximab")) is None


def test_three_doses_within_a_day_put_the_next_off_unless_read_otherwise() -> None:
    given = at(73, 50, 58, 66)
    assert not_before_h(TOCILIZUMAB, given) == 74
    assert not_before_h(TOCILIZUMAB, at(74, 50, 58, 66)) is None
    assert not_before_h(TOCILIZUMAB, at(65, 50, 58)) == 66
    review = load_plan("ferreri-2024", {"M3": "review"}).step("crs.tocilizumab.g2")
    assert not_before_h(review, at(74 - MINUTE, 50, 58, 66)) == 74  # eight hours after the last
    assert not_before_h(review, at(75, 43, 59, 67)) is None


def test_a_step_without_a_regimen_or_a_drug_has_no_limit() -> None:
    given = at(50, 50, drug="anakinra")
    assert used_up(PLAN.step("crs.oxygen"), given) is False and doses_so_far(PLAN.step("crs.oxygen"), given) == 0
    assert not_before_h(PLAN.step("crs.anakinra"), given) is None
    assert not_before_h(PLAN.step("icans.cyclophosphamide"), given) is None
    assert doses_so_far(small().step("a"), given) == 1


def test_an_advice_says_when_its_dose_may_be_given() -> None:
    found = {a.step.id: a for a in recommend(PLAN, at(55, 52)).advised}
    assert (found["crs.tocilizumab.g2"].not_before_h, found["crs.tocilizumab.g2"].given) == (60, 1)
    assert found["crs.oxygen"].not_before_h is None
    bare = Context(observation=Observation(time_h=55), crs_grade=Grade(2, 2), tocilizumab_doses=1)
    (advice,) = [a for a in recommend(PLAN, bare).advised if a.step.id == "crs.tocilizumab.g2"]
    assert advice.not_before_h is None  # when it was given is unknown
    assert replace(bare, tocilizumab_doses=4).given == ()


def test_doses_after_the_last_observation_count() -> None:
    """Grade 2 at 40 h, doses at 41 h and later: the next not before 49 h, and after four of them none."""
    (one,) = [a for a in recommend(PLAN, at(40, 41)).advised if a.step.id == "crs.tocilizumab.g2"]
    assert (one.given, one.not_before_h) == (1, 49)
    assert told(at(40, 41, 49, 57, 65))["used_up"] == ["crs.tocilizumab.g2"]


def test_steps_as_one_are_used_up_together_and_open_while_the_number_is_unknown() -> None:
    assert told(at(90, 50, 58, 66, 74, crs_grade=Grade(2, 3)))["used_up"] == ["crs.tocilizumab.g2"]
    assert told(at(90, crs_grade=Grade(2, 3), tocilizumab_doses=None))["perhaps"] == ["crs.tocilizumab.g2"]
