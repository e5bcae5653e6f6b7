"""What the doses of a course tell: by the core, over columns, and minute by minute."""

import dataclasses
import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import Scale, columns_of, explain_course, grade_course, grade_course_columns, load, read_case
from cartox_core.observation import PATIENT, Observation, Patient, Treatment
from cartox_core.units import rate_of
from cartox_core.vasopressors import DOSE_HIGH, HOURS, Given, derive, given_of
from tests import plain_crs_systems, plain_vasopressors

LEE, PENN, MSKCC = (load(name).scale("crs") for name in ("lee-2014", "penn-2018", "mskcc-2018"))
SYSTEMS = ("lee-2014", "penn-2018", "cartox-2018", "mskcc-2018")
DRUGS = ("norepinephrine", "epinephrine", "phenylephrine", "dopamine", "angiotensin_ii", "vasopressin")
NE = "norepinephrine"


def given_doses(*entries: tuple[Any, ...], kg: float | None = None) -> Given:
    """Entries of minute, drug, dose and unit."""
    told = [Treatment(time_h=m / 60, drug=d, dose=dose, unit=unit) for m, d, dose, unit in entries]
    return Given(tuple(told), kg)


def found(scale: Scale, given: Given, *minutes: int) -> list[tuple[Any, ...]]:
    """Whether the dose is high at its mildest and at its worst, then the hours."""
    assert scale.infusions is not None
    mild, worst = derive(minutes, given, scale.infusions)
    return [
        (low.get(DOSE_HIGH), high.get(DOSE_HIGH), low[HOURS], high[HOURS])
        for low, high in zip(mild, worst, strict=True)
    ]


# ------------------------------------------------------------------------------------------------ one by one


def test_an_entry_holds_from_its_minute_until_the_next_of_its_drug() -> None:
    given = given_doses((60, NE, 20, "ug/min"), (300, NE, 0, None))
    assert found(LEE, given, 59, 60, 239, 240, 299, 300) == [
        (False, False, 0, 0), (False, False, 0, 0), (False, False, 179 / 60, 179 / 60), (True, True, 3, 3),
        (True, True, 239 / 60, 239 / 60), (False, False, 0, 0),
    ]  # fmt: skip


def test_the_hours_of_a_drug_by_which_another_is_replaced_go_on() -> None:
    given = given_doses((0, NE, 5, "ug/min"), (60, "vasopressin", 0.03, "U/min"), (90, NE, 0, None))
    assert [f[2] for f in found(MSKCC, given, 60, 120)] == [1, 2]
    assert [f[0] for f in found(MSKCC, given, 60, 120)] == [None, None]


@pytest.mark.parametrize(("gap", "is_bridged"), [(1, True), (14, True), (15, False), (16, False)])
def test_a_break_of_less_than_a_quarter_of_an_hour_is_none(gap: int, is_bridged: bool) -> None:
    given = given_doses((0, NE, 20, "ug/min"), (100, NE, 19, "ug/min"), (100 + gap, NE, 20, "ug/min"))
    assert found(LEE, given, 180, 280 + gap) == [
        (is_bridged, is_bridged, 3, 3), (True, True, (280 + gap) / 60, (280 + gap) / 60)
    ]  # fmt: skip
    assert LEE.infusions is not None
    strict = dataclasses.replace(LEE, infusions=dataclasses.replace(LEE.infusions, bridge_min=0))
    assert found(strict, given, 180)[0][:2] == (False, False)


def test_entries_of_one_rate_are_no_break_under_any_reading() -> None:
    assert LEE.infusions is not None
    strict = dataclasses.replace(LEE, infusions=dataclasses.replace(LEE.infusions, bridge_min=0))
    given = given_doses((0, NE, 20, "ug/min"), (100, NE, 25, "ug/min"), (101, NE, 1.2, "mg/h"))
    assert found(strict, given, 180)[0][:2] == (True, True)


