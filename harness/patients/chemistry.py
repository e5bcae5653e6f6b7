"""Laboratory values beside the blood counts, once a day: markers of inflammation, of liver, kidney and coagulation.

They rise and fall with the stages of CRS and with IEC-HS, each with a memory of days; curves and sizes are assumed.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from cartox_core import Columns, grade_columns, load
from cartox_core.columns import Column
from harness.patients.blood import DAYS, Series, along
from harness.patients.draws import Draws, Uniforms, normal
from harness.patients.iec_hs import IecHs
from harness.patients.log import Log
from harness.patients.people import DAY_MIN, People
from harness.patients.risk import Risk
from harness.patients.rounds import Rounds, stages

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
    "creatinine_times_baseline",
    "fibrinogen_times_baseline",
)
Grades = npt.NDArray[np.uint8]
CRP, LDH = 0, 2  # their places among the scores of a patient
ACTIVATION = 0.5
ACTIVATION_DAYS = ((0, 3, 7, 14), (0.0, 1.0, 1.0, 0.0))  # none before the infusion, whole from day 3, over by day 14


def chemistry(people: People, log: Log, hyperinflammation: IecHs, risk: Risk) -> dict[str, Series]:
    """The values of each day, in the units of their names; each of shape (patients, DAYS)."""
    draws, hs = people.draws, hyperinflammation.intensity()
    fever, ill = _by_day(people, log)
    quick, slow = _remembered(fever + 1.2 * ill, 0.4), _remembered(fever + 1.2 * ill, 0.75)
    worse = _remembered(ill, 0.6)
    z = normal(draws.uniforms("chemistry", 12))
    z[:, CRP], z[:, LDH] = risk.crp, risk.ldh
    activated = np.exp(ACTIVATION * np.interp(DAYS, *ACTIVATION_DAYS)[None, :] * risk.activation[:, None])

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
    found = {
        "lymphocytes_per_ul": 10 * np.round(charted("lymphocytes_per_ul", _lymphocytes(draws), 0.2) / 10),
        "crp_mg_dl": charted("crp_mg_dl", 0.9 * own(CRP, 0.8) * activated + 5 * quick + 6 * hs, 0.15, 1),
        "ferritin_ng_ml": charted("ferritin_ng_ml", 450 * own(1, 0.8) * np.exp(0.7 * slow + 3 * hs), 0.1),
        "ldh_u_l": charted("ldh_u_l", 220 * own(LDH, 0.25) * np.exp(0.2 * slow + hs), 0.1),
        "ast_u_l": charted("ast_u_l", 24 * own(3, 0.2) * liver, 0.1),
        "alt_u_l": charted("alt_u_l", 26 * own(4, 0.2) * liver, 0.1),
        "creatinine_mg_dl": charted(
            "creatinine_mg_dl", small * own(5, 0.15) * np.exp(0.18 * own(7, 0.6) * worse + 0.5 * hs), 0.05, 2
        ),
        "fibrinogen_mg_dl": charted("fibrinogen_mg_dl", (420 * own(8, 0.1) - 70 * worse) * np.exp(-1.6 * hs), 0.08),
        "bilirubin_mg_dl": charted("bilirubin_mg_dl", 0.5 * own(9, 0.3) * np.exp(0.15 * slow + 1.5 * hs), 0.1, 1),
        "triglycerides_mg_dl": charted("triglycerides_mg_dl", 140 * own(10, 0.25) * np.exp(0.1 * slow + 1.3 * hs), 0.1),
    }
    for name in ("creatinine", "fibrinogen"):
        value = found[f"{name}_mg_dl"]
        found[f"{name}_times_baseline"] = value / value[:, :1]
    return found


def transaminase_grade(values: Mapping[str, Series]) -> Grades:
    """The worse CTCAE grade of AST and ALT, by the core."""
    found: Grades = np.maximum(_graded(values, "ast"), _graded(values, "alt"))
    return found


def creatinine_grade(values: Mapping[str, Series]) -> Grades:
    """The CTCAE grade of creatinine, by the limit and by the baseline (the first day), by the core."""
    return _graded(values, "creatinine")


def _graded(values: Mapping[str, Series], name: str) -> Grades:
    scale = load("ctcae-5").scale(name)
    fields = {field: values[field].ravel() for field in scale.fields if field in values}
    rows = next(iter(fields.values())).size
    columns = Columns(np.zeros(rows, np.int32), fields | _normal_baseline(scale.fields, rows))
    return grade_columns(columns, scale).floor.reshape(next(iter(values.values())).shape)


def _normal_baseline(names: Iterable[str], rows: int) -> dict[str, Column]:
    return {name: np.zeros(rows, np.uint8) for name in names if name.endswith("_baseline_abnormal")}


def _by_day(people: People, log: Log) -> tuple[Series, Series]:
    """Fever (0 or 1) and the worse stage of hypotension and hypoxia at the beginning of each day."""
    place = np.repeat(np.arange(len(people), dtype=np.int32), len(DAYS))
    minute = np.tile((DAYS * DAY_MIN).astype(np.int32), len(people))
    rounds = Rounds(place, minute, np.arange(len(people)) * len(DAYS), DAY_MIN)
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
