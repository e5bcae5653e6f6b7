"""What the care team gives, and never gives (Ferreri 2024, Tables 3 and 7)."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from harness.patients.body import Body, Given
from harness.patients.care import crs_team, doses_needed, neuro_team, to_next_round, tocilizumab_mg
from harness.patients.courses import live
from harness.patients.illness import NEVER
from harness.patients.people import NEURO_ROUND_MIN, ROUND_MIN
from harness.scenarios.policy_file import load_policy
from harness.scenarios.policy_words import policy_lines
from tests.harness.simulated import a_person, changes, graded, script

STEROIDS = {"dexamethasone", "methylprednisolone"}
# Trials with every level of both toxicities, children, deaths, and antipyretics round the clock.
WATCHED = [
    ("table1", "KarMMa"),
    ("table1", "ELIANA"),
    ("table1", "ZUMA-3"),
    ("masked-fever", "ZUMA-1"),
    ("late-icans", "ZUMA-2"),
    ("pediatric", "ELIANA"),
]
FAR = 10**9
PACES = st.lists(st.floats(0, 1), min_size=24, max_size=24)


@pytest.fixture(scope="module", params=WATCHED, ids="-".join)
def watched(request):
    """Patients charted whole, and what was given to each of them."""
    return graded(*request.param, count=400)


class Patient(NamedTuple):
    """One patient of a block: what was given, and what was charted and graded, a row a round."""

    place: int
    doses: tuple[Given, ...]
    minute: Any
    fields: dict[str, Any]
    crs: Any
    icans: Any

    def given(self, *drugs):
        return [dose for dose in self.doses if dose.drug in drugs]

    def first(self, seen):
        """The first minute at which something is charted; far away without one."""
        return int(self.minute[seen][0]) if seen.any() else FAR


def patients(block):
    ends = np.append(block.starts[1:], len(block.chart.place))
    for place, doses in enumerate(block.log.given):
        rows = slice(int(block.starts[place]), int(ends[place]))
        columns = block.chart.columns
        fields = {name: column[rows] for name, column in columns.fields.items()}
        grades = [block.grades[scale].floor[rows] for scale in ("crs", "icans")]
        yield Patient(place, doses, columns.minute[rows], fields, *grades)


def test_tocilizumab_is_8_mg_per_kg_and_800_mg_at_most(watched):
    for patient in patients(watched):
        weight = float(watched.people.weight_kg[patient.place])
        for dose in patient.given("tocilizumab"):
            assert dose.dose == pytest.approx(min(8 * weight, 800.0), abs=0.05)
            assert (dose.unit, dose.route) == ("mg", "IV")


def test_tocilizumab_is_given_four_times_at_most_and_8_h_apart(watched):
    for patient in patients(watched):
        times = [dose.minute for dose in patient.given("tocilizumab")]
        assert len(times) <= 4
        assert all(later - earlier >= 480 for earlier, later in pairwise(times))


def test_steroids_have_the_doses_of_the_tables(watched):
    for patient in patients(watched):
        weight = float(watched.people.weight_kg[patient.place])
        assert {d.dose for d in patient.given("dexamethasone")} <= {min(10.0, round(0.5 * weight, 1))}
        assert {d.dose for d in patient.given("methylprednisolone")} <= {min(1000.0, round(30 * weight, 0))}
        assert {d.unit for d in patient.given(*STEROIDS)} <= {"mg"}


def test_the_two_teams_never_give_a_steroid_twice(watched):
    for patient in patients(watched):
        for earlier, later in pairwise(patient.given(*STEROIDS)):
            assert later.minute - earlier.minute >= (6 * 60 if later.drug == "dexamethasone" else 1)
        for one, two in pairwise(patient.given("methylprednisolone")):
            assert two.minute - one.minute >= 12 * 60


def test_the_team_acts_at_its_rounds(watched):
    scheduled = watched.block.scenario.care.antipyretic_every_h
    for patient in patients(watched):
        assert {dose.drug for dose in patient.doses} <= {"acetaminophen", "tocilizumab", *STEROIDS}
        for dose in patient.doses:
            assert dose.minute % ROUND_MIN == 0 or (scheduled and dose.drug == "acetaminophen")


def test_nobody_is_treated_for_crs_before_the_first_charted_fever(watched):
    for patient in patients(watched):
        fever = patient.first(patient.fields["temp_c"] >= 38.0)
        assert all(dose.minute >= fever for dose in patient.given("acetaminophen", "tocilizumab"))


def test_tocilizumab_waits_for_charted_hypotension_or_hypoxia(watched):
    for patient in patients(watched):
        sign = patient.first((patient.fields["hypotension"] == 1) | (patient.fields["o2_device"] > 0))
        assert all(dose.minute >= sign for dose in patient.given("tocilizumab"))


def test_steroids_wait_for_charted_crs_of_grade_2_or_icans(watched):
    for patient in patients(watched):
        sign = min(patient.first(patient.crs >= 2), patient.first(patient.icans >= 1))
        assert all(dose.minute >= sign for dose in patient.given(*STEROIDS))


def test_methylprednisolone_is_only_for_what_is_life_threatening(watched):
    for patient in patients(watched):
        worst = min(patient.first(patient.crs >= 4), patient.first(patient.icans >= 4))
        assert all(dose.minute >= worst for dose in patient.given("methylprednisolone"))


def test_nothing_is_given_or_charted_after_death(watched):
    for patient in patients(watched):
        died = int(watched.log.death_min[patient.place])
        assert all(dose.minute <= died for dose in patient.doses)
        if died < FAR:
            assert patient.minute[-1] == -(-died // ROUND_MIN) * ROUND_MIN


def test_grade_1_crs_alone_is_never_given_tocilizumab_or_steroids(watched):
    for patient in patients(watched):
        if patient.crs.max() <= 1 and patient.icans.max() == 0:
            assert not patient.given("tocilizumab", *STEROIDS)


def test_grade_1_neurotoxicity_has_one_dexamethasone_at_most(watched):
    """In those without CRS of grade 2 or more, up to the first charted grade 2."""
    for patient in patients(watched):
        if patient.crs.max() < 2:
            worse = patient.first(patient.icans >= 2)
            assert len([dose for dose in patient.given(*STEROIDS) if dose.minute < worse]) <= 1


def test_acetaminophen_is_15_mg_per_kg_and_650_mg_at_most_and_never_within_4_h(watched):
    for patient in patients(watched):
        dose = min(650, round(15 * float(watched.people.weight_kg[patient.place])))
        given_ = patient.given("acetaminophen")
        assert {d.dose for d in given_} <= {dose}
        assert all(later.minute - earlier.minute >= 240 for earlier, later in pairwise(given_))


def test_the_quiet_are_given_nothing(watched):
    for patient in patients(watched):
        if not patient.crs.any() and not patient.icans.any():
            assert not patient.doses


def test_every_kind_of_course_was_watched():
    blocks = [graded(*which, count=400) for which in WATCHED]
    drugs = {dose.drug for block in blocks for doses in block.log.given for dose in doses}
    assert drugs == {"acetaminophen", "tocilizumab", *STEROIDS}
    for name in ("crs_level", "neuro_level"):
        assert set(np.concatenate([getattr(block.people, name) for block in blocks])) == set(range(6))


def test_antipyretics_round_the_clock_follow_the_first_dose():
    body = live(a_person(crs=1, crs_duration_min=2000), antipyretic_every_min=360)
    assert [dose.minute for dose in body.given] == [3120, 3480, 3840, 4200, 4560, 4920]
    assert [dose.minute for dose in live(a_person(crs=1)).given] == [3120]


@given(st.integers(0, 10**6), st.sampled_from([ROUND_MIN, NEURO_ROUND_MIN]))
def test_the_next_round_is_ahead_and_on_the_hour(minute, every):
    wait = to_next_round(minute, every)
    assert 0 < wait <= every
    assert (minute + wait) % every == 0


@given(st.floats(0.5, 400))
def test_a_dose_of_tocilizumab_is_bounded(weight_kg):
    assert 0 < tocilizumab_mg(weight_kg) <= 800
    assert tocilizumab_mg(100.0) == 800.0
    assert tocilizumab_mg(99.9) == 799.2


def test_most_need_one_dose_and_nobody_more_than_four():
    needed = [doses_needed(u / 1000) for u in range(1000)]
    assert [needed.count(n) for n in (1, 2, 3, 4)] == [600, 250, 100, 50]


def scripted(stages: dict[int, int], needed: float = 0.99, peak_at: int = 0) -> list[Given]:
    """What is given for CRS to a body whose stages are written by hand, at minutes after the first fever at 3,000."""
    body = Body(simpy.Environment(), a_person(crs=4, pace={6: needed}))
    script(body.crs, {3000 + minute: stage for minute, stage in stages.items()}, 3000 + peak_at)
    body.tell(crs_team(body, body.crs))
    body.env.run(until=20_000)
    return body.given


def shortly(doses: list[Given]) -> list[tuple[int, str]]:
    return [(dose.minute, dose.drug[:4]) for dose in doses]


def test_grade_1_is_watched_until_a_sign_is_seen_at_a_round():
    assert shortly(scripted({1001: 1}, needed=0.0, peak_at=1001)) == [(3120, "acet"), (4080, "toci")]


def test_grade_2_gets_dexamethasone_only_when_it_persists():
    given_ = shortly(scripted({121: 1}))
    assert given_ == [(3120, "acet"), *((m, "toci") for m in (3360, 3840)), (4320, "toci"), (4320, "dexa"),
                      (4800, "toci")]  # fmt: skip


def test_grade_3_gets_dexamethasone_with_the_first_dose():
    assert shortly(scripted({121: 2}, needed=0.0)) == [(3120, "acet"), (3360, "toci"), (3360, "dexa")]


def test_grade_4_gets_methylprednisolone_when_the_first_doses_do_not_help():
    given_ = shortly(scripted({121: 3}, needed=0.7))
    assert given_ == [(3120, "acet"), (3360, "toci"), (3360, "dexa"), (3840, "toci"), (3840, "meth")]


STANDARD_WORDS = " ".join([load_policy("standard").text, *(a.text for a in load_policy("standard").assumed)])


@pytest.mark.parametrize(
    ("stage", "drug", "at_doses", "words"),
    [
        (2, "dexamethasone", [1, 2, 3, 4], "for CRS dexamethasone with each tocilizumab, every 8 h"),
        (3, "methylprednisolone", [2, 4], "or methylprednisolone with every other one"),
    ],
)
def test_the_words_of_standard_care_are_what_the_team_does_for_crs(stage, drug, at_doses, words):
    found = scripted({121: stage}, needed=0.99)
    doses = [dose.minute for dose in found if dose.drug == "tocilizumab"]
    assert [b - a for a, b in pairwise(doses)] == [8 * 60] * 3
    assert [doses.index(dose.minute) + 1 for dose in found if dose.drug == drug] == at_doses
    assert words in STANDARD_WORDS


def test_the_words_of_standard_care_are_what_the_team_does_for_icans(watched):
    """Tables 3 and 7 have every 6 h from grade 3 on; no dose of the team comes so soon."""
    for patient in patients(watched):
        gaps = [b.minute - a.minute for a, b in pairwise(patient.given("dexamethasone"))]
        assert min(gaps, default=FAR) >= 8 * 60
        if not patient.given("tocilizumab"):
            assert all(gap % (12 * 60) == 0 for gap in gaps)
    assert "for ICANS every 12 h. The tables have dexamethasone every 6 h from grade 3 on" in STANDARD_WORDS
    assert "From grade 3 on the tables have it every 6 h; the team gives it at its rounds." in STANDARD_WORDS


def test_a_line_of_standard_care_says_what_is_between_two_corticosteroids():
    lines = {line.what: line.told for line in policy_lines(load_policy("standard"))}
    assert lines["corticosteroid for CRS"].endswith(
        "12 h at least between two, 6 h of dexamethasone at signs of grade 3 or more"
    )
    assert "from grade 2 on every 12 h until it yields" in lines["corticosteroid for ICANS"]


def test_who_dies_of_crs_is_treated_to_the_end():
    body = live(a_person(crs=5))
    died = next(minute for minute, channel, _ in changes(body) if channel == "death")
    doses = [dose for dose in body.given if dose.minute <= died]
    assert [dose.drug for dose in doses].count("tocilizumab") == 4
    assert "methylprednisolone" in {dose.drug for dose in doses}
    assert doses[-1].minute > died - 2 * 480


def neuro_scripted(stages: dict[int, int], level: int, u: float) -> list[Given]:
    """What is given for ICANS to a body whose stages are written by hand, at minutes after 9,000."""
    body = Body(simpy.Environment(), a_person(neuro=level, pace={13: u}))
    script(body.neuro, {9000 + minute: stage for minute, stage in stages.items()}, 9000 + max(stages))
    body.tell(neuro_team(body, body.neuro))
    body.env.run(until=20_000)
    return body.given


def test_grade_1_icans_is_watched_or_given_one_dexamethasone():
    assert shortly(neuro_scripted({0: 1}, level=1, u=0.2)) == [(9360, "dexa")]
    assert shortly(neuro_scripted({0: 1}, level=1, u=0.8)) == []
    assert shortly(neuro_scripted({0: 1, 3000: 2}, level=2, u=0.2)) == [(9360, "dexa"), (12_240, "dexa")]
    assert shortly(neuro_scripted({0: 1, 3000: 2}, level=2, u=0.8))[0] == (12_240, "dexa")


def test_icans_of_grade_2_and_more_gets_dexamethasone_every_12_h():
    assert shortly(neuro_scripted({0: 3}, level=3, u=0.6)) == [(9360, "dexa"), (10_080, "dexa"), (10_800, "dexa")]


def test_icans_of_grade_4_gets_methylprednisolone_when_dexamethasone_does_not_help():
    given_ = neuro_scripted({0: 4}, level=4, u=0.9)
    assert shortly(given_) == [(9360, "dexa"), (10_080, "dexa"), (10_800, "meth"), (11_520, "meth")]


@given(crs=st.integers(0, 5), neuro=st.integers(0, 5), pace=PACES)
def test_every_course_ends_and_is_relieved(crs, neuro, pace):
    body = live(a_person(crs, neuro, dict(enumerate(pace))), antipyretic_every_min=360)
    for level, illness in ((crs, body.crs), (neuro, body.neuro)):
        if level in (2, 3, 4):
            assert illness.relieved_min < illness.over_min < NEVER
    assert [dose.drug for dose in body.given].count("tocilizumab") <= 4
