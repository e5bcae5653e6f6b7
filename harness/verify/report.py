"""A verdict as text for a terminal and as the JSON object that programs read."""

import json
import shlex
from collections.abc import Sequence
from typing import Any

from tabulate import tabulate

from harness.verify.agreement import LINES, Agreement
from harness.verify.clauses import ClauseTally, tallies
from harness.verify.doors.log import telling_lines
from harness.verify.effect import Effect
from harness.verify.faults import Fault, line_missed
from harness.verify.judge import STATUSES, Judged
from harness.verify.suite.build import SEALED_CASES
from harness.verify.suspects import Likeness
from harness.verify.verdict import Verdict
from harness.verify.words import in_words

PURPOSE = "For testing and teaching. Not for treating patients."
MOST_SHOWN = 12
MOST_LIKELY, FEW_LIKELY, MUCH_ALIKE = 8, 3, 0.5
ALIKE = (
    "1.00: it fails in the same cases with the same grades. A mutant is the guideline with one mistake in it, an\n"
    "animal a grader that is wrong on purpose, a reading another way to read the sources, a guideline one of the shelf."
)
STATUS_WORDS = {
    "agree": "right",
    "under": "graded too low",
    "over": "graded too high",
    "undecided": "no grade where there is one",
    "vague": "a range that is too wide",
    "refused_wrongly": "a valid case refused",
    "graded_invalid": "an invalid case graded",
    "error": "the grader reported an error",
    "skipped": "skipped",
    "not-run": "not answered",
}


def headline(verdict: Verdict) -> str:
    """The verdict in one sentence."""
    wrong, asked = len(verdict.failures), len(verdict.judged)
    known = len(verdict.accepted)
    accepted = f", {counted(known, 'known failure')} accepted" if known else ""
    if verdict.word == "conformant":
        return f"Conformant: every answer is right, to {counted(asked - known, 'case')}{accepted}."
    if verdict.word == "incomplete":
        right = f" What was answered is right ({counted(verdict.counts.get('agree', 0), 'case')}){accepted}."
        return f"Incomplete: {'; '.join(verdict.reasons)}.{'' if wrong else right}"
    under = sum(j.status == "under" for j in verdict.failures)
    missed = sum(line_missed(j) > 0 for j in verdict.failures)
    verb = "is" if wrong == 1 else "are"
    return (
        f"Nonconformant: {wrong:,} of {counted(asked, 'case')} {verb} wrong; {under:,} graded too low, "
        f"{missed:,} of them across a line of treatment{accepted}.{_only_unknown(verdict)}"
    )


def _only_unknown(verdict: Verdict) -> str:
    """That a grader fails only where something is not charted, if that is so."""
    if not verdict.failures or not all(j.case.is_range for j in verdict.failures):
        return ""
    return " Where all that matters is charted, every grade is right."


def about(verdict: Verdict) -> list[tuple[str, str]]:
    """What was examined, by what, in pairs of a title and a text."""
    can, suite = verdict.can, verdict.suite
    chosen = [f"{k}={v}" for k, v in verdict.guideline.chosen.items() if v != verdict.guideline.readings[k].default]
    readings = f", readings {', '.join(chosen)}" if chosen else ", default readings"
    unknown = f"; says of unknown fields: {can.missing}" if can.missing else ""
    return [
        ("grader", f"{can.name} {can.version}".strip() + unknown),
        ("door", verdict.door),
        ("guideline", f"{verdict.guideline.id} ({', '.join(suite.scales)}){readings}"),
        (
            "suite",
            f"{suite.name}, {counted(len(verdict.judged), 'case')} asked, digest {suite.digest}, seed {suite.seed}",
        ),
    ]


def command(verdict: Verdict, j: Judged) -> str:
    """The command that asks one case again, with the options that the verification was started with."""
    parts = ["cartox", "verify", verdict.door, "--case", j.case.id.removesuffix("/smallest"), *verdict.options]
    if j.case.kind == "sealed" and not verdict.door.startswith("rows:"):
        parts += ["--seed", str(verdict.suite.seed)]
        parts += ["--patients", str(verdict.suite.patients)] if verdict.suite.patients != SEALED_CASES else []
    return shlex.join(parts)


def text_report(verdict: Verdict) -> str:
    """The whole verdict for a terminal."""
    parts = [tabulate(about(verdict), tablefmt="plain"), headline(verdict)]
    if not verdict.can.guidelines and len(verdict.suite.scales) > 1 and verdict.failures:
        parts.append(f"It declares no scales, so all were asked; to ask one: --scale {verdict.suite.scales[0]}")
    if verdict.word == "nonconformant" and verdict.reasons:
        parts.append("Also: " + "; ".join(verdict.reasons) + ".")
    if verdict.faults:
        parts.append(_faults(verdict))
    if verdict.diagnosis.likely or verdict.diagnosis.conforms_under:
        parts.append(_diagnosis(verdict))
    if len(verdict.judged) == 1:
        return "\n\n".join([*parts, _one_case(verdict.judged[0]), PURPOSE])
    parts += [_counts(verdict), *[_agreement(a) for a in verdict.agreements if a.matrix.any()]]
    parts.append(_unknown(verdict))
    if verdict.effect:
        parts.append(effect_text(verdict.effect))
    if gaps := _coverage(verdict):
        parts.append(gaps)
    if verdict.examined.log.strip() and verdict.word != "conformant":
        lines = telling_lines(verdict.examined.log, 5)
        parts.append("The end of its log\n  " + "\n  ".join(line[:160] for line in lines))
    return "\n\n".join([*parts, PURPOSE])


