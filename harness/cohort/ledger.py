"""The ledger: every number of Table 1, or of Table 4, beside what the simulation gave, with interval and verdict.

A share of CRS or neurotoxicity may be off by 1.0 percentage point, one of cytopenias, infections or Table 4 by 1.5, and
a median by half a day at 20,000 patients or more; below, the tolerance grows with one over the square root of them.
"""

import dataclasses
import math
from collections.abc import Iterator
from typing import Literal

from harness.cohort.intervals import median_interval, wilson
from harness.cohort.tally import Tally, TrialTally
from harness.patients.prophylaxis import Row, Shares, Which, row
from harness.patients.trials import CytopeniaQuantity, Trial

FULL_PATIENTS = 20_000
SHARE_TOLERANCE, OTHERS_TOLERANCE, DAYS_TOLERANCE = 0.01, 0.015, 0.5  # only the first are drawn stratified
ARM_TOLERANCE = 0.015
SMALL_STUDY_PATIENTS = 40  # up to this size its own interval says more than the printed share
Quantity = (
    Literal["crs_any", "crs_g3plus", "crs_onset_median_days", "neurotox_any", "neurotox_g3plus"]
    | CytopeniaQuantity
    | Literal["infection_any", "infection_g3plus", "other_neurotox_any", "other_neurotox_g3plus"]
    | Literal["crs_g2", "crs_g2plus", "neurotox_g2", "neurotox_g2plus"]
)


@dataclasses.dataclass(frozen=True, slots=True)
class LedgerRow:
    """One number: target as printed, simulated with its 95 % interval, and whether it holds.

    ``ceiling`` is what the ceilings of the grades give beside the floors. ``ok`` is None where the scenario
    only shows the comparison. ``by_day`` is the day on which a cytopenia is unresolved, where one is printed.
    ``arm`` says which side of an arm of Table 4 it is, whose name as printed is ``trial`` then; ``study_patients`` are
    those of the study, where known, and ``study_low`` to ``study_high`` is the 95 % interval (Wilson) of a small one.
    Shares are fractions; the median is in days.
    """

    trial: str
    product: str
    quantity: Quantity
    graded_by: str
    target: float
    simulated: float | None
    low: float | None
    high: float | None
    tolerance: float
    ceiling: float | None
    ok: bool | None
    by_day: int | None = None
    arm: Which = ""
    study_patients: int | None = None
    study_low: float | None = None
    study_high: float | None = None


def ledger(tally: Tally, held: bool) -> list[LedgerRow]:
    """The ledger of a run, by trial or side of an arm in the order simulated."""
    return [line for name, counts in tally.trials.items() for line in _lines(row(name), counts, held)]


def tolerance(base: float, patients: int) -> float:
    """The tolerance at a number of patients.

    >>> tolerance(0.01, 20_000), tolerance(0.01, 80_000), tolerance(0.01, 5_000)
    (0.01, 0.01, 0.02)
    """
    return base * max(1.0, math.sqrt(FULL_PATIENTS / patients))


def _lines(found: Row, counts: TrialTally, held: bool) -> list[LedgerRow]:
    return _rows(found.trial, counts, held) if found.arm is None else list(_arm_rows(found, counts, held))


def _arm_rows(found: Row, counts: TrialTally, held: bool) -> Iterator[LedgerRow]:
    """What Table 4 prints of a side of an arm."""
    assert found.arm is not None
    side, allowed = found.arm.side(found.which), tolerance(ARM_TOLERANCE, counts.patients)
    for start, scale, shares, by in (
        ("crs", "crs", side.crs, found.trial.crs.graded_by),
        ("neurotox", "icans", side.neurotoxicity, found.trial.neurotoxicity.graded_by),
    ):
        for grade, target in _printed(shares):
            quantity: Quantity = f"{start}_{grade}"  # type: ignore[assignment]
            reached = _exactly(2, counts, scale) if grade == "g2" else _reached(_GRADES[grade], counts, scale)
            line = _share(found.trial, quantity, by, target, reached, counts.patients, allowed, held)
            low, high = _study_interval(target, side.patients)
            yield dataclasses.replace(
                line,
                trial=found.arm.name,
                arm=found.which,
                study_patients=side.patients,
                study_low=low,
                study_high=high,
            )


_GRADES = {"any": 1, "g2plus": 2, "g3plus": 3}


