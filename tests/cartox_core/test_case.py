"""Protocol objects at the edge: what is read, and every fault of what is refused."""

import dataclasses
import json
import math
import re
from typing import Any

import pytest
from hypothesis import given, settings

from cartox_core import Case, Fault, Observation, Patient, Refused, Treatment, read_case
from cartox_core.case import read_json
from cartox_core.fields import IceItems
from tests import strategies


def case(*observations: Any, **more: Any) -> dict[str, Any]:
    return {"observations": list(observations) or [{"time_h": 1}], **more}


def faults(raw: Any) -> list[Fault]:
    with pytest.raises(Refused) as caught:
        read_case(raw)
    assert str(caught.value) == "; ".join(map(str, caught.value.faults))
    return list(caught.value.faults)


def places(raw: Any) -> list[str]:
    """Where the faults of a case lie."""
    return [f"{f.where}.{f.field}" if f.where else f.field for f in faults(raw)]


def test_a_case_is_read_into_records() -> None:
    raw = case(
        {"time_h": 1, "temp_c": 38, "vasopressors": 1.0, "ice_items": {"naming": 2.0}, "hypotension": None},
        {"time_h": 2},
        id="k7f3",
        patient={"age_years": 61, "weight_kg": None},
        treatments=[{"time_h": 0.5, "drug": "gcsf", "dose": 5, "unit": "ug/kg"}],
        unread={"by": "anybody"},
    )
    assert read_case(raw) == Case(
        "k7f3",
        Patient(age_years=61.0),
        (Observation(time_h=1.0, temp_c=38.0, vasopressors=1, ice_items=IceItems(naming=2)), Observation(time_h=2.0)),
        (Treatment(time_h=0.5, drug="gcsf", dose=5.0, unit="ug/kg"),),
    )


@pytest.mark.parametrize("absent", [{}, {"patient": None, "treatments": None}, {"patient": {}, "treatments": []}])
def test_patient_and_treatments_may_be_absent_or_null(absent: dict[str, Any]) -> None:
    assert read_case(case(**absent)) == Case(None, Patient(), (Observation(time_h=1.0),), ())


@pytest.mark.parametrize("given_id", [None, 7, ["k"], {}])
def test_an_id_that_is_no_text_is_not_kept(given_id: Any) -> None:
    assert read_case(case(id=given_id)).id is None


def test_the_number_of_observations_makes_the_form() -> None:
    assert read_case(case()).is_snapshot
    assert not read_case(case({"time_h": 1}, {"time_h": 2})).is_snapshot


@pytest.mark.parametrize("raw", [None, [], "case", 7, True])
def test_what_is_no_object_is_no_case(raw: Any) -> None:
    assert faults(raw) == [Fault("", "case", raw, "an object with observations")]


@pytest.mark.parametrize("rows", [None, [], {}, "rows", 3, ({"time_h": 1},)])
def test_observations_are_a_list_of_at_least_one(rows: Any) -> None:
    assert faults({"observations": rows}) == [Fault("", "observations", rows, "a list of at least one observation")]
    assert places({}) == ["observations"]


@pytest.mark.parametrize("patient", [[], "x", 0, False, 61])
def test_a_patient_is_an_object(patient: Any) -> None:
    assert faults(case(patient=patient)) == [Fault("", "patient", patient, "an object")]


@pytest.mark.parametrize("given", [{}, "x", 0, False])
def test_treatments_are_a_list(given: Any) -> None:
    assert faults(case(treatments=given)) == [Fault("", "treatments", given, "a list of treatments")]


def test_each_of_them_is_an_object() -> None:
    assert faults(case({"time_h": 1}, 5, treatments=["gcsf"])) == [
        Fault("", "observations", 5, "an object as observations[1]"),
        Fault("", "treatments", "gcsf", "an object as treatments[0]"),
    ]


def test_every_fault_is_told_at_once() -> None:
    raw = case(
        {"time_h": None, "temp_c": 101.5, "ices": 3, "fever_masked": "no"},
        {"time_h": 2, "crs_onset_fever": True},
        patient={"age_years": -1, "name": "x"},
        treatments=[{"drug": "aspirin"}, {"time_h": 1, "drug": "gcsf", "dose": -1}],
    )
    assert places(raw) == [
        "patient.age_years",
        "patient.name",
        "observations[0].temp_c",
        "observations[0].ices",
        "observations[0].fever_masked",
        "observations[0].time_h",
        "treatments[0].drug",
        "treatments[0].time_h",
        "treatments[1].dose",
        "observations[0].fever_masked",
        "observations[1].crs_onset_fever",
    ]


def test_a_required_field_is_missed_with_what_it_may_hold() -> None:
    assert faults(case({})) == [Fault("observations[0]", "time_h", None, "a number from -720 to 43,800 h")]
    missing = faults(case(treatments=[{"time_h": 1, "drug": None}]))
    assert [(f.where, f.field) for f in missing] == [("treatments[0]", "drug")]
    assert missing[0].allowed.startswith("one of acetaminophen, ibuprofen, ")


def test_an_unknown_field_gets_the_nearest_name_where_there_is_one() -> None:
    assert [f.allowed for f in faults(case({"time_h": 1, "temp_f": 101, "zzzzz": 1, 5: 1}))] == [
        "a field of the protocol; did you mean temp_c?",
        "a field of the protocol",
        "a field of the protocol",
    ]


def test_an_unknown_field_is_refused_even_when_it_is_null() -> None:
    assert places(case({"time_h": 1, "temp_f": None}, patient={"sex": None})) == [
        "patient.sex",
        "observations[0].temp_f",
    ]


