"""What policies of care and a ward cost: each policy beside standard care, and a year of a ward."""

import dataclasses
from typing import Any

from benchmarks.measure import Work, best_seconds
from benchmarks.rows import GUIDELINE
from harness.cohort.block import Block, grade_block
from harness.scenarios.loader import load_scenario
from harness.scenarios.policy_file import load_policy, policy_names
from harness.ward.replication import replicate

STANDARD, WARD = "standard", "ward-surge"
Figures = dict[str, Any]


def measure_care(patients: int, ward_patients: int, repeats: int) -> Figures:
    """Times of the plain run that the slowest policy takes, and seconds of one ward with its comparison, one worker."""
    scenario, surge = load_scenario("zuma-1"), load_scenario(WARD)
    assert surge.ward is not None
    spec = surge.ward.model_copy(update={"patients": ward_patients})
    plain = Block(scenario, "ZUMA-1", 1, 0, patients)
    blocks = {name: dataclasses.replace(plain, scenario=scenario.under(load_policy(name))) for name in policy_names()}
    seconds = best_seconds({name: _grading(block) for name, block in blocks.items()}, repeats)
    slowest = max(seconds, key=seconds.__getitem__)
    ward = best_seconds({WARD: lambda: replicate(surge, spec, 1, GUIDELINE)}, repeats)
    return {
        "slowest_policy": slowest,
        "slowest_policy_times": seconds[slowest] / seconds[STANDARD],
        "policies": len(blocks),
        "ward_s": ward[WARD],
        "ward_patients": ward_patients,
    }


def _grading(block: Block) -> Work:
    return lambda: grade_block(block, GUIDELINE)
