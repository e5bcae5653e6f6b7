"""The approved difference: met by what it was drafted from in any wording, and by nothing else."""

import itertools
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core import Guideline, load
from cartox_core.conditions import Between
from cartox_core.observation import READABLE
from harness.compare.approval import Approval, approval
from harness.compare.exact import difference
from harness.compare.expectation import ExpectationError
from harness.compare.expectation_draft import draft
from harness.compare.expectation_file import expectation_of
from harness.compare.grids import groups
from harness.compare.guidelines import Changes
from harness.compare.region import cells_of, from_words, in_words, region_of
from tests.harness.compare.test_exact import CRS, flips

Pairs = list[tuple[str, str]]
ASTCT, LEE = load("astct-2019"), load("lee-2014")
CRS_ONLY = [("crs", "crs")]


def found(old: Guideline, new: Guideline, pairs: Pairs) -> Changes:
    """The changes, without the golden cases, which are not part of what is approved."""
    differences = tuple(difference(old.scale(one), new.scale(other)) for one, other in pairs)
    only = tuple(s for s in old.scales if s not in new.scales), tuple(s for s in new.scales if s not in old.scales)
    return Changes(old, new, differences, (), 0, *only)


def held(text: str, old: Guideline, new: Guideline, pairs: Pairs = CRS_ONLY) -> Approval:
    return approval(expectation_of(text, old, new, pairs), found(old, new, pairs), pairs)


def drafted(old: Guideline, new: Guideline, pairs: Pairs = CRS_ONLY) -> str:
    return draft(found(old, new, pairs), "cartox compare", "For testing.")


def every() -> Iterator[tuple[Guideline, Guideline, Pairs]]:
    yield from ((old, new, [(scale, scale)]) for old, scale, new in flips())
    yield from ((one, other, CRS_ONLY) for one, other in itertools.permutations(CRS, 2))
    yield ASTCT, load("cartox-2018"), [("icans", "cres")]
    yield load("eha-ebmt-2023"), load("t-icaht-2025"), [("icaht_early", "icaht_platelets_early")]


@pytest.mark.slow
def test_a_draft_is_met_by_what_it_was_drafted_from() -> None:
    rules = 0
    for old, new, pairs in every():
        verdict = held(drafted(old, new, pairs), old, new, pairs)
        assert verdict.is_met, (old.id, new.id, pairs)
        rules += len(verdict.expected.rules)
    assert rules > 500


@pytest.mark.slow
def test_nothing_approved_leaves_all_of_it_unapproved_and_all_approved_none_of_it_so() -> None:
    for old, new, pairs in every():
        nothing = held(f'old = "{old.id}"\nnew = "{new.id}"', old, new, pairs)
        real = found(old, new, pairs).scales[0]
        assert nothing.more == real.rules
        assert not nothing.not_so
        same = load(old.id)
        text = re.sub(r'^new = ".*"$', f'new = "{old.id}"', drafted(old, new, pairs), count=1, flags=re.MULTILINE)
        text = re.sub(r"^clauses_new = .*$|^only_\w+ = .*$", "", text, flags=re.MULTILINE)
        if pairs[0][0] == pairs[0][1] and not (set(real.only_new_reads) - set(READABLE)):
            back = held(text, old, same, pairs)
            assert not back.more
            assert {each.approved.number for each in back.not_so} == set(range(1, len(real.rules) + 1))
            assert list(back.not_so_beside) == [f"{pairs[0][0]}: {line}" for line in real.beside]


@pytest.mark.slow
def test_an_expectation_of_one_reading_is_met_by_another_only_where_all_cells_change_alike() -> None:
    news = [new for old, scale, new in flips() if old.id == "astct-2019" and scale == "crs"]
    pairs = list(itertools.permutations(news, 2))
    met = 0
    for one, other in pairs:
        verdict = held(re.sub(r"clauses_new = .*", "", drafted(ASTCT, one)), ASTCT, other)  # it may lack those of one
        alike = difference(one.scale("crs"), other.scale("crs"))
        apart = sum(int((g.grades[0] != g.grades[1]).sum()) for g in groups((one.scale("crs"), other.scale("crs"))))
        assert verdict.is_met == alike.is_none
        assert bool(verdict.more or verdict.not_so) == bool(apart)
        met += verdict.is_met
    assert 0 < met < len(pairs)  # readings of icans leave crs alone


C1 = """
old = "astct-2019"
new = "astct-2019"
approved_by = "toxicity board"
reason = "6 L/min counts as high flow"
"""
HIGH = load("astct-2019", {"C1": "high"})
ONE = """
[[rule]]
scale = "crs"
when = {{ {when} }}
old = {old}
new = {new}
"""
SIX = 'o2_flow_l_min = "6", oxygen_other_cause = "no", o2_device = "nasal_cannula or high_flow_nasal_cannula"'


def rule(when: str = SIX, old: int = 2, new: int = 3) -> str:
    return ONE.format(when=when, old=old, new=new)


