"""The outcome of a run as text for a terminal and as JSON."""

import dataclasses
import textwrap
from typing import Any

from tabulate import tabulate

from harness.cohort.fault_report import FAULT_HEADS, FAULT_NOTE, fault_objects, fault_rows
from harness.cohort.ledger import LedgerRow
from harness.cohort.mix_report import mix_words, whole_mix
from harness.cohort.run import Golden, Outcome
from harness.scenarios.loader import Scenario

NOT_FOR_TREATING = "For testing and teaching. Not for treating patients."
FEW_PATIENTS = 500
_NOTE_WIDTH = 105
TOO_FEW = (
    f"With fewer than {FEW_PATIENTS} patients a trial the tolerance is so wide that Table 1 can hardly be missed; "
    "take --patients 20000 to judge by it."
)
NOT_THE_TRUTH = (
    "With charting faults the chart is not what happened, and Table 1 may be missed for that alone; "
    'ledger = "shown" in the scenario only compares.'
)
WORDS = {
    "crs_any": "any CRS",
    "crs_g3plus": "CRS grade ≥ 3",
    "crs_onset_median_days": "median CRS onset",
    "neurotox_any": "any neurotoxicity",
    "neurotox_g3plus": "neurotoxicity grade ≥ 3",
    "neutropenia_g3plus": "neutropenia grade ≥ 3",
    "thrombocytopenia_g3plus": "thrombocytopenia grade ≥ 3",
    "anemia_g3plus": "anemia grade ≥ 3",
    "cytopenia_g3plus_unresolved": "cytopenia grade ≥ 3",
    "neutropenia_g3plus_unresolved": "neutropenia grade ≥ 3",
    "thrombocytopenia_g3plus_unresolved": "thrombocytopenia grade ≥ 3",
    "infection_any": "any infection",
    "infection_g3plus": "infection grade ≥ 3",
    "other_neurotox_any": "any other neurotoxicity",
    "other_neurotox_g3plus": "other neurotoxicity grade ≥ 3",
}


def verdict(ok: bool | None) -> str:
    """A verdict in a word."""
    return "shown" if ok is None else "ok" if ok else "FAILS"


def words(row: LedgerRow) -> str:
    """A quantity in words, with the day by which it has not resolved."""
    return WORDS[row.quantity] + (f", day {row.by_day}" if row.by_day is not None else "")


def shown(row: LedgerRow, value: float | None) -> str:
    """A number of the ledger: a percentage, or days.

    >>> from harness.cohort.ledger import LedgerRow
    >>> row = LedgerRow("T", "P", "crs_any", "Lee", 0.93, 0.931, 0.92, 0.94, 0.01, 0.931, True)
    >>> shown(row, row.simulated)
    '93.1 %'
    """
    if value is None:
        return "–"
    return f"{value:.2f} d" if row.quantity == "crs_onset_median_days" else f"{100 * value:.1f} %"


def _interval(row: LedgerRow) -> str:
    if row.low is None or row.high is None:
        return "–"
    scale, digits = (1, 2) if row.quantity == "crs_onset_median_days" else (100, 1)
    return f"{scale * row.low:.{digits}f}–{scale * row.high:.{digits}f}"


def ledger_table(rows: tuple[LedgerRow, ...]) -> list[list[str]]:
    """The ledger as rows of text, each trial named once."""
    names = [row.trial for row in rows]
    return [
        [
            row.trial if i == 0 or names[i - 1] != row.trial else "",
            words(row),
            row.graded_by,
            shown(row, row.target),
            shown(row, row.simulated),
            _interval(row),
            shown(row, row.ceiling),
            f"± {shown(row, row.tolerance)}",
            verdict(row.ok),
        ]
        for i, row in enumerate(rows)
    ]


INVARIANT_HEADS = ["invariant", "checks", "failed", "verdict", "first failure"]
LEDGER_HEADS = [
    "trial",
    "quantity",
    "graded by",
    "Table 1",
    "simulated",
    "95 % interval",
    "at most",
    "tolerance",
    "verdict",
]


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
    return (
        f"The trials were graded with the scales named; {here}. Cytopenias, infections and neurotoxicity other than "
        "ICANS are graded by CTCAE 5 from a daily chart until day 100."
    )


def text_report(outcome: Outcome) -> str:
    """The whole report as text."""
    plan = outcome.plan
    parts = [
        f"{plan.scenario.title}: {plan.how_many}, seed {plan.seed}, graded by {plan.guideline}",
        tabulate(ledger_table(outcome.ledger), LEDGER_HEADS, tablefmt="simple"),
        textwrap.fill(
            "Shares and medians are read from the floors of the grades; 'at most' is what the ceilings give: "
            "neurological ceilings reach 4 wherever a round between two neurological rounds charts nothing of it. "
            + scales_note(plan.scenario),
            _NOTE_WIDTH,
        ),
        *([mix_words(outcome)] if plan.scenario.mix else []),
        *faults_text(outcome),
        "Golden cases\n" + golden_text(outcome),
        *[f"  {failure}" for failure in outcome.golden.failures[:20]],
        "Invariants\n" + tabulate(invariant_table(outcome), INVARIANT_HEADS, disable_numparse=True),
        summary_line(outcome),
        *([NOT_THE_TRUTH] if plan.scenario.ledger == "held" and not plan.scenario.how_charted.complete else []),
        *([TOO_FEW] if outcome.ledger and plan.fewest < FEW_PATIENTS else []),
        NOT_FOR_TREATING,
    ]
    return "\n\n".join(parts)


def faults_text(outcome: Outcome) -> list[str]:
    """What charting faults did to the grades; nothing without any."""
    rows = fault_rows(outcome)
    if not rows:
        return []
    table = tabulate(rows, FAULT_HEADS, disable_numparse=True, colalign=("left",) * 3 + ("right",) * 4 + ("left",))
    return [f"Charting faults\n{table}", textwrap.fill(FAULT_NOTE, _NOTE_WIDTH)]


def summary_line(outcome: Outcome) -> str:
    """One line that says whether everything holds, and what does not."""
    rows = [r for r in outcome.ledger if r.ok is not None]
    broken = [f"{r.trial} {words(r)}" for r in rows if not r.ok]
    failed = [name for name, t in outcome.tally.tested.items() if t.failed]
    golden = outcome.golden
    if outcome.ok:
        held = f"{len(rows)} numbers of Table 1" if rows else "Table 1 is only shown"
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
        "seed": plan.seed,
        "guideline": plan.guideline,
        "patients": plan.patients,
        "ledger": [dataclasses.asdict(row) for row in outcome.ledger],
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
