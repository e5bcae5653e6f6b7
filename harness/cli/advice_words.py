"""What a plan advises for a case, in words: the object of ``cartox recommend --json`` as lines to read."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core import Plan
from cartox_core.doses import Dose, span
from cartox_core.management import Regimen
from harness.cli.answers import Answer
from harness.cli.story import number, written_out

_WIDTH = 118
_KINDS = {"late": "late", "over": "over the maximum", "unread": "not read", "discouraged": "discouraged, yet given"}


def advice_lines(answer: Answer, plan: Plan, toxicities: Sequence[str], every: bool) -> Iterator[str]:
    """The lines of one case. Unless ``every``, what hangs on a grade that is not told at all is left out."""
    untold = {name for name, grade in answer["grades"].items() if _is_untold(grade)} & set(toxicities)
    hidden = set() if every else {plan.toxicities[name].grade for name in untold}
    yield "Grades: " + "; ".join(_grade(plan, name, answer["grades"][name]) for name in answer["grades"])
    yield from _block("Advised now", answer["advised"], plan)
    perhaps = [one for one in answer["perhaps"] if not hidden & set(one["unknown"])]
    yield from _block("Perhaps, if it were known", perhaps, plan)
    if left := len(answer["perhaps"]) - len(perhaps):
        fields = ", ".join(sorted(hidden))
        yield f"\nNot told: {left} more steps hang on {fields}, which the chart does not tell; --all tells them."
    yield from _block("Discouraged", answer["discouraged"], plan)
    yield from _block(
        "No further dose", [one for one in answer["used_up"] if not hidden & set(one.get("unknown", ()))], plan
    )
    yield "\nGiven"
    yield from [f"  {_given(dose)}" for dose in answer["given"]] or ["  nothing"]
    yield "\nTo be said of it"
    yield from [_finding(one) for one in answer["findings"]] or ["  nothing: none late, over a maximum or discouraged"]
    cites = [cite for part in ("advised", "perhaps", "discouraged") for one in answer[part] for cite in one["cite"]]
    yield "\nSources"
    for key in dict.fromkeys(cite.split(" ")[0] for cite in cites):
        yield _filled(f"  {key}: ", written_out(plan.works[key]))


def _is_untold(grade: Mapping[str, Any]) -> bool:
    return grade["low"] in (0, None) and grade["high"] in (4, 5, None)


def _grade(plan: Plan, name: str, grade: Mapping[str, Any]) -> str:
    title = plan.toxicities[name].title
    if _is_untold(grade):
        return f"{title} not told"
    return f"{title} {span(grade['low'], grade['high'])}, as of {number(grade['as_of_h'])} h"


def _block(heading: str, some: Sequence[Answer], plan: Plan) -> Iterator[str]:
    if not some:
        return
    yield f"\n{heading}"
    for name, part in plan.toxicities.items():
        if mine := [one for one in some if one["toxicity"] == name]:
            yield f"  {part.title}"
            for one in mine:
                yield from _step(one, plan)


def _step(one: Answer, plan: Plan) -> Iterator[str]:
    regimen = plan.step(one["step"]).regimen
    dose = f": {Dose(**one['dose'])}{schedule(regimen)}" if one["dose"] and regimen else ""
    dose += f"; not before {number(one['not_before_h'])} h" if "not_before_h" in one else ""
    yield _filled(f"    {one['strength']:<12}", f"{one['what']}{dose} [{one['step']}]", " " * 16)
    about = [f"hangs on {', '.join(one['unknown'])}"] if "unknown" in one else [f"because {'; '.join(one['because'])}"]
    about += [f"evidence: {one['evidence']}"] if "evidence" in one else []
    told = "; ".join(about) + "." + (f" {one['note']}" if "note" in one else "")
    yield _filled(" " * 16, told, " " * 16)
    if "see" in one:
        yield f"{' ' * 16}More: cartox lookup {', '.join(one['see'])}"


def schedule(regimen: Regimen) -> str:
    """Route, interval and maxima of a regimen, to stand after its dose.

    >>> from cartox_core import load_plan
    >>> schedule(load_plan("ferreri-2024").regimens["tocilizumab"])
    ' IV, again where needed, every 8 h; 4 doses at most; 3 in 24 h at most'
    """
    again = "" if regimen.repeats else "again where needed, "
    route = f" {regimen.route}" if regimen.route else ""
    words = [route + (f", {again}every {span(*regimen.every_h)} h" if regimen.every_h else "")]
    words += [f"{regimen.most_doses:g} doses at most"] if regimen.most_doses < float("inf") else []
    words += [f"{regimen.most_per_24h:g} in 24 h at most"] if regimen.most_per_24h < float("inf") else []
    return "; ".join(words)


def _given(dose: Answer) -> str:
    words = [f"{number(dose['time_h'])} h", dose["drug"]]
    words += [number(dose["dose"])] if "dose" in dose else []
    return " ".join([*words, *(dose[name] for name in ("unit", "route") if name in dose)])


def _finding(one: Answer) -> str:
    sure = f" (perhaps: it hangs on {', '.join(one['unknown'])})" if "unknown" in one else ""
    when = "since" if one["kind"] == "late" else "at"
    about = f"{_KINDS[one['kind']]}{sure}: {one['about']}, {when} {number(one['time_h'])} h: {one['text']}"
    return _filled("  ", about, "    ")


def _filled(start: str, text: str, then: str = "    ") -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=start, subsequent_indent=then, break_on_hyphens=False)
