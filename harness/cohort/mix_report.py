"""A mix of trials as one center sees it: the patients of all its trials together."""

from harness.cohort.run import Outcome

WORDS = {"crs": "CRS", "icans": "ICANS"}


def whole_mix(outcome: Outcome) -> dict[str, int]:
    """How many patients there are in all, and with any grade and grade 3 or more by the floors; empty without a mix."""
    if not outcome.plan.scenario.mix:
        return {}
    parts = outcome.tally.trials.values()
    counts = {"patients": sum(part.patients for part in parts)}
    for scale in WORDS:
        counts[f"{scale}_any"] = sum(part.reached(scale, 1) for part in parts)
        counts[f"{scale}_g3plus"] = sum(part.reached(scale, 3) for part in parts)
    return counts


def mix_words(outcome: Outcome) -> str:
    """The same in a sentence; empty without a mix."""
    found = whole_mix(outcome)
    if not found:
        return ""
    told = [
        f"{words} {100 * found[f'{scale}_any'] / found['patients']:.1f} % "
        f"(grade 3 or more {100 * found[f'{scale}_g3plus'] / found['patients']:.1f} %)"
        for scale, words in WORDS.items()
    ]
    return f"All {found['patients']:,} patients of the center together: {', '.join(told)}."
