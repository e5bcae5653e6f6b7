"""The wide table as an Arrow IPC file, and both that and Parquet read.

Numbers are float64, whole numbers int16, enumerations dictionaries.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cartox_core.fields import Field
from cartox_core.observation import TREATMENT
from harness.exchange.chart import Chart, ExchangeError, Named, Tell
from harness.exchange.wide import COLUMNS, VALUE_FIELDS, rows_of
from harness.exchange.wide_reading import WideTable

_BATCH_ROWS = 50_000
_KINDS = {"number": pa.float64(), "integer": pa.int16(), "bool": pa.bool_(), "text": pa.string()}


def write(cases: Iterable[Named], path: Path) -> None:
    """Write an Arrow IPC file; what is unknown, or the default, is null. Raises OSError."""
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    write_batches(cases, path, lambda sink, schema: pa.ipc.new_file(sink, schema, options=options))


def write_batches(cases: Iterable[Named], path: Path, opened: Callable[[pa.NativeFile, pa.Schema], Any]) -> None:
    """Write the wide table by a writer of record batches, which is opened on a sink with the schema. Raises OSError."""
    fields = [VALUE_FIELDS.get(name) or TREATMENT.get(name) for name in COLUMNS]
    schema = pa.schema([(name, _kind(field)) for name, field in zip(COLUMNS, fields, strict=True)])
    rows = rows_of(cases)
    with pa.OSFile(str(path), "wb") as sink, opened(sink, schema) as writer:
        while batch := list(islice(rows, _BATCH_ROWS)):
            columns = [
                _column([row.get(name) for row in batch], field) for name, field in zip(COLUMNS, fields, strict=True)
            ]
            writer.write_batch(pa.record_batch(columns, schema=schema))


def read(path: Path, tell: Tell, infusion: datetime.datetime | None = None) -> Iterator[Chart]:
    """The patients of a table, in the order in which they first come. Raises ExchangeError, OSError."""
    number = 0
    try:
        with pa.OSFile(str(path), "rb") as source:
            names, batches = _opened(source)
            table = WideTable(path, names, tell, infusion)
            for batch in batches:
                for cells in zip(*map(_cells, batch.columns), strict=True):
                    number += 1
                    table.take(number, cells)
    except pa.ArrowException as error:
        raise ExchangeError(f"{path} is no whole file of Parquet or Arrow: {str(error).splitlines()[0]}") from None
    yield from table.charts()


def _opened(source: pa.NativeFile) -> tuple[Sequence[str], Iterator[pa.RecordBatch]]:
    """The columns of a file, and its batches."""
    if source.read(4) == b"PAR1":
        table = pq.ParquetFile(source)
        return table.schema_arrow.names, table.iter_batches(_BATCH_ROWS)
    reader = pa.ipc.open_file(source)
    return reader.schema.names, (reader.get_batch(i) for i in range(reader.num_record_batches))


def _cells(column: pa.Array) -> list[Any]:
    """The values of a column: of single precision as the decimals that they were, times to the microsecond."""
    if pa.types.is_float32(column.type):
        column = column.cast(pa.string())
    elif pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    values: list[Any] = column.to_pylist()
    return values


def _kind(field: Field | None) -> pa.DataType:
    if field is None:
        return pa.string()
    return pa.dictionary(pa.int8(), pa.string()) if field.kind == "enum" else _KINDS[field.kind]


def _column(values: list[Any], field: Field | None) -> pa.Array:
    """Values of a field; an enumeration has the same dictionary in every batch, as a file of Arrow wants it."""
    if field is None or field.kind != "enum":
        return pa.array(values, _kind(field))
    codes = pa.array([None if value is None else field.values.index(value) for value in values], pa.int8())
    return pa.DictionaryArray.from_arrays(codes, pa.array(field.values, pa.string()))
