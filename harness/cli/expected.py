"""The approved difference on the command line: read, written as a draft, and held against what a comparison found."""

import contextlib
import dataclasses
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cartox_core import Guideline
from harness.cli.app import PURPOSE
from harness.cli.failure import Stopped
from harness.cli.output import check_file, on_shelf, write_whole
from harness.cli.streams import CHUNK, STDIN, show, source, title
from harness.compare.approval import Approval, approval
from harness.compare.approval_report import approval_object, approval_told
from harness.compare.expectation import Expectation, ExpectationError
from harness.compare.expectation_draft import draft
from harness.compare.expectation_file import expectation_of
from harness.compare.guidelines import Changes

Pairs = Sequence[tuple[str, str]]
OTHER_THAN_APPROVED = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """A difference held against what was approved of it, in a file of that name; None where nothing was."""

    held: Approval | None
    name: str = ""
    signed: bool = False

    @property
    def is_met(self) -> bool:
        """Whether nothing stands against the difference: no cell, nor a missing name where it must be signed."""
        return self.held is None or (self.held.is_met and not (self.signed and self._lacks))

    @property
    def _lacks(self) -> tuple[str, ...]:
        """What a signed expectation would have."""
        assert self.held is not None
        expected = self.held.expected
        named = () if expected.approved_by else ("approved_by is empty",)
        return (*named, *((f"{expected.without_reason} changes have no reason",) if expected.without_reason else ()))

    @property
    def code(self) -> int:
        """The exit code."""
        return 0 if self.is_met else OTHER_THAN_APPROVED

    @property
    def told(self) -> tuple[str, ...]:
        """The verdict in words, part by part."""
        if self.held is None:
            return ()
        lacks = (f"Not signed: {'; '.join(self._lacks)}",) if self.signed and self._lacks else ()
        return (*approval_told(self.held, self.name), *lacks)

    @property
    def as_object(self) -> dict[str, Any]:
        """The verdict for JSON."""
        return {} if self.held is None else {"expectation": approval_object(self.held, self.name)}


@dataclasses.dataclass(frozen=True, slots=True)
class Approving:
    """What is asked for: to hold a difference to a file (``-`` is standard input), or to write such a file.

    ``again`` are the arguments that compare the same again.
    """

    expect: str | None
    write_expect: str | None
    force: bool
    signed: bool
    again: tuple[str, ...]

    def check(self, as_json: bool, others: Sequence[str]) -> None:
        """Say before any work what is wrongly asked for, or could not be written. Raises Stopped."""
        if self.signed and self.expect is None:
            raise Stopped("--signed asks who approved a difference; name the file with --expect FILE")
        if self.expect == STDIN and STDIN in others:
            raise Stopped("--cases and --expect are both to be read from standard input; name a file for one of them")
        if self.write_expect is None:
            if self.force:
                raise Stopped("--force lets --write-expect overwrite a file; name one with --write-expect FILE")
            return
        if self.expect is not None:
            raise Stopped("--expect holds the difference to a file, --write-expect makes one; choose one of them")
        if self.write_expect == STDIN:
            if as_json:
                raise Stopped("--json and --write-expect - both go to standard output; name a file for --write-expect")
            return
        path = Path(self.write_expect)
        check_file(path)
        if path.resolve() in [Path(name).resolve() for name in others] or on_shelf(path):
            raise Stopped(f"{path} is something else of this command; name another file for --write-expect")
        if path.is_file() and not self.force:
            raise Stopped(f"{path} exists; name a new file, or add --force to overwrite it")

    def read(self, old: Guideline, new: Guideline, pairs: Pairs) -> Expectation | None:
        """The expectation, None where none is asked for. Raises Stopped."""
        if self.expect is None:
            return None
        with _about(self.expect):
            return expectation_of(_text(self.expect), old, new, pairs)

    def verdict(self, expected: Expectation | None, found: Changes, pairs: Pairs) -> Verdict:
        """The changes held against an expectation, where there is one. Raises Stopped."""
        if expected is None or self.expect is None:
            return Verdict(None)
        with _about(self.expect):
            return Verdict(approval(expected, found, pairs), title(self.expect), self.signed)

    def write(self, found: Changes) -> tuple[str, ...]:
        """Write the draft, or show it on standard output (``-``); what is to be said of it. Raises Stopped."""
        if self.write_expect is None:
            return ()
        file = "FILE" if self.write_expect == STDIN else self.write_expect
        command = shlex.join(["cartox", "compare", *self.again, "--expect", file])
        text = draft(found, command, PURPOSE)
        if self.write_expect == STDIN:
            show(text.rstrip("\n"))
            return ()
        write_whole(Path(file), text)
        return (f"Written to {file}, to be judged, given reasons and approved. Then: {command}",)


def _text(file: str) -> str:
    with source(file) as read:
        data = b"".join(iter(lambda: read(CHUNK), b""))
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Stopped(f"{title(file)} is no text in UTF-8; an expectation is a TOML file") from None


@contextlib.contextmanager
def _about(file: str) -> Iterator[None]:
    """Say which file it is that an expectation is wrong in."""
    try:
        yield
    except ExpectationError as error:
        raise Stopped(f"{title(file)}: {error}") from None
