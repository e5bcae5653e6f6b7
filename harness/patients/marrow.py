"""How the blood counts of each patient will go: the pattern of recovery, and which line falls low, how long.

Latent, as :mod:`harness.patients.people` is: shares come from the cytopenia cells of Table 1 where they print any,
from the review's recovery patterns (Ferreri 2024, ICAHT), and otherwise from the assumptions of ``trials.toml``.
"""

import dataclasses
from collections.abc import Mapping
from itertools import product

import numpy as np
import numpy.typing as npt

from harness.patients.draws import Draws, Uniforms
from harness.patients.people import crs_severity, neuro_severity
from harness.patients.trials import Trial, common

Mask = npt.NDArray[np.bool_]
LINES = ("neutropenia", "thrombocytopenia", "anemia")
Which = tuple[bool, ...]  # by line, as LINES has them
WORST_FIRST = tuple(product((True, False), repeat=3))


@dataclasses.dataclass(frozen=True, slots=True)
class Marrow:
    """The latent counts of some patients; arrays have one entry a patient.

    ``ever`` and ``unresolved`` say by line who falls to grade 3 or more at any time after the infusion, and who is
    there on ``day``; ``rank`` is a uniform, small in those with more lines unresolved.
    """

    day: int
    aplastic: Mask
    intermittent: Mask
    ever: Mapping[str, Mask]
    unresolved: Mapping[str, Mask]
    rank: Uniforms

    @property
    def quick(self) -> Mask:
        """Whose neutrophils recover before day 21 and stay."""
        return ~(self.aplastic | self.intermittent)


def deaths(trial: Trial) -> float:
    """The share of a trial's patients who die of CRS or neurotoxicity, before any count is unresolved."""
    return crs_severity(trial).reach[4] + neuro_severity(trial).reach[4]


def unresolved_day(trial: Trial) -> int:
    """The day by which a trial's cytopenias are unresolved."""
    return next((c.by_day for c in trial.cytopenia if c.by_day is not None), common().unresolved_day)


def unresolved_shares(trial: Trial) -> dict[Which, float]:
    """Shares of the patients by the lines that are unresolved on the day.

    Where the table prints two lines, more patients have both than chance would give (halfway to the most possible).

    >>> from harness.patients.trials import trial
    >>> {k: round(v, 3) for k, v in unresolved_shares(trial("KarMMa")).items() if v}[(True, True, False)]
    0.337
    """
    printed = {c.quantity: c.value for c in trial.cytopenia}
    low, thin = (printed.get(f"{line}_g3plus_unresolved") for line in LINES[:2])  # type: ignore[call-overload]
    shares = dict.fromkeys(WORST_FIRST, 0.0)
    if low is not None and thin is not None:
        both = (low * thin + min(low, thin)) / 2
        shares[True, True, True], shares[True, True, False] = 0.2 * both, 0.8 * both
        shares[True, False, False], shares[False, True, False] = low - both, thin - both
    else:
        whole = printed.get("cytopenia_g3plus_unresolved", common().unresolved)
        for which in WORST_FIRST:
            name = "_".join(line for line, here in zip(LINES, which, strict=True) if here)
            shares[which] = whole * common().unresolved_lines.get(name, 0.0)
    shares[False, False, False] = 1 - sum(shares.values())
    return shares


def ever_share(trial: Trial, line: str) -> float:
    """The share of a trial's patients in whom a line falls to grade 3 or more at any time."""
    printed = next((c.value for c in trial.cytopenia if c.quantity == f"{line}_g3plus"), None)
    assumed: float | None = getattr(trial.assumed, f"{line}_g3plus", None)
    everywhere: float = getattr(common(), f"{line}_g3plus")
    return next(share for share in (printed, assumed, everywhere) if share is not None)


def marrow(draws: Draws, trial: Trial) -> Marrow:
    """The counts to come of the patients of ``draws``; shares are scaled up for those who die before the day."""
    u, always, alive = draws.uniforms("marrow", 8), common(), 1 - deaths(trial)
    shares = unresolved_shares(trial)
    edges = np.cumsum([shares[which] / alive for which in WORST_FIRST[:-1]])
    which = np.array(WORST_FIRST)[np.searchsorted(edges, u[:, 0], "right")]
    unresolved = {line: which[:, i] for i, line in enumerate(LINES)}
    at_day = {line: sum(v for k, v in shares.items() if k[i]) / alive for i, line in enumerate(LINES)}
    low = unresolved["neutropenia"]
    quick = ~low & (u[:, 1] < always.quick / (1 - at_day["neutropenia"]))
    aplastic = ~quick & (u[:, 2] < always.aplastic / (1 - always.quick))
    deep = (ever_share(trial, "neutropenia") - (1 - always.quick)) / always.quick  # the other patterns always are
    ever = {"neutropenia": ~quick | (u[:, 3] < deep)}
    for i, line in enumerate(LINES[1:]):
        others = (ever_share(trial, line) - at_day[line]) / (1 - at_day[line])
        ever[line] = unresolved[line] | (u[:, 4 + i] < others)
    return Marrow(unresolved_day(trial), aplastic, ~quick & ~aplastic, ever, unresolved, u[:, 0])
