"""The column layout: codes, what is refused, and cases as columns."""

import dataclasses
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cartox_core import Columns, columns_of, read_case
from cartox_core.columns import NO_DRUG, STRETCHES, code_of, codes_in, unknown_code
from cartox_core.fields import Field
from cartox_core.observation import OBSERVATION, READABLE

MINUTE = np.array([0, 60], np.int32)


def column(*codes: int) -> npt.NDArray[np.uint8]:
    return np.array(codes, np.uint8)


CODES = [  # field, value, its code
    ("temp_c", 38.5, 38.5),
    ("hypotension", True, 1),
    ("hypotension", False, 0),
    ("hypotension", None, 2),
    ("o2_device", "none", 0),
    ("o2_device", "mechanical_ventilation", 9),
    ("o2_device", None, 10),
    ("vasopressors", 6, 6),
    ("vasopressors", None, 7),
    ("capd", None, 33),
    ("ice", 10, 10),
    ("ice", None, 11),
]


@pytest.mark.parametrize(("name", "value", "code"), CODES)
def test_a_value_has_a_code(name: str, value: Any, code: float) -> None:
    assert code_of(READABLE[name], value) == code


def test_an_unknown_number_is_nan() -> None:
    assert np.isnan(code_of(READABLE["temp_c"], None))


def test_each_stretch_of_ice_scores_has_a_code_after_unknown() -> None:
    assert len(set(STRETCHES)) == 66
    assert {(0, 10), (0, 0), (10, 10), (3, 7)} < set(STRETCHES)
    assert all(0 <= low <= high <= 10 for low, high in STRETCHES)
    assert [codes_in(READABLE[n]) for n in ("ice", "capd", "hypotension", "o2_device")] == [78, 34, 3, 11]


REFUSED = [
    ({"temp_f": np.zeros(2)}, "there is no field 'temp_f'"),
    ({"time_h": np.zeros(2)}, "there is no field 'time_h'"),
    ({"temp_c": np.zeros(2, np.float32)}, "column temp_c is float32 (2,); it must be float64 (2,)"),
    ({"temp_c": np.zeros(3)}, "column temp_c is float64 (3,); it must be float64 (2,)"),
    ({"temp_c": np.zeros((2, 1))}, "column temp_c is float64 (2, 1); it must be float64 (2,)"),
    ({"ice": np.zeros(2)}, "column ice is float64 (2,); it must be uint8 (2,)"),
    ({"hypotension": column(0, 3)}, "column hypotension holds the code 3; codes end at 2"),
    ({"ice": column(78, 0)}, "column ice holds the code 78; codes end at 77"),
]


@pytest.mark.parametrize(("fields", "message"), REFUSED, ids=[r[1][:24] for r in REFUSED])
def test_a_wrong_column_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Columns(MINUTE, fields)


def test_there_is_no_column_of_ice_items() -> None:
    with pytest.raises(ValueError, match="ice_items"):
        Columns(MINUTE, {"ice_items": column(0, 0)})


def test_the_last_codes_are_accepted_and_no_row_is_no_fault() -> None:
    assert len(Columns(MINUTE, {"hypotension": column(2, 0), "ice": column(77, 11)})) == 2
    assert len(Columns(MINUTE[:0], {"hypotension": column()})) == 0


def test_a_column_that_is_absent_is_unknown_in_every_row() -> None:
    rows = Columns(MINUTE, {})
    for name, code, kind in (("vasopressors", 7, np.uint8), ("hypotension", 2, np.uint8), ("o2_device", 10, np.uint8)):
        assert (rows.column(name).tolist(), rows.column(name).dtype) == ([code, code], kind)
    assert np.isnan(rows.column("temp_c")).all() and rows.column("temp_c").dtype == np.float64
    own = Field("days_low", "integer", low=0, high=31)
    assert Columns(MINUTE, {}, own={"days_low": own}).column("days_low").tolist() == [32, 32]
    with pytest.raises(KeyError):
        rows.column("days_low")


def test_some_rows_are_views_without_the_division_into_cases() -> None:
    whole = Columns(MINUTE, {"ice": column(1, 2)}, np.array([0, 1]), np.array([5, 6], np.int32))
    part = whole.rows(1, 9)
    assert (part.minute.tolist(), part.fields["ice"].tolist(), part.starts) == ([60], [2], None)
    assert part.drug_minute is not None
    assert part.drug_minute.tolist() == [6]
    assert np.shares_memory(part.fields["ice"], whole.fields["ice"])
    assert dataclasses.replace(whole, drug_minute=None).rows(0, 1).drug_minute is None


CASES = [
    read_case(
        {
            "patient": {"age_years": 5},
            "observations": [
                {"time_h": 1, "temp_c": 39, "o2_device": "blow_by", "ice_items": {"naming": 3}},
                {"time_h": 2, "hypotension": True, "ice": 7, "ice_items": {"naming": 2}},
                {"time_h": 3},
            ],
            "treatments": [
                {"time_h": 2, "drug": "ibuprofen"},
                {"time_h": 1.5, "drug": "tocilizumab"},
                {"time_h": 1, "drug": "gcsf"},
                {"time_h": 3.1, "drug": "dexamethasone"},
            ],
        }
    ),
    read_case({"observations": [{"time_h": -1, "vasopressors": 2}]}),
]


def test_cases_as_columns() -> None:
    found = columns_of(CASES)
    assert set(found.fields) == set(READABLE) - {"ice_items", "cartox10_items"}
    assert found.minute.tolist() == [60, 120, 180, -60]
    assert found.minute.dtype == np.int32
    assert found.starts is not None
    assert found.drug_minute is not None
    assert found.starts.tolist() == [0, 3]
    assert found.drug_minute.tolist() == [NO_DRUG, 120, 120, NO_DRUG]
    assert np.array_equal(found.fields["temp_c"], [39, np.nan, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(found.fields["age_years"], [5, 5, 5, np.nan], equal_nan=True)
    assert found.fields["o2_device"].tolist() == [2, 10, 10, 10]
    assert found.fields["hypotension"].tolist() == [2, 1, 2, 2]
    assert found.fields["vasopressors"].tolist() == [7, 7, 7, 2]
    assert found.fields["ice"].tolist() == [12 + STRETCHES.index((3, 10)), 7, 11, 11]


def test_only_the_fields_asked_for_are_laid_out() -> None:
    found = columns_of(CASES, ["temp_c", "ice_items", "age_years"])
    assert list(found.fields) == ["temp_c", "age_years"]


def test_no_case_makes_no_row() -> None:
    found = columns_of([])
    assert found.starts is not None
    assert found.drug_minute is not None
    assert (len(found), len(found.starts), len(found.drug_minute)) == (0, 0, 0)


def test_every_field_but_the_ice_items_has_a_column() -> None:
    assert {f.kind for f in READABLE.values()} == {"number", "integer", "bool", "enum", "items"}
    assert [n for n, f in OBSERVATION.items() if f.kind == "items"] == ["ice_items", "cartox10_items"]
    assert all(codes_in(f) <= 256 for f in READABLE.values() if f.kind not in ("number", "items"))
    assert np.isnan(unknown_code(READABLE["temp_c"]))
