"""``cartox recommend`` in short: what to give, what runs, where, what to chart first; and the order of the steps."""

import json

from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import CALM, ILL, block, lines

SICK = {
    "patient": {"age_years": 64, "weight_kg": 71},
    "observations": [
        {
            "time_h": 36,
            "temp_c": 39.4,
            **CALM,
            "hypotension": True,
            "vasopressors": 1,
            "ice": 7,
            "motor_weakness": "none",
        }
    ],
}


def test_in_short_what_to_give_where_and_what_to_chart_first(cartox: Cartox) -> None:
    """CRS grade 3: tocilizumab and dexamethasone, intensive care; Table 3 and the text."""
    short = block(f"\n{cartox('recommend', '-', '-t', 'crs', stdin=lines(SICK)).out}", "In short")
    assert short[:2] == ["give: tocilizumab 568 mg IV; dexamethasone 10 mg IV", "place: intensive care"]
    assert short[2:] == ["depends on: anc_per_ul"]
    open_ = {"observations": [{"time_h": 36, "temp_c": 39.4, "hypotension": True, "o2_device": "none"}]}
    short = block(f"\n{cartox('recommend', '-', '-t', 'crs', stdin=lines(open_)).out}", "In short")
    assert short[0] == "give: tocilizumab 8 mg/kg IV"
    assert short[1].startswith("depends on: crs_grade (chart vasopressin, vasopressors), ")
    rows = cartox("recommend", "-", stdin=lines(SICK)).out.splitlines()
    assert rows.index("In short") < rows.index("Grades")


def test_in_short_what_runs_and_when_it_is_due(cartox: Cartox) -> None:
    """Methylprednisolone 1,000 mg every 12 hours stands for dexamethasone every 6 (Table 3)."""
    given = [{"time_h": 50, "drug": "methylprednisolone", "dose": 1000, "unit": "mg"}]
    rows = [{**SICK["observations"][0], "time_h": hour} for hour in (50, 57)]
    running = {**SICK, "observations": rows, "treatments": given}
    short = block(f"\n{cartox('recommend', '-', '-t', 'crs', stdin=lines(running)).out}", "In short")
    assert short[:2] == ["give: tocilizumab 568 mg IV", "running: dexamethasone or the like, next due at 62 h"]
    found = json.loads(cartox("recommend", "-", "-t", "crs", "--json", stdin=lines(running)).out)
    assert [one["next_due_h"] for one in found["advised"] if one["step"] == "crs.dexamethasone.g3"] == [62]


def test_in_short_a_dose_that_is_too_soon_a_drug_without_a_dose_and_nothing(cartox: Cartox) -> None:
    early = {**ILL, "treatments": [{"time_h": 50, "drug": "tocilizumab", "dose": 800, "unit": "mg"}]}
    out = cartox("recommend", "-", "-t", "crs", stdin=lines(early)).out
    assert block(out, "In short")[0] == "give: tocilizumab 800 mg IV, not before 58 h"
    well = {"observations": [{"time_h": 36, "temp_c": 37, **CALM}]}
    nothing = block(cartox("recommend", "-", "-t", "crs", stdin=lines(well)).out, "In short")
    assert nothing == ["give: no drug that surely should be given now"]
    low = {"observations": [{"time_h": 36, "temp_c": 39, **CALM, "anc_per_ul": 300}]}
    assert block(cartox("recommend", "-", "-t", "crs", stdin=lines(low)).out, "In short")[0] == (
        "give: gcsf (no dose in the source)"
    )
    dead = {"observations": [{"time_h": 60, "death_from_crs": True}]}
    assert "In short" not in cartox("recommend", "-", stdin=lines(dead)).out


def test_what_is_given_comes_first_and_monitoring_last(cartox: Cartox) -> None:
    out = cartox("recommend", "-", "-t", "crs", stdin=lines(SICK)).out
    advised = " ".join(block(out, "Advised now"))
    order = [advised.index(f"[{step}]") for step in (
        "crs.tocilizumab.g3", "crs.dexamethasone.g3", "crs.icu", "crs.oxygen", "crs.vasopressor", "crs.cultures",
        "crs.echocardiogram", "crs.oximetry",
    )]  # fmt: skip
    assert order == sorted(order)


def test_a_drug_that_two_toxicities_name_is_given_once(cartox: Cartox) -> None:
    out = cartox("recommend", "-", "-k", "ICANS=1", stdin=lines(SICK)).out
    assert "tocilizumab is named twice (should in CRS, may in ICANS): one dose, not two" in block(out, "Advised now")
    know = ("-k", "ICANS=2", "-k", "icans_despite_steroid=yes")
    three = " ".join(block(cartox("recommend", "-", *know, stdin=lines(SICK)).out, "Advised now"))
    assert "dexamethasone is named 3 times (should in CRS, should in ICANS, may in ICANS): one dose, not three" in three
    assert "is named" not in cartox("recommend", "-", "-t", "crs", stdin=lines(SICK)).out