def _printed(shares: Shares) -> Iterator[tuple[str, float]]:
    for grade in ("any", "g2plus", "g2", "g3plus"):
        printed = getattr(shares, grade)
        if printed is not None:
            yield grade, printed.value


def _reached(grade: int, counts: TrialTally, scale: str) -> tuple[int, int]:
    return counts.reached(scale, grade), counts.reached(scale, grade, ceilings=True)


def _exactly(grade: int, counts: TrialTally, scale: str) -> tuple[int, int]:
    """How many have a worst grade of just that, by floors; and how many could have."""
    worse = counts.reached(scale, grade + 1)
    return counts.reached(scale, grade) - worse, counts.reached(scale, grade, ceilings=True) - worse


def _study_interval(share: float, patients: int | None) -> tuple[float, float] | tuple[None, None]:
    """The 95 % interval of the share of a small study; the printed share is that of whole patients.

    >>> [round(x, 3) for x in _study_interval(0.17, 6)], _study_interval(0.93, 101)
    ([0.03, 0.564], (None, None))
    """
    if patients is None or patients > SMALL_STUDY_PATIENTS:
        return None, None
    return wilson(round(share * patients), patients)


def _rows(row: Trial, counts: TrialTally, held: bool) -> list[LedgerRow]:
    crs, neuro = row.crs, row.neurotoxicity
    shares: list[tuple[Quantity, str, str, float, int]] = [
        ("crs_any", crs.graded_by, "crs", crs.any.value, 1),
        ("crs_g3plus", crs.graded_by, "crs", crs.g3plus.value, 3),
        ("neurotox_any", neuro.graded_by, "icans", neuro.any.value, 1),
        ("neurotox_g3plus", neuro.graded_by, "icans", neuro.g3plus.value, 3),
    ]
    allowed = tolerance(SHARE_TOLERANCE, counts.patients)
    rows = []
    for quantity, graded_by, scale, target, grade in shares:
        found = _reached(grade, counts, scale)
        rows.append(_share(row, quantity, graded_by, target, found, counts.patients, allowed, held))
    rows.insert(2, _onset(row, counts, held))
    return rows + _others(row, counts, held)


def _others(row: Trial, counts: TrialTally, held: bool) -> list[LedgerRow]:
    """Cytopenias and other events, as far as they are printed and were counted."""
    printed: list[tuple[Quantity, float, int | None]] = [(c.quantity, c.value, c.by_day) for c in row.cytopenia]
    if row.infection:
        if row.infection.any:
            printed.append(("infection_any", row.infection.any.value, None))
        printed.append(("infection_g3plus", row.infection.g3plus.value, None))
    if row.other_neurotoxicity and row.other_neurotoxicity.any:
        printed.append(("other_neurotox_any", row.other_neurotoxicity.any.value, None))
        printed.append(("other_neurotox_g3plus", row.other_neurotoxicity.g3plus.value, None))
    allowed, graded_by = tolerance(OTHERS_TOLERANCE, counts.patients), row.adverse_events_graded_by
    return [
        _share(row, quantity, graded_by, target, counts.others[quantity], counts.patients, allowed, held, by_day)
        for quantity, target, by_day in printed
        if quantity in counts.others
    ]


def _share(
    row: Trial,
    quantity: Quantity,
    graded_by: str,
    target: float,
    found: tuple[int, int],
    n: int,
    allowed: float,
    held: bool,
    by_day: int | None = None,
) -> LedgerRow:
    """A share of the patients, found so many times by floors and by ceilings."""
    share, (low, high) = found[0] / n, wilson(found[0], n)
    ok = abs(share - target) <= allowed + 1e-12 if held else None
    return LedgerRow(
        row.name, row.product, quantity, graded_by, target, share, low, high, allowed, found[1] / n, ok, by_day
    )


def _onset(row: Trial, counts: TrialTally, held: bool) -> LedgerRow:
    """The median onset of the patients with CRS; tolerance by the number of patients simulated."""
    allowed = tolerance(DAYS_TOLERANCE, counts.patients)
    target = row.crs.onset_median_days.value
    found = median_interval(counts.onset_min["crs"])
    ok = None
    middle = low = high = None
    if found is not None:
        middle, low, high = (minutes / 1440 for minutes in found)
    if held:
        ok = middle is not None and abs(middle - target) <= allowed + 1e-12
    return LedgerRow(
        row.name, row.product, "crs_onset_median_days", row.crs.graded_by, target, middle, low, high, allowed, None, ok
    )
