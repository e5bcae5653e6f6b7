"""What is found in a guideline file: each kind of fault, on its line, and nothing in a good file."""

import pytest

from cartox_core import GuidelineError, guideline_ids
from cartox_core.library import guideline_text, parse
from harness.authoring.begin import begun
from harness.authoring.check import Checked, check
from harness.authoring.finding import Finding
from tests.cartox_core.small_guideline import GOOD, changed
from tests.cartox_core.test_guideline_refused import HELD, MALFORMED, REFUSED
from tests.quick import quick

SOURCE = '[source.our-sop]\ntitle = "SOP"\nauthors = "We"\nyear = 2024\nwhere = "Here"\n\n[scale.crs]'
LINES = "[scale.crs]", SOURCE


def only(text: str) -> Finding:
    """The one finding of a text."""
    (found,) = check(text).findings
    return found


def test_a_good_file_has_no_finding_and_is_counted() -> None:
    assert check(GOOD) == Checked((), scales=1, clauses=9, readings=2)
    assert check(GOOD.replace("\n", "\r\n")).findings == ()
    assert check(changed('["lee-2019 Table 2"]', '["our-sop 3"]', changed(*LINES))).findings == ()


@pytest.mark.parametrize("name", quick(["astct-2019", "eha-ebmt-2023"], guideline_ids()))
def test_the_shelf_has_nothing_to_tell(name: str) -> None:
    """Warnings too: what is told of a shipped file would cry wolf at those who copy it."""
    assert check(guideline_text(name)).findings == ()
    assert check(begun(origin=name)).findings == ()


def test_the_template_is_sound() -> None:
    assert check(begun()).findings == ()


ONE_PRESSOR = """\
[[scale.crs.domain.clause]]
id = "pressure.one"
grade = 4
when = { vasopressors = "1" }
text = "one"
cite = ["lee-2019"]
[[scale.crs.domain.clause]]
id = "pressure.many\""""

