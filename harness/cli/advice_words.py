"""What a plan advises for a case, in words: the object of ``cartox recommend --json`` as lines to read."""

import dataclasses
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core import Plan
from cartox_core.doses import Dose, schedule, span
from cartox_core.management import Kind
from harness.cli.answers import Answer
from harness.cli.asked_words import to_decide
from harness.cli.other_readings import Other
from harness.cli.short_words import in_short, named_twice
from harness.cli.story import number, written_out

_WIDTH = 118
_KINDS = {"late": "late", "over": "over the maximum", "unread": "not read", "discouraged": "discouraged, yet given"}
_BLOCKS = ("advised", "perhaps", "discouraged", "used_up")
_ORDER: tuple[Kind, ...] = ("drug", "place", "support", "workup", "monitoring")
_FIELDS_NAMED = 8


def advice_lines(
    answer: Answer,
    plan: Plan,
    toxicities: Sequence[str],
    every: bool,
    lacks: Mapping[str, Sequence[str]],
    changing: Sequence[Other],
) -> Iterator[str]:
    """The lines of one case. Unless ``every``, steps whose own grade is unknown are left out.

    ``lacks`` has what is missing for the grade of a part, ``changing`` the choices that would change the advice.
    """
    hidden = set() if every else {name for name, grade in answer["grades"].items() if _is_unknown(grade)}
    blocks = {name: [one for one in answer[name] if not _hangs_on(one, hidden, plan)] for name in _BLOCKS}
    if "dead" not in answer:
        yield "In short"
        yield from (_filled("  ", line) for line in in_short(blocks["advised"], blocks["perhaps"], plan, lacks))
        yield ""
    yield "Grades"
    yield from (_grade(plan, name, grade, lacks.get(name, ())) for name, grade in answer["grades"].items())
    if "dead" in answer:
        yield "\nDeath is charted: nothing is advised any more."
    yield from _block("Advised now", blocks["advised"], plan)
    yield from (_filled("  ", line) for line in named_twice(blocks["advised"], plan))
    yield from _block("Discouraged", blocks["discouraged"], plan)
    yield from _block("No further dose", blocks["used_up"], plan)
    yield "\nGiven"
    yield from [f"  {_given(dose)}" for dose in answer["given"]] or ["  nothing"]
    yield "\nFindings"
    yield from [_finding(one) for one in answer["findings"]] or ["  none: nothing late, over a maximum or discouraged"]
    if answer["notes"]:
        yield "\nNotes"
    yield from (_filled("  ", note) for note in answer["notes"])
    yield from _block("Depends on what is not charted", blocks["perhaps"], plan)
    yield from to_decide([name for one in blocks["perhaps"] for name in one["unknown"]], _WIDTH)
    if left := sum(len(answer[name]) - len(some) for name, some in blocks.items()):
        fields = ", ".join(plan.toxicities[name].grade for name in plan.toxicities if name in hidden & set(toxicities))
        yield f"\nNot told: {left} more steps depend on {fields}, which the chart does not tell; --all tells them."
    yield from _changes(changing)
    cites = [cite for some in blocks.values() for one in some for cite in one["cite"]]
    if cites:
        yield "\nSources"
    for key in dict.fromkeys(cite.split(" ")[0] for cite in cites):
        yield _filled(f"  {key}: ", written_out(plan.works[key]))


def _is_unknown(grade: Mapping[str, Any]) -> bool:
    return grade["low"] in (0, None) and grade["high"] in (4, 5, None)


def _hangs_on(one: Answer, hidden: set[str], plan: Plan) -> bool:
    """Whether a step is left open by the grade of its own part, of which nothing is known."""
    return one["toxicity"] in hidden and plan.toxicities[one["toxicity"]].grade in one.get("unknown", ())


def _grade(plan: Plan, name: str, grade: Mapping[str, Any], lacks: Sequence[str]) -> str:
    told = "unknown" if _is_unknown(grade) else span(grade["low"], grade["high"])
    told += "" if _is_unknown(grade) else f", as of {number(grade['as_of_h'])} h"
    some = ", ".join(lacks[:_FIELDS_NAMED]) + (f" and {more} more" if (more := len(lacks) - _FIELDS_NAMED) > 0 else "")
    return _filled("  ", f"{plan.toxicities[name].title}: {told}" + (f"; not charted: {some}" if some else ""))


def _block(heading: str, some: Sequence[Answer], plan: Plan) -> Iterator[str]:
    """Some steps part by part, those for every patient last; in each what is given first, then the place of care."""
    if not some:
        return
    yield f"\n{heading}"
    for name, part in sorted(plan.toxicities.items(), key=lambda item: not item[1].grade):
        if mine := [one for one in some if one["toxicity"] == name]:
            yield f"  {part.title}"
            for one in sorted(mine, key=lambda one: _ORDER.index(one["kind"])):
                yield from _step(one, plan)


def _step(one: Answer, plan: Plan) -> Iterator[str]:
    yield _filled(f"    {one['strength']:<12}", f"{one['what']}{_dose(one, plan)} [{_ids(one)}]", " " * 16)
    about = [f"depends on {', '.join(one['unknown'])}" if "unknown" in one else f"because {'; '.join(one['because'])}"]
    about += [f"evidence: {one['evidence']}"] if "evidence" in one else []
    told = "; ".join(about) + "." + (f" {one['note']}" if "note" in one else "")
    yield _filled(" " * 16, told, " " * 16)
    if "see" in one:
        yield f"{' ' * 16}More: cartox lookup {', '.join(one['see'])}"


def _dose(one: Answer, plan: Plan) -> str:
    """The dose and its limits; of what is used up, that there is no further one."""
    regimen = plan.step(one["step"]).regimen
    if not one["dose"] or regimen is None:
        return ""
    if one.get("given", 0) >= regimen.most_doses:
        return f": {one['given']} doses were given, {regimen.most_doses:g} are the most: no further one"
    early = f"; not before {number(one['not_before_h'])} h" if "not_before_h" in one else ""
    early += f"; running, next due at {number(one['next_due_h'])} h" if "next_due_h" in one else ""
    often = dataclasses.replace(regimen, every_h=one["every_h"])  # of several steps as one, that of all
    return f": {Dose(**one['dose'])}{schedule(often)}{early}"


def _ids(one: Answer) -> str:
    return " or ".join([one["step"], *one.get("or_steps", ())])


def _given(dose: Answer) -> str:
    amount = f"{number(dose['dose'])} {dose.get('unit', '(unit unknown)')}" if "dose" in dose else "dose unknown"
    return f"{number(dose['time_h'])} h {dose['drug']}, {amount}, {dose.get('route', 'route unknown')}"


def _finding(one: Answer) -> str:
    sure = f" (perhaps: it depends on {', '.join(one['unknown'])})" if "unknown" in one else ""
    when = "since" if one["kind"] == "late" else "at"
    about = f"{_KINDS[one['kind']]}{sure}: {one['about']}, {when} {number(one['time_h'])} h: {one['text']}"
    return _filled("  ", about, "    ")


def _changes(changing: Sequence[Other]) -> Iterator[str]:
    if changing:
        yield "\nReadings that would change this"
    for other in changing:
        reading = other.plan.readings[other.reading]
        about = f"--reading {other.reading}={other.choice}: {reading.title}: {reading.choices[other.choice].text}"
        yield _filled("  ", about, "    ")


def _filled(start: str, text: str, then: str = "    ") -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=start, subsequent_indent=then, break_on_hyphens=False)
