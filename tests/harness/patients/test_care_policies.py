"""What each policy gives, never gives and changes; the patients are the same persons under all."""

import dataclasses
import hashlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core.observation import DRUGS
from harness.cohort.block import simulate_block
from harness.cohort.course_invariants import intended
from harness.patients.body import Body, Given
from harness.patients.courses import live, simulate
from harness.patients.illness import NEVER
from harness.patients.people import Person
from harness.patients.planned import Calendar
from harness.patients.policy import Policy
from harness.patients.prophylaxis import arms
from harness.scenarios.policy_file import load_policy, parse_policy, policy_names
from tests.harness.simulated import a_person, cared_for, changes, the_people, values_of
from tests.quick import quick

TRIALS = ["ZUMA-1", "ELIANA", "ZUMA-3"]  # with deaths of either toxicity, and with children
STEROIDS = {"dexamethasone", "methylprednisolone"}
LATENT = ("age_years", "weight_kg", "crs_onset_min", "neuro_onset_min", "neuro_duration_min", "event_level", "pace")
PACES = st.lists(st.floats(0, 1), min_size=24, max_size=24)


def own(text: str) -> Policy:
    return parse_policy(f'title = "t"\ntext = "x"\ncite = []\n{text}', "own")


def first_fever(log) -> dict[int, int]:
    """The minute of each patient's first fever, by place."""
    place, minute, value = log.steps["fever"]
    found: dict[int, int] = {}
    for who, when, up in zip(place.tolist(), minute.tolist(), value.tolist(), strict=True):
        if up:
            found.setdefault(who, when)
    return found


def minutes(doses, *drugs: str) -> list[int]:
    return [dose.minute for dose in doses if dose.drug in drugs]


# --------------------------------------------------------------------------------------------- the same persons


@pytest.mark.parametrize("name", quick(["early-tocilizumab", "no-treatment"], policy_names()))
def test_a_patient_is_the_same_person_under_every_policy(name: str) -> None:
    one, other = cared_for("standard").people, cared_for(name).people
    for field in LATENT:
        assert np.array_equal(getattr(one, field), getattr(other, field)), field
    longer = name == "early-tocilizumab"
    assert np.array_equal(one.crs_duration_min, other.crs_duration_min) != longer


@pytest.mark.parametrize("name", arms())
def test_prophylaxis_makes_nobody_worse_but_neurotoxicity_of_tocilizumab(name: str) -> None:
    one, other = cared_for("standard").people, cared_for(name).people
    assert (other.crs_level <= one.crs_level).all()
    worse = other.neuro_level > one.neuro_level
    assert worse.any() == (name == "tocilizumab-day-2")
    assert ((other.neuro_level >= one.neuro_level) | (name != "tocilizumab-day-2")).all()


@pytest.mark.parametrize("name", arms())
def test_the_more_ill_stay_the_more_ill(name: str) -> None:
    """Along the patients' rank of CRS, which is theirs, the level never rises."""
    who = cared_for(name).people
    assert (np.diff(who.crs_level[np.argsort(who.draws.lattice(2))]) <= 0).all()


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize("name", ["early-tocilizumab", "steroid-sparing", "no-treatment"])
def test_the_core_finds_the_course_that_was_meant(name: str, trial: str) -> None:
    found = intended(cared_for(name, trial))
    assert found.checked > 10_000
    assert not found.failed


# ------------------------------------------------------------------------------------------------ standard care


def digest(trial: str) -> str:
    """Of all that happened to 200 patients until they recovered or died; doses of one minute in any order."""
    log = simulate(the_people(trial, 200, seed=5), 30)
    found = hashlib.sha256(repr([sorted(doses) for doses in log.given]).encode())
    for place, minute, value in log.steps.values():
        lived = minute <= log.death_min[place]
        for column in (place[lived], minute[lived], value[lived]):
            found.update(column.tobytes())
    found.update(log.end_min.tobytes())
    found.update(log.death_min.tobytes())
    return found.hexdigest()[:16]


BEFORE = {"ZUMA-1": "a20e18e24a3d1755", "ELIANA": "43c01e81ddc03888", "ZUMA-3": "61ff905bf1b17802"}


@pytest.mark.parametrize("trial", BEFORE)
def test_standard_care_gives_what_it_gave_before_there_were_policies(trial: str) -> None:
    """The digests are of the version before; they may change with the patients, never by a policy."""
    assert digest(trial) == BEFORE[trial]


# -------------------------------------------------------------------------------------------- early tocilizumab


@pytest.mark.parametrize("trial", TRIALS)
def test_everybody_with_crs_has_tocilizumab_less_than_12_h_after_the_first_fever(trial: str) -> None:
    block = cared_for("early-tocilizumab", trial)
    fevers = first_fever(block.log)
    assert len(fevers) == int((block.people.crs_level > 0).sum())
    for place, fever in fevers.items():
        given_ = minutes(block.log.given[place], "tocilizumab")
        assert 0 < given_[0] - fever < 12 * 60
        assert len(given_) <= 4
        assert all(later - earlier >= 480 for earlier, later in pairwise(given_))