def test_the_end_of_an_infusion_is_no_break() -> None:
    given = given_doses((0, NE, 20, "ug/min"), (200, NE, 0, None))
    assert found(LEE, given, 201) == [(False, False, 0, 0)]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ((0, NE, None, "ug/min"), (False, True, 0, 4)),  # it may have been 0
        ((0, NE, 25, None), (False, True, 4, 4)),  # of some drug, of unknown unit
        ((0, NE, 25, "mL/h"), (False, True, 4, 4)),
        ((0, NE, 25, "U/min"), (False, True, 4, 4)),
        ((0, NE, 0, "mL/h"), (False, False, 0, 0)),  # nothing in any unit
        ((0, "angiotensin_ii", None, None), (False, False, 0, 4)),  # no line, whatever the dose
        ((0, "vasopressin", 1, "mL/h"), (False, False, 4, 4)),  # only whether it runs is asked
        ((0, "dopamine", 10, "ug/kg/min"), (True, True, 4, 4)),
        ((0, "dopamine", 700, "ug/min"), (False, True, 4, 4)),
        ((0, NE, 0.049, "ug/kg/min"), (False, False, 4, 4)),  # below 20 µg/min at 400 kg
        ((0, NE, 0.05, "ug/kg/min"), (False, True, 4, 4)),
        ((0, NE, 40, "ug/kg/min"), (True, True, 4, 4)),  # 20 µg/min at 0.5 kg
    ],
)
def test_what_is_unknown_stays_so_unless_it_cannot_matter(entry: Any, expected: Any) -> None:
    assert found(LEE, given_doses(entry), 240) == [expected]


def test_two_entries_in_one_minute_may_be_either() -> None:
    both = given_doses((0, NE, 25, "ug/min"), (0, NE, 0, None))
    assert found(LEE, both, 240) == [(False, True, 0, 4)]
    same = given_doses((0, NE, 25, "ug/min"), (0, NE, 1.5, "mg/h"))
    assert found(LEE, same, 240) == [(True, True, 4, 4)]


def test_a_second_drug_of_unknown_dose_may_also_lower_what_is_high_alone() -> None:
    """Epinephrine alone is high from 10 µg/min, two drugs from 20 as norepinephrine, as printed."""
    given = given_doses((0, "epinephrine", 12, "ug/min"), (0, NE, 3, "mL/h"))
    assert found(LEE, given, 240)[0][:2] == (False, True)


def test_a_drug_at_its_own_line_beside_another_is_high_only_where_the_reading_says_so() -> None:
    """Porter 2018: epinephrine is high from 0.1 µg/kg/min, a combination from 0.2 as norepinephrine: here 0.114."""
    given = given_doses((0, "epinephrine", 0.1, "ug/kg/min"), (0, "phenylephrine", 10, "ug/min"), kg=70)
    own = load("penn-2018", {"COMBINATION": "own_line_holds"}).scale("crs")
    assert [found(scale, given, 240)[0][:2] for scale in (PENN, own)] == [(False, False), (True, True)]
    less = given_doses((0, "epinephrine", 0.099, "ug/kg/min"), (0, "phenylephrine", 10, "ug/min"), kg=70)
    assert found(own, less, 240)[0][:2] == (False, False)


def test_only_vasopressors_are_kept_and_nothing_without_any() -> None:
    toci, pressor = Treatment(time_h=1, drug="tocilizumab"), Treatment(time_h=1, drug=NE, dose=5, unit="ug/min")
    assert given_of([toci], Patient(weight_kg=70)) is None
    assert given_of([toci, pressor], Patient(weight_kg=70)) == Given((pressor,), 70)


# ------------------------------------------------------------------------------------------------ against the plain one

DOSES: Mapping[str, tuple[float, ...]] = {
    NE: (5, 10, 16, 19.9, 20), "epinephrine": (2, 5, 8, 10), "phenylephrine": (50, 100, 200),
    "dopamine": (500, 700, 800), "angiotensin_ii": (1,), "vasopressin": (0.03,),
}  # fmt: skip
BY_WEIGHT: Mapping[str, tuple[float, ...]] = {
    NE: (0.05, 0.1, 0.125, 0.2, 0.25), "epinephrine": (0.05, 0.1), "phenylephrine": (1, 2.5),
    "dopamine": (5, 9.9, 10, 20), "angiotensin_ii": (0.02,), "vasopressin": (0.03,),
}  # fmt: skip
MINUTES = st.sampled_from([0, 10, 14, 15, 30, 60, 100, 180, 181, 200, 240, 360, 380, 394, 400, 1440])


