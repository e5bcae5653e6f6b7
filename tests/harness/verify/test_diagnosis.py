"""The diagnosis: the likeliest cause first, and the reading under which a grader would be right."""

from typing import Any

import pytest

from cartox_core import Grade, load
from harness.cli.wire import Grader
from harness.cohort.kappa import weighted_kappa
from harness.verify.agreement import agreement, unknown_treated
from harness.verify.diagnosis import diagnose
from harness.verify.faults import Fault, dangerous_first, faults
from harness.verify.judge import judge
from harness.verify.suspects import Suspects
from harness.verify.zoo.crs import FeverDemanded
from harness.verify.zoo.habits import MissingIsNormal
from harness.verify.zoo.herd import ANIMALS
from harness.verify.zoo.icans import Ice10Is1
from harness.verify.zoo.plain import Plain
from tests.harness.verify.answers import answered, judged_by, load_with, suite

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("verdicts")]  # kept by a worker, so made on one

GUIDELINE = load("astct-2019")
CASES = suite("core").cases


@pytest.fixture(scope="module")
def suspects() -> dict[str, Suspects]:
    return {s: Suspects(GUIDELINE, s, CASES, load_with) for s in ("crs", "icans")}


@pytest.mark.parametrize(
    ("animal", "reading"),
    [
        ("SixIsHighFlow", {"C1": "high"}),
        ("HighFlowDevice", {"C2": "device"}),
        ("MaskByFlow", {"C4": "flow"}),
        ("HomeCpapIs4", {"C21": "counts"}),
        ("FeverRounded", {"C32": "rounded"}),
        ("MildWeaknessIs4", {"N15": "graded"}),
        ("BipapIs3", {}),
    ],
)
def test_the_reading_under_which_it_would_be_right(
    animal: str, reading: dict[str, str], suspects: dict[str, Suspects]
) -> None:
    judged = judged_by(animal, CASES)
    assert dict(diagnose(judged, GUIDELINE, load_with, False, suspects).conforms_under) == reading


def test_two_readings_together_are_found(suspects: dict[str, Suspects]) -> None:
    other = load_with({"C1": "high", "C21": "counts"})
    from harness.verify.mutants import Mutant  # noqa: PLC0415

    board = suspects["crs"].board
    given = board.answers(Mutant("reading", "", "", other.scale("crs")))
    whole = board.same(board.right, board.right)
    assert dict(suspects["crs"].readings(given, whole)) == {"C1": "high", "C21": "counts"}


@pytest.mark.parametrize(
    "animal", ["FeverDemanded", "OnlyIntubationIs4", "Ice3Is3", "AnyVasopressor", "MissingIsNormal"]
)
def test_an_animal_is_most_like_itself(animal: str, suspects: dict[str, Suspects]) -> None:
    likely = diagnose(judged_by(animal, CASES), GUIDELINE, load_with, True, suspects).likely
    assert likely[0].score == max(like.score for like in likely)
    assert next(x for x in likely if x.name == ANIMALS[animal].confession).score == 1.0


def test_one_cause_is_one_fault(suspects: dict[str, Suspects]) -> None:
    judged = judged_by("FeverDemanded", CASES)
    found = faults(judged, diagnose(judged, GUIDELINE, load_with, True, suspects).causes)
    assert [f.name for f in found] == ["crs.gate.episode"]
    assert len(found[0].failures) == sum(j.is_failure for j in judged)
    assert found[0].missed == 3
    assert found[0].smallest.case.expected is not None
    assert found[0].smallest.case.expected[0].grade is not None


def test_habits_have_names_of_their_own(suspects: dict[str, Suspects]) -> None:
    def names(animal: str) -> list[str]:
        judged = judged_by(animal, CASES)
        return [f.name for f in faults(judged, diagnose(judged, GUIDELINE, load_with, True, suspects).causes)]

    assert "NaN and infinity must be refused" in names("NoInputCheck")
    assert "invalid input must be refused" in names("NoInputCheck")
    assert names("LastOnly") == ["one grade for each observation"]
    assert names("MissingIsNormal")[0] == "what is unknown is normal"


class BothIce(MissingIsNormal, Ice10Is1):
    """Takes what is unknown for normal, and a full ICE score for grade 1."""


class BothFever(MissingIsNormal, FeverDemanded):
    """Takes what is unknown for normal, and demands a fever."""


