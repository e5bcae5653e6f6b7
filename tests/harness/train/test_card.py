"""The card of advice and what is said of the next steps: doses as they are written, and why something waits."""

from typing import Any

import pytest

from cartox_core import Context, Grade, Observation, Patient, recommend
from cartox_core.bedside import bedside, scales_of
from harness.train.advice_words import card_lines, next_words, question_words
from harness.train.card import card, dose_words, in_question
from harness.train.judge import GradeAnswer
from harness.train.question import found, now_of, plan, question
from tests.harness.train.test_next_steps import FEVER, LOW, SHOCK, TOCI, chart, now


def lines(*rows: dict[str, Any], given: tuple[dict[str, Any], ...] = (), **who: float) -> list[str]:
    told = card_lines(card(now(*rows, given=given, **who), plan()))
    return [f"{line.strength}: {line.words}" for line in told]


def doses(patient: Patient, **known: Any) -> dict[str, str]:
    at = Context(observation=Observation(time_h=52), patient=patient, tocilizumab_doses=0, **known)
    return {one.step.id: dose_words(one, patient, plan()) for one in recommend(plan(), at).advised}


ADULT = Patient(age_years=60, weight_kg=58.7)
TWICE, OFTEN = "10 mg IV every 12 h", "10 mg IV every 6 h"


@pytest.mark.parametrize(
    ("step", "known", "words"),
    [
        ("icans.dexamethasone.g1", {"icans_grade": Grade(1, 1), "corticosteroid_running": False}, "10 mg, once"),
        ("icans.dexamethasone.g2", {"icans_grade": Grade(2, 2)}, TWICE),
        ("icans.dexamethasone.g3", {"icans_grade": Grade(3, 3)}, OFTEN),
        ("crs.dexamethasone.g3", {"crs_grade": Grade(3, 3)}, OFTEN),
        ("crs.methylprednisolone", {"crs_grade": Grade(4, 4)}, "1,000 mg IV every 12 h"),
        ("icans.methylprednisolone", {"icans_grade": Grade(4, 4)}, "1,000 mg IV every 8–12 h"),
        ("iechs.anakinra", {"iechs_grade": Grade(2, 2)}, "100–200 mg IV or SC every 6–12 h"),
        ("iechs.anakinra_by_weight", {"iechs_grade": Grade(2, 2)}, "about 590 mg IV (10 mg/kg) every 24 h"),
    ],
)
def test_a_dose_says_how_often(step: str, known: dict[str, Any], words: str) -> None:
    """Tables 3 and 7; the text on IEC-HS."""
    assert doses(ADULT, **known)[step] == words


TIMES = ", again where needed every 8 h, at most 4 doses, 3 of them in 24 h"
LABEL = " (the review's dose; product labels give 12 mg/kg under 30 kg)"


@pytest.mark.parametrize(
    ("weight_kg", "words"),
    [
        (70, f"560 mg IV (8 mg/kg){TIMES}"),
        (58.7, f"about 470 mg IV (8 mg/kg){TIMES}"),
        (107.1, f"800 mg IV (8 mg/kg, 800 mg at most){TIMES}"),
        (30, f"240 mg IV (8 mg/kg){TIMES}"),
        (29, f"about 230 mg IV (8 mg/kg){TIMES}{LABEL}"),
        (12.1, f"about 97 mg IV (8 mg/kg){TIMES}{LABEL}"),
    ],
)
def test_tocilizumab_is_told_by_weight_with_what_the_labels_have_for_a_small_child(
    weight_kg: float, words: str
) -> None:
    """Text on CRS: 8 mg/kg, 800 mg at most; register M2."""
    assert doses(Patient(weight_kg=weight_kg), crs_grade=Grade(2, 2))["crs.tocilizumab.g2"] == words


def test_what_is_too_soon_says_from_when() -> None:
    told = lines(LOW, LOW, given=({"time_h": 44, **TOCI},))
    assert not [line for line in told if line.startswith("should: tocilizumab")]
    assert f"not before day 2, 04:00: tocilizumab: 560 mg IV (8 mg/kg){TIMES}" in told


