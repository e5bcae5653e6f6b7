"""What a text claims of numbers: ``38.0 °C or more``, ``fewer than 7 days``, ``ICE 3 to 6``, ``two vasopressors``."""

import dataclasses
import math
import re
from collections.abc import Iterator

from cartox_core.conditions import Between
from cartox_core.fields import Field

_TEN = "one two three four five six seven eight nine ten"
_WORDS = {word: i for i, word in enumerate(_TEN.split(), start=1)} | {"twice": 2}
UNITS = {  # as people write them, and as the fields have them; those that no field has stand for themselves
    "Cel": "°C|degrees Celsius|degrees C",
    "[degF]": "°F|degrees Fahrenheit",
    "L/min": "L/min|litres? (?:per|a) minute|liters? (?:per|a) minute",
    "10*9/L": r"[×x]\s*10(?:⁹|\^9|\*9)\s*/\s*L|(?-i:G/L)",
    "/uL": r"(?:cells)?/[µμu]L|(?:cells )?per [µμu]L|(?:cells )?per microlit(?:er|re)",
    "mm[Hg]": "mm ?Hg",
    "mg/dL": "mg/dL",
    "g/dL": "g/dL",
    "ng/mL": "ng/mL|[µμu]g/L",
    "U/L": "I?U/L",
    "U/mL": "I?U/mL",
    "mg/L": "mg/L",
    "g/L": "(?-i:g/L)",
    "mmol/L": "mmol/L",
    "umol/L": "[µμu]mol/L",
    "%": "%|per ?cent",
    "times": r"times|×(?!\s*10)|fold|of the (?:upper|lower)",
    "h": r"hours?\b|h\b",
    "min": r"min(?:utes?)?\b",
    "d": r"days?\b|d\b",
    "a": r"years?\b",
    "kg": r"kg\b",
}
MEASURES = frozenset(UNITS) - {"%", "times", "h", "min", "d", "a"}
_COUNT = rf"(?:(?<![\w.,⁹-])(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?(?![\d⁹])|\b(?:{'|'.join(_WORDS)})\b)"
_UNIT = "(?:[ -]?(?:" + "|".join(f"(?:{u})" for u in UNITS.values()) + "))?"
_NOT_MORE = "no more than|not more than|not above|not over|never above|never over|at most|up to|no higher than|≤|<="
_NOT_LESS = "no less than|no fewer than|not less than|not fewer than|not below|never below|not under|at least|≥|>="
_MORE = "more than|greater than|higher than|longer than|above|over|exceeding|exceeds|beyond|>"
_LESS = "less than|fewer than|lower than|shorter than|below|under|<"
_BEFORE = rf"(?P<sign>{_NOT_MORE}|{_NOT_LESS}|{_MORE}|{_LESS})\s*(?:an? |of |grade |stage )*"
_UP = "or more|or above|or higher|or greater|or longer|or over|or older|and more|and above|and over"
_DOWN = "or less|or fewer|or below|or lower|or under|or shorter|or younger|and less|and below"
_FILL = r"(?:\s+(?!or\b|and\b|to\b)[^\s\d,;.()]+){0,4}?"
_SMALL_WORDS = (
    "a an and are as at be been below above by for from in is more less fewer most least no not of on only or over per "
    "than that the to under up was were which with within without"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_CLAIM = re.compile(
    rf"(?:{_BEFORE})?(?P<low>{_COUNT})(?P<unit1>{_UNIT})"
    rf"(?:(?P<to>\s*–\s*|-|\s+(?:to|or|and)\s+)(?P<high>{_COUNT}|(?<=-)\d+)(?P<unit2>{_UNIT}))?"
    rf"(?:{_FILL}\s+(?P<way>{_UP}|{_DOWN})\b)?",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """A stretch of numbers that a text names.

    ``is_bare`` is a single number without a word of comparison. ``unit`` is empty where none stands; ``about`` are the
    words around it, the nearest first, and ``in_words`` says that the number is written out. ``denied`` says that a
    word such as "no" stands before it, so that the opposite may be meant. ``counted`` is the word straight after a
    number without a unit.
    """

    said: str
    stretch: Between
    unit: str
    about: tuple[str, ...]
    is_bare: bool = False
    in_words: bool = False
    denied: bool = False
    counted: str = ""


def claims(text: str) -> Iterator[Claim]:
    """The claims of a text, in order.

    >>> [(c.said, str(c.stretch), c.unit) for c in claims("38.5 °C or more, and below 7 days")]
    [('38.5 °C or more', '≥ 38.5', 'Cel'), ('below 7 days', '< 7', 'd')]
    """
    for match in _CLAIM.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if re.search(r"\b(?:days?|hours?|weeks?|tables?|notes?|version|CTCAE|v)\s*$", before, re.IGNORECASE):
            continue  # the name of a day or of a table, no amount
        inside = match[0][: match.start("low") - match.start()]
        beyond = match[0][match.end("high" if match["high"] else "low") - match.start() :]
        yield Claim(
            said=match[0].strip(),
            stretch=_stretch(match),
            unit="times" if match["low"].lower() == "twice" else _unit(match["unit2"] or match["unit1"] or ""),
            about=(*_last_words(f"{before} {inside}", 3), *_first_words(f"{beyond} {after}", 2)),
            is_bare=not (match["sign"] or match["high"] or match["way"]),
            in_words=match["low"].lower() in _WORDS,
            counted="" if match["unit1"] or match["unit2"] else _next_word(beyond + after),
            denied=bool(re.search(r"\b(?:no|not|never|without|neither|at most|except)\b", before, re.IGNORECASE)),
        )


def _stretch(match: re.Match[str]) -> Between:
    low, sign, way = _number(match["low"]), (match["sign"] or "").lower(), (match["way"] or "").lower()
    if match["high"]:
        return Between(low=low, high=max(low, _number(match["high"])))
    if re.fullmatch(_NOT_MORE, sign) or (not sign and way and re.fullmatch(_DOWN, way)):
        return Between(high=low)
    if re.fullmatch(_NOT_LESS, sign) or (not sign and way):
        return Between(low=low)
    if re.fullmatch(_MORE, sign):
        return Between(low=low, low_in=False)
    return Between(high=low, high_in=False) if sign else Between(low=low, high=low)


def _number(said: str) -> float:
    return float(_WORDS.get(said.lower(), 0) or said.replace(",", ""))


def _unit(said: str) -> str:
    word = said.strip(" -")
    return next((unit for unit, spelt in UNITS.items() if word and re.fullmatch(spelt, word, re.IGNORECASE)), "")


def _last_words(text: str, count: int) -> list[str]:
    """The last words of the phrase that a text ends with, the nearest first."""
    return _telling(re.split(r"[,;()]", text)[-1])[::-1][:count]


def _first_words(text: str, count: int) -> list[str]:
    return _telling(re.split(r"[,;()]", text)[0])[:count]


def _next_word(text: str) -> str:
    match = re.match(r" ([^\W\d_]+)", text)
    return match[1].lower() if match else ""


def _telling(text: str) -> list[str]:
    """The words that may name what is counted."""
    words = [re.sub(r"\W", "", word).lower() for word in text.split()]
    return [word for word in words if word and word not in _SMALL]


def agrees(claim: Claim, test: Between, field: Field) -> bool:
    """Whether a claim and a test of a field say the same.

    >>> fever = Field("temp_c", "number", "Cel", low=25, high=45)
    >>> [agrees(c, Between(low=38), fever) for c in claims("38.0 °C or more; above 38 °C; 38.5 °C or more")]
    [True, False, False]
    """
    if claim.is_bare and not claim.denied and _counts(claim.counted, field):
        return claim.stretch.low in (test.low, test.high)
    if claim.is_bare:
        return test.holds(claim.stretch.low) or claim.stretch.low in (test.low, test.high)
    said, meant = (_within(stretch, field) for stretch in (claim.stretch, test))
    if claim.denied and any(_within(other, field) == meant for other in _opposites(claim.stretch)):
        return True
    if test.low == test.high and said.low != said.high:  # "2 or more" beside a test for 2
        return False
    lows = claim.stretch.low == -math.inf or (said.low, said.low_in) == (meant.low, meant.low_in)
    highs = claim.stretch.high == math.inf or (said.high, said.high_in) == (meant.high, meant.high_in)
    return lows and highs


def _counts(word: str, field: Field) -> bool:
    """Whether a word says what a field counts, in the singular or the plural: ``1 vasopressor``."""
    return field.kind == "integer" and bool(word) and word.rstrip("s") == field.name.split("_")[-1].rstrip("s")


def _within(stretch: Between, field: Field) -> Between:
    """A stretch with the ends of the field's range, and of whole numbers the ends themselves."""
    low, low_in = max((stretch.low, stretch.low_in), (field.low, True), key=lambda end: end[0])
    high, high_in = min((stretch.high, stretch.high_in), (field.high, True), key=lambda end: end[0])
    if field.kind == "integer":
        low, high = (low if low_in else math.floor(low) + 1), (high if high_in else math.ceil(high) - 1)
        low_in = high_in = True
    return Between(low, low_in, high, high_in)


def _opposites(stretch: Between) -> list[Between]:
    """What is left without a stretch that is open to one side."""
    if stretch.high == math.inf:
        return [Between(high=stretch.low, high_in=not stretch.low_in)]
    return [Between(low=stretch.high, low_in=not stretch.high_in)] if stretch.low == -math.inf else []
