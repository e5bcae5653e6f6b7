"""Answers to take along: CSV for a spreadsheet, xAPI statements for a learning record store.

The names of xAPI are identifiers of that vocabulary; nothing is asked of any address.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any

from harness.train.results import Graded

HEADS = (
    "trainee",
    "about",
    "again",
    "case",
    "hour",
    "scale",
    "given",
    "key_low",
    "key_high",
    "verdict",
    "clauses",
    "seconds",
    "at",
)
_ANSWERED = {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered"}}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def answers_csv(graded: Sequence[Graded]) -> str:
    """A row a grade under :data:`HEADS`; a name that a spreadsheet would take for a formula gets a leading quote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS)
    for one in graded:
        given = "cannot be told" if one.given is None else one.given
        clauses = " ".join(one.clauses)
        writer.writerow(
            [
                _plain(one.trainee),
                one.about,
                "yes" if one.again else "no",
                one.case,
                f"{one.hour:g}",
                one.scale,
                given,
                one.floor,
                one.ceiling,
                one.verdict,
                clauses,
                f"{one.seconds:.3f}",
                one.at,
            ]
        )
    return out.getvalue()


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> _plain("=1+1"), _plain("Ann")
    ("'=1+1", 'Ann')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def statements(graded: Sequence[Graded]) -> list[dict[str, Any]]:
    """XAPI 1.0.3 statements, one a grade."""
    return [_statement(one) for one in graded]


def _statement(one: Graded) -> dict[str, Any]:
    right = one.verdict == "right"
    return {
        "actor": {"objectType": "Agent", "account": {"homePage": "urn:cartox:train", "name": one.trainee}},
        "verb": _ANSWERED,
        "object": {
            "id": f"urn:cartox:{one.case}:{one.hour:g}:{one.scale}",
            "definition": {
                "name": {"en": f"Grade {one.scale.upper()} at hour {one.hour:g}"},
                "type": "http://adlnet.gov/expapi/activities/question",
            },
        },
        "result": {
            "success": right,
            "score": {"scaled": 1.0 if right else 0.0},
            "response": "cannot be told" if one.given is None else str(one.given),
            "duration": f"PT{one.seconds:.2f}S",
        },
        "context": {"contextActivities": {"grouping": [{"id": f"urn:cartox:train:{one.about}"}]}},
        "timestamp": one.at,
    }
