"""A whole verification: the verdict, its reasons, and what is accepted, skipped or cannot be told."""

import dataclasses
import datetime
from typing import Any

import pytest

from cartox_core import load
from harness.verify.doors.door import Can, DoorError
from harness.verify.known import Entry
from harness.verify.translation import translation_of
from harness.verify.verdict import word_of
from harness.verify.verify import scales_of
from harness.verify.zoo.herd import ANIMALS
from tests.harness.verify.verdicts import by_the_core, verdict_on, verdict_on_animal, verdict_on_core

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("verdicts")]  # kept by a worker, so made on one

TOMORROW = datetime.date.today() + datetime.timedelta(days=1)  # a run may cross midnight
YESTERDAY = datetime.date.today() - datetime.timedelta(days=1)
CRS_ONLY = Can("small", missing="range", guidelines={"astct-2019": ("crs",)})


def test_the_core_is_conformant() -> None:
    found = verdict_on_core()
    assert found.word == "conformant"
    assert found.counts == {"agree": len(found.judged)}
    assert not found.failures and not found.reasons
    assert found.effect is not None
    for scale in found.effect.scales:
        assert scale.ill > 0 == scale.too_low == scale.too_high == scale.no_grade
        assert all(missed == 0 < due for missed, due in scale.missed.values())
    assert [a.kappa for a in found.agreements] == [1.0, 1.0]


@pytest.mark.parametrize("name", ["BipapIs3", "FeverDemanded", "VasopressinCounted", "Ice10Is1"])
def test_a_wrong_grader_is_nonconformant_and_its_clause_comes_first(name: str) -> None:
    found, animal = verdict_on_animal(name), ANIMALS[name]
    assert found.word == "nonconformant"
    assert found.faults[0].name in animal.clauses
    assert found.diagnosis.likely[0].name == animal.confession
    assert found.failures and all(j.is_failure for j in found.failures)


def test_under_grading_is_told_apart_from_over_grading() -> None:
    low, high = verdict_on_animal("BipapIs3").counts, verdict_on_animal("VasopressinCounted").counts
    assert low["under"] > 0 == low.get("over", 0)
    assert high["over"] > 0 == high.get("under", 0)
    effect = verdict_on_animal("FeverDemanded").effect
    assert effect is not None and effect.scales[0].too_low > 0 == effect.scales[0].too_high


def test_known_failures_are_accepted_until_their_day() -> None:
    wrong = ANIMALS["BipapIs3"].grader()
    clause = "crs.hypoxia.positive_pressure"
    valid = Entry(clause=clause, reason="ticket 1", until=TOMORROW)
    found = verdict_on(wrong, (Entry(case="crs/*", reason="ticket 1", until=TOMORROW),))
    assert (found.word, len(found.failures)) == ("conformant", 0)
    assert len(found.accepted) > 0
    stale = verdict_on(ANIMALS["Ice10Is1"].grader(), (valid,))
    assert stale.word == "nonconformant" and "stale" in stale.reasons[0]
    expired = Entry(case="crs/*", reason="ticket 1", until=YESTERDAY)
    again = verdict_on(wrong, (expired,))
    assert again.word == "nonconformant" and "expired" in again.reasons[0]


def test_a_skip_is_never_a_pass() -> None:
    def lazy(message: dict[str, Any]) -> Any:
        if "bipap" in str(message["observations"]):
            return {"status": "skipped", "reason": "no BiPAP here"}
        return by_the_core(message)

    found = verdict_on(lazy, effect_patients=0)
    assert found.word == "incomplete"
    assert [reason.partition(" of ")[0] for reason in found.reasons] == [f"it skipped {found.counts['skipped']}"]


def test_what_a_grader_cannot_be_told_is_a_gap_and_no_fault() -> None:
    asked: set[str] = set()

    def blind(message: dict[str, Any]) -> Any:
        rows = message["observations"]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return by_the_core(message)
        asked.update(name for row in rows for name in row)
        return by_the_core({**message, "observations": [{**row, "cn6_palsy": False} for row in rows]})

    fields = frozenset(name for scale in load("astct-2019").scales.values() for name in scale.fields) - {"cn6_palsy"}
    found = verdict_on(blind, can=Can("small", missing="range", fields=fields), scales=("icans",), effect_patients=0)
    assert "cn6_palsy" not in asked
    assert (found.word, found.failures) == ("incomplete", ())
    assert set(found.coverage.fields) == {"cn6_palsy"}
    assert found.coverage.clauses == {"icans.cn6_palsy.g4": "cn6_palsy cannot be told"}


def test_a_map_tells_them_in_their_words() -> None:
    words = translation_of('grade_text = "Grade {}"\n[fields.temp_c]\nname = "temp"\nunit = "[degF]"\n')
    found = verdict_on(in_fahrenheit, translation=words, scales=("crs",), effect_patients=0)
    assert found.word == "conformant", found.faults


def in_fahrenheit(message: dict[str, Any]) -> Any:
    def ours(name: str, value: Any) -> tuple[str, Any]:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return ("temp_c", round((value - 32) / 1.8, 9) if is_number else value) if name == "temp" else (name, value)

    rows = message.get("observations")
    if isinstance(rows, list):
        rows = [dict(ours(*item) for item in row.items()) if isinstance(row, dict) else row for row in rows]
    answer = by_the_core({**message, "observations": rows})
    return {**answer, "grades": [f"Grade {g}" if isinstance(g, int) else g for g in answer.get("grades", [])]}


def test_the_scales_are_those_that_the_grader_declares() -> None:
    guideline = load("astct-2019")
    assert scales_of(CRS_ONLY, guideline, []) == ("crs",)
    assert scales_of(Can("x"), guideline, []) == ("crs", "icans")
    with pytest.raises(DoorError, match="it declares no scale icans, only crs"):
        scales_of(CRS_ONLY, guideline, ["icans"])
    with pytest.raises(DoorError, match="no guideline astct-2019, only other"):
        scales_of(dataclasses.replace(CRS_ONLY, guidelines={"other": ("crs",)}), guideline, [])


def test_an_adapter_that_does_not_fit_is_told_before_any_score() -> None:
    with pytest.raises(DoorError, match="the adapter does not fit: five different patients all got 0"):
        verdict_on(lambda m: {"status": "graded", "grades": [0] * len(m["observations"])})
    with pytest.raises(DoorError, match="grades as text"):
        verdict_on(lambda _: {"status": "graded", "grades": ["3"]})


def test_what_cannot_be_tested_outweighs_nothing_that_is_wrong() -> None:
    failed = verdict_on_animal("BipapIs3").failures
    assert word_of(failed, [], ["it skipped 3 cases"]) == "nonconformant"
    assert word_of([], ["expired"], []) == "nonconformant"
    assert word_of([], [], ["it skipped 3 cases"]) == "incomplete"