@st.composite
def entries(draw: st.DrawFn, unknown: bool = False) -> list[dict[str, Any]]:
    told = []
    for _ in range(draw(st.integers(1, 6))):
        drug = draw(st.sampled_from(DRUGS))
        unit = draw(st.sampled_from(["ug/min", "mcg/kg/min"]))
        dose = draw(st.sampled_from((0, *(DOSES if unit == "ug/min" else BY_WEIGHT)[drug])))
        odd = draw(st.sampled_from([{}, {}, {"dose": None}, {"unit": "mL/h"}])) if unknown else {}
        told.append({"time_h": draw(MINUTES) / 60, "drug": drug, "dose": dose, "unit": unit, **odd})
    return list({(e["time_h"], e["drug"]): e for e in told}.values())  # one a minute


def plainly(told: list[dict[str, Any]]) -> list[plain_vasopressors.Entry]:
    return [(round(60 * e["time_h"]), e["drug"], Fraction(str(e["dose"])), "kg" in e["unit"]) for e in told]


@settings(max_examples=300, deadline=None)
@given(system=st.sampled_from(SYSTEMS), told=entries(), kg=st.sampled_from([40, 80, 100]), minute=MINUTES)
def test_known_doses_minute_by_minute(system: str, told: list[dict[str, Any]], kg: float, minute: int) -> None:
    given = Given(tuple(Treatment(**e) for e in told), kg)
    high, hours = plain_vasopressors.derived(system, plainly(told), Fraction(kg), minute, 15)
    wanted = None if system == "mskcc-2018" else high
    assert found(load(system).scale("crs"), given, minute) == [(wanted, wanted, hours, hours)]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(system=st.sampled_from(SYSTEMS[:3]), told=entries(unknown=True), kg=st.sampled_from([None, 80]), minute=MINUTES)
def test_unknown_doses_hold_every_completion(
    system: str, told: list[dict[str, Any]], kg: float | None, minute: int
) -> None:
    given = Given(tuple(Treatment(**e) for e in told), kg)
    ((surely, maybe, least, most),) = found(load(system).scale("crs"), given, minute)
    choices = [
        [0, 0.001, 10**7] if e["dose"] is None else [0.001, 10**7] if e["unit"] == "mL/h" and e["dose"] else [e["dose"]]
        for e in told
    ]
    seen = set()
    for doses in itertools.islice(itertools.product(*choices), 40):
        for weight in (0.5, 60, 400) if kg is None else (kg,):
            whole = [{**e, "dose": d} for e, d in zip(told, doses, strict=True)]
            high, hours = plain_vasopressors.derived(system, plainly(whole), Fraction(str(weight)), minute, 15)
            seen.add(high)
            assert least <= hours <= most
            assert surely <= high <= maybe
    if sum(len(c) > 1 for c in choices) <= 1 and kg is not None:  # nothing that one choice could tie together
        assert seen == {surely, maybe}


WELL = {k: v for k, v in plain_crs_systems.MILDEST.items() if k not in ("crs_onset_fever", DOSE_HIGH, HOURS)}
ROWS = st.fixed_dictionaries(
    {"temp_c": st.sampled_from([36.8, 39.0]), "vasopressors": st.sampled_from([0, 1, 2]), "vasopressin": st.booleans()},
    optional={DOSE_HIGH: st.sampled_from([True, False, None]), HOURS: st.sampled_from([0.0, 30.0, None])},
)


@settings(max_examples=200, deadline=None)
@given(
    system=st.sampled_from(SYSTEMS), told=entries(unknown=True), kg=st.sampled_from([None, 80]),
    rows=st.lists(ROWS, min_size=1, max_size=5), at=st.lists(MINUTES, min_size=5, max_size=5, unique=True),
)  # fmt: skip
def test_one_course_by_one_and_in_columns(system: str, told: Any, kg: Any, rows: Any, at: list[int]) -> None:
    scale = load(system).scale("crs")
    charted = [{"time_h": m / 60, **WELL, **row} for m, row in zip(sorted(at), rows, strict=False)]
    raw = {"patient": {"weight_kg": kg}, "observations": charted, "treatments": told}
    other = {"observations": [{"time_h": 1, "temp_c": 39.0}, {"time_h": 2}]}
    case, beside = read_case(raw), read_case(other)
    course = grade_course(case.observations, case.treatments, scale, case.patient)
    for names in (scale.fields, [n for n in scale.fields if n not in (DOSE_HIGH, HOURS)]):
        if len(names) < len(scale.fields) and any(
            row.get(n) is not None for row in charted for n in (DOSE_HIGH, HOURS)
        ):
            continue
        columns = grade_course_columns(columns_of([beside, case, beside], names), scale)
        pairs = list(zip(columns.floor.tolist(), columns.ceiling.tolist(), strict=True))[2:-2]
        assert pairs == [(g.floor, g.ceiling) for g in course.grades]
    explained = explain_course(case.observations, case.treatments, scale, case.patient)
    assert [g for g, _ in explained] == list(course.grades)
    assert [(g.floor, g.ceiling) for g in course.grades] == by_hand(system, charted, told, kg)


