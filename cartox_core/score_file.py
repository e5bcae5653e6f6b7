"""Read the tables of a score file into a Score, with the chosen readings put in, and prove it sound."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cartox_core.conditions import Between, ConditionError, parse_test
from cartox_core.fields import Field
from cartox_core.guideline import Domain, GuidelineError
from cartox_core.observation import PARTS, READABLE
from cartox_core.proof import dead_clause, gap, milder_for_worse
from cartox_core.score import Band, Printed, Score
from cartox_core.shapes import MOST_POINTS
from cartox_core.table_file import TableFile, checked
from cartox_core.tables import axis_of


class ScoreReader(TableFile):
    """A score file."""

    kind = "score"
    gives = "points"
    fields: Mapping[str, Field] = MappingProxyType({**READABLE, **PARTS})

    def score(self) -> Score:
        """The whole file. Raises GuidelineError unless every item is sound and every total has one band."""
        items = tuple(self._item(raw) for raw in self.raw["item"])
        top = sum(max(clause.grade for clause in item.clauses) for item in items)
        total = self.raw.get("total", "")
        if total and total not in READABLE:
            raise GuidelineError(f"there is no field {total!r} to hold the total")
        return Score(
            id=self.raw["id"],
            title=self.raw["title"],
            text=self.raw["text"],
            note=self.raw.get("note", ""),
            cite=self.cited(self.raw, "top level"),
            items=items,
            total=total,
            bands=self._bands(top),
            printed=_printed(self.raw.get("printed"), top),
            readings=self.readings,
            chosen=self.chosen,
        )

    def _item(self, raw: Any) -> Domain:
        table = self.table(raw, "item", "item")
        where = f"item.{table['name']}"
        clauses = [self.clause(c, "points", where, MOST_POINTS) for c in table["clause"]]
        item = Domain(table["name"], table["title"], tuple(c for c in clauses if c))
        axes = [axis_of(field, item.clauses, own=PARTS) for field in item.fields]
        if problem := gap(item, axes) or dead_clause(item, axes) or milder_for_worse(item, axes):
            raise GuidelineError(f"item {item.name}: {problem}")
        return item

    def _bands(self, top: int) -> tuple[Band, ...]:
        totals = Field("total", "integer", low=0, high=top)
        bands = [self._band(raw, totals) for raw in self.raw["band"]]
        for total in range(top + 1):
            held = [band.name for band in bands if band.totals.holds(total)]
            if len(held) != 1:
                raise GuidelineError(f"band: a total of {total} lies in {' and '.join(held) or 'no band'}")
        return tuple(bands)

    def _band(self, raw: Any, totals: Field) -> Band:
        table = self.table(raw, "band", "band")
        try:
            test = parse_test(table["total"], totals)
        except ConditionError as error:
            raise GuidelineError(f"band {table['name']}: {error}") from None
        return Band(table["name"], test if isinstance(test, Between) else Between(), table["text"])


def _printed(raw: Any, top: int) -> Printed | None:
    if raw is None:
        return None
    table = checked(raw, "printed", "printed")
    for total in table["at"]:
        if not (total.isdecimal() and int(total) <= top):
            raise GuidelineError(f"printed: {total!r} is no total from 0 to {top}")
    return Printed(table["title"], {int(total): text for total, text in table["at"].items()})