SAME = [
    SIX,
    'o2_flow_l_min = 6, oxygen_other_cause = false, o2_device = ["nasal_cannula", "high_flow_nasal_cannula"]',
    'o2_flow_l_min = "6..6", oxygen_other_cause = "false", o2_device = "high_flow_nasal_cannula, nasal_cannula"',
    'o2_flow_l_min = "6–6", oxygen_other_cause = [false], o2_device = ["high_flow_nasal_cannula or nasal_cannula"]',
]


@pytest.mark.parametrize("when", SAME)
def test_the_wording_does_not_count(when: str) -> None:
    verdict = held(C1 + rule(when), ASTCT, HIGH)
    assert verdict.is_met
    assert verdict.expected.without_reason == 0  # the whole has one


def test_rules_may_be_split_repeated_and_reordered() -> None:
    halves = [
        rule(SIX.replace("nasal_cannula or high_flow_nasal_cannula", d))
        for d in ("high_flow_nasal_cannula", "nasal_cannula")
    ]
    assert held(C1 + "".join(halves), ASTCT, HIGH).is_met
    assert held(C1 + "".join([*reversed(halves), rule()]), ASTCT, HIGH).is_met
    assert not held(C1 + halves[0], ASTCT, HIGH).is_met
    cut = '"4 to below 6 or 6"'  # cells finer than the tables cut them
    assert not held(C1 + rule(SIX.replace('"6"', cut)), ASTCT, HIGH).is_met


def test_what_was_not_approved_is_told_with_its_clauses_and_a_witness() -> None:
    half = rule(SIX.replace(" or high_flow_nasal_cannula", ""))
    verdict = held(C1 + half, ASTCT, HIGH)
    (more,) = verdict.more
    assert str(more) == "o2_device high_flow_nasal_cannula, oxygen_other_cause no, o2_flow_l_min 6: 2 → 3"
    assert (more.clauses_old, more.clauses_new) == (("crs.hypoxia.low_flow",), ("crs.hypoxia.high_flow",))
    assert more.witness is not None
    assert not verdict.not_so


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (rule(SIX.replace('"6"', '"5 to below 6 or 6"')), ("5 to below 6", "2 in both")),
        (rule(new=4), ("6", "2 → 3")),
        (rule(old=1), ("6", "2 → 3")),
        (rule() + rule('temp_c = "≥ 40", fever_other_cause = "no"', 1, 2), ("≥ 40", "1 in both")),
        (rule() + rule("creatinine_grade = 4", 4, 0), ("4", "no scale reads creatinine_grade")),
        (
            rule() + rule('temp_c = "≥ 40", o2_device = "blow_by"', 2, 3),
            ("≥ 40", "no grade rests on these fields together"),
        ),
    ],
)
def test_what_is_approved_and_not_so(text: str, told: tuple[str, str]) -> None:
    verdict = held(C1 + text, ASTCT, HIGH)
    (each,) = verdict.not_so
    assert not verdict.is_met
    assert not verdict.more
    words, now = told
    assert (words in each.when.values(), each.now) == (True, now)


def test_a_gate_may_be_approved_with_and_without_the_grades_it_is_told_with() -> None:
    literal = load("astct-2019", {"C8": "literal"})
    text = drafted(ASTCT, literal)
    assert text.count('gate = "shuts"') == 2
    with_grades = text.replace('gate = "shuts"', 'gate = "shuts"\nold = 4\nnew = 0')
    assert held(with_grades, ASTCT, literal).is_met
    wrong = held(text.replace('gate = "shuts"', 'gate = "shuts"\nold = 3\nnew = 0'), ASTCT, literal)
    assert {(each.approved.change, each.now) for each in wrong.not_so} == {
        ("the gate shuts, 3 → 0", "the gate shuts, 4 → 0")
    }
    assert not held(text.replace("shuts", "opens"), ASTCT, literal).is_met
    plain = held(text.replace('gate = "shuts"', "old = 4\nnew = 0"), ASTCT, literal)
    assert {each.now for each in plain.not_so} == {"the gate shuts, 4 → 0"}


def test_what_changes_beside_the_tables_is_approved_in_the_words_of_the_comparison() -> None:
    late = load("astct-2019", {"C26": "seven_days"})
    text = C1 + '[[beside]]\nscale = "crs"\nwhat = "episode, quiet_h: 24 → 168"\nreason = "as we have it"\n'
    assert held(text, ASTCT, late).is_met
    verdict = held(text, ASTCT, HIGH)
    assert (verdict.more_beside, verdict.not_so_beside) == ((), ("crs: episode, quiet_h: 24 → 168",))
    assert held(C1, ASTCT, late).more_beside == ("crs: episode, quiet_h: 24 → 168",)


def test_scales_of_one_side_are_approved_by_name() -> None:
    text = drafted(LEE, ASTCT)
    assert 'only_new = ["icans"]' in text
    assert held(text.replace('"icans"', '"icans", "icaht"'), LEE, ASTCT).not_so_beside == ("only in NEW: icaht",)
    assert held(text.replace('only_new = ["icans"]', ""), LEE, ASTCT).more_beside == ("only in NEW: icans",)


