"""What is said of the next steps that were chosen, and the card of advice, in words."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from harness.train.next_steps import OPTIONS
from harness.train.shown import when

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def next_words(told: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What is said of the next steps that were chosen; last, which grades of an earlier hour they rest on."""
    if told is None:
        return ()
    more = told.get("more_often", ())
    missed = [f"Missed: {OPTIONS[name]}{', more often now' if name in more else ''}." for name in told["missed"]]
    wrong = [f"{_first_large(OPTIONS[name])}: {_why_wrong(name, told)}." for name in told["wrong"]]
    rests_on = [
        f"{one['title']} is taken as grade {one['grade']}, as of {when(one['hour'])}: less is charted since."
        for one in told.get("earlier", ())
    ]
    return *((*missed, *wrong) or ("Nothing missed, nothing that is not advised.",)), *rests_on


def _first_large(words: str) -> str:
    return words[:1].upper() + words[1:]


def _why_wrong(name: str, told: Mapping[str, Any]) -> str:
    standing = told["standing"][name]
    doses = told.get("doses", {}).get(name)
    if doses is None or standing not in ("too soon", "used up"):
        return f"{standing} here"
    return _used_up(doses) if standing == "used up" else f"too soon; {_not_before(doses)}"


def _not_before(doses: Mapping[str, Any]) -> str:
    """When a drug was given, and when the next dose may be.

    >>> _not_before({"last_h": 96.0, "not_before_h": 104.0, "given": 1, "most": 4})
    'given at day 4, 00:00, the next not before day 4, 08:00 (dose 2 of at most 4)'
    """
    number = f" (dose {doses['given'] + 1} of at most {doses['most']})" if doses["most"] else ""
    return f"given at {when(doses['last_h'])}, the next not before {when(doses['not_before_h'])}{number}"


def _used_up(doses: Mapping[str, Any]) -> str:
    """That the most doses were given.

    >>> _used_up({"given": 4}), _used_up({"given": 1})
    ('four doses have been given, the most there are', 'one dose has been given, the most there is')
    """
    count = doses["given"]
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    if count == 1:
        return "one dose has been given, the most there is"
    return f"{number} doses have been given, the most there are"


class Line(NamedTuple):
    """A line of the card: how strongly, and what with its dose."""

    strength: str
    words: str


def card_lines(rows: list[dict[str, Any]]) -> Iterator[Line]:
    """The card of advice, line by line; what is not to be given now says why.

    >>> [str(line.words) for line in card_lines([{"strength": "should", "what": "intensive care", "dose": ""}])]
    ['intensive care']
    """
    for row in rows:
        doses, what = row.get("doses"), row["what"]
        if doses and row["strength"] == "used up":
            yield Line("no more", f"{what}: {_used_up(doses)}")
        elif doses:
            yield Line(f"not before {when(doses['not_before_h'])}", ": ".join(filter(None, [what, row["dose"]])))
        else:
            beside = "".join(f" (but {_beside(one)})" for one in row.get("beside", ()))
            yield Line(row["strength"], ": ".join(filter(None, [f"{what}{beside}", row["dose"]])))


def _beside(doses: Mapping[str, Any]) -> str:
    if doses["most"] and doses["given"] >= doses["most"]:
        return f"no more {doses['drug']}: {_used_up(doses)}"
    return f"{doses['drug']} not before {when(doses['not_before_h'])}"


def question_words(asked: Mapping[str, Any] | None) -> str:
    """That IEC-HS is in question, by what; empty where it is not."""
    if asked is None:
        return ""
    found = f"ferritin {asked['ferritin_ng_ml']:,.10g} ng/mL, {asked['first_ng_ml']:,.10g} when first charted"
    low = asked["fibrinogen_mg_dl"]
    found += f"; fibrinogen {low:,.10g} mg/dL" if low is not None else ""
    found += f"; {' and '.join(asked['underway'])} is being given" if asked["underway"] else ""
    return f"IEC-HS is in question: {found}. Whether it is there, the bedside must judge; if so, the review advises:"
