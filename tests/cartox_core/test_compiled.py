"""The compiled kernel gives numpy's grades, whatever the guideline, and is compiled once."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cartox_core import Columns, Scale, grade_course_columns, grade_scales, guideline_ids, load
from cartox_core.columns import Column, codes_in
from cartox_core.conditions import Between, OneOf
from cartox_core.digits import SHORT_CELLS
from cartox_core.grade_columns import STRETCH_ROWS
from cartox_core.guideline import Clause, Domain
from cartox_core.kernel import WORTH_CALLING_ROWS, WORTH_LOADING_ROWS, kernel_for, load_kernel
from cartox_core.lookup import lookups_of
from cartox_core.observation import READABLE
from cartox_core.passes import CODES, CUT_NUMBER, passes_of
from tests import any_scales

compiled = pytest.importorskip("cartox_core.compiled", exc_type=ImportError)
FEW = 1500
MANY = WORTH_CALLING_ROWS + 2 * FEW + 3  # more than one block, and no whole number of them
NEAR = {"temp_c": (37.9, 38, 38.1, 39, 40), "o2_flow_l_min": (5.9, 6, 6.1), "age_years": (11, 12), "weight_kg": (9, 70)}
EVERY = [scale for name in guideline_ids() for scale in load(name).scales.values() if not scale.is_whole]


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    assert load_kernel() is compiled


def drawn(scale: Scale, seed: int, rows: int = FEW) -> Columns:
    """Rows of every code, unknown among them, and of numbers at and beside the cuts."""
    rng, fields = np.random.default_rng(seed), {}
    for name in scale.fields:
        field = scale.own.get(name) or READABLE[name]
        if field.kind == "number":
            spread = NEAR.get(name, (field.low, 0.4, 1, 5, 50, 500, field.high))
            fields[name] = rng.choice([np.nan, *spread], rows).astype(np.float64)
        else:
            fields[name] = rng.integers(0, codes_in(field), rows).astype(np.uint8)
    return Columns(rng.integers(-60, 600, rows).astype(np.int32), fields, own=scale.own)


def many(columns: Columns, rows: int = MANY) -> Columns:
    """The same rows again and again, so many that they go through the kernel."""
    fields = {name: np.resize(column, rows) for name, column in columns.fields.items()}
    return dataclasses.replace(columns, minute=np.resize(columns.minute, rows), fields=fields)


def check(columns: Columns, scale: Scale, threads: int = 1) -> None:
    """Few rows are graded by numpy, many by the kernel."""
    few, lots = grade_scales(columns, [scale])[scale.name], grade_scales(many(columns), [scale], threads)[scale.name]
    assert kernel_for(len(columns)) is None and kernel_for(MANY) is compiled
    assert np.array_equal(np.resize(few.floor, MANY), lots.floor)
    assert np.array_equal(np.resize(few.ceiling, MANY), lots.ceiling)


@pytest.mark.parametrize("scale", EVERY, ids=lambda scale: f"{scale.name}-{len(scale.fields)}")
def test_every_scale_on_the_shelf_is_graded_alike(scale: Scale) -> None:
    check(drawn(scale, 1), scale)


def test_no_guideline_reading_or_scale_compiles_anything() -> None:
    """All readings of the ASTCT, after every other scale: the one signature that was declared."""
    for reading in load("astct-2019").readings.values():
        for choice in reading.choices:
            for scale in load("astct-2019", {reading.id: choice}).scales.values():
                check(drawn(scale, 2), scale)
    assert compiled.grade_rows.signatures == [compiled.SIGNATURE.args]
    assert compiled.summarize_cases.signatures == [compiled.SUMMARY_SIGNATURE.args]


@given(scale=any_scales.scales(), seed=st.integers(0, 2**32), absent=st.sets(any_scales.NAME, max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_scale_is_graded_alike(scale: Scale, seed: int, absent: set[str]) -> None:
    assume(not any_scales.fields_conflict(scale))
    rows = drawn(scale, seed, 50)
    known = {name: column for name, column in rows.fields.items() if name not in absent}
    check(dataclasses.replace(rows, fields=known), scale)


def test_threads_do_not_matter() -> None:
    for scale in load("astct-2019").scales.values():
        check(drawn(scale, 3), scale, threads=2)


def test_columns_that_are_not_whole_in_memory_are_graded_alike() -> None:
    crs = load("astct-2019").scale("crs")
    rows = many(drawn(crs, 4, 2 * FEW))
    apart: dict[str, Column] = {name: np.repeat(column, 2)[::2] for name, column in rows.fields.items()}
    split = Columns(np.repeat(rows.minute, 2)[::2], apart)
    assert not split.minute.flags.c_contiguous
    whole, found = grade_scales(rows, [crs])["crs"], grade_scales(split, [crs])["crs"]
    assert np.array_equal(whole.floor, found.floor) and np.array_equal(whole.ceiling, found.ceiling)


def wide(gate: tuple[Clause, ...]) -> Scale:
    """One domain over 11 x 8 x 5 x 4 x 4 x 4 x 3 cells: more than two bytes count, without a gate and behind one."""
    worst = {"o2_device": OneOf(("cpap",)), "vasopressors": Between(low=6), "consciousness": OneOf(("unarousable",)),
             "seizure": OneOf(("brief",)), "motor_weakness": OneOf(("mild",)), "cerebral_edema": OneOf(("focal",)),
             "posturing": OneOf((True,))}  # fmt: skip
    clauses = (Clause("one", 2, {"vasopressors": Between(low=1)}, "", ()), Clause("all", 4, worst, "", ()))
    low = Domain("low", "low", (Clause("low", 1, {"hypotension": OneOf((True,))}, "", ()),), gated=True)
    return Scale("s", "s", "", (), 5, None, gate, "", (low, Domain("d", "d", clauses, gated=True), low), (), None)


@pytest.mark.parametrize("gated", [False, True])
def test_a_table_with_more_cells_than_two_bytes_count(gated: bool) -> None:
    gate = (Clause("g", 1, {"temp_c": Between(low=38)}, "", ()),) if gated else ()
    scale = wide(gate)
    plan = lookups_of(scale)
    assert max(len(pack.bits) for pack in (*plan.behind, *plan.free)) > SHORT_CELLS
    check(drawn(scale, 5), scale)


def test_a_lead_is_numbered_once_for_the_tables_behind_it() -> None:
    cartox = load("cartox-2018").scale("crs")
    passes = passes_of(drawn(cartox, 6), cartox)
    own, cells = passes.tables[:, 3], passes.tables[:, 5]
    assert cells.tolist() == [0, *(len(pack.bits) for pack in lookups_of(cartox).behind)]
    assert (cells[1:] == 81 * own[1:]).all() and cells.max() > SHORT_CELLS
    assert (compiled._CODES, compiled._CUT_NUMBER) == (CODES, CUT_NUMBER)


def test_courses_go_through_the_kernel_like_the_rows_of_one() -> None:
    crs = load("astct-2019").scale("crs")
    few = dataclasses.replace(drawn(crs, 7), starts=np.arange(0, FEW, 10))
    lots = dataclasses.replace(many(few), starts=np.arange(0, MANY, 10))
    alone, found = grade_course_columns(few, crs), grade_course_columns(lots, crs)
    assert np.array_equal(found.floor[:FEW], alone.floor) and np.array_equal(found.ceiling[:FEW], alone.ceiling)


# ---- when it is used


def test_without_numba_all_is_graded_by_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    crs = EVERY[0]
    rows = many(drawn(crs, 8), 2 * STRETCH_ROWS)
    compiled_grades = grade_scales(rows, [crs])[crs.name]
    load_kernel.cache_clear()
    monkeypatch.setitem(sys.modules, "cartox_core.compiled", None)  # what an import finds where there is none
    try:
        assert kernel_for(WORTH_LOADING_ROWS) is None
        found = grade_scales(rows, [crs])[crs.name]
    finally:
        monkeypatch.undo()
        load_kernel.cache_clear()
        load_kernel()
    assert np.array_equal(found.floor, compiled_grades.floor)
    assert np.array_equal(found.ceiling, compiled_grades.ceiling)


def test_a_small_job_does_not_wait_for_a_compiler() -> None:
    text = (
        "import sys, numpy as np\n"
        "from cartox_core import Columns, grade_columns, load\n"
        f"rows = Columns(np.zeros({WORTH_CALLING_ROWS}, np.int32), {{}})\n"
        "grade_columns(rows, load('astct-2019').scale('crs'))\n"
        "assert 'numba' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", text], check=True)


def test_what_cannot_be_kept_on_disk_is_compiled_all_the_same() -> None:
    names: dict[str, object] = {}
    exec("def twice(number):\n    return 2 * number\n", names)
    twice = compiled.compiled(names["twice"], "int64(int64)")
    assert twice(21) == 42
