"""Read guideline files: from the shelf by id, or from a path, with the readings wanted.

A file is TOML. A value ``"$name"`` is put in by the chosen reading; a clause with a test ``"never"`` is
left out. What a file gets wrong is said with the place and the nearest right name.
"""

import difflib
import functools
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from cartox_core.conditions import NEVER, ConditionError, Test, parse_test
from cartox_core.guideline import (
    Assumption,
    Choice,
    Clause,
    Domain,
    Episode,
    Guideline,
    GuidelineError,
    Reading,
    Scale,
)
from cartox_core.observation import READABLE
from cartox_core.proof import prove

_ROOT = resources.files("cartox_core")
_SHELF = _ROOT / "guidelines"
_KEYS: Mapping[str, frozenset[str]] = {
    "guideline": frozenset(["id", "title", "text", "cite", "scale", "reading"]),
    "scale": frozenset(["title", "text", "cite", "top", "from_h", "gate", "gate_text", "domain", "assume", "episode"]),
    "domain": frozenset(["name", "title", "gated", "clause"]),
    "clause": frozenset(["id", "grade", "when", "text", "cite"]),
    "gate": frozenset(["id", "when", "text", "cite"]),
    "assume": frozenset(["field", "value", "when", "text", "cite"]),
    "episode": frozenset(
        ["opened", "masked", "fever", "signs", "quiet_h", "gap_resolves", "look_back_h", "text", "cite"]
    ),
    "reading": frozenset(["title", "default", "why", "choice"]),
    "choice": frozenset(["text", "values"]),
}


def guideline_ids() -> tuple[str, ...]:
    """The ids of the guidelines on the shelf.

    >>> "astct-2019" in guideline_ids()
    True
    """
    return tuple(sorted(f.name.removesuffix(".toml") for f in _SHELF.iterdir() if f.name.endswith(".toml")))


@functools.cache
def bibliography() -> Mapping[str, Mapping[str, str]]:
    """The works that clauses cite, by key: title, authors, year, where, doi."""
    return tomllib.loads((_ROOT / "bibliography.toml").read_text(encoding="utf-8"))


def load(source: str | Path, readings: Mapping[str, str] | None = None) -> Guideline:
    """The guideline of that id, or in that file, under the readings wanted (the rest at their defaults).

    Raises GuidelineError when there is none, or it is malformed: unknown field, gap, unreachable clause,
    worse sign graded lower.

    >>> load("astct-2019", {"C1": "high"}).chosen["C1"]
    'high'
    """
    return _load(str(source), tuple(sorted((readings or {}).items())))


@functools.lru_cache(maxsize=256)
def _load_shelf(name: str, readings: tuple[tuple[str, str], ...]) -> Guideline:
    return parse((_SHELF / f"{name}.toml").read_text(encoding="utf-8"), name, dict(readings))


