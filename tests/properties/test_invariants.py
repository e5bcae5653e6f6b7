"""What must hold for any observation and any course, whatever the numbers in the tables are.

Default readings, unless a test says otherwise.
"""

import dataclasses
import random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cartox_core import Case, Grade, explain, explain_course, grade, grade_course, load, read_case
from cartox_core.grade import Chart, status
from cartox_core.guideline import Scale
from cartox_core.observation import DEVICES, ITEMS_OF, MASKING_DRUGS, OBSERVATION, READABLE, TREATMENT
from cartox_core.tables import axis_of
from cartox_core.units import celsius_of_fahrenheit
from tests import strategies

ASTCT = load("astct-2019")
CRS, ICANS = ASTCT.scale("crs"), ASTCT.scale("icans")
BOTH = pytest.mark.parametrize("scale", ASTCT.scales.values(), ids=lambda s: s.name)
Raw = dict[str, Any]

# PROTOCOL, section 3: none < blow-by = cannula at <= 6 < cannula at > 6 = masks < positive pressure for hypoxia.
LOW_FLOW, HIGH_FLOW = (0.0, 2.0, 6.0), (6.01, 15.0, 60.0)
CANNULAS, MASKS = ("nasal_cannula", "high_flow_nasal_cannula"), ("face_mask", "non_rebreather", "venturi_mask")
SUPPORT: list[list[Raw]] = [
    [{"o2_device": "none", "o2_flow_l_min": flow} for flow in (None, *LOW_FLOW)],
    [{"o2_device": "blow_by", "o2_flow_l_min": flow} for flow in (None, *LOW_FLOW, *HIGH_FLOW)]
    + [{"o2_device": device, "o2_flow_l_min": flow} for device in CANNULAS for flow in LOW_FLOW],
    [{"o2_device": device, "o2_flow_l_min": flow} for device in CANNULAS for flow in HIGH_FLOW]
    + [{"o2_device": device, "o2_flow_l_min": flow} for device in MASKS for flow in (None, *LOW_FLOW, *HIGH_FLOW)],
    [
        {"o2_device": device, "o2_flow_l_min": flow, "positive_pressure_reason": "hypoxia"}
        for device in DEVICES[-3:]
        for flow in (None, *LOW_FLOW, *HIGH_FLOW)
    ],
]
RANKED = {  # each sign but oxygen, from the mildest to the worst
    "temp_c": [36.0, 37.99, 38.0, 41.0],
    "crs_onset_fever": [False, True],
    "hypotension": [False, True],
    "vasopressors": [0, 1, 2, 6],
    "vasopressin": [False, True],
    "death_from_crs": [False, True],
    "ice": [10, 9, 7, 6, 3, 2, 1, 0],
    "capd": [0, 1, 8, 9, 32],
    "consciousness": ["spontaneous", "voice", "tactile", "unarousable"],
    "seizure": ["none", "brief", "prolonged_or_repetitive"],
    "motor_weakness": ["none", "mild", "deep_focal"],
    "cerebral_edema": ["none", "focal", "diffuse"],
    "posturing": [False, True],
    "cn6_palsy": [False, True],
    "papilledema": [False, True],
    "cushing_triad": [False, True],
    "death_from_icans": [False, True],
}


def graded(raw: Raw, scale: Scale) -> list[Grade]:
    """The grades of a raw case, a snapshot or a course."""
    case = read_case(raw)
    return list(grade_course(case.observations, case.treatments, scale, case.patient).grades)


def no_better(worse: list[Grade], better: list[Grade]) -> bool:
    """Whether neither a floor nor a ceiling is lower."""
    return all(w.floor >= b.floor and w.ceiling >= b.ceiling for w, b in zip(worse, better, strict=True))


def within(narrow: list[Grade], wide: list[Grade]) -> bool:
    """Whether each range lies in the other."""
    return all(w.floor <= n.floor <= n.ceiling <= w.ceiling for n, w in zip(narrow, wide, strict=True))


def charted(raw: Raw, at: int, **fields: Any) -> Raw:
    """The case with some fields of one observation charted anew."""
    rows = [{**row, **fields} if i == at else row for i, row in enumerate(raw["observations"])]
    if "ice" in fields:
        rows[at].pop("ice_items", None)
    return {**raw, "observations": rows}


def test_every_sign_is_ranked_here() -> None:
    signs = {n for n, f in OBSERVATION.items() if f.role == "sign"} - strategies.OLDER | {"crs_onset_fever"}
    assert signs == {*RANKED, "o2_device", "o2_flow_l_min", "ice_items", "iv_fluid_boluses"}


CASES = st.one_of(strategies.snapshots(), strategies.courses(longest=5))


