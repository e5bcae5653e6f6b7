"""What may stand behind each key of a guideline file: its shape, in words and as a check."""

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

from cartox_core.guideline import MADE
from cartox_core.management import KINDS, STRENGTHS
from cartox_core.observation import EARLIEST_H, LATEST_H

LAST_DAY = int(LATEST_H // 24)
HIGHEST_GRADE = 5  # what the thermometers of columns hold
MOST_POINTS = 100  # of one item; its table holds bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """What a value must be, and whether one is."""

    words: str
    fits: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _whole(low: int, high: int) -> Shape:
    def fits(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high

    return Shape(f"a whole number from {low} to {high}", fits)


def _is_hours(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _one_of(words: tuple[str, ...]) -> Shape:
    return Shape(f"one of {', '.join(words)}", lambda value: value in words)


def _list_of(words: str, kind: Callable[[Any], bool]) -> Shape:
    return Shape(words, lambda value: isinstance(value, list) and bool(value) and all(kind(v) for v in value))


_TEXT = Shape("text", _is_text)
_ANY_TEXT = Shape("text", lambda value: isinstance(value, str))
_FLAG = Shape("true or false", lambda value: isinstance(value, bool))
_TABLE = Shape("a table", lambda value: isinstance(value, Mapping))
_FILLED = Shape("a table that is not empty", lambda value: isinstance(value, Mapping) and bool(value))
_TABLES = _list_of("a list of tables", lambda value: isinstance(value, Mapping))
_TEXTS = _list_of("a list of texts", _is_text)
_TIME = Shape(
    f"a number of hours from {EARLIEST_H:g} to {LATEST_H:g}",
    lambda value: _is_hours(value) and EARLIEST_H <= value <= LATEST_H,
)
_SPAN = Shape("a number of hours from 0", lambda value: _is_hours(value) and value >= 0)
_MINUTES = Shape("a number of minutes from 0", lambda value: _is_hours(value) and value >= 0)
_ANYTHING = Shape("a value", lambda _: True)
_LIMIT = Shape("a number above 0, or inf", lambda value: (_is_hours(value) and value > 0) or value == math.inf)
_PAIR = Shape(
    "a list of two numbers, the lower first",
    lambda v: isinstance(v, list) and len(v) == 2 and all(map(_is_hours, v)) and 0 < v[0] <= v[1],
)
_YEAR = Shape("a year", lambda value: _is_text(value) or (isinstance(value, int) and not isinstance(value, bool)))
_WORDS = Shape("a table of texts", lambda value: isinstance(value, Mapping) and all(map(_is_text, value.values())))

SHAPES: Mapping[str, Mapping[str, Shape]] = {
    "top level": {
        "id": _TEXT,
        "title": _TEXT,
        "text": _TEXT,
        "cite": _TEXTS,
        "scale": _FILLED,
        "reading": _TABLE,
        "source": _TABLE,
    },
    "source": {"title": _TEXT, "authors": _TEXT, "year": _YEAR, "where": _TEXT, "doi": _TEXT},
    "feature": {
        "name": _TEXT,
        "text": _TEXT,
        "made": Shape(f"one of {', '.join(MADE)}", lambda value: value in MADE),
        "of": _TEXTS,
        "test": _TEXT,
        "until": _TEXT,
        "first_day": _whole(0, LAST_DAY),
        "last_day": _whole(0, LAST_DAY),
        "by_day": _whole(0, LAST_DAY),
        "gap_days": _whole(0, LAST_DAY),
        "join_days": _whole(0, LAST_DAY),
        "round_to": _whole(0, 1000),
        "missing_counts": _FLAG,
        "ends_early": _FLAG,
        "alone": _FLAG,
        "cite": _TEXTS,
    },
    "scale": {
        "title": _TEXT,
        "text": _ANY_TEXT,
        "cite": _TEXTS,
        "top": _whole(1, HIGHEST_GRADE),
        "from_h": _TIME,
        "gate": _TABLES,
        "gate_text": _ANY_TEXT,
        "feature": _TABLES,
        "domain": _TABLES,
        "assume": _TABLES,
        "episode": _TABLE,
        "infusions": _TABLE,
    },
    "domain": {"name": _TEXT, "title": _TEXT, "gated": _FLAG, "clause": _TABLES},
    "clause": {"id": _TEXT, "grade": _ANYTHING, "when": _TABLE, "text": _TEXT, "cite": _TEXTS},
    "gate": {"id": _TEXT, "when": _TABLE, "text": _TEXT, "cite": _TEXTS},
    "assume": {"field": _TEXT, "value": _ANYTHING, "when": _TABLE, "text": _TEXT, "cite": _TEXTS},
    "episode": {
        "opened": _TEXT,
        "masked": _TEXT,
        "fever": _TEXT,
        "signs": _TEXTS,
        "quiet_h": _SPAN,
        "gap_resolves": _FLAG,
        "look_back_h": _SPAN,
        "text": _TEXT,
        "cite": _TEXTS,
    },
    "infusions": {"bridge_min": _MINUTES, "high_dose": _TABLE, "text": _TEXT, "cite": _TEXTS},
    "high_dose": {
        "hours": _SPAN,
        "alone": _FILLED,
        "combination": _TEXT,
        "on_vasopressin": _TEXT,
        "equivalent": _FILLED,
        "alone_holds": _FLAG,
    },
    "reading": {"title": _TEXT, "default": _TEXT, "why": _TEXT, "choice": _FILLED},
    "choice": {"text": _TEXT, "values": _FILLED},
    "score": {
        "id": _TEXT,
        "title": _TEXT,
        "text": _TEXT,
        "note": _TEXT,
        "cite": _TEXTS,
        "total": _TEXT,
        "item": _TABLES,
        "band": _TABLES,
        "printed": _TABLE,
        "reading": _TABLE,
    },
    "item": {"name": _TEXT, "title": _TEXT, "clause": _TABLES},
    "points": {"id": _TEXT, "points": _ANYTHING, "when": _TABLE, "text": _TEXT, "cite": _TEXTS},
    "band": {"name": _TEXT, "total": _ANYTHING, "text": _TEXT},
    "printed": {"title": _TEXT, "at": _WORDS},
    "plan": {
        "id": _TEXT,
        "title": _TEXT,
        "text": _TEXT,
        "cite": _TEXTS,
        "toxicity": _TABLES,
        "despite": _TABLES,
        "regimen": _FILLED,
        "step": _TABLES,
        "reading": _TABLE,
        "source": _TABLE,
    },
    "toxicity": {
        "name": _TEXT,
        "title": _TEXT,
        "grade": _TEXT,
        "guideline": _TEXT,
        "scales": _TEXTS,
        "fresh_h": _SPAN,
        "readings": _WORDS,
    },
    "despite": {"field": _TEXT, "grade": _TEXT, "drugs": _TEXTS, "after_h": _SPAN, "cite": _TEXTS},
    "regimen": {
        "dose": _PAIR,
        "unit": _TEXT,
        "route": _TEXT,
        "every_h": _PAIR,
        "repeats": _FLAG,
        "least_h": _SPAN,
        "cap_mg": _LIMIT,
        "most_doses": _LIMIT,
        "most_per_24h": _LIMIT,
        "most_mg_kg_24h": _LIMIT,
        "ages": _ANYTHING,
        "light_below_kg": _SPAN,
        "light_dose": _SPAN,
        "cite": _TEXTS,
    },
    "step": {
        "id": _TEXT,
        "toxicity": _TEXT,
        "kind": _one_of(KINDS),
        "strength": _one_of(STRENGTHS),
        "what": _TEXT,
        "when": _TABLES,
        "cite": _TEXTS,
        "drugs": _TEXTS,
        "regimen": _TEXT,
        "timed": _FLAG,
        "every_h": _SPAN,
        "charts": _TEXTS,
        "evidence": _TEXT,
        "note": _TEXT,
        "see": _TEXTS,
    },
    "catalogue": {"entry": _TABLES},
    "entry": {
        "id": _TEXT,
        "kind": _TEXT,
        "title": _TEXT,
        "text": _TEXT,
        "effect": _TEXT,
        "values": _FILLED,
        "systems": Shape(
            "a list of row numbers", lambda v: isinstance(v, list) and all(type(row) is int and row > 0 for row in v)
        ),
        "see": _TEXTS,
        "cite": _TEXTS,
    },
}
OPTIONAL: Mapping[str, frozenset[str]] = {
    "top level": frozenset({"reading", "source"}),
    "source": frozenset({"doi"}),
    "scale": frozenset({"text", "from_h", "gate", "gate_text", "assume", "episode", "feature", "infusions"}),
    "feature": frozenset(
        "test until by_day gap_days join_days round_to missing_counts ends_early alone".split()  # noqa: SIM905
    ),
    "domain": frozenset({"gated"}),
    "assume": frozenset({"when"}),
    "episode": frozenset({"cite"}),
    "infusions": frozenset({"high_dose"}),
    "high_dose": frozenset({"alone_holds"}),
    "score": frozenset({"note", "total", "printed", "reading"}),
    "plan": frozenset({"reading", "source"}),
    "toxicity": frozenset({"grade", "guideline", "scales", "fresh_h", "readings"}),
    "regimen": frozenset(SHAPES["regimen"]) - {"cite"},
    "step": frozenset({"drugs", "regimen", "timed", "every_h", "charts", "evidence", "note", "see"}),
    "entry": frozenset({"effect", "values", "systems", "see"}),
}
PUT_IN: Mapping[str, frozenset[str]] = {  # where a reading may put a value in, beside the tests of "when"
    "scale": frozenset({"from_h"}),
    "feature": frozenset({"made", "last_day", "gap_days", "round_to", "ends_early", "missing_counts", "alone"}),
    "clause": frozenset({"grade"}),
    "assume": frozenset({"value"}),
    "episode": frozenset({"quiet_h", "gap_resolves", "look_back_h"}),
    "infusions": frozenset({"bridge_min"}),
    "high_dose": frozenset({"hours", "combination", "on_vasopressin", "alone_holds"}),
    "points": frozenset({"points"}),
    "band": frozenset({"total"}),
    "toxicity": frozenset({"fresh_h"}),
    "despite": frozenset({"after_h"}),
    "regimen": frozenset({"cap_mg", "most_per_24h", "ages", "light_below_kg"}),
    "step": frozenset({"strength"}),
}
