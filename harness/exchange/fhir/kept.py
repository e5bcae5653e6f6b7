"""Resources kept until it is their patient's turn: as they are, or only as where in a file their lines stand."""

import dataclasses
import itertools
import operator
import os
import zlib
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.exchange.chart import ExchangeError
from harness.exchange.fhir.documents import Placed, decoded, lines

_HELD = 0  # in place of the number of a file
_Stretch = tuple[int, int, int, int, int]
"""The number of a file, the first byte, how many, the number of the first line, a checksum; or ``_HELD`` and which."""
_WIDTH = 5


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """A file as it was when it was first read."""

    path: Path
    size_bytes: int

    def line(self, number: int) -> str:
        """What a line is called in a remark."""
        return f"{self.path.name} line {number}"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line of a file with its end, which is a resource and nothing else."""

    file: File
    number: int
    first_byte: int
    data: bytes


Found = tuple[Placed, Line | None]
"""A resource, and the line that it is; None for what stands within another document, and is held in memory."""


class Kept:
    """Resources in the order of their files, each of an owner; of lines that follow one another only one place."""

    def __init__(self) -> None:
        self._held: list[Placed] = []
        self._files: list[File] = []
        self._owners = array("Q")
        self._stretches = array("Q")  # of numbers side by side, since there may be millions

    def add(self, owner: int, placed: Placed, line: Line | None) -> None:
        """One more; the lines of a file in their order, and file after file."""
        if line is None:
            self._begin(owner, (_HELD, len(self._held), 0, 0, 0))
            self._held.append(placed)
            return
        if not self._files or self._files[-1] is not line.file:
            self._files.append(line.file)
        last = len(self._owners) - 1
        if last >= 0 and self._owners[last] == owner:
            file, first, size, _, checksum = self._stretch(last)
            if (file, first + size) == (len(self._files), line.first_byte):
                self._stretches[-3] += len(line.data)
                self._stretches[-1] = zlib.crc32(line.data, checksum)
                return
        self._begin(owner, (len(self._files), line.first_byte, len(line.data), line.number, zlib.crc32(line.data)))

    def owners(self) -> Iterable[tuple[int, int]]:
        """Each place at which something is kept, and whose it is."""
        return enumerate(self._owners)

    def again(self, places: Iterable[int]) -> Iterator[Placed]:
        """The resources at these places. Raises ExchangeError where a file is no more what it was."""
        for number, stretches in itertools.groupby(map(self._stretch, places), operator.itemgetter(0)):
            if number == _HELD:
                yield from (self._held[which] for _, which, *_ in stretches)
            else:
                yield from _again(self._files[number - 1], stretches)

    def _begin(self, owner: int, stretch: _Stretch) -> None:
        self._owners.append(owner)
        self._stretches.extend(stretch)

    def _stretch(self, place: int) -> _Stretch:
        file, first, size, number, checksum = self._stretches[place * _WIDTH : (place + 1) * _WIDTH]
        return file, first, size, number, checksum


def _again(file: File, stretches: Iterable[_Stretch]) -> Iterator[Placed]:
    try:
        with file.path.open("rb") as stream:
            is_same = os.fstat(stream.fileno()).st_size == file.size_bytes
            for _, first, size, number, checksum in stretches:
                stream.seek(first)
                data = stream.read(size)
                if not is_same or zlib.crc32(data) != checksum:
                    raise ExchangeError(f"{file.path} was changed while it was read; read it again when it is whole")
                for at, resource in lines(decoded(data, file.path), file.path, number):
                    yield Placed(resource, file.line(at))
    except OSError as error:
        raise ExchangeError(f"{file.path} cannot be read a second time: {error.strerror or error}") from None
