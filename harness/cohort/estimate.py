"""How long a run will take and how much it will write, from a few of its patients."""

import dataclasses
import tempfile
import time
from pathlib import Path

from cartox_core import Guideline, load
from harness.cohort.block import Block
from harness.cohort.run import Plan, finish

SAMPLE_PATIENTS = 4000  # fewer stay in the caches, and are faster than a block is
FEW_PATIENTS = 3  # what they take is done once a block, however many there are


@dataclasses.dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds of work of one worker, and bytes written; those of a sample, for all patients.

    >>> str(Estimate(seconds=7300.0, bytes=3_200_000_000, at_once=2))
    'about 1 h 1 min on 2 workers, 3.2 GB on disk'
    >>> str(Estimate(seconds=90.0, bytes=0, at_once=1))
    'about 2 min on one worker'
    """

    seconds: float
    bytes: int
    at_once: int

    @property
    def wall_s(self) -> float:
        """Seconds until it is done, if each worker has a processor to itself."""
        return self.seconds / self.at_once

    def __str__(self) -> str:
        hours, minutes = divmod(max(1, round(self.wall_s / 60)), 60)
        lasts = f"{hours:,} h {minutes} min" if hours else f"{minutes} min"
        workers = "one worker" if self.at_once == 1 else f"{self.at_once} workers"
        return f"about {lasts} on {workers}{f', {self.bytes / 1e9:.1f} GB on disk' if self.bytes else ''}"


def estimate(plan: Plan, at_once: int, writes: bool) -> Estimate:
    """Do the first patients of each trial, and reckon from them. Raises GuidelineError, OSError."""
    guideline = load(plan.guideline)
    first = [block for block in plan.blocks if block.first == 0]
    seconds, written = 0.0, 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) if writes else None
        for block in first[:1]:
            _timed(block, 1, guideline, None)  # what is made once
        for block, total in zip(first, plan.scenario.patients_of(plan.patients).values(), strict=True):
            count = min(block.count, SAMPLE_PATIENTS)
            a_block, _ = _timed(block, FEW_PATIENTS, guideline, folder)
            all_of_them, size = _timed(block, count, guideline, folder)
            blocks = sum(each.trial == block.trial for each in plan.blocks)
            seconds += blocks * a_block + max(all_of_them - a_block, 0) * total / count
            written += size * total / count
    return Estimate(seconds, round(written), at_once)


def _timed(block: Block, count: int, guideline: Guideline, folder: Path | None) -> tuple[float, int]:
    """Seconds of a processor for so many patients of a block, and bytes written."""
    began = time.process_time()
    done = finish(dataclasses.replace(block, count=count), guideline, folder)
    took = time.process_time() - began
    return took, sum((folder / name).stat().st_size for name in done.files) if folder else 0
