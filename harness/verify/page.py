"""A verdict as one HTML page that needs nothing but itself."""

import math
from importlib import resources
from typing import Any

from jinja2 import Environment

from harness.verify.agreement import Agreement
from harness.verify.faults import Fault
from harness.verify.judge import Judged
from harness.verify.report import (
    PURPOSE,
    STATUS_WORDS,
    about,
    cases_fail,
    clauses_of,
    command,
    effect_text,
    headline,
    likely_shown,
)
from harness.verify.verdict import Verdict
from harness.verify.words import in_words

MOST_FAILURES = 400


def html_report(verdict: Verdict) -> str:
    """The whole page."""
    text = (resources.files("harness.verify") / "page.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    failures = verdict.failures
    return environment.from_string(text).render(
        verdict=verdict,
        headline=headline(verdict),
        about=about(verdict),
        note=PURPOSE,
        faults=[_fault(verdict, f) for f in verdict.faults],
        counts=[(STATUS_WORDS.get(k, k), n, k == "agree") for k, n in verdict.counts.items()],
        total=max(1, len(verdict.judged)),
        matrices=[_matrix(a) for a in verdict.agreements if a.matrix.any()],
        effect=effect_text(verdict.effect).splitlines() if verdict.effect else [],
        bars=_bars(verdict),
        clauses=clauses_of(verdict),
        texts=_clause_texts(verdict),
        likely=likely_shown(verdict),
        failures=[_failure(verdict, j) for j in failures[:MOST_FAILURES]],
        more=max(0, len(failures) - MOST_FAILURES),
        log=verdict.examined.log.strip()[-4000:],
    )


def _clause_texts(verdict: Verdict) -> dict[str, str]:
    return {c.id: c.text for s in verdict.suite.scales for c in verdict.guideline.scale(s).clauses}


def _fault(verdict: Verdict, fault: Fault) -> dict[str, Any]:
    return {
        "name": fault.name,
        "text": _clause_texts(verdict).get(fault.name, ""),
        "count": cases_fail(len(fault.failures)),
        "missed": fault.missed,
        **_failure(verdict, fault.smallest),
    }


def _failure(verdict: Verdict, j: Judged) -> dict[str, Any]:
    return {
        "id": j.case.id,
        "scale": j.case.scale,
        "words": in_words(j.case, verdict.guideline.scale(j.case.scale)),
        "why": j.case.why,
        "expected": j.expected,
        "got": j.got,
        "status": STATUS_WORDS.get(j.status, j.status),
        "command": command(verdict, j),
    }


def _matrix(found: Agreement) -> dict[str, Any]:
    """The confusion matrix with a shade for each cell, deeper for more."""
    most = max(1, int(found.matrix.max()))
    rows = []
    for right, counts in enumerate(found.matrix.tolist()):
        cells = []
        for got, n in enumerate(counts):
            shade = round(0.12 + 0.5 * math.log1p(n) / math.log1p(most), 2) if n else 0.0
            kind = "same" if got == right else "low" if got < right else "high"
            cells.append((n, kind if n else "", shade))
        rows.append((right, cells))
    kappa = "not defined" if found.kappa is None else f"{found.kappa:.3f}"
    return {"scale": found.scale, "rows": rows, "kappa": kappa, "missed": found.missed, "needless": found.needless}


def _bars(verdict: Verdict) -> list[dict[str, Any]]:
    """For each scale the shares of ill patients graded too low, right and too high, in per cent."""
    bars = []
    for s in verdict.effect.scales if verdict.effect else ():
        if s.ill:
            low, high, none = (100 * n / s.ill for n in (s.too_low, s.too_high, s.no_grade))
            bars.append({"scale": s.scale, "low": low, "high": high, "none": none, "right": 100 - low - high - none})
    return bars
