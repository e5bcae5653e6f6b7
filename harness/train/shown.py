"""What the pages show of a question and of an answer: rows of a table, findings in words, sentences of feedback."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cartox_core import Case, Observation
from cartox_core.observation import OBSERVATION
from harness.train.chart import (
    Told,
    awakens_words,
    other_words,
    oxygen_words,
    pressor_words,
    pressure_words,
    score_of,
    start_of,
)
from harness.train.next_steps import OPTIONS
from harness.train.question import TITLES

LAB_DAYS = 4
_NOT = "–"
_FIELDS = {
    "temp_c": "temperature",
    "hypotension": "hypotension",
    "vasopressors": "vasopressors",
    "o2_flow_l_min": "flow",
    "consciousness": "awakens",
    "cerebral_edema": "cerebral edema",
    "capd": "CAPD",
    "ice": "ICE",
}
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
    ('oxygen device', 'ICE')
    """
    if name not in OBSERVATION:
        return name
    return _FIELDS.get(name, OBSERVATION[name].doc.split(";")[0].split(",")[0])


def value_words(name: str, value: object) -> str:
    """A value of a field in words, with its unit.

    >>> value_words("temp_c", 38.4), value_words("hypotension", True), value_words("o2_device", None)
    ('38.4 °C', 'yes', 'not charted')
    """
    if value is None:
        return "not charted"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return str(value).replace("_", " ")
    unit = OBSERVATION[name].unit or ""
    return f"{value:g} {_UNITS.get(unit, unit)}".strip()


class ScaleFeedback(NamedTuple):
    """What is said of one scale after an answer."""

    title: str
    given: str
    right: str
    verdict: str
    is_right: bool
    why: tuple[tuple[str, str], ...]  # the clause in words, and where it stands
    change: str
    missing: str
    episode: str


_VERDICTS = {
    "right": "Right.",
    "under": "Too low.",
    "over": "Too high.",
    "guessed": "A guess: the grade cannot be told.",
    "undecided": "It can be told.",
    "other reason": "It cannot be told, but for want of something else.",
}


def feedback(attempt: Mapping[str, Any]) -> tuple[ScaleFeedback, ...]:
    """What is said of each scale of an answer."""
    given = attempt["answer"]["grades"]
    return tuple(_scale_feedback(name, told, given[name]) for name, told in attempt["found"]["scales"].items())


def _scale_feedback(name: str, told: Mapping[str, Any], given: Mapping[str, Any]) -> ScaleFeedback:
    low, high = told["floor"], told["ceiling"]
    grade = given["grade"]
    cannot = f"cannot be told: {field_words(given['because'])} missing" if given["because"] else "cannot be told"
    right = f"grade {low}" if low == high else f"cannot be told: grade {low} to {high}"
    changes = " and ".join(
        f"{field_words(c['field'])} {value_words(c['field'], c['now'])} instead of {value_words(c['field'], c['was'])}"
        for c in told["changes"]
    )
    return ScaleFeedback(
        title=TITLES[name],
        given=cannot if grade is None else f"grade {grade}",
        right=right,
        verdict=_VERDICTS[told["verdict"]],
        is_right=told["verdict"] == "right",
        why=tuple(dict.fromkeys(_why(told["because"]))),
        change=f"Grade {grade} would have been right with {changes}." if changes else "",
        missing=", ".join(field_words(field) for field in told["missing"]),
        episode=_episode(told.get("open_since_h")),
    )


def _episode(open_since_h: float | None) -> str:
    if open_since_h is None:
        return ""
    return (
        f"No fever is needed now: CRS began with fever, last at {when(open_since_h)}, and its signs have not resolved."
    )


def _why(because: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for why in because:
        text = why["text"].replace("the gate is closed; it opens with", "no CRS, which needs")
        text = text.replace("the gate may be closed; it opens with", "perhaps no CRS, which needs")
        bound = {"grade": "", "floor": "at least: ", "ceiling": "at most: "}[why["bound"]]
        seen = ", ".join(f"{field_words(k)} {value_words(k, v)}" for k, v in why.get("findings", {}).items())
        yield f"{bound}{text}{f' ({seen})' if seen else ''}", "; ".join(map(_cited, why.get("cite", [])))


def _cited(cite: str) -> str:
    """A source as people write it.

    >>> _cited("lee-2019 Table 2")
    'Lee 2019, Table 2'
    """
    work, _, place = cite.partition(" ")
    name = work.replace("-", " ").capitalize()
    return f"{name}, {place}" if place else name


def next_words(told: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What is said of the next steps that were chosen."""
    if told is None:
        return ()
    missed = [f"Missed: {OPTIONS[name]}." for name in told["missed"]]
    wrong = [f"{OPTIONS[name].capitalize()}: {told['standing'][name]} here." for name in told["wrong"]]
    return (*missed, *wrong) or ("Nothing missed, nothing that is not advised.",)
