"""Grade millions of rows: the same tables as one observation, over numpy columns.

Rows are taken in stretches that fit the cache, on as many threads as wanted; numpy lets go of the
interpreter while it works. Large jobs go through the compiled kernel, where there is one: same tables, same grades.
"""

import dataclasses
import functools
import math
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Columns
from cartox_core.digits import Workspace
from cartox_core.dose_columns import infused
from cartox_core.episodes import episodes
from cartox_core.guideline import Episode, Scale
from cartox_core.kernel import Kernel, kernel_for
from cartox_core.lookup import ALL_CEILING, ALL_FLOOR, Bits, ScaleLookups, lookup_of, lookups_of
from cartox_core.passes import passes_of
from cartox_core.series import features_of
from cartox_core.tables import tables_of

STRETCH_ROWS = 131072  # each call into numpy must outlast Python's own work and the handing over of the interpreter
_BYTE = np.array(8, np.uint16)
_EARLIEST = np.iinfo(np.int32).min
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Shown = tuple[Mask, Mask]  # fever, and any sign
Stretch = Callable[[int], None]


@dataclasses.dataclass(frozen=True, slots=True)
class GradeColumns:
    """Floors and ceilings of a scale, uint8 (rows)."""

    floor: Bytes
    ceiling: Bytes


def grade_columns(columns: Columns, scale: Scale, threads: int = 1) -> GradeColumns:
    """Grade every row as a snapshot: the state fields are read from the columns.

    >>> from cartox_core.library import load
    >>> rows = Columns(np.array([600], np.int32), {"temp_c": np.array([38.5])})
    >>> found = grade_columns(rows, load("astct-2019").scale("crs"))
    >>> int(found.floor[0]), int(found.ceiling[0])
    (1, 4)
    """
    return grade_scales(columns, [scale], threads)[scale.name]


def grade_scales(columns: Columns, scales: list[Scale], threads: int = 1) -> Mapping[str, GradeColumns]:
    """Grade every row as a snapshot under several scales in one pass over the columns."""
    names = [scale.name for scale in scales]
    if len(set(names)) < len(scales):
        raise ValueError(f"scales graded in one pass need names of their own; these are {', '.join(names)}")
    if whole := [scale.name for scale in scales if scale.is_whole]:
        raise ValueError(f"{', '.join(whole)} grades courses, not rows")
    return _graded(columns, scales, threads)


def _graded(columns: Columns, scales: list[Scale], threads: int = 1) -> Mapping[str, GradeColumns]:
    """The grades of every row by what stands in it."""
    rows = len(columns)
    out = {s.name: GradeColumns(np.empty(rows, np.uint8), np.empty(rows, np.uint8)) for s in scales}
    kernel = kernel_for(rows)
    stretch = _by_lookups(columns, scales, out) if kernel is None else _by_kernel(kernel, columns, scales, out)
    starts = range(0, rows, STRETCH_ROWS)
    if threads == 1:
        for start in starts:
            stretch(start)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(stretch, starts))
    return out


def _by_kernel(kernel: Kernel, columns: Columns, scales: list[Scale], out: Mapping[str, GradeColumns]) -> Stretch:
    """What grades the stretch from a row on, compiled."""
    plans = [(passes_of(columns, scale), out[scale.name]) for scale in scales]
    minute = np.ascontiguousarray(columns.minute)

    def stretch(start: int) -> None:
        stop = min(start + STRETCH_ROWS, len(columns))
        for plan, found in plans:
            kernel.grade_rows(start, stop, minute, *plan.arrays, found.floor, found.ceiling)

    return stretch


def _by_lookups(columns: Columns, scales: list[Scale], out: Mapping[str, GradeColumns]) -> Stretch:
    """What grades the stretch from a row on, by numpy."""
    plans = [lookups_of(scale) for scale in scales]
    spaces = threading.local()

    def stretch(start: int) -> None:
        length = min(STRETCH_ROWS, len(columns) - start)
        if not hasattr(spaces, "work") or spaces.work.rows != length:
            spaces.work = Workspace(length)
        here = slice(start, start + STRETCH_ROWS)
        part = columns.rows(start, start + STRETCH_ROWS)
        for plan in plans:
            _write(_snapshot_bits(part, plan, spaces.work), out[plan.scale.name], here, spaces.work)

    return stretch


def _write(bits: Bits, out: GradeColumns, rows: slice, work: Workspace) -> None:
    np.copyto(work.digit, bits, casting="unsafe")  # the low half
    np.bitwise_count(work.digit, out.floor[rows])
    np.right_shift(bits, _BYTE, bits)
    np.copyto(work.digit, bits, casting="unsafe")
    np.bitwise_count(work.digit, out.ceiling[rows])


def _snapshot_bits(columns: Columns, plan: ScaleLookups, work: Workspace) -> Bits:
    out = work.bits
    if plan.gate is not None:
        gate = plan.gate.number(columns, work).copy()
        for lookup in plan.behind:
            out = _worst(lookup.bits, lookup.index(columns, work, gate, len(plan.gate.bits)), out, work)
    for lookup in plan.free:
        out = _worst(lookup.bits, lookup.index(columns, work), out, work)
    return _from_start(work.bits, columns, plan.scale, work)


