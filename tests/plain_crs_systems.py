"""The older CRS scales again, if/else from their papers without tables: a second opinion for the core.

Each function grades one chart of which all is known. What is unknown is filled with its mildest, and with its worst,
which is exact, since no sign graded here makes anything milder.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
DEFAULTS = {
    "fever_other_cause": False,
    "vasopressor_other_cause": False,
    "oxygen_other_cause": False,
    "positive_pressure_reason": "hypoxia",
    "death_from_crs": False,
}
MILDEST = {
    "temp_c": 36.8, "crs_onset_fever": False, "hypotension": False, "vasopressors": 0, "vasopressin": False,
    "o2_device": "none", "fio2": 0.21, "iv_fluid_boluses": 0, "vasopressor_dose_high": False, "vasopressor_hours": 0.0,
    "hypotension_refractory": False, "organ_toxicity_grade": 0, "transaminase_grade": 0, "creatinine_grade": 0,
    "hospitalized_for_crs": False, "iv_therapy": False, "coagulopathy_products": False,
}  # fmt: skip
WORST = {
    "temp_c": 39.0, "crs_onset_fever": True, "hypotension": True, "vasopressors": 6, "vasopressin": True,
    "o2_device": "mechanical_ventilation", "fio2": 1.0, "iv_fluid_boluses": 20, "vasopressor_dose_high": True,
    "vasopressor_hours": 999.0, "hypotension_refractory": True, "organ_toxicity_grade": 4, "transaminase_grade": 4,
    "creatinine_grade": 4, "hospitalized_for_crs": True, "iv_therapy": True, "coagulopathy_products": True,
}  # fmt: skip
PRESSURE = ("cpap", "bipap", "mechanical_ventilation")


def filled(row: Row, signs: Mapping[str, Any]) -> dict[str, Any]:
    """A chart of which all is known."""
    known = {k: v for k, v in row.items() if v is not None}
    whole = {**DEFAULTS, **signs, **known}
    if "o2_device" not in known and whole["o2_device"] in PRESSURE and whole["positive_pressure_reason"] != "hypoxia":
        whole["o2_device"] = "non_rebreather"  # the worst that counts, since positive pressure would not
    return whole


def running(o: Row) -> tuple[int, bool]:
    """Vasopressors that count, and whether vasopressin does."""
    return (0, False) if o["vasopressor_other_cause"] else (o["vasopressors"], o["vasopressin"])


def share_of_oxygen(o: Row) -> int:
    """2 below 40 % oxygen, 3 from there on, 4 on a ventilator."""
    if o["o2_device"] == "none" or o["oxygen_other_cause"]:
        return 0
    if o["o2_device"] in PRESSURE and o["positive_pressure_reason"] != "hypoxia":
        return 0
    if o["o2_device"] == "mechanical_ventilation":
        return 4
    return 2 if o["fio2"] < 0.4 else 3


def lee_hypotension(o: Row) -> int:
    count, vasopressin = running(o)
    if count >= 2 or (count == 1 and vasopressin) or (count and o["vasopressor_dose_high"]):
        return 3
    return 2 if count or vasopressin or o["hypotension"] else 0


def lee(o: Row) -> int:
    organs = [g for g in (o["organ_toxicity_grade"], o["creatinine_grade"], min(o["transaminase_grade"], 3)) if g >= 2]
    return max(lee_hypotension(o), share_of_oxygen(o), *organs, 0)


def cartox_hypotension(o: Row) -> int:
    return 4 if running(o)[0] and o["hypotension_refractory"] else lee_hypotension(o)


def cartox(o: Row) -> int:
    organs = (o["organ_toxicity_grade"], o["creatinine_grade"], min(o["transaminase_grade"], 3))
    return max(cartox_hypotension(o), share_of_oxygen(o), *organs)


def mskcc_hypotension(o: Row) -> int:
    count, vasopressin = running(o)
    if count and o["hypotension_refractory"]:
        return 4
    if count or vasopressin:
        return 3 if o["vasopressor_hours"] >= 24 else 2
    return 1 if o["hypotension"] else 0


def mskcc(o: Row) -> int:
    return max(mskcc_hypotension(o), share_of_oxygen(o))


def penn_hypotension(o: Row) -> int:
    count, vasopressin = running(o)
    if count and o["vasopressor_dose_high"]:
        return 4
    if count or vasopressin:
        return 3
    return (3 if o["iv_fluid_boluses"] >= 2 else 2) if o["hypotension"] else 0


def penn_oxygen(o: Row) -> int:
    return min(share_of_oxygen(o), 3) and (4 if o["o2_device"] == "mechanical_ventilation" else 3)


def penn(o: Row) -> int:
    liver = {3: 2, 4: 3}.get(o["transaminase_grade"], 0)
    organs = [min(g, 3) for g in (o["organ_toxicity_grade"], o["creatinine_grade"]) if g >= 2]
    care = max(2 * o["hospitalized_for_crs"], 2 * o["iv_therapy"], 3 * o["coagulopathy_products"])
    return max(penn_hypotension(o), penn_oxygen(o), liver, care, *organs, 0)


def ctcae_hypotension(o: Row) -> int:
    count, vasopressin = running(o)
    if count + vasopressin >= 2:
        return 4
    return 3 if count or vasopressin else 2 if o["hypotension"] else 0


def ctcae(o: Row) -> int:
    return max(ctcae_hypotension(o), share_of_oxygen(o))


System = tuple[Callable[[Row], int], Callable[[Row], int], Callable[[Row], int]]
SYSTEMS: Mapping[str, System] = {  # the signs together, hypotension, hypoxia
    "lee-2014": (lee, lee_hypotension, share_of_oxygen),
    "cartox-2018": (cartox, cartox_hypotension, share_of_oxygen),
    "mskcc-2018": (mskcc, mskcc_hypotension, share_of_oxygen),
    "penn-2018": (penn, penn_hypotension, penn_oxygen),
    "ctcae-5": (ctcae, ctcae_hypotension, share_of_oxygen),
}


def minute(row: Row) -> int:
    return int((60 * row["time_h"] + 0.5) // 1)


def fever(o: Row) -> bool:
    return o["temp_c"] >= 38 and not o["fever_other_cause"]


def graded(system: str, o: Row) -> int:
    """The grade of a whole chart."""
    if minute(o) < 0:
        return 0
    if o["death_from_crs"]:
        return 5
    worst = SYSTEMS[system][0](o)
    return max(1, worst) if fever(o) else worst if o["crs_onset_fever"] else 0


def snapshot(system: str, row: Row) -> tuple[int, int]:
    """Floor and ceiling of one chart."""
    low, high = (graded(system, filled(row, signs)) for signs in (MILDEST, WORST))
    return low, high


def course(system: str, rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Floors and ceilings of a course, its episodes followed with every unknown sign at one end."""
    ends = [_followed(system, [filled(row, signs) for row in rows]) for signs in (MILDEST, WORST)]
    return list(zip(*ends, strict=True))


def _followed(system: str, rows: Sequence[dict[str, Any]]) -> list[int]:
    _, hypotension, hypoxia = SYSTEMS[system]
    grades = []
    is_open, last_sign, quiet_seen = False, 0, False
    for row in rows:
        now = minute(row)
        hot = now >= 0 and fever(row)
        sign = now >= 0 and (hot or hypotension(row) > 0 or hypoxia(row) > 0)
        quiet_seen = quiet_seen or not sign
        if is_open and quiet_seen and now - last_sign >= 24 * 60:
            is_open = False
        grades.append(graded(system, {**row, "crs_onset_fever": is_open}))
        is_open = is_open or hot
        if is_open and sign:
            last_sign, quiet_seen = now, False
    return grades
