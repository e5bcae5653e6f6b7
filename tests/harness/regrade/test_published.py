"""What was published: read, cited, adding up, and put beside what is here."""

from cartox_core.bibliography import bibliography
from harness.cohort.block import Block
from harness.regrade.published import beside, studies
from harness.regrade.regraded import regrade_blocks
from harness.regrade.under import chosen_under, every_under
from harness.scenarios.loader import load_scenario
from tests.harness.regrade.peaks import regraded

SHELF = {u.label: u.family for u in every_under()}


def test_every_study_cites_a_work_and_names_scales_of_the_shelf() -> None:
    for study in studies():
        assert {cite.split(" ")[0] for cite in study.cite} <= set(bibliography())
        named = [
            *study.any_toxicity,
            *study.any_toxicity_pct,
            *study.scales,
            *(n for p in study.pair for n in (p.one, p.other)),
        ]
        assert {SHELF[name] for name in named} <= {study.family}
        assert all(0 < n <= study.patients for n in study.any_toxicity.values())


def test_the_numbers_of_juliet_add_up() -> None:
    juliet = studies()[0]
    assert [p.same + p.lower + p.higher for p in juliet.pair] == [64, 64]
    assert juliet.any_toxicity["penn-2018:crs"] == 64


def test_beside_the_patients_at_hand() -> None:
    found = regraded(("0", "0", "0"), ("2", "2", "3"), ("3", "2-3", "3-4"), ("1", "0-1", "2"))
    rows = {(b.study.cite[0], b.what): (b.published, b.here) for b in beside(found)}
    juliet = "schuster-2020 abstract"
    assert rows[juliet, "any grade by penn-2018:crs"] == ("64 of 111 (58 %)", "75 %")
    assert rows[juliet, "any grade by lee-2014:crs"] == ("63 of 111 (57 %)", "50 % to 75 %")
    assert rows[juliet, "astct-2019:crs against penn-2018:crs, of those graded"] == (
        "same 58 %, lower 36 %, higher 6 %",
        "same 33 %, lower 67 %, higher 0 %",
    )
    assert rows["pennisi-2020 abstract", "same grade in all 5"] == ("25 %", "")
    assert not any(b.study.family == "neurotoxicity" for b in beside(found))


def test_agreement_of_a_family_that_no_study_lists_is_that_of_what_is_here() -> None:
    two = regraded(("0", "0"), ("2", "2-3"), ("1", "0"), labels=("astct-2019:icans", "cartox-2018:cres"))
    rows = {b.what: b.here for b in beside(two)}
    assert rows["same grade in all (here 2)"] == "67 % (33 % to 67 %)"
    assert rows["any toxicity told alike in all (here 2)"] == "67 %"
    one = regraded(("0",), labels=("astct-2019:icans",))
    assert {b.what: b.here for b in beside(one)}["same grade in all (here 1)"] == ""


def test_nobody_graded_is_no_division_by_nothing() -> None:
    rows = {b.what: b.here for b in beside(regraded(("0", "0", "0")))}
    assert rows["astct-2019:crs against penn-2018:crs, of those graded"] == "same –, lower –, higher –"


def test_a_study_of_a_trial_stands_beside_the_simulated_patients_of_that_trial() -> None:
    unders = chosen_under(["penn-2018:crs", "lee-2014:crs", "astct-2019:crs"])
    blocks = [Block(load_scenario("table1"), name, 1, 0, 40) for name in ("JULIET", "ZUMA-1")]
    both = regrade_blocks(blocks, unders, lambda _: None)
    alone = regrade_blocks(blocks[:1], unders, lambda _: None)
    juliet = [(b.what, b.here) for b in beside(both) if b.study.trial == "JULIET"]
    assert juliet == [(b.what, b.here) for b in beside(alone) if b.study.trial == "JULIET"]
    assert any("here the simulated patients of JULIET" in b.study.note for b in beside(both))
    assert not any("here the simulated" in b.study.note for b in beside(alone))
