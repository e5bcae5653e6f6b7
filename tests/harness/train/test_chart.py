"""The chart that a trainee sees: what was charted, as it was, until one hour, and no grade."""

import itertools
import re
from typing import Any

import pytest

from cartox_core import Case, read_case
from harness.train import shown
from harness.train.chart import Line, Strip, chart_of
from harness.train.draw import drawn
from harness.train.feedback import feedback
from harness.train.ice_items import ITEMS, ice_items, without_ice_now
from harness.train.notes import notes
from tests.signs import NO_SIGNS as WELL


def case_of(*rows: dict[str, Any], given: tuple[dict[str, Any], ...] = ()) -> Case:
    return read_case({"patient": {"age_years": 60}, "observations": list(rows), "treatments": list(given)})


def lane(case: Case, title: str) -> Line | Strip:
    return next(lane for lane in chart_of(case).lanes if lane.title == title)


def words(case: Case, title: str) -> list[tuple[float, float, str, int]]:
    found = lane(case, title)
    assert isinstance(found, Strip)
    return [(s.start_h, s.end_h, s.words, s.strength) for s in found.spans]


@pytest.mark.parametrize(
    ("seen", "title", "told", "strength"),
    [
        ({"o2_device": "nasal_cannula", "o2_flow_l_min": 6.0}, "Oxygen", "nasal cannula 6 L/min", 1),
        ({"o2_device": "nasal_cannula"}, "Oxygen", "nasal cannula", 1),
        ({"o2_device": "cpap", "positive_pressure_reason": "chronic"}, "Oxygen", "CPAP (chronic)", 3),
        ({"o2_device": "none", "oxygen_other_cause": True}, "Oxygen", "room air (another cause)", 0),
        ({"vasopressors": 1, "vasopressin": True}, "Vasopressors", "1 + vasopressin", 2),
        ({"vasopressors": 0, "vasopressin": True}, "Vasopressors", "vasopressin", 1),
        ({"vasopressors": 0, "vasopressin": False}, "Vasopressors", "none", 0),
        ({"vasopressors": 1}, "Vasopressors", "1 + vasopressin not charted", 2),
        (
            {"vasopressors": 1, "vasopressin": False, "vasopressor_other_cause": True},
            "Vasopressors",
            "1 + for another cause",
            2,
        ),
        ({"hypotension": False}, "Pressure judged", "not low", 0),
        ({"consciousness": "unarousable"}, "Awakens", "unarousable", 3),
        (
            {"consciousness": "tactile", "consciousness_other_cause": True},
            "Awakens",
            "another cause: to touch",
            2,
        ),
        ({**WELL, "seizure": "brief", "cn6_palsy": True}, "Other signs", "seizure: brief; sixth nerve palsy", 3),
        (WELL, "Other signs", "none", 0),
        ({k: v for k, v in WELL.items() if k != "seizure"}, "Other signs", "none; not charted: seizure", 0),
        ({"o2_flow_l_min": 2.0}, "Oxygen", "device not charted, 2 L/min", 1),
        (
            {"o2_device": "mechanical_ventilation", "consciousness": "tactile", "consciousness_other_cause": True},
            "Awakens",
            "sedated: to touch",
            2,
        ),
    ],
)
def test_what_is_charted_is_told_as_it_is(seen: dict[str, Any], title: str, told: str, strength: int) -> None:
    assert words(case_of({"time_h": 4, **seen}), title) == [(4.0, 4.0, told, strength)]


def test_what_is_not_charted_is_no_normal() -> None:
    case = case_of(
        {"time_h": 0, "o2_device": "none"},
        {"time_h": 4},
        {"time_h": 8, "o2_device": "none", "temp_c": 37.0},
    )
    assert words(case, "Oxygen") == [(0.0, 4.0, "room air", 0), (8.0, 8.0, "room air", 0)]
    assert words(case, "Awakens") == []
    picture = drawn(chart_of(case), tutor=False)
    assert picture.count("not charted") == len(chart_of(case).lanes) - 2
    assert shown.rows(case_of({"time_h": 4, "temp_c": 37.0}))[0][2:] == ["–"] * 9


def test_equal_neighbours_are_one_span() -> None:
    case = case_of(*({"time_h": 4 * i, "o2_device": "none"} for i in range(3)))
    assert words(case, "Oxygen") == [(0.0, 8.0, "room air", 0)]


