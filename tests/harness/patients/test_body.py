"""What happens in one body, by the minute: its illnesses, with relief and without."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from harness.patients.body import Body
from harness.patients.illness import BRIEF, NEVER, PROLONGED, UNRELIEVED_LONGEST_MIN, Illness, spread
from harness.patients.log import DEATH_FROM_CRS, DEATH_FROM_ICANS
from harness.patients.people import NEURO_ROUND_MIN, ROUND_MIN, Person
from tests.harness.simulated import a_person, changes, values_of

PACES = st.lists(st.floats(0, 1), min_size=24, max_size=24)


def lived(person: Person, crs_relief_at: int | None = None, neuro_relief_at: int | None = None) -> Body:
    """The body at the end of its course, without a care team but for relief at a minute, whatever is seen then."""
    body = Body(simpy.Environment(), person)
    for illness, at in ((body.crs, crs_relief_at), (body.neuro, neuro_relief_at)):
        if illness is not None and at is not None:
            illness.relieve(at)
    body.end()
    return body


def log(body: Body, channel: str) -> list[tuple[int, int]]:
    return [(minute, value) for minute, name, value in changes(body) if name == channel]


def rises_and_falls(stages: Sequence[int], peak: int) -> bool:
    return list(stages) == [*range(1, peak + 1), *range(peak - 1, -1, -1)]


def test_level_1_is_a_fever_that_goes_by_itself():
    body = lived(a_person(crs=1))
    assert changes(body) == [(3000, "fever", 1), (13_000, "fever", 0)]


@pytest.mark.parametrize("level", [2, 3, 4])
def test_a_level_is_reached_stage_by_stage_and_left_the_same_way(level):
    body = lived(a_person(crs=level, pace={0: 0.1}), crs_relief_at=9000)
    assert rises_and_falls(values_of(body, "hypotension"), level - 1)
    assert set(values_of(body, "oxygen")) == {0}
    times = [minute for minute, _ in log(body, "hypotension")]
    assert all(later - earlier > ROUND_MIN for earlier, later in pairwise([3000, *times]))


def test_fever_goes_after_relief_and_before_the_other_signs():
    body = lived(a_person(crs=3), crs_relief_at=9000)
    (began, _), (went, _) = log(body, "fever")
    assert began == 3000
    assert 9000 + ROUND_MIN < went < log(body, "hypotension")[-1][0]


def test_without_relief_the_peak_lasts_ten_days():
    body = lived(a_person(crs=3, pace={0: 0.1}, crs_duration_min=1500))
    stages = log(body, "hypotension")
    peak_at = next(minute for minute, value in stages if value == 2)
    assert log(body, "fever")[1][0] > peak_at + UNRELIEVED_LONGEST_MIN


def test_relief_before_the_peak_waits_for_the_peak():
    body = lived(a_person(crs=4, pace={0: 0.1}), crs_relief_at=3100)
    assert rises_and_falls(values_of(body, "hypotension"), 3)


@pytest.mark.parametrize(
    ("u", "signs"),
    [(0.0, {"hypotension"}), (0.36, {"oxygen"}), (0.61, {"hypotension", "oxygen"}), (0.9, {"hypotension", "oxygen"})],
)
def test_signs_come_on_the_axes_of_the_person(u, signs):
    body = lived(a_person(crs=4, pace={0: u}), crs_relief_at=9000)
    assert {c for c in ("hypotension", "oxygen") if any(values_of(body, c))} == signs
    both = zip(values_of(body, "hypotension"), values_of(body, "oxygen"), strict=True)
    behind = 1 if 0.60 <= u < 0.85 else 0
    if len(signs) == 2:
        assert all(oxygen == max(pressure - behind, 0) for pressure, oxygen in both)


@given(u=st.floats(0, 1), median=st.floats(0.1, 100))
def test_a_time_is_from_half_to_twice_its_median(u, median):
    assert 0.999 * median / 2 <= spread(u, median) <= 1.001 * 2 * median


def test_death_from_crs_ends_at_the_worst_stage():
    body = lived(a_person(crs=5, pace={0: 0.1}))
    assert rises_and_falls([*values_of(body, "hypotension"), 2, 1, 0], 3)
    assert changes(body)[-1][1:] == ("death", DEATH_FROM_CRS)
    assert body.death_min < NEVER
    assert values_of(body, "fever") == [1]


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_neurotoxicity_rises_and_falls_stage_by_stage(level):
    body = lived(a_person(neuro=level), neuro_relief_at=12_000)
    assert rises_and_falls(values_of(body, "neuro"), level)
    assert not log(body, "seizure")
    times = [minute for minute, _ in log(body, "neuro")]
    assert times[0] == 9000
    assert all(later - earlier > NEURO_ROUND_MIN for earlier, later in pairwise(times))


@pytest.mark.parametrize(("level", "kind"), [(3, BRIEF), (4, PROLONGED)])
def test_a_seizure_is_the_peak_and_is_met_by_one_neurological_round(level, kind):
    body = lived(a_person(neuro=level, pace={8: 0.1}), neuro_relief_at=12_000)
    (began, shown), (ended, gone) = log(body, "seizure")
    assert (shown, gone) == (kind, 0)
    assert ended - began == NEURO_ROUND_MIN
    assert sum(1 for minute in range(0, ended, NEURO_ROUND_MIN) if began <= minute < ended) == 1
    assert rises_and_falls(values_of(body, "neuro"), level - 1)


@pytest.mark.parametrize("level", [1, 2])
def test_mild_neurotoxicity_has_no_seizure(level):
    assert not log(lived(a_person(neuro=level, pace={8: 0.0}), neuro_relief_at=12_000), "seizure")


def test_death_from_neurotoxicity_ends_at_the_worst_stage():
    body = lived(a_person(neuro=5))
    assert values_of(body, "neuro") == [1, 2, 3, 4]
    assert changes(body)[-1][1:] == ("death", DEATH_FROM_ICANS)


def test_grade_1_neurotoxicity_goes_without_relief():
    assert log(lived(a_person(neuro=1)), "neuro") == [(9000, 1), (17_000, 0)]


@given(crs=st.integers(0, 5), neuro=st.integers(0, 5), pace=PACES)
def test_whatever_the_pace_time_runs_forward_and_stages_move_by_one(crs, neuro, pace):
    body = lived(a_person(crs, neuro, dict(enumerate(pace))), crs_relief_at=9000, neuro_relief_at=12_000)
    minutes = [minute for minute, _, _ in changes(body)]
    assert minutes == sorted(minutes)
    for channel in ("hypotension", "oxygen", "neuro"):
        stages = [0, *values_of(body, channel)]
        assert all(abs(a - b) <= 1 for a, b in pairwise(stages))
    if crs in (1, 2, 3, 4) and neuro < 5:
        assert values_of(body, "fever") == [1, 0]
        assert body.crs is not None
        assert body.crs.stage(body.crs.over_min) == 0


def test_a_toxicity_is_over_with_its_last_sign_and_with_death_from_the_other():
    body = lived(a_person(crs=1, neuro=5))
    assert body.crs is not None
    died = body.death_min
    assert body.crs.over_min == 13_000 < died
    for now, crs_over, neuro_over in ((12_999, False, False), (13_000, True, False), (died, True, True)):
        body.now = now
        assert (body.is_over("crs"), body.is_over("neuro")) == (crs_over, neuro_over)
    late = lived(a_person(crs=2, neuro=5, crs_onset_min=died - 1))
    late.now = died
    assert late.is_over("crs")
    assert late.next_min() == NEVER


def test_what_changes_next_is_a_stage_the_end_or_relief_that_comes_by_itself():
    illness = Illness([100, 200], [1, 2], peak_min=200)
    assert [illness.next_min(m) for m in (0, 100, 199)] == [100, 200, 200]
    assert illness.next_min(200) == 200 + UNRELIEVED_LONGEST_MIN
    illness.relieve(300)
    assert (illness.stage(250), illness.is_over(299), illness.is_over(300)) == (2, False, True)
    assert illness.next_min(300) == NEVER
    assert [illness.reaches(stage) for stage in (1, 2, 3)] == [100, 200, NEVER]


def test_relief_comes_by_itself_at_last():
    body = lived(a_person(crs=2, neuro=2))
    assert body.crs is not None
    assert body.neuro is not None
    assert max(body.crs.relieved_min, body.neuro.relieved_min) < NEVER
    assert max(body.crs.over_min, body.neuro.over_min) < NEVER
    peak = next(minute for minute, value in log(body, "oxygen") if value == 1)
    gone = next(minute for minute, value in log(body, "fever") if value == 0)
    assert gone > peak + UNRELIEVED_LONGEST_MIN
