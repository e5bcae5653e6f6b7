"""Look-ups over columns: thermometers, digits, packing; and any scale graded like one observation."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import Columns, columns_of, grade, grade_columns, grade_scales, load, read_case
from cartox_core.columns import STRETCHES
from cartox_core.conditions import Between, OneOf
from cartox_core.digits import SHORT_CELLS, Key, Workspace, key_of
from cartox_core.grade_columns import STRETCH_ROWS
from cartox_core.guideline import Clause, Domain, Scale
from cartox_core.lookup import ALL_CEILING, ALL_FLOOR, lookup_of, lookups_of, thermometer
from cartox_core.observation import DEVICES, PATIENT
from cartox_core.tables import axis_of, tables_of
from tests import any_scales

CRS, ICANS = (load("astct-2019").scale(name) for name in ("crs", "icans"))


def scale_of(*domains: Domain, gate: tuple[Clause, ...] = ()) -> Scale:
    return Scale("s", "s", "", (), 5, None, gate, "", domains, (), None)


def domain(name: str, *whens: dict[str, Any], gated: bool = True) -> Domain:
    """A domain that grades 1, 2, 3 ... by its clauses."""
    return Domain(name, name, tuple(Clause(f"{name}{i}", i + 1, w, "", ()) for i, w in enumerate(whens)), gated)


def test_a_range_is_two_thermometers() -> None:
    bits = thermometer(np.array([0, 1, 3, 8], np.uint8), np.array([0, 2, 5, 8], np.uint8))
    assert [f"{b:016b}" for b in bits] == [
        "0000000000000000",
        "0000001100000001",
        "0001111100000111",
        "1111111111111111",
    ]
    assert (ALL_FLOOR, ALL_CEILING) == (0b11111111, 0b1111111100000000)


def digits(name: str, column: Any, *tests: Between) -> tuple[list[int], Key]:
    """The entries of a field's axis that the digits of a column stand for."""
    axis = axis_of(name, [Clause("c", 1, {name: t}, "", ()) for t in tests])
    key, entries = key_of(axis)
    assert key.size == len(entries)
    assert entries[key.absent] == axis.unknown
    return [entries[d] for d in key.digit(column, Workspace(len(column)))], key


def test_a_number_is_cut_into_digits_and_unknown_is_the_last() -> None:
    column = np.array([-np.inf, 37.99, 38, 39, 39.01, np.inf, np.nan])
    found, key = digits("temp_c", column, Between(low=38), Between(low=39, low_in=False))
    assert found == [0, 0, 1, 1, 2, 2, 3]
    assert key.digit(column, Workspace(len(column))).tolist() == [1, 1, 2, 2, 3, 3, 0]
    assert digits("temp_c", np.array([37.0, np.nan]))[0] == [0, 0]


def test_a_count_with_many_codes_is_cut_like_a_number() -> None:
    codes = np.array([0, 1, 8, 9, 32, 33], np.uint8)
    assert digits("capd", codes, Between(0, high=0), Between(low=9))[0] == [0, 1, 1, 2, 2, 3]
    assert digits("capd", np.array([0, 32, 33], np.uint8))[0] == [0, 0, 0]


def test_few_codes_are_digits_themselves() -> None:
    (table,) = tables_of(scale_of(domain("d", {"o2_device": OneOf(("cpap",))}, {"ice": Between(high=2)}))).tables[:1]
    lookup = lookup_of(table)
    assert not any(k.tests for k in lookup.keys)
    (device,) = (k for k in lookup.keys if k.name == "o2_device")
    assert (device.size, device.absent) == (11, 10)
    codes = np.array([3, 10], np.uint8)
    assert device.digit(codes, Workspace(2)) is codes


def test_ice_is_direct_for_all_its_codes_and_stands_first() -> None:
    (table,) = tables_of(scale_of(domain("d", {"hypotension": OneOf((True,)), "ice": Between(high=2)}))).tables
    lookup = lookup_of(table)
    assert [(k.name, k.size, k.tests, k.absent) for k in lookup.keys] == [
        ("ice", 78, (), 11),
        ("hypotension", 3, (), 2),
    ]
    at = {code: lookup.bits.reshape(78, 3)[12 + STRETCHES.index(code)][1] for code in ((0, 2), (0, 3), (3, 9))}
    assert [f"{b:016b}" for b in at.values()] == ["0000000100000001", "0000000100000000", "0000000000000000"]


