"""A second implementation of the scores: plain sums from the papers, without tables, for complete charts."""

from collections.abc import Callable, Mapping
from typing import Any

Row = Mapping[str, Any]


def ice(o: Row) -> int:
    return sum(o["ice_items"].values())


def cartox_10(o: Row) -> int:
    return sum(o["cartox10_items"].values())


def car_hematotox(o: Row) -> int:
    points = 2 if o["platelets_10e9_l"] < 75 else 1 if o["platelets_10e9_l"] <= 175 else 0
    points += 1 if o["anc_per_ul"] < 1200 else 0
    points += 1 if o["hemoglobin_g_dl"] < 9.0 else 0
    points += 1 if o["crp_mg_dl"] > 3.0 else 0
    return points + (2 if o["ferritin_ng_ml"] > 2000 else 1 if o["ferritin_ng_ml"] >= 650 else 0)


def hlh_2004(o: Row) -> int:
    lineages = [o["hemoglobin_g_dl"] < 9, o["platelets_10e9_l"] < 100, o["anc_per_ul"] < 1000]
    met = [
        o["temp_c"] >= 38.5,
        o["splenomegaly"],
        sum(lineages) >= 2,
        o["triglycerides_mg_dl"] >= 265 or o["fibrinogen_mg_dl"] <= 150,
        o["hemophagocytosis"],
        o["nk_activity_low"],
        o["ferritin_ng_ml"] >= 500,
        o["soluble_cd25_u_ml"] >= 2400,
    ]
    return sum(met)


def hscore(o: Row) -> int:
    points = 18 if o["known_immunosuppression"] else 0
    points += 49 if o["temp_c"] > 39.4 else 33 if o["temp_c"] >= 38.4 else 0
    points += (0, 23, 38)[o["hepatomegaly"] + o["splenomegaly"]]
    low = (o["hemoglobin_g_dl"] <= 9.2) + (o["wbc_per_ul"] <= 5000) + (o["platelets_10e9_l"] <= 110)
    points += (0, 0, 24, 34)[low]
    points += 50 if o["ferritin_ng_ml"] > 6000 else 35 if o["ferritin_ng_ml"] >= 2000 else 0
    mmol = o["triglycerides_mg_dl"] / 88.57
    points += 64 if mmol > 4 else 44 if mmol >= 1.5 else 0
    points += 30 if o["fibrinogen_mg_dl"] <= 250 else 0
    points += 19 if o["ast_u_l"] >= 30 else 0
    return points + (35 if o["hemophagocytosis"] else 0)


def mnt(o: Row) -> int:
    if not o["recovered_from_crs_icans"] or o["mnt_other_cause"]:
        return 0
    return sum(o[name] for name in ("mnt_movement", "mnt_cognitive", "mnt_personality"))


def mnt_risk(o: Row) -> int:
    return sum(o[name] for name in ("high_tumor_burden", "crs_g2plus_or_icans", "high_car_t_expansion"))


PLAIN: Mapping[str, Callable[[Row], int]] = {
    "ice": ice,
    "cartox-10": cartox_10,
    "car-hematotox": car_hematotox,
    "hlh-2004": hlh_2004,
    "hscore": hscore,
    "mnt": mnt,
    "mnt-risk": mnt_risk,
}
BANDS: Mapping[str, Callable[[int], str]] = {
    "ice": lambda n: "none" if n == 10 else "mild" if n >= 7 else "moderate" if n >= 3 else "severe",
    "cartox-10": lambda n: "none" if n == 10 else "mild" if n >= 7 else "moderate" if n >= 3 else "severe",
    "car-hematotox": lambda n: "high" if n >= 2 else "low",
    "hlh-2004": lambda n: "positive" if n >= 5 else "negative",
    "hscore": lambda n: "above" if n >= 169 else "below",
    "mnt": lambda n: "met" if n >= 2 else "not_met",
    "mnt-risk": lambda n: "two_or_more" if n >= 2 else "fewer",
}
VALUES: Mapping[str, list[Any]] = {  # on both sides of every line of every score
    "temp_c": [37.0, 38.3, 38.4, 38.5, 39.4, 39.5],
    "splenomegaly": [False, True],
    "hepatomegaly": [False, True],
    "hemophagocytosis": [False, True],
    "nk_activity_low": [False, True],
    "known_immunosuppression": [False, True],
    "recovered_from_crs_icans": [False, True],
    "mnt_other_cause": [False, True],
    "mnt_movement": [False, True],
    "mnt_cognitive": [False, True],
    "mnt_personality": [False, True],
    "high_tumor_burden": [False, True],
    "crs_g2plus_or_icans": [False, True],
    "high_car_t_expansion": [False, True],
    "hemoglobin_g_dl": [8.9, 9.0, 9.2, 9.3, 12.0],
    "anc_per_ul": [0, 999, 1000, 1199, 1200],
    "wbc_per_ul": [10, 5000, 5001],
    "platelets_10e9_l": [0, 74.9, 75, 99, 100, 110, 111, 175, 176],
    "crp_mg_dl": [0, 3.0, 3.1],
    "ferritin_ng_ml": [0, 499, 500, 649, 650, 1999, 2000, 2001, 6000, 6001],
    "triglycerides_mg_dl": [100, 132.8, 132.9, 264, 265, 354.2, 354.3],
    "fibrinogen_mg_dl": [100, 150, 151, 250, 251],
    "ast_u_l": [0, 29.9, 30],
    "soluble_cd25_u_ml": [0, 2399, 2400],
}
READ: Mapping[str, tuple[str, ...]] = {
    "car-hematotox": ("platelets_10e9_l", "anc_per_ul", "hemoglobin_g_dl", "crp_mg_dl", "ferritin_ng_ml"),
    "hlh-2004": (
        "temp_c", "splenomegaly", "hemoglobin_g_dl", "platelets_10e9_l", "anc_per_ul", "triglycerides_mg_dl",
        "fibrinogen_mg_dl", "hemophagocytosis", "nk_activity_low", "ferritin_ng_ml", "soluble_cd25_u_ml",
    ),
    "hscore": (
        "known_immunosuppression", "temp_c", "hepatomegaly", "splenomegaly", "hemoglobin_g_dl", "wbc_per_ul",
        "platelets_10e9_l", "ferritin_ng_ml", "triglycerides_mg_dl", "fibrinogen_mg_dl", "ast_u_l", "hemophagocytosis",
    ),
    "mnt": ("recovered_from_crs_icans", "mnt_other_cause", "mnt_movement", "mnt_cognitive", "mnt_personality"),
    "mnt-risk": ("high_tumor_burden", "crs_g2plus_or_icans", "high_car_t_expansion"),
}  # fmt: skip
ITEMS: Mapping[str, Mapping[str, int]] = {
    "ice": {"year": 1, "month": 1, "city": 1, "hospital": 1, "naming": 3, "command": 1, "writing": 1, "attention": 1},
    "cartox-10": {
        "year": 1, "month": 1, "city": 1, "hospital": 1, "president": 1, "naming": 3, "writing": 1, "attention": 1,
    },
}  # fmt: skip
