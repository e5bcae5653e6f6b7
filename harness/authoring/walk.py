"""One pass over a guideline file under one choice of its readings: every fault of its tables, each with its path.

The core refuses a file at its first fault. Here its own checks are asked piece by piece, and what each says is
kept; a part is judged as a whole only when its pieces are good, so that one fault is not told twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

from cartox_core.fields import Field
from cartox_core.guideline import Clause, Domain, Feature, GuidelineError
from cartox_core.guideline_file import Reader, check_gate
from cartox_core.observation import READABLE
from cartox_core.printable import unseen
from cartox_core.shapes import HIGHEST_GRADE, PUT_IN, SHAPES, Shape
from cartox_core.table_file import Raw, put_in_later, shape_faults, twice
from cartox_core.tables import tables_of
from harness.authoring.finding import Fault, fault
from harness.authoring.lines import Path
from harness.authoring.soundness import domain_faults, gate_faults

Asked = ParamSpec("Asked")
Told = TypeVar("Told")


class Walk:
    """Walks the scales of a file.

    ``faults`` is what it found, ``clauses`` every clause that it could read, ``fields`` what that one may test, and
    ``features`` the features that it could read. With ``partly`` the file has a reading that cannot be read, and
    what that one would set is no fault.
    """

    def __init__(self, reader: Reader, partly: bool) -> None:
        self.faults: list[Fault] = []
        self.clauses: dict[Path, Clause] = {}
        self.features: dict[Path, Feature] = {}
        self.fields: dict[Path, Mapping[str, Field]] = {}
        self._reader = reader
        self._partly = partly
        self._spoilt = 0
        self._unmade: set[str] = set()

    def scale(self, name: str, raw: Any) -> None:
        """One scale, and whether it is sound."""
        path, before = ("scale", name), self._spoilt
        table = self.table(raw, "scale", path, f"scale.{name}")
        self._features(table, path)
        top = table.get("top", HIGHEST_GRADE)
        self._gate(table, path, top)
        domains = [self._domain(d, (*path, "domain", i), top) for i, d in enumerate(table.get("domain", []))]
        self._cited(table, path, f"scale.{name}")
        names = [d.get("name") if isinstance(d.get("name"), str) else "" for d in table.get("domain", [])]
        self._around(table, path, names, [d for d in domains if d])
        for doubled in twice([name for name in names if name]):
            last = len(names) - 1 - names[::-1].index(doubled)
            self._note(fault((*path, "domain", last, "name"), "duplicate-id", f"two domains are called {doubled!r}"))
        if self._spoilt == before:
            whole = self._attempt(path, "scale", self._reader.scale, name, raw)
            if whole is not None:
                self._attempt(path, "scale", tables_of, whole)

    def table(self, raw: Any, kind: str, path: Path, where: str) -> dict[str, Any]:
        """The good keys of a table, with the readings put in."""
        found = self._shapes(raw, kind, path, where)
        good: dict[str, Any] = {}
        for key, value in raw.items() if isinstance(raw, Mapping) else ():
            if key in found:
                continue
            if key in PUT_IN.get(kind, ()) and put_in_later(value):
                self._put_in(good, key, value, SHAPES[kind][key], path, where)
            else:
                good[key] = value
        return good

    def _put_in(self, good: dict[str, Any], key: str, value: str, shape: Shape, path: Path, where: str) -> None:
        """Add what a reading puts in for a key, if it fits."""
        filled = self._attempt((*path, key), "unset-value", self._reader.put_in, value, where)
        if filled is None:
            return
        if shape.fits(filled):
            good[key] = filled
        else:
            said = f"{where}: {value} puts in {filled!r} for {key}; it must be {shape.words}"
            self._note(fault((*path, key), "wrong-shape", said))

    def _shapes(self, raw: Any, kind: str, path: Path, where: str) -> set[str]:
        """Note the faults of a table's shape: the keys that have one."""
        found = list(shapes(raw, kind, path, where))
        for one in found:
            self._note(one)
        return {str(one.path[len(path)]) for one in found if len(one.path) > len(path)}

    def _features(self, table: Raw, path: Path) -> None:
        self._unmade = set()
        made = [self._feature(f, (*path, "feature", i)) for i, f in enumerate(table.get("feature", []))]
        self._reader.fields = {**READABLE, **{f.name: f.field for f in made if f}}

    def _feature(self, raw: Any, path: Path) -> Feature | None:
        where = f"feature {raw.get('name', '?')}"
        found = self._piece(raw, "feature", path, where, lambda: self._reader.feature(raw, "feature"))
        if found is None:
            self._unmade.add(str(raw.get("name")))
        else:
            self.features[path] = found
        return found

    def _gate(self, table: Raw, path: Path, top: int) -> None:
        before = self._spoilt
        places = [(*path, "gate", i) for i in range(len(table.get("gate", [])))]
        gate = [self._clause(c, "gate", p, top) for c, p in zip(table.get("gate", []), places, strict=True)]
        if self._spoilt > before:
            return
        self._attempt(places[0] if places else path, "gate", check_gate, gate, f"scale.{path[1]}")
        placed = [(clause, place) for clause, place in zip(gate, places, strict=True) if clause]
        whole = Domain("gate", "Gate", tuple(clause for clause, _ in placed))
        self.faults += gate_faults(whole, self._reader.fields, placed)

    def _domain(self, raw: Any, path: Path, top: int) -> Domain | None:
        before = self._spoilt
        where = f"domain {raw.get('name', '?')}"
        table = self.table(raw, "domain", path, where)
        places = [(*path, "clause", i) for i in range(len(table.get("clause", [])))]
        clauses = [self._clause(c, "clause", p, top) for c, p in zip(table.get("clause", []), places, strict=True)]
        if self._spoilt > before:
            return None
        placed = [(clause, place) for clause, place in zip(clauses, places, strict=True) if clause]
        domain = Domain(table["name"], table["title"], tuple(c for c, _ in placed), table.get("gated", True))
        self.faults += domain_faults(domain, self._reader.fields, path, placed)
        return domain

    def _clause(self, raw: Any, kind: str, path: Path, top: int) -> Clause | None:
        """A clause; None when the readings leave it out, or something is wrong with it."""
        before = self._spoilt
        where = f"{raw.get('id', f'a {kind} without an id')}"
        table = self.table(raw, kind, path, where)
        if "grade" in table:
            self._attempt((*path, "grade"), "bad-grade", self._reader.grade, table, where, top)
        self._tests(table, path, where)
        self._cited(table, path, where)
        if self._spoilt > before:
            return None
        clause = self._attempt((*path, "when"), "no-test", self._reader.clause, raw, kind, where, top)
        if clause is not None:
            self.clauses[path], self.fields[path] = clause, self._reader.fields
        return clause

    def _tests(self, table: Raw, path: Path, where: str) -> None:
        for name, value in table.get("when", {}).items():
            if name in self._unmade and name not in READABLE:
                self._spoilt += 1
                continue
            unknown = name not in self._reader.fields
            code = "unknown-field" if unknown else "unset-value" if self._is_unset(value) else "bad-test"
            self._attempt((*path, "when", name), code, self._reader.test, name, value, where)

    def _is_unset(self, value: object) -> bool:
        try:
            self._reader.put_in(value, "")
        except GuidelineError:
            return True
        return False

    def _cited(self, table: Raw, path: Path, where: str) -> None:
        for i, cite in enumerate(table.get("cite", [])):
            self._attempt((*path, "cite", i), "unknown-source", self._reader.cited, {"cite": [cite]}, where)

    def _around(self, table: Raw, path: Path, names: list[str], domains: Sequence[Domain]) -> None:
        """What surrounds the domains: assumptions, the episode, and what is derived from doses."""
        for i, raw in enumerate(table.get("assume", [])):
            where = f"assume {raw.get('field', '?')}"
            self._piece(raw, "assume", (*path, "assume", i), where, self._reader.assumption, raw, "assume")
        if raw := table.get("episode"):
            self._piece(raw, "episode", (*path, "episode"), "episode", self._reader.episode, raw, "episode", names)
        if (raw := table.get("infusions")) and len(domains) == len(names):
            place, where = (*path, "infusions"), f"scale.{path[1]}"
            self._piece(raw, "infusions", place, "infusions", self._reader.infusions, raw, where, domains)

    def _piece(
        self,
        raw: Any,
        kind: str,
        path: Path,
        where: str,
        whole: Callable[Asked, Told],
        *args: Asked.args,
        **kwargs: Asked.kwargs,
    ) -> Told | None:
        """A part that the core reads as a whole, once its shape and its sources are good."""
        before = self._spoilt
        table = self.table(raw, kind, path, where)
        self._cited(table, path, where)
        if "when" in table:
            self._tests(table, path, where)
        if self._spoilt > before:
            return None
        try:
            return whole(*args, **kwargs)
        except GuidelineError as error:
            self._note(fault((*path, *key_of(raw, str(error))), f"bad-{kind}", str(error)))
            return None

    def _attempt(
        self, path: Path, code: str, piece: Callable[Asked, Told], *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Told | None:
        try:
            return piece(*args, **kwargs)
        except GuidelineError as error:
            self._note(fault(path, code, str(error)))
            return None

    def _note(self, found: Fault) -> None:
        self._spoilt += 1
        if not (self._partly and found.code == "unset-value"):
            self.faults.append(found)


def shapes(raw: Any, kind: str, path: Path, where: str) -> Iterator[Fault]:
    """The faults of a table's keys and shapes."""
    for key, said in shape_faults(raw, kind, where):
        at = (*path, key) if key else path
        if not key:
            yield fault(at, "wrong-shape", said)
        elif key not in SHAPES[kind]:
            yield fault(at, "unknown-key", said)
        elif key == "cite" and raw.get(key, []) in ([], ""):
            yield fault(at, "missing-source", f"{where}: no source is cited")
        elif key not in raw:
            yield fault(at, "missing-key", f"{said}; add a line {key} = …, which must be {SHAPES[kind][key].words}")
        else:
            name = next((name for name, _ in unseen(raw[key], key) if name), None)
            yield fault((*at, name) if name else at, "wrong-shape", said)


def key_of(table: Mapping[str, Any], message: str) -> Path:
    """The key of a table that a message is about: the one that it names, or whose value it quotes."""
    for key, value in table.items():
        values = value if isinstance(value, list) else [value]
        if f" {key} is " in message or any(isinstance(v, str) and repr(v) in message for v in values):
            return (key,)
    return ()
