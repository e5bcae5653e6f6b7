"""Read the tables of a plan file into a Plan, with the chosen readings put in."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from cartox_core.bibliography import nearest
from cartox_core.conditions import NEVER, ConditionError, Test, parse_test
from cartox_core.context import GRADES, TESTABLE
from cartox_core.fields import Field
from cartox_core.guideline import GuidelineError
from cartox_core.management import Despite, Plan, Regimen, Step, Toxicity, When
from cartox_core.observation import OBSERVATION, PATIENT, TREATMENT
from cartox_core.table_file import TableFile, twice

DRUGS = TREATMENT["drug"].values
_LISTED = 30  # names that a message lists


class PlanReader(TableFile):
    """A plan file. Its steps may test the fields of a context, an observation and a patient."""

    kind = "plan"
    fields: Mapping[str, Field] = TESTABLE

    def plan(self) -> Plan:
        """The whole file. Raises GuidelineError."""
        toxicities = [self._toxicity(raw) for raw in self.raw["toxicity"]]
        _once("toxicity", [t.name for t in toxicities])
        despite = tuple(self._despite(raw) for raw in self.raw["despite"])
        regimens = {name: self._regimen(name, raw) for name, raw in self.raw["regimen"].items()}
        parts = {t.name: t for t in toxicities}
        found = (self._step(raw, parts, regimens) for raw in self.raw["step"])
        _once("step", [raw.get("id", "?") for raw in self.raw["step"]])
        return Plan(
            id=self.raw["id"],
            title=self.raw["title"],
            text=self.raw["text"],
            cite=self.cited(self.raw, "top level"),
            toxicities=parts,
            despite=despite,
            regimens=regimens,
            steps=tuple(step for step in found if step),
            readings=self.readings,
            chosen=self.chosen,
            sources=self.sources,
        )

    def _toxicity(self, raw: Any) -> Toxicity:
        table = self.table(raw, "toxicity", "toxicity")
        grade = table.get("grade", "")
        if grade:
            _known([grade], GRADES, "grade of a context", f"toxicity {table['name']}")
        if missing := [key for key in ("guideline", "scales", "fresh_h") if grade and key not in table]:
            raise GuidelineError(f"toxicity {table['name']}: with a grade, {missing[0]!r} is missing")
        return Toxicity(
            table["name"],
            table["title"],
            grade,
            table.get("guideline", ""),
            tuple(table.get("scales", ())),
            table.get("fresh_h", 0.0),
            table.get("readings", {}),
        )

    def _despite(self, raw: Any) -> Despite:
        table = self.table(raw, "despite", "despite")
        where = f"despite {table['field']}"
        flags = [name for name, field in TESTABLE.items() if field.kind == "bool" and "_despite_" in name]
        _known([table["field"]], flags, "such flag of a context", where)
        _known([table["grade"]], GRADES, "grade of a context", where)
        _known(table["drugs"], DRUGS, "drug", where)
        self.cited(table, where)
        return Despite(table["field"], table["grade"], tuple(table["drugs"]), table["after_h"])

    def _regimen(self, name: str, raw: Any) -> Regimen:
        where = f"regimen.{name}"
        table = self.table(raw, "regimen", where)
        if ("dose" in table) != ("unit" in table):
            raise GuidelineError(f"{where}: write a dose and its unit, or neither")
        told: dict[str, Any] = {k: v for k, v in table.items() if k not in ("dose", "every_h", "ages", "cite")}
        return Regimen(
            name=name,
            dose=_pair(table.get("dose")),
            every_h=_pair(table.get("every_h")),
            ages=self._ages(table.get("ages", "-"), where),
            cite=self.cited(table, where),
            **{"unit": "", "route": "", **told},
        )

    def _ages(self, raw: Any, where: str) -> Test | None:
        try:
            return parse_test(raw, PATIENT["age_years"])
        except ConditionError as error:
            raise GuidelineError(f"{where}: {error}") from None

    def _step(self, raw: Any, parts: Mapping[str, Toxicity], regimens: Mapping[str, Regimen]) -> Step | None:
        where = f"step {raw.get('id', '?')}"
        table = self.table(raw, "step", where)
        _known([table["toxicity"]], parts, "toxicity", where)
        _known(table.get("drugs", ()), DRUGS, "drug", where)
        _known(table.get("charts", ()), OBSERVATION, "field of an observation", where)
        if "regimen" in table:
            _known([table["regimen"]], regimens, "regimen", where)
        if bool(table.get("charts")) != ("every_h" in table):
            raise GuidelineError(f"{where}: charts and every_h belong together")
        when = tuple(tests for tests in (self._tests(one, where) for one in table["when"]) if tests is not None)
        made: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
        made |= {"when": when, "regimen": regimens.get(table.get("regimen", "")), "cite": self.cited(table, where)}
        return Step(**made) if when else None

    def _tests(self, raw: Mapping[str, Any], where: str) -> When | None:
        tests = self.when(raw, where)
        if tests is not None and not tests:
            raise GuidelineError(f"{where}: conditions without a test hold for everyone; {NEVER!r} leaves them out")
        return tests


def _pair(found: list[float] | None) -> tuple[float, float] | None:
    return None if found is None else (float(found[0]), float(found[1]))


def _once(what: str, names: list[str]) -> None:
    for name in twice(names):
        raise GuidelineError(f"two of {what} are called {name!r}")


def _known(names: Iterable[str], known: Collection[str], what: str, where: str) -> None:
    for name in names:
        if name not in known:
            allowed = f" it is one of {', '.join(known)}" if len(known) <= _LISTED else f" there are {len(known)}"
            raise GuidelineError(f"{where}: there is no {what} {name!r};{nearest(name, known)}{allowed}")
