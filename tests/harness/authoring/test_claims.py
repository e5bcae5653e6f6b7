"""What texts claim of numbers, and whether a test says the same."""

import pytest

from cartox_core.conditions import Between, parse_test
from cartox_core.fields import Field
from cartox_core.observation import READABLE
from harness.authoring.claims import claims
from harness.authoring.words import Measure, disagreements

SAYS = [  # a text, and its claims: the stretch and the unit
    ("38.0 °C or more", [("≥ 38", "Cel")]),
    ("at least 38 degrees Celsius", [("≥ 38", "Cel")]),
    ("a fever above 38.5 °C", [("> 38.5", "Cel")]),
    ("no more than 6 L/min", [("≤ 6", "L/min")]),
    ("(6 L/min or less)", [("≤ 6", "L/min")]),
    ("more than 6", [("> 6", "")]),
    ("≥ 20 mmHg", [("≥ 20", "mm[Hg]")]),
    ("below 1,500/µL", [("< 1500", "/uL")]),
    ("below 1,000,000 per µL", [("< 1000000", "/uL")]),
    ("platelets below 75 × 10⁹/L", [("< 75", "10*9/L")]),
    ("fewer than 7 days with an ANC of 500/µL or less", [("< 7", "d"), ("≤ 500", "/uL")]),
    ("two or more vasopressors", [("≥ 2", "")]),
    ("Two vasopressors or more, at any dose", [("≥ 2", "")]),
    ("ICE 7 to 9", [("7–9", "")]),
    ("between 3 and 6", [("3–6", "")]),
    ("7–13 days", [("7–13", "d")]),
    ("7-13 days", [("7–13", "d")]),
    ("stage 1 or 2", [("1–2", "")]),
    ("CARTOX-10 of 10", [("10", "")]),
    ("not above 1.5 times the baseline", [("≤ 1.5", "times")]),
    ("1.5 times the baseline or more", [("≥ 1.5", "times")]),
    ("above twice the limit", [("> 2", "times")]),
    ("no organ toxicity above grade 1", [("> 1", "")]),
    ("liver values of grade 3 or more and hemophagocytosis", [("≥ 3", "")]),
    ("oxygen of 40 % or more", [("≥ 40", "%")]),
    ("ferritin of 10,000 ng/mL or more", [("≥ 10000", "ng/mL")]),
    ("4 g/L", [("4", "g/L")]),
    ("4 G/L", [("4", "10*9/L")]),
    ("within days 0 to 5, see Table 2", []),
    ("the seventh day", []),
    ("someone stronger", []),
    ("1. FC Köln", [("1", "")]),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), SAYS, ids=[s[0] for s in SAYS])
def test_what_a_text_claims(text: str, wanted: list[tuple[str, str]]) -> None:
    assert [(str(claim.stretch), claim.unit) for claim in claims(text)] == wanted


OWN = {
    "days_anc_500": Field("days_anc_500", "integer", "d", low=0, high=31),
    "ferritin_ng_ml": Field("ferritin_ng_ml", "number", "ng/mL", low=0, high=1_000_000),
}


def told(text: str, **when: str) -> list[str]:
    """What is told of a text beside tests; choices of a reading stand apart by ``|``."""
    tested = []
    for name, written in when.items():
        field = OWN.get(name) or READABLE[name]
        tests = [parse_test(choice, field) for choice in written.split("|")]
        tested.append(Measure(field, [t for t in tests if isinstance(t, Between)]))
    return list(disagreements(text, tested))


