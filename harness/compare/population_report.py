"""What a change does to patients, in words for a terminal and as an object for JSON."""

import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import Any

from harness.cohort.charted import never_charted
from harness.cohort.intervals import wilson
from harness.compare.moves import BESIDE, GRADES, Moves, Pair
from harness.compare.population import NotExercised, Population
from harness.compare.report import compact
from harness.text_table import table

WIDTH = 110
_SMALL = 0.05  # per 1,000, below which one decimal says nothing
_TOLD = 8  # rules not exercised
FEW = 50  # patients, of whom counts are told and no rates
HOW_COUNTED = (
    "Peaks are counted by floors, the lowest that the chart leaves possible. The charts are the same under both: that "
    "other care would change the illness is not simulated. Care is what Tables 3 and 7 of the review tie to a grade; a "
    "grade lasts from one observation to the next, however far that is, and after the last one no time is counted."
)
BESIDE_WORDS = "what differs beside the tables"


def population_told(population: Population) -> Iterator[str]:
    """What changes for the patients, part by part."""
    yield f"{population.source}: {population.patients:,}, the same under both; the peak of {population.moved:,} moves"
    for pair, counts in population.by_scale:
        yield from _scale(pair, counts)
        if not population.simulated and counts.moved:
            yield "\n".join(_movers(counts))
    if population.not_exercised:
        yield "\n".join(_not_exercised(population))
    if idle := [pair.name for pair, counts in population.by_scale if pair.beside and BESIDE not in moving(counts)]:
        yield f"What differs beside the tables of {', '.join(idle)} moves no peak of these patients."
    yield textwrap.fill(HOW_COUNTED, WIDTH)


def _scale(pair: Pair, counts: Moves) -> Iterator[str]:
    yield headline(pair, counts)
    if counts.moved:
        yield table(matrix_rows(pair, counts), [f"↓ {pair.old.name}, OLD;   NEW →", *map(str, range(GRADES))], 1)
    if told := rule_rows(pair, counts):
        yield table(told, rule_heads(counts.patients), 3, ["first"], [None, 34, 34])
    said = [line for line in (*times(counts), *ranges(pair, counts)) if line]
    if said:
        yield "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in said)
    if any(map(any, counts.care.values())):
        yield table(care_rows(counts), (per(counts.patients), *CARE_HEADS), 1)
    elif counts.care:
        yield f"{', '.join(counts.care)}: nobody gains or loses any."
    else:
        yield f"No line of care is tied to {pair.name}."


def headline(pair: Pair, counts: Moves) -> str:
    """How many move, and which way."""
    if not counts.moved:
        return f"{pair.name}: nobody's worst grade changes."
    n = counts.patients
    up, down = (sum(which.values()) for which in (counts.up, counts.down))
    share = ""
    if n >= FEW:
        low, high = (1000 * bound for bound in wilson(counts.moved, n))
        share = f", {per_1000(counts.moved, n)} per 1,000 (95 % interval {low:.1f}–{high:.1f})"
    return f"{pair.name}: the worst grade of {counts.moved:,} of {n:,} changes{share}: {up:,} up, {down:,} down"


def per_1000(count: float, patients: int) -> str:
    """A count per 1,000 patients; of a few patients the count itself.

    >>> per_1000(3, 4), per_1000(-1, 1_000_000), per_1000(1, 1_000_000)
    ('3', '-0.001', '0.001')
    """
    rate = 1000 * count / patients
    if patients < FEW:
        return f"{count:,.3g}"
    return f"{rate:,.1f}" if not rate or abs(rate) >= _SMALL else f"{rate:,.1g}"


def per(patients: int) -> str:
    """Per how many patients the figures are."""
    return "per 1,000 patients" if patients >= FEW else f"of {patients} patients"


def matrix_of(counts: Moves) -> list[list[int]]:
    """Patients by peak under OLD (rows) and NEW (columns)."""
    return [[counts.matrix[was, now] for now in range(GRADES)] for was in range(GRADES)]


def matrix_rows(pair: Pair, counts: Moves) -> list[list[str]]:
    """The matrix in words; grades that nobody has under OLD are left out."""
    rows = enumerate(matrix_of(counts))
    return [[f"{pair.old.name} {g}", *(f"{n:,}" if n else "·" for n in row)] for g, row in rows if any(row)]


