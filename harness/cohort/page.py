"""The outcome of a run as one HTML page that needs nothing but itself."""

from importlib import resources

from jinja2 import Environment

from cartox_core import Guideline
from harness.cohort.care_words import policy_told, table_of
from harness.cohort.example import Example
from harness.cohort.fault_report import FAULT_HEADS, FAULT_NOTE, ONSET_HEADS, ONSET_NOTE, fault_rows, onset_rows
from harness.cohort.figures import course_chart, grade_bars, onset_curve
from harness.cohort.gallery import gallery
from harness.cohort.intervals import median_interval
from harness.cohort.ledger_table import ledger_heads, ledger_table
from harness.cohort.mix_report import mix_words
from harness.cohort.report import (
    CHECKS_ARE_NOT_CHARTS,
    NOT_FOR_TREATING,
    all_arms_told,
    golden_table,
    invariant_table,
    scales_note,
    summary_line,
)
from harness.cohort.run import Outcome
from harness.patients.prophylaxis import row
from harness.patients.trials import trial, trials


def html_report(outcome: Outcome, guideline: Guideline) -> str:
    """The whole page."""
    text = (resources.files("harness.cohort") / "page.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(text).render(
        plan=outcome.plan,
        ok=outcome.ok,
        summary=summary_line(outcome),
        not_charts=CHECKS_ARE_NOT_CHARTS,
        note=NOT_FOR_TREATING,
        scales_note=scales_note(outcome.plan.scenario),
        guideline=guideline,
        ledger_heads=ledger_heads(outcome.ledger),
        table=table_of(outcome.plan.scenario),
        arms=all_arms_told(outcome),
        policy=policy_told(outcome.plan.scenario),
        ledger=ledger_table(outcome.ledger),
        notes=[(name, trial(name).note) for name in outcome.tally.trials if name in trials() and trial(name).note],
        mix=mix_words(outcome),
        fault_heads=FAULT_HEADS,
        faults=fault_rows(outcome),
        fault_note=FAULT_NOTE,
        fault_onset_heads=ONSET_HEADS,
        fault_onsets=onset_rows(outcome),
        fault_onset_note=ONSET_NOTE,
        golden=golden_table(outcome.golden),
        failures=[str(f) for f in outcome.golden.failures],
        invariants=invariant_table(outcome),
        onset=_onset(outcome),
        bars=[
            _bars(outcome, scale, title) for scale, title in (("crs", "Peak CRS grade"), ("icans", "Peak ICANS grade"))
        ],
        gallery=[(kind, course_chart(e), _told(e)) for kind, e in gallery(outcome.plan, guideline)],
    )


def _onset(outcome: Outcome) -> list[str]:
    """A curve for each trial; Table 4 prints no onset."""
    curves = []
    for name, counts in outcome.tally.trials.items():
        if row(name).arm is not None:
            continue
        found = median_interval(counts.onset_min["crs"])
        median = None if found is None else found[0] / 1440
        curves.append(onset_curve(name, counts.onset_min["crs"], row(name).trial.crs.onset_median_days.value, median))
    return curves


def _bars(outcome: Outcome, scale: str, title: str) -> str:
    return grade_bars(title, [(name, counts.peak_floors[scale]) for name, counts in outcome.tally.trials.items()])


def _told(example: Example) -> str:
    crs, icans = (example.summaries[name][0] for name in ("crs", "icans"))
    age = example.case["patient"]["age_years"]
    return f"{example.address} · {age:g} years · peak CRS {crs.peak}, peak ICANS {icans.peak}"
