"""Tables of other files: cells of text under lower-case names, each row with its place."""

import contextlib
import csv
import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from harness.exchange.chart import ExchangeError, Remark, Tell


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """A row of a table: where it stands, and its cells by the lower-case names of their columns."""

    place: str
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """A cell without the blanks around it; empty where it or its column is missing."""
        return self.cells.get(column, "").strip()

    @property
    def file(self) -> str:
        """The file in which it stands."""
        return self.place.partition(" row ")[0]


def heads(names: Sequence[str], file: str, required: Iterable[str]) -> tuple[str, ...]:
    """The names of columns in lower case. Raises ExchangeError where one is missing or stands twice.

    >>> heads(["USUBJID", " VSDTC "], "vs.csv", ["usubjid"])
    ('usubjid', 'vsdtc')
    """
    found = tuple(name.strip().lower() for name in names)
    for name in found:
        if name and found.count(name) > 1:
            raise ExchangeError(f"{file}: the column {name.upper()} stands twice; keep one")
    for name in required:
        if name not in found:
            raise ExchangeError(f"{file} has no column {name.upper()}, which is required")
    return found


def read_csv(path: Path, required: Iterable[str], tell: Tell) -> Iterator[Record]:
    """The records of a CSV; the header is row 1. A row with too few or too many cells is told and left out.

    Raises ExchangeError where the file is no CSV in UTF-8, or a required column is missing.
    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream, strict=True)
        try:
            names = heads(next(rows, []), path.name, required)
            for number, cells in enumerate(rows, start=2):
                place = f"{path.name} row {number}"
                if len(cells) == len(names):
                    yield Record(place, dict(zip(names, cells, strict=True)))
                elif cells:
                    tell(Remark(place, f"{len(cells)} cells under {len(names)} columns; left out"))
        except UnicodeDecodeError:
            raise ExchangeError(f"{path.name} is not in UTF-8; save it as UTF-8") from None
        except csv.Error as error:
            raise ExchangeError(f"{path.name} line {rows.line_num} is no CSV: {error}") from None


def by_stem(folder: Path, suffix: str) -> dict[str, Path]:
    """The files of a folder with a suffix, in any case, by their lower-case stems, in order of these."""
    there = sorted((entry.stem.lower(), entry) for entry in folder.iterdir() if entry.suffix.lower() == suffix)
    return dict(there)


def write_csv(
    folder: Path, columns: Mapping[str, Sequence[str]], records: Iterable[tuple[str, Mapping[str, object]]]
) -> None:
    """Write a CSV for each table, also where it has no record; ``records`` are values by table and column.

    Raises OSError, and ExchangeError for a record with half a character.
    """
    folder.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        writers = {}
        for table, names in columns.items():
            stream = stack.enter_context((folder / f"{table.lower()}.csv").open("w", encoding="utf-8", newline=""))
            writers[table] = csv.writer(stream, lineterminator="\n")
            writers[table].writerow(names)
        for table, values in records:
            try:
                writers[table].writerow([values.get(name, "") for name in columns[table]])
            except UnicodeEncodeError:
                who = next(values[key] for key in ("USUBJID", "person_id") if key in values)
                raise ExchangeError(f"a record of {who!r} holds half a character, which no CSV can") from None
