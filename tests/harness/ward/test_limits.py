"""Who waits for what, and who leaves a line: small wards with a script."""

from collections.abc import Callable, Mapping

import simpy

from harness.patients.body import Body
from harness.patients.courses import begin
from harness.patients.illness import NEVER
from harness.patients.people import Person
from harness.patients.policy import Policy
from harness.scenarios.loader import load_scenario
from harness.scenarios.ward_spec import WardSpec
from harness.ward.limits import Limited
from tests.harness.simulated import a_person, script

Waits = Callable[[simpy.Environment, Body, Body], simpy.events.ProcessGenerator]
Stages = Mapping[int, int]
SCENARIO = load_scenario("ward-surge")
assert SCENARIO.ward is not None
SMALL = SCENARIO.ward


def admitted(hospital: Limited, env: simpy.Environment, stages: Stages, over: int = NEVER, dies: int = NEVER) -> Body:
    """One with stages of CRS by minute, who is well, or dead, from a minute on."""
    body = Body(env, a_person(crs=4), hospital=hospital)
    assert body.crs is not None
    script(body.crs, dict(stages), max(stages, default=0))
    body.crs.over_min, body.death_min = min(over, dies), dies
    hospital.admit(body)
    return body


def ward_of_two(
    one: Mapping[str, object],
    other: Mapping[str, object],
    waits: Waits | None = None,
    until: float = 1000,
    **has: object,
) -> Limited:
    """A ward with two patients, who have what they have as ``admitted`` takes it."""
    env = simpy.Environment()
    hospital = Limited(env, SMALL.model_copy(update=has))
    bodies = [admitted(hospital, env, **{"stages": {}, **patient}) for patient in (one, other)]
    if waits is not None:
        env.process(waits(env, *bodies))
    env.run(until=until)
    return hospital


def test_a_bed_is_asked_for_at_grade_3_and_given_back_below_it() -> None:
    hospital = ward_of_two({"stages": {5: 1, 10: 2, 50: 1}}, {"stages": {20: 3}, "dies": 55}, icu_beds=1)
    assert hospital.stays == [(10.0, 50.0), (50.0, 55.0)]
    assert [(w.asked_min, w.waited_min) for w in hospital.waits] == [(10.0, 0.0), (20.0, 30.0)]


def test_who_recovers_while_waiting_never_had_a_bed() -> None:
    hospital = ward_of_two({"stages": {5: 2, 125: 0}}, {"stages": {5: 2, 65: 1}}, icu_beds=1)
    assert hospital.stays == [(5.0, 125.0)]
    assert [w.waited_min for w in hospital.waits] == [0.0, None]


def test_relief_brings_the_end_of_a_stay_nearer_and_icans_has_a_bed_from_grade_3_on() -> None:
    env = simpy.Environment()
    hospital = Limited(env, SMALL)
    body = Body(env, a_person(crs=2, neuro=3), hospital=hospital)
    begin(body)
    env.run(until=body.over())
    assert body.neuro is not None
    assert body.neuro.relieved_min < NEVER
    severe = body.neuro.stages.index(3)
    assert hospital.stays == [(body.neuro.minutes[severe], body.neuro.minutes[severe + 1])]


def spans(hospital: Limited) -> list[tuple[float, float | None]]:
    return [(wait.asked_min, wait.waited_min) for wait in hospital.waits]


def test_who_is_well_before_a_dose_comes_leaves_it_to_the_next() -> None:
    def waits(env: simpy.Environment, one: Body, other: Body) -> simpy.events.ProcessGenerator:
        assert one.hospital.tocilizumab(one) is None
        first, second = one.hospital.tocilizumab(one), other.hospital.tocilizumab(other)
        assert first is not None
        assert second is not None
        assert (yield first) is False
        assert env.now == 30
        assert (yield second) is True
        assert env.now == 1440

    hospital = ward_of_two({"over": 30}, {}, waits, 3000, tocilizumab_doses=1, restock_days=1)
    assert hospital.doses == 2
    assert spans(hospital) == [(0, 0), (0, None), (0, 1440)]


