"""What there is to say of a question of an exam that nobody answered: the key, and what was due."""

import functools
from collections.abc import Mapping
from typing import Any

from harness.train import advice_words
from harness.train import feedback as words
from harness.train.judge import GradeAnswer
from harness.train.question import found, question


@functools.lru_cache(maxsize=512)
def unanswered(address: str, hour: float) -> Mapping[str, Any]:
    """As an attempt is stored, with no grade and no step."""
    nothing = {scale: GradeAnswer(None) for scale in question(address, hour).scales}
    grades = {scale: {"grade": None, "because": ""} for scale in nothing}
    return {
        "answer": {"grades": grades, "steps": []},
        "found": {**found(address, hour, nothing, []), "right": False},
    }


def feedback(attempt: Mapping[str, Any]) -> tuple[words.ScaleFeedback, ...]:
    """What is said of each scale that was not answered."""
    return tuple(
        one._replace(given="no answer", verdict="No answer.", is_right=False) for one in words.feedback(attempt)
    )


def next_words(attempt: Mapping[str, Any]) -> tuple[str, ...]:
    """The next steps that were due."""
    told = attempt["found"]["next"]
    return advice_words.next_words(told) if told and told["missed"] else ("Nothing new was due.",)
