"""Rows put in order and merged by stated rules."""

import math
from typing import Any

import pytest

from cartox_core import grade_course, load, read_case
from harness.exchange.chart import Chart, Remark, Row
from harness.exchange.merge import Applied, merged, rules_told, summed


def chart(*rows: Row, treatments: tuple[dict[str, Any], ...] = ()) -> Chart:
    return Chart("a", {"age_years": 60.0}, rows, treatments)


def silent(remark: Remark) -> None:
    raise AssertionError(remark)


def counts(found: tuple[Applied, ...]) -> dict[str, int]:
    return {each.rule: each.count for each in found}


def test_one_row_an_hour_comes_out_as_it_is() -> None:
    rows = [Row(0.0, {"temp_c": 37.0}), Row(1.0, {}), Row(2.5, {"temp_c": 38.0})]
    made = merged(chart(*rows), "hour", silent)
    assert made.raw["observations"] == [{"time_h": r.time_h, **r.values} for r in rows]
    assert made.applied == ()
    assert made.raw["patient"] == {"age_years": 60.0}


def test_out_of_order_duplicate_and_several_an_hour() -> None:
    rows = [
        Row(5.5, {"temp_c": 38.4}, "row 2", "nurse"),
        Row(5.25, {"temp_c": 39.0, "ice": 10}, "row 3", "monitor"),
        Row(5.25, {"temp_c": 39.0, "ice": 10}, "row 4", "chart"),
        Row(40.0, {"temp_c": 37.0}, "row 5", "nurse"),
    ]
    made = merged(chart(*rows), "hour", silent)
    assert made.raw["observations"] == [{"time_h": 5.5, "temp_c": 39.0, "ice": 10}, {"time_h": 40.0, "temp_c": 37.0}]
    assert counts(made.applied) == {"order": 1, "duplicate": 1, "within": 2, "worst": 1, "gap": 1}
    assert made.sources == ("chart", "monitor", "nurse")
    assert made.applied[0].first == "monitor, row 3"
    assert made.applied[3].first == "5.5 h, temp_c 39.0 (monitor, row 3) and 38.4 (nurse, row 2)"


def test_an_hour_begins_at_the_infusion() -> None:
    rows = [Row(-0.5, {"temp_c": 39.0}), Row(0.25, {"temp_c": 37.0}), Row(0.99, {"temp_c": 37.5}), Row(1.0, {})]
    made = merged(chart(*rows), "hour", silent)
    assert [o["time_h"] for o in made.raw["observations"]] == [-0.5, 0.99, 1.0]


def test_within_a_minute_only() -> None:
    rows = [Row(5.0, {"temp_c": 38.0}), Row(5.001, {"temp_c": 39.0}), Row(5.1, {"temp_c": 37.0})]
    made = merged(chart(*rows), "minute", silent)
    assert [o["temp_c"] for o in made.raw["observations"]] == [39.0, 37.0]


def test_not_at_all() -> None:
    rows = [Row(5.5, {"temp_c": 38.0}), Row(5.0, {"temp_c": 39.0})]
    made = merged(chart(*rows), None, silent)
    assert [o["time_h"] for o in made.raw["observations"]] == [5.5, 5.0]  # which the core refuses
    assert made.applied == ()


def test_doses_charted_twice_count_once() -> None:
    dose = {"time_h": 4.0, "drug": "tocilizumab", "dose": 560.0, "unit": "mg"}
    made = merged(chart(Row(4.0, {}), treatments=(dose, dict(dose), {**dose, "time_h": 12.0})), "hour", silent)
    assert [d["time_h"] for d in made.raw["treatments"]] == [4.0, 12.0]
    assert counts(made.applied) == {"dose": 1}


def test_a_value_that_the_protocol_refuses_is_not_merged_away() -> None:
    told: list[Remark] = []
    rows = (Row(4.0, {"temp_c": 3.9}, "row 2"), Row(4.5, {"temp_c": 39.0}, "row 3"))
    made = merged(chart(*rows), "hour", told.append)
    assert [o["temp_c"] for o in made.raw["observations"]] == [3.9, 39.0]
    assert (
        str(told[0])
        == "row 2, column temp_c: 3.9 is not a number from 25 to 45 Cel (102.2 °F are 39.0 °C); the case is refused"
    )


@pytest.mark.parametrize("time_h", [math.inf, math.nan, -800.0])
def test_nor_is_such_a_time(time_h: float) -> None:
    told: list[Remark] = []
    made = merged(chart(Row(time_h, {}, "row 2"), Row(4.5, {}, "row 3")), "hour", told.append)
    assert len(made.raw["observations"]) == 2
    assert str(told[0]).startswith(f"row 2, column time_h: {time_h} is not a number from -720 to 43,800 h")


@pytest.mark.parametrize("first", ["", "row 7"])
def test_rules_are_told_with_how_often(first: str) -> None:
    (line,) = rules_told([Applied("gap", 3, first)], "hour")
    assert line.startswith("stretches of more than 24 h without a row")
    assert line.endswith("(3, first at row 7)" if first else "(3)")


def test_rules_of_several_charts_are_counted_together() -> None:
    late = chart(Row(5.0, {}, "row 2"), Row(4.0, {}, "row 3"))
    twice = Chart("b", {}, late.rows)
    found = summed([merged(late, "hour", silent), merged(twice, "hour", silent)])
    assert found == (Applied("order", 2, "row 3 of a"),)