def test_a_corticosteroid_together_with_tocilizumab_says_where_that_must_wait() -> None:
    with_it = "dexamethasone (or its equivalent), together with tocilizumab; a rapid taper once signs improve"
    assert f"should: {with_it}: {OFTEN}" in lines(LOW, SHOCK)
    late = lines(LOW, SHOCK, given=({"time_h": 44, **TOCI},))
    assert f"should: {with_it} (but tocilizumab not before day 2, 04:00): {OFTEN}" in late
    none_left = "four doses have been given, the most there are"
    used = lines(LOW, SHOCK, given=tuple({"time_h": h, **TOCI} for h in (10, 20, 30, 43)))
    assert f"should: {with_it} (but no more tocilizumab: {none_left}): {OFTEN}" in used
    assert f"no more: tocilizumab: {none_left}" in used


def test_iec_hs_that_the_chart_points_to_is_told_with_what_hangs_on_it() -> None:
    """Text on IEC-HS: anakinra first, with or without a corticosteroid; cryoprecipitate for low fibrinogen."""
    well = {**FEVER, "temp_c": 37.0}
    first, high = {**well, "ferritin_ng_ml": 600}, {**well, "ferritin_ng_ml": 15110, "fibrinogen_mg_dl": 107}
    case = chart(first, high)
    asked = in_question(now_of(bedside(case, plan(), scales_of(plan()))), plan(), case)
    assert asked is not None
    assert question_words(asked) == (
        "IEC-HS is in question: ferritin 15,110 ng/mL, 600 when first charted; fibrinogen 107 mg/dL. "
        "Whether it is there, the bedside must judge; if so, the review advises:"
    )
    told = [line.words for line in card_lines(asked["advice"])]
    assert told[0] == "anakinra, before life is threatened: 100–200 mg IV or SC every 6–12 h"
    assert {"a corticosteroid with anakinra", "cryoprecipitate for low fibrinogen"} <= set(told)
    assert in_question(now(first, first), plan(), chart(first, first)) is None and question_words(None) == ""


def test_an_earlier_grade_on_which_advice_rests_is_named() -> None:
    """A patient whose oxygen device was left out at 92 h; the round of 88 h told grade 2 at least."""
    address = "v1/sparse-charting/JULIET/1/1"
    grades = {name: GradeAnswer(0) for name in question(address, 92.0).scales}
    told = next_words(found(address, 92.0, grades, [])["next"])
    assert told[-1] == "CRS is taken as grade 2–4, as of day 3, 16:00: less is charted since."


def test_next_steps_in_words() -> None:
    standing = {"tocilizumab": "discouraged", "imaging": "not advised"}
    told = next_words({"missed": ["icu"], "wrong": ["tocilizumab", "imaging"], "standing": standing})
    assert told == (
        "Missed: intensive care.",
        "Tocilizumab: discouraged here.",
        "Imaging of the brain and EEG: not advised here.",
    )
    assert next_words(None) == ()
    assert next_words({"missed": [], "wrong": [], "standing": {}}) == ("Nothing missed, nothing that is not advised.",)
    more = {"missed": ["corticosteroid"], "wrong": [], "standing": {}, "more_often": ["corticosteroid"]}
    assert next_words(more) == ("Missed: a corticosteroid, more often now.",)


def test_a_dose_too_soon_or_one_too_many_says_why() -> None:
    counted = {"drug": "tocilizumab", "last_h": 96.0, "given": 1, "most": 4, "not_before_h": 104.0}
    told = {"missed": [], "wrong": ["tocilizumab"], "standing": {"tocilizumab": "too soon"}}
    assert next_words({**told, "doses": {"tocilizumab": counted}}) == (
        "Tocilizumab: too soon; given at day 4, 00:00, the next not before day 4, 08:00 (dose 2 of at most 4).",
    )
    told["standing"] = {"tocilizumab": "used up"}
    assert next_words({**told, "doses": {"tocilizumab": {**counted, "given": 4}}}) == (
        "Tocilizumab: four doses have been given, the most there are.",
    )
