"""IEC-HS: the tables, the columns and a plain implementation give one answer, under every reading."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import (
    Case,
    Observation,
    Patient,
    Scale,
    columns_of,
    explain,
    grade,
    grade_columns,
    load,
    read_case,
)
from cartox_core.tables import axis_of
from tests.quick import quick

READINGS: list[dict[str, str]] = [
    {},
    {"FERRITIN_ULN": "at_300"},
    {"FERRITIN_ULN": "at_150"},
    {"MANIFESTATION": "one"},
    {"MANIFESTATION": "one", "FERRITIN_ULN": "at_150"},
]
SCALES = [load("astct-iechs-2023", readings).scale("iec_hs") for readings in READINGS]
UNDER_EACH = pytest.mark.parametrize("at", quick([0], range(len(READINGS))), ids=lambda at: str(READINGS[at]))
LIMIT = {"at_400": 400, "at_300": 300, "at_150": 150}
VALUES: dict[str, list[Any]] = {  # from the mildest to the worst
    "ferritin_ng_ml": [100.0, 300.0, 300.1, 600.0, 600.1, 800.0, 800.1, 90000.0],
    "ferritin_times_baseline": [1.0, 2.0, 2.1],
    "ferritin_rapidly_rising": [False, True],
    "iechs_timing": ["before_crs_improves", "crs_resolving_or_resolved", "worsening_after_improvement"],
    "iechs_other_cause": [False, True],
    "transaminase_grade": [0, 2, 3, 4],
    "fibrinogen_mg_dl": [300.0, 150.0, 149.9],
    "hemophagocytosis": [False, True],
    "cytopenia_grade": [0, 3, 4],
    "iechs_severity": ["asymptomatic_or_mild", "intervention_required", "severe", "life_threatening"],
    "iechs_treated": [False, True],
    "coagulopathy_products": [False, True],
    "bleeding": ["none", "minor", "transfused", "life_threatening"],
    "hospitalized_for_iechs": [False, True],
    "dialysis": [False, True],
    "o2_device": ["none", "nasal_cannula", "cpap", "bipap", "mechanical_ventilation"],
    "positive_pressure_reason": ["hypoxia", "airway_protection", "chronic"],
    "oxygen_other_cause": [False, True],
    "death_from_iechs": [False, True],
}
DEFAULTED = ("iechs_other_cause", "positive_pressure_reason", "oxygen_other_cause", "death_from_iechs")


def plain(o: dict[str, Any], readings: dict[str, str]) -> int:
    if o["death_from_iechs"]:
        return 5
    limit = LIMIT[readings.get("FERRITIN_ULN", "at_400")]
    ferritin = o["ferritin_ng_ml"] > 2 * limit or o["ferritin_times_baseline"] > 2 or o["ferritin_rapidly_rising"]
    common = [
        o["transaminase_grade"] >= 3,
        o["fibrinogen_mg_dl"] < 150,
        o["hemophagocytosis"],
        o["cytopenia_grade"] == 4,
    ]
    demanded = 1 if readings.get("MANIFESTATION") == "one" else 0
    if not ferritin or o["iechs_timing"] == "before_crs_improves" or o["iechs_other_cause"]:
        return 0
    if sum(common) < demanded:
        return 0
    found = [1 + VALUES["iechs_severity"].index(o["iechs_severity"])]
    if o["iechs_treated"] or o["coagulopathy_products"]:
        found.append(2)
    if o["bleeding"] == "transfused" or o["hospitalized_for_iechs"]:
        found.append(3)
    tube = o["o2_device"] == "mechanical_ventilation" and o["positive_pressure_reason"] == "hypoxia"
    if o["bleeding"] == "life_threatening" or o["dialysis"] or (tube and not o["oxygen_other_cause"]):
        found.append(4)
    return max(found)


ENDS = [{k: (v[0] if k in DEFAULTED else v[end]) for k, v in VALUES.items()} for end in (0, -1)]


def expected(row: dict[str, Any], readings: dict[str, str]) -> tuple[int, int]:
    """Every unknown sign at its mildest, and at its worst."""
    known = {k: v for k, v in row.items() if v is not None}
    mildest, worst = (plain({**unknown, **known}, readings) for unknown in ENDS)
    return mildest, worst


def compared(rows: list[dict[str, Any]], at: int) -> None:
    scale: Scale = SCALES[at]
    seen = [Observation(time_h=240.0, **row) for row in rows]
    columns = grade_columns(columns_of([Case(None, Patient(), tuple(seen), ())], scale.fields), scale)
    graded = zip(columns.floor.tolist(), columns.ceiling.tolist(), strict=True)
    for row, observation, in_columns in zip(rows, seen, graded, strict=True):
        found = grade(observation, scale)
        assert (found.floor, found.ceiling) == in_columns == expected(row, READINGS[at]), row


OPEN = {"ferritin_ng_ml": 9000.0, "iechs_timing": "crs_resolving_or_resolved", "hemophagocytosis": True}


@UNDER_EACH
def test_every_cell_of_every_domain(at: int) -> None:
    calm = {k: v[0] for k, v in VALUES.items() if k not in DEFAULTED}
    rows = []
    for domain in SCALES[at].domains:
        samples = [[*(b.sample for b in axis_of(n, domain.clauses).bands), None] for n in domain.fields]
        for values in itertools.product(*samples):
            cell = dict(zip(domain.fields, values, strict=True))
            rows += [{**calm, **OPEN, **cell}, {**calm, **cell}, {**OPEN, **cell}, cell]
    assert len(rows) > 300
    compared(rows, at)


@UNDER_EACH
def test_every_cell_of_the_gate(at: int) -> None:
    scale = SCALES[at]
    names = list(dict.fromkeys(name for clause in scale.gate for name in clause.when))
    samples = [[*(b.sample for b in axis_of(n, scale.gate).bands), None] for n in names]
    cells = [dict(zip(names, values, strict=True)) for values in itertools.product(*samples)]
    assert len(cells) in (324, 26244)
    compared(cells, at)


@pytest.mark.slow
@UNDER_EACH
@settings(max_examples=150, deadline=None)
@given(row=st.fixed_dictionaries({}, optional={k: st.none() | st.sampled_from(v) for k, v in VALUES.items()}))
def test_random_charts(at: int, row: dict[str, Any]) -> None:
    compared([row, {**OPEN, **row}], at)


def test_an_explanation_says_that_the_timing_is_not_met() -> None:
    chart = {"time_h": 48, "ferritin_ng_ml": 9000.0, "iechs_timing": "before_crs_improves"}
    found, why = explain(read_case({"observations": [chart]}).observations[0], SCALES[0])
    assert found.grade == 0
    assert str(why[0]).startswith(
        "the gate is closed; it opens with a ferritin that is high or rises rapidly, while CRS"
    )