# what is changed in the small guideline: the code, what is told, and a word of the line at which it is told
FIRES = [
    ("number", 'gate_text = "fever"', 'gate_text = "39 °C or more"', "gate_text of crs: the text says", "gate_text"),
    ("not-toml", 'id = "small"', "id = ", "Invalid value", "id = \ntitle"),
    ("not-toml", 'title = "CRS"', 'title = "CRS"\ntitle = "CRS"', "Cannot overwrite a value", 'title = "CRS"\ncite'),
    ("unknown-key", 'text = "fever now"', 'txt = 3\ntext = "fever now"', "gate.fever: unknown key 'txt'", "txt ="),
    ("unknown-key", "[scale.crs]", "[bib]\n[scale.crs]", "the file: unknown key 'bib'", "[bib]"),
    ("missing-key", 'title = "Death"\n', "", "domain death: 'title' is missing", "[[scale.crs.domain]]\nname = \"de"),
    ("missing-key", 'why = "as recorded"\n', "", "reading.R1: 'why' is missing", "[reading.R1]"),
    ("wrong-shape", "top = 4", "top = 6", "scale.crs: top is 6", "top = 6"),
    ("wrong-shape", 'title = "Death"', r'title = "De\u202eath"', "domain death: title holds U+202E RIGHT",
     r"De\u202eath"),
    ("wrong-shape", "[reading.R2.choice.other]", r'[reading.R2.choice."\u001b[31m"]', "reading.R2: choice holds U+001B",
     r'[reading.R2.choice."\u001b[31m"]'),
    ("wrong-shape", 'cite = ["lee-2019 Table 2"]', r'cite = ["lee-2019 Table 2\u202e"]', "the file: cite holds U+202E",
     r"2\u202e"),
    ("bad-test", 'no_fever = "< 38.0"', 'no_fever = "38..30"', "temp_c tests '38..30', whose ends are the wrong way",
     'temp_c = "$no_fever"'),
    ("wrong-shape", "quiet_h = 24", "quiet_h = -1", "$quiet_h puts in -1 for quiet_h", 'quiet_h = "$quiet_h"'),
    ("wrong-shape", "[scale.crs]", "[scale]\nother = 3\n[scale.crs]", "scale.other: 3 stands where a table belongs",
     "other = 3"),
    ("missing-source", 'text = "low"\ncite = ["lee-2019"]', 'text = "low"', "pressure.g2: no source",
     '.clause]]\nid = "pressure.g2"'),
    ("missing-source", 'text = "low"\ncite = ["lee-2019"]', 'text = "low"\ncite = []', "pressure.g2: no source",
     "cite = []"),
    ("unknown-source", '["lee-2019 Table 2"]', '["lee-2091"]', "the file: cites 'lee-2091'", '["lee-2091"]'),
    ("unknown-source", 'text = "low"\ncite = ["lee-2019"', 'text = "low"\ncite = ["lee-2019", "zzz"',
     "pressure.g2: cites 'zzz'", '"zzz"'),
    ("bad-source", "[scale.crs]", SOURCE.replace("our-sop", "lee-2019"), "the bibliography has a work 'lee-2019'",
     "[source."),
    ("unused-source", *LINES, "source.our-sop: nothing cites it", "[source.our-sop]"),
    ("unknown-field", "hypotension = true }", "hypotensoin = true }", "pressure.g2: there is no field", "hypotensoin"),
    ("bad-test", 'vasopressors = ">= 2"', 'vasopressors = "two"', "pressure.many: vasopressors tests 'two'", '"two"'),
    ("bad-test", 'vasopressors = ">= 2"', 'vasopressors = ">= 7"', "lies outside a whole number from 0 to 6", '">= 7"'),
    ("bad-grade", "grade = 2", "grade = 5", "pressure.g2: grade 5 is no whole number from 0 to 4", "grade = 5"),
    ("bad-grade", "many = 4", "many = 9", "grade 9 is no whole number from 0 to 4 (with --reading R2=other)",
     '"$many"'),
    ("duplicate-id", '"pressure.g2"', '"fever.g1"', "two clauses are called 'fever.g1'", 'id = "fever.g1"\ngrade = 2'),
    ("duplicate-id", '"gate.episode"', '"gate.fever"', "two clauses are called", 'id = "gate.fever"\nwhen = { crs'),
    ("duplicate-id", 'name = "death"', 'name = "fever"', "two domains are called 'fever'",
     'name = "fever"\ntitle = "D'),
    ("unset-value", 'quiet_h = "$quiet_h"', 'quiet_h = "$quit_h"', "no reading sets '$quit_h'", "$quit_h"),
    ("bad-reading", "values = { fever", "values = { more = 3, fever", "every choice must set", "[reading.R1]"),
    ("unused-value", "values = { fever", "values = { more = 3, fever", "nothing puts in its value 'more'", "more = 3"),
    ("no-test", 'vasopressors = ">= 2"', "", "pressure.many: a clause without a test", "when = {  }"),
    ("gap", 'no_fever = "< 38.0"', 'no_fever = "< 37.0"', "fever: no clause says what to grade when temp_c 37 to",
     '.domain]]\nname = "fever"'),
    ("gap", 'no_fever = "< 38.5"', 'no_fever = "< 38.2"', "temp_c 38.2 to below 38.5 (with --reading R1=high)",
     '.domain]]\nname = "fever"'),
    ("dead-clause", 'grade = "$many"\nwhen = { vasopressors = ">= 2" }', "grade = 2\nwhen = { hypotension = true }",
     "pressure.many never decides: pressure.g2 of grade 2 or more", '.clause]]\nid = "pressure.many"'),
    ("worse-milder", '[[scale.crs.domain.clause]]\nid = "pressure.many"', ONE_PRESSOR,
     "vasopressors 2–6 is graded 3 (pressure.many), and vasopressors 1, which is better, 4 (pressure.one), when "
     "hypotension no", '.clause]]\nid = "pressure.many"'),
    ("gate", 'temp_c = "$fever", fever_other_cause = false', 'temp_c = "$no_fever"',
     "a worse sign shuts the gate: open when temp_c < 38", '.gate]]\nid = "gate.fever"'),
    ("gate", 'crs_onset_fever = true, fever_masked = "$masked"', 'temp_c = ">= 39", fever_other_cause = false',
     "gate.episode is needless", '.gate]]\nid = "gate.episode"'),
    ("bad-episode", '"pressure"]', '"presure"]', "there is no domain 'presure'", "signs ="),
    ("bad-assume", 'value = "$assumed"', "value = 7", "vasopressors cannot be 7", "[[scale.crs.assume]]"),
    ("bad-reading", 'default = "exact"', 'default = "exactly"', "the default 'exactly' is none", 'default = "exactly"'),
    ("bad-reading", "quiet_h = 24", 'quiet_h = 24, fever = "-"', "reading.R2: every choice must set the",
     "[reading.R2]"),
    ("scale", 'value = "$assumed"\nwhen = { hypotension = false }', 'value = 0\nwhen = { temp_c = "< 38" }',
     "tests temp_c from elsewhere", "[scale.crs]"),
    ("overlap", 'no_fever = "< 38.0"', 'no_fever = "< 38.4"',
     "fever.g1 (grade 1) and fever.none (grade 0) hold together, and fever.g1 wins, when temp_c 38 to below 38.4",
     'no_fever" }'),
    ("number", 'text = "vasopressors"', 'text = "three or more vasopressors"',
     'pressure.many: the text says "three or more", the test says vasopressors ≥ 2', "three or more"),
]  # fmt: skip
NEVER_OPENS = changed(
    'temp_c = "$fever", fever_other_cause = false',
    'temp_c = "never"',
    changed('fever_masked = "$masked"', 'fever_masked = "never"'),
)
WARNINGS = {"overlap", "number", "unused-value", "unused-source"}