def test_children_have_capd() -> None:
    case = case_of({"time_h": 4, "capd": 12})
    assert isinstance(lane(case, "CAPD"), Line)
    assert not any(one.title == "ICE" for one in chart_of(case).lanes)
    assert shown.rows(case_of({"time_h": 4, "temp_c": 37.0, "capd": 12}))[0][8] == "12"
    assert shown.heads(case)[8] == "CAPD" and shown.heads(case_of({"time_h": 4, "ice": 9}))[8] == "ICE"
    child = read_case({"patient": {"age_years": 11}, "observations": [{"time_h": 4, "temp_c": 37.0}]})
    assert shown.heads(child)[8] == "CAPD" and any(one.title == "CAPD" for one in chart_of(child).lanes)


def test_the_table_has_every_round_of_the_chart() -> None:
    rounds = [{"time_h": 4.0 * i, "temp_c": 37.0 + i / 10} for i in range(40)]
    case = case_of(*rounds, {"time_h": 157, "crp_mg_dl": 2.0}, {"time_h": 158, "consciousness": "voice"})
    charted = lane(case, "Temperature")
    assert isinstance(charted, Line)
    told = [row for row in shown.rows(case) if row[1] != "–"]
    assert [(row[0], row[1]) for row in reversed(told)] == [(shown.when(h), f"{v:.1f}") for h, v in charted.points]
    assert shown.rows(case)[0][0] == "day 6, 14:00" and len(told) == len(shown.rows(case)) - 1


def test_a_temperature_has_one_decimal() -> None:
    case = case_of({"time_h": 4, "temp_c": 39.0})
    assert shown.rows(case)[0][1] == "39.0"
    assert re.search(r'class="value"[^>]*>39\.0<', drawn(chart_of(case), tutor=False))


def test_the_window_is_five_days_and_begins_with_the_infusion() -> None:
    rows = [{"time_h": 4.0 * i, "temp_c": 37.0} for i in range(-10, 50)]
    late, early = case_of(*rows), case_of(*rows[:20])
    assert (chart_of(late).start_h, chart_of(late).now_h) == (76.0, 196.0)
    assert chart_of(early).start_h == 0.0
    assert all(hour >= 76 for hour, _ in lane(late, "Temperature").points)  # type: ignore[union-attr]
    before = case_of({"time_h": -20, "temp_c": 37.0}, {"time_h": -4, "temp_c": 37.2})
    assert chart_of(before).start_h == -20.0


def test_words_in_a_picture_are_escaped() -> None:
    given = ({"time_h": 4, "drug": "dexamethasone", "dose": 10, "unit": "<b>mg"},)
    picture = drawn(chart_of(case_of({"time_h": 4, "temp_c": 37.0}, given=given)), tutor=True)
    assert "<b>" not in picture and "&lt;b&gt;mg" in picture


def test_notes_tell_what_changed_and_what_was_given() -> None:
    case = case_of(
        {"time_h": 0, "o2_device": "none", "hypotension": False},
        {"time_h": 4, "o2_device": "nasal_cannula", "o2_flow_l_min": 2, "hypotension": True},
        {"time_h": 8, "o2_device": "nasal_cannula", "o2_flow_l_min": 2, "hypotension": True},
        {"time_h": 12, "o2_device": "none"},
        given=({"time_h": 5, "drug": "norepinephrine", "dose": 0},),
    )
    assert [(note.hour, note.words) for note in notes(case)] == [
        (12.0, "Oxygen: room air."),
        (5.0, "Given: norepinephrine, stopped."),
        (4.0, "Pressure: low."),
        (4.0, "Oxygen: nasal cannula 2 L/min."),
    ]


def test_acetaminophen_that_goes_on_is_one_note() -> None:
    mg = {"drug": "acetaminophen", "dose": 650, "unit": "mg"}
    every = [{"time_h": 36.0 + 6 * i, **mg} for i in range(5)]
    case = case_of({"time_h": 90}, given=(*every, {"time_h": 48, "drug": "tocilizumab"}, {"time_h": 84, **mg}))
    assert [(note.hour, note.words) for note in notes(case)] == [
        (84.0, "Given: acetaminophen 650 mg."),
        (60.0, "Given: acetaminophen 650 mg every 6 h since day 1, 12:00."),
        (48.0, "Given: tocilizumab."),
    ]
    odd = case_of({"time_h": 90}, given=tuple({"time_h": hour, **mg} for hour in (36, 42, 52)))
    assert [note.words for note in notes(odd)] == ["Given: acetaminophen 650 mg 3 times since day 1, 12:00."]


