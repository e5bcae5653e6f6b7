"""What was answered: grades and next steps as figures, as a table and as statements."""

import csv
import dataclasses
import io
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from harness.train.answered import Answers, Chosen, Graded
from harness.train.export import HEADS, answers_csv, statements
from harness.train.results import Result, result

WHO: dict[str, Any] = {
    "trainee": "=Ann (1)",
    "number": 1,
    "about": "ABC234",
    "question": 7,
    "case": "v1/table1/ZUMA-1/1/1",
    "hour": 52.0,
    "seconds": 20.0,
    "at": "2026-01-05T10:00:00+00:00",
}
CRS = Graded(
    **WHO,
    scale="crs",
    given=None,
    because="o2_device",
    floor=2,
    ceiling=3,
    verdict="right",
    clauses=("crs.hypotension.g2",),
)
ICANS = Graded(**WHO, scale="icans", given=1, floor=2, ceiling=2, verdict="under", clauses=("icans.ice.g2",))
STEPS = Chosen(**WHO, steps=("fluids", "anakinra"), due=("tocilizumab",), missed=("tocilizumab",), wrong=("anakinra",))
GOOD = Chosen(**{**WHO, "at": "2026-01-05T10:05:00+00:00"}, steps=(), due=(), missed=(), wrong=())
ALL = Answers((CRS, ICANS), (STEPS, GOOD))


def test_next_steps_are_counted_beside_the_grades() -> None:
    found = result(ALL)
    assert found is not None and found.steps is not None
    assert (found.graded, found.right) == (2, 1)
    assert (found.steps.count, found.steps.right) == (2, 1)
    assert found.steps.missed == (("tocilizumab", 1, 1),) and found.steps.wrong == (("anakinra", 1),)
    without = result(Answers((CRS,)))
    assert without is not None and without.steps is None


def test_of_few_grades_there_is_no_kappa() -> None:
    def graded(count: int) -> Result:
        some = [
            dataclasses.replace(ICANS, case=f"c{i % 4}", given=i % 3, floor=i % 3, ceiling=i % 3) for i in range(count)
        ]
        found = result(Answers((CRS, *some)))
        assert found is not None
        return found

    assert (graded(9).kappa, graded(9).kappa_interval) == (None, None)
    assert graded(10).kappa == 1.0 and graded(10).kappa_interval == (1.0, 1.0)


def test_grade_5_is_in_the_matrix_where_a_key_has_it() -> None:
    alive, dead = result(Answers((ICANS,))), result(Answers((dataclasses.replace(ICANS, floor=5, ceiling=5),)))
    assert alive is not None and list(alive.grades) == [0, 1, 2, 3, 4]
    assert dead is not None and list(dead.grades) == [0, 1, 2, 3, 4, 5]


def test_a_row_a_grade_and_one_for_the_next_steps() -> None:
    text = answers_csv(ALL)
    assert text.startswith("\ufefftrainee,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert list(rows[0]) == list(HEADS)
    assert [row["scale"] for row in rows] == ["crs", "icans", "next steps", "next steps"]
    assert all(row["trainee"] == "'=Ann (1)" and row["about"] == "ABC234" and row["hour"] == "52" for row in rows)
    assert all(row["question"] == "7" for row in rows)
    crs, icans, steps, good = rows
    assert [row["because"] for row in rows] == ["o2_device", "", "", ""]
    assert (crs["given"], crs["key_low"], crs["key_high"], crs["verdict"]) == ("cannot be told", "2", "3", "right")
    assert (icans["given"], icans["clauses"], icans["missed"]) == ("1", "icans.ice.g2", "")
    assert (steps["given"], steps["key_low"], steps["verdict"]) == ("fluids anakinra", "", "not right")
    assert (steps["missed"], steps["not_advised"]) == ("tocilizumab", "anakinra")
    assert (good["given"], good["verdict"]) == ("none", "right")


def test_every_column_is_explained() -> None:
    table = (Path(__file__).parents[3] / "docs" / "train-a-class.md").read_text(encoding="utf-8")
    named = {name for cell in re.findall(r"^\| ([a-z_, ]+) \|", table, re.MULTILINE) for name in cell.split(", ")}
    assert set(HEADS) <= named


def test_statements_say_the_same_and_have_the_same_id_each_time() -> None:
    told = statements(ALL, "0123abcd")
    assert [one["result"]["success"] for one in told] == [True, False, False, True]
    assert [one["result"]["response"] for one in told] == ["cannot be told", "1", "fluids anakinra", "none"]
    assert told[2]["object"]["id"] == "urn:cartox:v1/table1/ZUMA-1/1/1:52:next-steps"
    assert len({uuid.UUID(one["id"]) for one in told}) == len(told)
    assert told == statements(ALL, "0123abcd")


def test_no_name_leaves_with_a_statement_and_no_two_classes_are_one() -> None:
    told, others = statements(ALL, "0123abcd"), statements(ALL, "4567cdef")
    assert all("Ann" not in str(one) for one in told)
    account = {"homePage": "https://cartox.invalid/train/0123abcd", "name": "trainee 1"}
    assert [one["actor"]["account"] for one in told] == [account] * len(told)
    assert all(one["actor"]["account"] != account for one in others)
    assert not {one["id"] for one in told} & {one["id"] for one in others}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_names_are_no_formulas(sign: str) -> None:
    text = answers_csv(Answers((dataclasses.replace(CRS, trainee=f"{sign}1+1 (1)"),)))
    assert f"\n'{sign}1+1 (1)," in text
