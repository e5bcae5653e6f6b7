"""Doses and what is over the most that the review states: of one dose, in number, within a day, or too soon."""

from dataclasses import replace
from typing import Any

import pytest

from cartox_core import Grade, Patient, load_plan
from cartox_core.context import GRADES
from cartox_core.doses import Dose, dose_of
from cartox_core.findings import findings
from tests.cartox_core.small_plan import PLAN, case, seen, small

GRADED_0 = dict.fromkeys(GRADES, Grade(0, 0))
CALM = {"time_h": 0, "ice": 10, "motor_weakness": "none"}
LABEL = load_plan("ferreri-2024", {"M2": "label"})
NO_CAP = load_plan("ferreri-2024", {"M2": "table"})
ANY_DAY = load_plan("ferreri-2024", {"M3": "review"})


def over(given: list[dict[str, Any]], plan: Any = PLAN, kg: float | None = None, **grades: Grade) -> list[str]:
    """What is over the maximum, in a patient without anything else of whom nothing is charted after the infusion."""
    patient = {} if kg is None else {"weight_kg": kg}
    at = seen(case(CALM, given=given, **patient), plan, **GRADED_0 | grades)
    return [f"{f.time_h:g} h {f.about}: {f.text}" for f in findings(plan, at) if f.kind == "over"]


def doses(*at_h: float, drug: str = "tocilizumab", dose: float = 560, unit: str = "mg") -> list[dict[str, Any]]:
    return [{"time_h": h, "drug": drug, "dose": dose, "unit": unit} for h in at_h]


def test_a_flat_dose_is_the_same_for_every_weight() -> None:
    """Table 7: dexamethasone 10 mg IV, for adults (reading M7)."""
    flat = PLAN.regimens["dexamethasone_12h"]
    assert dose_of(flat, Patient(age_years=60)) == dose_of(flat, Patient(age_years=60, weight_kg=120))
    assert dose_of(flat, Patient(age_years=60)) == Dose(10, 10, "mg")
    assert str(dose_of(flat, Patient())) == "10 mg (for an age of ≥ 18 years)"
    assert str(dose_of(PLAN.regimens["etoposide"], Patient(age_years=18))) == "50–100 mg/m2"


def test_tocilizumab_every_eight_hours() -> None:
    assert over(doses(1, 9, 17)) == []
    assert over(doses(1, 8.5)) == ["8.5 h tocilizumab: 7.5 h after the dose before; 8 h at least"]
    assert over(doses(9, 1, 8.5)) == [
        "8.5 h tocilizumab: 7.5 h after the dose before; 8 h at least",
        "9 h tocilizumab: 0.5 h after the dose before; 8 h at least",
    ]


def test_three_doses_within_24_hours_unless_only_four_in_all_are_the_most() -> None:
    assert over(doses(0, 8, 16, 24)) == []
    soon = doses(0, 8, 16, 23.75)
    assert over(soon)[-1] == "23.75 h tocilizumab: 4 doses within 24 h; 3 at most"
    assert over(soon, ANY_DAY) == ["23.75 h tocilizumab: 7.75 h after the dose before; 8 h at least"]


def test_four_doses_in_all() -> None:
    assert over(doses(0, 24, 48, 72)) == []
    assert over(doses(0, 24, 48, 72, 96)) == ["96 h tocilizumab: dose number 5; 4 in all at most"]
    stopped = [*doses(0, 24, 48, 72), *doses(96, dose=0)]
    assert over(stopped) == []


def test_the_cap_is_of_one_dose_and_holds_without_a_weight() -> None:
    assert over(doses(1, dose=800)) == []
    assert over(doses(1, dose=800.5)) == ["1 h tocilizumab: 800.5 mg; 800 mg at most"]
    assert over(doses(1, dose=0.9, unit="g")) == ["1 h tocilizumab: 900 mg; 800 mg at most"]
    assert over(doses(1, dose=8, unit="mg/kg"), kg=120) == ["1 h tocilizumab: 960 mg; 800 mg at most"]
    assert over(doses(1, dose=8, unit="mg/kg"), NO_CAP, kg=120) == []


def test_the_dose_by_weight_where_the_cap_is_not_reached() -> None:
    assert over(doses(1, dose=560), kg=70) == []
    assert over(doses(1, dose=570), kg=70) == ["1 h tocilizumab: 570 mg is 8.14 mg/kg; 8 mg/kg is the dose"]
    assert over(doses(1, dose=570)) == []  # of how many kg is unknown


