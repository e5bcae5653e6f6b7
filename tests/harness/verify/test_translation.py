"""Maps: our cases in a grader's own names, units and words; and what it cannot be told decides nothing."""

from typing import Any

import pytest

from cartox_core import load
from harness.verify.asked import asking
from harness.verify.case import SuiteCase
from harness.verify.coverage import coverage_of
from harness.verify.doors.door import Can, DoorError
from harness.verify.translation import MapError, Translation, translation_of
from tests.harness.verify.answers import case_of, suite

WORDS = """
grade_text = "Grade {}"
not_taken = ["cn6_palsy"]
[grades]
none = 0
[fields.temp_c]
name = "temperature"
unit = "[degF]"
[fields.o2_device]
name = "oxygen"
values = { none = "RA", nasal_cannula = "NC" }
[fields.hypotension]
values = { true = "Y", false = "N" }
[fields.age_years]
unit = "mo"
"""


def told(row: dict[str, Any]) -> Any:
    return translation_of(WORDS).told({"patient": {"age_years": 8}, "observations": [row]})


def test_names_units_and_values_are_theirs() -> None:
    found = told({"time_h": 1, "temp_c": 38.0, "o2_device": "nasal_cannula", "hypotension": True, "cn6_palsy": False})
    assert found["observations"] == [{"time_h": 1, "temperature": 100.4, "oxygen": "NC", "hypotension": "Y"}]
    assert found["patient"] == {"age_years": 96.0}


def test_fahrenheit_keeps_the_side_of_the_threshold() -> None:
    for celsius, is_fever in ((37.99, False), (38.0, True), (37.96, False)):
        fahrenheit = told({"time_h": 1, "temp_c": celsius})["observations"][0]["temperature"]
        assert (fahrenheit >= 100.4) == is_fever


def test_what_is_wrong_stays_wrong() -> None:
    found = told({"time_h": 1, "temp_c": "39", "o2_device": "CPAP", "hypotension": 1})["observations"][0]
    assert found == {"time_h": 1, "temperature": "39", "oxygen": "CPAP", "hypotension": 1}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("Grade 3", 3), ("none", 0), (2, 2), (None, None), ("Grade ?", "Grade ?"), ("grade 3", "grade 3")],
)
def test_grades_in_words(theirs: Any, ours: Any) -> None:
    assert translation_of(WORDS).heard({"status": "graded", "grades": [theirs]})["grades"] == [ours]


def test_other_answers_are_heard_as_they_are() -> None:
    words = translation_of(WORDS)
    assert words.heard({"status": "refused"}) == {"status": "refused"}
    assert words.heard("nonsense") == "nonsense"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = [", "not TOML"),
        ("units = 1", "units"),
        ('[fields.temperature]\nname = "x"', "there is no field 'temperature'"),
        ('not_taken = ["bp"]', "there is no field 'bp'"),
        ('[fields.temp_c]\nunit = "K"', "it can be in Cel, [degF]"),
        ('[fields.o2_device]\nvalues = { cannula = "NC" }', "no value 'cannula'"),
        ('[fields.hypotension]\nvalues = { yes = "Y" }', "true and false"),
        ('[fields.ice]\nvalues = { 1 = "one" }', "it is a number"),
        ('grade_text = "Grade"', "one {}"),
        ('[fields.temp_c]\nname = "x"\n[fields.ice]\nname = "x"', "both called 'x'"),
        ('[grades]\n"Grade 1" = "1"', "grades.Grade 1"),
    ],
)
def test_a_map_that_is_wrong_says_where(text: str, says: str) -> None:
    with pytest.raises(MapError) as caught:
        translation_of(text)
    assert says in str(caught.value)


GUIDELINE = load("astct-2019")


def can_tell(untold: str, case: SuiteCase) -> bool:
    return Translation().leaving_out(frozenset([untold])).can_tell(case, GUIDELINE)