def by_hand(system: str, charted: list[dict[str, Any]], told: list[dict[str, Any]], kg: Any) -> list[tuple[int, int]]:
    """The plain grades, once with the mildest of what the doses leave possible charted, once with the worst."""
    if len(charted) == 1:
        return [plain_crs_systems.snapshot(system, charted[0])]
    given = Given(tuple(Treatment(**e) for e in told), kg)
    ends = found(load(system).scale("crs"), given, *(round(60 * row["time_h"]) for row in charted))
    low, high = (
        plain_crs_systems.course(
            system,
            [
                {**row, **{n: e[i] for n, i in where if row.get(n) is None}}
                for row, e in zip(charted, ends, strict=True)
            ],
        )
        for where in (((DOSE_HIGH, 0), (HOURS, 2)), ((DOSE_HIGH, 1), (HOURS, 3)))
    )
    return [(a, b) for (a, _), (_, b) in zip(low, high, strict=True)]


# ------------------------------------------------------------------------------------------------ around it


def test_a_scale_without_an_episode_derives_the_dose_too() -> None:
    alone = dataclasses.replace(LEE, episode=None, gate=())
    raw = {
        "observations": [{"time_h": t, "vasopressors": 1, "vasopressin": False} for t in (1, 5)],
        "treatments": [{"time_h": 1, "drug": NE, "dose": 25, "unit": "ug/min"}],
    }
    case = read_case(raw)
    course = grade_course(case.observations, case.treatments, alone)
    columns = grade_course_columns(columns_of([case], alone.fields), alone)
    assert [g.floor for g in course.grades] == columns.floor.tolist() == [2, 3]
    assert [g.ceiling for g in course.grades] == columns.ceiling.tolist()


def dose_as_sign() -> Scale:
    """Lee 2014 with hypotension by the dose alone. No shipped scale has such a clause."""
    domain = LEE.domain("hypotension")
    clause = next(c for c in domain.clauses if DOSE_HIGH in c.when)
    only = dataclasses.replace(clause, when={DOSE_HIGH: clause.when[DOSE_HIGH]})
    rest = tuple(d for d in LEE.domains if d is not domain)
    return dataclasses.replace(LEE, domains=(dataclasses.replace(domain, clauses=(only,)), *rest))


QUIET = {"o2_device": "none", "organ_toxicity_grade": 0, "creatinine_grade": 0, "transaminase_grade": 0}


def both_ways(raw: dict[str, Any], scale: Scale) -> list[str]:
    """The grades of a course, after holding the columns and the explanation against them."""
    case = read_case(raw)
    course = grade_course(case.observations, case.treatments, scale, case.patient)
    columns = grade_course_columns(columns_of([case], scale.fields), scale)
    pairs = list(zip(columns.floor.tolist(), columns.ceiling.tolist(), strict=True))
    assert pairs == [(g.floor, g.ceiling) for g in course.grades]
    explained = explain_course(case.observations, case.treatments, scale, case.patient)
    assert [g for g, _ in explained] == list(course.grades)
    return [str(g) for g in course.grades]


def test_a_dose_that_is_itself_a_sign_keeps_the_episode_open() -> None:
    """The derived field counts in the episode."""
    rows = [{"time_h": t, "temp_c": 39.0 if t == 1 else 36.8, **QUIET} for t in (1, 20, 24.5, 47)]
    stop = {"time_h": 50, "drug": NE, "dose": 0}
    dose = {"time_h": 21, "drug": NE, "dose": 25, "unit": "ug/min"}
    assert both_ways({"observations": rows, "treatments": [dose, stop]}, dose_as_sign()) == ["1", "0", "3", "3"]
    unsure = {"observations": rows, "treatments": [{**dose, "unit": None}]}
    assert both_ways(unsure, dose_as_sign()) == ["1", "0", "0–3", "0–3"]


