"""What is late keeps its clock while the grade changes: the drug is the same, whichever step calls for it."""

from typing import Any

from cartox_core import Grade, Plan, load_plan
from cartox_core.findings import findings
from tests.cartox_core.small_plan import PLAN, case, seen, small

ROUND = {"ice": 10, "motor_weakness": "none", "o2_device": "none", "vasopressin": False}
WARM = {"temp_c": 39.0, "hypotension": False, "vasopressors": 0, **ROUND}
GRADE_2, GRADE_3 = {**WARM, "hypotension": True}, {**WARM, "hypotension": True, "vasopressors": 1}
NEURO = {"seizure": "none", "cerebral_edema": "none", "posturing": False, "cn6_palsy": False, "papilledema": False,
         "cushing_triad": False, "motor_weakness": "none"}  # fmt: skip
ICANS_2, ICANS_3 = ({**NEURO, "ice": ice, "consciousness": "spontaneous"} for ice in (5, 1))
TWO_TO_SIX = {"year": 1, "month": 1, "city": 0, "hospital": 0, "command": 0, "writing": 0}
ICANS_2_OR_3 = {**NEURO, "consciousness": "spontaneous", "ice_items": TWO_TO_SIX}


def late(*rows: dict[str, Any], plan: Plan = PLAN, given: Any = (), about: str = "") -> list[tuple[str, float, str]]:
    at = seen(case(*rows, given=list(given)), plan, iechs_grade=Grade(0, 0), icaht_grade=Grade(0, 0))
    return [(f.about, f.time_h, f.text) for f in findings(plan, at) if f.kind == "late" and about in f.about]


def at(hour: float, row: dict[str, Any]) -> dict[str, Any]:
    return {"time_h": hour, **row}


def test_a_rise_to_grade_3_starts_no_new_clock() -> None:
    """The text: tocilizumab at grade 2, tocilizumab at grade 3."""
    rows = at(10, GRADE_2), at(20, GRADE_3), at(21, GRADE_3)
    assert late(*rows, about="tocilizumab") == [("crs.tocilizumab.g3", 10, "no tocilizumab given; 11 h late")]
    fall = at(10, GRADE_3), at(20, GRADE_2)
    assert late(*fall, about="tocilizumab") == [("crs.tocilizumab.g2", 10, "no tocilizumab given; 10 h late")]


def test_a_dose_at_grade_2_is_the_dose_that_was_due() -> None:
    given = [{"time_h": 12, "drug": "tocilizumab"}]
    assert late(at(10, GRADE_2), at(20, GRADE_3), at(21, GRADE_3), given=given, about="tocilizumab") == []


def test_a_break_ends_the_clock() -> None:
    rows = at(10, GRADE_2), at(14, WARM), at(20, GRADE_3), at(21, GRADE_3)
    assert late(*rows, about="tocilizumab") == [("crs.tocilizumab.g3", 20, "no tocilizumab given; 1 h late")]


def test_what_may_be_given_had_no_clock() -> None:
    """Table 3: at grade 2 it may be given (M1), so that it is due from grade 3 on."""
    table = load_plan("ferreri-2024", {"M1": "table"})
    rows = at(10, GRADE_2), at(20, GRADE_3), at(21, GRADE_3)
    assert late(*rows, plan=table, about="tocilizumab") == [
        ("crs.tocilizumab.g3", 20, "no tocilizumab given; 1 h late")
    ]


def test_the_drug_of_another_toxicity_has_its_own_clock() -> None:
    """Dexamethasone for ICANS since hour 10, for CRS since hour 20."""
    rows = at(10, {**WARM, **ICANS_2}), at(20, {**GRADE_3, **ICANS_2}), at(22, {**GRADE_3, **ICANS_2})
    assert [(step, since) for step, since, _ in late(*rows, about="dexamethasone")] == [
        ("icans.dexamethasone.g2", 10),
        ("crs.dexamethasone.g3", 20),
    ]


def dexamethasone(hour: float, *rows: dict[str, Any]) -> list[tuple[str, float]]:
    given = [{"time_h": hour, "drug": "dexamethasone"}]
    return [(step, since) for step, since, _ in late(*rows, given=given, about="icans.dexamethasone")]


def test_the_next_dose_is_due_by_the_step_that_called_for_it() -> None:
    """Table 7: every 12 hours at grade 2, every 6 hours at grade 3."""
    rise = at(10, ICANS_2), at(20, ICANS_3), at(30, ICANS_3)
    assert dexamethasone(10, *rise) == [("icans.dexamethasone.g3", 20)]  # 22 by grade 2, but 16 by grade 3
    assert dexamethasone(4, *rise) == [("icans.dexamethasone.g3", 16)]  # by grade 2, and not given since
    assert dexamethasone(19, *rise) == [("icans.dexamethasone.g3", 25)]
    assert dexamethasone(25, *rise) == []
    assert dexamethasone(10, at(10, ICANS_3), at(14, ICANS_2), at(23, ICANS_2)) == [("icans.dexamethasone.g2", 22)]


def test_where_the_grade_was_open_the_longer_interval_is_meant() -> None:
    """An ICE of 2 to 6 is grade 2 or 3 (Table 5)."""
    rows = at(10, ICANS_2_OR_3), at(30, ICANS_3)
    assert [str(c.icans_grade) for c in seen(case(*rows)).contexts] == ["2–3", "3"]
    assert dexamethasone(4, *rows) == [("icans.dexamethasone.g3", 16)]


def test_a_step_without_an_interval_calls_for_no_next_dose() -> None:
    text = '''[[step]]
id = "z"
toxicity = "crs"
kind = "drug"
strength = "should"
what = "z"
drugs = ["anakinra"]
when = [{ crs_grade = "1" }]
cite = ["register"]
[[step]]
id = "b"'''
    plan = small('[[step]]\nid = "b"', text)
    given = [{"time_h": 10, "drug": "anakinra"}]
    rows = at(10, WARM), at(30, GRADE_2), at(31, GRADE_2)
    assert late(*rows, plan=plan, given=given, about="a") == [("a", 30, "last given at 10 h; 1 h late")]
    assert late(*rows[:1], at(12, WARM), plan=plan, given=given, about="z") == []
    assert late(*rows[:1], at(12, WARM), plan=plan, about="z") == [("z", 10, "no anakinra given; 2 h late")]
