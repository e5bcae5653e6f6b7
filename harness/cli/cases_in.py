"""Cases of any file, as the JSON Lines that every verb reads; what its format needs said is told on stderr.

JSON Lines go through as they are. Of other formats a chart is read, merged by the stated rules, and written as a case.
"""

import contextlib
import dataclasses
import datetime
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from harness.cli.failure import REFUSED, Stopped, one_line, reason_of, say
from harness.cli.output import is_stream
from harness.cli.streams import CHUNK, STDIN, Read, source, title, wire_in
from harness.exchange.chart import ExchangeError, Remark
from harness.exchange.clock import clock_time
from harness.exchange.format import FORMATS, Format, format_of
from harness.exchange.merge import Merged, merged, rules_told, summed
from harness.exchange.wide import tells_time

_REMARKS_TOLD = 10
Within = Literal["hour", "minute", "none"]
NATIVE = "jsonl"


def format_names(incomplete: str) -> list[str]:
    """The formats that begin so, for completion."""
    return [name for name in FORMATS if name.startswith(incomplete)]


FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="FORMAT",
        help=f"Format of the cases, where it is not to be told from the file: {', '.join(FORMATS)}.",
        autocompletion=format_names,
    ),
]
MergeOption = Annotated[
    Within | None,
    typer.Option(
        "--merge",
        help="Merge the rows of a chart (CSV, FHIR, SDTM, OMOP) within an hour, the worst of each sign; within a"
        " minute; or not at all. Default: an hour, and for cartox convert a minute.",
        show_default=False,
    ),
]
InfusionOption = Annotated[
    str | None,
    typer.Option(
        "--infusion",
        metavar="TIME",
        help="When the cells were infused, as 2026-03-01T10:00, for files with times of day that do not tell.",
    ),
]


@dataclasses.dataclass(frozen=True, slots=True)
class How:
    """How the cases of a file are to be read."""

    format: str | None = None
    merge: Within | None = None
    infusion: str | None = None

    def infused(self) -> datetime.datetime | None:
        """The time of the infusion that was asked for. Raises Stopped."""
        at = None if self.infusion is None else clock_time(self.infusion)
        if self.infusion is not None and at is None:
            raise Stopped(f"--infusion is {self.infusion!r}; write a time to the minute, as 2026-03-01T10:00")
        return at

    def format_of(self, file: str) -> Format:
        """The format of a file, by what was asked for or by its beginning. Raises Stopped, OSError."""
        if self.format is not None:
            if self.format not in FORMATS:
                raise Stopped(f"there is no format {self.format!r}; there are {', '.join(FORMATS)}")
            return FORMATS[self.format]
        path = Path(file)
        if file == STDIN or not path.exists() or not (path.is_file() or path.is_dir()):
            return FORMATS[NATIVE]
        with _in_a_line(file):
            return format_of(path)


class CasesIn:
    """The cases of one file: ``read`` gives them as bytes of JSON Lines, and once read ``rules`` says how."""

    def __init__(self, name: str, read: Read, hint: str = "") -> None:
        self.name, self.read, self.hint = name, read, hint  # what to do where it holds no case, to end a sentence
        self.merged: list[Merged] = []
        self.within: Within = "none"
        self.remarks: list[Remark] = []
        self.untold = 0
        self.left_out: dict[str, list[str]] = {}
        self.loses = False
        self.is_unread = True  # until something could be read: of a file that cannot, one line is told

    @property
    def code(self) -> int:
        """The exit code of having read them: not 0 where something that was charted is left out."""
        return REFUSED if self.loses else 0

    def rules(self) -> tuple[str, ...]:
        """The rules by which charts were merged, in words; none for cases that needed none."""
        if not self.merged:
            return ()
        return tuple(rules_told(summed(self.merged), self.within))

    def tell(self, remark: Remark) -> None:
        """Keep a remark, of many the first few; those about a patient who lost a row go with the answer, too."""
        self.loses |= "left out" in remark.text
        if remark.of:
            self.left_out.setdefault(remark.of, []).append(str(remark))
        if len(self.remarks) < _REMARKS_TOLD:
            self.remarks.append(remark)
        else:
            self.untold += 1


