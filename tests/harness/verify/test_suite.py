"""The suite: whole, the same for the same seed, right by a second grader, and never the same twice over."""

import json
import math
from collections import Counter
from typing import Any

import pytest

from cartox_core import Refused, load, read_case
from harness.verify.case import SuiteCase
from harness.verify.suite.build import CORE_CASES, build, core_limit
from harness.verify.zoo.plain import Plain
from tests.harness.verify.answers import answered, suite
from tests.plain_astct import crs_course, icans_course


@pytest.fixture(scope="module", params=["core", "full"])
def cases(request: pytest.FixtureRequest) -> tuple[SuiteCase, ...]:
    return suite(request.param, 60 if request.param == "full" else 0).cases


def test_ids_are_unique_and_every_case_says_why(cases: tuple[SuiteCase, ...]) -> None:
    assert len({c.id for c in cases}) == len(cases)
    assert all(c.why and c.id.startswith(f"{c.scale}/") for c in cases)


def test_a_case_is_asked_once_in_the_same_words(cases: tuple[SuiteCase, ...]) -> None:
    told = Counter((c.scale, json.dumps(c.raw, sort_keys=True)) for c in cases if c.kind not in ("relation", "sealed"))
    assert max(told.values()) == 1


def test_valid_cases_are_read_and_invalid_ones_are_refused(cases: tuple[SuiteCase, ...]) -> None:
    for case in cases:
        if case.expected is None:
            with pytest.raises(Refused):
                read_case(case.raw)
        else:
            assert len(read_case(case.raw).observations) == len(case.expected)


def test_the_second_grader_agrees_with_every_expectation(cases: tuple[SuiteCase, ...]) -> None:
    for case in cases:
        if case.expected is None:
            continue
        patient, rows = case.raw.get("patient"), case.raw["observations"]
        second = crs_course if case.scale == "crs" else icans_course
        assert second(patient, rows) == [(g.floor, g.ceiling) for g in case.expected], case.id


def test_the_plain_animal_agrees_with_every_expectation(cases: tuple[SuiteCase, ...]) -> None:
    plain = Plain()
    for case in cases:
        answer = answered(plain, case)
        assert answer.status == ("refused" if case.expected is None else "graded"), case.id
        assert case.expected is None or answer.grades == case.expected, case.id


def test_only_nan_cases_hold_what_json_cannot(cases: tuple[SuiteCase, ...]) -> None:
    def finite(value: Any) -> bool:
        if isinstance(value, dict):
            return all(map(finite, value.values()))
        if isinstance(value, list):
            return all(map(finite, value))
        return not isinstance(value, float) or math.isfinite(value)

    assert all(finite(c.raw) == (c.kind != "nan") for c in cases)


def test_the_core_suite_is_small() -> None:
    assert len(suite("core").cases) <= CORE_CASES


@pytest.mark.slow
def test_many_scales_make_the_core_suite_larger() -> None:
    guideline = load("ctcae-5")
    cases = build(guideline, tuple(guideline.scales), "core", 1, 0).cases
    assert CORE_CASES < len(cases) <= core_limit(len(guideline.scales))
    assert {c.scale for c in cases if c.kind == "golden"} == set(guideline.scales)


@pytest.mark.parametrize("name", ["core", "full"])
def test_every_clause_decides_or_holds_somewhere(name: Any) -> None:
    covered = {clause for c in suite(name).cases for clause in c.clauses}
    guideline = load("astct-2019")
    assert {c.id for s in guideline.scales.values() for c in s.clauses} <= covered


@pytest.mark.slow
def test_the_same_seed_is_the_same_suite_and_another_seed_another() -> None:
    guideline = load("astct-2019")
    one, again, other = (build(guideline, ("crs",), "full", seed, 40) for seed in (5, 5, 6))
    assert one.digest == again.digest != other.digest
    assert [repr(c) for c in one.cases] == [repr(c) for c in again.cases]


@pytest.mark.slow
def test_more_sealed_cases_begin_with_the_same_ones() -> None:
    guideline = load("astct-2019")
    few, many = (
        {c.id: c.raw for c in build(guideline, ("crs", "icans"), "core", 3, n).cases if c.kind == "sealed"}
        for n in (44, 220)
    )
    assert len(few) == 44
    assert all(many.get(name) == raw for name, raw in few.items())


def test_both_sides_of_every_threshold_are_there() -> None:
    temperatures = {c.raw["observations"][0].get("temp_c") for c in suite("core").cases if c.kind == "edge"}
    assert {37.9, 37.96, 38.0, 38.04, 38.1} <= temperatures
    flows = {c.raw["observations"][0].get("o2_flow_l_min") for c in suite("core").cases if c.kind == "edge"}
    assert {5.9, 6.0, 6.1} <= flows


def test_under_another_reading_the_core_says_what_is_right() -> None:
    other = build(load("astct-2019", {"C1": "high"}), ("crs",), "core", 1, 0)
    flow = [c for c in other.cases if c.expected and c.raw["observations"][0].get("o2_flow_l_min") == 6.0]
    assert any((c.expected or ())[0].grade == 3 for c in flow)
    assert not any((c.expected or ())[0].grade == 2 and "cannula" in str(c.raw) for c in flow)
