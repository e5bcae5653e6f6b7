"""The outcome of a run as text for a terminal and as JSON."""

import dataclasses
import textwrap
from typing import Any

from tabulate import tabulate

from harness.cohort.care_words import WIDTH, arms_told, policy_told, table_of
from harness.cohort.fault_report import (
    FAULT_HEADS,
    FAULT_NOTE,
    ONSET_HEADS,
    ONSET_NOTE,
    fault_objects,
    fault_rows,
    onset_rows,
)
from harness.cohort.first_dose import before_first_dose
from harness.cohort.ledger_table import ledger_text, verdict, words
from harness.cohort.mix_report import mix_words, whole_mix
from harness.cohort.run import Golden, Outcome
from harness.scenarios.loader import Scenario
from harness.text_table import table

NOT_FOR_TREATING = "For testing and teaching. Not for treating patients."
FEW_PATIENTS = 500
TOO_FEW = (
    f"With fewer than {FEW_PATIENTS} patients a trial the tolerance is so wide that Table 1 can hardly be missed; "
    "take --patients 20000 to judge by it."
)
NOT_THE_TRUTH = (
    "With charting faults the chart is not what happened, and Table 1 may be missed for that alone; "
    'ledger = "shown" in the scenario only compares.'
)
CHECKS_ARE_NOT_CHARTS = (
    "That the checks hold says that the program did what was asked; what the charting faults do to grades stands above."
)
INPUT = (
    "The printed numbers are the model's input: that they come out shows that it is true to them, not that it predicts."
)
INVARIANT_HEADS = ["invariant", "checks", "failed", "verdict", "first failure"]


def golden_table(golden: Golden) -> list[list[str]]:
    """Golden cases by scale, and how many came out otherwise."""
    failed = {f.case.id for f in golden.failures}
    groups: dict[str, list[bool]] = {}
    for case in golden.cases:
        name = "refusals" if case.refused else case.scale
        groups.setdefault(name, []).append(case.id in failed)
    return [[name, str(len(found)), str(sum(found)), verdict(not any(found))] for name, found in groups.items()]


def golden_text(outcome: Outcome) -> str:
    """The golden cases as text, or that there are none for this guideline."""
    if not outcome.golden.cases:
        return f"NOT CHECKED: no golden case is about {outcome.plan.guideline}, so nobody vouches for its grades."
    return str(tabulate(golden_table(outcome.golden), ["scale", "cases", "failed", "verdict"]))


def invariant_table(outcome: Outcome) -> list[list[str]]:
    """Invariants, how many checks each made, how many failed and where first."""
    return [
        [name, f"{t.checked:,}", f"{t.failed:,}", verdict(None if not t.checked else not t.failed), t.first]
        for name, t in outcome.tally.tested.items()
    ]


def scales_note(scenario: Scenario) -> str:
    """By which scales the patients of a ledger are graded."""
    here = (
        "here each is, too" if scenario.people.own_scale else "here CRS and neurotoxicity are graded by one guideline"
    )
    if scenario.arms:
        return (
            f"The studies were graded with the scales named; {here}. Treated and comparator are the same persons; the "
            f"interval beside the printed share is that of a study of 40 patients or fewer. {INPUT}"
        )
    return (
        f"The trials were graded with the scales named; {here}. Cytopenias, infections and neurotoxicity other than "
        f"ICANS are graded by CTCAE 5 from a daily chart until day 100. {INPUT}"
    )


def all_arms_told(outcome: Outcome) -> list[str]:
    """What is known and assumed of the arms of a run, and when CRS begins beside their first doses."""
    return [*arms_told(outcome.plan.scenario), *(before_first_dose(outcome) if outcome.plan.scenario.arms else [])]


def _too_few(outcome: Outcome) -> str:
    """That the number of patients is small; empty where it is not."""
    few = outcome.ledger and outcome.plan.fewest < FEW_PATIENTS
    return TOO_FEW.replace("Table 1", table_of(outcome.plan.scenario)) if few else ""


