"""HLH by CARTOX: a second implementation, without tables, agrees on every course of the suite and on random ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cartox_core import Grade, columns_of, grade_course, grade_course_columns, load, read_case
from harness.verify.suite.highest import highest

FINDINGS = (
    ("transaminase_grade", "bilirubin_grade"),
    ("creatinine_grade", "oliguria_grade"),
    ("pulmonary_edema_grade",),
    ("hemophagocytosis",),
)


def plain_hlh(rows: Sequence[Mapping[str, Any]], reading: str = "any_time") -> Grade:
    """Ferritin above 10,000 and two findings; what was never charted may be either."""
    after = [row for row in rows if row["time_h"] >= 0]

    def seen(name: str, wanted: Any, until_h: float = float("inf")) -> tuple[bool, bool]:
        values = [row[name] for row in after if row.get(name) is not None and row["time_h"] < until_h]
        found = any(wanted(value) for value in values)
        return found, found or not values

    ferritin = seen("ferritin_ng_ml", lambda v: v > 10_000, 6 * 24 if reading == "five_days" else float("inf"))
    sure = maybe = 0
    for names in FINDINGS:
        each = [seen(name, lambda v: v is True or (v is not False and v >= 3)) for name in names]
        sure += any(found for found, _ in each)
        maybe += any(could for _, could in each)
    return Grade(int(ferritin[0] and sure >= 2), int(ferritin[1] and maybe >= 2))


ROWS = st.lists(
    st.fixed_dictionaries(
        {"time_h": st.sampled_from([-30, 0, 20, 100, 143, 144, 600])},
        optional={
            "ferritin_ng_ml": st.sampled_from([500, 10_000, 10_001]),
            "hemophagocytosis": st.booleans(),
            **{name: st.sampled_from([0, 2, 3, 4]) for names in FINDINGS[:3] for name in names},
        },
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row["time_h"],
).map(lambda rows: sorted(rows, key=lambda row: row["time_h"]))


@given(rows=ROWS, reading=st.sampled_from(["any_time", "five_days"]))
def test_scalar_columns_and_the_plain_implementation_agree(rows: list[dict[str, Any]], reading: str) -> None:
    scale = load("cartox-2018", {"H19": reading}).scale("hlh")
    case = read_case({"observations": rows})
    expected = plain_hlh(rows, reading)
    assert grade_course(case.observations, (), scale).grades == (expected,)
    columns = grade_course_columns(columns_of([case, case], scale.fields), scale)
    assert columns.floor.tolist() == [expected.floor] * 2
    assert columns.ceiling.tolist() == [expected.ceiling] * 2


def test_the_plain_implementation_agrees_with_every_course_of_the_suite() -> None:
    shelf = load("cartox-2018")
    cases = list(highest(shelf, shelf.scale("hlh")))
    assert len(cases) > 500
    for case in cases:
        assert case.expected == (plain_hlh(case.raw["observations"]),), case.id