def test_what_is_charted_now_stands_right_of_now() -> None:
    rounds = [{"time_h": 4.0 * i, "o2_device": "none", "hypotension": False, "vasopressors": 0} for i in range(31)]
    rounds = [{**one, "vasopressin": False} for one in rounds]
    latest = {**rounds[-1], "time_h": 124, "o2_device": "high_flow_nasal_cannula", "o2_flow_l_min": 40}
    picture = drawn(chart_of(case_of(*rounds, latest)), tutor=False)
    now = re.search(r'class="now" x1="([\d.]+)"', picture)
    assert now is not None
    at_now = re.findall(r'class="in at-now" x="([\d.]+)".*?>(.*?)<', picture)
    assert [words for _, words in at_now] == ["not low", "none", "high-flow 40 L/min"]
    assert all(float(x) > float(now[1]) for x, _ in at_now)


def test_thresholds_have_their_values_for_tutors() -> None:
    case = case_of({"time_h": 4, "temp_c": 37.0, "ice": 10})
    told = re.findall(r'class="limit".*?>(.*?)<', drawn(chart_of(case), tutor=True))
    assert sorted(told) == ["2|3", "38.0", "6|7", "9|10"]
    assert 'class="limit"' not in drawn(chart_of(case), tutor=False)


def names_below(picture: str) -> list[tuple[float, float, str]]:
    return [(float(x), float(y), name) for x, y, name in re.findall(r'"drug" x="(.+?)" y="(.+?)".*?>(.+?)<', picture)]


def test_every_drug_that_decides_is_named() -> None:
    deciding = ("tocilizumab", "dexamethasone", "norepinephrine", "vasopressin", "anakinra")
    antipyretic = [{"time_h": 6.0 * i, "drug": "acetaminophen", "dose": 650, "unit": "mg"} for i in range(16)]
    given = [{"time_h": 50.0 + i / 2, "drug": drug, "dose": 10, "unit": "mg"} for i, drug in enumerate(deciding)]
    case = case_of({"time_h": 0, "temp_c": 37.0}, {"time_h": 96, "temp_c": 37.0}, given=(*antipyretic, *given))
    picture = drawn(chart_of(case), tutor=False)
    named = names_below(picture)
    assert {"toci", "dexa", "nore", "vaso", "anak"} <= {name for _, _, name in named}
    assert len({y for _, y, _ in named}) == len(deciding)  # one under the other, since there is no room beside
    rows: dict[float, list[float]] = {}
    for x, y, _ in named:
        rows.setdefault(y, []).append(x)
    for xs in rows.values():
        assert all(after - before >= 20 for before, after in itertools.pairwise(sorted(xs)))
    height = re.search(r'viewBox="0 0 \d+ (\d+)', picture)
    assert height is not None and max(rows) < float(height[1])


@pytest.mark.parametrize("total", range(11))
def test_items_add_up(total: int) -> None:
    items = ice_items(total, "v1/table1/ZUMA-1/1/42", 60.0)
    assert sum(items.values()) == total
    assert all(0 <= items[name] <= most for name, (most, _) in ITEMS.items())


def test_the_total_is_hidden_now_alone() -> None:
    case = without_ice_now(case_of({"time_h": 0, "ice": 10}, {"time_h": 12, "ice": 4, "consciousness": "voice"}))
    assert [o.ice for o in case.observations] == [10, None] and case.observations[-1].consciousness == "voice"


def test_laboratory_values_of_the_latest_days() -> None:
    case = case_of(*({"time_h": 24.0 * i, "crp_mg_dl": float(i)} for i in range(6)))
    heads, rows = shown.labs(case)
    assert heads == ["", "day 2, 00:00", "day 3, 00:00", "day 4, 00:00", "day 5, 00:00", ""]
    assert rows == [["CRP", "2", "3", "4", "5", "mg/dL"]]
    assert shown.labs(case_of({"time_h": 0}))[1] == []


