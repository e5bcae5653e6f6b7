"""Daily blood counts, from five days before the infusion to day 100, drawn by numpy along a few knots.

A count falls and recovers by proportion between knots (times and values below, all assumed), with a bounded daily
scatter, so that what :mod:`harness.patients.marrow` intends of grades 3 and more holds on every day. The patterns of
recovery are those of the review (Ferreri 2024, ICAHT): quick, above 1,000 per µL before day 21 and never below again;
intermittent, above 1,500 and then below 1,000 after day 21; aplastic, below 500 for 14 days or more on end.
"""

import numpy as np
import numpy.typing as npt

from harness.patients.draws import Draws, Uniforms, normal_cdf
from harness.patients.marrow import Marrow, Mask
from harness.patients.risk import Risk

FIRST_DAY, LAST_DAY = -5, 100
DAYS = np.arange(FIRST_DAY, LAST_DAY + 1)
Series = npt.NDArray[np.float64]
_SCATTER = {"anc": 0.12, "platelets": 0.1, "hemoglobin": 0.03}


def counts(draws: Draws, marrow: Marrow, risk: Risk) -> dict[str, Series]:
    """ANC (per µL, to 10), platelets (10⁹/L) and hemoglobin (g/dL, to 0.1), each of shape (patients, DAYS)."""
    anc = _scattered(draws, "anc", _neutrophils(draws.uniforms("counts/anc", 12), marrow))
    platelets = _scattered(draws, "platelets", _platelets(_at_risk(draws, risk), marrow))
    hemoglobin = _scattered(draws, "hemoglobin", _hemoglobin(draws.uniforms("counts/hemoglobin", 6), marrow))
    return {
        "anc_per_ul": 10 * np.round(anc / 10),
        "platelets_10e9_l": np.round(platelets),
        "hemoglobin_g_dl": np.round(hemoglobin, 1),
    }


def along(days: list[Uniforms], values: list[Uniforms]) -> Series:
    """Series through knots: constant outside, by proportion between; shape (patients, DAYS).

    >>> found = along([np.array([0.0]), np.array([2.0])], [np.array([100.0]), np.array([1.0])])[0]
    >>> found[[4, 5, 6, 7, 8]].round(6).tolist()
    [100.0, 100.0, 10.0, 1.0, 1.0]
    """
    logs = [np.log(v) for v in values]
    found = np.repeat(logs[0][:, None], len(DAYS), axis=1)
    part = np.empty_like(found)
    for i in range(len(days) - 1):
        span = np.maximum(days[i + 1] - days[i], 1e-6)
        np.subtract(DAYS, days[i][:, None], out=part)
        part /= span[:, None]
        np.clip(part, 0, 1, out=part)
        part *= (logs[i + 1] - logs[i])[:, None]
        found += part
    np.exp(found, out=found)
    return found


def between(u: Uniforms, low: float, high: float) -> Uniforms:
    """A number from low to high, even by proportion."""
    found: Uniforms = low * (high / low) ** u
    return found


def _scattered(draws: Draws, name: str, series: Series) -> Series:
    scatter = draws.shorts(f"scatter/{name}", len(DAYS)).astype(np.float64)
    scatter *= _SCATTER[name] / 32768
    scatter += 1 - _SCATTER[name]
    scatter *= series
    return scatter


def _neutrophils(u: Uniforms, marrow: Marrow) -> Series:
    """Per µL. The fall after lymphodepletion, the recovery, and in some a second fall or a slow one."""
    deep, still, day = marrow.ever["neutropenia"], marrow.unresolved["neutropenia"], marrow.day
    aplastic, intermittent = marrow.aplastic, marrow.intermittent
    base = np.where(deep, between(u[:, 0], 1000, 6000), between(u[:, 0], 2000, 6000))
    lowest = np.where(deep, between(u[:, 1], 40, 850), between(u[:, 1], 1150, 1700))
    lowest = np.where(aplastic, between(u[:, 1], 60, 420), lowest)
    recovered = between(u[:, 2], 1800, 4500)
    second = np.where(still & intermittent, between(u[:, 3], 580, 850), between(u[:, 3], 250, 850))  # none is aplastic
    fall = np.where(aplastic, 1 + 2 * u[:, 4], 2.5 + 2.5 * u[:, 4])
    rise = fall + np.where(aplastic, 18 + 1.5 * u[:, 5], 2 + 2.5 * u[:, 5])
    risen = rise + np.where(aplastic, 2.5 + 1.5 * u[:, 6], 2 + 3 * u[:, 6])
    low_from = np.where(still, 22 + u[:, 7] * (day - 23), (day + 5 if day < 60 else 24) + 10 * u[:, 7])
    low_to = np.where(still, day + 1 + 12 * u[:, 8], low_from + 4 + 4 * u[:, 8])
    slow, falls = aplastic & still, intermittent  # a slow one stays at its second low from the rise on
    low_from = np.where(falls, low_from, risen + 2)
    low_to = np.where(falls | slow, low_to, risen + 3)
    plateau = np.where(slow, second, recovered)
    bottom = np.where(falls, second, plateau)
    days = [np.full(len(u), -3.0), fall, rise, risen, np.maximum(low_from - 2.5, risen), low_from, low_to]
    days.append(low_to + 3 + 5 * u[:, 9])
    return along(days, [base, lowest, lowest, plateau, plateau, bottom, bottom, recovered])


def _at_risk(draws: Draws, risk: Risk) -> Uniforms:
    """The uniforms of the platelets: fewer before the infusion, and an earlier fall, in those at risk."""
    u = draws.uniforms("counts/platelets", 6)
    u[:, 0] = normal_cdf(-risk.few_platelets)
    u[:, 3] = normal_cdf(-risk.activation)
    return u


def _platelets(u: Uniforms, marrow: Marrow) -> Series:
    """10⁹/L."""
    deep, still = marrow.ever["thrombocytopenia"], marrow.unresolved["thrombocytopenia"]
    base = np.where(still, between(u[:, 0], 30, 180), between(u[:, 0], 90, 300))
    lowest = np.where(deep, between(u[:, 1], 7, 44), between(u[:, 1], 58, 88))
    return _one_fall(u, still, marrow.day, base, lowest, between(u[:, 2], 75, 220))


def _hemoglobin(u: Uniforms, marrow: Marrow) -> Series:
    """g/dL."""
    deep, still = marrow.ever["anemia"], marrow.unresolved["anemia"]
    base = np.where(deep, between(u[:, 0], 8.4, 11.5), between(u[:, 0], 9.5, 13.5))
    lowest = np.where(deep, between(u[:, 1], 6.3, 7.6), between(u[:, 1], 8.5, 9.5))
    return _one_fall(u, still, marrow.day, base, lowest, between(u[:, 2], 9, 12))


def _one_fall(u: Uniforms, still: Mask, day: int, base: Uniforms, lowest: Uniforms, recovered: Uniforms) -> Series:
    """A fall, its lowest for some days or until after the day, and a recovery that is done before day 26."""
    fall = 4 + 6 * u[:, 3]
    rise = np.where(still, day + 1 + 8 * u[:, 4], fall + 2 + 4 * u[:, 4])
    days = [np.full(len(u), -2.0), fall, rise, rise + 4 + 5 * u[:, 5]]
    return along(days, [base, lowest, lowest, recovered])
