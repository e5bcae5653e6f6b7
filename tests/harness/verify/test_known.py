"""Accepted failures: by case or clause, for a time, and objected to when they are expired or stale."""

import datetime

import pytest

from cartox_core import Grade, load
from harness.verify.answer import Answer
from harness.verify.case import SuiteCase
from harness.verify.judge import Judged
from harness.verify.known import KnownError, known_of, sorted_out

GUIDELINE = load("astct-2019")

TODAY = datetime.date(2026, 6, 1)


def failed(case_id: str, *clauses: str) -> Judged:
    case = SuiteCase(case_id, "crs", {"observations": [{"time_h": 1}]}, (Grade(3, 3),), clauses, "edge", "x")
    return Judged(case, Answer("graded", (Grade(2, 2),)), "under")


FLOW = '[[accepted]]\nclause = "crs.hypoxia.low_flow"\nreason = "C1 is open here"\nuntil = {}'
EDGE = '[[accepted]]\ncase = "crs/edge/*"\nreason = "known"\nuntil = {}'


def test_a_clause_or_a_pattern_covers_its_failures_until_its_last_day() -> None:
    failures = [
        failed("crs/edge/a"),
        failed("crs/cell/1", "crs.hypoxia.low_flow"),
        failed("crs/cell/2", "crs.fever.g1"),
    ]
    entries = known_of(FLOW.format("2026-06-01") + "\n" + EDGE.format("2026-12-31"), GUIDELINE)
    found = sorted_out(failures, entries, TODAY)
    assert [j.case.id for j in found.left] == ["crs/cell/2"]
    assert len(found.accepted) == 2
    assert found.objections == ()


def test_an_expired_entry_accepts_nothing_and_is_objected_to() -> None:
    found = sorted_out([failed("crs/edge/a")], known_of(EDGE.format("2026-05-31"), GUIDELINE), TODAY)
    assert len(found.left) == 1
    assert found.objections[0].startswith("expired: case crs/edge/*")


def test_a_stale_entry_is_objected_to() -> None:
    found = sorted_out([], known_of(EDGE.format("2026-12-31"), GUIDELINE), TODAY)
    assert found.objections[0].startswith("stale")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[accepted]", "not TOML"),
        ('[[accepted]]\ncase = "x"\nreason = "y"', "entry 1 until"),
        (
            '[[accepted]]\nclause = "crs.hypoxia.lowflow"\nreason = "y"\nuntil = 2026-01-01',
            "did you mean crs.hypoxia.low",
        ),
        ('[[accepted]]\ncase = "x"\nuntil = 2026-01-01', "entry 1 reason"),
        ('[[accepted]]\ncase = "x"\nreason = ""\nuntil = 2026-01-01', "entry 1 reason"),
        ('[[accepted]]\nreason = "y"\nuntil = 2026-01-01', "entry 1 needs either"),
        ('[[accepted]]\ncase = "x"\nclause = "y"\nreason = "y"\nuntil = 2026-01-01', "entry 1 needs either"),
        ('[[accepted]]\ncase = "x"\nreason = "y"\nuntil = "2026-01-01"', "until"),
        ('[[accepted]]\ncase = "x"\nreason = "y"\nuntil = 2026-01-01\nwho = "me"', "who"),
    ],
)
def test_a_list_that_is_wrong_says_where(text: str, says: str) -> None:
    with pytest.raises(KnownError) as caught:
        known_of(text, GUIDELINE)
    assert says in str(caught.value)
