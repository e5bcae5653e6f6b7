"""Finished blocks are kept and taken up again; what is not whole, or of another run, is not trusted."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from harness.cohort import run as running
from harness.cohort.block import Block
from harness.cohort.journal import Finished, Journal
from harness.cohort.report import json_report
from harness.cohort.run import Plan, run
from harness.cohort.tally import Tally
from tests.harness.simulated import a_scenario

PATIENTS, IN_A_BLOCK = 40, 15
FAULTS = "[charting]\nmissed_rounds = 0.2\n"


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BLOCK_PATIENTS", IN_A_BLOCK)


def a_plan(seed: int = 5) -> Plan:
    return Plan(a_scenario(f"follow_up_days = 7\n{FAULTS}", ["KarMMa", "ELIANA"]), PATIENTS, seed, "astct-2019")


def a_journal(folder: Path, plan: Plan) -> Journal:
    folder.mkdir(exist_ok=True)
    return Journal(folder, plan.checksum)


class Counted:
    """Counts the blocks that are simulated."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.blocks: list[tuple[str, int]] = []
        made = running.finish

        def finish(block: Block, *rest: object) -> Finished:
            self.blocks.append((block.trial, block.first))
            return made(block, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(running, "finish", finish)


def test_a_run_goes_on_where_it_was_and_ends_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = a_plan()
    whole = json_report(run(plan))
    journal = a_journal(tmp_path / "blocks", plan)
    counted = Counted(monkeypatch)

    def killed(_patients: int) -> None:
        if len(counted.blocks) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(plan, progress=killed, journal=journal)
    assert len(counted.blocks) == 3
    assert json_report(run(plan, journal=journal)) == whole
    assert counted.blocks == [(block.trial, block.first) for block in plan.blocks]
    assert json_report(run(plan, journal=journal)) == whole
    assert len(counted.blocks) == len(plan.blocks)


@pytest.mark.parametrize("spoil", ["cut", "altered", "foreign", "other place", "no file", "empty"])
def test_what_is_not_whole_is_done_again(spoil: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = a_plan()
    journal = a_journal(tmp_path / "blocks", plan)
    whole = json_report(run(plan, journal=journal))
    first, second, *_ = sorted(journal.folder.glob("*.json"))
    content = first.read_bytes()
    match spoil:
        case "cut":
            first.write_bytes(content[:-20])
        case "altered":
            first.write_bytes(content.replace(b'"checked":', b'"checked":9', 1))
        case "foreign":
            other = a_plan(seed=6)
            run(other, journal=a_journal(tmp_path / "others", other))
            shutil.copy(tmp_path / "others" / first.name, first)
        case "other place":
            shutil.copy(second, first)
        case "no file":
            first.unlink()
        case _:
            first.write_bytes(b"")
    counted = Counted(monkeypatch)
    assert json_report(run(plan, journal=journal)) == whole
    assert len(counted.blocks) == 1
    assert first.read_bytes() == content


def test_a_cohort_of_which_a_file_is_cut_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, out = a_plan(), tmp_path / "cohort"
    journal = a_journal(tmp_path / "blocks", plan)
    run(plan, out=out, journal=journal)
    before = {path: path.read_bytes() for path in sorted(out.rglob("*.parquet"))}
    spoilt = next(iter(before))
    spoilt.write_bytes(before[spoilt][:100])
    counted = Counted(monkeypatch)
    run(plan, out=out, journal=journal)
    assert len(counted.blocks) == 1
    assert {path: path.read_bytes() for path in sorted(out.rglob("*.parquet"))} == before


def test_a_block_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    plan = a_plan()
    journal = a_journal(tmp_path, plan)
    tally = run(plan).tally
    journal.keep(plan.blocks[0], Finished(tally))
    again = journal.finished(plan.blocks[0])
    assert again is not None and isinstance(again.tally, Tally) and again.tally == tally and tally.faults
    assert journal.finished(plan.blocks[0], tmp_path) is None
    assert Journal(tmp_path, "another").finished(plan.blocks[0]) is None


def test_all_that_a_run_is_made_of_is_in_its_checksum() -> None:
    plan = a_plan()
    others = [
        a_plan(seed=6),
        dataclasses.replace(plan, patients=41),
        dataclasses.replace(plan, guideline="lee-2014"),
        dataclasses.replace(plan, scenario=a_scenario("follow_up_days = 8\n", ["KarMMa", "ELIANA"])),
    ]
    assert len({plan.checksum, *(other.checksum for other in others)}) == 1 + len(others)
    assert a_plan().checksum == plan.checksum
