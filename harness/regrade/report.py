"""A comparison as text for a terminal, as an object for JSON, and its patients as a table in CSV."""

import csv
import io
import textwrap
from collections.abc import Iterator
from typing import Any

from harness.regrade.agreement import GRADES, Family, Pair, Share
from harness.regrade.published import NOTE
from harness.regrade.result import HOW_COUNTED, NOT_FOR_TREATING, WEIGHTS, Comparison, range_word
from harness.regrade.under import FAMILIES
from harness.text_table import table

MOST_ROWS = 60
WIDTH = 118


def text_report(comparison: Comparison, rows: bool) -> str:
    """The comparison for a terminal; ``rows`` with a line a patient."""
    parts = [heading(comparison)]
    if rows:
        parts.append(_rows(comparison))
    for family in comparison.families:
        parts += [_columns(family), *([_agreement(family), _pairs(family)] if family.pairs else [])]
        shown = [pair for pair in family.pairs if pair.one == family.columns[0].label]
        parts += [_matrix(pair) for pair in shown]
        if left := len(family.pairs) - len(shown):
            parts.append(f"The matrices of the other {left} pairs stand in the page (--html) and in the JSON (--json).")
    if comparison.uncharted:
        parts.append("\n".join(_wrapped(line) for line in uncharted_lines(comparison)))
    if comparison.published:
        parts.append(_published(comparison))
    return "\n\n".join([*parts, _wrapped(HOW_COUNTED), _wrapped(WEIGHTS), NOT_FOR_TREATING])


def heading(comparison: Comparison) -> str:
    """Whose patients, how many, under what."""
    whose = f"{comparison.source}: {len(comparison.regraded.patients):,}"
    if len(comparison.families) > 2:
        return f"{whose} graded by {len(comparison.regraded.unders)} scales"
    said = [f"{len(f.columns)} {family_word(f.name)} scale{'s' * (len(f.columns) > 1)}" for f in comparison.families]
    return f"{whose} graded by {' and '.join(said)}"


def family_word(name: str) -> str:
    """A family as people call it."""
    return FAMILIES.get(name, name)


def uncharted_lines(comparison: Comparison) -> Iterator[str]:
    """Why there are ranges: what is charted for nobody, said plainly."""
    if not comparison.uncharted:
        return
    what = "This simulation does not chart" if comparison.simulated else "These cases do not chart"
    yield f"{what} at every time all that the scales read, and unknown is not normal: peaks are ranges. Never charted:"
    for label, names in comparison.uncharted.items():
        yield f"  {label}: {', '.join(names) or 'nothing, but some only now and then'}"


def share_words(share: Share) -> str:
    """A share by floors, with the bounds where ranges leave them open."""
    text = f"{share.by_floors:,} of {share.of:,} ({percent(share.by_floors, share.of)})"
    if share.surely == share.at_most:
        return text
    return f"{text}; surely {percent(share.surely, share.of)}, at most {percent(share.at_most, share.of)}"


def percent(count: int, of: int) -> str:
    """A share in per cent."""
    return f"{100 * count / of:.1f} %" if of else "–"


def kappa_word(kappa: float | None) -> str:
    """A kappa with two decimals, or a dash."""
    return "–" if kappa is None else f"{kappa:.2f}"


COLUMN_HEADS = ("scale", *(f"grade {g}" for g in range(GRADES)), "any", "3 or more", "ranges")


def column_table(family: Family) -> list[list[str]]:
    """Patients by peak grade, a row a scale."""
    return [
        [
            c.label,
            *map(str, c.floors),
            *(percent(c.reached(g), family.patients) for g in (1, 3)),
            str(c.ranges),
        ]
        for c in family.columns
    ]


PAIR_HEADS = ("one", "other", "same", "surely", "at most", "other lower", "higher", "ranges", "κ linear", "κ quadratic")


def pair_table(family: Family) -> list[list[str]]:
    """How each two scales agree, a row a pair."""
    return [
        [
            p.one,
            p.other,
            *(percent(n, family.patients) for n in (p.same.by_floors, p.same.surely, p.same.at_most)),
            *map(str, (p.lower, p.higher, p.ranges)),
            kappa_word(p.kappa_linear),
            kappa_word(p.kappa_quadratic),
        ]
        for p in family.pairs
    ]


def _columns(family: Family) -> str:
    title = f"{family_word(family.name)}: patients by peak grade"
    return f"{title}\n{table(column_table(family), COLUMN_HEADS, 1)}"


