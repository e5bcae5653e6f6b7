"""What differs between two forms of a scale beside their tables: hours, episodes, doses, features, assumptions."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from cartox_core import Scale


def beside(old: Scale, new: Scale) -> Iterator[str]:
    """What differs beside the tables, in words."""
    if old.from_h != new.from_h:
        yield f"grades from hour {_or_any(old.from_h)} → {_or_any(new.from_h)}"
    yield from _parts("episode", old.episode, new.episode)
    yield from _parts("doses", old.infusions, new.infusions)
    made = {f.name: f for f in new.features}
    for feature in old.features:
        yield from _parts(feature.name, feature, made.pop(feature.name, None))
    yield from (f"{name}: new" for name in made)
    yield from _assumed(old, new)


def _assumed(old: Scale, new: Scale) -> Iterator[str]:
    """What is assumed of a field while it is unknown."""
    was, now = ({(a.field, str(a.value), str(sorted(a.when))) for a in form.assumptions} for form in (old, new))
    for name in sorted({field for field, _, _ in was ^ now}):
        before, after = (", ".join(sorted({v for f, v, _ in side if f == name})) or "nothing" for side in (was, now))
        changed = f": {before} → {after}" if before != after else ", under other findings"
        yield f"what is assumed of an unknown {name}{changed}"


def _or_any(hour: float | None) -> str:
    return "any" if hour is None else f"{hour:g}"


def _parts(name: str, old: Any, new: Any) -> Iterator[str]:
    """The parts of a record that differ; its words, sources and fields are no parts."""
    if old is None or new is None:
        if old is not new:
            yield f"{name}: {'new' if old is None else 'left out'}"
        return
    for part in (f.name for f in dataclasses.fields(old) if f.name not in ("text", "cite", "field")):
        was, now = getattr(old, part), getattr(new, part)
        if dataclasses.is_dataclass(was) and dataclasses.is_dataclass(now) and part == "high_dose":
            yield from _parts(f"{name} {part}", was, now)
        elif was != now:
            yield f"{name}, {part}: {_told(was)} → {_told(now)}"


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
