"""What the files of guidelines and of scores have in common: checked tables, clauses, and readings put in.

A value ``"$name"`` is put in by the chosen reading; a clause with a test ``"never"`` is left out. What a file
gets wrong is said with the place, what is allowed, and the nearest right name.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from cartox_core.bibliography import bibliography, nearest
from cartox_core.conditions import NEVER, ConditionError, Test, parse_test
from cartox_core.fields import Field
from cartox_core.guideline import Choice, Clause, GuidelineError, Reading
from cartox_core.observation import READABLE
from cartox_core.printable import unseen
from cartox_core.shapes import OPTIONAL, PUT_IN, SHAPES

Raw = Mapping[str, Any]


def checked(table: Any, kind: str, where: str) -> dict[str, Any]:
    """A table whose keys are known, complete and of the right shape, save values that a reading will put in.

    Raises GuidelineError for the first fault.
    """
    for _, fault in shape_faults(table, kind, where):
        raise GuidelineError(fault)
    return dict(table)


def shape_faults(table: Any, kind: str, where: str) -> Iterator[tuple[str, str]]:
    """Every fault of a table's keys and shapes, each with its key; the key is empty where there is no table."""
    if not isinstance(table, Mapping):
        yield "", f"{where}: {table!r} stands where a table belongs"
        return
    shapes = SHAPES[kind]
    for key, value in table.items():
        if key not in shapes:
            known = ", ".join(sorted(shapes))
            yield key, f"{where}: unknown key {key!r};{nearest(key, shapes)} allowed: {known}"
        elif not (key in PUT_IN.get(kind, ()) and put_in_later(value)) and not shapes[key].fits(value):
            yield key, f"{where}: {key} is {value!r}; it must be {shapes[key].words}"
        elif odd := next(unseen(value, key), None):
            yield key, f"{where}: {odd[1]}, which does not print as itself; take it out, and write the words alone"
    for key in shapes:
        if key not in table and key not in OPTIONAL.get(kind, ()):
            yield key, f"{where}: {key!r} is missing"


def put_in_later(value: object) -> bool:
    """Whether a reading puts a value in this place: ``"$fever"``."""
    return isinstance(value, str) and value.startswith("$")


def twice(names: Sequence[str]) -> list[str]:
    """The names that occur more than once.

    >>> twice(["a", "b", "a"])
    ['a']
    """
    return sorted({name for name in names if names.count(name) > 1})


class TableFile:
    """One file's tables, and the values that the chosen readings put into them.

    ``kind`` names the shape of the whole file, ``gives`` the key of what a clause gives, and ``fields`` are what
    a clause may test.
    """

    kind = "top level"
    gives = "grade"
    fields: Mapping[str, Field] = READABLE

    def __init__(self, raw: Raw, wanted: Mapping[str, str]) -> None:
        self.raw = checked(raw, self.kind, "top level")
        self.sources = {k: source_of(k, v) for k, v in raw.get("source", {}).items()}
        self.works = {**bibliography(), **self.sources}
        self.readings = {k: reading_of(k, v) for k, v in raw.get("reading", {}).items()}
        self.chosen = self._choose(wanted)
        self.values: dict[str, object] = {}
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
        if not put_in_later(value):
            return value
        name = value[1:]
        if name not in self.values or name in seen:
            raise GuidelineError(f"{where}: no reading sets {value!r};{nearest(name, self.values)}")
        return self.put_in(self.values[name], where, (*seen, name))

    def table(self, table: Any, kind: str, where: str) -> dict[str, Any]:
        """A checked table with the readings put in, checked again for what they put in."""
        keys = PUT_IN.get(kind, ())
        filled = {k: self.put_in(v, where) if k in keys else v for k, v in checked(table, kind, where).items()}
        return checked(filled, kind, where)

    def clause(self, raw: Any, kind: str, where: str, top: int) -> Clause | None:
        """A clause; None when the chosen readings leave it out."""
        where = f"{where} clause {raw.get('id', '?') if isinstance(raw, Mapping) else '?'}"
        table = self.table(raw, kind, where)
        when = self.when(table["when"], where)
        grade = self.grade(table, where, top)
        cite = self.cited(table, where)
        if when is not None and not when:
            raise GuidelineError(f"{where}: a clause without a test holds for everyone")
        return None if when is None else Clause(table["id"], grade, when, table["text"], cite)

    def grade(self, table: Raw, where: str, top: int) -> int:
        """What a clause gives; 1 where it says nothing, as in a gate."""
        grade = table.get(self.gives, 1)
        if not isinstance(grade, int) or isinstance(grade, bool) or not 0 <= grade <= top:
            raise GuidelineError(f"{where}: {self.gives} {grade!r} is no whole number from 0 to {top}")
        return grade

    def when(self, table: Raw, where: str) -> dict[str, Test] | None:
        """The tests of a clause; None when one of them can never hold."""
        tests = {name: self.test(name, raw, where) for name, raw in table.items()}
        if NEVER in tests.values():
            return None
        return {name: test for name, test in tests.items() if test is not None and test != NEVER}

    def test(self, name: str, raw: Any, where: str) -> Test | Literal["never"] | None:
        """One test of a clause: None when anything passes it, ``"never"`` when nothing does."""
        if name not in self.fields:
            raise GuidelineError(f"{where}: there is no field {name!r};{nearest(name, self.fields)}")
        value = self.put_in(raw, where)
        if value == NEVER:
            return NEVER
        try:
            return parse_test(value, self.fields[name])
        except ConditionError as error:
            raise GuidelineError(f"{where}: {error}") from None

    def cited(self, table: Raw, where: str) -> tuple[str, ...]:
        """The works that a table cites, each a key of the bibliography or of the file's own sources, with a place."""
        for cite in table["cite"]:
            key = cite.split(" ")[0]
            if key not in self.works:
                raise GuidelineError(
                    f"{where}: cites {key!r}, which is not in the bibliography;{nearest(key, self.works)}"
                )
        return tuple(table["cite"])


def source_of(key: str, raw: Any) -> dict[str, str]:
    """A work that a file describes itself, such as a site's own procedure. Raises GuidelineError."""
    where = f"source.{key}"
    if not key.strip() or " " in key:
        raise GuidelineError(f"{where}: {key!r} cannot be cited; write a key without blanks, such as our-sop-2024")
    if key in bibliography():
        raise GuidelineError(f"{where}: the bibliography has a work {key!r} already; choose another key")
    return {name: str(value) for name, value in checked(raw, "source", where).items()}


def reading_of(key: str, raw: Any) -> Reading:
    """A point that the sources leave open, as a file writes it. Raises GuidelineError."""
    where = f"reading.{key}"
    table = checked(raw, "reading", where)
    choices = {}
    for name, told in table["choice"].items():
        choice = checked(told, "choice", f"{where}.choice.{name}")
        choices[name] = Choice(name, choice["text"], choice["values"])
    if table["default"] not in choices:
        raise GuidelineError(f"{where}: the default {table['default']!r} is none of its choices")
    if len({frozenset(c.values) for c in choices.values()}) != 1:
        raise GuidelineError(f"{where}: every choice must set the same values")
    return Reading(key, table["title"], table["default"], table["why"], choices)