def test_crs_of_grade_1_has_one_early_dose_and_no_steroid() -> None:
    block = cared_for("early-tocilizumab")
    mild = (block.people.crs_level == 1) & (block.people.neuro_level == 0)
    for place in np.flatnonzero(mild).tolist():
        assert len(minutes(block.log.given[place], "tocilizumab")) == 1
        assert not minutes(block.log.given[place], *STEROIDS)


def test_early_tocilizumab_shortens_crs_and_leaves_its_grade() -> None:
    one, other = cared_for("standard"), cared_for("early-tocilizumab")
    assert np.array_equal(one.peaks("crs")[0], other.peaks("crs")[0])
    ratio = other.people.crs_duration_min / one.people.crs_duration_min
    assert ratio == pytest.approx(np.full(400, 0.75), abs=0.001)


# ---------------------------------------------------------------------------------------------- steroid-sparing


@pytest.mark.parametrize("trial", TRIALS)
def test_steroids_for_crs_only_after_two_doses_of_tocilizumab_have_not_helped(trial: str) -> None:
    block = cared_for("steroid-sparing", trial)
    quiet = np.flatnonzero(block.people.neuro_level == 0).tolist()
    treated = 0
    for place in quiet:
        doses = block.log.given[place]
        for minute in minutes(doses, *STEROIDS):
            treated += 1
            assert sum(m <= minute for m in minutes(doses, "tocilizumab")) >= 3
    assert treated


def test_steroids_for_icans_only_when_it_is_still_there_12_h_later() -> None:
    """Each dose stands at least 12 h after a charted grade 2, in those without CRS of grade 2."""
    block = cared_for("steroid-sparing", "ZUMA-1", 400)
    ends = np.append(block.starts[1:], len(block.chart.place))
    found = 0
    for place in np.flatnonzero(block.people.crs_level < 2).tolist():
        rows = slice(int(block.starts[place]), int(ends[place]))
        second = block.chart.columns.minute[rows][block.grades["icans"].floor[rows] >= 2]
        for minute in minutes(block.log.given[place], *STEROIDS):
            found += 1
            assert minute - int(second[0]) >= 12 * 60
    assert found


def test_fewer_doses_of_steroids_are_given_and_no_grade_moves() -> None:
    one, other = cared_for("standard"), cared_for("steroid-sparing")
    counts = [sum(len(minutes(doses, *STEROIDS)) for doses in block.log.given) for block in (one, other)]
    assert 0 < counts[1] < counts[0]
    assert all(np.array_equal(one.peaks(scale)[0], other.peaks(scale)[0]) for scale in ("crs", "icans"))


# ------------------------------------------------------------------------------------------------- no treatment


@pytest.mark.parametrize("trial", TRIALS)
def test_nobody_is_given_a_dose_but_vasopressors(trial: str) -> None:
    assert not any(cared_for("no-treatment", trial).log.given)
    drugs = {dose.drug for doses in cared_for("no-treatment", trial, full=True).log.given for dose in doses}
    assert drugs
    assert drugs <= set(DRUGS["vasopressor"])


def test_what_nobody_relieves_lasts_longer_or_gets_worse_and_never_milder() -> None:
    one, other = cared_for("standard", "ZUMA-3"), cared_for("no-treatment", "ZUMA-3")
    assert (other.people.crs_level >= one.people.crs_level).all()
    assert (other.people.neuro_level >= one.people.neuro_level).all()
    severe = np.flatnonzero((one.people.crs_level == 3) & (other.people.crs_level == 3))
    assert (other.log.end_min[severe] >= one.log.end_min[severe])[other.log.death_min[severe] == NEVER].all()
    mild = one.people.crs_level <= 2
    assert np.array_equal(other.people.crs_level[mild], one.people.crs_level[mild])


def test_some_of_the_severe_go_on_and_some_of_those_die() -> None:
    levels = [cared_for(name, "ZUMA-3", 400).people.crs_level for name in ("standard", "no-treatment")]
    goes_on = levels[1][levels[0] == 3] > 3
    assert 0.15 < goes_on.mean() < 0.45  # 30 % of about 80 patients
    assert (cared_for("no-treatment", "ZUMA-3").log.death_min < NEVER).sum() > (levels[0] == 5).sum()


def untreated(person: Person) -> Body:
    return live(person, None, load_policy("no-treatment"))


def test_progress_takes_the_patients_own_uniforms() -> None:
    assert values_of(untreated(a_person(crs=3, pace={0: 0.1, 14: 0.31})), "hypotension")[:2] == [1, 2]
    died = untreated(a_person(crs=3, pace={0: 0.1, 14: 0.29, 15: 0.29}))
    assert died.death_min < NEVER
    assert max(values_of(died, "hypotension")) == 3
    worse = untreated(a_person(crs=3, pace={0: 0.1, 14: 0.29, 15: 0.31}))
    assert worse.death_min == NEVER
    assert max(values_of(worse, "hypotension")) == 3
    icans = untreated(a_person(neuro=3, pace={18: 0.19, 19: 0.19}))
    assert icans.death_min < NEVER
    assert max(values_of(icans, "neuro")) == 4


