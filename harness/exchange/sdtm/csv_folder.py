"""SDTM as a folder of CSV: ``dm.csv``, ``vs.csv`` … in UTF-8, one header row, missing values empty."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.exchange.chart import Chart, Named, Tell
from harness.exchange.sdtm.columns import VARIABLES
from harness.exchange.sdtm.domains import records_of
from harness.exchange.sdtm.reading import REQUIRED, charts, datasets
from harness.exchange.table import by_stem, read_csv, write_csv


def read(path: Path, tell: Tell, infusion: datetime.datetime | None = None) -> Iterator[Chart]:
    """The subjects of a folder. Raises ExchangeError, OSError."""
    files = by_stem(path, ".csv")
    return charts(datasets(files, tell, lambda file, domain: read_csv(file, REQUIRED[domain], tell)), tell, infusion)


def write(cases: Iterable[Named], path: Path) -> None:
    """Write every domain, also where it has no record. Raises OSError, and ExchangeError for what it cannot hold."""
    names = {domain: [variable.name for variable in variables] for domain, variables in VARIABLES.items()}
    write_csv(path, names, records_of(cases))
