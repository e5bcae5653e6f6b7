"""Tables of Parquet and Arrow as others write them."""

import datetime
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harness.exchange.arrow_file import read
from harness.exchange.chart import Chart, Remark

AT = datetime.datetime(2026, 3, 1, 10)
NS = pa.timestamp("ns")


def charts(folder: Path, **columns: Any) -> tuple[list[Chart], list[str]]:
    file = folder / "ward.parquet"
    pq.write_table(pa.table(columns), file)
    told: list[Remark] = []
    return list(read(file, told.append)), [str(remark) for remark in told]


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (pa.array([Decimal("38.50")]), 38.5),
        (pa.array([38.1], pa.float32()), 38.1),  # and not 38.099998
        (pa.array([38.25], pa.float16()), 38.25),
        (pa.array([38], pa.uint64()), 38),
        (pa.array(["38.5"]).dictionary_encode(), 38.5),
        (pa.array([None], pa.null()), None),
    ],
)
def test_numbers_of_any_type(tmp_path: Path, cells: pa.Array, value: float | None) -> None:
    (found,), told = charts(tmp_path, time_h=pa.array([Decimal("1.5")]), temp_c=cells)
    assert found.rows[0].time_h == 1.5
    assert found.rows[0].values == ({} if value is None else {"temp_c": value})
    assert told == []


@pytest.mark.parametrize("cells", [[0, 1], [0.0, 1.0], ["0", "1"], ["no", "yes"], [False, True]])
def test_yes_and_no(tmp_path: Path, cells: list[Any]) -> None:
    (found,), _ = charts(tmp_path, time_h=[1, 2], hypotension=cells)
    assert [row.values["hypotension"] for row in found.rows] == [False, True]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ([38.0], "'[38.0]' is of type list, which no column holds"),
        ({"v": 38.0}, "is of type dict, which no column holds"),
        (b"38", "is of type bytes, which no column holds"),
        (AT.date(), "is of type date, which no column holds"),
        (datetime.timedelta(hours=1), "is of type timedelta, which no column holds"),
        (AT, "2026-03-01 10:00:00 is a time of day"),
    ],
)
@pytest.mark.parametrize("name", ["temp_c", "hypotension", "dose"])
def test_other_types_are_told_and_left_unknown(tmp_path: Path, cell: object, why: str, name: str) -> None:
    (found,), told = charts(tmp_path, time_h=[1.0], **{name: [cell]})
    assert found.rows[0].values == {}
    assert [line for line in told if line.startswith(f"row 1, column {name}: ") and why in line]
    _, told = charts(tmp_path, time_h=[cell], temp_c=[38.0])
    assert told[-1] == "row 1: no time that is understood; the row is left out"


def test_times_finer_than_a_microsecond(tmp_path: Path) -> None:
    ns = 1_772_359_200_000_000_001
    (found,), told = charts(tmp_path, time=pa.array([ns, ns + 3_600_000_000_000], NS), infusion=pa.array([AT, AT], NS))
    assert [row.time_h for row in found.rows] == [0.0, 1.0]
    assert told == []


def test_an_id_of_zero_is_one(tmp_path: Path) -> None:
    found, _ = charts(tmp_path, id=[0, 1], time_h=[1, 1])
    assert [c.id for c in found] == ["0", "1"]


@pytest.mark.parametrize("time_h", [math.inf, math.nan])
def test_numbers_that_are_none_are_kept_for_the_core_to_refuse(tmp_path: Path, time_h: float) -> None:
    (found,), _ = charts(tmp_path, time_h=[time_h], temp_c=[math.nan])
    assert str(found.rows[0].time_h) == str(time_h)
    assert math.isnan(found.rows[0].values["temp_c"])