def test_feedback_in_words() -> None:
    because = [
        {"bound": "floor", "text": "a fever", "clause": "x", "cite": ["lee-2019"], "findings": {"temp_c": 38.4}},
        {"bound": "ceiling", "text": "no clause"},
    ]
    told = {
        "verdict": "guessed",
        "floor": 1,
        "ceiling": 3,
        "because": because,
        "missing": ["o2_device"],
        "changes": [{"field": "o2_device", "was": None, "now": "none"}],
    }
    attempt = {
        "answer": {"grades": {"crs": {"grade": 1, "because": ""}}},
        "found": {"scales": {"crs": told}},
    }
    (one,) = feedback(attempt)
    assert (one.title, one.given, one.right) == ("CRS", "grade 1", "cannot be told: grade 1 to 3")
    assert one.why == (("at least: a fever (temperature 38.4 °C)", "Lee 2019"), ("at most: no clause", ""))
    assert one.missing == "oxygen"
    assert one.change == "Grade 1 would have been right with oxygen room air (not charted)."
    attempt["answer"]["grades"]["crs"] = {"grade": None, "because": "ice"}
    assert feedback(attempt)[0].given == "cannot be told: ICE missing"


def test_what_was_judged_of_a_fever_a_seizure_or_a_weakness_is_told() -> None:
    case = case_of(
        {"time_h": 0, "temp_c": 37.0},
        {
            **WELL,
            "time_h": 4,
            "temp_c": 39.0,
            "fever_other_cause": True,
            "seizure": "brief",
            "seizure_other_cause": True,
        },
    )
    assert words(case, "Fever judged") == [(4.0, 4.0, "has another cause", 1)]
    assert words(case, "Other signs")[-1][2] == "seizure: brief (another cause)"
    assert "Fever: has another cause." in [note.words for note in notes(case)]
    assert not any(one.title == "Fever judged" for one in chart_of(case_of({"time_h": 4, "temp_c": 39.0})).lanes)


def _told(**told: Any) -> dict[str, Any]:
    whole = {"verdict": "over", "floor": 0, "ceiling": 0, "because": [], "missing": [], "changes": [], **told}
    return {"answer": {"grades": {"crs": {"grade": 1, "because": ""}}}, "found": {"scales": {"crs": whole}}}


def test_the_feedback_says_what_does_not_count_and_why_a_grade_is_0() -> None:
    excused = [{"field": "positive_pressure_reason", "cite": ["lee-2019"]}]
    changes = [{"field": "positive_pressure_reason", "was": "chronic", "now": "hypoxia"}]
    (one,) = feedback(_told(excused=excused, changes=changes))
    assert one.excused == (("Positive pressure counts where it is given for hypoxia; here it is not", "Lee 2019"),)
    assert one.change == "Grade 1 would have been right with positive pressure given for hypoxia."
    no_sign = [{"bound": "grade", "text": "no sign is present"}]
    (one,) = feedback(_told(because=no_sign, fever_h=112.0))
    assert one.why == (("neither fever nor hypotension nor hypoxia", ""),)
    assert "last at day 4, 16:00" in one.episode and "the grade of this hour is 0" in one.episode
    shut = [{"bound": "grade", "text": "the gate is closed; it opens with a fever", "cite": ["lee-2019"]}]
    (one,) = feedback(_told(because=shut, fever_h=112.0))
    assert one.why == (("no CRS, which needs a fever", "Lee 2019"),) and "has resolved" in one.episode
    (one,) = feedback(_told(floor=2, ceiling=2, fever_h=112.0))
    assert one.episode.startswith("No fever is needed now")
    (one,) = feedback(_told(ice_before=7))
    assert one.episode.startswith("ICE was 7 at the infusion already")


def test_a_microgram_is_written_as_such() -> None:
    given = [
        {"time_h": 3, "drug": "gcsf", "dose": 300, "unit": "ug"},
        {"time_h": 3, "drug": "gcsf", "dose": 5, "unit": "ug/kg"},
    ]
    picture = drawn(chart_of(case_of({"time_h": 4, "temp_c": 37.0}, given=given)), tutor=True)
    assert "gcsf 300 µg, hour 3" in picture and "gcsf 5 µg/kg, hour 3" in picture