DISAGREES = [
    ("38.5 °C or more", {"temp_c": ">= 38.0"}),
    ("38.0 °C or more", {"temp_c": "> 38.0"}),
    ("above 38.0 °C", {"temp_c": ">= 38.0"}),
    ("38.5 °C", {"temp_c": "< 38.0"}),
    ("38.0 °C or more", {"temp_c": ">= 38.5|>= 39"}),
    ("two or more vasopressors", {"vasopressors": ">= 3"}),
    ("two or more vasopressors", {"vasopressors": "2"}),
    ("one vasopressor", {"vasopressors": "2"}),
    ("more than two vasopressors", {"vasopressors": ">= 2"}),
    ("3 vasopressors", {"vasopressors": ">= 2"}),
    ("three vasopressors at once", {"vasopressors": ">= 2"}),
    ("1 vasopressor", {"vasopressors": "0..3"}),
    ("more than 6", {"ice": ">= 6"}),
    ("6 or more", {"ice": "> 6"}),
    ("6 or less", {"ice": "< 6"}),
    ("below 6", {"ice": "<= 6"}),
    ("at most 6", {"ice": "< 6"}),
    ("ICE 3 to 5", {"ice": "3..6"}),
    ("fewer than 7 days", {"days_anc_500": "1..7"}),
    ("oxygen of less than 45 %", {"fio2": "< 0.4"}),
    ("above 5 times the baseline", {"ast_times_baseline": "> 3"}),
    ("organ toxicity of grade 2", {"organ_toxicity_grade": "3"}),
    ("grade 3 or more", {"organ_toxicity_grade": ">= 2"}),
    ("fibrinogen below 150 U/L", {"fibrinogen_mg_dl": "< 150"}),
    ("150 mg/dL or less", {"fibrinogen_mg_dl": "< 150"}),
    ("CAPD 8 or more in a child under 12", {"capd": ">= 9", "age_years": "< 12"}),
    ("CAPD 9 or more in a child under 13", {"capd": ">= 9", "age_years": "< 12"}),
]  # fmt: skip
AGREES = [
    ("38.0 °C or more", {"temp_c": ">= 38.0"}),
    ("38 °C or more", {"temp_c": ">= 38.5|>= 38.0"}),  # under one of the choices
    ("fever of 38.2 °C", {"temp_c": ">= 38.0"}),  # an instance, not a limit
    ("more than two vasopressors", {"vasopressors": ">= 3"}),  # whole numbers
    ("two vasopressors", {"vasopressors": ">= 2"}),
    ("1 vasopressor", {"vasopressors": "1..2"}),
    ("not 1 vasopressor", {"vasopressors": "0..3"}),
    ("a dose of 15", {"vasopressors": ">= 2"}),
    ("fewer than 7 days", {"days_anc_500": "1..6"}),
    ("three or more of the four findings", {"organ_toxicity_grade": ">= 3", "creatinine_grade": ">= 2"}),
    ("one or more of the four findings", {"organ_toxicity_grade": ">= 3"}),
    ("one vasopressor, with or without vasopressin", {"vasopressors": "1"}),
    ("no organ toxicity above grade 1", {"organ_toxicity_grade": "0..1"}),
    ("no ANC of 1,500/µL or less", {"anc_per_ul": "> 1500"}),
    ("not above 1.5 times the baseline", {"creatinine_times_baseline": "<= 1.5"}),
    ("above 3 times the upper limit of normal", {"ast_u_l": "> 120"}),  # the limit is not told
    ("below 0.75 of the lower limit of normal", {"fibrinogen_mg_dl": "< 150"}),
    ("fibrinogen below 1.5 g/L", {"fibrinogen_mg_dl": "< 150"}),  # the same in another unit
    ("ICE 8 to 10", {"ice": ">= 8"}),
    ("10 or more", {"ice": "10"}),
    ("no day with an ANC of 500/µL or less", {"days_anc_500": "0"}),
    ("hypotension, read as no worse than grade 1", {"iv_fluid_boluses": "0"}),
    ("below 50 mg/dL, which a quarter of a limit up to 200 mg/dL never exceeds", {"fibrinogen_mg_dl": "< 50"}),
    ("treated with two boluses within 6 hours", {"vasopressors": "0"}),
    ("by day 3", {"days_anc_500": "31"}),
    ("ferritin above 10,000 ng/mL, with transaminases above 5 times the limit", {"ferritin_ng_ml": "> 10000"}),
    ("high", {"temp_c": ">= 38"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "when"), DISAGREES, ids=[f"{t} / {w}" for t, w in DISAGREES])
def test_a_text_that_names_another_number_is_told(text: str, when: dict[str, str]) -> None:
    (said,) = told(text, **when)
    assert said.startswith('the text says "')


@pytest.mark.parametrize(("text", "when"), AGREES, ids=[f"{t} / {w}" for t, w in AGREES])
def test_a_text_that_agrees_or_means_something_else_is_left_alone(text: str, when: dict[str, str]) -> None:
    assert told(text, **when) == []


def test_the_test_is_told_in_its_unit_and_under_every_choice() -> None:
    assert told("150 U/L", fibrinogen_mg_dl="< 150") == ['the text says "150 U/L", fibrinogen_mg_dl is in mg/dL']
    assert told("39 °C or more", temp_c=">= 38|>= 38.5") == [
        'the text says "39 °C or more", the test says temp_c ≥ 38 or ≥ 38.5 Cel'
    ]
