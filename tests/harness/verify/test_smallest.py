"""The smallest failing case: what does not matter is taken away, and it still fails in the same way."""

import pytest

from cartox_core import load
from harness.verify.judge import Judged
from harness.verify.smallest import oddities, smallest
from harness.verify.words import in_words
from harness.verify.zoo.herd import ANIMALS
from tests.harness.verify.answers import answered, judged_by, suite

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("verdicts")]  # kept by a worker, so made on one

GUIDELINE = load("astct-2019")
SEALED = [c for c in suite("full", 300).cases if c.kind == "sealed"]


def first_failure(animal: str) -> Judged:
    failures = [j for j in judged_by(animal, SEALED) if j.is_failure and j.status == "under"]
    return max(failures, key=lambda j: len(str(j.case.raw)))


@pytest.mark.parametrize(
    ("animal", "rows", "odd"), [("FeverDemanded", 2, 3), ("OnlyIntubationIs4", 2, 2), ("IceAlone", 1, 3)]
)
def test_only_what_matters_is_left(animal: str, rows: int, odd: int) -> None:
    found = first_failure(animal)
    least = smallest(found, GUIDELINE, lambda case: answered(ANIMALS[animal].grader(), case))
    assert least.status == found.status
    assert len(least.case.raw["observations"]) <= max(rows, 1)
    assert len(oddities(least.case.raw)) <= odd
    assert not least.case.raw["treatments"]
    assert least.case.id == f"{found.case.id}/smallest"


def test_what_cannot_be_made_smaller_stays() -> None:
    found = first_failure("FeverDemanded")
    right = ANIMALS["NoPapilledema"].grader()  # fails in none of them
    assert smallest(found, GUIDELINE, lambda case: answered(right, case)) is found


def test_a_refusal_is_not_made_smaller() -> None:
    refused = next(j for j in judged_by("NoInputCheck", suite("full").cases) if j.status == "graded_invalid")
    assert smallest(refused, GUIDELINE, lambda _: refused.answer) is refused


def test_in_words_it_says_what_is_wrong_and_what_is_unknown() -> None:
    by_id = {c.id: c for c in suite("full").cases}
    crs = GUIDELINE.scale("crs")
    assert in_words(by_id["crs/clause/crs.hypoxia.blow_by/1"], crs) == "temp_c 39, o2_device blow_by"
    course = in_words(by_id["crs/course/masked/crs.hypotension.g3"], crs)
    assert course == "24 h: temp_c 39; 28 h: vasopressors 1; tocilizumab at 26 h"
    assert "not charted" in in_words(by_id["crs/missing/crs.hypotension.g3/o2_device"], crs)
    assert in_words(by_id["crs/refusal/temp_c/as-text"], crs) == by_id["crs/refusal/temp_c/as-text"].why
