"""The ledger as rows of words: for a terminal, and for a page."""

import textwrap

from tabulate import tabulate

from harness.cohort.ledger import LedgerRow

WORDS = {
    "crs_any": "any CRS",
    "crs_g2": "CRS grade 2",
    "crs_g2plus": "CRS grade ≥ 2",
    "crs_g3plus": "CRS grade ≥ 3",
    "crs_onset_median_days": "median CRS onset",
    "neurotox_any": "any neurotoxicity",
    "neurotox_g2": "neurotoxicity grade 2",
    "neurotox_g2plus": "neurotoxicity grade ≥ 2",
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


def _interval(row: LedgerRow, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "–"
    scale, digits = (1, 2) if row.quantity == "crs_onset_median_days" else (100, 1)
    return f"{scale * low:.{digits}f}–{scale * high:.{digits}f}"


def _studied(row: LedgerRow) -> str:
    """The interval of a small study, and how many patients it had."""
    if row.study_low is None:
        return "–"
    return f"{_interval(row, row.study_low, row.study_high)} ({row.study_patients})"


def ledger_table(rows: tuple[LedgerRow, ...]) -> list[list[str]]:
    """The ledger as rows of text, each trial, or side of an arm, named once."""
    names = [(row.trial, row.arm) for row in rows]
    with_arms = any(row.arm for row in rows)
    return [
        [
            row.trial if i == 0 or names[i - 1][0] != row.trial else "",
            *([row.arm if i == 0 or names[i - 1] != names[i] else ""] if with_arms else []),
            words(row),
            row.graded_by,
            shown(row, row.target),
            *([_studied(row)] if with_arms else []),
            shown(row, row.simulated),
            _interval(row, row.low, row.high),
            shown(row, row.ceiling),
            f"± {shown(row, row.tolerance)}",
            verdict(row.ok),
        ]
        for i, row in enumerate(rows)
    ]


LEDGER_HEADS = [
    "trial",
    "quantity",
    "the trial's scale",
    "Table 1",
    "simulated",
    "95 % interval",
    "at most",
    "tolerance",
    "verdict",
]
ARM_HEADS = [
    "study",
    "arm",
    "quantity",
    "the study's scale",
    "Table 4",
    "its 95 % interval (patients)",
    *LEDGER_HEADS[4:],
]
_ARM_NAME_WIDTH = 32


def ledger_heads(rows: tuple[LedgerRow, ...]) -> list[str]:
    """The heads of the ledger."""
    return ARM_HEADS if any(row.arm for row in rows) else LEDGER_HEADS


def ledger_text(rows: tuple[LedgerRow, ...]) -> str:
    """The ledger as text; the long names of arms are broken into lines."""
    table = ledger_table(rows)
    if any(row.arm for row in rows):
        table = [[textwrap.fill(line[0], _ARM_NAME_WIDTH), *line[1:]] for line in table]
    return str(tabulate(table, ledger_heads(rows), tablefmt="simple"))
