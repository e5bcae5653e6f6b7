"""Read the tables of a guideline file into a Guideline, with the chosen readings put in.

A value ``"$name"`` is put in by the chosen reading; a clause with a test ``"never"`` is left out. What a file
gets wrong is said with the place, what is allowed, and the nearest right name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cartox_core.bibliography import bibliography, nearest
from cartox_core.conditions import ANYTHING, NEVER, ConditionError, Test, parse_test
from cartox_core.feature_file import feature_of
from cartox_core.fields import Field
from cartox_core.guideline import (
    Assumption,
    Choice,
    Clause,
    Domain,
    Episode,
    Feature,
    Guideline,
    GuidelineError,
    HighDose,
    Infusions,
    Reading,
    Scale,
)
from cartox_core.observation import DRUGS, READABLE
from cartox_core.shapes import OPTIONAL, PUT_IN, SHAPES
from cartox_core.units import Rate, rate_of

Raw = Mapping[str, Any]


def _checked(table: Any, kind: str, where: str) -> Raw:
    """A table whose keys are known, complete and of the right shape, save values that a reading will put in."""
    if not isinstance(table, Mapping):
        raise GuidelineError(f"{where}: {table!r} stands where a table belongs")
    shapes = SHAPES[kind]
    for key, value in table.items():
        if key not in shapes:
            known = ", ".join(sorted(shapes))
            raise GuidelineError(f"{where}: unknown key {key!r};{nearest(key, shapes)} allowed: {known}")
        if not (key in PUT_IN.get(kind, ()) and _put_in_later(value)) and not shapes[key].fits(value):
            raise GuidelineError(f"{where}: {key} is {value!r}; it must be {shapes[key].words}")
    for key in shapes:
        if key not in table and key not in OPTIONAL.get(kind, ()):
            raise GuidelineError(f"{where}: {key!r} is missing")
    return table


def _put_in_later(value: object) -> bool:
    return isinstance(value, str) and value.startswith("$")


class Reader:
    """One file's tables, and the values that the chosen readings put into them."""

    def __init__(self, raw: Raw, wanted: Mapping[str, str]) -> None:
        self.raw = _checked(raw, "top level", "top level")
        self.readings = {k: _reading(k, v) for k, v in raw.get("reading", {}).items()}
        self.chosen = self._choose(wanted)
        self.values: dict[str, object] = {}
        self.fields: Mapping[str, Field] = READABLE  # and what the scale that is being read makes itself
        for key, choice in self.chosen.items():
            for value, meaning in self.readings[key].choices[choice].values.items():
                if value in self.values:
                    raise GuidelineError(f"reading.{key}: the value {value!r} is set by two readings")
                self.values[value] = meaning

    def _choose(self, wanted: Mapping[str, str]) -> dict[str, str]:
        for key, choice in wanted.items():
            if key not in self.readings:
                known = ", ".join(self.readings) or "none"
                raise GuidelineError(f"there is no reading {key!r};{nearest(key, self.readings)} it has {known}")
            if choice not in self.readings[key].choices:
                known = ", ".join(self.readings[key].choices)
                raise GuidelineError(f"reading {key} has no choice {choice!r}; it has {known}")
        return {k: wanted.get(k, r.default) for k, r in self.readings.items()}

    def put_in(self, value: Any, where: str, seen: tuple[str, ...] = ()) -> Any:
        """A value, or what the chosen readings put in its place."""
        if not _put_in_later(value):
            return value
        name = value[1:]
        if name not in self.values or name in seen:
            raise GuidelineError(f"{where}: no reading sets {value!r};{nearest(name, self.values)}")
        return self.put_in(self.values[name], where, (*seen, name))

    def table(self, table: Any, kind: str, where: str) -> dict[str, Any]:
        """A checked table with the readings put in, checked again for what they put in."""
        keys = PUT_IN.get(kind, ())
        filled = {k: self.put_in(v, where) if k in keys else v for k, v in _checked(table, kind, where).items()}
        return dict(_checked(filled, kind, where))

    def guideline(self) -> Guideline:
        """The whole file."""
        scales = {k: self._scale(k, v) for k, v in self.raw["scale"].items()}
        ids = [clause.id for scale in scales.values() for clause in scale.clauses]
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            raise GuidelineError(f"two clauses are called {twice!r}")
        return Guideline(
            id=self.raw["id"],
            title=self.raw["title"],
            text=self.raw["text"],
            cite=_cite(self.raw, "top level"),
            scales=scales,
            readings=self.readings,
            chosen=self.chosen,
        )

    def _scale(self, name: str, raw: Any) -> Scale:
        where = f"scale.{name}"
        table = self.table(raw, "scale", where)
        features = tuple(self._feature(f, f"{where}.feature") for f in table.get("feature", []))
        self.fields = {**READABLE, **{f.name: f.field for f in features}}
        gate = [self._clause(c, "gate", f"{where}.gate", table["top"]) for c in table.get("gate", [])]
        if gate and not any(gate):
            raise GuidelineError(f"{where}.gate: it never opens: each of its clauses tests 'never'")
        domains = tuple(self._domain(d, where, table["top"]) for d in table["domain"])
        names = [d.name for d in domains]
        for twice in sorted({n for n in names if names.count(n) > 1}):
            raise GuidelineError(f"{where}: two domains are called {twice!r}")
        assumptions = [self._assumption(a, f"{where}.assume") for a in table.get("assume", [])]
        return Scale(
            name=name,
            title=table["title"],
            text=table.get("text", ""),
            cite=_cite(table, where),
            top=table["top"],
            from_h=table.get("from_h"),
            gate=tuple(c for c in gate if c),
            gate_text=table.get("gate_text", ""),
            domains=domains,
            assumptions=tuple(a for a in assumptions if a),
            episode=self._episode(table["episode"], f"{where}.episode", names) if "episode" in table else None,
            features=features,
            infusions=self._infusions(table["infusions"], where, domains) if "infusions" in table else None,
        )

    def _feature(self, raw: Any, where: str) -> Feature:
        table = self.table(raw, "feature", where)
        _cite(table, where)
        return feature_of({k: v for k, v in table.items() if k != "cite"}, where)

    def _domain(self, raw: Any, where: str, top: int) -> Domain:
        table = self.table(raw, "domain", f"{where}.domain")
        where = f"{where}.{table['name']}"
        clauses = [self._clause(c, "clause", where, top) for c in table["clause"]]
        return Domain(table["name"], table["title"], tuple(c for c in clauses if c), table.get("gated", True))

    def _clause(self, raw: Any, kind: str, where: str, top: int) -> Clause | None:
        """A clause; None when the chosen readings leave it out."""
        where = f"{where} clause {raw.get('id', '?') if isinstance(raw, Mapping) else '?'}"
        table = self.table(raw, kind, where)
        when = self._when(table["when"], where)
        grade = table.get("grade", 1)
        if not isinstance(grade, int) or isinstance(grade, bool) or not 0 <= grade <= top:
            raise GuidelineError(f"{where}: grade {grade!r} is no whole number from 0 to {top}")
        cite = _cite(table, where)
        if when is not None and not when:
            raise GuidelineError(f"{where}: a clause without a test holds for everyone")
        return None if when is None else Clause(table["id"], grade, when, table["text"], cite)

    def _when(self, table: Raw, where: str) -> dict[str, Test] | None:
        """The tests of a clause; None when one of them can never hold."""
        when: dict[str, Test] = {}
        never = False
        for name, raw in table.items():
            if name not in self.fields:
                raise GuidelineError(f"{where}: there is no field {name!r};{nearest(name, self.fields)}")
            value = self.put_in(raw, where)
            if value == NEVER:
                never = True
                continue
            try:
                test = parse_test(value, self.fields[name])
            except ConditionError as error:
                raise GuidelineError(f"{where}: {error}") from None
            if test is not None:
                when[name] = test
        return None if never else when

    def _assumption(self, raw: Any, where: str) -> Assumption | None:
        table = self.table(raw, "assume", where)
        _cite(table, where)
        name, value = table["field"], table["value"]
        if name not in self.fields:
            raise GuidelineError(f"{where}: there is no field {name!r};{nearest(name, self.fields)}")
        if name in table.get("when", {}):
            raise GuidelineError(f"{where}: what is assumed of {name} while it is unknown cannot test {name}")
        if value == ANYTHING:
            return None
        if allowed := self.fields[name].fault(value):
            raise GuidelineError(f"{where}: {name} cannot be {value!r}; it is {allowed}")
        when = self._when(table.get("when", {}), where)
        return None if when is None else Assumption(name, value, when, table["text"])

    def _episode(self, raw: Any, where: str, domains: list[str]) -> Episode:
        table = self.table(raw, "episode", where)
        if "cite" in table:
            _cite(table, where)
        for key in ("opened", "masked"):
            if table[key] not in READABLE or READABLE[table[key]].role != "state":
                states = [n for n, f in READABLE.items() if f.role == "state"]
                raise GuidelineError(f"{where}: {key} is {table[key]!r}; it must be one of {', '.join(states)}")
        for name in (table["fever"], *table["signs"]):
            if name not in domains:
                raise GuidelineError(f"{where}: there is no domain {name!r};{nearest(name, domains)}")
        return Episode(**{**{k: v for k, v in table.items() if k != "cite"}, "signs": tuple(table["signs"])})

    def _infusions(self, raw: Any, where: str, domains: Sequence[Domain]) -> Infusions:
        where = f"{where}.infusions"
        table = self.table(raw, "infusions", where)
        told = "vasopressor_dose_high" if "high_dose" in table else "vasopressor_hours"
        if not any(told in domain.fields for domain in domains):
            raise GuidelineError(f"{where}: no clause reads {told}, which it derives")
        high = self._high_dose(table["high_dose"], f"{where}.high_dose") if "high_dose" in table else None
        return Infusions(table["bridge_min"], high, table["text"], _cite(table, where))

    def _high_dose(self, raw: Any, where: str) -> HighDose:
        table = self.table(raw, "high_dose", where)
        return HighDose(
            hours=table["hours"],
            alone=_rates(table["alone"], f"{where}.alone"),
            combination=_rate(table["combination"], f"{where}.combination"),
            on_vasopressin=_rate(table["on_vasopressin"], f"{where}.on_vasopressin"),
            equivalent=_rates(table["equivalent"], f"{where}.equivalent"),
        )


