"""Three graders, one answer: the plain one from the paper, the tables one by one, and the tables over columns."""

import dataclasses
import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from cartox_core import (
    Columns,
    Patient,
    columns_of,
    grade,
    grade_course,
    grade_course_columns,
    grade_scales,
    load,
    read_case,
)
from cartox_core.columns import codes_in, unknown_code
from cartox_core.guideline import Domain, Scale
from cartox_core.library import guideline_text, parse
from cartox_core.observation import OBSERVATION, PATIENT, READABLE
from cartox_core.tables import axis_of
from tests import plain_astct, strategies

ASTCT = load("astct-2019")
PLAIN = {
    "crs": (plain_astct.crs_snapshot, plain_astct.crs_course),
    "icans": (plain_astct.icans_snapshot, plain_astct.icans_course),
}
OTHER_READINGS = [(r.id, c) for r in ASTCT.readings.values() for c in r.choices if c != r.default]
CALM: dict[str, dict[str, Any]] = {
    "crs": {
        "crs_onset_fever": True,
        "temp_c": 37.0,
        "hypotension": False,
        "vasopressors": 0,
        "vasopressin": False,
        "o2_device": "none",
    },
    "icans": {
        "ice": 10,
        "consciousness": "spontaneous",
        "seizure": "none",
        "motor_weakness": "none",
        "cerebral_edema": "none",
        "posturing": False,
        "cn6_palsy": False,
        "papilledema": False,
        "cushing_triad": False,
        "age_years": 40,
    },
}