def test_rows_of_one_minute_that_do_not_differ_are_one() -> None:
    rows = [
        Row(5.0, {"temp_c": 39.0, "o2_device": "nasal_cannula"}, "row 2", "monitor"),
        Row(5.0, {"fever_other_cause": True, "o2_flow_l_min": 7.0}, "row 3", "doctor"),
        Row(5.5, {"temp_c": 37.0}, "row 4", "monitor"),
    ]
    made = merged(chart(*rows), "hour", silent)
    oxygen = {"o2_device": "nasal_cannula", "o2_flow_l_min": 7.0}
    assert made.raw["observations"] == [{"time_h": 5.5, "temp_c": 37.0, **oxygen}]  # 39.0 has another cause
    assert counts(made.applied) == {"joined": 1, "within": 2, "worst": 2}  # 39.0, and its attribution
    assert made.applied[2].first == "5.5 h, temp_c 39.0 (doctor and monitor, row 2) and 37.0 (monitor, row 4)"


def test_what_differs_at_one_minute_is_not_joined() -> None:
    rows = [Row(5.0, {"temp_c": 39.0}), Row(5.0, {"temp_c": 38.2, "fever_other_cause": True}), Row(5.0, {"ice": 9})]
    made = merged(chart(*rows), "minute", silent)
    assert made.raw["observations"] == [{"time_h": 5.0, "temp_c": 39.0, "ice": 9}]
    oxygen = [Row(5.0, {"o2_device": "none"}), Row(5.0, {"o2_flow_l_min": 4.0})]
    assert merged(chart(*oxygen), "minute", silent).raw["observations"] == [{"time_h": 5.0, "o2_flow_l_min": 4.0}]
    scores = [Row(5.0, {"ice": 9}), Row(5.0, {"ice_items": {"year": 0, "naming": 1}})]
    assert merged(chart(*scores), "minute", silent).raw["observations"] == [
        {"time_h": 5.0, "ice_items": {"year": 0, "naming": 1}}
    ]


def test_an_attribution_that_excuses_nothing_is_told() -> None:
    rows = [Row(5.0, {"temp_c": 39.4}, "row 2", "monitor"), Row(5.5, {"fever_other_cause": True}, "row 3", "doctor")]
    made = merged(chart(*rows), "hour", silent)
    assert made.raw["observations"] == [{"time_h": 5.5, "temp_c": 39.4}]
    assert made.applied[-1] == Applied("worst", 1, "5.5 h, fever_other_cause True (doctor, row 3)")


def test_boluses_since_the_last_observation_are_added_up() -> None:
    at = [5.0, 5.0, 5.3, 5.6, 7.0]  # of two rows of a minute the higher counts: they may chart the same bolus
    boluses = [1, 2, 1, 0, 1]
    rows = [Row(h, {"iv_fluid_boluses": n, "ice": 9 - i}) for i, (h, n) in enumerate(zip(at, boluses, strict=True))]
    made = merged(chart(*rows), "hour", silent)
    assert [o["iv_fluid_boluses"] for o in made.raw["observations"]] == [3, 1]
    assert [o["iv_fluid_boluses"] for o in merged(chart(*rows), "minute", silent).raw["observations"]] == [2, 1, 0, 1]
    many = [Row(5.0 + i / 10, {"iv_fluid_boluses": 9}) for i in range(3)]
    assert merged(chart(*many), "hour", silent).raw["observations"] == [{"time_h": 5.2, "iv_fluid_boluses": 20}]


def test_an_hour_is_divided_where_the_dose_of_a_vasopressor_changes() -> None:
    """By the last row, after the end of the infusion, no dose would be high any more."""
    rows = [
        Row(24.0, {"temp_c": 38.5}),
        Row(28.1, {"vasopressors": 1, "hypotension": True}),
        Row(28.2, {"temp_c": 38.4}),
        Row(28.6, {"vasopressors": 0}),
        Row(28.8, {"temp_c": 38.3}),
    ]
    run = {"drug": "norepinephrine", "unit": "ug/kg/min"}  # high from 0.2 on
    doses = ({"time_h": 24.0, "dose": 0.3, **run}, {"time_h": 28.6, "dose": 0.0, **run})
    made = merged(chart(*rows, treatments=doses), "hour", silent)
    assert [o["time_h"] for o in made.raw["observations"]] == [24.0, 28.2, 28.8]
    penn, case = load("penn-2018").scale("crs"), read_case(made.raw)
    # high after 3 hours, Penn grade 4; afterwards there is none
    assert [each.floor for each in grade_course(case.observations, case.treatments, penn).grades] == [1, 4, 1]
    others = ({"time_h": 28.15, "drug": "tocilizumab"}, {"time_h": 28.15, "drug": "acetaminophen"})
    made = merged(chart(*rows, treatments=others), "hour", silent)
    assert [o["time_h"] for o in made.raw["observations"]] == [24.0, 28.8]


def test_a_dose_at_no_time_is_told_and_nothing_merged() -> None:
    told: list[Remark] = []
    dose = {"time_h": math.inf, "drug": "dopamine"}
    made = merged(chart(Row(5.0, {}), Row(5.1, {}), treatments=(dose,)), "hour", told.append)
    assert len(made.raw["observations"]) == 2
    assert str(told[0]).startswith("a dose of dopamine: its time inf is not a number from -720")
