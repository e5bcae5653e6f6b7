"""Laboratory values beside the blood counts, once a day: markers of inflammation, of liver, kidney and coagulation.

They rise and fall with the stages of CRS and with IEC-HS, each with a memory of days; curves and sizes are assumed.
"""

from collections.abc import Mapping

import numpy as np

from harness.patients.blood import DAYS, Series, along
from harness.patients.courses import Log
from harness.patients.draws import Draws, Uniforms, normal
from harness.patients.iec_hs import IecHs
from harness.patients.people import DAY_MIN, People
from harness.patients.signs import Rounds, stages

CHEMISTRY = (
    "lymphocytes_per_ul",
    "crp_mg_dl",
    "ferritin_ng_ml",
    "ldh_u_l",
    "ast_u_l",
    "alt_u_l",
    "creatinine_mg_dl",
    "fibrinogen_mg_dl",
    "bilirubin_mg_dl",
    "triglycerides_mg_dl",
)
TRANSAMINASE_ULN_U_L, CREATININE_ULN_MG_DL = 40.0, 1.2


def chemistry(people: People, log: Log, hyperinflammation: IecHs) -> dict[str, Series]:
    """The values of each day, in the units of their names; each of shape (patients, DAYS)."""
    draws, hs = people.draws, hyperinflammation.intensity()
    fever, ill = _by_day(people, log)
    quick, slow = _remembered(fever + 1.2 * ill, 0.4), _remembered(fever + 1.2 * ill, 0.75)
    worse = _remembered(ill, 0.6)
    z = normal(draws.uniforms("chemistry", 12))

    def own(column: int, spread: float) -> Series:
        """How a patient differs from the middle."""
        times: Series = np.exp(spread * z[:, column])[:, None]
        return times

    def charted(name: str, middle: Series, spread: float, digits: int = 0) -> Series:
        shorts = draws.shorts(f"scatter/{name}", len(DAYS)).astype(np.float64)
        rounded: Series = np.round(middle * (1 + spread * (shorts / 32768 - 1)), digits)
        return rounded

    small = np.interp(people.age_years, [1, 15], [0.35, 0.75])[:, None]  # children have less creatinine
    liver = np.exp(0.3 * own(6, 0.5) * slow + 2.6 * hs)
    return {
        "lymphocytes_per_ul": 10 * np.round(charted("lymphocytes_per_ul", _lymphocytes(draws), 0.2) / 10),
        "crp_mg_dl": charted("crp_mg_dl", 0.9 * own(0, 0.8) + 5 * quick + 6 * hs, 0.15, 1),
        "ferritin_ng_ml": charted("ferritin_ng_ml", 450 * own(1, 0.8) * np.exp(0.7 * slow + 3 * hs), 0.1),
        "ldh_u_l": charted("ldh_u_l", 220 * own(2, 0.25) * np.exp(0.2 * slow + hs), 0.1),
        "ast_u_l": charted("ast_u_l", 24 * own(3, 0.2) * liver, 0.1),
        "alt_u_l": charted("alt_u_l", 26 * own(4, 0.2) * liver, 0.1),
        "creatinine_mg_dl": charted(
            "creatinine_mg_dl", small * own(5, 0.15) * np.exp(0.18 * own(7, 0.6) * worse + 0.5 * hs), 0.05, 2
        ),
        "fibrinogen_mg_dl": charted("fibrinogen_mg_dl", (420 * own(8, 0.1) - 70 * worse) * np.exp(-1.6 * hs), 0.08),
        "bilirubin_mg_dl": charted("bilirubin_mg_dl", 0.5 * own(9, 0.3) * np.exp(0.15 * slow + 1.5 * hs), 0.1, 1),
        "triglycerides_mg_dl": charted("triglycerides_mg_dl", 140 * own(10, 0.25) * np.exp(0.1 * slow + 1.3 * hs), 0.1),
    }


def transaminase_grade(values: Mapping[str, Series]) -> Series:
    """CTCAE 5 from AST and ALT, where the baseline is normal: above 1, 3, 5 and 20 times the upper limit."""
    times = np.maximum(values["ast_u_l"], values["alt_u_l"]) / TRANSAMINASE_ULN_U_L
    found: Series = np.digitize(times, [1, 3, 5, 20], right=True).astype(np.float64)
    return found


def creatinine_grade(values: Mapping[str, Series]) -> Series:
    """CTCAE 5: above the upper limit, 1.5 and 3 times it or the baseline (day −5), 6 times the limit."""
    value = values["creatinine_mg_dl"]
    limit = np.digitize(value / CREATININE_ULN_MG_DL, [1, 1.5, 3, 6], right=True)
    grown = np.array([0, 2, 3])[np.digitize(value / value[:, :1], [1.5, 3], right=True)]
    found: Series = np.maximum(limit, grown).astype(np.float64)
    return found


def _by_day(people: People, log: Log) -> tuple[Series, Series]:
    """Fever (0 or 1) and the worse stage of hypotension and hypoxia at the beginning of each day."""
    place = np.repeat(np.arange(len(people)), len(DAYS))
    minute = np.tile(DAYS * DAY_MIN, len(people))
    rounds = Rounds(place, np.maximum(minute, 0), np.arange(len(people)) * len(DAYS))
    shape = (len(people), len(DAYS))
    fever = (stages(log, "fever", rounds) > 0).reshape(shape).astype(np.float64)
    ill = np.maximum(stages(log, "hypotension", rounds), stages(log, "oxygen", rounds)).reshape(shape)
    return fever, ill.astype(np.float64)


def _remembered(today: Series, memory: float) -> Series:
    """What is left of the days before, and today's part."""
    found = np.zeros_like(today)
    for day in range(1, today.shape[1]):
        found[:, day] = np.maximum(
            memory * found[:, day - 1], memory * found[:, day - 1] + (1 - memory) * today[:, day]
        )
    return found


def _lymphocytes(draws: Draws) -> Series:
    """Per µL: gone after lymphodepletion, back with the expansion of the product and slowly of the rest."""
    u: Uniforms = draws.uniforms("counts/lymphocytes", 3)
    days = [np.full(len(u), float(day)) for day in (-3, 0, 4, 12, 30)]
    lowest = 20 + 60 * u[:, 1]
    return along(days, [300 + 900 * u[:, 0], lowest, lowest, 150 + 700 * u[:, 2], 300 + 800 * u[:, 2]])