def test_a_dose_that_comes_in_the_minute_of_death_is_for_the_next() -> None:
    def waits(env: simpy.Environment, one: Body, other: Body) -> simpy.events.ProcessGenerator:
        assert one.hospital.tocilizumab(one) is None
        first, second = one.hospital.tocilizumab(one), other.hospital.tocilizumab(other)
        assert first is not None
        assert second is not None
        assert (yield first) is False
        assert (yield second) is True
        assert env.now == 1440

    hospital = ward_of_two({"dies": 1440}, {}, waits, 2000, tocilizumab_doses=1, restock_days=1)
    assert hospital.doses == 2
    assert spans(hospital) == [(0, 0), (0, None), (0, 1440)]


def test_a_nurse_does_not_come_to_the_dead() -> None:
    def round_for(body: Body, came: list[bool]) -> simpy.events.ProcessGenerator:
        came.append((yield from body.hospital.nurse(body, "crs")))

    def waits(env: simpy.Environment, one: Body, other: Body) -> simpy.events.ProcessGenerator:
        env.process(round_for(one, one_came))
        env.process(round_for(other, other_came))
        yield env.timeout(6)
        env.process(round_for(other, other_came))

    one_came: list[bool] = []
    other_came: list[bool] = []
    hospital = ward_of_two({}, {"dies": 5}, waits, nurses=1, round_min=20.0)
    assert (one_came, other_came) == ([True], [False, False])
    assert spans(hospital) == [(0, 0), (0, None)]
    assert hospital.waits[1].until_min == 5
    assert hospital.rounds == [(0, 20)]


def test_who_dies_during_a_round_is_given_nothing_after_it() -> None:
    def waits(env: simpy.Environment, one: Body, _: Body) -> simpy.events.ProcessGenerator:
        assert (yield env.process(one.hospital.nurse(one, "crs"))) is False
        assert env.now == 20

    hospital = ward_of_two({"dies": 5}, {}, waits, nurses=1, round_min=20.0)
    assert hospital.rounds == [(0, 20)]


def test_a_bed_that_comes_in_the_minute_in_which_it_is_no_longer_needed_is_not_taken() -> None:
    hospital = ward_of_two({"stages": {5: 2, 65: 1}}, {"stages": {5: 2, 65: 1}}, icu_beds=1)
    assert hospital.stays == [(5, 65)]
    assert spans(hospital) == [(5, 0), (5, None)]


def given_while_waiting(person: Person, policy: Policy, spec: WardSpec, ill: Stages) -> Body:
    """One whose team finds the pharmacy empty; stages of CRS by minute."""
    env = simpy.Environment()
    hospital = Limited(env, spec)
    body = Body(env, person, policy, hospital=hospital)
    script(body.crs, dict(ill), max(ill))
    assert hospital.tocilizumab(body) is None
    begin(body)
    env.run(until=max(ill) + 5000)
    return body


def test_a_steroid_does_not_wait_for_the_pharmacy() -> None:
    spec = SMALL.model_copy(update={"tocilizumab_doses": 1, "restock_days": 2.0, "round_min": 1.0})
    body = given_while_waiting(a_person(crs=4, crs_onset_min=0), SCENARIO.policy, spec, {100: 1, 300: 2})
    doses = [(g.minute, g.drug) for g in body.given if g.drug != "acetaminophen"]
    first_tocilizumab = next(minute for minute, drug in doses if drug == "tocilizumab")
    assert first_tocilizumab == 2880
    before = [minute for minute, drug in doses if drug == "dexamethasone" and minute < first_tocilizumab]
    assert before == [
        481,
        962,
        1443,
        1924,
        2405,
    ]  # at the round of 480 min, then every 8 h, each after a minute's round
