"""The older CRS scales: tables, columns and a plain implementation give one answer."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import columns_of, grade, grade_course, grade_course_columns, load, read_case
from cartox_core.observation import OBSERVATION
from cartox_core.tables import axis_of
from harness.golden import golden_cases
from tests import plain_crs_systems as plain
from tests import strategies

SYSTEMS = tuple(plain.SYSTEMS)
READ = sorted({f for s in SYSTEMS for f in load(s).scale("crs").fields} | {"vasopressor_other_cause"})
EACH = pytest.mark.parametrize("system", SYSTEMS)


def compared(system: str, rows: list[dict[str, Any]]) -> None:
    """The same charts by all three."""
    scale = load(system).scale("crs")
    cases = [read_case({"observations": [{"time_h": 5.0, **row}]}) for row in rows]
    columns = grade_course_columns(columns_of(cases, scale.fields), scale)
    for i, (row, case) in enumerate(zip(rows, cases, strict=True)):
        expected = plain.snapshot(system, {"time_h": 5.0, **row})
        found = grade(case.observations[0], scale)
        assert (found.floor, found.ceiling) == expected, row
        assert (int(columns.floor[i]), int(columns.ceiling[i])) == expected, row


@EACH
def test_every_cell_of_every_domain(system: str) -> None:
    scale = load(system).scale("crs")
    calm = {**plain.MILDEST, "crs_onset_fever": True}
    rows = []
    for domain in scale.domains:
        samples = [[*(b.sample for b in axis_of(n, domain.clauses).bands), None] for n in domain.fields]
        for values in itertools.product(*samples):
            cell = dict(zip(domain.fields, values, strict=True))
            rows += [{**calm, **cell}, cell]
    assert len(rows) > 200
    compared(system, rows)


def charts(only: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    telling = {
        "temp_c": [36.8, 37.9, 38.0, 39.4],
        "fio2": [0.21, 0.39, 0.4, 0.5],
        "vasopressor_hours": [0.0, 23.9, 24.0],
    }
    values = {n: st.sampled_from(telling[n]) if n in telling else strategies.values(OBSERVATION[n]) for n in only}
    return st.fixed_dictionaries({}, optional={n: st.none() | v for n, v in values.items()})


@EACH
@settings(max_examples=200, deadline=None)
@given(row=charts(READ))
def test_random_charts(system: str, row: dict[str, Any]) -> None:
    compared(system, [row])


COURSE = [n for n in READ if not OBSERVATION[n].snapshot_only]
STEPS = st.sampled_from([1, 240, 720, 1439, 1440, 1441])


@pytest.mark.slow
@EACH
@settings(max_examples=120, deadline=None)
@given(rows=st.lists(charts(COURSE), min_size=2, max_size=6), steps=st.lists(STEPS, min_size=6, max_size=6),
       start=st.integers(-300, 600))  # fmt: skip
def test_random_courses(system: str, rows: list[dict[str, Any]], steps: list[int], start: int) -> None:
    minutes = [start + sum(steps[:i]) for i in range(len(rows))]
    told = [{"time_h": m / 60, **row} for m, row in zip(minutes, rows, strict=True)]
    scale = load(system).scale("crs")
    case = read_case({"observations": told})
    expected = plain.course(system, told)
    found = grade_course(case.observations, (), scale).grades
    columns = grade_course_columns(columns_of([case], scale.fields), scale)
    assert [(g.floor, g.ceiling) for g in found] == expected
    assert list(zip(columns.floor.tolist(), columns.ceiling.tolist(), strict=True)) == expected


def test_one_patient_of_each_kind_stands_in_the_golden_cases_of_every_system() -> None:
    cases = golden_cases()
    for system in (*SYSTEMS, "astct-2019"):
        vectors = [c for c in cases if c.guideline == system and "-vector-" in c.id]
        assert len(vectors) == 14
    by_kind = {c.why: [] for c in cases if "-vector-" in c.id}  # type: ignore[var-annotated]
    for case in cases:
        if "-vector-" in case.id:
            by_kind[case.why].append(case.raw)
    assert all(len(raws) == 6 and all(raw == raws[0] for raw in raws) for raws in by_kind.values())
