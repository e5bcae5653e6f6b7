"""One broken variant of a guideline file for each thing that is refused."""

import pytest

from cartox_core.library import parse
from tests.cartox_core.small_guideline import GOOD, changed, refusal

REFUSED = [
    ("not TOML", 'id = "small"', "id = ", "small.toml: not TOML: Invalid value (at line 1, column 6)"),
    ("unknown key", "title =", "titel =", "small.toml: top level: unknown key 'titel'; did you mean 'title'?"),
    (
        "unknown key, nothing near",
        "from_h = 0",
        "zzz = 0",
        "small.toml: scale.crs: unknown key 'zzz'; allowed: assume, cite, domain, episode, feature, from_h, gate",
    ),
    ("unknown key of a clause", "grade = 1", "grades = 1", "scale.crs.fever clause fever.g1: unknown key 'grades'"),
    ("unknown key of a gate", 'text = "fever now"', 'txt = "fever now"',
     "small.toml: scale.crs.gate clause gate.fever: unknown key 'txt'; did you mean 'text'?"),
    ("unknown key of a domain", 'name = "fever"', 'nam = "fever"', "scale.crs.domain: unknown key 'nam'; did you mean"),
    ("unknown key of a reading", "why =", "y =", "reading.R1: unknown key 'y'; allowed: choice, default, title, why"),
    ("unknown key of a choice", "values = {", "value = {", "reading.R1.choice.exact: unknown key 'value'; did"),
    ("unknown key of an episode", "quiet_h =", "quiet =", "scale.crs.episode: unknown key 'quiet'; did you"),
    ("unknown key of an assumption", "field =", "fields =", "scale.crs.assume: unknown key 'fields'; did"),
    ("missing id", 'id = "small"\n', "", "small.toml: top level: 'id' is missing"),
    ("missing text", 'text = "For tests."\n', "", "small.toml: top level: 'text' is missing"),
    ("missing cite", 'cite = ["lee-2019 Table 2"]\n', "", "small.toml: top level: 'cite' is missing"),
    ("missing scale", "[scale.crs]", "[other.crs]", "small.toml: top level: unknown key 'other'; allowed: "),
    ("missing top", "top = 4\n", "", "small.toml: scale.crs: 'top' is missing"),
    ("missing scale title", 'title = "CRS"\n', "", "small.toml: scale.crs: 'title' is missing"),
    ("missing gate id", 'id = "gate.fever"\n', "", "small.toml: scale.crs.gate clause ?: 'id' is missing"),
    ("missing gate text", 'text = "fever now"\n', "", "scale.crs.gate clause gate.fever: 'text' is missing"),
    ("missing grade", "grade = 1\n", "", "small.toml: scale.crs.fever clause fever.g1: 'grade' is missing"),
    ("missing when", 'when = { temp_c = "$fever" }\n', "", "scale.crs.fever clause fever.g1: 'when' is missing"),
    ("missing name", 'name = "fever"\n', "", "small.toml: scale.crs.domain: 'name' is missing"),
    ("missing domain title", 'title = "Fever"\n', "", "small.toml: scale.crs.domain: 'title' is missing"),
    ("missing masked", 'masked = "fever_masked"\n', "", "small.toml: scale.crs.episode: 'masked' is missing"),
    ("missing quiet_h", 'quiet_h = "$quiet_h"\n', "", "small.toml: scale.crs.episode: 'quiet_h' is missing"),
    ("missing look_back_h", "look_back_h = 0\n", "", "small.toml: scale.crs.episode: 'look_back_h' is missing"),
    ("missing source of an assumption", 'no hypotension"\ncite = ["lee-2019"]', 'no hypotension"',
     "small.toml: scale.crs.assume: 'cite' is missing"),
    ("missing assumed value", 'value = "$assumed"\n', "", "small.toml: scale.crs.assume: 'value' is missing"),
    ("missing why", 'why = "as recorded"\n', "", "small.toml: reading.R1: 'why' is missing"),
    ("missing values", 'values = { fever = ">= 38.0", no_fever = "< 38.0" }\n', "", "R1.choice.exact: 'values' is"),
    (
        "unknown field",
        "hypotension = true",
        "hypotensoin = true",
        "scale.crs.pressure clause pressure.g2: there is no field 'hypotensoin'; did you mean 'hypotension'?",
    ),
    ("unknown field, nothing near", "hypotension = true", "zzz = true", "there is no field 'zzz';"),
    ("the time is no field", "hypotension = true", 'time_h = "> 3"', "there is no field 'time_h'"),
    (
        "bad test",
        'vasopressors = ">= 2"',
        'vasopressors = "two"',
        "small.toml: scale.crs.pressure clause pressure.many: vasopressors tests 'two'; write",
    ),
    (
        "value outside range",
        'vasopressors = ">= 2"',
        'vasopressors = ">= 7"',
        "scale.crs.pressure clause pressure.many: vasopressors tests '>= 7', which lies outside a whole number",
    ),
    ("unknown value", "hypotension = true", "hypotension = 2", "clause pressure.g2: hypotension is never 2; it is"),
    (
        "no reading sets it",
        '"$many"',
        '"$may"',
        "small.toml: scale.crs.pressure clause pressure.many: no reading sets '$may'; did you mean 'many'?",
    ),
    ("no reading sets it, test", 'when = { temp_c = "$fever" }', 'when = { temp_c = "$fevers" }',
     "scale.crs.fever clause fever.g1: no reading sets '$fevers'; did you mean 'fever'?"),
    ("no reading sets it, episode", '"$quiet_h"', '"$quit_h"', "scale.crs.episode: no reading sets '$quit_h'; did you"),
    ("no reading sets it, assumption", '"$assumed"', '"$x"', "scale.crs.assume: no reading sets '$x';"),
    ("default is no choice", 'default = "exact"', 'default = "exactly"',
     "small.toml: reading.R1: the default 'exactly' is none of its choices"),
    ("choices set different values", ', no_fever = "< 38.5"', "", "reading.R1: every choice must set the same values"),
    ("duplicate clause", '"pressure.g2"', '"fever.g1"', "small.toml: two clauses are called 'fever.g1'"),
    ("duplicate gate clause", '"gate.episode"', '"gate.fever"', "small.toml: two clauses are called 'gate.fever'"),
    ("grade beyond top", "grade = 2", "grade = 5", "clause pressure.g2: grade 5 is no whole number from 0 to 4"),
    ("grade below 0", "grade = 2", "grade = -1", "clause pressure.g2: grade -1 is no whole number from 0 to 4"),
    ("grade true", "grade = 2", "grade = true", "clause pressure.g2: grade True is no whole number from 0 to 4"),
    ("grade 2.0", "grade = 2", "grade = 2.0", "clause pressure.g2: grade 2.0 is no whole number from 0 to 4"),
    ("grade as text", "grade = 2", 'grade = "2"', "clause pressure.g2: grade '2' is no whole number from 0 to 4"),
    ("unreachable", 'grade = "$many"\nwhen = { vasopressors = ">= 2" }', "grade = 2\nwhen = { hypotension = true }",
     "small.toml: scale crs, domain pressure: clause pressure.many is unreachable: another of grade 2 or worse always"),
    ("gap", 'no_fever = "< 38.0"', 'no_fever = "< 37.0"',
     "scale crs, domain fever: a gap: no clause says what to grade when temp_c 37 to below 38"),
    ("worse graded lower", 'fever = ">= 38.0", no_fever = "< 38.0"', 'fever = "< 38.0", no_fever = ">= 38.0"',
     "scale crs, domain fever: a worse sign is graded lower: temp_c ≥ 38 below < 38 (fever.g1 against no clause)"),
    ("dead gate", 'crs_onset_fever = true, fever_masked = "$masked"', 'temp_c = ">= 39", fever_other_cause = false',
     "small.toml: scale crs, gate: clause gate.episode is unreachable: the others open the gate wherever it does"),
    ("shared field", 'grade = "$many"\nwhen = { vasopressors = ">= 2" }', "grade = 3\nwhen = { death_from_crs = true }",
     "scale crs: gated and ungated domains share fields: "),
    ("no test", 'vasopressors = ">= 2"', "", "clause pressure.many: a clause without a test holds for everyone"),
    ("no test but a dash", 'vasopressors = ">= 2"', 'vasopressors = "-"', "a clause without a test holds for everyone"),
    ("citation", '["lee-2019 Table 2"]', '["lee-2091 Table 2"]',
     "small.toml: top level: cites 'lee-2091', which is not in the bibliography; did you mean 'lee-2019'?"),
    ("citation of a clause", 'text = "low"\ncite = ["lee-2019"]', 'text = "low"\ncite = ["zzz"]',
     "small.toml: scale.crs.pressure clause pressure.g2: cites 'zzz', which is not in the bibliography;"),
    ("citation of a scale", 'title = "CRS"\ncite = ["lee-2019"]', 'title = "CRS"\ncite = ["zzz"]',
     "small.toml: scale.crs: cites 'zzz', which is not in the bibliography;"),
    ("sign of no domain", '"pressure"]', '"presure"]', "small.toml: scale.crs.episode: there is no domain 'presure'"),
    ("fever of no domain", 'fever = "fever"', 'fever = "heat"', "scale.crs.episode: there is no domain 'heat'"),
    ("assumption of no field", 'field = "vasopressors"', 'field = "vasopresors"',
     "small.toml: scale.crs.assume: there is no field 'vasopresors'; did you mean 'vasopressors'?"),
    ("assumption out of range", 'value = "$assumed"', "value = 7",
     "small.toml: scale.crs.assume: vasopressors cannot be 7; it is a whole number from 0 to 6"),
    ("assumption from elsewhere", 'value = "$assumed"\nwhen = { hypotension = false }',
     'value = 0\nwhen = { temp_c = "< 38" }', "the assumption on vasopressors tests temp_c from elsewhere"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_broken_file_is_refused_with_the_place(old: str, new: str, message: str) -> None:
    assert message in refusal(changed(old, new))


def test_one_value_is_set_by_one_reading_only() -> None:
    text = changed("quiet_h = 24", 'quiet_h = 24, fever = ">= 39"')
    text = changed("quiet_h = 48", 'quiet_h = 48, fever = ">= 39"', text)
    assert refusal(text) == "small.toml: reading.R2: the value 'fever' is set by two readings"


@pytest.mark.parametrize(
    ("readings", "message"),
    [
        ({"RR1": "x"}, "small.toml: there is no reading 'RR1'; did you mean 'R1'? it has R1, R2"),
        ({"C26": "x"}, "small.toml: there is no reading 'C26'; it has R1, R2"),
        ({"R1": "exactly"}, "small.toml: reading R1 has no choice 'exactly'; it has exact, high"),
    ],
)
def test_a_reading_or_choice_that_does_not_exist_is_refused(readings: dict[str, str], message: str) -> None:
    assert refusal(GOOD, readings) == message


def test_a_choice_that_is_not_the_default_is_proved_when_chosen() -> None:
    text = changed('no_fever = "< 38.5"', 'no_fever = "< 38"')
    assert parse(text, "small.toml").chosen["R1"] == "exact"
    assert "a gap: no clause says what to grade when temp_c 38 to below 38.5" in refusal(text, {"R1": "high"})


MALFORMED = [
    ("list for a table", "[scale.crs.episode]", "[[scale.crs.episode]]"),
    ("text for a list of clauses", 'name = "death"\n', 'name = "death"\nclause = "x"\n'),
    ("list for a domain's name", 'name = "death"', 'name = ["death"]'),
    ("number for a table", "when = { hypotension = true }", "when = 5"),
    ("list for a table of tests", "when = { hypotension = true }", "when = [1]"),
    ("text for a table of tests", "when = { hypotension = true }", 'when = "hypotension"'),
    ("number for citations", 'cite = ["lee-2019"]', "cite = 5"),
    ("numbers for citations", 'cite = ["lee-2019"]', "cite = [5]"),
    ("text for citations", 'cite = ["lee-2019"]', 'cite = "lee-2019"'),
    ("text for top", "top = 4", 'top = "4"'),
    ("list for a default", 'default = "exact"', "default = []"),
    ("number for values", 'values = { fever = ">= 38.0", no_fever = "< 38.0" }', "values = 5"),
    ("number for signs", 'signs = ["fever", "pressure"]', "signs = 5"),
    ("list for a field", 'field = "vasopressors"', "field = []"),
]


@pytest.mark.parametrize(("old", "new"), [m[1:] for m in MALFORMED], ids=[m[0] for m in MALFORMED])
def test_a_malformed_shape_is_a_guideline_error(old: str, new: str) -> None:
    assert refusal(changed(old, new)).startswith("small.toml: ")


HELD = [
    ("number for a title", 'title = "CRS"', "title = 5", "scale.crs: title is 5; it must be text"),
    ("blank title", 'title = "CRS"', 'title = " "', "scale.crs: title is ' '; it must be text"),
    ("number for the id", 'id = "small"', "id = 5", "top level: id is 5; it must be text"),
    ("number for a clause's id", 'id = "fever.g1"', "id = 5", "scale.crs.fever clause 5: id is 5; it must be text"),
    ("table for a text", 'text = "low"', "text = {}", "scale.crs.pressure clause pressure.g2: text is {}; it must be"),
    ("number for gate_text", 'gate_text = "fever"', "gate_text = 5", "scale.crs: gate_text is 5; it must be text"),
    ("text for gated", "gated = false", 'gated = "no"', "scale.crs.domain: gated is 'no'; it must be true or false"),
    ("text for from_h", "from_h = 0", 'from_h = "0"', "scale.crs: from_h is '0'; it must be a number of hours"),
    ("infinite from_h", "from_h = 0", "from_h = inf", "scale.crs: from_h is inf; it must be a number of hours"),
    ("from_h beyond any time", "from_h = 0", f"from_h = {10**30}", "it must be a number of hours from -720 to 43800"),
    ("flag for from_h", "from_h = 0", "from_h = true", "scale.crs: from_h is True; it must be a number of hours"),
    ("broken top", "top = 4", "top = 4.5", "scale.crs: top is 4.5; it must be a whole number from 1 to 5"),
    ("top beyond 5", "top = 4", "top = 6", "scale.crs: top is 6; it must be a whole number from 1 to 5"),
    ("top 0", "top = 4", "top = 0", "scale.crs: top is 0; it must be a whole number from 1 to 5"),
    ("flag for top", "top = 4", "top = true", "scale.crs: top is True; it must be a whole number from 1 to 5"),
    ("empty citations", 'cite = ["lee-2019"]', "cite = []", "scale.crs: cite is []; it must be a list of texts"),
    ("empty text for them", 'cite = ["lee-2019"]', 'cite = ""', "scale.crs: cite is ''; it must be a list of texts"),
    ("text for quiet_h", "quiet_h = 24", 'quiet_h = "24"', "episode: quiet_h is '24'; it must be a number of hours"),
    ("quiet_h below 0", "quiet_h = 24", "quiet_h = -1", "episode: quiet_h is -1; it must be a number of hours from 0"),
    ("gap_resolves", "gap_resolves = false", "gap_resolves = 0", "episode: gap_resolves is 0; it must be true or"),
    ("look_back_h", "look_back_h = 0", "look_back_h = []", "episode: look_back_h is []; it must be a number of"),
    ("opened is no state", '"crs_onset_fever"', '"hypotension"',
     "scale.crs.episode: opened is 'hypotension'; it must be one of crs_onset_fever, fever_masked"),
    ("masked is no field", 'masked = "fever_masked"', 'masked = "mask"',
     "scale.crs.episode: masked is 'mask'; it must be one of crs_onset_fever, fever_masked"),
    ("number for a why", 'why = "as recorded"', "why = 5", "reading.R1: why is 5; it must be text"),
    ("no value", 'values = { fever = ">= 38.0", no_fever = "< 38.0" }', "values = {}",
     "reading.R1.choice.exact: values is {}; it must be a table that is not empty"),
    ("two domains of one name", 'name = "death"', 'name = "pressure"', "scale.crs: two domains are called 'pressure'"),
    ("citation of an assumption", 'no hypotension"\ncite = ["lee-2019"]', 'no hypotension"\ncite = ["zzz"]',
     "scale.crs.assume: cites 'zzz', which is not in the bibliography;"),
    ("citation of an episode", 'text = "a day"', 'text = "a day"\ncite = ["zzz"]',
     "scale.crs.episode: cites 'zzz', which is not in the bibliography;"),
    ("a value that names itself", "many = 3", 'many = "$many"', "pressure.many: no reading sets '$many';"),
    ("an assumption on itself", 'field = "vasopressors"', 'field = "hypotension"',
     "scale.crs.assume: what is assumed of hypotension while it is unknown cannot test hypotension"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), [h[1:] for h in HELD], ids=[h[0] for h in HELD])
def test_what_a_key_holds_is_checked(old: str, new: str, message: str) -> None:
    said = refusal(changed(old, new))
    assert said.startswith("small.toml: ")
    assert message in said


HEAD = 'id = "a"\ntitle = "a"\ntext = "a"\ncite = ["lee-2019"]\n'
READING = '[reading.R1]\ntitle = "a"\ndefault = "a"\nwhy = "a"\n'


@pytest.mark.parametrize(
    "text",
    [
        HEAD + 'scale = "$x"',
        HEAD + 'scale.crs = "$x"',
        HEAD + 'scale.crs.domain = "$x"\nscale.crs.title = "a"\nscale.crs.cite = ["lee-2019"]\nscale.crs.top = 4',
        HEAD + 'reading = "$x"\n[scale.crs]',
        HEAD + 'reading.R1 = "$x"\n[scale.crs]',
        HEAD + "[scale.crs]\n" + READING + 'choice = "$x"',
        HEAD + "[scale.crs]\n" + READING + 'choice.a = "$x"',
        HEAD + "[scale.crs]\n" + READING + 'choice.a = { text = "a", values = "$x" }',
    ],
    ids=["scales", "scale", "domains", "readings", "reading", "choices", "choice", "values"],
)
def test_a_table_is_never_put_in_by_a_reading(text: str) -> None:
    """``"$name"`` stands for a value within a scale, and nowhere else."""
    assert "'$x'" in refusal(text)


def test_a_gate_that_never_opens_is_refused() -> None:
    text = changed('temp_c = "$fever", fever_other_cause = false', 'temp_c = "never"')
    told = refusal(changed('fever_masked = "$masked"', 'fever_masked = "never"', text))
    assert told == "small.toml: scale.crs.gate: it never opens: each of its clauses tests 'never'"


def test_a_gate_that_a_worse_sign_closes_is_refused() -> None:
    text = changed('when = { temp_c = "$fever", fever_other_cause = false }', 'when = { temp_c = "$no_fever" }')
    assert "worse sign" in refusal(text)


def test_a_refusal_by_the_tables_names_the_file() -> None:
    text = changed('grade = "$many"\nwhen = { vasopressors = ">= 2" }', "grade = 3\nwhen = { death_from_crs = true }")
    assert refusal(text).startswith("small.toml: ")
