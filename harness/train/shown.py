"""What the pages show of a question: rows of a table, laboratory values, findings in words."""

from collections.abc import Iterator

from cartox_core import Case, Observation
from cartox_core.observation import OBSERVATION
from harness.train.chart import (
    AWAKENS,
    DEVICE_WORDS,
    Told,
    awakens_words,
    other_words,
    oxygen_words,
    pressor_words,
    pressure_words,
    score_of,
    start_of,
)

LAB_DAYS = 4
_NOT = "–"
_FIELDS = {
    "temp_c": "temperature",
    "hypotension": "hypotension",
    "vasopressors": "vasopressors",
    "vasopressin": "vasopressin",
    "o2_device": "oxygen",
    "o2_flow_l_min": "flow",
    "consciousness": "awakens",
    "cerebral_edema": "cerebral edema",
    "capd": "CAPD",
    "ice": "ICE",
}
_VALUES = {"o2_device": DEVICE_WORDS, "consciousness": {name: words for name, (words, _) in AWAKENS.items()}}
_UNITS = {"Cel": "°C", "mm[Hg]": "mmHg", "1": ""}
_LABS = (
    ("CRP", "crp_mg_dl", "mg/dL"),
    ("ferritin", "ferritin_ng_ml", "ng/mL"),
    ("neutrophils", "anc_per_ul", "/µL"),
    ("platelets", "platelets_10e9_l", "10⁹/L"),
    ("hemoglobin", "hemoglobin_g_dl", "g/dL"),
    ("LDH", "ldh_u_l", "U/L"),
    ("AST", "ast_u_l", "U/L"),
    ("ALT", "alt_u_l", "U/L"),
    ("bilirubin", "bilirubin_mg_dl", "mg/dL"),
    ("creatinine", "creatinine_mg_dl", "mg/dL"),
    ("fibrinogen", "fibrinogen_mg_dl", "mg/dL"),
)
HEADS = ("hour", "°C", "pulse", "pressure", "judged", "vasopressors", "SpO₂", "oxygen")
_LATER_HEADS = ("awakens", "other signs")


def when(hour: float) -> str:
    """An hour since infusion as day and hour.

    >>> when(52.0), when(-24.0)
    ('day 2, 04:00', 'day -1, 00:00')
    """
    day, within = divmod(round(60 * hour), 1440)
    return f"day {day}, {within // 60:02d}:{within % 60:02d}"


def heads(case: Case) -> tuple[str, ...]:
    """The heads of the table; the score is that of the chart."""
    return (*HEADS, score_of(case), *_LATER_HEADS)


def rows(case: Case) -> list[list[str]]:
    """Every round of the chart as a row under :func:`heads`, the latest first; not those of blood alone."""
    seen = [o for o in reversed(case.observations) if o.time_h >= start_of(case)]
    told = [[when(o.time_h), *_cells(o)] for o in seen]
    return [row for row in told if any(cell != _NOT for cell in row[1:])]


def _cells(o: Observation) -> Iterator[str]:
    def words(told: Told) -> str:
        found = told(o)
        return found[0] if found else _NOT

    yield _NOT if o.temp_c is None else f"{o.temp_c:.1f}"
    yield _number(o.heart_rate_bpm)
    yield _NOT if o.sbp_mmhg is None else f"{o.sbp_mmhg:g}/{_number(o.dbp_mmhg)}"
    yield from (words(pressure_words), words(pressor_words))
    yield _number(o.spo2_pct)
    yield words(oxygen_words)
    yield _number(o.ice if o.capd is None else o.capd)
    yield from (words(awakens_words), words(other_words))


def labs(case: Case) -> tuple[list[str], list[list[str]]]:
    """Laboratory values of the latest days: heads, and a row a value; empty where there are none."""
    days = [o for o in case.observations if any(getattr(o, name) is not None for _, name, _ in _LABS)][-LAB_DAYS:]
    heads = ["", *[when(o.time_h) for o in days], ""]
    found = [
        [title, *[_number(getattr(o, name)) for o in days], unit]
        for title, name, unit in _LABS
        if any(getattr(o, name) is not None for o in days)
    ]
    return heads, found


def _number(value: float | None) -> str:
    return _NOT if value is None else f"{value:,.10g}"


def field_words(name: str) -> str:
    """A field as a trainee knows it.

    >>> field_words("o2_device"), field_words("ice")
    ('oxygen', 'ICE')
    """
    if name not in OBSERVATION:
        return name
    return _FIELDS.get(name, OBSERVATION[name].doc.split(";")[0].split(",")[0])


def value_words(name: str, value: object) -> str:
    """A value of a field in words, with its unit.

    >>> value_words("temp_c", 38.4), value_words("o2_device", "bipap"), value_words("o2_device", None)
    ('38.4 °C', 'BiPAP', 'not charted')
    """
    if value is None:
        return "not charted"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return _VALUES.get(name, {}).get(str(value), str(value).replace("_", " "))
    if name == "temp_c":
        return f"{value:.1f} °C"
    unit = OBSERVATION[name].unit or ""
    return f"{value:g} {_UNITS.get(unit, unit)}".strip()


def finding_words(name: str, value: object) -> str:
    """A finding as it is said within a sentence.

    >>> finding_words("hypotension", False), finding_words("consciousness", "voice"), finding_words("ice", 3)
    ('no hypotension', 'awakens to voice', 'ICE 3')
    """
    if isinstance(value, bool):
        return field_words(name) if value else f"no {field_words(name)}"
    if value == "unarousable":
        return value
    return f"{field_words(name)} {value_words(name, value)}"
