"""Levels ask what they promise, near thresholds first, the same by each seed."""

import itertools

import pytest

from cartox_core import Case, read_case
from cartox_core.bedside import until
from harness.cohort.example import make_again
from harness.patients.address import Address
from harness.train.chart import VENTILATOR
from harness.train.hours import CHARTED_AT_ROUNDS, FEVER_C, Round, ferritin_is_high, first_orders_h, near_threshold
from harness.train.key import key_of, last_chart
from harness.train.levels import levels
from harness.train.mining import APART_H, HOURS_A_CASE, as_taught, cases, guideline, rounds
from harness.train.question import advice, question
from tests.quick import quick

WANTED = 2


@pytest.mark.parametrize("name", quick(["single-findings", "masked-fever", "iec-hs"], levels()))
def test_a_level_asks_what_it_promises(name: str) -> None:
    found = list(itertools.islice(cases(levels()[name], 5), WANTED))
    assert len({case.address for case in found}) == WANTED
    for case in found:
        assert 1 <= len(case.hours) <= HOURS_A_CASE
        assert all(b - a >= APART_H for a, b in itertools.pairwise(case.hours))
        whole = as_taught(read_case(make_again(Address.read(case.address), guideline()).whole))
        if name == "iec-hs":
            assert ferritin_is_high(until(whole, case.hours[-1]) or whole)
        for hour in case.hours:
            (at,) = rounds(whole, [hour])
            assert promised(name, at, whole), (name, case.address, hour)
            opened = [key_of(at.charts[name]) for name, grade in at.grades.items() if grade.grade is None]
            assert all(set(key.missing) & set(CHARTED_AT_ROUNDS) for key in opened)
            for scale, chart in at.charts.items():
                assert chart == last_chart(at.case, guideline().scale(scale)), (case.address, hour)


def promised(name: str, at: Round, whole: Case) -> bool:
    """Whether a round is what the text of a level says."""
    grades, seen = list(at.grades.values()), at.observation
    match name:
        case "single-findings":
            return all(grade.grade is not None for grade in grades) and any(grade.floor for grade in grades)
        case "worst-of-several":
            return len([domain for domain in at.domains if domain != "crs.fever"]) > 1
        case "masked-fever":
            earlier = [o.temp_c for o in at.case.observations if o.temp_c is not None]
            return seen.temp_c is not None and seen.temp_c < FEVER_C <= max(earlier)
        case "missing-data":
            return any(grade.grade is None for grade in grades)
        case "sedation":
            return seen.o2_device == VENTILATOR and seen.consciousness not in ("spontaneous", None)
        case "children":
            return at.case.patient.age_years is not None and at.case.patient.age_years < 12
        case "iec-hs":
            return any(t.drug == "anakinra" for t in whole.treatments)
        case _:
            return any(grade.floor for grade in grades)


def test_the_same_seed_has_the_same_cases() -> None:
    level = levels()["masked-fever"]
    assert list(itertools.islice(cases(level, 5), 3)) == list(itertools.islice(cases(level, 5), 3))


def test_other_seeds_have_other_patients() -> None:
    level = levels()["single-findings"]
    assert next(cases(level, 1)) != next(cases(level, 2))


def test_near_a_threshold() -> None:
    calm = {"hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}

    def at(**changed: object) -> Round:
        case = read_case({"observations": [{"time_h": 24, "temp_c": 38.4, **calm, **changed}]})
        (found,) = rounds(case, [24.0])
        return found

    assert near_threshold(at(temp_c=38.1)) and near_threshold(at(temp_c=37.9))
    assert not near_threshold(at(temp_c=39.5))
    assert near_threshold(at(o2_device="nasal_cannula", o2_flow_l_min=6.0, temp_c=39.5))
    assert not near_threshold(at(o2_device="nasal_cannula", o2_flow_l_min=2.0, temp_c=39.5))


def test_no_round_before_the_first() -> None:
    case = read_case({"observations": [{"time_h": 24, "temp_c": 38.4}]})
    assert list(rounds(case, [23.0])) == [] and until(case, 24.0) is not None
    assert list(rounds(read_case({"observations": [{"time_h": 24, "crp_mg_dl": 3}]}), [24.0])) == []


def test_an_hour_of_a_first_order_is_asked_before_it() -> None:
    case = next(cases(levels()["single-findings"], 7))
    whole = as_taught(read_case(make_again(Address.read(case.address), guideline()).whole))
    first_h = min(dose.time_h for dose in whole.treatments if dose.drug == "tocilizumab")
    assert first_h in first_orders_h(whole) and first_h in case.hours
    assert not any(dose.drug == "tocilizumab" for dose in question(case.address, first_h).case.treatments)
    assert advice(case.address, first_h).advice.advised
    assert first_orders_h(read_case({"observations": [{"time_h": 1}]})) == set()
