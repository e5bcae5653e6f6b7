"""How the patients of a run are cared for, and which table they are held against, in words."""

from collections.abc import Iterator

from harness.patients.prophylaxis import Arm, row
from harness.scenarios.loader import Scenario
from harness.scenarios.policy_file import source_of
from harness.scenarios.policy_words import differences

WIDTH = 105


def table_of(scenario: Scenario) -> str:
    """The table of the review that the patients are held against."""
    return "Table 4" if scenario.arms else "Table 1"


def policy_told(scenario: Scenario) -> list[str]:
    """How the patients are cared for, unless it is standard care; and how one of them is replayed."""
    policy = scenario.policy
    if policy.is_standard:
        return []
    how = f"Cared for by policy {policy.name}: {policy.title}. The table is that of standard care, so it is only shown."
    again = f"cartox replay ADDRESS --policy {source_of(policy)} prints one of these patients."
    assumed = [f"Assumed ({a.confidence}): {a.text} Source: {a.source}" for a in policy.assumed]
    differs = f"What differs from standard care: {'; '.join(differences(policy))}."
    return [f"{how} {again}", differs, *assumed]


def arms_told(scenario: Scenario) -> list[str]:
    """What is known of the arms of a scenario, and what was assumed of them; one paragraph an arm."""
    found = {side.arm.policy: side.arm for name in scenario.trial_names if (side := row(name)).arm}
    return [" ".join(_arm_told(arm)) for arm in found.values()]


def _arm_told(arm: Arm) -> Iterator[str]:
    yield f"{arm.name}: {arm.comment}"
    yield from (f"{note.text} ({note.id})" for note in arm.note)
    for word, side in (("treated", arm.treated), ("comparator", arm.comparator)):
        if side and side.assumed:
            shares = side.assumed.model_dump(exclude={"source", "confidence"}, exclude_none=True)
            told = ", ".join(f"{name.replace('_', ' ')} {100 * share:g} %" for name, share in shares.items())
            told = told.replace("crs", "CRS").replace("g3plus", "grade ≥ 3")
            yield f"Not printed of the {word}: {told}, {side.assumed.source} ({side.assumed.confidence})."