@pytest.mark.parametrize(
    ("kg", "told"), [(30, ["1 h tocilizumab: 360 mg is 12 mg/kg; 8 mg/kg is the dose"]), (29.9, [])]
)
def test_the_label_has_more_for_a_child_below_30_kg(kg: float, told: list[str]) -> None:
    given = doses(1, dose=12, unit="mg/kg")
    assert over(given, LABEL, kg=kg) == told


def test_the_dose_of_a_child_below_30_kg_by_the_label() -> None:
    dose = LABEL.regimens["tocilizumab"]
    assert dose_of(dose, Patient(weight_kg=20)) == Dose(240, 240, "mg", "12 mg/kg")
    assert dose_of(dose, Patient(weight_kg=29.9)) == Dose(358.8, 358.8, "mg", "12 mg/kg")
    assert dose_of(dose, Patient(weight_kg=30)) == Dose(240, 240, "mg", "8 mg/kg")
    assert dose_of(PLAN.regimens["tocilizumab"], Patient(weight_kg=20)) == Dose(160, 160, "mg", "8 mg/kg")


def test_a_dose_of_exactly_the_cap_is_told_without_it() -> None:
    dose = PLAN.regimens["tocilizumab"]
    assert dose_of(dose, Patient(weight_kg=100)) == Dose(800, 800, "mg", "8 mg/kg")
    assert dose_of(dose, Patient(weight_kg=100.1)).high == 800
    two = replace(dose, dose=(6, 12))
    told = dose_of(two, Patient(weight_kg=100))
    assert told == Dose(600, 800, "mg", "6–12 mg/kg would be 600–1,200 mg; 800 mg at most")


def test_the_loosest_regimen_in_force_decides() -> None:
    """Table 3 has methylprednisolone every 12 hours, Table 7 up to three times a day (M4)."""
    early, late = doses(1, 9, drug="methylprednisolone", dose=1000), doses(1, 13, drug="methylprednisolone", dose=1000)
    crs, icans = {"crs_grade": Grade(4, 4)}, {"icans_grade": Grade(4, 4)}
    assert over(early, **crs, crs_despite_steroid=True) == [
        "9 h methylprednisolone: 8 h after the dose before; 12 h at least"
    ]
    assert over(late, **crs, crs_despite_steroid=True) == []
    assert over(early, **icans, icans_despite_steroid=True) == []
    assert over(early, **crs, **icans, crs_despite_steroid=True, icans_despite_steroid=True) == []
    assert over(early) == []  # no step is in force: the loosest of all


def anakinra(*at_h: float, dose: float, unit: str = "mg", kg: float | None = 70, **stated: Any) -> list[str]:
    given = doses(*at_h, drug="anakinra", dose=dose, unit=unit)
    return over(given, kg=kg, **{"iechs_grade": Grade(2, 2)} | stated)


def test_the_most_anakinra_in_iec_hs() -> None:
    """The text: 100 to 200 mg every 6 to 12 hours in adults, or up to 10 mg/kg daily."""
    assert anakinra(1, 7, 13, 19, dose=200) == []  # 800 mg a day, as the first regimen has it
    assert anakinra(1, dose=700) == []  # 10 mg/kg, as the other has it
    assert anakinra(1, 13, dose=350) == []
    assert anakinra(1, dose=701) == ["1 h anakinra: 701 mg; 200 mg at most"]
    assert anakinra(1, 13, dose=351) == ["13 h anakinra: 351 mg; 200 mg at most"]
    assert anakinra(1, 6.5, 12, 17.5, dose=200)[-1] == "17.5 h anakinra: 5.5 h after the dose before; 6 h at least"
    assert anakinra(1, 6.5, dose=200) == []  # 400 mg a day are 5.7 mg/kg
    assert anakinra(1, 25, dose=10, unit="mg/kg") == []
    assert anakinra(1, 24.9, dose=10, unit="mg/kg") == ["24.9 h anakinra: 700 mg; 200 mg at most"]


def test_a_childs_anakinra_goes_by_weight_alone() -> None:
    """The fixed dose is for adults (M7); 20 kg may have 200 mg a day."""
    at = seen(case(CALM, given=doses(1, 7, drug="anakinra", dose=200), weight_kg=20, age_years=6), PLAN,
              **GRADED_0 | {"iechs_grade": Grade(2, 2)})  # fmt: skip
    assert [f.text for f in findings(PLAN, at) if f.kind == "over"] == ["20 mg/kg within 24 h; 10 mg/kg at most"]
    adult = load_plan("ferreri-2024", {"M7": "everyone"})
    assert not [f for f in findings(adult, at) if f.kind == "over"]