def _agreement(family: Family) -> str:
    return "\n".join(
        [
            f"Same grade in all {len(family.columns)}: {share_words(family.same_in_all)}",
            f"Any toxicity told alike by all: {share_words(family.any_alike)}",
        ]
    )


def _pairs(family: Family) -> str:
    return table(pair_table(family), PAIR_HEADS, 2)


def _matrix(pair: Pair) -> str:
    rows = [
        [f"{pair.one} {g}", *(str(n or "·") for n in pair.matrix[g])] for g in range(GRADES) if pair.matrix[g].any()
    ]
    return table(rows, [f"↓   {pair.other} →", *map(str, range(GRADES))], 1)


def _rows(comparison: Comparison) -> str:
    found = comparison.regraded
    heads = ["patient", *(u.label.replace(":", "\n") for u in found.unders)]
    shown = table(list(_peaks(comparison))[:MOST_ROWS], heads, 1)
    left = len(found.patients) - MOST_ROWS
    return f"{shown}\n… and {left:,} more; --rows FILE.csv has all" if left > 0 else shown


def _peaks(comparison: Comparison, dash: str = "–") -> Iterator[list[str]]:
    found = comparison.regraded
    for name, low, high in zip(found.patients, found.floors.tolist(), found.ceilings.tolist(), strict=True):
        yield [name, *(range_word(a, b, dash) for a, b in zip(low, high, strict=True))]


def _published(comparison: Comparison) -> str:
    lines = ["Published, of real patients"]
    rows: list[list[str]] = []
    seen = ""
    for row in comparison.published:
        key = f"{row.study.title} ({row.study.cite[0]}): {row.study.note}"
        if key != seen:
            rows.append(["\n".join(textwrap.wrap(key, 52)), "", ""])
            seen = key
        rows.append([f"  {row.what}", row.published, row.here or "not graded here"])
    lines += [table(rows, ["", "published", "here"], 3), NOTE]
    return "\n".join(lines)


def _wrapped(line: str) -> str:
    start = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(line.strip(), WIDTH, initial_indent=start, subsequent_indent=f"{start}  ")


def csv_rows(comparison: Comparison) -> str:
    """A line a patient, a column a scale; a range is written 2..3, which no spreadsheet takes for a date."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["patient", *(u.label for u in comparison.regraded.unders)])
    writer.writerows(_peaks(comparison, ".."))
    return out.getvalue()


def json_report(comparison: Comparison, rows: bool) -> dict[str, Any]:
    """The comparison as an object; ``rows`` with an entry a patient."""
    found = comparison.regraded
    told: dict[str, Any] = {
        "source": comparison.source,
        "simulated": comparison.simulated,
        "patients": len(found.patients),
        "scales": [
            {
                "label": u.label,
                "title": u.scale.title,
                "guideline": u.guideline.title,
                "readings": dict(u.guideline.chosen),
            }
            for u in found.unders
        ],
        "counted": HOW_COUNTED,
        "kappa": WEIGHTS,
        "never_charted": {label: list(names) for label, names in comparison.uncharted.items()},
        "families": [_family_object(f) for f in comparison.families],
        "published": [
            {
                "study": b.study.title,
                "cite": b.study.cite,
                "what": b.what,
                "published": b.published,
                "here": b.here or None,
            }
            for b in comparison.published
        ],
        "note": NOT_FOR_TREATING,
    }
    if rows:
        told["rows"] = [
            {
                "patient": name,
                "peaks": {u.label: {"floor": a, "ceiling": b} for u, a, b in zip(found.unders, low, high, strict=True)},
            }
            for name, low, high in zip(found.patients, found.floors.tolist(), found.ceilings.tolist(), strict=True)
        ]
    return told


def _family_object(family: Family) -> dict[str, Any]:
    return {
        "family": family.name,
        "columns": [
            {"label": c.label, "floors": list(c.floors), "ceilings": list(c.ceilings), "ranges": c.ranges}
            for c in family.columns
        ],
        "same_in_all": _share_object(family.same_in_all),
        "any_toxicity_alike": _share_object(family.any_alike),
        "pairs": [
            {
                "one": p.one,
                "other": p.other,
                "matrix": p.matrix.tolist(),
                "same": _share_object(p.same),
                "lower": p.lower,
                "higher": p.higher,
                "ranges": p.ranges,
                "kappa_linear": p.kappa_linear,
                "kappa_quadratic": p.kappa_quadratic,
            }
            for p in family.pairs
        ],
    }


def _share_object(share: Share) -> dict[str, int]:
    return {"by_floors": share.by_floors, "surely": share.surely, "at_most": share.at_most, "of": share.of}
