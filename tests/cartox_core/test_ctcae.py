"""CTCAE, both versions: the tables, the columns and a plain implementation give one answer, under every reading."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import columns_of, grade, grade_columns, grade_course, grade_course_columns, load, read_case
from cartox_core.observation import OBSERVATION
from cartox_core.tables import axis_of
from tests import plain_ctcae as plain
from tests import strategies

SCALES = [("ctcae-5", name) for name in (*plain.LABS, "neurotoxicity")] + [
    ("ctcae-4", "anemia"),
    ("ctcae-4", "neurotoxicity"),
]
EACH = pytest.mark.parametrize(("version", "name"), SCALES, ids="-".join)
FLIPS: dict[str, tuple[str, str]] = {  # the scales that read a limit or a meaning, and its other choice
    "anemia": ("HEMOGLOBIN_LLN", "at_13"),
    "ast": ("AST_ULN", "at_35"),
    "alt": ("ALT_ULN", "at_35"),
    "bilirubin": ("BILIRUBIN_ULN", "at_1"),
    "creatinine": ("CREATININE_ULN", "at_1"),
    "fibrinogen": ("FIBRINOGEN_LLN", "at_150"),
    "neurotoxicity": ("SEIZURE", "grade_1"),
}
NEAR = {  # bounds of the criteria, a hair's breadth to each side of them added below
    "hemoglobin_g_dl": [8, 10, 12, 13],
    "ast_u_l": [35, 40, 105, 120, 175, 200, 700, 800],
    "alt_u_l": [35, 40, 105, 120, 175, 200, 700, 800],
    "bilirubin_mg_dl": [1, 1.2, 1.5, 1.8, 3, 3.6, 10, 12],
    "creatinine_mg_dl": [1, 1.2, 1.5, 1.8, 3, 3.6, 6, 7.2],
    "fibrinogen_mg_dl": [37.5, 50, 75, 100, 112.5, 150, 200],
    "fibrinogen_times_baseline": [0.25, 0.5, 0.75, 1],
    **{f"{liver}_times_baseline": [1, 1.5, 3, 5, 20] for liver in ("ast", "alt")},
    **{f"{other}_times_baseline": [1, 1.5, 3, 6, 10] for other in ("bilirubin", "creatinine")},
}


def readings_of(name: str) -> list[dict[str, str]]:
    """The default, and each other way to read what the scale reads."""
    drop = [{"FIBRINOGEN_DROP": "baseline"}] if name == "fibrinogen" else []
    return [{}, dict([FLIPS[name]]), *drop]


def fields_of(version: str, name: str) -> tuple[str, ...]:
    """All that the scale reads under any reading."""
    return tuple(dict.fromkeys(f for r in readings_of(name) for f in load(version, r).scale(name).fields))


def compared(version: str, name: str, rows: list[dict[str, Any]], readings: dict[str, str]) -> None:
    scale = load(version, readings).scale(name)
    cases = [read_case({"observations": [row]}) for row in rows]
    columns = grade_columns(columns_of(cases, scale.fields), scale)
    for i, (row, case) in enumerate(zip(rows, cases, strict=True)):
        expected = plain.bounds(version, name, row, readings)
        found = grade(case.observations[0], scale)
        assert (found.floor, found.ceiling) == expected, row
        assert (int(columns.floor[i]), int(columns.ceiling[i])) == expected, row


@EACH
def test_every_cell_of_every_domain(version: str, name: str) -> None:
    for readings in readings_of(name):
        scale = load(version, readings).scale(name)
        rows: list[dict[str, Any]] = []
        for domain in scale.domains:
            samples = [[*(b.sample for b in axis_of(n, domain.clauses).bands), None] for n in domain.fields]
            calm = {n: plain.MILDEST.get(n) for n in scale.fields}
            for values in itertools.product(*samples):
                cell = dict(zip(domain.fields, values, strict=True))
                rows += [{"time_h": 5.0, **calm, **cell}, {"time_h": 5.0, **cell}]
        assert len(rows) >= 20
        compared(version, name, rows, readings)


def values_of(field: str) -> st.SearchStrategy[Any]:
    """Values of a field, those at and beside its bounds above all."""
    if field not in NEAR:
        return strategies.values(OBSERVATION[field])
    near = [round(at + by, 3) for at in NEAR[field] for by in (-0.1, -0.001, 0, 0.001, 0.1)]
    return st.sampled_from(near) | strategies.values(OBSERVATION[field])


def charts(version: str, name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Charts of what a scale reads, any of it unknown."""
    return st.fixed_dictionaries({}, optional={n: st.none() | values_of(n) for n in fields_of(version, name)})


@pytest.mark.slow
@EACH
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_random_charts(version: str, name: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(charts(version, name), min_size=1, max_size=4))
    readings = data.draw(st.sampled_from(readings_of(name)))
    compared(version, name, [{"time_h": data.draw(st.sampled_from([-1, 0, 9])), **row} for row in rows], readings)


@pytest.mark.slow
@EACH
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_random_courses(version: str, name: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(charts(version, name), min_size=2, max_size=5))
    told = [{"time_h": 6.0 * i - 6, **row} for i, row in enumerate(rows)]
    scale = load(version).scale(name)
    case = read_case({"observations": told})
    expected = [plain.bounds(version, name, row, {}) for row in told]
    columns = grade_course_columns(columns_of([case], scale.fields), scale)
    assert [(g.floor, g.ceiling) for g in grade_course(case.observations, (), scale).grades] == expected
    assert list(zip(columns.floor.tolist(), columns.ceiling.tolist(), strict=True)) == expected


def test_the_versions_part_where_a_seizure_is_the_first() -> None:
    first = {"time_h": 5, "seizure": "brief", "seizure_type": "partial", "seizure_loss_of_consciousness": False,
             "seizure_new_onset": True, "seizure_multiple_despite_treatment": False}  # fmt: skip
    calm = {k: plain.MILDEST[k] for k in fields_of("ctcae-5", "neurotoxicity") if k in plain.MILDEST}
    observation = read_case({"observations": [{**calm, **first}]}).observations[0]
    found = {version: str(grade(observation, load(version).scale("neurotoxicity"))) for version, _ in SCALES}
    assert found == {"ctcae-5": "3", "ctcae-4": "1"}


def test_a_multiple_of_a_limit_is_exact() -> None:
    """3 × 1.2 is 3.5999… in binary; a bilirubin of 3.6 mg/dL is still not above it."""
    observation = read_case({"observations": [{"time_h": 5, "bilirubin_mg_dl": 3.6}]}).observations[0]
    assert str(grade(observation, load("ctcae-5").scale("bilirubin"))) == "2"
