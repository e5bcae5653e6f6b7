"""The daily chart of one patient as a table: blood counts, laboratory values, infection, growth factor."""

from collections.abc import Sequence
from typing import Any

from tabulate import tabulate

from harness.cohort.example import Example

DAILY_DRUGS = ("gcsf",)
SHOWN_DAYS = (-5, 0, 3, 7, 10, 14, 21, 28, 30, 35, 42, 49, 60, 75, 90, 100)
_COLUMNS = (
    ("ANC /µL", "anc_per_ul"),
    ("lymphocytes", "lymphocytes_per_ul"),
    ("platelets 10⁹/L", "platelets_10e9_l"),
    ("Hb g/dL", "hemoglobin_g_dl"),
    ("CRP mg/dL", "crp_mg_dl"),
    ("ferritin ng/mL", "ferritin_ng_ml"),
    ("LDH", "ldh_u_l"),
    ("AST", "ast_u_l"),
    ("ALT", "alt_u_l"),
    ("bilirubin", "bilirubin_mg_dl"),
    ("creatinine", "creatinine_mg_dl"),
    ("fibrinogen", "fibrinogen_mg_dl"),
    ("triglycerides", "triglycerides_mg_dl"),
)


def days_table(found: Example, every_day: bool) -> str:
    """The days as text, a few of them unless all are wanted; empty where none are charted."""
    rows = [_row(found, o) for o in found.days if every_day or o["time_h"] // 24 in SHOWN_DAYS]
    if not rows:
        return ""
    heads = ["day", *(head for head, _ in _COLUMNS), "infection", "given"]
    return str(tabulate(rows, heads, disable_numparse=True, colalign=("right",) * (len(_COLUMNS) + 1)))


def _row(found: Example, o: dict[str, Any]) -> list[str]:
    values = [f"{o[name]:g}" if name in o else "?" for _, name in _COLUMNS]
    infection = o.get("infection", "?").replace("_", " ")
    given = [drug for drug in DAILY_DRUGS if _is_given(found.case["treatments"], drug, o["time_h"])]
    return [f"{o['time_h'] / 24:g}", *values, "" if infection == "none" else infection, ", ".join(given)]


def _is_given(treatments: Sequence[dict[str, Any]], drug: str, hour: float) -> bool:
    return any(g["drug"] == drug and hour <= g["time_h"] < hour + 24 for g in treatments)
