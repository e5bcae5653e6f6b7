"""The dose of vasopressors again, minute by minute and without tables: a second opinion for the core.

Every dose is known here, in µg/min or µg/kg/min; what is unknown is tried out by the tests.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

Entry = tuple[int, str, Fraction, bool]  # minute, drug, dose, by weight
Now = Mapping[str, tuple[Fraction, bool]]


def rates(entries: Sequence[Entry], minute: int) -> dict[str, tuple[Fraction, bool]]:
    """What runs at a minute."""
    now = {}
    for at, drug, dose, per_kg in sorted(entries, key=lambda e: e[0]):
        if at <= minute:
            now[drug] = (dose, per_kg)
    return {drug: rate for drug, rate in now.items() if rate[0] > 0}


def absolute(rate: tuple[Fraction, bool], kg: Fraction) -> Fraction:
    return rate[0] * kg if rate[1] else rate[0]


def by_weight(rate: tuple[Fraction, bool], kg: Fraction) -> Fraction:
    return rate[0] if rate[1] else rate[0] / kg


def as_norepinephrine(now: Now, kg: Fraction) -> Fraction:
    """Norepinephrine + dopamine / 2 + epinephrine + phenylephrine / 10, as printed."""
    total = Fraction(0)
    for drug, rate in now.items():
        if drug in ("norepinephrine", "epinephrine"):
            total += absolute(rate, kg)
        elif drug == "phenylephrine":
            total += absolute(rate, kg) / 10
        elif drug == "dopamine":
            total += by_weight(rate, kg) / 2
    return total


def lee_high(now: Now, kg: Fraction) -> bool:
    """Lee 2014 and CARTOX."""
    if "vasopressin" in now:
        return as_norepinephrine(now, kg) >= 10
    if len(now) > 1:
        return as_norepinephrine(now, kg) >= 20
    if "norepinephrine" in now:
        return absolute(now["norepinephrine"], kg) >= 20
    if "epinephrine" in now:
        return absolute(now["epinephrine"], kg) >= 10
    return either(now, kg)


def penn_high(now: Now, kg: Fraction) -> bool:
    """Porter 2018."""
    if "vasopressin" in now:
        return as_norepinephrine(now, kg) / kg >= Fraction(1, 10)
    if len(now) > 1:
        return as_norepinephrine(now, kg) / kg >= Fraction(2, 10)
    if "norepinephrine" in now:
        return by_weight(now["norepinephrine"], kg) >= Fraction(2, 10)
    if "epinephrine" in now:
        return by_weight(now["epinephrine"], kg) >= Fraction(1, 10)
    return either(now, kg)


def either(now: Now, kg: Fraction) -> bool:
    """The two lines that all papers draw alike."""
    if "phenylephrine" in now:
        return absolute(now["phenylephrine"], kg) >= 200
    return "dopamine" in now and by_weight(now["dopamine"], kg) >= 10


HIGH = {"lee-2014": lee_high, "cartox-2018": lee_high, "penn-2018": penn_high}


def streak(flags: Sequence[bool], at: int, bridge: int) -> int | None:
    """For how many minutes a flag has stood at a place of a list of minutes, short breaks overlooked."""
    flags = list(flags)
    minute = 0
    while minute < len(flags):
        end = minute
        while end < len(flags) and not flags[end]:
            end += 1
        if minute > 0 and end < len(flags) and 0 < end - minute < bridge:
            flags[minute:end] = [True] * (end - minute)
        minute = end + 1
    if not flags[at]:
        return None
    start = at
    while start > 0 and flags[start - 1]:
        start -= 1
    return at - start


def derived(system: str, entries: Sequence[Entry], kg: Fraction, minute: int, bridge: int) -> tuple[bool, float]:
    """Whether the dose is high at a minute, and the hours on any vasopressor."""
    first = min(e[0] for e in entries)
    last = max(minute, *(e[0] for e in entries)) + 1
    if minute < first:
        return False, 0.0
    states = [rates(entries, m) for m in range(first, last)]
    high = system in HIGH and streak([HIGH[system](now, kg) for now in states], minute - first, bridge)
    hours = streak([bool(now) for now in states], minute - first, bridge)
    return high is not False and high is not None and high >= 180, (hours or 0) / 60