def test_small_tables_are_packed_and_large_ones_left() -> None:
    crs, icans = lookups_of(CRS), lookups_of(ICANS)
    assert crs.gate is not None
    assert "death_from_crs" in [k.name for k in crs.gate.keys]
    assert (crs.free, icans.gate, icans.behind) == ((), None, ())
    for plan in (crs, icans):
        assert all(len(pack.bits) <= SHORT_CELLS for pack in plan.behind)
        read = [k.name for pack in (*plan.behind, *plan.free, *([plan.gate] if plan.gate else [])) for k in pack.keys]
        assert sorted(read) == sorted(plan.scale.fields)
    assert lookups_of(CRS) is crs


def test_two_ungated_packs_stay_apart_from_the_gate() -> None:
    """Two look-ups too large to be one: neither goes into the gate's."""
    wide = {"o2_device": OneOf(("cpap",)), "ice": Between(high=2), "vasopressors": Between(low=1)}
    other = {"seizure": OneOf(("brief",)), "capd": Between(low=9), "cerebral_edema": OneOf(("focal",)),
             "motor_weakness": OneOf(("mild",)), "consciousness": OneOf(("voice",))}  # fmt: skip
    gate = (Clause("g", 1, {"temp_c": Between(low=38)}, "", ()),)
    low = domain("c", {"hypotension": OneOf((True,))})
    scale = scale_of(domain("a", wide, gated=False), domain("b", other, gated=False), low, gate=gate)
    plan = lookups_of(scale)
    assert (len(plan.free), plan.gate is not None and len(plan.gate.keys)) == (2, 1)
    codes = {"o2_device": [7, 0], "ice": [0, 0], "vasopressors": [1, 1], "hypotension": [0, 0]}
    fields = {k: np.array(v, np.uint8) for k, v in codes.items()}
    rows = Columns(np.zeros(2, np.int32), {**fields, "temp_c": np.array([37.0, 39])})
    found = grade_columns(rows, scale)
    assert (found.floor.tolist(), found.ceiling.tolist()) == ([1, 0], [1, 1])


def test_a_table_whose_digits_outgrow_a_byte_is_indexed_in_more() -> None:
    """o2_device x vasopressors x seizure: 11 x 8 x 4 cells."""
    whens = [
        {"o2_device": OneOf((device,)), "vasopressors": Between(count, high=count), "seizure": OneOf((seizure,))}
        for device, count, seizure in (("none", 0, "none"), ("cpap", 3, "brief"), (DEVICES[-1], 6, "brief"))
    ]
    scale = scale_of(domain("d", *whens))
    codes = {"o2_device": [0, 7, 9, 9], "vasopressors": [0, 3, 6, 6], "seizure": [0, 1, 1, 3]}
    rows = Columns(np.zeros(4, np.int32), {k: np.array(v, np.uint8) for k, v in codes.items()})
    found = grade_columns(rows, scale)
    assert (found.floor.tolist(), found.ceiling.tolist()) == ([1, 2, 3, 0], [1, 2, 3, 3])


def test_a_very_large_table_is_graded_right_or_refused() -> None:
    """One domain over six shared fields: 11 x 8 x 5 x 4 x 4 x 4 x 3 cells."""
    worst = {
        "o2_device": OneOf(("mechanical_ventilation",)),
        "vasopressors": Between(low=6),
        "consciousness": OneOf(("unarousable",)),
        "seizure": OneOf(("prolonged_or_repetitive",)),
        "motor_weakness": OneOf(("deep_focal",)),
        "cerebral_edema": OneOf(("diffuse",)),
        "posturing": OneOf((True,)),
    }
    scale = scale_of(domain("d", worst))
    charted = {k: t.values[0] if isinstance(t, OneOf) else 6 for k, t in worst.items()}
    case = read_case({"observations": [{"time_h": 1, **charted}]})
    found = grade_columns(columns_of([case], scale.fields), scale)
    assert int(found.floor[0]) == grade(case.observations[0], scale).floor == 1