def _load(source: str, readings: tuple[tuple[str, str], ...]) -> Guideline:
    if source in guideline_ids():
        return _load_shelf(source, readings)
    path = Path(source)
    if not path.is_file():
        raise GuidelineError(
            f"there is no guideline {source!r}, and no such file;{_nearest(source, guideline_ids())}"
            f" on the shelf: {', '.join(guideline_ids())}"
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GuidelineError(f"{source} cannot be read: {error}") from None
    return parse(text, source, dict(readings))


def parse(text: str, name: str, readings: Mapping[str, str] | None = None) -> Guideline:
    """The guideline that a TOML text describes, checked. ``name`` stands in messages.

    Raises GuidelineError.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GuidelineError(f"{name}: not TOML: {error}") from None
    try:
        guideline = _Reader(name, raw, readings or {}).guideline()
    except (KeyError, TypeError, AttributeError) as error:
        raise GuidelineError(f"{name}: malformed: {type(error).__name__} {error}") from None
    prove(guideline, name)
    return guideline


def _nearest(word: str, words: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(words), n=1)
    return f" did you mean {close[0]!r}?" if close else ""


class _Reader:
    """Turns the tables of one file into a Guideline, with the readings put in."""

    def __init__(self, name: str, raw: Mapping[str, Any], wanted: Mapping[str, str]) -> None:
        self.name, self.raw = name, raw
        self.readings = {k: self._reading(k, v) for k, v in raw.get("reading", {}).items()}
        for key, choice in wanted.items():
            if key not in self.readings:
                self._fail(
                    f"there is no reading {key!r};{_nearest(key, self.readings)} it has "
                    f"{', '.join(self.readings) or 'none'}"
                )
            if choice not in self.readings[key].choices:
                self._fail(f"reading {key} has no choice {choice!r}; it has {', '.join(self.readings[key].choices)}")
        self.chosen = {k: wanted.get(k, r.default) for k, r in self.readings.items()}
        self.values: dict[str, object] = {}
        for key, choice in self.chosen.items():
            for value, meaning in self.readings[key].choices[choice].values.items():
                if value in self.values:
                    self._fail(f"reading.{key}: the value {value!r} is set by two readings")
                self.values[value] = meaning

    def _fail(self, message: str) -> None:
        raise GuidelineError(f"{self.name}: {message}")

    def _keys(self, table: Mapping[str, Any], kind: str, where: str, required: str) -> None:
        for key in table:
            if key not in _KEYS[kind]:
                self._fail(
                    f"{where}: unknown key {key!r};{_nearest(key, _KEYS[kind])} allowed: "
                    f"{', '.join(sorted(_KEYS[kind]))}"
                )
        for key in required.split():
            if key not in table:
                self._fail(f"{where}: {key!r} is missing")

    def _put_in(self, value: Any, where: str) -> Any:
        if isinstance(value, str) and value.startswith("$"):
            if value[1:] not in self.values:
                self._fail(f"{where}: no reading sets {value!r};{_nearest(value[1:], self.values)}")
            return self._put_in(self.values[value[1:]], where)
        return value

    def _reading(self, key: str, table: Mapping[str, Any]) -> Reading:
        where = f"reading.{key}"
        self._keys(table, "reading", where, "title default why choice")
        choices = {}
        for name, choice in table["choice"].items():
            self._keys(choice, "choice", f"{where}.choice.{name}", "text values")
            choices[name] = Choice(name, choice["text"], choice["values"])
        if table["default"] not in choices:
            self._fail(f"{where}: the default {table['default']!r} is none of its choices")
        if len({frozenset(c.values) for c in choices.values()}) != 1:
            self._fail(f"{where}: every choice must set the same values")
        return Reading(key, table["title"], table["default"], table["why"], choices)

    def guideline(self) -> Guideline:
        self._keys(self.raw, "guideline", "top level", "id title text cite scale")
        scales = {k: self._scale(k, v) for k, v in self.raw["scale"].items()}
        ids = [clause.id for scale in scales.values() for clause in scale.clauses]
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            self._fail(f"two clauses are called {twice!r}")
        return Guideline(
            self.raw["id"], self.raw["title"], self.raw["text"], self._cite(self.raw, "top level"),
            scales, self.readings, self.chosen,
        )  # fmt: skip

    def _cite(self, table: Mapping[str, Any], where: str) -> tuple[str, ...]:
        works = bibliography()
        for cite in table["cite"]:
            key = cite.split(" ")[0]
            if key not in works:
                self._fail(f"{where}: cites {key!r}, which is not in the bibliography;{_nearest(key, works)}")
        return tuple(table["cite"])

    def _scale(self, name: str, table: Mapping[str, Any]) -> Scale:
        where = f"scale.{name}"
        self._keys(table, "scale", where, "title cite top domain")
        gate = [self._clause(c, "gate", f"{where}.gate", table["top"]) for c in table.get("gate", [])]
        domains = tuple(self._domain(d, where, table["top"]) for d in table["domain"])
        assumptions = [self._assumption(a, f"{where}.assume") for a in table.get("assume", [])]
        return Scale(
            name=name,
            title=table["title"],
            text=table.get("text", ""),
            cite=self._cite(table, where),
            top=table["top"],
            from_h=table.get("from_h"),
            gate=tuple(c for c in gate if c),
            gate_text=table.get("gate_text", ""),
            domains=domains,
            assumptions=tuple(a for a in assumptions if a),
            episode=self._episode(table["episode"], f"{where}.episode", domains) if "episode" in table else None,
        )

    def _domain(self, table: Mapping[str, Any], where: str, top: int) -> Domain:
        self._keys(table, "domain", f"{where}.domain", "name title clause")
        where = f"{where}.{table['name']}"
        clauses = [self._clause(c, "clause", where, top) for c in table["clause"]]
        return Domain(table["name"], table["title"], tuple(c for c in clauses if c), table.get("gated", True))

    def _clause(self, table: Mapping[str, Any], kind: str, where: str, top: int) -> Clause | None:
        where = f"{where} clause {table.get('id', '?')}"
        self._keys(table, kind, where, "id when text cite" + (" grade" if kind == "clause" else ""))
        when = self._when(table["when"], where)
        grade = self._put_in(table.get("grade", 1), where)
        if not isinstance(grade, int) or isinstance(grade, bool) or not 0 <= grade <= top:
            self._fail(f"{where}: grade {grade!r} is no whole number from 0 to {top}")
        cite = self._cite(table, where)
        return None if when is None else Clause(table["id"], grade, when, table["text"], cite)

    def _when(self, table: Mapping[str, Any], where: str) -> dict[str, Test] | None:
        """The tests of a clause; None when one of them can never hold."""
        when: dict[str, Test] = {}
        never = False
        for name, raw in table.items():
            if name not in READABLE:
                self._fail(f"{where}: there is no field {name!r};{_nearest(name, READABLE)}")
            value = self._put_in(raw, where)
            if value == NEVER:
                never = True
                continue
            try:
                test = parse_test(value, READABLE[name])
            except ConditionError as error:
                raise GuidelineError(f"{self.name}: {where}: {error}") from None
            if test is not None:
                when[name] = test
        if not when and not never:
            self._fail(f"{where}: a clause without a test holds for everyone")
        return None if never else when

    def _assumption(self, table: Mapping[str, Any], where: str) -> Assumption | None:
        self._keys(table, "assume", where, "field value text")
        name, value = table["field"], self._put_in(table["value"], where)
        if name not in READABLE:
            self._fail(f"{where}: there is no field {name!r};{_nearest(name, READABLE)}")
        if value == "-":
            return None
        if allowed := READABLE[name].fault(value):
            self._fail(f"{where}: {name} cannot be {value!r}; it is {allowed}")
        when = self._when(table["when"], where) if "when" in table else {}
        return None if when is None else Assumption(name, value, when, table["text"])

    def _episode(self, table: Mapping[str, Any], where: str, domains: tuple[Domain, ...]) -> Episode:
        self._keys(table, "episode", where, "opened masked fever signs quiet_h gap_resolves look_back_h text")
        values = {k: self._put_in(v, where) for k, v in table.items() if k != "cite"}
        for name in (values["fever"], *values["signs"]):
            if name not in {d.name for d in domains}:
                self._fail(f"{where}: there is no domain {name!r}")
        return Episode(**{**values, "signs": tuple(values["signs"])})
