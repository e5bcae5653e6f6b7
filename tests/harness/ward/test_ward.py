"""A ward never has more than it has, and what waits for nothing comes out as each patient alone."""

import itertools
from collections import Counter
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import load
from harness.cohort.standing import standing
from harness.cohort.workers import worker_pool
from harness.patients.body import Body
from harness.patients.courses import begin, live
from harness.patients.people import Person
from harness.patients.stories import Told
from harness.scenarios.infusions import infusions
from harness.scenarios.loader import CareSpec, load_scenario
from harness.scenarios.ward_spec import Surge, WardSpec
from harness.ward import replication
from harness.ward.arrivals import arrivals
from harness.ward.measures import measures
from harness.ward.replication import Replication, minutes_at, replicate
from harness.ward.run import replications
from harness.ward.stress import checklist
from tests.harness.simulated import a_person

SCENARIO = load_scenario("ward-surge")
ASTCT = load("astct-2019")
assert SCENARIO.ward is not None
SMALL = SCENARIO.ward.model_copy(update={"patients": 120, "surge": None})


def ward(seed: int = 1, **changed: object) -> Replication:
    return replicate(SCENARIO, SMALL.model_copy(update=changed), seed, ASTCT)


PLENTY = {"icu_beds": 5000, "tocilizumab_doses": 5000, "nurses": 5000, "round_min": 0.001}
SCARCE = {"icu_beds": 1, "tocilizumab_doses": 3, "nurses": 1}


@pytest.fixture(scope="module")
def scarce() -> Replication:
    return ward(**SCARCE)