def _one_case(j: Judged) -> str:
    """A case whole: hour by hour what is right and what was answered, and the JSON to test it with."""
    lines = [f"{j.case.id}: {j.case.why}"]
    if j.case.expected is not None and j.answer.status == "graded":
        hours = [f"{row.get('time_h'):.6g}" for row in j.case.raw["observations"]]
        got = ["–" if grade is None else str(grade) for grade in j.answer.grades]
        rows = zip(hours, map(str, j.case.expected), got, strict=True)
        lines.append(tabulate(list(rows), ["hour", "expected", "got"], disable_numparse=True))
    else:
        lines.append(f"expected {j.expected}, got {j.got}")
    return "\n".join([*lines, json.dumps(j.case.raw, ensure_ascii=False)])


def _faults(verdict: Verdict) -> str:
    lines = ["What is broken, the most dangerous first"]
    texts = {c.id: c.text for s in verdict.suite.scales for c in verdict.guideline.scale(s).clauses}
    for fault in verdict.faults[:MOST_SHOWN]:
        j = fault.smallest
        scale = verdict.guideline.scale(j.case.scale)
        title = f"{fault.name}: {texts[fault.name]}" if fault.name in texts else fault.name
        lines += [
            "",
            f"  {title}",
            f"    {cases_fail(len(fault.failures))}{_danger(fault)}",
            f"    smallest: {j.case.scale}, {in_words(j.case, scale)}",
            *([] if j.case.expected is None else [f"    why: {j.case.why}"]),
            f"    expected {j.expected}, got {j.got}",
            f"    again: {command(verdict, j)}",
        ]
    if len(verdict.faults) > MOST_SHOWN:
        lines += ["", f"  and {len(verdict.faults) - MOST_SHOWN} more; --report DIR shows all"]
    return "\n".join(lines)


def counted(count: int, what: str) -> str:
    """So many things.

    >>> counted(1, "case"), counted(6203, "case")
    ('1 case', '6,203 cases')
    """
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def cases_fail(count: int) -> str:
    """So many cases fail.

    >>> cases_fail(1)
    '1 case fails'
    """
    return "1 case fails" if count == 1 else f"{count:,} cases fail"


def _danger(fault: Fault) -> str:
    if not fault.missed:
        return ""
    count = sum(line_missed(j) == fault.missed for j in fault.failures)
    return f"; {count:,} {'misses' if count == 1 else 'miss'} that the grade is {fault.missed} or more"


def _diagnosis(verdict: Verdict) -> str:
    found = verdict.diagnosis
    lines = ["Likely cause"]
    if found.conforms_under:
        flags = " ".join(f"--reading {k}={v}" for k, v in found.conforms_under.items())
        lines.append(f"  every grade would be right under another reading of the sources: {flags}")
    rows = [[f"{like.score:.2f}", like.kind, like.scale, like.name] for like in likely_shown(verdict)]
    if rows:
        lines.append(tabulate(rows, ["alike", "as", "scale", "what"], disable_numparse=True))
        lines.append(ALIKE)
    return "\n".join(map(str, lines))


def likely_shown(verdict: Verdict) -> list[Likeness]:
    """The likeliest causes worth showing: all those that are much alike, else the best few."""
    found = verdict.diagnosis.likely[:MOST_LIKELY]
    return [like for place, like in enumerate(found) if like.score >= MUCH_ALIKE or place < FEW_LIKELY]


def _counts(verdict: Verdict) -> str:
    rows = [[f"{n:,}", STATUS_WORDS.get(name, name)] for name, n in verdict.counts.items()]
    table: str = tabulate(rows, ["cases", ""], disable_numparse=True, colalign=("right", "left"))
    return f"Answers\n{table}"


def _agreement(found: Agreement) -> str:
    top = len(found.matrix)
    rows = [[f"{right} expected", *[str(n) if n else "·" for n in found.matrix[right]]] for right in range(top)]
    table = tabulate(rows, ["", *[f"got {g}" for g in range(top)]], disable_numparse=True, stralign="right")
    kappa = "not defined" if found.kappa is None else f"{found.kappa:.3f}"
    lines = "; ".join(
        f"grade {n} or more: missed {found.missed[n]:,}, given needlessly {found.needless[n]:,}" for n in LINES
    )
    return f"{found.scale}: decided grades, quadratic weighted kappa {kappa}\n{table}\n{lines}"


