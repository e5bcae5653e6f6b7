"""OMOP CDM 5.4 as a folder of CSV: ``person.csv``, ``measurement.csv`` …, with all columns of a table in order."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.exchange.chart import Chart, ExchangeError, Named, Remark, Tell
from harness.exchange.omop.reading import REQUIRED, charts
from harness.exchange.omop.tables import COLUMNS
from harness.exchange.omop.writing import records_of
from harness.exchange.table import by_stem, read_csv, write_csv

_NO_CHARTS = ("observation_period", "visit_occurrence", "visit_detail", "cdm_source")


def read(path: Path, tell: Tell, infusion: datetime.datetime | None = None) -> Iterator[Chart]:
    """The persons of a folder. Raises ExchangeError, OSError."""
    files = by_stem(path, ".csv")
    if "person" not in files:
        raise ExchangeError(f"no person.csv among {', '.join(file.name for file in files.values()) or 'no files'}")
    for stem, file in files.items():
        if stem not in REQUIRED and stem not in _NO_CHARTS:
            tell(Remark(file.name, "holds no table of charts that is known; not read"))
    found = {stem: read_csv(files[stem], needed, tell) for stem, needed in REQUIRED.items() if stem in files}
    return charts(found, tell, infusion)


def write(cases: Iterable[Named], path: Path) -> None:
    """Write every table, also where it has no record. Raises OSError, and ExchangeError for what it cannot hold."""
    write_csv(path, COLUMNS, records_of(cases))