def text_report(outcome: Outcome) -> str:
    """The whole report as text."""
    plan = outcome.plan
    parts = [
        f"{plan.scenario.title}: {plan.how_many}, seed {plan.seed}, graded by {plan.guideline}",
        *(textwrap.fill(part, WIDTH) for part in policy_told(plan.scenario)),
        *faults_text(outcome),
        ledger_text(outcome.ledger),
        textwrap.fill(
            "Shares and medians are read from the floors of the grades; 'at most' is what the ceilings give: "
            "neurological ceilings reach 4 wherever a round between two neurological rounds charts nothing of it. "
            + scales_note(plan.scenario),
            WIDTH,
        ),
        "\n".join(textwrap.fill(told, WIDTH, subsequent_indent="  ") for told in all_arms_told(outcome)),
        *([mix_words(outcome)] if plan.scenario.mix else []),
        "Golden cases\n" + golden_text(outcome),
        *[f"  {failure}" for failure in outcome.golden.failures[:20]],
        "Invariants\n" + tabulate(invariant_table(outcome), INVARIANT_HEADS, disable_numparse=True),
        summary_line(outcome),
        *([CHECKS_ARE_NOT_CHARTS] if outcome.ok and outcome.tally.faults else []),
        *([NOT_THE_TRUTH] if plan.scenario.is_held and not plan.scenario.how_charted.complete else []),
        _too_few(outcome),
        NOT_FOR_TREATING,
    ]
    return "\n\n".join(part for part in parts if part)


def faults_text(outcome: Outcome) -> list[str]:
    """What charting faults did to the grades; nothing without any."""
    rows = fault_rows(outcome)
    if not rows:
        return []
    told = [f"Charting faults\n{table(rows, FAULT_HEADS, 3, FAULT_HEADS[-1:])}", textwrap.fill(FAULT_NOTE, WIDTH)]
    if onsets := onset_rows(outcome):
        told += [table(onsets, ONSET_HEADS, 2), textwrap.fill(ONSET_NOTE, WIDTH)]
    return told


def summary_line(outcome: Outcome) -> str:
    """One line that says whether everything holds, and what does not."""
    rows = [r for r in outcome.ledger if r.ok is not None]
    broken = [" ".join(filter(None, [r.trial, r.arm, words(r)])) for r in rows if not r.ok]
    table = table_of(outcome.plan.scenario)
    failed = [name for name, t in outcome.tally.tested.items() if t.failed]
    golden = outcome.golden
    if outcome.ok:
        held = f"{len(rows)} numbers of {table}" if rows else f"{table} is only shown"
        checks = sum(t.checked for t in outcome.tally.tested.values())
        told = f"{len(golden.cases)} golden cases" if golden.cases else "NO golden case"
        return f"All checks hold: {held}, {told}, {checks:,} checks of invariants."
    wrong = [*broken, *failed] + ([f"{len(golden.failures)} golden cases"] if golden.failures else [])
    return f"CHECKS FAIL: {'; '.join(wrong)}"


def json_report(outcome: Outcome) -> dict[str, Any]:
    """The outcome as the JSON that programs read."""
    plan = outcome.plan
    return {
        "scenario": plan.scenario.name,
        "policy": plan.scenario.policy.name,
        "seed": plan.seed,
        "guideline": plan.guideline,
        "patients": plan.patients,
        "ledger": [dataclasses.asdict(row) for row in outcome.ledger],
        "arms": all_arms_told(outcome),
        "mix": whole_mix(outcome),
        "charting_faults": fault_objects(outcome),
        "golden": {
            "cases": len(outcome.golden.cases),
            "failed": len(outcome.golden.failures),
            "failures": [
                {"id": f.case.id, "expected": f.expected, "got": f.got, "why": f.case.why}
                for f in outcome.golden.failures
            ],
        },
        "invariants": [
            {"name": name, "checked": t.checked, "failed": t.failed, "first": t.first}
            for name, t in outcome.tally.tested.items()
        ],
        "ok": outcome.ok,
        "note": NOT_FOR_TREATING,
    }
