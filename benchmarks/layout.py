"""The same rows as the other graders like them: nullable Arrow columns, made before the clock starts.

Nobody would hand polars or DuckDB our byte codes. They get real booleans, dictionaries and nulls, and a field
with a default already holds it, as a column of a database with DEFAULT would.
"""

import numpy as np
import pyarrow as pa

from cartox_core import Columns
from cartox_core.columns import Column, code_of, unknown_code
from cartox_core.fields import Field
from cartox_core.observation import READABLE


def arrow_table(columns: Columns) -> pa.Table:
    """Columns as an Arrow table: ``minute`` int32, and each field nullable in its own type.

    >>> rows = Columns(np.array([60], np.int32), {"seizure": np.array([1], np.uint8)})
    >>> arrow_table(rows).to_pylist()
    [{'minute': 60, 'seizure': 'brief'}]
    """
    fields = {name: _arrow_column(READABLE[name], column) for name, column in columns.fields.items()}
    return pa.table({"minute": pa.array(columns.minute), **fields})


def _arrow_column(field: Field, column: Column) -> pa.Array:
    if field.kind == "number":
        return pa.array(column, mask=np.isnan(column))
    unknown = column == unknown_code(field)
    filled = np.where(unknown, np.uint8(code_of(field, field.default) if field.default is not None else 0), column)
    mask = unknown if field.default is None else None
    if field.kind == "bool":
        return pa.array(filled.astype(np.bool_), mask=mask)
    codes = pa.array(filled, mask=mask)
    if field.kind == "enum":
        return pa.DictionaryArray.from_arrays(codes, pa.array(field.values))
    return codes
