"""What a file tells about one patient, before it is held against the protocol: rows by time, treatments, remarks.

Every reader gives :class:`Chart`, every writer takes checked cases, and the core checks what comes of a chart.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from cartox_core import Case

Raw = dict[str, Any]
Named = tuple[str, Case]
"""A case and what it is called in a file."""


@dataclasses.dataclass(frozen=True, slots=True)
class Remark:
    """Something in a file that its reader should know: where, and what was done about it.

    >>> print(Remark("row 7, column temp", "'39,1' is no number; left unknown"))
    row 7, column temp: '39,1' is no number; left unknown
    """

    place: str
    text: str
    of: str = ""
    """The patient it is about, where a row of that patient is left out."""

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


Tell = Callable[[Remark], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """What one source charted at one time; ``values`` by the protocol's names, in its units, absent where unknown."""

    time_h: float
    values: Mapping[str, Any]
    place: str = ""
    source: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """One patient of a file: rows in the order of the file, treatments as the protocol writes them."""

    id: str
    patient: Raw
    rows: tuple[Row, ...]
    treatments: tuple[Raw, ...] = ()


class ExchangeError(ValueError):
    """A file that cannot be read or written in a format as a whole; the message says where and what to do."""
