"""The folder in which a run keeps its finished blocks, and its cohort until it is whole, so that --resume goes on."""

import json
from pathlib import Path

from harness.cli.failure import Stopped, reason_of
from harness.cli.output import write_whole
from harness.cohort.journal import Journal
from harness.cohort.run import Plan

_WHAT = "run.json"


def journal_of(keep: Path, plan: Plan, resume: bool) -> Journal:
    """The journal of a run in a folder, which is made where it is not there. Raises Stopped.

    A folder that holds blocks is taken up only when asked to ``resume``, and only those of the same run.
    """
    mark = keep / _WHAT
    if keep.exists() and not keep.is_dir():
        raise Stopped(f"{keep} is a file; name a folder for --keep")
    there = [p for p in keep.iterdir() if p.suffix != ".part"] if keep.is_dir() else []
    if there and not mark.is_file():
        raise Stopped(f"{keep} is not empty and holds no run; name a new or an empty folder for --keep")
    if there and _run_in(mark) != plan.checksum:
        raise Stopped(f"{keep} holds another run: {_words_in(mark)}; give the same options again, or another folder")
    if there and not resume:
        raise Stopped(f"{keep} holds this run already; go on with --resume, or name another folder")
    words = f"{plan.scenario.name}, {plan.how_many}, seed {plan.seed}, graded by {plan.guideline}"
    try:
        keep.mkdir(parents=True, exist_ok=True)
        if not there:  # whole and before all else, so that a kill at any point leaves what can be gone on with
            write_whole(mark, json.dumps({"run": plan.checksum, "what": words}, indent=2) + "\n")
        (keep / "blocks").mkdir(exist_ok=True)
    except OSError as error:
        raise Stopped(f"{keep} cannot be written: {reason_of(error)}") from None
    return Journal(keep / "blocks", plan.checksum)


def _run_in(mark: Path) -> str:
    return _read(mark).get("run", "")


def _words_in(mark: Path) -> str:
    return _read(mark).get("what", "one that cannot be read")


def _read(mark: Path) -> dict[str, str]:
    try:
        found = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
