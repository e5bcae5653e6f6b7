"""The folder that ``cartox run --out`` writes: the charted rounds and doses of its patients, file by file.

The daily chart of the folder (``days``) is a table of its own, and not among the observations.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cartox_core.observation import OBSERVATION, PATIENT, TREATMENT
from harness.exchange.chart import Chart, ExchangeError, Named, Raw, Row, Tell


def write(_cases: Iterable[Named], path: Path) -> None:
    """Cohorts are simulated, not converted to. Raises ExchangeError."""
    raise ExchangeError(f"{path}: a cohort folder is what cartox run --out writes; write parquet instead")


def read(path: Path, _tell: Tell, _infusion: datetime.datetime | None = None) -> Iterator[Chart]:
    """The patients, called TRIAL/INDEX, in the order of trials and indices. Raises ExchangeError, OSError."""
    files = sorted((path / "observations").glob("trial=*/*.parquet"))
    if not files:
        raise ExchangeError(
            f"{path / 'observations'} holds no trial=TRIAL/FIRST.parquet, as cartox run --out writes it"
        )
    for file in files:
        trial = file.parent.name.removeprefix("trial=")
        try:
            rounds, patients, doses = (_by_index(path / table / file.parent.name / file.name) for table in _TABLES)
        except (pa.ArrowException, KeyError) as error:
            raise ExchangeError(f"{file} or its like in patients or treatments is not whole: {error}") from None
        for index, charted in rounds.items():
            who = patients[index][0] if index in patients else {}
            rows = tuple(Row(each.pop("time_h"), each) for each in (_known(row, OBSERVATION) for row in charted))
            given = tuple(_known(row, TREATMENT) for row in doses.get(index, ()))
            yield Chart(f"{trial}/{index}", _known(who, PATIENT), rows, given)


_TABLES = ("observations", "patients", "treatments")


def _by_index(file: Path) -> dict[int, list[Raw]]:
    found: dict[int, list[Raw]] = defaultdict(list)
    for row in pq.read_table(file, partitioning=None).to_pylist():
        found[row["index"]].append(row)
    return found


def _known(row: Raw, fields: Any) -> Raw:
    return {name: value for name, value in row.items() if name in fields and value is not None}
