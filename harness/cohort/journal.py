"""What each finished block came to, kept as one file a block, so that a run that was killed goes on where it was.

A file names the run that it belongs to and has a checksum: one that is truncated, altered, or of another run is not
trusted, and its block is done again. For testing and teaching, not for treating patients.
"""

import dataclasses
import hashlib
import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from harness.cohort.block import Block
from harness.cohort.checks import Checks
from harness.cohort.fault_effects import Effect
from harness.cohort.tally import Tally, TrialTally

Files = dict[str, str]  # by path within a folder, the checksum


@dataclasses.dataclass(frozen=True, slots=True)
class Finished:
    """A block that is done: its counts, and the checksums of the files that were written of it."""

    tally: Tally
    files: Files = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class _Kept:
    """As it stands in a file."""

    run: str
    block: tuple[str, int, int]
    trials: dict[str, TrialTally]
    tested: dict[str, Checks]
    faults: list[tuple[str, str, Effect]]
    files: Files


_FORM: TypeAdapter[_Kept] = TypeAdapter(_Kept)


@dataclasses.dataclass(frozen=True, slots=True)
class Journal:
    """The folder of finished blocks of one run; ``run`` is a checksum of all that the run is made of."""

    folder: Path
    run: str

    def keep(self, block: Block, done: Finished) -> None:
        """Write down a finished block; the file appears whole or not at all. Raises OSError."""
        tally = done.tally
        faults = [(fault, scale, effect) for (fault, scale), effect in tally.faults.items()]
        kept = _Kept(self.run, _name(block), tally.trials, tally.tested, faults, done.files)
        text = _FORM.dump_json(kept)
        place = self._place(block)
        beside = place.with_suffix(".part")
        with beside.open("wb") as file:
            file.write(checksum(text).encode() + b"\n" + text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, place)

    def finished(self, block: Block, out: Path | None = None) -> Finished | None:
        """A block that is done already; None where it is not, or where its file or one in ``out`` is not whole."""
        try:
            sum_, _, text = self._place(block).read_bytes().partition(b"\n")
            kept = _FORM.validate_json(text) if sum_.decode() == checksum(text) else None
        except (OSError, ValueError, ValidationError):
            return None
        if kept is None or kept.run != self.run or tuple(kept.block) != _name(block):
            return None
        if out is not None and not (kept.files and _are_whole(out, kept.files)):
            return None
        faults = {(fault, scale): effect for fault, scale, effect in kept.faults}
        return Finished(Tally(kept.trials, kept.tested, faults), kept.files)

    def _place(self, block: Block) -> Path:
        return self.folder / f"{block.trial.replace(' ', '-').replace('/', '-')}-{block.first:012d}.json"


def _name(block: Block) -> tuple[str, int, int]:
    return block.trial, block.first, block.count


def _are_whole(folder: Path, files: Files) -> bool:
    try:
        return all(checksum((folder / name).read_bytes()) == wanted for name, wanted in files.items())
    except OSError:
        return False


def checksum(content: bytes) -> str:
    """SHA-256 of some bytes.

    >>> checksum(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()