def open_over(given: list[dict[str, Any]], **grades: Any) -> list[tuple[str, tuple[str, ...]]]:
    at = seen(case(CALM, given=given), PLAN, **GRADED_0 | grades)
    return [(f.text, f.unknown) for f in findings(PLAN, at) if f.kind == "over"]


def test_what_is_over_but_for_an_unknown_is_open() -> None:
    two = {"iechs_grade": Grade(2, 2)}
    weight = ("weight_kg",)
    assert open_over(doses(1, drug="anakinra", dose=300), **two) == [("300 mg; 200 mg at most", weight)]
    heavy = open_over(doses(1, drug="anakinra", dose=11, unit="mg/kg"), **two)
    assert heavy == [("11 mg/kg within 24 h; 10 mg/kg at most", weight)]  # of 18 kg it would be 198 mg
    early = doses(1, 9, drug="methylprednisolone", dose=1000)
    crs = {"crs_grade": Grade(4, 4), "icans_grade": Grade(3, 4), "icans_despite_steroid": False}
    assert open_over(early, **crs) == [("8 h after the dose before; 12 h at least", ("icans_grade",))]


def test_a_drug_without_a_dose_for_one_of_the_illnesses_in_force_has_no_maximum() -> None:
    """M10: the scale of ICANS is another, more than 200 mg a day; the review has no most of it."""
    icans = {"icans_grade": Grade(3, 3), "icans_despite_steroid": True}
    assert anakinra(1, dose=900, **icans) == [] == anakinra(1, dose=900, iechs_grade=Grade(0, 0))
    maybe = {"iechs_grade": Grade(2, 2), "icans_grade": Grade(3, 3), "icans_despite_steroid": None}
    told = open_over(doses(1, drug="anakinra", dose=900), **maybe)
    assert told == [("900 mg; 200 mg at most", ("icans_despite_steroid", "weight_kg"))]


def test_a_dose_by_weight_is_judged_without_a_weight() -> None:
    assert over(doses(1, dose=8, unit="mg/kg")) == []
    assert over(doses(1, dose=8.5, unit="mg/kg")) == ["1 h tocilizumab: 8.5 mg/kg; 8 mg/kg is the dose"]
    assert over(doses(1, dose=12, unit="mg/kg"), LABEL) == []  # below 30 kg
    assert over(doses(1, dose=12.5, unit="mg/kg"), LABEL) == ["1 h tocilizumab: 12.5 mg/kg; 12 mg/kg is the dose"]


def unread(given: list[dict[str, Any]]) -> list[str]:
    return [
        f"{f.about}: {f.text}" for f in findings(PLAN, seen(case(CALM, given=given), **GRADED_0)) if f.kind == "unread"
    ]


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("mcg", "its unit mcg is not read"),
        ("Tablets", "its unit Tablets is not read"),
        (None, "its unit is unknown"),
        (" ", "its unit is unknown"),
    ],
)
def test_a_unit_that_is_not_read_is_told(unit: str | None, told: str) -> None:
    given = [{"time_h": 1, "drug": "tocilizumab", "dose": 8, "unit": unit}]
    assert unread(given) == [
        f"tocilizumab: given, but {told}: checked for number and time only; mg, g and mg/kg are read"
    ]
    assert unread([{**given[0], "drug": "methylprednisolone"}]) != []


def test_a_unit_is_asked_only_of_a_dose_that_has_a_most() -> None:
    assert unread([*doses(1, unit="G"), *doses(9, unit=" MG/KG ", dose=8)]) == []
    assert unread([{"time_h": 1, "drug": "tocilizumab"}]) == []
    assert unread(doses(1, drug="dexamethasone", unit="mcg")) == [] == unread(doses(1, drug="etanercept", unit="x"))


def test_a_dose_by_weight_of_no_unit_that_is_known_is_not_judged() -> None:
    assert over(doses(1, dose=9000, unit="mL"), kg=70) == []
    assert over([{"time_h": 1, "drug": "tocilizumab"}], kg=70) == []


def test_a_small_plan_has_no_maximum_that_its_file_does_not_state() -> None:
    given = doses(0, 0.1, 0.2, 0.3, 0.4, drug="anakinra", dose=5000)
    assert over(given, small()) == []
    assert over(given[:1], small(), kg=70) == ["0 h anakinra: 5000 mg is 71.4 mg/kg; 2 mg/kg is the dose"]