def test_only_the_first_twenty_unknown_fields_get_a_nearest_name() -> None:
    told = [f.allowed for f in faults(case({"time_h": 1, **{f"temp_{i}": 1 for i in range(100, 125)}}))]
    assert [("did you mean" in words) for words in told] == [True] * 20 + [False] * 5


@pytest.mark.parametrize(
    ("first", "second", "good"), [(1, 1, False), (1, 1.008, False), (1, 1.009, True), (2, 1, False)]
)
def test_times_are_strictly_increasing_in_whole_minutes(first: float, second: float, good: bool) -> None:
    raw = case({"time_h": first}, {"time_h": second})
    if good:
        assert [o.minute for o in read_case(raw).observations] == [60, 61]
    else:
        allowed = f"a later minute than the observation before it ({first:g} h)"
        assert faults(raw) == [Fault("observations[1]", "time_h", float(second), allowed)]


def test_each_time_that_does_not_increase_is_told() -> None:
    assert places(case(*({"time_h": t} for t in (1, 3, 2, 2, 4)))) == [
        "observations[2].time_h",
        "observations[3].time_h",
    ]


def test_the_order_of_treatments_is_free() -> None:
    rows = [{"time_h": t, "drug": "gcsf"} for t in (5, 1, 5)]
    assert [t.time_h for t in read_case(case(treatments=rows)).treatments] == [5, 1, 5]


@pytest.mark.parametrize(("ice", "good"), [(2, False), (3, True), (9, True), (10, False)])
def test_an_ice_must_lie_within_its_items(ice: int, good: bool) -> None:
    raw = case({"time_h": 1, "ice": ice, "ice_items": {"naming": 3, "year": 0}})
    if good:
        assert read_case(raw).observations[0].ice == ice
    else:
        (fault,) = faults(raw)
        assert (fault.where, fault.field) == ("observations[0]", "ice_items")
        assert fault.allowed == f"items that add up to the ice of {ice}; these give 3 to 9"
        assert fault.value == dataclasses.asdict(IceItems(naming=3, year=0))


def test_the_state_is_stated_in_a_snapshot_only() -> None:
    state = {"crs_onset_fever": False, "fever_masked": True}
    assert read_case(case({"time_h": 1, **state})).observations[0].fever_masked is True
    told = faults(case({"time_h": 1}, {"time_h": 2, **state}))
    assert [(f.where, f.field, f.value) for f in told] == [
        ("observations[1]", "crs_onset_fever", False),
        ("observations[1]", "fever_masked", True),
    ]
    assert told[0].allowed == "nothing in a course, where it is derived; state it in a snapshot only"
    assert read_case(case({"time_h": 1, "fever_masked": None}, {"time_h": 2})).observations


def test_rows_that_are_no_objects_state_nothing() -> None:
    assert places(case(5, {"time_h": 2, "fever_masked": True})) == ["observations", "observations[1].fever_masked"]


LONG = "x" * 70
SHOWN = [
    ("ümläut", '"ümläut"'),
    (None, "null"),
    (math.nan, "NaN"),
    ({"a": [1, True]}, '{"a": [1, true]}'),
    ("x" * 58, f'"{"x" * 58}"'),
    ("x" * 59, f'"{"x" * 58}…'),
    (LONG, f'"{"x" * 58}…'),
    (10**5000, "a int that cannot be shown"),
    ({1, 2}, '"{1, 2}"'),
]


@pytest.mark.parametrize(("value", "shown"), SHOWN, ids=lambda v: repr(v)[:12] if not isinstance(v, int) else "int")
def test_a_fault_shows_the_value_as_json_cut_short(value: Any, shown: str) -> None:
    assert str(Fault("patient", "age_years", value, "x")) == f"patient.age_years is {shown}; allowed: x"
    assert str(Fault("", "case", value, "x")) == f"case is {shown}; allowed: x"


def test_a_value_that_holds_itself_is_refused_like_any_other() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert "is a list that cannot be shown; allowed: a number" in str(faults(case({"time_h": 1, "temp_c": loop}))[0])


def test_a_value_with_keys_that_are_no_text_is_refused_like_any_other() -> None:
    assert "temp_c" in str(faults(case({"time_h": 1, "temp_c": {(1, 2): 3}}))[0])


def test_a_fault_can_always_be_written_as_utf8() -> None:
    assert str(faults(read_json(json.dumps(case({"time_h": 1, "o2_device": "\ud800"}))))[0]).encode()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ('{"z": 1, "b": {"c": 1, "d": 2, "d": 3}}', "the key 'd' stands twice"),
        ("", "not JSON: Expecting value at column 1"),
        ('{"a": }', "not JSON: Expecting value at column 7"),
        ("[" * 100_000, "not a case: nested too deeply"),
    ],
    ids=["twice", "twice within", "empty", "broken", "deep"],
)
def test_a_line_that_is_no_json_is_refused(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read_json(line)


def test_a_line_of_json_is_read() -> None:
    assert read_json('{"a": [1.5, null, {"a": true}]}') == {"a": [1.5, None, {"a": True}]}


@given(strategies.snapshots() | strategies.courses())
@settings(max_examples=100, deadline=None)
def test_a_valid_case_is_read_the_same_through_json(raw: dict[str, Any]) -> None:
    assert read_case(read_json(json.dumps(raw))) == read_case(raw)


@pytest.mark.parametrize("digits", [3999, 4000, 5000])
@pytest.mark.parametrize("sign", ["", "-"])
def test_an_endless_numeral_is_refused_by_its_field(digits: int, sign: str) -> None:
    line = f'{{"id": "a", "observations": [{{"time_h": 1, "temp_c": {sign}{"9" * digits}}}]}}'
    with pytest.raises(Refused, match=r"observations\[0\]\.temp_c") as refused:
        read_case(read_json(line))
    assert [fault.field for fault in refused.value.faults] == ["temp_c"]
