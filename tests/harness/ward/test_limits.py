"""Who waits for what, and who leaves a line: small wards with a script."""

from collections.abc import Callable, Sequence

import simpy

from harness.patients.body import Body, Person
from harness.patients.care import crs_team
from harness.patients.policy import Policy
from harness.scenarios.loader import load_scenario
from harness.scenarios.ward_spec import WardSpec
from harness.ward.limits import Limited

Script = Callable[[simpy.Environment, Body, Body], simpy.events.ProcessGenerator]
SCENARIO = load_scenario("ward-surge")
assert SCENARIO.ward is not None
SMALL = SCENARIO.ward


def severe_person() -> Person:
    return Person(0, 60.0, 70.0, 4, 600, 5000, 0, 0, 0, [0.5] * 24)


def ward_of_two(script: Script, until: float = 1000, **has: object) -> Limited:
    """A ward in which two fall ill at once, as the script has it."""
    env = simpy.Environment()
    hospital = Limited(env, SMALL.model_copy(update=has))
    one, other = (Body(env, severe_person(), hospital=hospital) for _ in range(2))
    env.process(script(env, one, other))
    env.run(until=until)
    return hospital


def one_bed(script: Script) -> Limited:
    return ward_of_two(script, icu_beds=1)


def test_a_bed_is_asked_for_at_grade_3_and_given_back_below_it() -> None:
    def script(env: simpy.Environment, one: Body, other: Body) -> simpy.events.ProcessGenerator:
        one.show(1)
        yield env.timeout(10)
        one.show(2)
        yield env.timeout(10)
        other.show_neuro(3)
        yield env.timeout(30)
        one.show(1)
        yield env.timeout(5)
        other.die(1)

    hospital = one_bed(script)
    assert hospital.stays == [(10.0, 50.0), (50.0, 55.0)]
    assert [(w.asked_min, w.waited_min) for w in hospital.waits] == [(10.0, 0.0), (20.0, 30.0)]


def test_who_recovers_while_waiting_never_had_a_bed() -> None:
    def script(env: simpy.Environment, one: Body, other: Body) -> simpy.events.ProcessGenerator:
        one.show(2)
        other.show(2)
        yield env.timeout(60)
        other.show(1)
        yield env.timeout(60)
        one.show(0)

    hospital = one_bed(script)
    assert hospital.stays == [(0.0, 120.0)]
    assert [w.waited_min for w in hospital.waits] == [0.0, None]


def spans(hospital: Limited) -> list[tuple[float, float | None]]:
    return [(wait.asked_min, wait.waited_min) for wait in hospital.waits]


def test_who_is_well_before_a_dose_comes_leaves_it_to_the_next() -> None:
    def script(env: simpy.Environment, one: Body, other: Body) -> simpy.events.ProcessGenerator:
        assert one.hospital.tocilizumab(one) is None
        first, second = one.hospital.tocilizumab(one), other.hospital.tocilizumab(other)
        assert first is not None
        assert second is not None
        yield env.timeout(30)
        one.end("crs")
        assert (yield first) is False
        assert env.now == 30
        assert (yield second) is True
        assert env.now == 1440

    hospital = ward_of_two(script, 3000, tocilizumab_doses=1, restock_days=1)
    assert hospital.doses == 2
    assert spans(hospital) == [(0, 0), (0, None), (0, 1440)]


def test_a_dose_that_comes_in_the_minute_of_death_is_for_the_next() -> None:
    def script(env: simpy.Environment, one: Body, other: Body) -> simpy.events.ProcessGenerator:
        assert one.hospital.tocilizumab(one) is None
        first, second = one.hospital.tocilizumab(one), other.hospital.tocilizumab(other)
        yield env.timeout(1440)
        one.die(1)
        assert first is not None
        assert second is not None
        assert (yield first) is False
        assert (yield second) is True
        assert env.now == 1440

    hospital = ward_of_two(script, 2000, tocilizumab_doses=1, restock_days=1)
    assert hospital.doses == 2
    assert spans(hospital) == [(0, 0), (0, None), (0, 1440)]


def test_a_nurse_does_not_come_to_the_dead() -> None:
    def round_for(body: Body, came: list[bool]) -> simpy.events.ProcessGenerator:
        came.append((yield from body.hospital.nurse(body, "crs")))

    def script(env: simpy.Environment, one: Body, other: Body) -> simpy.events.ProcessGenerator:
        env.process(round_for(one, one_came))
        env.process(round_for(other, other_came))
        yield env.timeout(5)
        other.die(1)
        env.process(round_for(other, other_came))

    one_came: list[bool] = []
    other_came: list[bool] = []
    hospital = ward_of_two(script, nurses=1, round_min=20.0)
    assert (one_came, other_came) == ([True], [False, False])
    assert spans(hospital) == [(0, 0), (0, None)]
    assert hospital.waits[1].until_min == 5
    assert hospital.rounds == [(0, 20)]


def test_who_dies_during_a_round_is_given_nothing_after_it() -> None:
    def script(env: simpy.Environment, one: Body, _: Body) -> simpy.events.ProcessGenerator:
        visit = env.process(one.hospital.nurse(one, "crs"))
        yield env.timeout(5)
        one.die(1)
        assert (yield visit) is False
        assert env.now == 20

    hospital = ward_of_two(script, nurses=1, round_min=20.0)
    assert hospital.rounds == [(0, 20)]


def test_a_bed_that_comes_in_the_minute_in_which_it_is_no_longer_needed_is_not_taken() -> None:
    def script(env: simpy.Environment, one: Body, other: Body) -> simpy.events.ProcessGenerator:
        one.show(2)
        other.show(2)
        yield env.timeout(60)
        one.show(1)
        other.show(1)

    hospital = one_bed(script)
    assert hospital.stays == [(0, 60)]
    assert spans(hospital) == [(0, 0), (0, None)]


def given_while_waiting(person: Person, policy: Policy, spec: WardSpec, ill: Sequence[tuple[int, int]]) -> Body:
    """One whose team finds the pharmacy empty; stages of CRS by minute."""
    env = simpy.Environment()
    hospital = Limited(env, spec)
    body = Body(env, person, policy, hospital=hospital)

    def course() -> simpy.events.ProcessGenerator:
        assert hospital.tocilizumab(body) is None
        body.call([crs_team])
        for minute, stage in ill:
            yield env.timeout(minute - env.now)
            body.show(stage)

    env.process(course())
    env.run(until=ill[-1][0] + 5000)
    return body


def test_a_steroid_does_not_wait_for_the_pharmacy() -> None:
    spec = SMALL.model_copy(update={"tocilizumab_doses": 1, "restock_days": 2.0, "round_min": 1.0})
    body = given_while_waiting(severe_person(), SCENARIO.policy, spec, [(100, 1), (300, 2)])
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