def rule_heads(patients: int) -> tuple[str, ...]:
    """The heads of the rules' table."""
    said = " per 1,000" if patients >= FEW else ""
    return ("rule", "moved by, in OLD", "in NEW", "findings", *(f"{w}{said}" for w in ("up", "down", "met")), "first")


def rule_rows(pair: Pair, counts: Moves) -> list[list[str]]:
    """Whom each rule moves or reaches, those that move most first."""
    n = counts.patients
    found = []
    for place in sorted({*moving(counts), *counts.reached}, key=lambda i: (-counts.up[i] - counts.down[i], i)):
        told = ["–", BESIDE_WORDS, "", ""]
        if place != BESIDE:
            rule = pair.rules[place]
            told = [str(place + 1), ", ".join(rule.clauses_old) or "–", ", ".join(rule.clauses_new) or "–"]
            told.append(f"{rule.old} → {rule.new}")
        figures = [per_1000(which[place], n) for which in (counts.up, counts.down)]
        found.append([*told, *figures, "–" if place == BESIDE else met(counts, place), counts.first(place)])
    return found


def met(counts: Moves, place: int) -> str:
    """In how many patients a rule's findings are met, and in how many more they are left possible."""
    perhaps = counts.perhaps[place]
    sure = per_1000(counts.reached[place], counts.patients)
    return f"{sure}, perhaps {per_1000(perhaps, counts.patients)} more" if perhaps else sure


def _movers(counts: Moves) -> Iterator[str]:
    """The first patients who move, one by one."""
    yield "Who moves:"
    for mover in counts.movers:
        by = BESIDE_WORDS if mover.rule == BESIDE else f"rule {mover.rule + 1}"
        yield f"  {mover.name}: {mover.old} → {mover.new}, by {by}"
    if left := counts.moved - len(counts.movers):
        yield f"  … and {left:,} more"


def moving(counts: Moves) -> list[int]:
    """The places of the rules that move somebody."""
    return [i for i in counts.up | counts.down if counts.up[i] + counts.down[i]]


def times(counts: Moves) -> Iterator[str]:
    """How onset and duration shift, and who falls ill or no longer does."""
    newly = sum(n for (was, now), n in counts.matrix.items() if not was and now)
    no_longer = sum(n for (was, now), n in counts.matrix.items() if was and not now)
    only = [f"{n:,} only under {word}" for n, word in ((newly, "NEW"), (no_longer, "OLD")) if n]
    if only:
        yield f"a grade of 1 or more: {', '.join(only)}"
    for what, shifts, words in (
        ("onset", counts.onset_shift_min, ("earlier", "later")),
        ("duration", counts.duration_shift_min, ("shorter", "longer")),
    ):
        if shifted := shift_words(shifts, words):
            yield f"{what}: {shifted}"


def shift_words(shifts: Counter[int], words: tuple[str, str]) -> str:
    """How a time shifts in those in whom it is seen under both; empty where it does in nobody."""
    parts = []
    for word, some in zip(words, (_only(shifts, -1), _only(shifts, 1)), strict=True):
        if count := some.total():
            parts.append(f"{word} in {count:,} (median {_hours(median(some))}, at most {_hours(max(some))})")
    return f"{', '.join(parts)}, of {shifts.total():,} in whom both are seen" if parts else ""


def _only(shifts: Counter[int], sign: int) -> Counter[int]:
    return Counter({sign * minutes: n for minutes, n in shifts.items() if sign * minutes > 0})


def median(counted: Counter[int]) -> int:
    """The median of counted values, the lower one of two."""
    half, seen = (counted.total() + 1) // 2, 0
    for value in sorted(counted):
        seen += counted[value]
        if seen >= half:
            return value
    raise ValueError("nothing was counted")


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g} h"


def ranges(pair: Pair, counts: Moves) -> Iterator[str]:
    """Which peaks are ranges, of whom nothing can be told, and what nobody charts."""
    if counts.untold:
        yield (
            f"of {counts.untold:,} nothing can be told: one side knows the grade, and the other leaves it open; they "
            "count as moving nowhere"
        )
    if not any(counts.ranges):
        return
    yield (
        f"unknown is not normal: {counts.ranges[0]:,} peaks are ranges under OLD, {counts.ranges[1]:,} under NEW, and "
        f"{counts.ceilings_moved:,} differ in the highest grade left possible"
    )
    for word, form in (("OLD", pair.old), ("NEW", pair.new)):
        if missing := never_charted(form, counts.told, counts.has_doses):
            yield f"never charted, of what {word} reads: {', '.join(missing)}"


