"""The zoo: at least thirty wrong graders, each confessing in one line, each caught and its clause named."""

import pytest

from cartox_core import load
from harness.verify.diagnosis import diagnose
from harness.verify.suspects import Suspects
from harness.verify.zoo import herd
from harness.verify.zoo.herd import ANIMALS
from tests.harness.verify.answers import answered, judged_by, load_with, suite
from tests.quick import quick

GUIDELINE = load("astct-2019")
OF_PUBLIC_GRADERS = {
    "FeverDemanded", "BipapIs3", "MissingIsNormal", "Ice10Is1", "VasopressinCounted", "AirwayProtectionIs4",
    "TremorCounts", "NoInputCheck",
}  # fmt: skip


@pytest.fixture(scope="module")
def suspects() -> dict[str, Suspects]:
    return {s: Suspects(GUIDELINE, s, suite("core").cases, load_with) for s in ("crs", "icans")}


def test_there_are_many_and_each_confesses_in_one_line() -> None:
    assert len(ANIMALS) >= 30
    assert all(a.confession.endswith(".") and "\n" not in a.confession for a in ANIMALS.values())
    assert len({a.confession for a in ANIMALS.values()}) == len(ANIMALS)
    clauses = {c.id for s in GUIDELINE.scales.values() for c in s.clauses}
    assert all(set(a.clauses) <= clauses for a in ANIMALS.values())


def test_the_mistakes_of_public_graders_are_among_them() -> None:
    assert set(ANIMALS) >= OF_PUBLIC_GRADERS


@pytest.mark.parametrize("name", quick(["FeverDemanded", "BipapIs3", "MissingIsNormal"], ANIMALS))
def test_the_core_suite_catches_it_and_names_its_clause(name: str, suspects: dict[str, Suspects]) -> None:
    judged = judged_by(name, suite("core").cases)
    if name in ("LastCarriedForward", "FahrenheitGuessed", "EachByItself", "TremorCounts", "SaturationCounts",
                "PressureFromNumbers", "RefusesUnknown"):  # fmt: skip
        judged = judged_by(name, suite("full").cases)  # seen by the full suite for sure; by the core one perhaps
    assert any(j.is_failure for j in judged)
    clauses = ANIMALS[name].clauses
    if clauses:
        found = diagnose(judged, GUIDELINE, load_with, with_animals=False, ready=suspects).clauses
        first = {t.id for t in found if t.suspicion >= found[0].suspicion}
        assert first & set(clauses), found[:4]


def test_an_animal_answers_the_same_whether_or_not_its_check_is_taken_as_done() -> None:
    cases = suite("core").cases
    for name in ("BipapIs3", "MissingIsNormal", "NoCapd"):
        quick = ANIMALS[name].answers(cases)
        slow = ANIMALS[name].grader()
        assert all(quick[c.id].status == answered(slow, c).status for c in cases)
        assert all(quick[c.id].grades == answered(slow, c).grades for c in cases)


def test_an_animal_can_be_called_by_name() -> None:
    assert herd.FeverDemanded({"scale": "crs", "observations": [{"time_h": 1, "temp_c": 39}]})["status"] == "graded"
    with pytest.raises(AttributeError, match="there is no animal"):
        herd.Unicorn  # noqa: B018