def _reading(key: str, raw: Any) -> Reading:
    where = f"reading.{key}"
    table = _checked(raw, "reading", where)
    choices = {}
    for name, told in table["choice"].items():
        choice = _checked(told, "choice", f"{where}.choice.{name}")
        choices[name] = Choice(name, choice["text"], choice["values"])
    if table["default"] not in choices:
        raise GuidelineError(f"{where}: the default {table['default']!r} is none of its choices")
    if len({frozenset(c.values) for c in choices.values()}) != 1:
        raise GuidelineError(f"{where}: every choice must set the same values")
    return Reading(key, table["title"], table["default"], table["why"], choices)


def _rates(table: Raw, where: str) -> dict[str, Rate]:
    """The rate of each drug of a table."""
    drugs = [drug for drug in DRUGS["vasopressor"] if drug != "vasopressin"]  # only whether it runs is asked
    for drug in table:
        if drug not in drugs:
            raise GuidelineError(
                f"{where}: there is no line of {drug!r};{nearest(drug, drugs)} drugs: {', '.join(drugs)}"
            )
    return {drug: _rate(written, f"{where}.{drug}") for drug, written in table.items()}


def _rate(written: object, where: str) -> Rate:
    """A rate as the file writes it: ``"20 ug/min"``."""
    number, _, unit = str(written).partition(" ")
    try:
        rate = rate_of(number, unit)
    except (ValueError, ZeroDivisionError):
        rate = None
    if rate is None or rate.ug_min <= 0:
        raise GuidelineError(
            f"{where} is {written!r}; it must be a rate above 0 such as '20 ug/min' or '0.2 ug/kg/min'"
        )
    return rate


def _cite(table: Raw, where: str) -> tuple[str, ...]:
    works = bibliography()
    for cite in table["cite"]:
        key = cite.split(" ")[0]
        if key not in works:
            raise GuidelineError(f"{where}: cites {key!r}, which is not in the bibliography;{nearest(key, works)}")
    return tuple(table["cite"])
