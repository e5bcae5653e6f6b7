"""The named readings of all guidelines, scores and plans but ASTCT's own, as docs/ambiguities.md tells them.

Run as a program it prints that part of the page: ``python -m tests.the_register``.
"""

from collections.abc import Iterator

from cartox_core import Guideline, Plan, Score, guideline_ids, load, load_plan, load_score, plan_ids, score_ids


def sections() -> Iterator[str]:
    """A table of readings for each guideline, score and plan that has some."""
    guidelines = (load(g) for g in guideline_ids() if g != "astct-2019")
    for known in [*guidelines, *map(load_score, score_ids()), *map(load_plan, plan_ids())]:
        if known.readings:
            plan = " (management)" if isinstance(known, Plan) else ""
            yield f"### `{known.id}`{plan}\n\n" + "\n".join([_HEAD, *_rows(known)])


_HEAD = "| id | point | default | other choices | why the default |\n|---|---|---|---|---|"


def _rows(known: Guideline | Score | Plan) -> Iterator[str]:
    for reading in known.readings.values():
        told = {name: f"`{name}`: {choice.text}" for name, choice in reading.choices.items()}
        others = "<br>".join(text for name, text in told.items() if name != reading.default)
        yield f"| {reading.id} | {reading.title} | {told[reading.default]} | {others} | {reading.why} |"


if __name__ == "__main__":
    print("\n\n".join(sections()))