def _worst(table: Bits, index: npt.NDArray[np.intp], out: Bits, work: Workspace) -> Bits:
    """Put the cells of a table into ``work.bits``: the first ones are copied, the next or-ed. Where the next go.

    The codes were checked, so no index is out of bounds and none wraps.
    """
    table.take(index, None, out, "wrap")
    if out is not work.bits:
        np.bitwise_or(work.bits, out, work.bits)
    return work.found


def _from_start(bits: Bits, columns: Columns, scale: Scale, work: Workspace) -> Bits:
    """Nothing is graded before the scale begins, which is before most charts do."""
    if scale.from_h is not None and len(bits):
        start = np.int32(math.ceil(60 * scale.from_h))
        if columns.minute.min() < start:
            np.greater_equal(columns.minute, start, work.passed)
            np.multiply(bits, work.one, bits)
    return bits


def grade_course_columns(columns: Columns, scale: Scale) -> GradeColumns:
    """Grade cases: those of one row as snapshots, the others as courses with their episodes.

    ``columns.starts`` says where each case begins. The state fields of a course are derived here. A scale that grades
    a course as a whole gives one grade a case.
    """
    if columns.starts is None:
        raise ValueError("courses need columns.starts, the first row of each case")
    if scale.is_whole:
        return _whole_courses(columns, scale)
    lengths = np.diff(columns.starts, append=len(columns))
    if not (lengths > 1).any():
        return grade_columns(columns, scale)
    best, other = infused(columns, scale)
    if scale.episode is None:
        return GradeColumns(grade_columns(best, scale).floor, grade_columns(other, scale).ceiling)
    work = Workspace(len(columns))
    mild, worst = _shown(best, scale, work)
    if other is not best:
        worst = _shown(other, scale, work)[1]
    low = high = _in_episodes(best, scale, scale.episode, mild)
    if other is not best or any(not np.array_equal(a, b) for a, b in zip(mild, worst, strict=True)):
        high = _in_episodes(other, scale, scale.episode, worst)
    floor, ceiling = low.floor, high.ceiling
    single = np.repeat(lengths == 1, lengths)
    if single.any():
        alone = grade_columns(columns, scale)
        return GradeColumns(np.where(single, alone.floor, floor), np.where(single, alone.ceiling, ceiling))
    return GradeColumns(floor, ceiling)


def as_graded(columns: Columns, scale: Scale) -> Columns:
    """The rows of cases with the fields that the scale derives of them, as their floors are graded.

    A scale that grades a course as a whole has one row a case, of the features it makes.

    >>> from cartox_core.library import load
    >>> rows = Columns(np.array([600, 840], np.int32), {"temp_c": np.array([38.5, 37])}, np.array([0]))
    >>> as_graded(rows, load("astct-2019").scale("crs")).fields["crs_onset_fever"].tolist()
    [0, 1]
    """
    assert columns.starts is not None
    lengths = np.diff(columns.starts, append=len(columns))
    if scale.is_whole:
        made, _ = features_of(columns, scale)
        last = np.append(columns.starts[1:], len(columns)) - 1
        return Columns(columns.minute[last], made, np.arange(len(last)), own=scale.own)
    best, _ = infused(columns, scale)
    if scale.episode is None or not (lengths > 1).any():
        return best
    mild, _ = _shown(best, scale, Workspace(len(columns)))
    states = dict(zip((scale.episode.opened, scale.episode.masked), episodes(best, *mild, scale.episode), strict=True))
    several = np.repeat(lengths > 1, lengths)
    fields = {name: np.where(several, derived, best.column(name)) for name, derived in states.items()}
    return dataclasses.replace(best, fields={**best.fields, **fields})


def _whole_courses(columns: Columns, scale: Scale) -> GradeColumns:
    """One grade a case, from what the scale makes of its rows; uint8 (cases)."""
    assert columns.starts is not None
    last = np.append(columns.starts[1:], len(columns)) - 1
    graded = []
    for made in features_of(columns, scale):
        rows = Columns(columns.minute[last], made, own=scale.own)
        graded.append(_graded(rows, [scale])[scale.name])
    mild, worst = graded
    return GradeColumns(mild.floor, worst.ceiling)


def _shown(columns: Columns, scale: Scale, work: Workspace) -> tuple[Shown, Shown]:
    """Which rows show a fever, and which any sign, with what is unknown at its mildest, and at its worst."""
    tables = tables_of(scale)
    assert tables.fever is not None
    started = columns.minute >= (_EARLIEST if scale.from_h is None else 60 * scale.from_h)
    bits = []
    for table in (tables.fever, *tables.signs):
        lookup = lookup_of(table)
        bits.append(lookup.bits.take(lookup.index(columns, work)))

    def shown(which: int) -> Shown:
        fever = (bits[0] & np.uint16(which)).astype(bool) & started
        return fever, (functools.reduce(np.bitwise_or, bits) & np.uint16(which)).astype(bool) & started

    return shown(ALL_FLOOR), shown(ALL_CEILING)


def _in_episodes(columns: Columns, scale: Scale, episode: Episode, shown: Shown) -> GradeColumns:
    """The grades of every row, with the episodes that some fevers and signs make."""
    opened, masked = episodes(columns, *shown, episode)
    fields = {**columns.fields, episode.opened: opened.view(np.uint8), episode.masked: masked.view(np.uint8)}
    return _graded(dataclasses.replace(columns, fields=fields), [scale])[scale.name]
