"""A guideline laid out as the paper prints it: domains down, grades across, then what surrounds the table."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from tabulate import tabulate

from cartox_core import Guideline, Plan, Scale, Score
from cartox_core.guideline import Clause, Domain, Infusions
from harness.cli.story import written_out

_FIRST = 16


def page(guideline: Guideline, width: int) -> str:
    """The whole guideline as text of about ``width`` characters."""
    parts = [f"{guideline.title} ({guideline.id})\n{guideline.text}"]
    parts += [scale_part(scale, width) for scale in guideline.scales.values()]
    parts += [readings_part(guideline, width), sources_part(guideline, width)]
    return "\n\n".join(part for part in parts if part)


def scale_part(scale: Scale, width: int) -> str:
    """One scale: its table, the gate, the episode rule and the notes."""
    around = [_wrapped(line, width) for line in _surroundings(scale)]
    return "\n".join([scale.title, "", grade_table(scale, width), "", *around]).rstrip()


def grade_table(scale: Scale, width: int) -> str:
    """Domains down, grades across, the words of the clauses in the cells."""
    grades = [g for g in range(1, scale.top + 1) if any(_cell(d, g) for d in scale.domains)]
    rows = [[domain.title, *(_cell(domain, g) for g in grades)] for domain in scale.domains]
    column = max((width - _FIRST - 3 * len(grades) - 4) // max(len(grades), 1), 12)
    headers = ["Parameter", *(f"Grade {g}" for g in grades)]
    return str(tabulate(rows, headers, "grid", maxcolwidths=[_FIRST, *[column] * len(grades)]))


def _cell(domain: Domain, grade: int, between: str = ";\n") -> str:
    return between.join(clause.text for clause in domain.clauses if clause.grade == grade)


def _surroundings(scale: Scale) -> Iterator[str]:
    if scale.gate:
        yield f"Gate: {scale.gate_text}."
        yield from (f"  - {clause.text} ({tests(clause)})" for clause in scale.gate)
        ungated = [domain.title for domain in scale.domains if not domain.gated]
        if ungated:
            yield f"  With the gate closed only this counts: {', '.join(ungated)}."
    if scale.episode is not None:
        yield f"Episode: {scale.episode.text}; signs are {', '.join(scale.episode.signs)}."
    if scale.is_whole:
        yield "One grade for a whole course, from:"
        yield from (
            f"  - {feature.name}: {feature.text}, days {feature.first_day} to {feature.last_day}"
            for feature in scale.features
        )
    if scale.infusions is not None:
        yield from _infusions(scale.infusions)
    notes = [scale.text] if scale.text else []
    if scale.from_h is not None:
        notes.append(f"before hour {scale.from_h:g} the grade is 0")
    notes += [f"{assumption.text}: {assumption.field} {assumption.value}" for assumption in scale.assumptions]
    notes += [f"{d.title}, grade 0: {_cell(d, 0, '; ')}" for d in scale.domains if _excused(d)]
    if notes:
        yield "Notes:"
        yield from (f"  - {note}" for note in notes)


def _infusions(infusions: Infusions) -> Iterator[str]:
    yield f"Vasopressors given in a course: {infusions.text}."
    if infusions.bridge_min:
        yield f"  - an interruption of less than {infusions.bridge_min:g} minutes is none"
    if (high := infusions.high_dose) is not None:
        yield f"  - a high dose is, for {high.hours:g} h or more, at least"
        yield from (f"    - {drug} {line}, where it runs alone" for drug, line in high.alone.items())
        yield f"    - {high.combination} as norepinephrine, where several run"
        yield f"    - {high.on_vasopressin} as norepinephrine, beside vasopressin, which adds nothing"
        equals = ", ".join(f"{drug} {one}" for drug, one in high.equivalent.items())
        yield f"  - each of these counts as 1 µg/min of norepinephrine: {equals}"


def _excused(domain: Domain) -> bool:
    """Whether a domain tells more ways of being grade 0 than the plain absence of the sign."""
    return sum(clause.grade == 0 for clause in domain.clauses) > 1


def _wrapped(line: str, width: int) -> str:
    start = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(line.strip(), width, initial_indent=start, subsequent_indent=f"{start}    ")


def tests(clause: Clause) -> str:
    """The tests of a clause: ``temp_c ≥ 38, fever_other_cause no``."""
    return ", ".join(f"{name} {test}" for name, test in clause.when.items())


def readings_part(guideline: Guideline | Score | Plan, width: int) -> str:
    """The points that can be read in more than one way; a star marks the choice in force."""
    if not guideline.readings:
        return ""
    rows = []
    for reading in guideline.readings.values():
        choices = [
            f"{'*' if name == guideline.chosen[reading.id] else '-'} {name}: {choice.text}"
            for name, choice in reading.choices.items()
        ]
        rows.append([reading.id, reading.title, "\n".join(choices), reading.why])
    free = max(width - 20, 60)
    widths = [5, free * 3 // 10, free * 4 // 10, free * 3 // 10]
    table = tabulate(rows, ["Id", "Question", "Choices (* in force)", "Why this default"], "grid", maxcolwidths=widths)
    return f"Readings: points that the sources leave open; change one with --reading ID=CHOICE\n\n{table}"


def sources_part(guideline: Guideline, width: int) -> str:
    """The works that the guideline and its clauses cite, in full."""
    clauses = [clause for scale in guideline.scales.values() for clause in scale.clauses]
    return works_part([*guideline.cite, *(c for clause in clauses for c in clause.cite)], guideline.works, width)


def works_part(cites: Sequence[str], works: Mapping[str, Mapping[str, str]], width: int) -> str:
    """The works that citations name, in full, once each."""
    keys = dict.fromkeys(cite.split(" ")[0] for cite in cites)
    return "\n".join(["Sources", *(_wrapped(f"  {key}: {written_out(works[key])}", width) for key in keys)])


def shelf_table(guidelines: Sequence[Guideline]) -> str:
    """The guidelines on the shelf, one a row."""
    rows = [
        [g.id, g.title, ", ".join(g.scales), sum(1 for s in g.scales.values() for _ in s.clauses), len(g.readings)]
        for g in guidelines
    ]
    return str(tabulate(rows, ["Id", "Title", "Scales", "Clauses", "Readings"]))