@given(
    st.floats(0.5, 60),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(1, 80),
    st.one_of(
        st.none(),
        st.builds(
            lambda a, n, t: Surge(from_week=a, to_week=a + n, times=t),
            st.integers(1, 5),
            st.integers(0, 3),
            st.floats(0.1, 5),
        ),
    ),
)
def test_infusions_are_as_many_as_wanted_in_order_and_on_their_weekdays(
    a_week: float, weekdays: set[int], patients: int, surge: Surge | None
) -> None:
    spec = SMALL.model_copy(
        update={"patients_a_week": a_week, "weekdays": tuple(weekdays), "patients": patients, "surge": surge}
    )
    minutes = list(infusions(spec))
    assert len(minutes) == patients
    assert minutes == sorted(minutes)
    assert {minute // 1440 % 7 for minute in minutes} <= weekdays


def test_a_surge_brings_so_many_more() -> None:
    spec = SMALL.model_copy(
        update={"patients": 100, "patients_a_week": 10, "surge": Surge(from_week=2, to_week=3, times=2)}
    )
    weeks = Counter(minute // (7 * 1440) + 1 for minute in infusions(spec))
    assert weeks == {1: 10, 2: 20, 3: 20, 4: 10, 5: 10, 6: 10, 7: 10, 8: 10}


def test_products_are_mixed_and_each_has_its_patients_in_order() -> None:
    coming = arrivals(SCENARIO, SMALL.model_copy(update={"patients": 4000}), 3)
    shares = Counter(arrival.trial for arrival in coming)
    assert {name: n / 4000 for name, n in shares.items()} == pytest.approx(dict(SCENARIO.mix), abs=0.03)
    for name, count in shares.items():
        assert [a.index for a in coming if a.trial == name] == list(range(count))


def test_no_more_is_taken_than_there_is(scarce: Replication) -> None:
    starts_and_ends = sorted(
        [(start, 1) for start, _ in scarce.stays] + [(end, -1) for _, end in scarce.stays], key=lambda e: (e[0], e[1])
    )
    taken = most = 0
    for _, by in starts_and_ends:
        taken += by
        most = max(most, taken)
    assert most == SCARCE["icu_beds"]
    refills = scarce.days // SMALL.restock_days
    assert 0 < scarce.doses <= SCARCE["tocilizumab_doses"] * (refills + 1)
    rounds = sorted(scarce.rounds)
    assert {end - start for start, end in rounds} == {SMALL.round_min}
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(rounds))  # one nurse, one round at a time
    assert len(rounds) == sum(wait.what == "nurse" and wait.had for wait in scarce.waits)


def test_who_leaves_a_line_leaves_within_the_illness(scarce: Replication) -> None:
    longest = max(wait.until_min - wait.asked_min for wait in scarce.waits)
    assert longest < 1440 * 40
    assert any(not wait.had for wait in scarce.waits if wait.what == "tocilizumab")
    asked = sum(wait.what == "tocilizumab" for wait in scarce.waits)
    assert asked >= (scarce.plenty.peaks["crs"] >= 2).sum() - scarce.limited.deaths  # whoever needs a dose asks for it
    assert scarce.doses == sum(wait.had for wait in scarce.waits if wait.what == "tocilizumab")


def test_scarcity_makes_wait_and_harms(scarce: Replication) -> None:
    waits = {
        what: [w.waited_min for w in scarce.waits if w.what == what]
        for what in ("nurse", "tocilizumab", "intensive care")
    }
    assert all(any(w is None or w > 0 for w in some) for some in waits.values())
    assert (scarce.limited.peaks["crs"] >= scarce.plenty.peaks["crs"]).all()
    assert (scarce.limited.peaks["crs"] > scarce.plenty.peaks["crs"]).sum() > 5
    assert scarce.limited.deaths >= scarce.plenty.deaths


def test_in_plenty_a_ward_is_its_patients_alone() -> None:
    found = ward(**PLENTY)
    assert all(wait.waited_min == 0 for wait in found.waits)
    for scale, peaks in found.plenty.peaks.items():
        assert (found.limited.peaks[scale] == peaks).all()
    assert found.limited.minutes_at == pytest.approx(found.plenty.minutes_at, abs=300 * 240)


@pytest.mark.slow
def test_the_same_seed_is_the_same_ward_on_any_worker(scarce: Replication) -> None:
    again = ward(**SCARCE)
    assert (again.waits, again.stays, again.doses) == (scarce.waits, scarce.stays, scarce.doses)
    spec = SMALL.model_copy(update={"patients": 40})
    alone = replications(SCENARIO, spec, "astct-2019", range(1, 4), None, 1, lambda _: None)
    with worker_pool(2) as pool:
        shared = replications(SCENARIO, spec, "astct-2019", range(1, 4), pool, 2, lambda _: None)
    assert measures(alone) == measures(shared)


@settings(max_examples=8)
@given(st.integers(0, 2**40))
def test_persons_are_the_same_whatever_the_ward_has(seed: int) -> None:
    spec = SMALL.model_copy(update={"patients": 15})
    rich, poor = (replicate(SCENARIO, spec.model_copy(update=c), seed, ASTCT) for c in ({}, SCARCE))
    for scale in rich.plenty.peaks:
        assert (rich.plenty.peaks[scale] == poor.plenty.peaks[scale]).all()


def test_antipyretics_by_the_clock_are_given_in_a_ward_too(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Body] = []
    every: set[int | None] = set()

    def begun(body: Body, every_min: int | None) -> None:
        found.append(body)
        begin(body, every_min)

    def lived(person: Person, every_min: int | None, *policy_and_plan: Any) -> Body:
        every.add(every_min)
        return live(person, every_min, *policy_and_plan)

    monkeypatch.setattr(replication, "begin", begun)
    monkeypatch.setattr(replication, "live", lived)
    masked = SCENARIO.model_copy(update={"care": CareSpec(antipyretic_every_h=6.0)})
    spec = SMALL.model_copy(update={"patients": 10, **PLENTY})
    told = replicate(masked, spec, 1, ASTCT)
    feverish = [body for body in found if body.person.crs_level]
    doses = [sum(g.drug == "acetaminophen" for g in body.given) for body in feverish]
    days = [body.person.crs_duration_min / 1440 for body in feverish]
    assert len(feverish) > 5
    assert every == {360}
    assert all(count >= 4 * lasts - 2 for count, lasts in zip(doses, days, strict=True))
    assert (told.limited.peaks["crs"] == told.plenty.peaks["crs"]).all()


def test_in_plenty_a_bed_is_taken_for_as_long_as_a_grade_of_3_or_more_stands() -> None:
    found = ward(**PLENTY)
    in_beds = sum(end - start for start, end in found.stays)
    assert sum(found.limited.minutes_at[3:]) == pytest.approx(in_beds, rel=0.1)


def test_who_is_less_ill_for_waiting_died_before(scarce: Replication) -> None:
    found = [scarce, *(ward(seed, **SCARCE, patients=250) for seed in (2, 3))]
    told = {measure.name: measure for measure in measures(found)}
    for scale in ("CRS", "ICANS"):
        assert told[f"{scale} lower than where nothing is short"].values == told[f"{scale} lower, dead before"].values
    assert sum(told["ICANS lower, dead before"].known) > 0


def test_nobody_is_cut_off_who_is_ill_longer_than_the_follow_up() -> None:
    short = SCENARIO.model_copy(update={"follow_up_days": 7})
    spec = SMALL.model_copy(update={"patients": 40, **PLENTY})
    found = replicate(short, spec, 1, ASTCT)
    last_infusion = arrivals(short, spec, 1)[-1].minute
    assert found.days > last_infusion / 1440 + 7
    assert found.limited.minutes_at == pytest.approx(found.plenty.minutes_at, abs=40 * 240)
    assert len(found.stays) == sum(wait.what == "intensive care" and wait.had for wait in found.waits)


def test_a_grade_of_icans_stands_until_the_next_examination() -> None:
    """One patient: ICANS 3 at the examination of hour 12, 1 at hour 24, with rounds between at which nobody asks."""
    examined = np.array([True, False, False, True, False, False, True, False])
    floors = np.array([0, 0, 0, 3, 0, 0, 1, 0], np.uint8)
    starts = np.array([0])
    minute = np.arange(0, 8 * 240, 240, dtype=np.int32)
    stood = standing(floors, examined, starts)
    assert minutes_at(stood, minute, starts).tolist() == [720, 240, 0, 720, 0, 0]


def test_hours_count_from_the_infusion() -> None:
    def told(body: Body) -> Told:
        seen.append(body.now)
        yield 40
        seen.append(body.now)
        yield env.timeout(60)
        seen.append(body.now)

    seen: list[float] = []
    env = simpy.Environment(initial_time=500)
    body = Body(env, a_person(), infused_min=300)
    assert body.now == 200
    body.tell(told(body))
    env.run()
    assert seen == [200, 240, 300]
    assert body.over().triggered


def test_every_item_of_the_checklist_is_filled(scarce: Replication) -> None:
    items = checklist(SCENARIO, SMALL, measures([scarce]), 1, 1)
    one = checklist(SCENARIO, SMALL.model_copy(update=SCARCE), measures([scarce]), 1, 1)
    assert len(items) == 24
    assert all(text and "{" not in text for _, _, text in items)
    assert any("120 patients" in text for _, _, text in items)
    assert any("(L)" in text for _, _, text in items)
    assert any("1 nurse" in text and "1 bed of" in text and "nurses" not in text for _, _, text in one)
    assert any(text.endswith("; 1 replication.") for _, _, text in one)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"icu_beds": 0}, "icu_beds"),
        ({"weekdays": [0, 7]}, "weekdays"),
        ({"surge": {"from_week": 5, "to_week": 4, "times": 2.0}}, "to_week 4 is before from_week 5"),
    ],
)
def test_a_ward_needs_sensible_numbers(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        WardSpec.model_validate({**SMALL.model_dump(), **wrong})
