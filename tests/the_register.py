"""The named readings of all guidelines and scores but ASTCT's own, as docs/ambiguities.md tells them.

Run as a program it prints that part of the page: ``python -m tests.the_register``.
"""

from collections.abc import Iterator

from cartox_core import Guideline, Score, guideline_ids, load
from cartox_core.library import load_score, score_ids


def sections() -> Iterator[str]:
    """A table of readings for each guideline and score that has some."""
    for known in [*(load(g) for g in guideline_ids() if g != "astct-2019"), *(load_score(s) for s in score_ids())]:
        if known.readings:
            yield f"### `{known.id}`\n\n" + "\n".join([_HEAD, *_rows(known)])


_HEAD = "| id | point | default | other choices | why the default |\n|---|---|---|---|---|"


def _rows(known: Guideline | Score) -> Iterator[str]:
    for reading in known.readings.values():
        told = {name: f"`{name}`: {choice.text}" for name, choice in reading.choices.items()}
        others = "<br>".join(text for name, text in told.items() if name != reading.default)
        yield f"| {reading.id} | {reading.title} | {told[reading.default]} | {others} | {reading.why} |"


if __name__ == "__main__":
    print("\n\n".join(sections()))
