"""The wide table as CSV: written in the protocol's units, read in any unit that its header names."""

import csv
import datetime
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.exchange.chart import Chart, ExchangeError, Named, Tell
from harness.exchange.wide import ID, TIME, header, rows_of
from harness.exchange.wide_reading import WideTable

_DELIMITERS = ",;\t|"
_SAYS_DELIMITER = re.compile(r"sep=([,;\t|])\s*")  # the first line of some spreadsheets


def write(cases: Iterable[Named], path: Path) -> None:
    """Write the columns that hold anything; what is unknown, or the default, is an empty cell. Raises OSError."""
    rows = list(rows_of(cases))
    held = {ID, TIME}.union(*rows)
    columns = {name: title for name, title in header().items() if name in held}
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, delimiter="\t" if path.suffix.lower() == ".tsv" else ",", lineterminator="\n")
        table.writerow(columns.values())
        for row in rows:
            table.writerow([_text(row.get(name)) for name in columns])


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:
        return str(int(value))
    return "" if value is None else str(value)


def read(path: Path, tell: Tell, infusion: datetime.datetime | None = None) -> Iterator[Chart]:
    """The patients of a table, in the order in which they first come. Raises ExchangeError, OSError."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            above, head = next(((n, line) for n, line in enumerate(stream) if line.strip()), (0, ""))
            said = _SAYS_DELIMITER.fullmatch(head)
            if said:
                above, head = above + 1, next(stream, "")
            delimiter = said[1] if said else max(_DELIMITERS, key=head.count)
            lines = csv.reader(itertools.chain([head], stream), delimiter=delimiter, strict=True)
            table = WideTable(path, next(lines, []), tell, infusion)
            for cells in lines:
                if any(cell.strip() for cell in cells):
                    table.take(above + lines.line_num, cells)
        except UnicodeDecodeError as error:
            raise ExchangeError(f"{path} is no CSV in UTF-8: {error}; save it as UTF-8") from None
        except csv.Error as error:
            raise ExchangeError(f"{path} is no CSV in UTF-8: {error}") from None
    yield from table.charts()
