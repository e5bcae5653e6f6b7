"""``cartox lookup``: find a word among everything that the project knows, with where it comes from and is used."""

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from tabulate import tabulate

from harness.cli.app import PURPOSE, verb
from harness.cli.failure import Stopped, one_line
from harness.cli.streams import show
from harness.findable import KINDS, Item, findable
from harness.search import nearest_words, search
from harness.verify.answer import clean

NOT_FOUND = 1
_FEW = 6
_USES = 6
_WIDTH = 118


@verb(
    "cartox lookup",
    "cartox lookup tocilizumab timing",
    "cartox lookup il-6 --kind 'marker panel' --json",
    "cartox lookup anakinra-icans-dose",
    "cartox lookup --kind 'risk factor'",
)
def lookup(
    term: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TERM",
            help="Words or a name. Default: list the kinds of things, or all of --kind.",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", "-k", metavar="KIND", help="Things of this kind alone.")] = None,
    most: Annotated[int, typer.Option("--most", "-n", min=1, metavar="N", help="How many to tell.")] = _FEW,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> int:
    """Look words up among all that is known, with where each thing comes from and where it is used.

    Found are marker panels, risk factors with the direction of their effect, patterns, work-up, drugs, published
    figures, steps of a plan, scores, scales, clauses, readings, fields and works. Words that are spelled alike are
    found, too. Where nothing is found the nearest names are told, and the exit code is 1.
    """
    items = [item for item in findable() if kind in (None, item.kind)]
    if not items:
        raise Stopped(f"there is no kind {kind!r}; the kinds are {', '.join(KINDS)}")
    words = " ".join(term or ())
    if not words.strip():
        show(_kinds(items, as_json) if kind is None else _list(items, as_json))
        return 0
    found = search(words, items)
    if not found.items:
        near = nearest_words(words, items)
        hint = f"did you mean {' or '.join(near)}?" if near else "cartox lookup lists the kinds"
        raise Stopped(one_line(f"nothing is found for {clean(words)!r}; {hint}"), NOT_FOUND)
    if as_json:
        show(json.dumps([_object(item) for item in found.items[:most]], indent=2, ensure_ascii=False))
        return 0
    left = len(found.items) - most
    more = [f"{left:,} more; --most {len(found.items)} tells them all"] if left > 0 else []
    some = [f"Nothing has all of these words; this has {found.held} of {found.of}."] if found.held < found.of else []
    show("\n\n".join([*some, *("\n".join(_lines(item)) for item in found.items[:most]), *more, PURPOSE]))
    return 0


def _list(items: Sequence[Item], as_json: bool) -> str:
    """Every thing by its name and title."""
    if as_json:
        return json.dumps([_object(item) for item in items], indent=2, ensure_ascii=False)
    lines = [_filled(f"{item.id}: ", f"{item.title}{f' ({item.effect})' if item.effect else ''}") for item in items]
    return "\n".join([*lines, "", "cartox lookup NAME tells more of each.", "", PURPOSE])


def _kinds(items: Sequence[Item], as_json: bool) -> str:
    counts = Counter(item.kind for item in items)
    told = {kind: counts[kind] for kind in KINDS if counts[kind]}
    if as_json:
        return json.dumps(told, indent=2)
    return f"{tabulate(list(told.items()), ['Kind', 'Things'])}\n\n{PURPOSE}"


def _object(item: Item) -> dict[str, Any]:
    told = {"kind": item.kind, "id": item.id, "title": item.title, "text": item.text}
    beside = {"effect": item.effect, "values": dict(item.values), "used": item.used, "see": item.see, "cite": item.cite}
    return {**told, **{name: value for name, value in beside.items() if value}, "source": item.source}


def _lines(item: Item) -> Iterator[str]:
    yield _filled(f"{item.id} ({item.kind}): ", item.title)
    effect = f"Effect: {item.effect}. " if item.effect else ""
    yield _filled("  ", f"{effect}{item.text}")
    for name, value in item.values.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        yield _filled(f"  {name}: ", str(shown))
    yield f"  from: {', '.join([item.source, *item.cite])}"
    if item.used:
        more = f", and {len(item.used) - _USES} more" if len(item.used) > _USES else ""
        yield _filled("  used: ", "; ".join(item.used[:_USES]) + more)
    if item.see:
        yield _filled("  see: ", ", ".join(item.see))


def _filled(start: str, text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=start, subsequent_indent="    ", break_on_hyphens=False)