@given(raw=CASES, data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_worse_sign_never_lowers_floor_or_ceiling(raw: Raw, data: st.DataObject) -> None:
    """At its own time or at any other of the course."""
    course = len(raw["observations"]) > 1
    name = data.draw(st.sampled_from([n for n in RANKED if not (course and OBSERVATION[n].snapshot_only)]))
    values = RANKED[name]
    i, j = sorted(data.draw(st.tuples(*[st.integers(0, len(values) - 1)] * 2)))
    at = data.draw(st.integers(0, len(raw["observations"]) - 1))
    better, worse = charted(raw, at, **{name: values[i]}), charted(raw, at, **{name: values[j]})
    for scale in ASTCT.scales.values():
        assert no_better(graded(worse, scale), graded(better, scale))


@given(raw=CASES, data=st.data())
@settings(max_examples=100, deadline=None)
def test_more_support_never_lowers_floor_or_ceiling_and_equal_support_is_graded_alike(
    raw: Raw, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(raw["observations"]) - 1))
    i, j = sorted(data.draw(st.tuples(*[st.integers(0, len(SUPPORT) - 1)] * 2)))
    less, more = (charted(raw, at, **data.draw(st.sampled_from(SUPPORT[k]))) for k in (i, j))
    assert no_better(graded(more, CRS), graded(less, CRS))
    if i == j:
        assert graded(more, CRS) == graded(less, CRS)


@given(raw=CASES, data=st.data())
@settings(max_examples=100, deadline=None)
def test_another_cause_never_raises_a_grade(raw: Raw, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([n for n in OBSERVATION if n.endswith("_other_cause")]))
    at = data.draw(st.integers(0, len(raw["observations"]) - 1))
    for scale in ASTCT.scales.values():
        excused, counted = (graded(charted(raw, at, **{name: told}), scale) for told in (True, False))
        assert no_better(counted, excused)


def informative(raw: Raw, at: int) -> list[str]:
    """The unknown fields of which news can only narrow a range.

    Not a field with a default: unknown, it is graded by its default, and a value other than that is a change
    rather than news. Not the age (no field of an observation): unknown, it is an adult's, and a child's opens
    another table. Not the state fields of a course, which nobody may chart.
    """
    row = raw["observations"][at]
    course = len(raw["observations"]) > 1
    return [
        n
        for n, f in OBSERVATION.items()
        if row.get(n) is None
        and f.default is None
        and f.kind != "items"
        and not (course and f.snapshot_only)
        and not row.get(ITEMS_OF.get(n, ""))
    ]


@given(raw=CASES, data=st.data())
@settings(max_examples=200, deadline=None)
def test_news_never_widens_a_range(raw: Raw, data: st.DataObject) -> None:
    """Nor does it move one elsewhere: the new range lies in the old, at every time."""
    at = data.draw(st.integers(0, len(raw["observations"]) - 1))
    assume(unknown := informative(raw, at))
    read = [n for n in unknown if OBSERVATION[n].role != "chart"]
    name = data.draw(st.sampled_from(read or unknown))
    value = data.draw(strategies.values(OBSERVATION[name]))
    for scale in ASTCT.scales.values():
        assert within(graded(charted(raw, at, **{name: value}), scale), graded(raw, scale))


@given(raw=strategies.snapshots(), data=st.data())
@settings(max_examples=100, deadline=None)
def test_an_item_more_of_the_ice_never_widens_a_range(raw: Raw, data: st.DataObject) -> None:
    row = raw["observations"][0]
    row.pop("ice", None)
    items = {k: v for k, v in (row.get("ice_items") or {}).items() if v is not None}
    unknown = [k for k in ("year", "month", "city", "hospital", "naming", "command", "writing", "attention")
               if k not in items]  # fmt: skip
    assume(unknown)
    more = {**items, data.draw(st.sampled_from(unknown)): data.draw(st.integers(0, 1))}
    before, after = charted(raw, 0, ice_items=items), charted(raw, 0, ice_items=more)
    assert within(graded(after, ICANS), graded(before, ICANS))


def bands(name: str, scale: Scale) -> list[Any]:
    """A value of each band of a field, so that every completion has its like among them."""
    return [b.sample for b in axis_of(name, list(scale.clauses)).bands]