def line_of(text: str, word: str) -> int:
    """The line on which the only place with that word begins."""
    assert text.count(word) == 1, word
    return text[: text.index(word)].count("\n") + 1


@pytest.mark.parametrize(("code", "old", "new", "message", "word"), FIRES, ids=[f"{f[0]}: {f[3][:30]}" for f in FIRES])
def test_a_fault_is_told_on_its_line(code: str, old: str, new: str, message: str, word: str) -> None:
    text = changed(old, new)
    found = next(f for f in check(text).findings if f.code == code and message in f.message)
    assert found.line == line_of(text, word)
    assert found.severity == ("warning" if code in WARNINGS else "error")
    assert found.hint


def test_a_gate_that_never_opens() -> None:
    found = next(f for f in check(NEVER_OPENS).findings if f.code == "gate")
    assert "it never opens" in found.message
    assert found.line == line_of(NEVER_OPENS, '[[scale.crs.gate]]\nid = "gate.fever"')


def test_what_only_another_choice_breaks_is_told_with_the_choice() -> None:
    text = changed(
        "{ masked = true",
        '{ masked = "never"',
        changed('temp_c = "$fever", fever_other', 'temp_c = "never", fever_other'),
    )
    assert (
        only(text).message == "scale.crs: it never opens: each of its clauses tests 'never' (with --reading R2=other)"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [r[1:3] for r in [*REFUSED, *HELD, *MALFORMED]],
    ids=[r[0] for r in [*REFUSED, *HELD, *MALFORMED]],
)
def test_what_load_refuses_is_an_error_that_is_no_fallback(old: str, new: str) -> None:
    text = changed(old, new)
    with pytest.raises(GuidelineError):
        parse(text, "small.toml")
    errors = [f for f in check(text).findings if f.severity == "error"]
    assert errors
    assert not [f for f in errors if f.code == "refused"]


