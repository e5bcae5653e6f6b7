"""A ward as one HTML page that needs nothing but itself."""

from collections.abc import Iterator, Sequence
from importlib import metadata, resources
from typing import Any

import numpy as np
from jinja2 import Environment
from markupsafe import Markup

from harness.look import style
from harness.scenarios.infusions import surge_is_reached
from harness.scenarios.loader import Scenario
from harness.scenarios.ward_spec import WardSpec
from harness.scenarios.ward_words import counted, weeks
from harness.ward.daily import Daily, daily
from harness.ward.figures import CLASSES, day_chart
from harness.ward.measures import Measure
from harness.ward.replication import GRADES, Replication
from harness.ward.report import HEADS, HOW_COUNTED, caution, heading, measure_rows, number
from harness.ward.stress import Item

NOT_FOR_TREATING = "For testing and teaching, not for treating patients."
FAINTEST = 30  # per cent of a cell's shade, so that few who differ are seen
_TILES = (
    ("waiting for a bed", "longest wait", "the longest wait for a bed, mean of the replications"),
    ("waiting for a dose", "longest wait", "the longest wait for a dose, mean of the replications"),
    (
        "peaks",
        "CRS higher for want of something",
        "of 1,000 with a higher CRS grade than where no nurse, dose or bed is short",
    ),
    ("peaks", "ICANS higher for want of something", "of 1,000 with a higher ICANS grade than there"),
    ("peaks", "deaths", "deaths of 1,000"),
    ("peaks", "deaths where nothing is short", "deaths of 1,000 where nothing is short"),
)


def html_report(
    scenario: Scenario, spec: WardSpec, found: Sequence[Replication], told: Sequence[Measure], items: Sequence[Item]
) -> str:
    """The whole page."""
    text = (resources.files("harness.ward") / "page.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    days = daily(found)
    return environment.from_string(text).render(
        style=style(),
        title=scenario.title,
        text=scenario.text,
        head=heading(scenario, spec, len(found), found[0].seed),
        note=NOT_FOR_TREATING,
        caution=caution(scenario.policy),
        assumed=scenario.policy.assumed,
        tiles=list(_tiles(told)),
        replications=len(found),
        figures=list(_figures(days, spec)),
        each=_each(days, spec, len(found)),
        grades=range(GRADES),
        matrices=[_matrix(scale, found) for scale in found[0].limited.peaks],
        heads=HEADS,
        rows=measure_rows(told),
        counted=HOW_COUNTED,
        items=items,
        version=metadata.version("cartox"),
    )


def _tiles(told: Sequence[Measure]) -> Iterator[tuple[str, str]]:
    by_name = {(m.group, m.name): m for m in told}
    for group, name, words in _TILES:
        if measure := by_name.get((group, name)):
            yield f"{number(measure.mean)}{' h' * (measure.unit == 'h')}", words


def _figures(days: Daily, spec: WardSpec) -> Iterator[tuple[str, list[tuple[str, str]], Markup]]:
    """Title, classes and names of the lines, and the figure."""
    surge = (
        (7.0 * (spec.surge.from_week - 1), 7.0 * spec.surge.to_week) if spec.surge and surge_is_reached(spec) else None
    )
    nurse_h = 24.0 * spec.nurses
    wanted = (
        ("Beds of intensive care taken", "beds", [days.beds], (spec.icu_beds, counted(spec.icu_beds, "bed"))),
        ("Patients waiting", "patients", [days.waiting_bed, days.waiting_dose], None),
        (
            "Hours of nurses at rounds",
            "hours a day",
            [days.nurse_h],
            (nurse_h, f"{nurse_h:,g} h of {counted(spec.nurses, 'nurse')}"),
        ),
    )
    for title, y_words, lines, limit in wanted:
        key = [(which, line.name) for which, line in zip(CLASSES, lines, strict=False)]
        yield title, key, Markup(day_chart(title, y_words, lines, limit, surge))  # noqa: S704 - our own


def _each(days: Daily, spec: WardSpec, replications: int) -> str:
    """How the figures are to be read."""
    every = days.beds.every_days
    point = "each day" if every == 1 else f"every {every} days"
    shaded = ""
    if spec.surge:
        where = "is shaded" if surge_is_reached(spec) else "would come after the last infusion"
        shaded = f" The surge of {weeks(spec.surge)} {where}."
    if replications == 1:
        return f"On the mean of {point}, in the one replication there is.{shaded}"
    return (
        f"On the mean of {point}: the line is the mean of {replications:,} replications, the band goes from the least "
        f"to the most of them.{shaded}"
    )


def _matrix(scale: str, found: Sequence[Replication]) -> dict[str, Any]:
    """Peak grades where nothing is short (rows) and in the ward, per 1,000, each with the per cent of its row."""
    counts = np.zeros((GRADES, GRADES), int)
    for each in found:
        np.add.at(counts, (each.plenty.peaks[scale], each.limited.peaks[scale]), 1)
    whole = max(1, int(counts.sum()))
    higher, lower = int(np.triu(counts, 1).sum()), int(np.tril(counts, -1).sum())
    cells = [
        [(f"{1000 * n / whole:.1f}" if n else "", _shade(n, sum(row), i == j), j - i) for j, n in enumerate(row)]
        for i, row in enumerate(counts.tolist())
    ]
    said = f"{1000 * higher / whole:.1f} of 1,000 higher in the ward, {1000 * lower / whole:.1f} lower"
    return {"name": scale.upper(), "cells": cells, "said": said}


def _shade(n: int, of: int, is_same: bool) -> int:
    """The per cent of its row that a cell has; few who are otherwise are the point, and shall be seen."""
    share = round(100 * n / max(1, of))
    return share if is_same or not n else max(share, FAINTEST)
