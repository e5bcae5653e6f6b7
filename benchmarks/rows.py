"""The rows that every grader of columns is given: as charted, or uniformly at random.

Random rows alone would flatter or punish by accident: branches are then guessed wrong and every look-up misses,
which no hospital's chart does. So the figures are taken on charts, and the random mix is there to show the worst.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from cartox_core import Columns, load
from cartox_core.columns import Column, unknown_code
from cartox_core.fields import Field
from cartox_core.observation import READABLE
from harness.cohort.block import Block, simulate_block
from harness.patients.charting import Chart
from harness.scenarios.loader import load_scenario

GUIDELINE = load("astct-2019")
SCALES = list(GUIDELINE.scales.values())
FIELDS = tuple(dict.fromkeys(name for scale in SCALES for name in scale.fields))
OUTPUT_BYTES = 4  # floor and ceiling of two scales, a byte each
CHARTED_PATIENTS = 2500
UNKNOWN_SHARE = 0.05
OTHER_CAUSE_SHARE = 0.02
AT_THRESHOLDS = {  # numbers at and beside the cuts, so that a wrong <= shows
    "temp_c": (36.6, 37.9, 37.95, 38.0, 39.4),
    "o2_flow_l_min": (2.0, 5.9, 6.0, 6.1, 40.0),
    "age_years": (5.0, 11.9, 12.0, 61.0),
}


def charted(count: int, seed: int = 1) -> Columns:
    """Rows (count) of simulated ZUMA-1 charts, one patient after another, tiled; unknowns are drawn anew.

    The simulator charts no other cause and a course states no episode, so a small share of other causes is
    drawn, and the episode is stated from the first intended sign of a patient to the last.
    """
    rng = np.random.default_rng(seed)
    block = Block(load_scenario("zuma-1"), "ZUMA-1", seed, 0, CHARTED_PATIENTS)
    chart = simulate_block(block)[2]
    known = {**chart.columns.fields, "crs_onset_fever": _stated_episode(chart)}
    fields = {name: _charted_column(READABLE[name], known.get(name), count, rng) for name in FIELDS}
    return Columns(np.resize(chart.columns.minute, count), fields)


def _charted_column(field: Field, column: Column | None, count: int, rng: np.random.Generator) -> Column:
    if column is None:  # no chart of the simulator has it: attributions, which have a default
        other = rng.integers(1, max(len(field.values), 2), count)
        return np.where(_share(OTHER_CAUSE_SHARE, count, rng), other, 0).astype(np.uint8)
    whole = np.resize(column, count)
    if field.default is None:
        whole[_share(UNKNOWN_SHARE, count, rng)] = unknown_code(field)
    return whole


def _share(share: float, count: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    return rng.random(count, np.float32) < share


def _stated_episode(chart: Chart) -> npt.NDArray[np.uint8]:
    """1 from each patient's first sign to the last, else 0."""
    starts = chart.columns.starts
    assert starts is not None
    row, sign = np.arange(len(chart.place)), chart.crs_intended > 0
    first = np.minimum.reduceat(np.where(sign, row, len(row)), starts)[chart.place]
    last = np.maximum.reduceat(np.where(sign, row, -1), starts)[chart.place]
    return ((row >= first) & (row <= last)).astype(np.uint8)


def uniform(count: int, seed: int = 1) -> Columns:
    """Rows (count) in which every code of every field is as likely as any other, unknown among them.

    ICE known by some items only is left out: no other grader here has a layout for it.
    """
    rng = np.random.default_rng(seed)
    fields = {}
    for name in FIELDS:
        field = READABLE[name]
        if field.kind == "number":
            fields[name] = rng.choice([np.nan, *AT_THRESHOLDS[name]], count)
        else:
            fields[name] = rng.integers(0, int(unknown_code(field)) + 1, count, np.uint8)
    return Columns(rng.integers(-60, 1200, count, np.int32), fields)


MIXES: dict[str, Callable[[int, int], Columns]] = {"charted": charted, "uniform": uniform}


def input_bytes(columns: Columns) -> int:
    """Bytes that a grader must read for one row: three numbers of 8, a minute of 4, and 24 single bytes.

    >>> input_bytes(uniform(10))
    52
    """
    return columns.minute.itemsize + sum(column.itemsize for column in columns.fields.values())
