"""Charted rows back from Parquet, as ``cartox run --out`` or anybody else writes them, and their grades.

Only the columns that the scales read are decoded, a batch of a row group at a time on each thread, so that memory holds
the grades and little else. Any nullable column will do: true and false, numbers, words as such or as a dictionary;
null is unknown.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cartox_core import Columns, GradeColumns, Scale, grade_scales, load_kernel
from cartox_core.columns import Column, unknown_code
from cartox_core.fields import Field
from cartox_core.kernel import WORTH_LOADING_ROWS
from cartox_core.observation import READABLE

TIME = "time_h"
BATCH_ROWS = 262144


@dataclasses.dataclass(frozen=True, slots=True)
class _Group:
    """A row group of a file: its number there, how many rows of all files come before it, and the columns it has."""

    file: Path
    number: int
    first: int
    names: tuple[str, ...]


def read_columns(files: Iterable[Path], fields: Sequence[str]) -> Iterator[Columns]:
    """The rows of some files in order, a batch at a time, with those of the fields that the files have.

    Raises OSError for what cannot be read, and ValueError for a file that is no Parquet, has no ``time_h``, or holds
    what a field cannot be.
    """
    for group in _groups(files)[0]:
        yield from _read(group, fields)


def grade_files(files: Iterable[Path], scales: list[Scale], threads: int = 1) -> Mapping[str, GradeColumns]:
    """Floors and ceilings of every row of some files (rows of all), each as a snapshot. Raises as ``read_columns``."""
    groups, rows = _groups(files)
    if rows >= WORTH_LOADING_ROWS:
        load_kernel()
    fields = list(dict.fromkeys(name for scale in scales for name in scale.fields if name in READABLE))
    out = {s.name: GradeColumns(np.empty(rows, np.uint8), np.empty(rows, np.uint8)) for s in scales}

    def grade(group: _Group) -> None:
        first = group.first
        for columns in _read(group, fields):
            here = slice(first, first + len(columns))
            for name, found in grade_scales(columns, scales).items():
                out[name].floor[here], out[name].ceiling[here] = found.floor, found.ceiling
            first = here.stop

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(grade, groups))
    return out


def _groups(files: Iterable[Path]) -> tuple[list[_Group], int]:
    """The row groups of some files, and how many rows there are."""
    groups, rows = [], 0
    for file in files:
        with pq.ParquetFile(file) as opened:
            names = tuple(opened.schema_arrow.names)
            if TIME not in names:
                raise ValueError(f"{file}: there is no column {TIME}")
            for number in range(opened.num_row_groups):
                groups.append(_Group(file, number, rows, names))
                rows += opened.metadata.row_group(number).num_rows
    return groups, rows


def _read(group: _Group, fields: Sequence[str]) -> Iterator[Columns]:
    file, there = group.file, [name for name in fields if name in group.names]
    words = [name for name in there if READABLE[name].kind == "enum"]
    with pq.ParquetFile(file, read_dictionary=words) as opened:
        for batch in opened.iter_batches(BATCH_ROWS, [group.number], [TIME, *there], use_threads=False):
            arrays = dict(zip(batch.schema.names, batch.columns, strict=True))
            try:
                minute = _minutes(arrays.pop(TIME))
                yield Columns(minute, {name: codes(READABLE[name], values) for name, values in arrays.items()})
            except ValueError as error:
                raise ValueError(f"{file}: {error}") from None


def _minutes(hours: pa.Array) -> Any:
    if hours.null_count:
        raise ValueError(f"{TIME} is null in {hours.null_count} rows")
    if not pa.types.is_floating(hours.type) and not pa.types.is_integer(hours.type):
        raise ValueError(f"{TIME} is {hours.type}, no number")
    minutes = hours.to_numpy(zero_copy_only=False) * 60.0
    minutes += 0.5  # in place, for fresh memory takes most of the time
    np.floor(minutes, out=minutes)
    return minutes.astype(np.int32)


def codes(field: Field, values: pa.Array) -> Column:
    """Arrow values as a column of codes; the inverse of ``parquet.arrow_column``.

    Raises ValueError for values of another type, words that the field does not have, or numbers outside its range.

    >>> codes(READABLE["seizure"], pa.array(["brief", None, "none"])).tolist()
    [1, 3, 0]
    """
    if pa.types.is_null(values.type):
        return np.full(len(values), unknown_code(field), np.float64 if field.kind == "number" else np.uint8)
    return _READERS[field.kind](field, values)


def _number(field: Field, values: pa.Array) -> Column:
    if not pa.types.is_floating(values.type) and not pa.types.is_integer(values.type):
        raise ValueError(f"{field.name} is {values.type}; it must be {field.allowed}")
    found = _filled(values, _raw(values.cast(pa.float64())), np.nan)
    _check(field, found[(found < field.low) | (found > field.high)])
    return found


def _integer(field: Field, values: pa.Array) -> Column:
    if not pa.types.is_integer(values.type):
        raise ValueError(f"{field.name} is {values.type}; it must be {field.allowed}")
    numbers, known = _raw(values), _bits(values, 0)
    outside = (numbers < int(field.low)) | (numbers > int(field.high))
    _check(field, numbers[outside if known is None else outside & known.view(np.bool_)])
    return _filled(values, numbers.astype(np.uint8, copy=False), unknown_code(field))


def _bool(field: Field, values: pa.Array) -> Column:
    if not pa.types.is_boolean(values.type):
        raise ValueError(f"{field.name} is {values.type}; it must be {field.allowed}")
    return _filled(values, _bits(values, 1), unknown_code(field))


def _enum(field: Field, values: pa.Array) -> Column:
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        values = values.dictionary_encode()
    if not pa.types.is_dictionary(values.type):
        raise ValueError(f"{field.name} is {values.type}; it must be {field.allowed}")
    words = values.dictionary.to_pylist()
    if strange := [word for word in words if word not in field.values]:
        raise ValueError(f"{field.name} is {strange[0]!r}; it must be {field.allowed}")
    found = _raw(values.indices).astype(np.uint8)  # where it is null, anything may stand there
    if words != list(field.values[: len(words)]):
        code = bytes(map(field.values.index, words)).ljust(256, b"\0")
        found = np.frombuffer(found.tobytes().translate(code), np.uint8)
    return _filled(values.indices, found, unknown_code(field))


def _check(field: Field, outside: Column) -> None:
    """Raise ValueError for the first of the numbers that lie outside the range."""
    if len(outside):
        raise ValueError(f"{field.name} is {outside[0]:g}; it must be {field.allowed}")


def _raw(values: pa.Array) -> Column:
    """The numbers behind an array as they lie there, with anything where it is null."""
    numbers = np.frombuffer(values.buffers()[1], values.type.to_pandas_dtype())
    return numbers[values.offset : values.offset + len(values)]


def _filled(values: pa.Array, numbers: Column, unknown: float) -> Column:
    """The numbers of an array, with something else where it is null: more than any of them, where they are bytes."""
    known: Column | None = _bits(values, 0)
    if known is None:
        return numbers
    if numbers.dtype == np.uint8:  # 255 where it is null, and no more than is allowed: half the time of where
        known -= np.uint8(1)
        known |= numbers
        np.minimum(known, np.uint8(unknown), out=known)
        return known
    return np.where(known.view(np.bool_), numbers, unknown)


def _bits(values: pa.Array, buffer: int) -> Any:
    """A buffer of bits, as bytes of 0 and 1: 0 says what is known, 1 what is true. None where there is none."""
    bits = values.buffers()[buffer]
    if bits is None:
        return None
    count = values.offset + len(values)
    return np.unpackbits(np.frombuffer(bits, np.uint8), count=count, bitorder="little")[values.offset :]


_READERS: Mapping[str, Callable[[Field, pa.Array], Column]] = {
    "number": _number, "integer": _integer, "bool": _bool, "enum": _enum,
}  # fmt: skip
