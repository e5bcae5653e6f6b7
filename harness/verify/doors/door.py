"""What every door is: something that can be opened, asked many things at once, and shut for sure."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, Protocol, Self

Missing = Literal["range", "null", "refuse", "assume-normal"]
Request = tuple[str, bytes]  # an id, and the grade message of that id as one line of JSON with its line end
LOG_BYTES = 1 << 16


class DoorError(Exception):
    """A grader that cannot be reached, or does not speak the protocol. The message says what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """How long a grader may take (seconds), and how much it may say in one line (bytes)."""

    start_s: float = 15.0
    case_s: float = 2.0
    end_s: float = 2.0
    line_bytes: int = 1 << 20


@dataclasses.dataclass(frozen=True, slots=True)
class Can:
    """What a grader says it is and can: the answer to hello.

    ``guidelines`` maps an id to its scales; empty means that it did not say, and everything is asked.
    ``fields`` are the observation fields that it reads, None where it did not say.
    """

    name: str
    version: str = ""
    guidelines: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    forms: tuple[str, ...] = ("snapshot", "course")
    missing: Missing | None = None
    fields: frozenset[str] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """One thing that came back: the parsed answer object ``raw`` to the case of ``id``.

    Where it answers no case, ``trouble`` says what is wrong and ``text`` quotes it: a line that is no JSON or no
    object (garbled), or an id nobody asked or that was answered before (misaddressed).
    """

    id: str | None
    raw: Any = None
    trouble: Literal["garbled", "misaddressed"] | None = None
    text: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Lost:
    """The last thing of an exchange that did not get all its answers.

    ``status`` says why: the grader ended (crashed, with exit code or signal in ``text``), ended its output
    (silent), or answered nothing for longer than a case may take (timeout). ``waiting`` are the ids that were
    sent and not answered, oldest first; those never sent are not among them.
    """

    status: Literal["crashed", "silent", "timeout"]
    text: str
    waiting: tuple[str, ...]


class Session(Protocol):
    """A grader that runs. After a :class:`Lost`, or an exchange left early, it is of no more use; open another."""

    can: Can

    def exchange(self, requests: Iterable[Request], window: int, linger_s: float = 0.0) -> Iterator[Reply | Lost]:
        """Send requests, at most ``window`` unanswered at a time.

        Yields replies as they come, in any order, and ends when all are answered or after a Lost. Lingers so long
        (seconds) at the end for what nobody asked.
        """

    def log(self) -> str:
        """The last of what the grader wrote to its log, for people (at most 64 KiB)."""

    def close(self) -> None:
        """Say goodbye, and end the grader and all its children for sure."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Door(Protocol):
    """A way to a grader."""

    @property
    def title(self) -> str:
        """What the user calls it."""

    @property
    def window(self) -> int:
        """How many cases may be unanswered at a time."""

    @property
    def nan(self) -> bool:
        """Whether NaN and infinity can pass."""

    @property
    def can_repeat(self) -> bool:
        """False for answers that were written down before: nobody can be asked again."""

    def open(self, limits: Limits) -> Session:
        """Start it and say hello. Raises DoorError."""
