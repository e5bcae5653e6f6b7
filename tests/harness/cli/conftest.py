"""The command line run inside the test process, with its own arguments and standard input."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.cli.main import main
from tests.harness.cli.samples import COURSE, RANGE, SURE, lines


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Cartox = Callable[..., Ended]


@pytest.fixture
def cartox(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> Iterator[Cartox]:
    kept = os.dup(0)

    def call(*arguments: str, stdin: bytes = b"") -> Ended:
        given = tmp_path / "stdin"
        given.write_bytes(stdin)
        with given.open("rb") as stream:
            os.dup2(stream.fileno(), 0)
        monkeypatch.setattr(sys, "argv", ["cartox", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capfdbinary.readouterr()
        return Ended(left.value.code or 0, out.decode(), err.decode())

    yield call
    os.dup2(kept, 0)
    os.close(kept)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(lines(SURE, RANGE, COURSE))
    return file