def test_a_dose_that_is_perhaps_a_sign_keeps_the_episode_open_at_the_worst_alone() -> None:
    """At the mildest the episode has resolved at hour 26, so that the oxygen of hour 30 belongs to none."""
    rows: list[dict[str, Any]] = [{"time_h": t, "temp_c": 36.8, **QUIET} for t in (1, 20, 24.5, 26, 30)]
    rows[0]["temp_c"], rows[2]["o2_device"] = 39.0, None
    rows[4] |= {"o2_device": "nasal_cannula", "fio2": 0.3}
    given = [{"time_h": 21, "drug": NE, "dose": 25}, {"time_h": 25, "drug": NE, "dose": 0}]
    assert both_ways({"observations": rows, "treatments": given}, dose_as_sign())[3:] == ["0", "0–2"]


def test_a_dose_by_weight_is_worked_out_for_the_patient() -> None:
    """Lee 2014: norepinephrine is high from 20 µg/min; 0.25 µg/kg/min is that at 80 kg, and not at 79."""
    rows = [{"time_h": t, "temp_c": 39.0, **QUIET, "vasopressors": 1, "vasopressin": False} for t in (1, 9)]
    raw = {"observations": rows, "treatments": [{"time_h": 1, "drug": NE, "dose": 0.25, "unit": "ug/kg/min"}]}
    assert both_ways({**raw, "patient": {"weight_kg": 80}}, LEE) == ["2", "3"]
    assert both_ways({**raw, "patient": {"weight_kg": 79}}, LEE) == ["2", "2"]
    assert both_ways({**raw, "patient": {"weight_kg": 80}}, dose_as_sign()) == ["1", "3"]
    assert both_ways(raw, LEE) == ["2", "2–3"]


def test_astct_is_untouched_by_any_dose() -> None:
    crs = load("astct-2019").scale("crs")
    assert crs.infusions is None
    raw = {"observations": [{"time_h": 1, "temp_c": 39.0, "vasopressors": 1}, {"time_h": 9, "vasopressors": 1}]}
    given = read_case({**raw, "treatments": [{"time_h": 1, "drug": NE, "dose": 25, "unit": "ug/min"}]})
    plain = read_case(raw)
    assert grade_course(given.observations, given.treatments, crs) == grade_course(plain.observations, (), crs)


def test_the_bounds_of_an_unknown_weight_are_the_protocols() -> None:
    assert (PATIENT["weight_kg"].low, PATIENT["weight_kg"].high) == (0.5, 400)


def test_columns_of_a_snapshot_leave_its_treatments_alone() -> None:
    raw = {"observations": [{"time_h": 9, "temp_c": 39.0, "vasopressors": 1, "vasopressin": False}],
           "treatments": [{"time_h": 1, "drug": NE, "dose": 25, "unit": "ug/min"}]}  # fmt: skip
    case = read_case(raw)
    alone = grade_course(case.observations, case.treatments, LEE).grades[0]
    columns = grade_course_columns(columns_of([case, case], LEE.fields), LEE)
    assert (columns.floor.tolist(), columns.ceiling.tolist()) == ([alone.floor] * 2, [alone.ceiling] * 2)
    assert Observation(time_h=9).vasopressor_dose_high is None


@pytest.mark.parametrize(("norepinephrine", "high"), [(0.1, [False, True]), (2.0, [False, True]), (11.0, [True, True])])
def test_an_unknown_weight_may_lie_where_the_sum_is_least(norepinephrine: float, high: list[bool]) -> None:
    """By weight one drug grows and the other falls: at 10 kg norepinephrine 0.1 and dopamine 20 µg/min add up to 2."""
    doses = Given(
        (
            Treatment(time_h=1, drug="norepinephrine", dose=norepinephrine, unit="ug/kg/min"),
            Treatment(time_h=1, drug="dopamine", dose=20, unit="ug/min"),
        ),
        None,
    )
    infusions = load("lee-2014").scale("crs").infusions
    assert infusions is not None
    mild, worst = derive([300], doses, infusions)
    assert [mild[0]["vasopressor_dose_high"], worst[0]["vasopressor_dose_high"]] == high


def test_a_unit_is_understood_in_capitals_and_with_blanks() -> None:
    assert rate_of(5, "MCG / MIN") == rate_of(5, "ug / min") == rate_of(5, "ug/min")