def test_all_faults_are_told_at_once() -> None:
    text = GOOD
    places = [
        ('title = "CRS"', "title = 5", "wrong-shape"),
        ('text = "fever now"', 'txt = "fever now"', "unknown-key"),
        ("hypotension = true }", "hypotensoin = true, ice = 99 }", "unknown-field"),
        ("death_from_crs = false }", "death_from_crs = 3 }", "bad-test"),
        ("many = 3", "many = 8", "bad-grade"),
        ('no_fever = "< 38.0"', 'no_fever = "< 37.0"', "gap"),
    ]
    for old, new, _ in places:
        text = changed(old, new, text)
    found = check(text).findings
    assert {code for *_, code in places} <= {f.code for f in found}
    assert [f.line for f in found] == sorted(f.line for f in found)
    assert sum(f.code == "bad-test" for f in found) == 2  # ice = 99 beside the unknown field, and death = 3


def test_one_fault_is_told_once() -> None:
    """A bad reading spoils what it sets; a bad clause makes no gap; a bad feature makes no unknown field."""
    assert only(changed('default = "exact"', "default = 3")).code == "wrong-shape"
    assert only(changed("hypotension = true }", "hypotensoin = true }")).code == "unknown-field"
    icaht = guideline_text("eha-ebmt-2023")
    assert only(changed('made = "never_recovered"', 'made = "never"', icaht)).code == "wrong-shape"
    assert {f.code for f in check(changed("values = { fever", "value = { fever")).findings} == {
        "unknown-key",
        "missing-key",
    }


def test_two_unknown_sources_are_both_told() -> None:
    text = changed('text = "low"\ncite = ["lee-2019"', 'text = "low"\ncite = ["xxx", "zzz"')
    assert [f.message.split("'")[1] for f in check(text).findings] == ["xxx", "zzz"]


def test_a_feature_is_compared_with_its_test_and_checked() -> None:
    icaht = guideline_text("eha-ebmt-2023")
    text = changed('text = "days with an ANC of 500/µL or less"', 'text = "days with an ANC of 600/µL or less"', icaht)
    assert only(text).message.startswith('days_anc_500: the text says "600/µL or less", the test says anc_per_ul ≤ 500')
    assert only(changed('of = ["anc_per_ul"]', 'of = ["anc"]', icaht)).code == "bad-feature"


def test_the_text_of_a_choice_is_compared_with_what_it_puts_in() -> None:
    text = changed('text = "38.5"', 'text = "38.4 °C or more"')
    found = only(text)
    assert found.line == line_of(text, "38.4 °C")
    assert found.message == ('reading.R1.choice.high: the text says "38.4 °C or more", the test says temp_c < 38.5 Cel')
    assert check(changed('text = "38.5"', 'text = "below 38.5 °C none"')).findings == ()


def test_nothing_at_all() -> None:
    assert {f.line for f in check("").findings} == {1}


@pytest.mark.parametrize(
    "line",
    ["x = " + "[" * 100_000, "x = " + "[" * 200 + "]" * 200, "x" + ".x" * 3000 + " = 1", f"[x{'.x' * 3000}]"],
    ids=["open", "closed", "dotted", "header"],
)
def test_what_is_nested_too_deeply_is_told_at_its_line(line: str) -> None:
    found = only(f'id = "a"\n{line}\n')
    assert (found.line, found.code, found.message) == (2, "not-toml", "it is nested too deeply")
    assert found.hint == "close each [ and { where its list or table ends"


def test_no_finding_prints_what_steers_a_terminal() -> None:
    text = changed('id = "pressure.g2"', r'id = "pressure\u001b[31m"', changed("grade = 2", "grade = 99"))
    found = check(text).findings
    assert len(found) >= 2
    assert not any("\x1b" in f.told for f in found)
    assert any(r"pressure\x1b[31m" in f.told for f in found)