CARE_HEADS = ("gained", "lost", "net")


def care_rows(counts: Moves) -> list[list[str]]:
    """What the change does to care."""
    days = tuple(minutes / 1440 for minutes in counts.intensive_min)
    told = [*counts.care.items(), ("days of intensive care", days)]
    n = counts.patients
    return [[name, *(per_1000(count, n) for count in (gain, loss, gain - loss))] for name, (gain, loss) in told]


def _not_exercised(population: Population) -> Iterator[str]:
    yield "Not exercised: nobody is graded otherwise by these findings; a constructed case beside each"
    for each in population.not_exercised[:_TOLD]:
        told = f"{each.pair.name} rule {each.place + 1}, {each.rule}; {not_exercised_words(each)}"
        yield textwrap.fill(told, WIDTH, initial_indent="  ", subsequent_indent="    ")
        yield compact(each.rule.witness)
    if (left := len(population.not_exercised) - _TOLD) > 0:
        yield f"  … and {left} more, in the page (--html) and in the JSON (--json)"


def not_exercised_words(each: NotExercised) -> str:
    """Which clauses nobody exercises, and why it may be so."""
    parts = [f"not exercised at all: {', '.join(each.clauses)}" if each.clauses else "other findings reach its clauses"]
    if each.masked:
        parts.append(f"{each.masked:,} patients have the findings, but a worse sign or a shut gate decides")
    if each.perhaps:
        parts.append(f"what is not charted leaves them possible in {each.perhaps:,} patients")
    if each.untold:
        parts.append(f"never charted in these patients: {', '.join(each.untold)}")
    return "; ".join(parts)


def population_object(population: Population) -> dict[str, Any]:
    """The keys ``population`` and ``not_exercised`` of the JSON."""
    return {
        "population": {
            "source": population.source,
            "simulated": population.simulated,
            "patients": population.patients,
            "moved": population.moved,
            "matrix": {pair.name: matrix_of(counts) for pair, counts in population.by_scale},
            "by_clause": [row for pair, counts in population.by_scale for row in _by_clause(pair, counts)],
            "scales": {pair.name: _scale_object(counts) for pair, counts in population.by_scale},
            "counted": HOW_COUNTED,
        },
        "not_exercised": [
            {
                "scale": each.pair.name,
                "rule": each.place,
                "clauses": list(each.clauses),
                "when": dict(each.rule.when),
                "old": each.rule.old,
                "new": each.rule.new,
                "perhaps": each.perhaps,
                "masked": each.masked,
                "never_charted": list(each.untold),
                "witness": each.rule.witness,
            }
            for each in population.not_exercised
        ],
    }


def _by_clause(pair: Pair, counts: Moves) -> Iterator[dict[str, Any]]:
    for place in sorted({*moving(counts), *counts.reached}):
        rule = None if place == BESIDE else pair.rules[place]
        yield {
            "scale": pair.name,
            "rule": None if rule is None else place,
            "clauses_old": list(rule.clauses_old) if rule else [],
            "clauses_new": list(rule.clauses_new) if rule else [],
            "up": counts.up[place],
            "down": counts.down[place],
            "met": counts.reached[place] if rule else None,
            "perhaps": counts.perhaps[place] if rule else None,
            "first": counts.first(place) or None,
        }


def _scale_object(counts: Moves) -> dict[str, Any]:
    gained, lost = counts.intensive_min
    return {
        "moved": counts.moved,
        "movers": [{"patient": m.name, "old": m.old, "new": m.new, "rule": m.rule} for m in counts.movers],
        "up": sum(counts.up.values()),
        "down": sum(counts.down.values()),
        "onset_shift_h": {f"{m / 60:g}": n for m, n in sorted(counts.onset_shift_min.items())},
        "duration_shift_h": {f"{m / 60:g}": n for m, n in sorted(counts.duration_shift_min.items())},
        "care": {name: {"gained": gain, "lost": loss} for name, (gain, loss) in counts.care.items()},
        "intensive_care_days": {"gained": round(gained / 1440, 2), "lost": round(lost / 1440, 2)},
        "ranges_old": counts.ranges[0],
        "ranges_new": counts.ranges[1],
        "ceilings_moved": counts.ceilings_moved,
        "cannot_be_told": counts.untold,
    }