def _unknown(verdict: Verdict) -> str:
    u = verdict.unknown
    return (
        f"Where the grade is a range, for want of data: {u.exact:,} answered by the range, {u.no_grade:,} by no grade, "
        f"{u.refused:,} refused, {u.as_mildest:,} as if normal, {u.as_worst:,} as if at the worst, {u.other:,} other."
    )


def effect_text(effect: Effect) -> str:
    """What it would do to patients."""
    how = "after the hours before it" if effect.as_courses else "asked as a single hour, the episode stated"
    lines = [
        f"At the worst hour of {effect.patients:,} simulated patients ({counted(len(effect.trials), 'trial')}), {how}"
    ]
    for s in effect.scales:
        missed = "; ".join(f"{n:,} of {due:,} would miss {name}" for name, (n, due) in s.missed.items())
        none = f", {s.no_grade:,} not graded" if s.no_grade else ""
        gap = f"; {s.not_asked:,} more could not be asked" if s.not_asked else ""
        lines.append(
            f"  {s.scale}: of {s.ill:,} ill, {s.too_low:,} graded too low, {s.too_high:,} too high{none}; {missed}{gap}"
        )
    return "\n".join(lines)


def _coverage(verdict: Verdict) -> str:
    c = verdict.coverage
    lines = [f"  {n:,} cases: {why}" for why, n in c.left_out.items()]
    lines += [f"  clause {name}: {why}" for name, why in c.clauses.items()]
    lines += [f"  field {name}: {why}" for name, why in c.fields.items()]
    return "\n".join(["Not asked", *lines]) if lines else ""


def json_report(verdict: Verdict) -> dict[str, Any]:
    """The verdict as an object (issue 3 of the project fixes its keys)."""
    can, suite = verdict.can, verdict.suite
    clause_of = {id(j): f.name for f in verdict.faults for j in f.failures}
    return {
        "verdict": verdict.word,
        "reasons": list(verdict.reasons),
        "guideline": verdict.guideline.id,
        "readings": dict(verdict.guideline.chosen),
        "suite": {
            "name": suite.name,
            "cases": len(verdict.judged),
            "digest": suite.digest,
            "seed": suite.seed,
            "patients": suite.patients,
            "scales": list(suite.scales),
        },
        "grader": {
            "door": verdict.door,
            "name": can.name,
            "version": can.version,
            "missing": can.missing,
            "form": list(can.forms),
            "restarts": verdict.examined.restarts,
        },
        "counts": {status: verdict.counts.get(status, 0) for status in STATUSES},
        "accepted": [j.case.id for j in verdict.accepted],
        "failures": [failure(j, clause_of.get(id(j), "")) for j in verdict.failures],
        "clauses": [{"id": t.id, "cases": t.cases, "failed": t.failed} for t in clauses_of(verdict)],
        "faults": [
            {"name": f.name, "failed": len(f.failures), "smallest": failure(f.smallest, f.name)} for f in verdict.faults
        ],
        "diagnosis": [
            {"name": d.name, "kind": d.kind, "scale": d.scale, "score": round(d.score, 4)}
            for d in verdict.diagnosis.likely[:MOST_LIKELY]
        ],
        "conforms_under": dict(verdict.diagnosis.conforms_under),
        "agreement": [
            {
                "scale": a.scale,
                "matrix": a.matrix.tolist(),
                "kappa": a.kappa,
                "missed": a.missed,
                "needless": a.needless,
            }
            for a in verdict.agreements
        ],
        "effect": None if verdict.effect is None else _effect_object(verdict.effect),
        "coverage": {
            "left_out": dict(verdict.coverage.left_out),
            "clauses": dict(verdict.coverage.clauses),
            "fields": dict(verdict.coverage.fields),
        },
        "note": PURPOSE,
    }


def failure(j: Judged, clause: str) -> dict[str, Any]:
    """One failure as an object."""
    expected: Any = "refused"
    if j.case.expected is not None:
        expected = [g.grade if g.grade is not None else [g.floor, g.ceiling] for g in j.case.expected]
    return {
        "id": j.case.id,
        "scale": j.case.scale,
        "clause": clause,
        "status": j.status,
        "expected": expected,
        "got": j.got,
        "why": j.case.why,
        "case": j.case.raw,
    }


def clauses_of(verdict: Verdict) -> Sequence[ClauseTally]:
    """The clauses with how many cases stood on them, and failed, most suspected first."""
    there = {c.id for s in verdict.suite.scales for c in verdict.guideline.scale(s).clauses}
    return [t for t in verdict.diagnosis.clauses or tallies(verdict.judged) if t.id in there]


def _effect_object(effect: Effect) -> dict[str, Any]:
    return {
        "patients": effect.patients,
        "trials": list(effect.trials),
        "scales": [
            {
                "scale": s.scale,
                "ill": s.ill,
                "too_low": s.too_low,
                "too_high": s.too_high,
                "no_grade": s.no_grade,
                "not_asked": s.not_asked,
                "missed": {name: {"missed": n, "due": due} for name, (n, due) in s.missed.items()},
            }
            for s in effect.scales
        ],
    }
