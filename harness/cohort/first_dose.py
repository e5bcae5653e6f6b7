"""How much of the CRS of an arm of Table 4 begins before its drug is given, in the treated and in their comparator.

The printed shares are of all patients, so the model gives the drug's effect to these, too: an assumption, and told.
"""

from collections.abc import Iterator

from harness.cohort.run import Outcome
from harness.cohort.tally import TrialTally
from harness.patients.prophylaxis import Arm, arms
from harness.scenarios.policy_file import load_policy


def before_first_dose(outcome: Outcome) -> list[str]:
    """A sentence for each arm whose drug is given after the infusion; empty without one."""
    return [sentence for arm in arms().values() for sentence in _told(arm, outcome)]


def first_dose_min(arm: Arm) -> int:
    """The minute of an arm's first dose, since the infusion.

    >>> [first_dose_min(arms()[name]) / 1440 for name in ("tocilizumab-day-2", "lenzilumab-before-infusion")]
    [2.0, -0.25]
    """
    return min(minute for plan in load_policy(arm.policy).given for minute in plan.minutes)


def _told(arm: Arm, outcome: Outcome) -> Iterator[str]:
    first = first_dose_min(arm)
    sides = ((which, outcome.tally.trials.get(f"{arm.policy}-{which}")) for which in ("treated", "comparator"))
    shares = [f"{_share(counts, first)} of the {which}" for which, counts in sides if counts]
    if first > 0 and shares:
        yield (
            f"{arm.name}: {' and '.join(shares)} with CRS have it before the first dose (day {first / 1440:g}). The "
            "printed shares count them, so the model lets the drug change their grades, too: an assumption (L)."
        )


def _share(counts: TrialTally, first: int) -> str:
    onsets = counts.onset_min["crs"]
    before = sum(n for minute, n in onsets.items() if minute < first)
    return f"{100 * before / max(onsets.total(), 1):.0f} %"
