"""What is said of an answer, from what was stored with it: the verdict, the clause, what did not count, the change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from harness.train.question import TITLES
from harness.train.shown import field_words, finding_words, value_words, when

Cited = tuple[str, str]  # a sentence, and where it stands


class ScaleFeedback(NamedTuple):
    """What is said of one scale after an answer."""

    title: str
    given: str
    right: str
    verdict: str
    is_right: bool
    why: tuple[Cited, ...]
    excused: tuple[Cited, ...]
    change: str
    missing: str
    episode: str


_VERDICTS = {
    "right": "Right.",
    "under": "Too low.",
    "over": "Too high.",
    "guessed": "A guess: the grade cannot be told.",
    "undecided": "It can be told.",
    "other reason": "It cannot be told, but for want of something else.",
}
_EXCUSED = {
    "fever_other_cause": "The fever was judged to have another cause, so it does not count",
    "vasopressor_other_cause": "The vasopressors run for another cause, so they do not count",
    "oxygen_other_cause": "The oxygen was judged to have another cause, so it does not count",
    "positive_pressure_reason": "Positive pressure counts where it is given for hypoxia; here it is not",
    "consciousness_other_cause": "The depressed consciousness has another cause, such as sedation, and does not count",
    "seizure_other_cause": "The seizure was judged to have another cause, so it does not count",
    "motor_other_cause": "The weakness was judged to have another cause, so it does not count",
}
_COUNTED = {  # what would count were it for the CAR T cells, and were it not
    "fever_other_cause": ("the fever having no other cause", "the fever having another cause"),
    "vasopressor_other_cause": ("vasopressors given for CRS", "vasopressors given for another cause"),
    "oxygen_other_cause": ("oxygen given for CRS", "oxygen given for another cause"),
    "positive_pressure_reason": ("positive pressure given for hypoxia", "positive pressure not given for hypoxia"),
    "consciousness_other_cause": ("no sedation or other cause", "depressed consciousness of another cause"),
    "seizure_other_cause": ("the seizure having no other cause", "the seizure having another cause"),
    "motor_other_cause": ("the weakness having no other cause", "the weakness having another cause"),
}
_SHUT = "the gate is closed; it opens with"
_NO_SIGN = {"crs": "neither fever nor hypotension nor hypoxia", "icans": "no sign of ICANS"}


def feedback(attempt: Mapping[str, Any]) -> tuple[ScaleFeedback, ...]:
    """What is said of each scale of an answer."""
    given = attempt["answer"]["grades"]
    return tuple(_of_scale(name, told, given[name]) for name, told in attempt["found"]["scales"].items())


def _of_scale(name: str, told: Mapping[str, Any], given: Mapping[str, Any]) -> ScaleFeedback:
    low, high = told["floor"], told["ceiling"]
    grade = given["grade"]
    cannot = f"cannot be told: {field_words(given['because'])} missing" if given["because"] else "cannot be told"
    changes = _joined([_changed(one) for one in told.get("changes", ())])
    return ScaleFeedback(
        title=TITLES[name],
        given=cannot if grade is None else f"grade {grade}",
        right=f"grade {low}" if low == high else f"cannot be told: grade {low} to {high}",
        verdict=_VERDICTS[told["verdict"]],
        is_right=told["verdict"] == "right",
        why=tuple(dict.fromkeys(_why(name, told["because"]))),
        excused=tuple((_EXCUSED[one["field"]], _cited(one["cite"])) for one in told.get("excused", [])),
        change=f"Grade {grade} would have been right with {changes}." if changes else "",
        missing=", ".join(field_words(field) for field in told["missing"]),
        episode=_course(told),
    )


def _joined(words: Sequence[str]) -> str:
    """Words as a list within a sentence.

    >>> _joined(["a"]), _joined(["a", "b"]), _joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *first, last = words or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def _changed(change: Mapping[str, Any]) -> str:
    field, was, now = change["field"], change["was"], change["now"]
    if field in _COUNTED:
        return _COUNTED[field][0 if now in (False, "hypoxia") else 1]
    if isinstance(now, bool):
        return finding_words(field, now)
    return f"{finding_words(field, now)} {'(not charted)' if was is None else f'instead of {value_words(field, was)}'}"


def _course(told: Mapping[str, Any]) -> str:
    """What the hours before have to do with it: an episode that is open or over, a deficit from before."""
    if (ice := told.get("ice_before")) is not None:
        return (
            f"ICE was {ice} at the infusion already, when no CAR T cell could be the cause. It is graded as it is "
            "charted; at the bedside ask what was there before (register N9)."
        )
    hour = told.get("fever_h", told.get("open_since_h"))
    if hour is None:
        return ""
    if told["floor"]:
        return f"No fever is needed now: CRS began with fever, last at {when(hour)}, and its signs have not resolved."
    if any(why["text"].startswith(_SHUT) for why in told["because"]):
        return f"The last fever was at {when(hour)}; what it began has resolved, or it was not counted."
    if told["ceiling"]:
        return ""
    return (
        f"CRS began with fever, last at {when(hour)}, and may come again; but there is neither fever nor hypotension "
        "nor hypoxia at this hour, so the grade of this hour is 0."
    )


def _why(scale: str, because: Sequence[Mapping[str, Any]]) -> Iterator[Cited]:
    for why in because:
        text = why["text"].replace(_SHUT, "no CRS, which needs")
        text = text.replace("the gate may be closed; it opens with", "perhaps no CRS, which needs")
        text = text.replace("no sign is present for sure", "no sign is sure")
        text = text.replace("no sign is present", _NO_SIGN[scale])
        bound = {"grade": "", "floor": "at least: ", "ceiling": "at most: "}[why["bound"]]
        seen = ", ".join(finding_words(k, v) for k, v in why.get("findings", {}).items())
        yield f"{bound}{text}{f' ({seen})' if seen else ''}", _cited(why.get("cite", []))


def _cited(cites: Sequence[str]) -> str:
    """Sources as people write them.

    >>> _cited(["lee-2019 Table 2", "ferreri-2024"])
    'Lee 2019, Table 2; Ferreri 2024'
    """
    told = []
    for cite in cites:
        work, _, place = cite.partition(" ")
        name = work.replace("-", " ").capitalize()
        told.append(f"{name}, {place}" if place else name)
    return "; ".join(told)