def test_a_rule_of_a_scale_that_new_has_lost_is_told() -> None:
    text = 'old = "astct-2019"\nnew = "lee-2014"\n[[rule]]\nscale = "icans"\nwhen = { ice = "7..9" }\nold = 1\nnew = 2'
    (each,) = held(text, ASTCT, LEE).not_so
    assert each.now == "not compared, for NEW has no scale icans"


WRONG = [
    ("old = 1", "old: input should be a valid string"),
    ("x = [", "not TOML: "),
    ('new = "lee-2014"\nold = "astct-2019"', "it is about astct-2019 → lee-2014, and astct-2019 → astct-2019"),
    (C1 + 'approvd_by = "x"', "unknown key 'approvd_by'; did you mean 'approved_by'? allowed: old, new,"),
    (C1 + rule() + "grade = 3", "rule 1: unknown key 'grade'; did you mean 'gate'? allowed: scale, when, old"),
    (C1 + rule() + 'reasn = ""', "rule 1: unknown key 'reasn'; did you mean 'reason'?"),
    (C1 + rule(old=7), "rule 1 old: input should be less than or equal to 5"),
    (C1 + rule(old=3), "rule 1: old and new are both 3, which is no change"),
    (C1 + rule().replace("old = 2", ""), 'rule 1: write the grades old and new, or gate = "opens" or "shuts"'),
    (C1 + rule().replace("old = 2", 'old = "2"'), "rule 1 old: input should be a valid integer"),
    (C1 + rule().replace("scale", "scal"), "unknown key 'scal'; did you mean 'scale'?"),
    (C1 + rule().replace('"crs"', '"csr"'), "rule 1: astct-2019 has no scale 'csr'; did you mean 'crs'?"),
    (C1 + rule().replace('"crs"', '"icans"'), "rule 1: the scale icans is not compared; add --scale icans"),
    (C1 + rule('o2_flow = "6"'), "rule 1: there is no field 'o2_flow'; did you mean 'o2_flow_l_min'?"),
    (C1 + rule('temp_c = "≥ 101"'), "rule 1: temp_c tests '>= 101', which lies outside"),
    (C1 + rule('temp_c = "50–60"'), "which lies outside a number from 25 to 45"),
    (C1 + rule('temp_c = "38,5"'), "rule 1: temp_c tests '38,5'; write"),
    (C1 + rule("temp_c = []"), "rule 1: temp_c is an empty list"),
    (C1 + rule('temp_c = "-"'), "leave a field out that may be anything"),
    (C1 + rule("temp_c = 2026-01-01"), "rule 1: temp_c must be text as in"),
    (C1 + rule('o2_device = "nose"'), "rule 1: o2_device is never 'nose'; it is one of none"),
    (C1 + rule(""), "rule 1 when: "),
    (
        C1 + rule('o2_flow_l_min = "above 6 to below 6"'),
        "rule 1 holds for no finding: o2_flow_l_min",
    ),
    (C1 + rule() + rule(new=4), "rules 1 and 2 contradict each other: for o2_device nasal_cannula or high"),
    (
        C1 + rule() + 'clauses_new = ["crs.hypoxia.high_flw"]',
        "names the clause crs.hypoxia.high_flw, which NEW (astct-2019) no longer has; did you mean 'crs.hypoxia.high_f",
    ),
    (
        C1 + rule() + 'clauses_old = ["x"]',
        "OLD (astct-2019) does not have; cartox guideline astct-2019 prints them",
    ),
    (C1 + '[[beside]]\nscale = "crs"\nwat = "x"', "beside 1: unknown key 'wat'; did you mean 'what'?"),
    (C1 + '[[beside]]\nscale = "x"\nwhat = "x"', "beside 1: astct-2019 has no scale 'x'"),
    (C1 + 'rule = "x"', "rule: input should be a valid list"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ExpectationError) as wrong:
        held(text, ASTCT, HIGH)
    assert said in str(wrong.value), str(wrong.value)


def test_findings_that_take_in_everything_are_told_by_their_first_field() -> None:
    (group,) = (g for g in groups((LEE.scale("crs"),)) if "organ_toxicity_grade" in g.names)
    everything = region_of(group.axes, tuple(tuple(range(len(axis.bands))) for axis in group.axes))
    assert [(name, in_words(tests)) for name, tests in everything] == [("organ_toxicity_grade", "0–4")]
    assert cells_of(everything, group.axes).all()


def test_one_scale_of_old_against_two_of_new_is_refused() -> None:
    cartox = load("cartox-2018")
    text = 'old = "astct-2019"\nnew = "cartox-2018"'
    with pytest.raises(ExpectationError, match="crs of OLD is compared with two scales"):
        expectation_of(text, ASTCT, cartox, [("crs", "crs"), ("crs", "cres")])


@given(
    low=st.decimals(25, 35, places=8), high=st.decimals(35, 45, places=8), ends=st.tuples(st.booleans(), st.booleans())
)
def test_a_test_in_words_is_read_back_as_it_was(low: float, high: float, ends: tuple[bool, bool]) -> None:
    between = Between(float(low), ends[0], float(high), ends[1])
    assert from_words(in_words([between]), READABLE["temp_c"]) in (
        (between,),
        (Between(float(low), True, float(high), True),),  # one value, where both ends are the same
    )
