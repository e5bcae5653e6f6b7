"""``cartox score``: the additive scores and EASIX, listed, printed, or worked out for cases."""

import json
import shutil
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

import typer

from cartox_core import GuidelineError, load_score, score_ids
from cartox_core.bibliography import nearest
from cartox_core.indices import INDICES
from harness.cli.answers import Answer, encoded
from harness.cli.app import PURPOSE, verb
from harness.cli.case_line import CaseLine
from harness.cli.cases_in import FromOption, How, InfusionOption, MergeOption, cases_in
from harness.cli.failure import Stopped
from harness.cli.grade import Tally, which
from harness.cli.options import ReadingOption, chosen_readings
from harness.cli.score_answer import Scores, lines, scored
from harness.cli.score_page import score_page, shelf_table
from harness.cli.streams import show, title, write

_NARROWEST = 90


def score_names() -> tuple[str, ...]:
    """Every score that has a name: those on the shelf, and the indices."""
    return tuple(sorted((*score_ids(), *INDICES)))


def _starting(incomplete: str) -> list[str]:
    return [name for name in score_names() if name.startswith(incomplete)]


@verb(
    "cartox score",
    "cartox score car-hematotox",
    "cartox score car-hematotox cases.jsonl --reading H14=point",
    """echo '{"observations":[{"time_h":30,"ice_items":{"naming":3}}]}' | cartox score ice - --json""",
)
def score(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME|FILE",
            help="Score on the shelf, or in a file. Default: list them.",
            show_default=False,
            autocompletion=_starting,
        ),
    ] = None,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="CASES",
            help="Cases in any format of cartox convert; - is standard input. Default: print the score.",
            show_default=False,
        ),
    ] = None,
    reading: ReadingOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, one case a line.")] = False,
    format_: FromOption = None,
    merge: MergeOption = None,
    infusion: InfusionOption = None,
) -> int:
    """List the scores, print one, or work it out for cases: the points of each item, the total, and its band.

    What is unknown leaves a range of points and of bands, and is never taken for nothing. A case that is wrong is
    told as refused, the others are scored, and the exit code is 2.
    """
    if name is None:
        if reading:
            raise Stopped("a reading belongs to a score; name it: cartox score NAME --reading …")
        shelf = [_chosen(known, None) for known in score_names()]
        show(_json([{"id": s.id, "title": s.title, "text": s.text} for s in shelf]) if as_json else _listed(shelf))
        return 0
    if file is None and name.endswith((".jsonl", ".json")):
        raise Stopped(f"name a score first: cartox score NAME {name}; the scores are {', '.join(score_names())}")
    chosen = _chosen(name, reading)
    if file is not None:
        return _all_scored(chosen, file, How(format_, merge, infusion), as_json)
    if as_json:
        raise Stopped(f"cartox score {name} --json answers cases; name a file of them, or - for standard input")
    show(f"{score_page(chosen, max(shutil.get_terminal_size().columns, _NARROWEST))}\n\n{PURPOSE}")
    return 0


def _chosen(name: str, reading: list[str] | None) -> Scores:
    """The score of a name or in a file, under the readings wanted. Raises GuidelineError or Stopped."""
    if name not in INDICES:
        try:
            return load_score(name, chosen_readings(reading))
        except GuidelineError as error:
            if "no such file" not in str(error):
                raise
            known = ", ".join(score_names())
            raise Stopped(f"there is no score {name!r};{nearest(name, score_names())} the scores are {known}") from None
    if reading:
        raise Stopped(f"{name} has no readings; it is a formula")
    return INDICES[name]


def _all_scored(chosen: Scores, file: str, how: How, as_json: bool) -> int:
    tally = Tally(title(file))
    with cases_in(file, how) as cases:
        if not as_json:
            show(_heading(chosen))
        for batch in tally.batches(cases.read, partial(_answers, chosen=chosen)):
            if as_json:
                write(b"".join(map(encoded, batch)))
            elif told := [line for answer in batch for line in lines(answer, chosen)]:
                show("\n".join(told))
    return tally.told() or cases.code


def _answers(found: CaseLine, number: int, chosen: Scores) -> Iterator[Answer]:
    assert found.case is not None
    note = {"note": chosen.note} if chosen.note else {}
    yield {
        **which(found, number),
        "score": chosen.id,
        "status": "scored",
        "scores": scored(found.case, chosen),
        **note,
    }


def _heading(chosen: Scores) -> str:
    return f"{chosen.title}: {chosen.text}" + (f"\n{chosen.note}" if chosen.note else "") + f"\n{PURPOSE}\n"


def _listed(shelf: list[Scores]) -> str:
    return f"{shelf_table(shelf)}\n\n{PURPOSE}"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