def test_a_sign_that_cannot_be_told_matters_only_where_it_is_there() -> None:
    assert can_tell("cushing_triad", case_of("icans/clause/icans.seizure.g4/1"))
    assert can_tell("cushing_triad", case_of("icans/clause/icans.ice.g1/1"))
    assert not can_tell("cushing_triad", case_of("icans/clause/icans.cushing_triad.g4/1"))


def test_a_sign_that_is_unknown_cannot_be_left_untold_where_it_makes_the_range() -> None:
    assert not can_tell("cushing_triad", case_of("icans/missing/icans.ice.g1/cushing_triad"))


def test_a_refusal_must_rest_on_something_that_is_told() -> None:
    assert not can_tell("temp_c", case_of("crs/refusal/temp_c/above-its-range"))
    assert can_tell("ice", case_of("crs/refusal/temp_c/above-its-range"))


def test_ice_items_that_cannot_be_told_are_a_gap() -> None:
    items = [c for c in suite("full").cases if c.expected and any(r.get("ice_items") for r in c.raw["observations"])]
    assert items
    deciding = [c for c in items if c.kind == "golden" and "ice" in c.id]
    assert deciding
    assert not all(can_tell("ice_items", c) for c in deciding)


def test_a_value_without_a_word_is_a_gap() -> None:
    words = translation_of('[fields.o2_device]\nvalues = { none = "RA", nasal_cannula = "NC", bipap = "BiPAP" }')
    assert words.can_tell(case_of("crs/clause/crs.hypoxia.low_flow/1"), GUIDELINE)
    assert not words.can_tell(case_of("crs/clause/crs.hypoxia.masks/1"), GUIDELINE)


def test_what_a_grader_does_not_name_is_not_told_and_not_held_against_it() -> None:
    can = Can("x", fields=frozenset(["temp_c", "hypotension", "vasopressors", "vasopressin", "crs_onset_fever"]))
    asked = asking(suite("core").cases, GUIDELINE, can, Translation(), nan=False)
    assert sum(n for why, n in asked.left_out.items() if why.startswith("it cannot be told")) > 20
    assert asked.left_out["it cannot be told o2_device"] > 0
    found = coverage_of(suite("core"), asked, can)
    assert found.clauses["crs.hypoxia.masks"] == "o2_device cannot be told"
    assert "crs.hypotension.g4" not in found.clauses
    assert found.fields["o2_device"] == "the grader does not name it"
    sent = asked.translation.told(case_of("crs/clause/crs.hypotension.g4/1").raw)
    assert set(sent["observations"][0]) <= {"time_h", *(can.fields or ())}


def test_a_form_that_is_not_taken_is_left_out() -> None:
    asked = asking(suite("core").cases, GUIDELINE, Can("x", forms=("snapshot",)), Translation(), nan=True)
    assert not any(c.is_course for c in asked.cases)
    assert asked.left_out["it takes no courses"]


def test_values_in_words_leave_every_case_of_the_suite_tellable_or_not() -> None:
    words = translation_of(WORDS)
    guideline = load("astct-2019")
    told = [c for c in suite("full").cases if words.can_tell(c, guideline)]
    assert any(c.expected is None for c in told)
    assert all(words.told(c.raw) is not None for c in told)


@pytest.mark.parametrize(
    ("field", "says"), [("temperatur", "see cartox schema"), ("temp", "did you mean temp_c?"), ("tremors", "tremor")]
)
def test_a_field_that_is_none_is_told_at_once(field: str, says: str) -> None:
    can = Can("x", fields=frozenset({"hypotension", field}))
    with pytest.raises(DoorError, match=f"names '{field}', which is no field") as error:
        asking(suite("core").cases, load("astct-2019"), can, Translation(), nan=True)
    assert says in str(error.value)


def test_a_grader_may_name_its_fields_in_its_own_words() -> None:
    ours = frozenset(load("astct-2019").scale("crs").fields)
    can = Can("x", fields=(ours - {"temp_c"}) | {"temperature"})
    words = translation_of('[fields.temp_c]\nname = "temperature"')
    asked = asking([c for c in suite("core").cases if c.scale == "crs"], load("astct-2019"), can, words, nan=True)
    assert "temp_c" not in asked.translation.untold
