"""The pieces of a guideline file that can be asked one by one, and the sources that a file describes itself."""

import pytest

from cartox_core import GuidelineError
from cartox_core.bibliography import bibliography
from cartox_core.conditions import OneOf
from cartox_core.guideline import Clause, Domain
from cartox_core.library import guideline_text, load, parse
from cartox_core.proof import axes_of, dead_clauses, gap, gaps
from cartox_core.table_file import put_in_later, shape_faults
from tests.cartox_core.small_guideline import GOOD, changed, refusal

SOP = '[source.our-sop]\ntitle = "SOP"\nauthors = "We"\nyear = 2024\nwhere = "Here"\n\n[scale.crs]'


def with_source(new: str = SOP) -> str:
    return changed("[scale.crs]", new, changed('["lee-2019 Table 2"]', '["our-sop 3", "lee-2019"]'))


def test_a_file_may_describe_sources_of_its_own() -> None:
    small = parse(with_source(), "small.toml")
    assert small.cite == ("our-sop 3", "lee-2019")
    assert small.sources == {"our-sop": {"title": "SOP", "authors": "We", "year": "2024", "where": "Here"}}
    assert set(small.works) == {*bibliography(), "our-sop"}
    assert load("astct-2019").sources == {}
    assert load("astct-2019").works == bibliography()
    linked = parse(with_source(SOP.replace("2024", '"2024"\ndoi = "10.1/2"')), "small.toml")
    assert linked.sources["our-sop"]["doi"] == "10.1/2"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (SOP.replace("our-sop", "lee-2019"), "source.lee-2019: the bibliography has a work 'lee-2019' already"),
        (SOP.replace("our-sop", '"our sop"'), "source.our sop: 'our sop' cannot be cited; write a key without blanks"),
        (SOP.replace("our-sop", '""'), "source.: '' cannot be cited"),
        (SOP.replace('where = "Here"\n', ""), "source.our-sop: 'where' is missing"),
        (SOP.replace("where =", "were ="), "source.our-sop: unknown key 'were'; did you mean 'where'?"),
        (SOP.replace("2024", "true"), "source.our-sop: year is True; it must be a year"),
        ("source.x = 3\n[scale.crs]", "unknown key 'source'"),  # it belongs to the table above
        ("[source]\nour-sop = 3\n[scale.crs]", "source.our-sop: 3 stands where a table belongs"),
        ("[scale.crs]", "cites 'our-sop', which is not in the bibliography"),
    ],
)
def test_a_source_that_cannot_be_cited_is_refused(source: str, message: str) -> None:
    if source.startswith("source.x"):
        assert message in refusal(changed('name = "death"', 'name = "death"\nsource.x = 3'))
    else:
        assert message in refusal(with_source(source))


def test_a_misspelt_citation_is_led_to_a_source_of_the_file() -> None:
    assert "did you mean 'our-sop'?" in refusal(with_source().replace('"our-sop 3"', '"our-spo 3"'))


def test_all_faults_of_a_shape_are_listed() -> None:
    domain = {"name": 3, "titel": "Death", "clause": "$x"}
    assert [(key, said.partition(";")[0]) for key, said in shape_faults(domain, "domain", "d")] == [
        ("name", "d: name is 3"),
        ("titel", "d: unknown key 'titel'"),
        ("clause", "d: clause is '$x'"),
        ("title", "d: 'title' is missing"),
    ]
    assert list(shape_faults([], "domain", "d")) == [("", "d: [] stands where a table belongs")]
    assert (put_in_later("$x"), put_in_later("x"), put_in_later(3)) == (True, False, False)


def test_all_gaps_and_all_dead_clauses_are_listed() -> None:
    yes, no = OneOf((True,)), OneOf((False,))
    clauses = (
        Clause("a", 2, {"hypotension": yes}, "", ()),
        Clause("b", 2, {"hypotension": yes, "vasopressin": yes}, "", ()),
        Clause("c", 1, {"hypotension": yes, "vasopressin": no}, "", ()),
    )
    domain = Domain("d", "d", clauses)
    axes = axes_of(domain, {})
    assert [clause.id for clause in dead_clauses(domain, axes)] == ["b", "c"]
    assert gaps(domain, axes) == ["hypotension no, vasopressin no", "hypotension no, vasopressin yes"]
    assert gap(domain, axes) == "a gap: no clause says what to grade when hypotension no, vasopressin no"


GATE = """
gate_text = "neutropenia that lasts"
[[scale.icaht_early.gate]]
id = "gate.days"
when = { days_anc_500 = ">= 2" }
text = "two days or more"
cite = ["rejeski-2023"]
[[scale.icaht_early.feature]]
name = "days_anc_500"
"""


def test_a_gate_may_test_what_the_scale_makes_itself() -> None:
    shipped = guideline_text("eha-ebmt-2023")
    text = shipped.replace('[[scale.icaht_early.feature]]\nname = "days_anc_500"\n', GATE, 1)
    assert [clause.id for clause in parse(text, "gated.toml").scale("icaht_early").gate] == ["gate.days"]
    with pytest.raises(GuidelineError, match="gate: a worse sign is graded lower: days_anc_500 3–31 below 0–2"):
        parse(text.replace('">= 2" }', '"<= 2" }'), "gated.toml")


def test_the_text_of_the_shelf_and_of_a_file() -> None:
    assert guideline_text("mskcc-2018").startswith("# ")
    with pytest.raises(GuidelineError, match="did you mean 'mskcc-2018'"):
        guideline_text("mskcc-2017")
    assert parse(GOOD, "x").sources == {}