@pytest.mark.parametrize(("kind", "clause"), [(BothIce, "icans.ice.none"), (BothFever, "crs.gate.episode")])
def test_a_habit_and_a_wrong_clause_are_told_apart(
    kind: type[Plain], clause: str, suspects: dict[str, Suspects]
) -> None:
    grader = kind()
    judged = [judge(c, answered(grader, c), "assume-normal") for c in CASES]
    found = faults(judged, diagnose(judged, GUIDELINE, load_with, True, suspects).causes)
    by_name = {f.name: f for f in found}
    assert by_name.keys() >= {"what is unknown is normal", clause}
    rest = [f for name, f in by_name.items() if name not in ("what is unknown is normal", clause)]
    assert sum(len(f.failures) for f in rest) <= 1  # what needs both mistakes at once may stand apart
    habit = by_name["what is unknown is normal"]
    assert all(j.case.is_range for j in habit.failures)
    right, got = (
        grades[habit.smallest.place] for grades in (habit.smallest.case.expected, habit.smallest.answer.grades)
    )
    assert got == Grade(right.floor, right.floor)


def test_a_habit_of_the_zoo_is_a_fault_of_that_name(suspects: dict[str, Suspects]) -> None:
    judged = judged_by("TremorCounts", suite("full").cases)
    found = faults(judged, diagnose(judged, GUIDELINE, load_with).causes)
    assert [f.name for f in found] == [ANIMALS["TremorCounts"].confession]


def test_every_failure_stands_in_exactly_one_fault(suspects: dict[str, Suspects]) -> None:
    for animal in ("NoBand", "FirstDomain", "AnyVasopressor", "WidestRange"):
        judged = judged_by(animal, CASES)
        found: list[Fault] = faults(judged, diagnose(judged, GUIDELINE, load_with, False, suspects).causes)
        ids = [j.case.id for f in found for j in f.failures]
        assert sorted(ids) == sorted(j.case.id for j in judged if j.is_failure)


def test_the_most_dangerous_failure_comes_first() -> None:
    ordered = dangerous_first(j for j in judged_by("NoBand", CASES) if j.is_failure)
    levels = [
        3
        if (j.case.expected or ())[j.place].floor
        >= 3
        > (j.answer.grades[j.place].ceiling if j.answer.grades and j.answer.grades[j.place] else 9)
        else 0
        for j in ordered[:3]
    ]  # type: ignore[union-attr]
    assert levels == sorted(levels, reverse=True)


def test_agreement_counts_what_was_missed_and_what_was_given_needlessly() -> None:
    low = agreement(judged_by("FeverDemanded", CASES), "crs", 5)
    assert low.missed[3] > 0
    assert low.missed[2] >= low.missed[3]
    assert low.needless == {3: 0, 2: 0}
    high = agreement(judged_by("NoGate", CASES), "crs", 5)
    assert high.needless[2] > 0
    assert high.kappa is not None
    assert high.kappa < 1
    assert agreement(judged_by("FeverDemanded", CASES), "icans", 5).kappa == 1.0


def test_kappa_of_nothing_is_not_defined() -> None:
    import numpy as np  # noqa: PLC0415

    assert weighted_kappa(np.zeros((3, 3), np.int64)) is None
    assert weighted_kappa(np.diag([5, 0, 0])) is None


def test_how_unknown_is_treated() -> None:
    normal, worst = (unknown_treated(judged_by(a, CASES)) for a in ("MissingIsNormal", "MissingIsWorst"))
    assert (normal.exact, normal.as_worst) == (0, 0)
    assert normal.as_mildest > 20
    assert (worst.exact, worst.as_mildest) == (0, 0)
    refuses = unknown_treated(judged_by("RefusesUnknown", suite("full").cases))
    assert refuses.refused > 0
    assert unknown_treated(judged_by("NeverARange", CASES)).no_grade > 0
    assert unknown_treated(judged_by("WidestRange", CASES)).other > 0


def test_a_grader_of_another_guideline_is_told_as_that() -> None:
    other = Grader([load("penn-2018")], "0")

    def penn(message: Any) -> Any:
        return other.grade({**message, "id": "x", "guideline": "penn-2018"})

    cases = [c for c in suite("full").cases if c.scale == "crs" and c.expected is not None]
    judged = [judge(c, answered(penn, c), "range") for c in cases]
    found = diagnose(judged, GUIDELINE, load_with)
    assert (found.likely[0].kind, found.likely[0].score) == ("guideline", 1.0)
    assert found.likely[0].name.startswith("penn-2018")
    assert [f.name for f in faults(judged, found.causes)] == [found.likely[0].name]
