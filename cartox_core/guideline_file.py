"""Read the tables of a guideline file into a Guideline, with the chosen readings put in."""

from collections.abc import Sequence
from typing import Any

from cartox_core.bibliography import nearest
from cartox_core.conditions import ANYTHING
from cartox_core.dose_file import rate_in, rates_in
from cartox_core.feature_file import feature_of
from cartox_core.guideline import (
    Assumption,
    Clause,
    Domain,
    Episode,
    Feature,
    Guideline,
    GuidelineError,
    HighDose,
    Infusions,
    Scale,
)
from cartox_core.observation import READABLE
from cartox_core.table_file import TableFile, twice


def check_gate(gate: Sequence[Clause | None], where: str) -> None:
    """Raise GuidelineError for a gate of which the chosen readings leave nothing."""
    if gate and not any(gate):
        raise GuidelineError(f"{where}: it never opens: each of its clauses tests 'never'")


class Reader(TableFile):
    """A guideline file. ``fields`` are those charted, and those that the scale being read makes itself."""

    def guideline(self) -> Guideline:
        """The whole file."""
        scales = {k: self.scale(k, v) for k, v in self.raw["scale"].items()}
        ids = [clause.id for scale in scales.values() for clause in scale.clauses]
        for name in twice(ids):
            raise GuidelineError(f"two clauses are called {name!r}")
        return Guideline(
            id=self.raw["id"],
            title=self.raw["title"],
            text=self.raw["text"],
            cite=self.cited(self.raw, "top level"),
            scales=scales,
            readings=self.readings,
            chosen=self.chosen,
            sources=self.sources,
        )

    def scale(self, name: str, raw: Any) -> Scale:
        """A scale, and from here on its own fields for the pieces below."""
        where = f"scale.{name}"
        table = self.table(raw, "scale", where)
        features = tuple(self.feature(f, f"{where}.feature") for f in table.get("feature", []))
        self.fields = {**READABLE, **{f.name: f.field for f in features}}
        gate = [self.clause(c, "gate", f"{where}.gate", table["top"]) for c in table.get("gate", [])]
        check_gate(gate, f"{where}.gate")
        domains = tuple(self.domain(d, where, table["top"]) for d in table["domain"])
        names = [d.name for d in domains]
        for doubled in twice(names):
            raise GuidelineError(f"{where}: two domains are called {doubled!r}")
        assumptions = [self.assumption(a, f"{where}.assume") for a in table.get("assume", [])]
        return Scale(
            name=name,
            title=table["title"],
            text=table.get("text", ""),
            cite=self.cited(table, where),
            top=table["top"],
            from_h=table.get("from_h"),
            gate=tuple(c for c in gate if c),
            gate_text=table.get("gate_text", ""),
            domains=domains,
            assumptions=tuple(a for a in assumptions if a),
            episode=self.episode(table["episode"], f"{where}.episode", names) if "episode" in table else None,
            features=features,
            infusions=self.infusions(table["infusions"], where, domains) if "infusions" in table else None,
        )

    def feature(self, raw: Any, where: str) -> Feature:
        """A feature of a scale."""
        table = self.table(raw, "feature", where)
        self.cited(table, where)
        return feature_of({k: v for k, v in table.items() if k != "cite"}, where)

    def domain(self, raw: Any, where: str, top: int) -> Domain:
        """A domain with those clauses that the readings leave in."""
        table = self.table(raw, "domain", f"{where}.domain")
        where = f"{where}.{table['name']}"
        clauses = [self.clause(c, "clause", where, top) for c in table["clause"]]
        return Domain(table["name"], table["title"], tuple(c for c in clauses if c), table.get("gated", True))

    def assumption(self, raw: Any, where: str) -> Assumption | None:
        """An assumption; None when the readings leave it out."""
        table = self.table(raw, "assume", where)
        self.cited(table, where)
        name, value = table["field"], table["value"]
        if name not in self.fields:
            raise GuidelineError(f"{where}: there is no field {name!r};{nearest(name, self.fields)}")
        if name in table.get("when", {}):
            raise GuidelineError(f"{where}: what is assumed of {name} while it is unknown cannot test {name}")
        if value == ANYTHING:
            return None
        if allowed := self.fields[name].fault(value):
            raise GuidelineError(f"{where}: {name} cannot be {value!r}; it is {allowed}")
        when = self.when(table.get("when", {}), where)
        return None if when is None else Assumption(name, value, when, table["text"])

    def episode(self, raw: Any, where: str, domains: list[str]) -> Episode:
        """How a course derives the states; ``domains`` are the names there are."""
        table = self.table(raw, "episode", where)
        if "cite" in table:
            self.cited(table, where)
        for key in ("opened", "masked"):
            if table[key] not in READABLE or READABLE[table[key]].role != "state":
                states = [n for n, f in READABLE.items() if f.role == "state"]
                raise GuidelineError(f"{where}: {key} is {table[key]!r}; it must be one of {', '.join(states)}")
        for name in (table["fever"], *table["signs"]):
            if name not in domains:
                raise GuidelineError(f"{where}: there is no domain {name!r};{nearest(name, domains)}")
        return Episode(**{**{k: v for k, v in table.items() if k != "cite"}, "signs": tuple(table["signs"])})

    def infusions(self, raw: Any, where: str, domains: Sequence[Domain]) -> Infusions:
        """What a course derives from its vasopressors, where a domain reads it."""
        where = f"{where}.infusions"
        table = self.table(raw, "infusions", where)
        told = "vasopressor_dose_high" if "high_dose" in table else "vasopressor_hours"
        if not any(told in domain.fields for domain in domains):
            raise GuidelineError(f"{where}: no clause reads {told}, which it derives")
        high = self._high_dose(table["high_dose"], f"{where}.high_dose") if "high_dose" in table else None
        return Infusions(table["bridge_min"], high, table["text"], self.cited(table, where))

    def _high_dose(self, raw: Any, where: str) -> HighDose:
        table = self.table(raw, "high_dose", where)
        return HighDose(
            hours=table["hours"],
            alone=rates_in(table["alone"], f"{where}.alone"),
            combination=rate_in(table["combination"], f"{where}.combination"),
            on_vasopressin=rate_in(table["on_vasopressin"], f"{where}.on_vasopressin"),
            equivalent=rates_in(table["equivalent"], f"{where}.equivalent"),
            alone_holds=table.get("alone_holds", False),
        )