# --------------------------------------------------------------------------------------------------- prophylaxis


@pytest.mark.parametrize("name", arms())
def test_everybody_is_given_what_is_planned_until_death(name: str) -> None:
    block, calendar = cared_for(name), Calendar(load_policy(name))
    for place, doses in enumerate(block.log.given):
        planned = calendar.doses(float(block.people.weight_kg[place]))
        died = int(block.log.death_min[place])
        due = [d for d in planned if d.minute <= died]
        assert [d for d in doses if d in planned] == [d for d in due if d in doses]
        early = [
            d for d in due if d.minute <= 0 or block.people.crs_level[place] + block.people.neuro_level[place] == 0
        ]
        assert set(early) <= set(doses)
        if name not in ("tocilizumab-day-2", "dexamethasone-days-0-2"):  # what the team never gives
            assert set(due) <= set(doses)
        assert list(doses) == sorted(doses, key=lambda d: d.minute)


def test_the_team_does_not_give_again_what_the_calendar_gave() -> None:
    block = cared_for("tocilizumab-day-2", "ZUMA-1")
    for doses in block.log.given:
        given_ = minutes(doses, "tocilizumab")
        assert all(later - earlier >= 480 for earlier, later in pairwise(given_))
    for doses in cared_for("dexamethasone-days-0-2", "ZUMA-1").log.given:
        given_ = minutes(doses, "dexamethasone")
        assert all(later - earlier >= 360 for earlier, later in pairwise(given_))


# ------------------------------------------------------------------------------------------------- own policies

ODD = [
    "[tocilizumab]\nfrom_stage = 3",
    "[tocilizumab]\nmost_doses = 0",
    '[steroids]\ncrs_from_stage = "never"\nicans_from_grade = "never"',
    "[steroids]\nicans_from_grade = 4",
    "[tocilizumab]\nfrom_stage = 2\nwithin_h = 60\nevery_h = 12\n[steroids]\ncrs_from_stage = 1",
    "[tocilizumab]\nfrom_stage = 3\n[course]\ncrs_progress = 1\nicans_progress = 1",
    '[[given]]\ndrug = "tocilizumab"\ndose = 8\nunit = "mg/kg"\nroute = "IV"\nfrom_day = 2.05\nto_day = 5\nevery_h = 9',
]


@pytest.mark.slow
@pytest.mark.parametrize("text", ODD)
@given(crs=st.integers(0, 5), neuro=st.integers(0, 5), pace=PACES)
def test_every_course_ends_under_any_policy(text: str, crs: int, neuro: int, pace: list[float]) -> None:
    policy = own(text)
    planned = Calendar(policy).minutes
    body = live(a_person(crs, neuro, dict(enumerate(pace))), 360, policy, planned)
    assert body.env.peek() == float("inf")
    given_ = [dose.minute for dose in body.given if dose.drug == "tocilizumab"]
    assert len(given_) <= policy.tocilizumab.most_doses
    assert all(b - a >= 60 * policy.tocilizumab.every_h for a, b in pairwise(given_))
    assert all(dose.minute % 240 == 0 for dose in body.given if dose.drug != "acetaminophen")


def test_tocilizumab_from_a_higher_stage_waits_for_it() -> None:
    usual, later = (live(a_person(crs=4), None, own(f"[tocilizumab]\nfrom_stage = {stage}")) for stage in (1, 3))
    reached = next(minute for minute, _, value in changes(later) if value == 3)
    assert min(minutes(later.given, "tocilizumab")) >= reached > min(minutes(usual.given, "tocilizumab"))
    assert not minutes(live(a_person(crs=3), None, own("[tocilizumab]\nfrom_stage = 3")).given, "tocilizumab")


def test_an_effect_of_ones_own_multiplies_the_shares() -> None:
    policy = own("[effect]\ncrs = [0.5, 0.5, 0, 0, 0]\nicans = [1, 1, 1, 1, 1]")
    block = dataclasses.replace(cared_for("standard").block, count=400)
    found = dataclasses.replace(block, scenario=block.scenario.under(policy))
    who = simulate_block(found)[0]
    assert (who.crs_level > 0).mean() == pytest.approx(0.465, abs=0.01)
    assert who.crs_level.max() == 2
    assert np.array_equal(who.neuro_level, cared_for("standard").people.neuro_level)


def test_a_dose_by_the_calendar_is_left_out_shortly_after_one_of_the_team() -> None:
    policy = own('[[given]]\ndrug = "tocilizumab"\ndose = 8\nunit = "mg/kg"\nroute = "IV"\nfrom_day = 3')
    assert Calendar(policy).minutes == {"tocilizumab": [4320]}
    for given_at, due in ((3600, True), (3840, True), (3841, False), (4319, False), (4320, True), (4560, True)):
        body = live(a_person(), None, policy, Calendar(policy).minutes)
        body.given.append(Given(given_at, "tocilizumab", 560.0, "mg", "IV"))
        assert body.is_due("tocilizumab", 4320) == due