@contextlib.contextmanager
def cases_in(file: str, how: How | None = None, default: Within = "hour") -> Iterator[CasesIn]:
    """The cases of a file or folder in any format; ``-`` is standard input, JSON Lines unless said otherwise.

    Raises Stopped where it cannot be read.
    """
    asked = how or How()
    if file != STDIN and not Path(file).exists():
        with source(file):  # which says that it is not there
            pass
    format_ = asked.format_of(file)
    if format_.name == NATIVE:
        if asked.merge not in (None, "none") or asked.infusion is not None:
            raise Stopped(
                f"{title(file)} holds cases of the protocol, graded as they are; leave out --merge and --infusion"
            )
        with source(file) as read:
            yield CasesIn(title(file), _checked(read, title(file)), "; write one JSON object a line")
        return
    if file == STDIN and format_.is_folder:
        raise Stopped(f"{format_.name} is a folder of files; name one instead of standard input")
    with _as_path(file) as path:
        within = asked.merge or (default if format_.has_rows else "none")
        cases = CasesIn(title(file), _reading(()))
        cases.within = within
        infused = asked.infused()
        cases.read = _reading(_lines(cases, format_, path, infused))
        try:
            yield cases
        finally:
            if not cases.is_unread:
                _told(cases)


def _lines(cases: CasesIn, format_: Format, path: Path, infused: datetime.datetime | None) -> Iterator[bytes]:
    """The charts of a file as lines of JSON."""
    within = None if cases.within == "none" else cases.within
    with _in_a_line(cases.name):
        for chart in format_.read(path, cases.tell, infused):
            made = merged(chart, within, cases.tell)
            cases.is_unread = False
            cases.merged.append(dataclasses.replace(made, raw={"id": chart.id}))
            told = {
                "merged": list(rules_told(made.applied, cases.within)),
                "left_out": cases.left_out.pop(chart.id, [])[:_REMARKS_TOLD],
            }
            yield json.dumps({**made.raw, **told}, ensure_ascii=False).encode() + b"\n"
        cases.is_unread = False


def _checked(read: Read, name: str) -> Read:
    """Reads what is no table. Raises Stopped for one, which ``--from`` would read."""
    head = read(CHUNK)
    names = head.split(b"\n", 1)[0].decode(errors="replace").replace(";", ",").replace("\t", ",").split(",")
    if head.lstrip()[:1] not in (b"{", b"[") and len(names) > 1 and tells_time(names):
        raise Stopped(f"{name} looks like a table; say --from csv")
    pending = [head] if head else []
    return lambda size: pending.pop() if pending else read(size)


def _reading(lines: Iterable[bytes]) -> Read:
    each = iter(lines)
    return lambda _size: next(each, b"")


@contextlib.contextmanager
def _as_path(file: str) -> Iterator[Path]:
    """The path of a file; standard input or a pipe is put into one, whatever its bytes are."""
    path = Path(file)
    if file != STDIN and not is_stream(path):
        if not path.exists():
            with source(file):
                pass
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="cartox-") as held:
        if file == STDIN:
            read = wire_in()
            while data := read(CHUNK):
                held.write(data)
        else:
            with path.open("rb") as stream:
                shutil.copyfileobj(stream, held)
        held.flush()
        yield Path(held.name)


@contextlib.contextmanager
def _in_a_line(name: str) -> Iterator[None]:
    try:
        yield
    except ExchangeError as error:
        message = str(error)
        raise Stopped(one_line(message if name in message else f"{name}: {message}")) from None
    except OSError as error:
        raise Stopped(f"{name} cannot be read: {reason_of(error)}") from None


def _told(cases: CasesIn) -> None:
    """Tell what was said of the file, and by which rules its charts were merged."""
    for remark in cases.remarks:
        say(one_line(f"{cases.name}: {remark}"))
    if cases.untold:
        say(f"{cases.name}: and {cases.untold:,} more like these")
    for rule in cases.rules():
        say(one_line(f"{cases.name}: {rule}"))
