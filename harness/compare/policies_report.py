"""What a policy of care does to the same persons, in words for a terminal and as an object for JSON."""

import textwrap
from collections.abc import Iterator
from typing import Any

from cartox_core import Guideline
from harness.compare.moves import GRADES, Pair
from harness.compare.policies import CareMoves, Policies
from harness.compare.population_report import WIDTH, headline, matrix_of, matrix_rows, per, per_1000, times
from harness.patients.policy import Policy
from harness.scenarios.policy_file import source_of
from harness.scenarios.policy_words import differences
from harness.text_table import table

STEROIDS = ("dexamethasone", "methylprednisolone")
HOW_COUNTED = (
    "The same persons: age, weight, ranks, onset and the pace of every step are theirs under both policies. Worst "
    "grades are counted by floors; who dies earlier has no later grades; durations are of those who survive both; "
    "doses are those for CRS and ICANS and those by the calendar."
)
Row = tuple[str, float, float]  # under OLD, and under NEW


def care_told(policies: Policies, counts: CareMoves, source: str, core: Guideline) -> Iterator[str]:
    """What changes, part by part."""
    old, new = policies.old, policies.new
    yield from (_in_words(policy, word) for policy, word in ((old, "OLD"), (new, "NEW")))
    yield textwrap.fill(f"{source}: {counts.patients:,}, the same persons under both. {_how_many(counts)}", WIDTH)
    for name, moves in counts.scales.items():
        pair = Pair(core.scale(name), core.scale(name), ())
        yield headline(pair, moves)
        if moves.moved:
            yield table(matrix_rows(pair, moves), [f"↓ {name}, OLD;   NEW →", *map(str, range(GRADES))], 1)
        lines = [*died_before(counts, name), *times(moves)]
        if said := "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in lines):
            yield said
    yield table(list(_care_rows(counts)), [per(counts.patients), "OLD", "NEW", "change"], 1)
    yield from (textwrap.fill(line, WIDTH) for line in cautions(policies))
    if counts.first:
        yield "\n".join(_firsts(policies, counts))
    yield "\n".join(_assumed(old, "OLD") + _assumed(new, "NEW"))
    yield textwrap.fill(HOW_COUNTED, WIDTH)


def _in_words(policy: Policy, word: str) -> str:
    """A policy by name, and what it does."""
    if policy.is_standard:
        told = [policy.text] if policy.text else ["As under standard care."]
    else:
        told = [policy.text, "What differs from standard care:", *(f"- {line}" for line in differences(policy))]
    filled = (textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ") for line in told)
    return "\n".join([f"{word} {policy.name}: {policy.title}", *filled])


def _how_many(counts: CareMoves) -> str:
    """Who is graded otherwise, and whose course or doses differ.

    >>> import types
    >>> _how_many(types.SimpleNamespace(moved=0, changed=279))
    'Nobody has another worst grade; 279 have another course or other doses.'
    """
    if not counts.changed:
        return "Nothing differs in anybody."
    worst = f"{counts.moved:,} have another worst grade" if counts.moved else "Nobody has another worst grade"
    return f"{worst}; {counts.changed:,} have another course or other doses."


def died_before(counts: CareMoves, scale: str) -> Iterator[str]:
    """Whose worst grade is lower for an earlier death, which is no milder course."""
    for word, died in zip(("OLD", "NEW"), counts.cut_short[scale], strict=True):
        if died:
            yield (
                f"{died:,} whose worst grade is lower under {word} died earlier there, of CRS or ICANS: "
                "that is no milder course"
            )


def care_rows(counts: CareMoves) -> Iterator[Row]:
    """What is given, how long the severe lasts and how many die, in all patients."""
    drugs = {drug: drug for drug in counts.doses if drug not in STEROIDS}
    for drug in drugs:
        yield f"given {drug}", *counts.given_to[drug]
        yield f"doses of {drug}", *counts.doses[drug]
    steroids = [counts.doses[drug] for drug in STEROIDS if drug in counts.doses]
    if steroids:
        yield "doses of corticosteroids", sum(old for old, _ in steroids), sum(new for _, new in steroids)
    for name, (old, new) in counts.severe_min.items():
        yield f"days at {name.upper()} grade 3 or more", old / 1440, new / 1440
    yield "deaths from CRS or ICANS", *counts.deaths


def _care_rows(counts: CareMoves) -> Iterator[list[str]]:
    n = counts.patients
    for what, old, new in care_rows(counts):
        change = f"{'-' if new < old else '+'}{per_1000(abs(new - old), n)}"
        yield [what, per_1000(old, n), per_1000(new, n), change]


def cautions(policies: Policies) -> Iterator[str]:
    """What cannot come out of a comparison, since neither policy assumes it."""
    if not any(policy.course.progresses for policy in (policies.old, policies.new)):
        yield (
            "Caution: under both policies nobody becomes more ill for want of treatment (crs_progress and "
            "icans_progress are 0), so what is withheld cannot harm here. Compare with no-treatment or "
            "standard-when-short, or write a [course] into the policy."
        )


def _firsts(policies: Policies, counts: CareMoves) -> Iterator[str]:
    """The first patient of each kind of change, and how to see one under both."""
    wide = max(map(len, counts.first))
    yield "The first of each kind"
    for kind, address in counts.first.items():
        yield f"  {kind:<{wide}}  {address}"
    address = next(iter(counts.first.values()))
    for policy in (policies.old, policies.new):
        yield f"  again: cartox replay {address} --policy {source_of(policy)}"


def _assumed(policy: Policy, word: str) -> list[str]:
    told = (f"{word} assumes ({a.confidence}): {a.text} Source: {a.source}" for a in policy.assumed)
    return [textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in told]


def care_object(policies: Policies, counts: CareMoves) -> dict[str, Any]:
    """All of it as an object for JSON."""
    return {
        "old": _policy_object(policies.old),
        "new": _policy_object(policies.new),
        "patients": counts.patients,
        "moved": counts.moved,
        "changed": counts.changed,
        "scales": {
            name: {
                "matrix": matrix_of(moves),
                "moved": moves.moved,
                "up": sum(moves.up.values()),
                "down": sum(moves.down.values()),
                "died_earlier": dict(zip(("old", "new"), counts.cut_short[name], strict=True)),
                "onset_shift_h": {f"{m / 60:g}": n for m, n in sorted(moves.onset_shift_min.items())},
                "duration_shift_h": {f"{m / 60:g}": n for m, n in sorted(moves.duration_shift_min.items())},
            }
            for name, moves in counts.scales.items()
        },
        "per_1000": {
            what: {"old": round(1000 * old / counts.patients, 3), "new": round(1000 * new / counts.patients, 3)}
            for what, old, new in care_rows(counts)
        },
        "cautions": list(cautions(policies)),
        "first": dict(counts.first),
        "counted": HOW_COUNTED,
    }


def _policy_object(policy: Policy) -> dict[str, Any]:
    told = {"name": policy.name, "title": policy.title, "text": policy.text, "differs": differences(policy)}
    return {**told, "assumed": [a.model_dump() for a in policy.assumed]}
