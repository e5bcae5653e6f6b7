"""The charts of patients that a scale reads: the rounds of the care team, the daily laboratory chart, or both."""

from collections.abc import Iterable, Iterator

import numpy as np

from cartox_core import Columns, Scale, load
from cartox_core.columns import unknown_code
from cartox_core.observation import PATIENT, READABLE
from cartox_core.vasopressors import DOSE_HIGH, HOURS
from harness.cohort.block import Block, simulate_block
from harness.patients.support import OLDER_SIGNS

CHARTED_AT_ROUNDS = frozenset({"seizure"})  # in the daily chart only as far as it is no ICANS


def charts_of(block: Block, fields: Iterable[str]) -> tuple[Columns, Columns | None]:
    """The rounds of a block and its days, as far as some fields need them; days are None where no field does."""
    read = set(fields)
    plain = {name for scale in load("astct-2019").scales.values() for name in scale.fields} | PATIENT.keys()
    _, _, chart, days = simulate_block(block, read=read if read <= plain else read | OLDER_SIGNS)
    return chart.columns, None if days is None else days.columns


def charts_read(rounds: Columns, days: Columns | None, scale: Scale) -> Iterator[Columns]:
    """Those charts that tell something a scale reads."""
    daily = set() if days is None else days.fields.keys() & set(scale.fields) - CHARTED_AT_ROUNDS
    if days is not None and daily:
        yield days
    if not daily or rounds.fields.keys() & set(scale.fields) - PATIENT.keys():
        yield rounds


def told_in(columns: Columns) -> frozenset[str]:
    """The fields that some row of a chart tells."""
    return frozenset(name for name, column in columns.fields.items() if not _all_unknown(columns, name))


def _all_unknown(columns: Columns, name: str) -> bool:
    column = columns.fields[name]
    field = columns.own.get(name) or READABLE[name]
    unknown = np.isnan(column) if field.kind == "number" else column == unknown_code(field)
    return bool(unknown.all())


def never_charted(scale: Scale, told: frozenset[str], has_doses: bool) -> tuple[str, ...]:
    """The fields that a scale reads and that are not told, nor made of doses; those with a default are known."""
    known = told | PATIENT.keys()
    if has_doses and scale.infusions is not None:
        known |= {HOURS, DOSE_HIGH}
    if known & {"ice", "capd"}:  # the one for adults, the other for children
        known |= {"ice", "capd"}
    fields = ((name, READABLE[name]) for name in scale.fields)
    return tuple(n for n, field in fields if n not in known and field.default is None and field.role != "state")
