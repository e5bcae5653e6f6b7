"""Answers to take along: CSV for a spreadsheet, xAPI statements for a learning record store.

The names of xAPI are identifiers of that vocabulary; nothing is asked of any address.
"""

import csv
import io
import uuid
from typing import Any

from harness.train.answered import Answers, Chosen, Graded

HEADS = (
    "trainee",
    "about",
    "question",
    "again",
    "case",
    "hour",
    "scale",
    "given",
    "because",
    "key_low",
    "key_high",
    "verdict",
    "clauses",
    "missed",
    "not_advised",
    "seconds",
    "at",
)
NEXT_STEPS = "next steps"
_ANSWERED = {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered"}}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_HOME = "https://cartox.invalid/train/"  # of no host: nothing is asked there
_BOM = "\ufeff"  # by which a spreadsheet knows UTF-8


def answers_csv(answers: Answers) -> str:
    """A row a grade, and a row a question for the next steps, under :data:`HEADS`.

    It begins with a byte order mark; a name that a spreadsheet would take for a formula gets a leading quote.
    """
    out = io.StringIO()
    out.write(_BOM)
    writer = csv.DictWriter(out, HEADS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for one in _in_turn(answers):
        writer.writerow(
            {
                "trainee": _plain(one.trainee),
                "about": one.about,
                "question": one.question,
                "again": "yes" if one.again else "no",
                "case": one.case,
                "hour": f"{one.hour:g}",
                "seconds": f"{one.seconds:.3f}",
                "at": one.at,
                **(_grade_cells(one) if isinstance(one, Graded) else _step_cells(one)),
            }
        )
    return out.getvalue()


def _in_turn(answers: Answers) -> list[Graded | Chosen]:
    """Grades and next steps of each question together; sorting keeps the order of what is alike."""
    return sorted([*answers.graded, *answers.chosen], key=lambda one: (one.about, one.trainee, one.at))


def _grade_cells(one: Graded) -> dict[str, object]:
    return {
        "scale": one.scale,
        "given": _given(one),
        "because": one.because,
        "key_low": one.floor,
        "key_high": one.ceiling,
        "verdict": one.verdict,
        "clauses": " ".join(one.clauses),
    }


def _step_cells(one: Chosen) -> dict[str, object]:
    return {
        "scale": NEXT_STEPS,
        "given": _given(one),
        "verdict": "right" if one.is_right else "not right",
        "missed": " ".join(one.missed),
        "not_advised": " ".join(one.wrong),
    }


def _given(one: Graded | Chosen) -> str:
    if isinstance(one, Chosen):
        return " ".join(one.steps) or "none"
    return "cannot be told" if one.given is None else str(one.given)


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> _plain("=1+1"), _plain("Ann")
    ("'=1+1", 'Ann')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def statements(answers: Answers, file_id: str) -> list[dict[str, Any]]:
    """XAPI 1.0.3 statements, one a grade and one a question for the next steps; the same answer has the same id.

    Trainees are numbers at the home page of their file, so that no name leaves it and no two classes are mixed up.
    """
    return [_statement(one, f"{_HOME}{file_id}") for one in _in_turn(answers)]


def _statement(one: Graded | Chosen, home: str) -> dict[str, Any]:
    who = f"trainee {one.number}"
    right = one.is_right if isinstance(one, Chosen) else one.verdict == "right"
    asked = "next-steps" if isinstance(one, Chosen) else one.scale
    name = "Next steps" if isinstance(one, Chosen) else f"Grade {asked.upper()}"
    question = f"urn:cartox:{one.case}:{one.hour:g}:{asked}"
    return {
        "id": str(
            uuid.uuid5(uuid.NAMESPACE_URL, "\n".join([home, who, one.about, one.case, f"{one.hour:g}", asked, one.at]))
        ),
        "actor": {"objectType": "Agent", "account": {"homePage": home, "name": who}},
        "verb": _ANSWERED,
        "object": {
            "id": question,
            "definition": {
                "name": {"en": f"{name} at hour {one.hour:g}"},
                "type": "http://adlnet.gov/expapi/activities/question",
            },
        },
        "result": {
            "success": right,
            "score": {"scaled": 1.0 if right else 0.0},
            "response": _given(one),
            "duration": f"PT{one.seconds:.2f}S",
        },
        "context": {"contextActivities": {"grouping": [{"id": f"urn:cartox:train:{one.about}"}]}},
        "timestamp": one.at,
    }
