"""Courses: an episode that opens, is masked, goes on, resolves and comes again; and what is charted around it."""

from collections.abc import Iterator
from typing import Any

from cartox_core import Guideline, Scale
from cartox_core.observation import MASKING_DRUGS, PATIENT
from harness.charts import Chart, chart, observed
from harness.verify.case import SuiteCase
from harness.verify.suite.doses import doses
from harness.verify.suite.right import right

Told = tuple[str, str, list[tuple[float, Chart]], list[dict[str, Any]]]


def courses(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    """Courses of a scale, with the patient an adult, or a child where the chart is one of a child."""
    told = _episodes(scale) if scale.episode is not None else ()
    for name, why, rows, given in [*told, *_steps(scale), *doses(scale)]:
        patient = {k: v for k, v in rows[0][1].items() if k in PATIENT and v is not None}
        raw = {"patient": patient, "observations": [observed(c, t) for t, c in rows], "treatments": given}
        yield right(f"course/{name}", why, raw, guideline, scale.name)


def _dose(drug: str, time_h: float) -> dict[str, Any]:
    return {"time_h": time_h, "drug": drug}


def _state_free(found: Chart, scale: Scale) -> Chart:
    assert scale.episode is not None
    return {k: v for k, v in found.items() if k not in (scale.episode.opened, scale.episode.masked)}


def _episodes(scale: Scale) -> Iterator[Told]:
    """What an episode does, shown with each sign of the scale."""
    assert scale.episode is not None
    opening, quiet = chart(scale, scale.gate[0].when), chart(scale)
    assert opening is not None and quiet is not None
    fever, well = _state_free(opening, scale), _state_free(quiet, scale)
    unknown: Chart = {}
    drug = _dose("tocilizumab", 26.0)
    signs = [(c.id, c.text, _state_free(found, scale)) for c, found in _signs(scale)]
    for clause, text, sign in signs:
        yield f"masked/{clause}", f"{text}, after the fever and tocilizumab", [(24, fever), (28, sign)], [drug]
        yield f"unmasked/{clause}", f"{text}, after a fever that went by itself", [(24, fever), (28, sign)], []
        yield f"first/{clause}", f"{text}, before the first fever", [(20, sign), (24, fever), (28, well)], []
        yield f"never/{clause}", f"{text}, without any fever", [(20, sign), (24, well), (28, sign)], []
        yield (
            f"persists/{clause}", f"{text}, day after day without a fever",
            [(24, fever), *((24 + 12 * i, sign) for i in range(1, 5))], [drug],
        )  # fmt: skip
    sign = max(signs, key=lambda s: s[0])[2]
    for gap in (23, 23.98, 24, 24.02, 48):
        back = (24 + gap, sign)
        yield f"gap/{gap:g}h", f"{gap:g} h after the last sign, with nothing charted between", [(24, fever), back], []
        yield f"well/{gap:g}h", f"{gap:g} h after the last sign, well between", [(24, fever), (36, well), back], []
        yield (
            f"unsure/{gap:g}h",
            f"{gap:g} h after a sign, unknown between",
            [(24, fever), (36, unknown), back],
            [],
        )
        yield (
            f"slow/{gap:g}h", f"a sign in between, then {gap:g} h of quiet",
            [(24, fever), (40, sign), (44, well), (40 + gap, well), (44 + gap, sign)], [],
        )  # fmt: skip
    yield "again", "a second episode after the first has resolved", [
        (24, fever), (28, sign), (36, well), (60, well), (64, sign), (70, fever), (74, sign)
    ], []  # fmt: skip
    yield "infusion", "a fever before the infusion opens nothing", [(-4, fever), (2, sign), (6, well)], []
    yield "zero", "a fever at the infusion opens an episode", [(0, fever), (4, sign)], []
    yield "unknown-fever", "the temperature was not charted", [(24, {**fever, "temp_c": None}), (28, sign)], []
    yield "unknown-all", "a round with nothing charted", [(24, fever), (28, unknown), (32, sign)], []
    for name in [c for c in scale.gate[0].when if c.endswith("_other_cause")]:
        yield f"{name}", "a fever of another cause opens nothing", [(24, {**fever, name: True}), (28, sign)], []
    for masking in sorted(MASKING_DRUGS):
        yield f"drug/{masking}", f"{masking} between", [(24, fever), (28, sign)], [_dose(masking, 26.0)]
    late = [_dose("dexamethasone", 40.0), drug, _dose("acetaminophen", 1.0)]
    yield "drugs", "treatments out of order", [(24, fever), (28, sign), (32, well), (36, sign)], late


def _signs(scale: Scale) -> Iterator[tuple[Any, Chart]]:
    assert scale.episode is not None
    for domain in scale.domains:
        for clause in domain.clauses if domain.name != scale.episode.fever else ():
            found = chart(scale, clause.when)
            if clause.grade and found is not None:
                yield clause, found


def _steps(scale: Scale) -> Iterator[Told]:
    """Every clause between two quiet rounds, and the worst of them followed by rounds with less charted."""
    for domain in scale.domains:
        for clause in domain.clauses:
            found, well = chart(scale, clause.when), chart(scale)
            if not clause.grade or found is None or well is None:
                continue
            opened = scale.episode.opened if scale.episode else ""
            found, well = ({k: v for k, v in c.items() if k != opened} for c in (found, well))
            if "age_years" in found:
                well = {**well, "age_years": found["age_years"]}
                if float(found["age_years"] or 18) < 12:
                    well = {k: v for k, v in well.items() if k != "ice"}
            yield f"step/{clause.id}", f"{clause.text}, then well", [(24, well), (30, found), (36, well), (42, {})], []