def merged(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One row of several; the later ones win."""
    return dict(pair for part in parts for pair in part.items())


def samples(domain: Domain, name: str) -> list[Any]:
    """A value of each band of a field, and unknown."""
    return [band.sample for band in axis_of(name, domain.clauses).bands] + [None]


def check(rows: list[dict[str, Any]], scale: Scale) -> None:
    """Grade the same rows by all three and compare."""
    cases = []
    for row in rows:
        patient = {k: v for k, v in row.items() if k in PATIENT}
        observation = {"time_h": 5.0} | {k: v for k, v in row.items() if k in OBSERVATION}
        cases.append({"patient": patient, "observations": [observation]})
    read = [read_case(c) for c in cases]
    columns = grade_course_columns(columns_of(read, scale.fields), scale)
    for i, (raw, case) in enumerate(zip(cases, read, strict=True)):
        expected = PLAIN[scale.name][0](raw["patient"], raw["observations"][0])
        scalar = grade(case.observations[0], scale, case.patient)
        assert (scalar.floor, scalar.ceiling) == expected, raw
        assert (columns.floor[i], columns.ceiling[i]) == expected, raw


@pytest.mark.parametrize("scale", ASTCT.scales.values(), ids=lambda s: s.name)
def test_every_cell_of_every_domain(scale: Scale) -> None:
    rows = []
    for domain in scale.domains:
        for values in itertools.product(*(samples(domain, name) for name in domain.fields)):
            cell = dict(zip(domain.fields, values, strict=True))
            rows.append({**CALM[scale.name], **cell})
            rows.append(cell)
    check(rows, scale)


def shown(scale: Scale, domain: Domain) -> list[dict[str, Any]]:
    """One row of a domain's fields for each range of grades that the domain can show."""
    alone = dataclasses.replace(scale, gate=(), domains=(domain,), episode=None, assumptions=())
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for values in itertools.product(*(samples(domain, name) for name in domain.fields)):
        row = {k: v for k, v in zip(domain.fields, values, strict=True) if k in OBSERVATION}
        case = read_case({"observations": [{"time_h": 1, **row}]})
        found = grade(case.observations[0], alone, Patient(age_years=30))
        rows.setdefault((found.floor, found.ceiling), row)
    return list(rows.values())


def axes_of_ranges(scale: Scale) -> list[list[dict[str, Any]]]:
    """For each domain its rows, and the gate's; domains that share fields are one, over the product of their rows."""
    axes = [[{"crs_onset_fever": v} for v in (True, False, None)]] if scale.gate else []
    axes += [shown(scale, domain) for domain in scale.domains]
    if scale.name == "icans":  # encephalopathy and consciousness both read ice and consciousness
        axes[:2] = [[{**a, **b} for a in axes[0] for b in axes[1]]]
    return axes


@pytest.mark.parametrize("scale", ASTCT.scales.values(), ids=lambda s: s.name)
def test_every_combination_of_domain_ranges(scale: Scale) -> None:
    """One row for each range a domain can show, in every combination with the others' and the gate's."""
    rows = [merged(parts) for parts in itertools.product(*axes_of_ranges(scale))]
    assert len(rows) > 1000
    check(rows, scale)


@given(strategies.snapshots())
@settings(max_examples=300, deadline=None)
def test_random_snapshots(raw: dict[str, Any]) -> None:
    case = read_case(raw)
    for scale in ASTCT.scales.values():
        expected = PLAIN[scale.name][0](raw["patient"], raw["observations"][0])
        found = grade(case.observations[0], scale, case.patient)
        columns = grade_course_columns(columns_of([case], scale.fields), scale)
        assert (found.floor, found.ceiling) == expected
        assert (columns.floor[0], columns.ceiling[0]) == expected


@given(strategies.courses())
@settings(max_examples=250, deadline=None)
def test_random_courses(raw: dict[str, Any]) -> None:
    case = read_case(raw)
    for scale in ASTCT.scales.values():
        expected = PLAIN[scale.name][1](raw["patient"], raw["observations"])
        course = grade_course(case.observations, case.treatments, scale, case.patient)
        columns = grade_course_columns(columns_of([case, case], scale.fields), scale)
        assert [(g.floor, g.ceiling) for g in course.grades] == expected
        assert list(zip(columns.floor.tolist(), columns.ceiling.tolist(), strict=True)) == expected * 2
        summary = plain_astct.summary([o.time_h for o in case.observations], [g.floor for g in course.grades])
        for key in ("onset_h", "resolved_h", "peak"):
            assert getattr(course.floors, key) == summary[key]
        assert course.floors.hours_at_grade == pytest.approx(summary["hours_at_grade"])


@pytest.mark.slow
@given(raw=strategies.courses())
@settings(max_examples=60, deadline=None)
def test_scalar_and_columns_agree_under_every_other_reading(raw: dict[str, Any]) -> None:
    case = read_case(raw)
    for reading in OTHER_READINGS:
        for scale in load("astct-2019", dict([reading])).scales.values():
            course = grade_course(case.observations, case.treatments, scale, case.patient)
            columns = grade_course_columns(columns_of([case], scale.fields), scale)
            found = list(zip(columns.floor.tolist(), columns.ceiling.tolist(), strict=True))
            assert [(g.floor, g.ceiling) for g in course.grades] == found, reading


def test_threads_and_absent_columns_do_not_matter() -> None:
    rng, n = np.random.default_rng(3), 300_000
    fields = {}
    for name in dict.fromkeys(f for s in ASTCT.scales.values() for f in s.fields):
        field = READABLE[name]
        if field.kind == "number":
            fields[name] = rng.choice([np.nan, *strategies.TELLING.get(name, [1.0])], n)
        else:
            fields[name] = rng.integers(0, codes_in(field), n).astype(np.uint8)
    columns = Columns(rng.integers(-100, 1000, n).astype(np.int32), fields)
    scales = list(ASTCT.scales.values())
    one, two = grade_scales(columns, scales), grade_scales(columns, scales, threads=2)
    for scale in scales:
        assert np.array_equal(one[scale.name].floor, two[scale.name].floor)
        assert np.array_equal(one[scale.name].ceiling, two[scale.name].ceiling)
    for name, column in fields.items():
        unknown = np.full(n, unknown_code(READABLE[name]), column.dtype)
        filled = Columns(columns.minute, {**fields, name: unknown})
        absent = Columns(columns.minute, {k: v for k, v in fields.items() if k != name})
        for scale in scales:
            assert np.array_equal(
                grade_scales(filled, [scale])[scale.name].floor, grade_scales(absent, [scale])[scale.name].floor
            )


def test_columns_agree_where_a_fever_opens_the_episode_and_not_the_gate() -> None:
    """A gate that asks for more fever than the sign: the episode is open from the next observation on, in both."""
    text = guideline_text("astct-2019").replace(
        'when = { temp_c = "$fever", fever_other_cause = false }\ntext = "qualifying',
        'when = { temp_c = ">= 38.5", fever_other_cause = false }\ntext = "qualifying',
    )
    crs = parse(text, "narrow").scale("crs")
    calm = {"hypotension": False, "vasopressors": 0, "vasopressin": False}
    rows = [
        {"time_h": 30, "temp_c": 38.2, **calm, "o2_device": "face_mask"},
        {"time_h": 34, "temp_c": 38.2, **calm, "o2_device": "face_mask"},
        {"time_h": 40, "temp_c": 37.0, **calm, "o2_device": "face_mask"},
    ]
    case = read_case({"observations": rows, "treatments": [{"time_h": 31, "drug": "tocilizumab"}]})
    alone = grade_course(case.observations, case.treatments, crs, case.patient).grades
    found = grade_course_columns(columns_of([case]), crs)
    assert [g.floor for g in alone] == found.floor.tolist() == [0, 3, 3]
    assert [g.ceiling for g in alone] == found.ceiling.tolist()