@BOTH
@given(raw=strategies.snapshots(), seed=st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_no_completion_leaves_the_range(scale: Scale, raw: Raw, seed: int) -> None:
    """Twenty completions drawn at random; that both ends are reached is shown by test_agreement on every cell."""
    row = raw["observations"][0]
    unknown = [n for n in scale.fields if n in OBSERVATION and n in informative(raw, 0)]
    draws = random.Random(seed)
    (wide,) = graded(raw, scale)
    values = {n: bands(n, scale) for n in unknown}
    for _ in range(20):
        complete = {**row, **{n: draws.choice(v) for n, v in values.items()}}
        if scale is ICANS and complete.get("ice") is None and row.get("ice_items") is not None:
            low, high = read_case(raw).observations[0].ice_items.possible  # type: ignore[union-attr]
            complete["ice"] = draws.randint(low, high)
        (found,) = graded({**raw, "observations": [complete]}, scale)
        assert found.grade is not None or (scale is ICANS and "capd" in informative(raw, 0))
        assert within([found], [wide])


def chart_of(case: Case) -> Chart:
    return Chart(case.observations[0], case.patient)


ALONE = {
    scale.name: [dataclasses.replace(scale, domains=(domain,), episode=None) for domain in scale.domains]
    for scale in ASTCT.scales.values()
}


@BOTH
@given(raw=strategies.snapshots(), complete=st.booleans(), seed=st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_the_grade_is_the_worst_domain(scale: Scale, raw: Raw, complete: bool, seed: int) -> None:
    """Each domain graded as if it were the whole scale. With much unknown, two domains that read one field are less
    free together than each alone, so the range may be narrower."""
    if complete:
        draws = random.Random(seed)
        unknown = [n for n in scale.fields if n in OBSERVATION and n in informative(raw, 0)]
        raw = charted(raw, 0, **{n: draws.choice(bands(n, scale)) for n in unknown})
    (found,) = graded(raw, scale)
    each = [graded(raw, alone)[0] for alone in ALONE[scale.name]]
    worst = Grade(max(g.floor for g in each), max(g.ceiling for g in each))
    assert within([found], [worst])
    if scale is CRS or (complete and not raw["observations"][0].get("ice_items")):
        assert found == worst


UNREAD = [n for n, f in OBSERVATION.items() if f.role == "chart" and n != "seizure_duration_min"]
UNREAD += sorted(strategies.OLDER)


def test_what_the_scales_never_read_is_never_read() -> None:
    assert {"tremor", "myoclonus", "headache", "intracranial_hemorrhage", "crp_mg_dl", "heart_rate_bpm", "spo2_pct",
            "fio2", "organ_toxicity_grade"} < set(UNREAD)  # fmt: skip
    for scale in ASTCT.scales.values():
        assert not set(UNREAD) & set(scale.fields)


@given(raw=CASES, data=st.data())
@settings(max_examples=100, deadline=None)
def test_laboratory_values_vital_signs_and_signs_graded_elsewhere_never_matter(raw: Raw, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(UNREAD), min_size=1, max_size=3, unique=True))
    fields = {n: data.draw(st.none() | strategies.values(READABLE[n])) for n in names}
    at = data.draw(st.integers(0, len(raw["observations"]) - 1))
    for scale in ASTCT.scales.values():
        assert graded(charted(raw, at, **fields), scale) == graded(raw, scale)


@given(raw=CASES, seed=st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_the_order_of_keys_and_of_treatments_never_matters(raw: Raw, seed: int) -> None:
    draws = random.Random(seed)

    def shuffled(table: Raw) -> Raw:
        return dict(draws.sample(list(table.items()), len(table)))

    again = {
        "patient": shuffled(raw["patient"]),
        "observations": [shuffled(row) for row in raw["observations"]],
        "treatments": draws.sample(raw["treatments"], len(raw["treatments"])),
    }
    for reading in ({}, {"C8": "literal"}):
        for scale in load("astct-2019", reading).scales.values():
            assert graded(shuffled(again), scale) == graded(raw, scale)


ILL: list[Raw] = [
    {"hypotension": True},
    {"vasopressors": 1, "vasopressor_other_cause": False},
    {"vasopressin": True, "vasopressor_other_cause": False},
    {"vasopressors": 2, "vasopressor_other_cause": False},
    *({**support, "oxygen_other_cause": False} for level in SUPPORT[1:] for support in level),
]


@given(raw=strategies.courses(), data=st.data())
@settings(max_examples=100, deadline=None)
def test_masking_never_lowers_a_grade_of_2_or_more_within_an_episode(raw: Raw, data: st.DataObject) -> None:
    """Neither at that time nor later, for the sign that gives the grade keeps the episode open."""
    minutes = [o.minute for o in read_case(raw).observations]
    near = [i for i in range(1, len(minutes)) if minutes[i - 1] >= 0 and minutes[i] - minutes[i - 1] < 1440]
    assume(near)
    at = data.draw(st.sampled_from(near))
    raw = charted(raw, at - 1, temp_c=38.0, fever_other_cause=False)
    raw = charted(raw, at, death_from_crs=False, **data.draw(st.sampled_from(ILL)))
    grades = graded(raw, CRS)
    assert grades[at].floor >= 2
    masked = charted(raw, at, temp_c=data.draw(st.sampled_from([35.0, 36.6, 37.99])))
    drug = {"time_h": minutes[at] / 60, "drug": data.draw(st.sampled_from(sorted(MASKING_DRUGS)))}
    masked["treatments"] = [*raw["treatments"], drug]
    after = graded(masked, CRS)
    assert [g.floor for g in after] == [g.floor for g in grades]
    assert all(a.ceiling <= g.ceiling for a, g in zip(after, grades, strict=True))


@given(raw=strategies.courses(), drugs=strategies.treatments)
@settings(max_examples=100, deadline=None)
def test_no_drug_matters_by_default(raw: Raw, drugs: list[Raw]) -> None:
    for scale in ASTCT.scales.values():
        assert graded({**raw, "treatments": drugs}, scale) == graded(raw, scale)
    assert {d["drug"] for d in drugs} <= set(TREATMENT["drug"].values)


@given(raw=strategies.courses(shortest=3), data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_later_observation_never_changes_an_earlier_grade(raw: Raw, data: st.DataObject) -> None:
    """From two observations on: one alone is a snapshot, whose episode is unknown where it is not stated."""
    kept = data.draw(st.integers(2, len(raw["observations"]) - 1))
    for scale in ASTCT.scales.values():
        fewer = {**raw, "observations": raw["observations"][:kept]}
        assert graded(raw, scale)[:kept] == graded(fewer, scale)


@given(raw=strategies.courses(), shift=st.integers(0, 10_000))
@settings(max_examples=100, deadline=None)
def test_times_after_the_infusion_do_not_matter(raw: Raw, shift: int) -> None:
    """For ICANS any times; for CRS their differences only."""
    minutes = [o.minute for o in read_case(raw).observations]
    first = [{**row, "time_h": (m - minutes[0]) / 60} for row, m in zip(raw["observations"], minutes, strict=True)]
    later = [{**row, "time_h": (m - minutes[0] + shift) / 60} for row, m in zip(first, minutes, strict=True)]
    spread = [{**row, "time_h": float(i)} for i, row in enumerate(first)]
    base = {**raw, "observations": first}
    for scale in ASTCT.scales.values():
        assert graded({**raw, "observations": later}, scale) == graded(base, scale)
    assert graded({**raw, "observations": spread}, ICANS) == graded(base, ICANS)


@BOTH
@given(raw=strategies.snapshots())
@settings(max_examples=100, deadline=None)
def test_an_observation_is_explained_by_clauses_that_hold(scale: Scale, raw: Raw) -> None:
    case = read_case(raw)
    found, why = explain(case.observations[0], scale, case.patient)
    assert found == grade(case.observations[0], scale, case.patient)
    assert why
    assert [b.bound for b in why] == sorted((b.bound for b in why), key=["grade", "floor", "ceiling"].index)
    assert {b.bound for b in why} == ({"grade"} if found.grade is not None else {"floor", "ceiling"})
    for because in why:
        assert because.text
        assert because.text in str(because)
        if because.clause is not None:
            level = found.ceiling if because.bound == "ceiling" else found.floor
            assert because.clause in scale.clauses
            assert because.clause.grade == level > 0
            held = status(because.clause, chart_of(case), scale)
            assert held == "holds" or (because.bound == "ceiling" and held == "may hold")


@BOTH
@given(raw=CASES)
@settings(max_examples=120, deadline=None)
def test_a_course_is_explained_as_it_is_graded(scale: Scale, raw: Raw) -> None:
    case = read_case(raw)
    explained = explain_course(case.observations, case.treatments, scale, case.patient)
    assert [found for found, _ in explained] == graded(raw, scale)
    for (found, why), observation in zip(explained, case.observations, strict=True):
        assert {b.bound for b in why} == ({"grade"} if found.grade is not None else {"floor", "ceiling"})
        for because in why:
            if because.clause is not None:
                level = found.ceiling if because.bound == "ceiling" else found.floor
                assert because.clause.grade == level > 0
                if because.bound != "ceiling":
                    assert status(because.clause, Chart(observation, case.patient), scale) == "holds"


@given(tenth_f=st.integers(770, 1130))
def test_a_temperature_in_fahrenheit_is_a_fever_exactly_from_100_4_on(tenth_f: int) -> None:
    raw = {"time_h": 1, "temp_c": celsius_of_fahrenheit(f"{tenth_f / 10:.1f}"), "crs_onset_fever": False}
    (found,) = graded({"observations": [raw]}, CRS)
    assert (found.floor >= 1) == (tenth_f >= 1004)


def test_100_4_fahrenheit_is_38_celsius() -> None:
    assert celsius_of_fahrenheit(100.4) == 38.0
