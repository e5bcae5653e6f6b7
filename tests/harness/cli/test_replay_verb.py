"""``cartox replay``: a bedside chart that can be read."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest

from cartox_core import load
from harness.cli.app import PURPOSE
from harness.cli.replay import bedside_chart
from harness.cohort.example import Example, make_again
from harness.patients.address import Address
from tests.harness.cli.conftest import Cartox
from tests.harness.simulated import graded, guideline


def an_example(**peaks: int) -> Example:
    """The first patient of a trial with those peak grades."""
    block = graded("table1", "ZUMA-3", count=400)
    good = [all(block.peaks(scale)[0][i] == peak for scale, peak in peaks.items()) for i in range(400)]
    return make_again(Address("table1", "ZUMA-3", 1, good.index(True)), guideline())


def one_round(**observation: object) -> Example:
    """Two rounds: nothing, then what is given; grades all 0."""
    example = an_example(crs=1)
    rounds = [{"time_h": 0.0}, {"time_h": 4.0, **observation}]
    plain = {"crs": [0, 0], "icans": [0, 0]}
    case = {"patient": {"age_years": 61.0, "weight_kg": 74.5}, "observations": rounds, "treatments": []}
    return dataclasses.replace(example, case=case, times_h=[0.0, 4.0], floors=plain, ceilings=plain)


def test_a_chart_has_who_what_and_the_summaries() -> None:
    found = an_example(crs=3, icans=2)
    text = bedside_chart(found, every_round=False)
    assert text.startswith(f"{found.address}: {found.case['patient']['age_years']:g} years, ")
    assert text.endswith(PURPOSE)
    for word in ("°C", "pressure", "oxygen", "ICE", "arousal", "given", "CRS", "ICANS", "tocilizumab", " mg"):
        assert word in text
    assert re.search(r"^CRS: onset [\d.]+ h, peak grade 3 at [\d.]+ h, resolved [\d.]+ h, ", text, re.MULTILINE)
    assert re.search(r"^ICANS: onset [\d.]+ h, peak grade 2 at [\d.]+ h, ", text, re.MULTILINE)


def test_quiet_stretches_are_folded_and_counted() -> None:
    found = an_example(crs=2)
    folded, whole = bedside_chart(found, every_round=False), bedside_chart(found, every_round=True)
    assert "without a grade or a dose" not in whole
    hidden = sum(int(n) for n in re.findall(r"… (\d+) rounds? without a grade or a dose", folded))
    shown = len([line for line in folded.splitlines() if re.match(r" *\d+ +\d\d:00", line)])
    assert hidden + shown == len(found.times_h)
    assert len([line for line in whole.splitlines() if re.match(r" *\d+ +\d\d:00", line)]) == len(found.times_h)


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_every_graded_round_and_every_dose_is_shown(place: int) -> None:
    block = graded("table1", "ZUMA-3", count=400)
    worst = np.flatnonzero(block.peaks("crs")[0] == 4)
    found = make_again(Address("table1", "ZUMA-3", 1, int(worst[place])), guideline())
    text = bedside_chart(found, every_round=False)
    given = [t for t in found.case["treatments"] if t["drug"] != "gcsf"]  # which stands with the days
    for dose in given:
        words = f"{dose['dose']:g} {dose['unit']}" if dose["dose"] else "stopped"
        assert f"{dose['drug']} {words}" in text
    assert sum(len(re.findall(rf"\b{drug} (?:\d|stopped)", text)) for drug in {t["drug"] for t in given}) == len(given)
    for hour, grade in zip(found.times_h, found.floors["crs"], strict=True):
        if grade:
            assert re.search(rf"^ *{int(hour // 24)} +{int(hour % 24):02d}:00 ", text, re.MULTILINE)


def test_death_is_said() -> None:
    assert "died" in bedside_chart(an_example(icans=5), every_round=False)


@pytest.mark.parametrize(
    ("observation", "words"),
    [
        ({"hypotension": True, "vasopressors": 0}, "low"),
        ({"hypotension": True, "vasopressors": 1}, "low, 1 vasopressor "),
        ({"hypotension": True, "vasopressors": 2, "vasopressin": True}, "low, 2 vasopressors, vasopressin"),
        ({"o2_device": "nasal_cannula", "o2_flow_l_min": 2.5}, "nasal cannula 2.5 L/min"),
        ({"o2_device": "cpap"}, "cpap"),
        ({"temp_c": 38.04}, "38.0"),
        ({"capd": 7}, "CAPD 7"),
        ({"ice": 3, "consciousness": "tactile"}, "tactile"),
        ({"motor_weakness": "deep_focal", "posturing": True}, "motor weakness deep focal, posturing"),
        ({"seizure": "brief", "cerebral_edema": "none"}, "seizure brief"),
    ],
)
def test_signs_are_charted_in_words(observation: dict[str, object], words: str) -> None:
    line = next(t for t in bedside_chart(one_round(**observation), every_round=True).splitlines() if "04:00" in t)
    assert words in line + " "


def test_what_is_unknown_is_a_question_mark_and_a_range_is_one() -> None:
    unknown = one_round()
    lines = bedside_chart(unknown, every_round=True).splitlines()
    assert next(t for t in lines if "04:00" in t).count("?") == 3
    ranged = dataclasses.replace(
        unknown, floors={"crs": [0, 2], "icans": [0, 1]}, ceilings={"crs": [0, 3], "icans": [4, 4]}
    )
    line = next(t for t in bedside_chart(ranged, every_round=True).splitlines() if "04:00" in t)
    assert line.split()[-2:] == ["2–3", "1–4"]


def test_ceilings_are_told_where_they_differ() -> None:
    found = make_again(Address("sparse-charting", "ZUMA-3", 1, 4), guideline())
    assert found.summaries["icans"][0].peak < found.summaries["icans"][1].peak == 4
    assert "(at most grade 4)" in bedside_chart(found, every_round=False)


def test_replay_prints_a_patient_and_its_case(cartox: Cartox) -> None:
    ended = cartox("replay", "v1/table1/zuma-3/1/7")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("v1/table1/ZUMA-3/1/7: ")
    whole = cartox("replay", "v1/table1/zuma-3/1/7", "--all")
    assert len(whole.out) > len(ended.out)
    case = json.loads(cartox("replay", "v1/table1/zuma-3/1/7", "--json").out)
    expected = make_again(Address("table1", "ZUMA-3", 1, 7), load("astct-2019"))
    assert case == {"id": "v1/table1/ZUMA-3/1/7", **expected.whole}
    days = [o["time_h"] / 24 for o in case["observations"]]
    assert (days[0], days[-1]) == (-5, 100)


def test_replay_by_another_reading(cartox: Cartox) -> None:
    """Some patient has a cannula at exactly 6 L/min, which the other reading of C1 grades 3."""
    block = graded("table1", "ZUMA-3", count=400)
    six = (block.chart.columns.fields["o2_flow_l_min"] == 6.0) & (block.chart.columns.fields["o2_device"] == 1)
    milder = block.chart.place[six & (block.peaks("crs")[0][block.chart.place] == 2)]
    address = f"v1/table1/ZUMA-3/1/{milder[0]}"
    assert "CRS: " in cartox("replay", address).out
    assert re.search(r"^CRS: .*peak grade 2 at", cartox("replay", address).out, re.MULTILINE)
    assert re.search(r"^CRS: .*peak grade 3 at", cartox("replay", address, "--reading", "C1=high").out, re.MULTILINE)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("nonsense", "write v1/SCENARIO/TRIAL/SEED/INDEX"),
        ("v1/table1/ZUMA-9/1/1", "did you mean 'ZUMA-"),
        ("v1/tabel1/ZUMA-1/1/1", "did you mean 'table1'?"),
        ("v1/table1/ZUMA-1/1/-1", "the index"),
    ],
)
def test_replay_of_nobody_is_one_line(cartox: Cartox, address: str, told: str) -> None:
    ended = cartox("replay", address)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert ended.err.count("\n") == 1


def test_a_guideline_with_crs_alone_grades_it_and_one_of_whole_courses_says_what_to_ask(cartox: Cartox) -> None:
    ended = cartox("replay", "v1/table1/ZUMA-1/1/13", "-g", "lee-2014")
    assert (ended.code, ended.err) == (0, "")
    assert "CRS: onset " in ended.out
    assert "ICANS: onset " not in ended.out
    refused = cartox("replay", "v1/table1/ZUMA-1/1/13", "-g", "eha-ebmt-2023")
    assert refused.code == 2
    assert "cartox replay v1/table1/ZUMA-1/1/13 --json | cartox explain - -g eha-ebmt-2023" in refused.err


def test_the_case_goes_on_well_after_the_last_round(cartox: Cartox) -> None:
    case = cartox("replay", "v1/table1/ZUMA-1/1/13", "--json").out
    graded = json.loads(cartox("grade", "-", "-s", "crs", stdin=case.encode()).out)
    assert graded["summary"]["floors"]["peak"] == graded["summary"]["ceilings"]["peak"] == 1
    assert json.loads(case)["observations"][-1]["time_h"] == 2400


def test_rounds_that_nobody_charted_are_told_and_doses_keep_their_hour() -> None:
    example = one_round(temp_c=37.0)
    rounds = [{"time_h": 0.0, "temp_c": 37.0}, {"time_h": 12.0, "temp_c": 37.0}, {"time_h": 20.0, "temp_c": 37.0}]
    given = [{"time_h": 8.0, "drug": "tocilizumab", "dose": 560.0, "unit": "mg"}]
    plain = {"crs": [0, 0, 0], "icans": [0, 0, 0]}
    case = {**example.case, "observations": rounds, "treatments": given}
    found = dataclasses.replace(example, case=case, times_h=[0.0, 12.0, 20.0], floors=plain, ceilings=plain)
    for every in (False, True):
        text = bedside_chart(found, every_round=every)
        assert "… 2 rounds not charted" in text and "… 1 round not charted" in text
        assert "tocilizumab 560 mg at 08:00" in text


def test_signs_without_a_fever_are_told(cartox: Cartox) -> None:
    out = cartox("replay", "v1/prophylactic-antipyretics/JULIET/1/1").out
    found = re.search(
        r"^Low pressure or oxygen at (\d+) rounds that are CRS grade 0: no charted fever", out, re.MULTILINE
    )
    assert found is not None and int(found[1]) > 5
    assert "Low pressure or oxygen at" not in cartox("replay", "v1/table1/ZUMA-1/1/42").out


def test_the_case_as_a_file_of_any_format(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    told = cartox("replay", "v1/table1/ZUMA-1/1/13", "--out", str(file), "--json")
    assert told.code == 0
    assert cartox("grade", str(file)).out == cartox("grade", "-", stdin=told.out.encode()).out
    assert "is there already" in cartox("replay", "v1/table1/ZUMA-1/1/13", "--out", str(file)).err
    assert "does not tell its format" in cartox("replay", "v1/table1/ZUMA-1/1/13", "--out", str(tmp_path / "x")).err
