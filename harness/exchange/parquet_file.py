"""The wide table as a Parquet file; it is read as an Arrow one is."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from harness.exchange.arrow_file import read, write_batches
from harness.exchange.chart import Named

__all__ = ["read", "write"]


def write(cases: Iterable[Named], path: Path) -> None:
    """Write a Parquet file; what is unknown, or the default, is null. Raises OSError."""
    write_batches(cases, path, lambda sink, schema: pq.ParquetWriter(sink, schema, compression="zstd"))
