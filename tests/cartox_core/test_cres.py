"""CARTOX neurotoxicity: the tables, the columns and a plain implementation give one answer."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import columns_of, explain, grade, grade_columns, load, read_case
from cartox_core.tables import axis_of
from harness.cli.narrowing import narrowing_fields
from harness.cli.story import charted

CRES = load("cartox-2018").scale("cres")
VALUES: dict[str, list[Any]] = {  # from the mildest to the worst
    "cartox10": [10, 9, 7, 6, 3, 2, 0],
    "consciousness": ["spontaneous", "voice", "tactile", "unarousable"],
    "consciousness_other_cause": [False, True],
    "papilledema_stage": [0, 1, 2, 3, 5],
    "csf_opening_pressure_mmhg": [5.0, 15.0, 15.1, 19.9, 20.0, 40.0],
    "cerebral_edema": ["none", "focal", "diffuse"],
    "seizure": ["none", "brief", "prolonged_or_repetitive"],
    "seizure_type": ["partial", "nonconvulsive", "generalized"],
    "seizure_other_cause": [False, True],
    "motor_weakness": ["none", "mild", "deep_focal"],
    "motor_other_cause": [False, True],
    "death_from_icans": [False, True],
}
ITEMS = {"year": 1, "month": 1, "city": 1, "hospital": 1, "president": 1, "naming": 3, "writing": 1, "attention": 1}
DEFAULTED = ("consciousness_other_cause", "seizure_other_cause", "motor_other_cause", "death_from_icans")


def plain(o: dict[str, Any]) -> int:
    if o["death_from_icans"]:
        return 5
    score = 0 if o["cartox10"] == 10 else 1 if o["cartox10"] >= 7 else 2 if o["cartox10"] >= 3 else 3
    coma = 4 if o["consciousness"] == "unarousable" and not o["consciousness_other_cause"] else 0
    disc = 0 if o["papilledema_stage"] == 0 else 3 if o["papilledema_stage"] <= 2 else 4
    csf = o["csf_opening_pressure_mmhg"]
    pressure = 4 if csf >= 20 else 3 if csf > 15 else 0
    edema = 0 if o["cerebral_edema"] == "none" else 4
    fit = 0
    if o["seizure"] != "none" and not o["seizure_other_cause"]:
        fit = 3 if o["seizure"] == "brief" and o["seizure_type"] != "generalized" else 4
    weak = 4 if o["motor_weakness"] != "none" and not o["motor_other_cause"] else 0
    return max(score, coma, disc, pressure, edema, fit, weak)


def expected(row: dict[str, Any]) -> tuple[int, int]:
    """Every unknown sign at its mildest, and at its worst."""
    known = {k: v for k, v in row.items() if v is not None}
    ends = []
    items = known.pop("cartox10_items", {})
    for end in (0, -1):
        unknown = {k: (v[0] if k in DEFAULTED else v[end]) for k, v in VALUES.items()}
        unknown["cartox10"] = sum(items.get(name, 0 if end else most) for name, most in ITEMS.items())
        ends.append(plain({**unknown, **known}))
    return ends[0], ends[1]


def compared(rows: list[dict[str, Any]]) -> None:
    cases = [read_case({"observations": [{"time_h": 5.0, **row}]}) for row in rows]
    columns = grade_columns(columns_of(cases, CRES.fields), CRES)
    for i, (row, case) in enumerate(zip(rows, cases, strict=True)):
        found = grade(case.observations[0], CRES)
        assert (found.floor, found.ceiling) == expected(row), row
        assert (int(columns.floor[i]), int(columns.ceiling[i])) == expected(row), row


def test_every_cell_of_every_domain() -> None:
    calm = {k: v[0] for k, v in VALUES.items() if k not in DEFAULTED}
    rows = []
    for domain in CRES.domains:
        samples = [[*(b.sample for b in axis_of(n, domain.clauses).bands), None] for n in domain.fields]
        for values in itertools.product(*samples):
            cell = dict(zip(domain.fields, values, strict=True))
            rows += [{**calm, **cell}, cell]
    assert len(rows) > 100
    compared(rows)


@settings(max_examples=300, deadline=None)
@given(st.fixed_dictionaries({}, optional={k: st.none() | st.sampled_from(v) for k, v in VALUES.items()}))
def test_random_charts(row: dict[str, Any]) -> None:
    compared([row])


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({}, optional={k: st.integers(0, most) for k, most in ITEMS.items()}))
def test_items_known_in_part(items: dict[str, int]) -> None:
    calm = {k: v[0] for k, v in VALUES.items() if k not in DEFAULTED and k != "cartox10"}
    compared([{**calm, "cartox10_items": items}, {"cartox10_items": items}])


def test_the_total_decides_where_it_is_charted_beside_its_items() -> None:
    compared([{"cartox10": 7, "cartox10_items": {"naming": 3, "president": 0}}])
    with pytest.raises(ValueError, match="items that add up to the cartox10 of 9; these give 2 to 8"):
        read_case({"observations": [{"time_h": 5, "cartox10": 9, "cartox10_items": {"naming": 2, "president": 0}}]})


def test_an_explanation_names_the_items() -> None:
    case = read_case({"observations": [{"time_h": 5, "cartox10_items": {"naming": 3, "year": 0}}]})
    assert charted(case.observations[0], CRES) == "cartox10_items (year 0, naming 3)"
    found, why = explain(case.observations[0], CRES)
    assert (found.floor, found.ceiling) == (1, 4)  # 3 to 9 points are grade 1 or 2; coma and the rest are unknown
    assert "cartox10_items" in narrowing_fields(case, CRES, 0)
    assert why
