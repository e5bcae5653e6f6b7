"""Whose a resource is, when the cells were infused, and what a chart is made of."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.exchange.chart import Chart, Raw, Remark, Row
from harness.exchange.fhir import bulk
from tests.harness.exchange.fhir.files import (
    OWN,
    RXNORM,
    given,
    in_a_bundle,
    infused,
    observed,
    patient,
    quantity,
    read,
)

FEVER = quantity(39, "Cel")
NONE_THERE = "patient p1: no infusion of CAR T cells with a time; left out. Tell it with --infusion TIME"


def only(charts: list[Chart]) -> Chart:
    (chart,) = charts
    return chart


# whose it is


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient/p1"},
        {"reference": "Patient/p1/_history/2"},
        {"reference": "https://hospital.invalid/r4/Patient/p1"},
        {"reference": "urn:uuid:11111111-1111-4111-8111-111111111111"},
        {"reference": "Patient?identifier=urn:mrn|77"},
        {"identifier": {"system": "urn:mrn", "value": "77"}},
        {"reference": "#me"},
    ],
)
def test_references_to_a_patient(subject: Raw, tmp_path: Path) -> None:
    me = patient(identifier=[{"system": "urn:mrn", "value": "77"}])
    contained = [{"resourceType": "Patient", "id": "me", "identifier": me["identifier"]}]
    content = in_a_bundle(me, infused(), observed("8310-5", **FEVER, contained=contained) | {"subject": subject})
    content["entry"][0]["fullUrl"] = "urn:uuid:11111111-1111-4111-8111-111111111111"
    charts, told = read(content, tmp_path)
    assert [row.values for row in only(charts).rows] == [{"temp_c": 39.0}]
    assert told == []


@pytest.mark.parametrize(
    "subject",
    [
        None,
        [],
        {"reference": "Group/1"},
        {"reference": 7},
        {"reference": "#me"},
        {"reference": "Device?identifier=a|b"},
    ],
)
def test_what_is_about_no_patient_is_counted(subject: Any, tmp_path: Path) -> None:
    lost = observed("8310-5", **FEVER, contained=[{"id": "me"}]) | {"subject": subject}
    charts, told = read(in_a_bundle(patient(), infused(), observed("8310-5", **FEVER), lost), tmp_path)
    assert len(only(charts).rows) == 1
    assert told == ["Observation without a patient: its subject is no patient that can be told; not read (once)"]


def test_a_patient_of_whom_there_is_no_resource(tmp_path: Path) -> None:
    charts, told = read([infused(key="x"), observed("8310-5", key="x", **FEVER)], tmp_path)
    assert (only(charts).id, only(charts).patient, told) == ("x", {}, [])


def test_patients_keep_their_order_and_their_charts(tmp_path: Path) -> None:
    parts = [patient("b"), patient("a"), infused(key="a"), infused(key="b")]
    parts += [observed("8310-5", key=key, **quantity(value, "Cel")) for key, value in (("a", 38), ("b", 39), ("a", 38))]
    charts, _ = read(in_a_bundle(*parts, kind="searchset"), tmp_path)
    assert [(chart.id, [row.values["temp_c"] for row in chart.rows]) for chart in charts] == [
        ("b", [39.0]),
        ("a", [38.0]),
    ]


def test_a_patient_who_stands_twice(tmp_path: Path) -> None:
    parts = [patient(birthDate="1960-01-01"), infused(), observed("8310-5", **FEVER)]
    same, told = read([in_a_bundle(*parts), in_a_bundle(parts[0])], tmp_path)
    assert (only(same).patient, told) == ({"age_years": 66.0}, [])
    other, told = read([in_a_bundle(*parts), in_a_bundle(patient(birthDate="1961-01-01"))], tmp_path)
    assert only(other).patient == {"age_years": 66.0}
    line = "document 2, entry 1, Patient/p1: another Patient of this id stands before it; only the first is read"
    assert told == [line]


# when the cells were infused


def by_name(at: str, **more: Any) -> Raw:
    return infused(at) | {"code": {"text": "Infusion of tisagenlecleucel"}} | more


BRAND = {"coding": [{"system": RXNORM, "code": "1987402"}]}


@pytest.mark.parametrize(
    ("events", "hours", "lines"),
    [
        ([infused("2026-03-01T09:30:00+01:00")], 0.5, []),
        ([infused("2026-03-01T08:30:00Z")], 0.5, []),
        ([infused("2026-03-01T09:30:00+01:00"), by_name("2026-02-01T08:00:00+01:00")], 0.5, []),
        ([by_name("2026-03-01T09:30:00+01:00")], 0.5, ["Procedure/infusion: taken for"]),
        ([given(BRAND, "2026-03-01T09:30:00+01:00")], 0.5, ["MedicationAdministration/m1: taken for"]),
        ([given({"text": "YESCARTA"}, "2026-03-01T09:30:00+01:00")], 0.5, ["MedicationAdministration/m1: taken for"]),
        (
            [infused("2026-03-01T09:30:00+01:00"), infused("2026-03-01T09:00:00+01:00")],
            1.0,
            ["Procedure/infusion: the first of 2 infusions"],
        ),
        (
            [infused("2026-03-01T09:30:00+01:00"), infused("2026-03-01T09:00:00")],
            0.5,
            ["Procedure/infusion: of several infusions only some have a time zone"],
        ),
        (
            [infused("2026-03-01"), infused("2026-03-01T09:30:00+01:00")],
            0.5,
            ["Procedure/infusion: an infusion whose time '2026-03-01' tells no minute"],
        ),
        (
            [infused("", performedPeriod={"start": "2026-03-01T09:30:00+01:00", "end": "2026-03-01T10:00:00+01:00"})],
            0.5,
            [],
        ),
    ],
)
def test_hour_0(events: list[Raw], hours: float, lines: list[str], tmp_path: Path) -> None:
    charts, told = read(in_a_bundle(patient(), *events, observed("8310-5", **FEVER)), tmp_path)
    assert [row.time_h for row in only(charts).rows] == [hours]
    assert only(charts).treatments == ()
    assert [line.partition(", ")[2].startswith(start) for line, start in zip(told, lines, strict=True)] == [True] * len(
        lines
    )


def test_hour_0_of_the_caller_is_for_those_without_one(tmp_path: Path) -> None:
    parts = [patient(), observed("8310-5", **FEVER)]
    assert read(parts, tmp_path) == ([], [NONE_THERE])
    charts, told = read(parts, tmp_path, "2026-03-01T08:00:00Z")
    assert (only(charts).rows[0].time_h, told) == (1.0, [])
    charts, told = read([*parts, infused()], tmp_path, "2026-02-01T08:00:00Z")
    assert (only(charts).rows[0].time_h, told) == (2.0, [])


@pytest.mark.parametrize("status", ["not-done", "entered-in-error", "preparation"])
def test_an_infusion_that_was_not(status: str, tmp_path: Path) -> None:
    _, told = read([patient(), infused() | {"status": status}, observed("8310-5", **FEVER)], tmp_path)
    assert NONE_THERE in told


def test_a_patient_with_an_infusion_and_nothing_charted(tmp_path: Path) -> None:
    charts, told = read([patient(), infused(), observed("29463-7", **quantity(70, "kg"))], tmp_path)
    assert (charts, told) == ([], ["patient p1: nothing of the protocol is charted; left out"])


# the patient


@pytest.mark.parametrize(
    ("birth", "age", "told"),
    [
        ("1965-03-01", 61.0, []),
        ("1965-03-02", 60.0, []),
        ("2026-03-01", 0.0, []),
        ("1965", None, ["patient p1: its birthDate tells no age at the infusion; left unknown"]),
        ("2027-01-01", None, ["patient p1: its birthDate tells no age at the infusion; left unknown"]),
        ("1965-13-01", None, ["patient p1: its birthDate tells no age at the infusion; left unknown"]),
        (1965, None, ["patient p1: its birthDate tells no age at the infusion; left unknown"]),
    ],
)
def test_age_from_a_birth_date(birth: Any, age: float | None, told: list[str], tmp_path: Path) -> None:
    charts, lines = read([patient(birthDate=birth), infused(), observed("8310-5", **FEVER)], tmp_path)
    assert only(charts).patient == ({} if age is None else {"age_years": age})
    assert lines == told


def test_a_charted_age_goes_before_a_birth_date(tmp_path: Path) -> None:
    parts = [patient(birthDate="1965-03-01"), infused(), observed("8310-5", **FEVER)]
    charts, _ = read([*parts, observed("30525-0", **quantity(150, "mo"))], tmp_path)
    assert only(charts).patient == {"age_years": 12.5}


@pytest.mark.parametrize(
    ("weights", "kg"),
    [
        ({"2026-02-27": 80, "2026-02-28": 79, "2026-03-02": 75}, 79.0),
        ({"2026-03-03": 74, "2026-03-02": 75}, 75.0),
        ({"2026-02-28": 79, "2026-02-27": 80}, 79.0),
        ({"2020-02-28": 79}, None),
    ],
)
def test_the_weight_at_the_infusion(weights: dict[str, float], kg: float | None, tmp_path: Path) -> None:
    parts = [observed("29463-7", f"{day}T08:00:00+01:00", **quantity(value, "kg")) for day, value in weights.items()]
    charts, _ = read([patient(), infused(), observed("8310-5", **FEVER), *parts], tmp_path)
    assert only(charts).patient == ({} if kg is None else {"weight_kg": kg})


# rows


def test_rows_by_minute_and_source(tmp_path: Path) -> None:
    nurse = {"performer": [{"reference": "Practitioner/1"}, {"display": "Nurse A"}]}
    parts = [
        observed("8310-5", "2026-03-01T10:00:20+01:00", **FEVER),
        observed("59408-5", "2026-03-01T10:00:29+01:00", **quantity(93, "%")),
        observed("8310-5", "2026-03-01T10:00:10+01:00", **FEVER),
        observed("8310-5", "2026-03-01T10:00:00+01:00", **quantity(38, "Cel")),
        observed("8867-4", "2026-03-01T10:00:00+01:00", **quantity(120, "/min"), **nurse),
        observed("8867-4", "2026-03-01T09:00:00+01:00", **quantity(110, "/min"), device={"display": "Monitor 3"}),
    ]
    for number, part in enumerate(parts, 1):
        part["id"] = f"o{number}"
    charts, told = read([patient(), infused(), *parts], tmp_path)
    assert only(charts).rows == (
        Row(2.0, {"temp_c": 39.0, "spo2_pct": 93.0}, "Observation/o1", ""),
        Row(2.0, {"temp_c": 38.0}, "Observation/o4", ""),
        Row(2.0, {"heart_rate_bpm": 120.0}, "Observation/o5", "Nurse A"),
        Row(1.0, {"heart_rate_bpm": 110.0}, "Observation/o6", "Monitor 3"),
    )
    assert told == []


@pytest.mark.parametrize(
    ("time", "line"),
    [
        ({"effectiveDateTime": "2026-03-01"}, "its time '2026-03-01' tells no minute; not read"),
        ({"effectiveDateTime": None, "issued": "2026-03-01T10:00:00Z"}, "its time '' tells no minute; not read"),
        ({"effectiveDateTime": ["x"]}, "its time '' tells no minute; not read"),
        ({"effectiveDateTime": "2026-02-30T10:00:00Z"}, "its time '2026-02-30T10:00:00Z' tells no minute; not read"),
        (
            {"effectiveDateTime": "2026-03-01T10:00:00"},
            "its time '2026-03-01T10:00:00' and that of the infusion: only one has a time zone; not read",
        ),
    ],
)
def test_a_time_that_cannot_be_told(time: Raw, line: str, tmp_path: Path) -> None:
    lost = observed("59408-5", **quantity(90, "%")) | time
    charts, told = read(in_a_bundle(patient(), infused(), observed("8310-5", **FEVER), lost), tmp_path)
    assert [row.values for row in only(charts).rows] == [{"temp_c": 39.0}]
    assert told == [f"entry 4, Observation/o1: {line}"]


@pytest.mark.parametrize(
    "time", [{"effectivePeriod": {"start": "2026-03-01T09:00:00Z"}}, {"effectiveInstant": "2026-03-01T09:00:00.123Z"}]
)
def test_other_times(time: Raw, tmp_path: Path) -> None:
    charts, _ = read([patient(), infused(), observed("8310-5", **FEVER) | {"effectiveDateTime": None} | time], tmp_path)
    assert only(charts).rows[0].time_h == 2.0


def test_what_is_charted_long_before_or_after_is_counted(tmp_path: Path) -> None:
    far = [observed("8310-5", f"{year}-01-01T00:00:00Z", **FEVER) for year in (1990, 2025, 2040)]
    charts, told = read([patient(), infused(), observed("8310-5", **FEVER), *far], tmp_path)
    assert len(only(charts).rows) == 1
    assert told == ["Observation of other times: before -720 h or after 43800 h; not read (3 times)"]


def test_signs_that_no_chart_has_are_told_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "d"
    path.mkdir()
    parts = [patient(), infused(), observed("8310-5", **FEVER)]
    (path / "x.ndjson").write_text("".join(json.dumps(each) + "\n" for each in parts), encoding="utf-8")
    told: list[Remark] = []
    assert len(list(bulk.read(path, told.append))) == 1
    signs = "no hypotension, no vasopressors, no o2_device in it"
    assert [str(each) for each in told] == [f"the file: {signs}: grades of CRS will be ranges where there is fever"]


@pytest.mark.parametrize("more", [{"deceasedDateTime": "2026-03-04"}, {"deceasedBoolean": True}])
def test_a_death_is_told_and_not_graded(more: dict[str, Any], tmp_path: Path) -> None:
    fever = observed("8310-5", **quantity(39, "Cel"))
    (chart,), told = read(in_a_bundle(patient(**more), infused(), fever), tmp_path)
    assert [row.values for row in chart.rows] == [{"temp_c": 39.0}]
    assert told == ["patient p1: deceased, of what is not told; a death counts where its field is charted"]
    assert read(in_a_bundle(patient(deceasedBoolean=False), infused(), fever), tmp_path)[1] == []


def test_items_of_a_score_may_be_observations_of_their_own(tmp_path: Path) -> None:
    def item(name: str, points: int) -> Raw:
        return observed(f"ice_items.{name}", system=OWN, valueInteger=points)

    items = [item("year", 1), item("month", 0), item("naming", 2), item("naming", 3)]
    (chart,), told = read(in_a_bundle(patient(), infused(), *items), tmp_path)
    assert [row.values for row in chart.rows] == [
        {"ice_items": {"year": 1, "month": 0, "naming": 2}},
        {"ice_items": {"naming": 3}},
    ]
    assert told == []
