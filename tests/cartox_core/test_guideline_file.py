"""A guideline file is read, with its readings put in."""

import re

from cartox_core.library import parse
from tests.cartox_core.small_guideline import GOOD, changed, refusal


def test_a_good_file_is_read_with_its_readings_put_in() -> None:
    small = parse(GOOD, "small.toml")
    crs = small.scale("crs")
    assert (small.id, small.title, small.text, small.cite) == (
        "small",
        "A small guideline",
        "For tests.",
        ("lee-2019 Table 2",),
    )
    assert (crs.name, crs.title, crs.text, crs.cite) == ("crs", "CRS", "", ("lee-2019",))
    assert (crs.top, crs.from_h, crs.gate_text) == (4, 0, "fever")
    assert [(c.id, c.grade, {k: str(t) for k, t in c.when.items()}) for c in crs.gate] == [
        ("gate.fever", 1, {"temp_c": "≥ 38", "fever_other_cause": "no"}),
        ("gate.episode", 1, {"crs_onset_fever": "yes"}),
    ]
    assert [(d.name, d.title, d.gated, len(d.clauses)) for d in crs.domains] == [
        ("fever", "Fever", True, 2),
        ("pressure", "Hypotension", True, 3),
        ("death", "Death", False, 2),
    ]
    assert [c.grade for c in crs.domain("pressure").clauses] == [0, 2, 3]
    assert crs.domain("pressure").fields == ("hypotension", "vasopressors")
    assert crs.fields == (
        "temp_c",
        "fever_other_cause",
        "crs_onset_fever",
        "hypotension",
        "vasopressors",
        "death_from_crs",
    )
    assert crs.assumptions == ()
    assert crs.episode is not None
    assert (crs.episode.signs, crs.episode.quiet_h, crs.episode.gap_resolves) == (("fever", "pressure"), 24, False)
    assert small.chosen == {"R1": "exact", "R2": "some"}
    assert small.readings["R1"].why == "as recorded"
    assert small.readings["R1"].choices["high"].text == "38.5"


def test_other_readings_put_in_other_values() -> None:
    crs = parse(GOOD, "small.toml", {"R1": "high", "R2": "other"}).scale("crs")
    assert [{k: str(t) for k, t in c.when.items()} for c in crs.gate] == [
        {"temp_c": "≥ 38.5", "fever_other_cause": "no"},
        {"crs_onset_fever": "yes", "fever_masked": "yes"},
    ]
    assert [c.grade for c in crs.domain("pressure").clauses] == [0, 2, 4]
    assert crs.episode is not None
    assert crs.episode.quiet_h == 48
    assert [(a.field, a.value, {k: str(t) for k, t in a.when.items()}) for a in crs.assumptions] == [
        ("vasopressors", 0, {"hypotension": "no"})
    ]


def test_never_leaves_a_clause_and_an_assumption_out() -> None:
    text = changed('[reading.R2.choice.some]\ntext = "some"\nvalues = { masked = "-"',
                   '[reading.R2.choice.some]\ntext = "some"\nvalues = { masked = "never"')  # fmt: skip
    text = changed("when = { hypotension = false }", 'when = { hypotension = "never" }', text)
    crs = parse(changed('value = "$assumed"', "value = 0", text), "small.toml").scale("crs")
    assert [c.id for c in crs.gate] == ["gate.fever"]
    assert crs.assumptions == ()


def test_a_scale_needs_no_gate_no_start_and_no_episode() -> None:
    text = re.sub(r"from_h.*?(?=\[\[scale.crs.domain)", "", GOOD, count=1, flags=re.S)
    crs = parse(text, "small.toml").scale("crs")
    assert (crs.gate, crs.gate_text, crs.from_h, crs.episode, crs.assumptions) == ((), "", None, None, ())


def test_an_assumption_without_tests_always_applies() -> None:
    text = changed('value = "$assumed"\nwhen = { hypotension = false }', "value = 0")
    assert parse(text, "small.toml").scale("crs").assumptions[0].when == {}


def test_a_file_without_readings_needs_none() -> None:
    text = GOOD[: GOOD.index("[reading.R1]")]
    for name, value in {"fever": '">= 38"', "no_fever": '"< 38"', "masked": "true", "quiet_h": "24", "many": "3",
                        "assumed": "0"}.items():  # fmt: skip
        text = text.replace(f'"${name}"', value)
    assert parse(text, "small.toml").readings == {}
    assert refusal(text, {"R1": "exact"}) == "small.toml: there is no reading 'R1'; it has none"
