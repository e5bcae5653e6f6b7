"""What comes back: a question that went wrong is asked again, sooner at first and later each time it goes well.

Intervals are counted in questions answered since, so that a course can be left for days (Leitner's boxes).
"""

from collections.abc import Sequence
from typing import NamedTuple

AFTER_QUESTIONS = (3, 8, 20)  # to the first repetition, and after each that went well


class Asked(NamedTuple):
    """A question that was answered, by its address and hour, and whether everything was right."""

    address: str
    hour: float
    right: bool


def due(answered: Sequence[Asked]) -> tuple[Asked, ...]:
    """The questions to ask again now, the longest due first; those answered well often enough are learned.

    >>> wrong, well = Asked("v1/table1/ZUMA-1/1/42", 60.0, False), Asked("v1/table1/ZUMA-1/1/43", 60.0, True)
    >>> due([wrong, well, well]), due([wrong, well, well, well]) == (wrong,)
    ((), True)
    """
    boxes: dict[tuple[str, float], tuple[int, int, Asked]] = {}  # how often well since, and when last
    for place, one in enumerate(answered):
        name = one.address, one.hour
        if not one.right:
            boxes[name] = 0, place, one
        elif name in boxes:
            boxes[name] = boxes[name][0] + 1, place, boxes[name][2]
    waiting = [
        (last + AFTER_QUESTIONS[well], one)
        for well, last, one in boxes.values()
        if well < len(AFTER_QUESTIONS) and len(answered) - 1 - last >= AFTER_QUESTIONS[well]
    ]
    return tuple(one for _, one in sorted(waiting, key=lambda found: found[0]))
