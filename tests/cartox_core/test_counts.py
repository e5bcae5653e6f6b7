"""CTCAE counts of blood cells: the tables, the columns and a plain ladder give one answer at every edge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core import columns_of, grade, grade_columns, load, read_case

VERSIONS = {version: load(version) for version in ("ctcae-5", "ctcae-4")}
LADDERS = {  # the field, the lower limit of normal, and below what grades 2, 3 and 4 begin (CTCAE, Investigations)
    "neutropenia": ("anc_per_ul", 2000, (1500, 1000, 500)),
    "thrombocytopenia": ("platelets_10e9_l", 150, (75, 50, 25)),
    "lymphopenia": ("lymphocytes_per_ul", 1000, (800, 500, 200)),
}
COUNTS = [("ctcae-5", name) for name in LADDERS] + [("ctcae-4", name) for name in ("neutropenia", "thrombocytopenia")]
EACH = pytest.mark.parametrize(("version", "name"), COUNTS)


EDGES = [0, 10, 24.9, 25, 49.9, 50, 74.9, 75, 149.9, 150, 199.9, 200, 499.9, 500, 799.9, 800, 999.9, 1000, 1499.9, 1500,
         1999.9, 2000]  # fmt: skip


def plain(scale: str, value: float) -> int:
    _, normal, (moderate, severe, worst) = LADDERS[scale]
    if value < worst:
        return 4
    if value < severe:
        return 3
    if value < moderate:
        return 2
    return 1 if value < normal else 0


@EACH
@given(value=st.sampled_from(EDGES) | st.floats(10, 3000))
def test_every_count(version: str, name: str, value: float) -> None:
    scale = VERSIONS[version].scale(name)
    case = read_case({"observations": [{"time_h": 1, LADDERS[name][0]: value}]})
    found = grade(case.observations[0], scale)
    columns = grade_columns(columns_of([case], scale.fields), scale)
    assert (found.floor, found.ceiling) == (int(columns.floor[0]), int(columns.ceiling[0])) == (plain(name, value),) * 2


@EACH
def test_no_count_is_any_grade(version: str, name: str) -> None:
    case = read_case({"observations": [{"time_h": 1}]})
    assert str(grade(case.observations[0], VERSIONS[version].scale(name))) == "0–4"


INFECTION = {None: (0, 4), "none": (0, 0), "mild": (1, 1), "moderate": (2, 2), "severe": (3, 3)}


@pytest.mark.parametrize(("level", "expected"), [*INFECTION.items(), ("life_threatening", (4, 4))])
def test_every_infection(level: str | None, expected: tuple[int, int]) -> None:
    scale = VERSIONS["ctcae-5"].scale("infection")
    case = read_case({"observations": [{"time_h": 1, "infection": level}]})
    found = grade(case.observations[0], scale)
    columns = grade_columns(columns_of([case], scale.fields), scale)
    assert (found.floor, found.ceiling) == (int(columns.floor[0]), int(columns.ceiling[0])) == expected


def test_a_count_at_another_unit_is_refused_with_a_hint() -> None:
    with pytest.raises(ValueError, match=r"counts are per µL: 0\.4 × 10⁹/L is 400"):
        read_case({"observations": [{"time_h": 1, "anc_per_ul": 0.4}]})
