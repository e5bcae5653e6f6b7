"""What a run is said to take is reckoned from its own first patients."""

import dataclasses

from harness.cohort.estimate import Estimate, estimate
from harness.cohort.run import Plan
from tests.harness.simulated import a_scenario


def test_twice_the_patients_take_twice_the_disk() -> None:
    plan = Plan(a_scenario("follow_up_days = 7\n", ["KarMMa", "ELIANA"]), 40, 5, "astct-2019")
    once = estimate(plan, 2, writes=True)
    twice = estimate(dataclasses.replace(plan, patients=80), 2, writes=True)
    assert once.bytes > 0 and once.seconds > 0 and once.wall_s == once.seconds / 2
    assert 1.5 < twice.bytes / once.bytes < 2.5
    assert estimate(plan, 1, writes=False).bytes == 0


def test_words() -> None:
    assert str(Estimate(40 * 3600, 0, 4)) == "about 10 h 0 min on 4 workers"
    assert str(Estimate(1.0, 0, 1)) == "about 1 min on one worker"
