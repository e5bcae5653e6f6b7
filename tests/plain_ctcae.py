"""CTCAE again, if/else from the criteria without tables: a second opinion for the core.

Multiples of a limit are reckoned in decimals, so that 3 × 1.2 is 3.6. What is unknown is filled with its mildest, and
with its worst, which is exact, since no sign graded here makes anything milder.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Readings = Mapping[str, str]
LIMITS = {  # the first is the default
    "HEMOGLOBIN_LLN": {"at_12": "12", "at_13": "13"},
    "AST_ULN": {"at_40": "40", "at_35": "35"},
    "ALT_ULN": {"at_40": "40", "at_35": "35"},
    "BILIRUBIN_ULN": {"at_1_2": "1.2", "at_1": "1"},
    "CREATININE_ULN": {"at_1_2": "1.2", "at_1": "1"},
    "FIBRINOGEN_LLN": {"at_200": "200", "at_150": "150"},
}
DEFAULTS = {
    "ast_baseline_abnormal": False, "alt_baseline_abnormal": False, "bilirubin_baseline_abnormal": False,
    "fibrinogen_baseline_abnormal": False, "consciousness_other_cause": False, "seizure_other_cause": False,
    "death_from_icans": False,
}  # fmt: skip
MILDEST = {
    "hemoglobin_g_dl": 15.0, "red_cell_transfusion_indicated": False, "anemia_life_threatening": False,
    "ast_u_l": 20.0, "ast_times_baseline": 1.0, "alt_u_l": 20.0, "alt_times_baseline": 1.0,
    "bilirubin_mg_dl": 0.5, "bilirubin_times_baseline": 1.0, "creatinine_mg_dl": 0.5, "creatinine_times_baseline": 1.0,
    "fibrinogen_mg_dl": 300.0, "fibrinogen_times_baseline": 1.0, "encephalopathy": "none", "confusion": "none",
    "dysphasia": "none", "alertness": "normal", "tremor_severity": "none", "headache_severity": "none",
    "seizure": "none", "seizure_type": "partial", "seizure_loss_of_consciousness": False, "seizure_new_onset": False,
    "seizure_multiple_despite_treatment": False,
}  # fmt: skip
WORST = {
    "hemoglobin_g_dl": 2.0, "red_cell_transfusion_indicated": True, "anemia_life_threatening": True,
    "ast_u_l": 9000.0, "ast_times_baseline": 99.0, "alt_u_l": 9000.0, "alt_times_baseline": 99.0,
    "bilirubin_mg_dl": 50.0, "bilirubin_times_baseline": 99.0, "creatinine_mg_dl": 20.0,
    "creatinine_times_baseline": 99.0, "fibrinogen_mg_dl": 10.0, "fibrinogen_times_baseline": 0.01,
    "encephalopathy": "life_threatening", "confusion": "life_threatening", "dysphasia": "impairs_intelligible",
    "alertness": "coma", "tremor_severity": "limits_self_care", "headache_severity": "limits_self_care",
    "seizure": "prolonged_or_repetitive", "seizure_type": "generalized", "seizure_loss_of_consciousness": True,
    "seizure_new_onset": True, "seizure_multiple_despite_treatment": True,
}  # fmt: skip
SEVERITIES = ["none", "mild", "limits_instrumental_adl", "limits_self_care", "life_threatening"]


def limit(readings: Readings, name: str) -> str:
    """The limit of normal under the chosen reading."""
    choices = LIMITS[name]
    return choices[readings[name]] if name in readings else next(iter(choices.values()))


def over(value: float, of: str, *times: str) -> int:
    """How many of the multiples of a limit a value exceeds."""
    return sum(Decimal(str(value)) > Decimal(of) * Decimal(by) for by in times)


def below(value: float, of: str, by: str) -> bool:
    """Whether a value is below a share of a limit."""
    return Decimal(str(value)) < Decimal(of) * Decimal(by)


def anemia(o: Row, readings: Readings) -> int:
    hemoglobin = o["hemoglobin_g_dl"]
    if not below(hemoglobin, limit(readings, "HEMOGLOBIN_LLN"), "1"):
        return 0
    if o["anemia_life_threatening"]:
        return 4
    if hemoglobin < 8 or o["red_cell_transfusion_indicated"]:
        return 3
    return 2 if hemoglobin < 10 else 1


def transaminase(value: float, ratio: float, abnormal: bool, normal: str) -> int:
    if abnormal:
        return 1 + over(ratio, "1", "3", "5", "20") if ratio >= 1.5 else 0
    return over(value, normal, "1", "3", "5", "20")


def ast(o: Row, readings: Readings) -> int:
    normal = limit(readings, "AST_ULN")
    return transaminase(o["ast_u_l"], o["ast_times_baseline"], o["ast_baseline_abnormal"], normal)


def alt(o: Row, readings: Readings) -> int:
    normal = limit(readings, "ALT_ULN")
    return transaminase(o["alt_u_l"], o["alt_times_baseline"], o["alt_baseline_abnormal"], normal)


def bilirubin(o: Row, readings: Readings) -> int:
    if o["bilirubin_baseline_abnormal"]:
        return over(o["bilirubin_times_baseline"], "1", "1", "1.5", "3", "10")
    return over(o["bilirubin_mg_dl"], limit(readings, "BILIRUBIN_ULN"), "1", "1.5", "3", "10")


def creatinine(o: Row, readings: Readings) -> int:
    ratio = o["creatinine_times_baseline"]
    by_baseline = 3 if ratio > 3 else 2 if ratio > 1.5 else 0
    return max(by_baseline, over(o["creatinine_mg_dl"], limit(readings, "CREATININE_ULN"), "1", "1.5", "3", "6"))


def fibrinogen(o: Row, readings: Readings) -> int:
    value, ratio, normal = o["fibrinogen_mg_dl"], o["fibrinogen_times_baseline"], limit(readings, "FIBRINOGEN_LLN")
    if not below(value, normal, "1"):
        return 0
    if value < 50 or below(value, normal, "0.25"):
        return 4
    share = 3 if below(value, normal, "0.5") else 2 if below(value, normal, "0.75") else 1
    if readings.get("FIBRINOGEN_DROP") == "baseline" and not o["fibrinogen_baseline_abnormal"]:
        return share
    return max(share, 4 if ratio <= 0.25 else 3 if ratio <= 0.5 else 2 if ratio <= 0.75 else 1)


def seizure(o: Row, readings: Readings, version: str) -> int:
    if o["seizure"] == "none" or o["seizure_other_cause"]:
        return 0
    if o["seizure"] == "prolonged_or_repetitive":
        return 4
    if o["seizure_multiple_despite_treatment"] or (o["seizure_new_onset"] and version == "ctcae-5"):
        return 3
    if o["seizure_type"] == "generalized":
        return 2
    if o["seizure_type"] == "partial" and not o["seizure_loss_of_consciousness"]:
        return 1
    return 1 if readings.get("SEIZURE") == "grade_1" else 2


def neurotoxicity(o: Row, readings: Readings, version: str) -> int:
    if o["death_from_icans"]:
        return 5
    drowsy = ["normal", "decreased", "sedated", "difficult_to_arouse", "coma"].index(o["alertness"])
    return max(
        SEVERITIES.index(o["encephalopathy"]),
        SEVERITIES.index(o["confusion"]),
        SEVERITIES.index(o["tremor_severity"]),
        SEVERITIES.index(o["headache_severity"]),
        ["none", "aware", "impairs_spontaneous", "impairs_intelligible"].index(o["dysphasia"]),
        0 if o["consciousness_other_cause"] else drowsy,
        seizure(o, readings, version),
    )


LABS: Mapping[str, Callable[[Row, Readings], int]] = {
    "anemia": anemia,
    "ast": ast,
    "alt": alt,
    "bilirubin": bilirubin,
    "creatinine": creatinine,
    "fibrinogen": fibrinogen,
}


def graded(version: str, scale: str, row: Row, readings: Readings) -> int:
    """The grade of a whole chart."""
    if scale in LABS:
        return LABS[scale](row, readings)
    return 0 if row["time_h"] * 60 < -0.5 else neurotoxicity(row, readings, version)


def bounds(version: str, scale: str, row: Row, readings: Readings) -> tuple[int, int]:
    """Floor and ceiling of one chart."""
    known = {k: v for k, v in row.items() if v is not None}
    mild, worst = (graded(version, scale, {**DEFAULTS, **end, **known}, readings) for end in (MILDEST, WORST))
    return mild, worst
