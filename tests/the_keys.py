"""Every key of policy and scenario files, as the page in docs/ tells them: from the models and keys.toml.

Run as a program it writes the page: ``python -m tests.the_keys``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from harness.patients.faults import FAULTS
from harness.patients.policy import Policy
from harness.scenarios.allowed import allowed, inner_model
from harness.scenarios.loader import Scenario
from harness.scenarios.policy_words import STAGES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "policy-and-scenario-files.md"
HEAD = f"""# Policy and scenario files

A **policy** says how a care team acts, a **scenario** whose patients are run and what differs: each a few lines of
TOML, called by the name of its file. What is left out is standard care, charted as it was. A policy:

```toml
title = "Two doses at most"
text = "Standard care, with two doses of tocilizumab at most, the first from signs of grade 3 on."
cite = []
[tocilizumab]
from_stage = 2
most_doses = 2
```

A scenario, whose patients are cared for so; the file of its policy lies beside its own, or in the working directory:

```toml
title = "Missed rounds under another policy"
text = "A tenth of the rounds is not charted."
cite = []
trials = ["ZUMA-1", "KarMMa"]
policy = "two-doses.toml"
[charting]
missed_rounds = 0.1
```

```
cartox policy                                           # the shelf
cartox policy early-tocilizumab                         # what that policy does, in words
cartox policy early-tocilizumab --toml > mine.toml      # a file to begin with
cartox policy standard mine.toml                        # what it does to the same persons
cartox run zuma-1 --policy mine.toml
cartox scenarios                                        # the shelf of scenarios; with a name, what differs
cartox run my-scenario.toml
cartox ward my-ward.toml                                # a scenario with a [ward] table
```

A key that is wrong or misspelt is refused, with what to write instead.
{STAGES} A share is a number from 0 to 1.
This page is made by `python -m tests.the_keys`. *For testing and teaching. Not for treating patients.*
"""
ROOTS: Mapping[str, type[BaseModel]] = {"policy": Policy, "scenario": Scenario}
Place = tuple[str | int, ...]
TABLE = "| key | write | unit | default | meaning |\n|---|---|---|---|---|"


def meanings() -> dict[str, Any]:
    """Unit and meaning of each key, as they are written."""
    return tomllib.loads((ROOT / "tests" / "keys.toml").read_text(encoding="utf-8"))


def page() -> str:
    """The page."""
    parts = [HEAD]
    for name, root in ROOTS.items():
        parts += [f"## A {name}\n", *_tables(name, root)]
    return "\n".join(parts)


def keys() -> dict[str, set[str]]:
    """The keys of each table, by its name: those that need words of their own."""
    found: dict[str, set[str]] = {}
    for name, root in ROOTS.items():
        for place in tables(root):
            found[table_name(name, place)] = set(fields(at(root, place))) - FAULTS.keys()
    return found


def tables(root: type[BaseModel], place: Place = ()) -> Iterator[Place]:
    """The place of each table of a file, the file itself first; 0 for each of several."""
    yield place
    for key in fields(at(root, place)):
        for deeper in ((*place, key), (*place, key, 0)):
            if key != "policy" and inner_model(root, deeper) is not root:
                yield from tables(root, deeper)


def at(root: type[BaseModel], place: Place) -> type[BaseModel]:
    """The model of the table at a place."""
    return inner_model(root, place) if place else root


def table_name(root: str, place: Place) -> str:
    """What the table at a place is called in keys.toml."""
    return str([root, *(part for part in place if isinstance(part, str))][-1])


def _tables(name: str, root: type[BaseModel]) -> Iterator[str]:
    """The table of the keys at each place."""
    for place in tables(root):
        if place:
            key = ".".join(part for part in place if isinstance(part, str))
            yield f"### `[[{key}]]`\n" if place[-1] == 0 else f"### `[{key}]`\n"
        told = meanings()[table_name(name, place)]
        rows = (_row(root, (*place, key), field, told) for key, field in fields(at(root, place)).items())
        yield "\n".join([TABLE, *rows]) + "\n"


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys of a table; the name is that of the file."""
    return {key: field for key, field in model.model_fields.items() if key != "name"}


def _row(root: type[BaseModel], place: Place, field: FieldInfo, told: Mapping[str, Any]) -> str:
    key = str(place[-1])
    unit, meaning = _meaning(key, told)
    cells = (f"`{key}`", allowed(root, place).replace("'", '"'), unit or "–", default(field), meaning)
    return f"| {' | '.join(cells)} |"


def _meaning(key: str, told: Mapping[str, Any]) -> tuple[str, str]:
    if key in FAULTS:
        fault = FAULTS[key]
        return f"share of {fault.of}", fault.text
    unit, meaning = told[key]
    return unit, meaning


def default(field: FieldInfo) -> str:
    """What a key left out means."""
    if field.is_required():
        return "**needed**"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Policy):
        return f'`"{value.name}"`'
    if isinstance(value, BaseModel):
        return "as below"
    if value is None or value in ([], {}):
        return "none"
    return f"`{_toml(value)}`"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
