"""The records of SDTM, by own reading of the implementation guide and the controlled terminology."""

from collections import Counter

import pytest

from cartox_core import read_case
from cartox_core.observation import OBSERVATION, PARTS
from harness.exchange.sdtm.columns import VARIABLES
from harness.exchange.sdtm.domains import records_of
from harness.exchange.sdtm.findings import PLACES
from harness.exchange.units import factors
from harness.exchange.values import field_of, is_unitless
from tests.harness.exchange.there_and_back import ONE

CALM = {"hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}


def records(raw, domain):
    keys = ("STUDYID", "DOMAIN", "USUBJID")
    found = [values for name, values in records_of([("P1", read_case(raw))]) if name == domain]
    return [{name: value for name, value in values.items() if name not in keys} for values in found]


def course(*rows):
    return {"observations": list(rows)}


def test_one_small_case_as_the_guide_has_it():
    assert records(ONE, "DM") == [
        {
            "SUBJID": "P1",
            "RFSTDTC": "2020-01-01T00:00",
            "RFXSTDTC": "2020-01-01T00:00",
            "AGE": "61.5",
            "AGEU": "YEARS",
            "SEX": "U",
        }
    ]
    assert records(ONE, "EX")[0]["EXSTDTC"] == "2020-01-01T00:00"
    assert records(ONE, "CM") == [
        {
            "CMSEQ": "1",
            "CMTRT": "tocilizumab",
            "CMDOSE": "592",
            "CMDOSU": "mg",
            "CMROUTE": "IV",
            "CMSTDTC": "2020-01-03T02:30",
            "CMSTDY": "3",
        }
    ]
    assert [
        [r["VSTESTCD"], r["VSSTRESN"], r["VSSTRESU"], r["VSDTC"], r["VSDY"], r.get("VSBLFL", "")]
        for r in records(ONE, "VS")
    ] == [
        ["WEIGHT", "74", "kg", "2020-01-01", "1", "Y"],
        ["TEMP", "36.8", "C", "2019-12-31T23:00", "-1", "Y"],
        ["TEMP", "39.1", "C", "2020-01-03T04:00", "3", ""],
        ["FIO2", "28", "%", "2020-01-03T04:00", "3", ""],
    ]
    assert [[r["LBTESTCD"], r["LBORRES"], r["LBORRESU"]] for r in records(ONE, "LB")] == [
        ["NEUT", "0.45", "10^9/L"],
        ["FERRITIN", "812.5", "ug/L"],
    ]
    assert [[r["RETESTCD"], r["RETEST"], r["REORRES"]] for r in records(ONE, "RE")] == [
        ["O2DEVICE", "o2_device", "NASAL CANNULA"],
        ["O2FLLMIN", "o2_flow_l_min", "2"],
    ]
    assert [[r["QSCAT"], r["QSTESTCD"], r["QSTEST"], r["QSSTRESN"]] for r in records(ONE, "QS")] == [
        ["ICE", "ICEYEAR", "ice_items.year", "1"]
    ]
    assert [[r["CETERM"], r["CEPRESP"], r["CEOCCUR"]] for r in records(ONE, "CE")] == [["HYPOTENSION", "Y", "Y"]]
    assert [[r["FASEQ"], r["FATESTCD"], r["FATEST"], r["FASTRESC"]] for r in records(ONE, "FA")] == [
        ["1", "VSPRSSRS", "vasopressors", "1"],
        ["2", "VSPRSSN", "vasopressin", "N"],
    ]


def test_crs_is_an_adverse_event_with_its_grade_and_the_scale_is_named():
    """Fever and one vasopressor: 3, and nothing that is unknown could make it 4. Not resolved when the chart ends."""
    assert records(ONE, "AE") == [
        {
            "AESEQ": "1",
            "AETERM": "Cytokine release syndrome",
            "AEDECOD": "Cytokine release syndrome",
            "AEOUT": "NOT RECOVERED/NOT RESOLVED",
            "AETOXGR": "3",
            "AESTDTC": "2020-01-03T04:00",
            "AESTDY": "3",
        }
    ]
    assert [(r["IDVARVAL"], r["QNAM"], r["QVAL"]) for r in records(ONE, "SUPPAE")] == [("1", "AETOXSCL", "ASTCT 2019")]


def test_a_range_leaves_the_grade_missing_and_is_told():
    raw = course({"time_h": 24, "temp_c": 39}, {"time_h": 49, "temp_c": 37, **CALM})
    (event,) = records(raw, "AE")
    assert "AETOXGR" not in event
    assert (event["AEENDTC"], event["AEENDY"], event["AEOUT"]) == ("2020-01-03T01:00", "3", "RECOVERED/RESOLVED")
    assert [(r["QNAM"], r["QVAL"]) for r in records(raw, "SUPPAE")] == [
        ("AETOXSCL", "ASTCT 2019"),
        ("AETOXRNG", "1-4"),
    ]


def test_death_is_fatal_and_nothing_charted_is_no_event():
    dead = course({"time_h": 24, "temp_c": 39, **CALM}, {"time_h": 30, "death_from_crs": True})
    assert [(r["AETOXGR"], r["AEOUT"]) for r in records(dead, "AE")] == [("5", "FATAL")]
    assert records(course({"time_h": 1}, {"time_h": 2}), "AE") == []


def test_icans_is_an_event_of_its_own():
    raw = course({"time_h": 24, "temp_c": 39, "consciousness": "unarousable", **CALM})
    assert [(r["AESEQ"], r["AETERM"][:6], r["AETOXGR"]) for r in records(raw, "AE")] == [
        ("1", "Cytoki", "1"),
        ("2", "Immune", "4"),
    ]


def test_a_round_of_which_nothing_is_known_is_a_temperature_not_done():
    assert records(course({"time_h": 24}), "VS") == [
        {
            "VSSEQ": "1",
            "VSTESTCD": "TEMP",
            "VSTEST": "Temperature",
            "VSSTAT": "NOT DONE",
            "VSDTC": "2020-01-02T00:00",
            "VSDY": "2",
        }
    ]


def test_every_field_has_one_place_by_the_rules_of_sdtm():
    whole = {name for name, field in OBSERVATION.items() if field.role != "time" and field.kind != "items"}
    assert set(PLACES) == whole | set(PARTS)
    assert max(Counter((place.domain, place.code) for place in PLACES.values()).values()) == 1
    for name, place in PLACES.items():
        assert len(place.title) <= 40
        assert place.domain == "CE" or (len(place.code) <= 8 and place.code.isalnum() and place.code[0].isalpha())
        field = field_of(name)
        if field.kind in ("number", "integer"):
            assert place.unit in factors(field) or is_unitless(field)


@pytest.mark.parametrize("domain", VARIABLES)
def test_names_and_labels_of_variables_fit_a_transport_file(domain):
    assert all(len(variable.name) <= 8 and len(variable.label) <= 40 for variable in VARIABLES[domain])