def test_rows_beyond_one_stretch_are_graded_like_the_first() -> None:
    n = STRETCH_ROWS + 2
    temp = np.full(n, 37.0)
    temp[[0, STRETCH_ROWS - 1, STRETCH_ROWS, n - 1]] = 39
    device = np.full(n, DEVICES.index("none"), np.uint8)
    zero = np.zeros(n, np.uint8)
    rows = Columns(
        np.zeros(n, np.int32),
        {"temp_c": temp, "crs_onset_fever": zero, "o2_device": device, "hypotension": zero, "vasopressors": zero,
         "vasopressin": zero},
    )  # fmt: skip
    for threads in (1, 2):
        found = grade_columns(rows, CRS, threads=threads)
        assert np.flatnonzero(found.floor).tolist() == [0, STRETCH_ROWS - 1, STRETCH_ROWS, n - 1]
        assert np.array_equal(found.floor, found.ceiling)


def test_nothing_is_graded_before_a_scale_begins() -> None:
    rows = Columns(np.array([-1, 0, 89, 90], np.int32), {"death_from_crs": np.ones(4, np.uint8)})
    late = dataclasses.replace(CRS, from_h=1.5)
    always = dataclasses.replace(CRS, from_h=None)
    assert grade_columns(rows, CRS).floor.tolist() == [0, 5, 5, 5]
    assert grade_columns(rows, late).ceiling.tolist() == [0, 0, 0, 5]
    assert grade_columns(rows, always).floor.tolist() == [5, 5, 5, 5]


def test_a_start_within_a_minute_is_the_same_for_columns() -> None:
    late = dataclasses.replace(CRS, from_h=0.01)
    case = read_case({"observations": [{"time_h": 0, "death_from_crs": True}]})
    found = grade_columns(columns_of([case], late.fields), late)
    assert int(found.floor[0]) == grade(case.observations[0], late).floor


def test_two_readings_of_one_scale_are_graded_apart_or_refused() -> None:
    high = load("astct-2019", {"C1": "high"}).scale("crs")
    seen = {"time_h": 1, "temp_c": 39, "hypotension": False, "vasopressors": 0, "vasopressin": False,
            "o2_device": "nasal_cannula", "o2_flow_l_min": 6}  # fmt: skip
    with pytest.raises(ValueError, match="crs"):
        grade_scales(columns_of([read_case({"observations": [seen]})]), [CRS, high])


def test_several_scales_are_graded_in_one_pass_each_under_its_name() -> None:
    case = read_case({"observations": [{"time_h": 1, "death_from_crs": True, "ice": 0, "temp_c": 37}]})
    found = grade_scales(columns_of([case]), [CRS, ICANS])
    assert {name: (g.floor.tolist(), g.ceiling.tolist()) for name, g in found.items()} == {
        "crs": ([5], [5]),
        "icans": ([3], [4]),
    }
    assert found["crs"].floor.dtype == np.uint8


@given(data=st.data(), scale=any_scales.scales())
@settings(max_examples=100, deadline=None)
def test_columns_grade_any_scale_like_one_observation(data: st.DataObject, scale: Scale) -> None:
    if any_scales.fields_conflict(scale):
        return
    cases = []
    for row in data.draw(st.lists(any_scales.rows(scale), min_size=1, max_size=5)):
        patient = {n: v for n, v in row.items() if n in PATIENT}
        observed = {n: v for n, v in row.items() if n not in PATIENT}
        cases.append(read_case({"patient": patient, "observations": [{"time_h": 0, **observed}]}))
    found = grade_columns(columns_of(cases, scale.fields), scale)
    alone = [grade(c.observations[0], scale, c.patient) for c in cases]
    assert list(zip(found.floor, found.ceiling, strict=True)) == [(g.floor, g.ceiling) for g in alone]
