"""A change of a guideline: told exactly and on patients, beside a script that samples charts and grades one by one."""

import itertools
import random
import time
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.measure import best_seconds
from cartox_core import Observation, Patient, Scale, grade, grade_course, guideline_ids, load, read_case
from cartox_core.fields import Value
from cartox_core.observation import PATIENT, READABLE
from harness.charts import values_of
from harness.cohort.block import Block, simulate_block
from harness.cohort.workers import worker_pool
from harness.compare.exact import difference
from harness.compare.guidelines import scale_pairs
from harness.compare.population import Sides, of_blocks
from harness.compare.region import Region
from harness.patients.told import case_of
from harness.scenarios.loader import load_scenario

OLD, NEW, SCALE = "astct-2019", "lee-2014", "crs"
SIDES = Sides(OLD, (), NEW, (), ((SCALE, SCALE),))
TRIAL, BLOCK_PATIENTS = "ZUMA-1", 2500
_ALONE = 40  # patients graded one by one
Figures = dict[str, Any]


def measure_change(patients: int, charts: int, repeats: int) -> Figures:
    """Seconds of the exact difference and of so many sampled charts, and patients a second under both guidelines."""
    old, new = load(OLD).scale(SCALE), load(NEW).scale(SCALE)
    blocks = [
        Block(load_scenario("zuma-1"), TRIAL, 1, first, min(BLOCK_PATIENTS, patients - first))
        for first in range(0, patients, BLOCK_PATIENTS)
    ]
    people, log, chart, _ = simulate_block(Block(load_scenario("zuma-1"), TRIAL, 1, 0, _ALONE), full=True)
    cases = [read_case(case_of(people, log, chart, place)) for place in range(_ALONE)]
    seconds = best_seconds(
        {
            "exact": lambda: difference(old, new),
            "sampled": lambda: sampled(old, new, charts),
            "alone": lambda: [
                grade_course(c.observations, c.treatments, form, c.patient) for c in cases for form in (old, new)
            ],
        },
        repeats,
    )
    with worker_pool(2) as pool:
        of_blocks("warm", blocks[:2], SIDES, pool, 4, lambda _: None)
        start = time.perf_counter()
        of_blocks("patients", blocks, SIDES, pool, 4, lambda _: None)
        under_both = time.perf_counter() - start
    rules = difference(old, new).rules
    return {
        "exact_s": seconds["exact"],
        "slowest_exact_s": max(_every_pair()),
        "rules": len(rules),
        "sampled_s": seconds["sampled"],
        "sampled_charts": charts,
        "sampled_rules": len(sampled(old, new, charts)),
        "patients": patients,
        "under_both_s": under_both,
        "under_both_patients_per_s": patients / under_both,
        "alone_patients_per_s": _ALONE / seconds["alone"],
    }


def sampled(old: Scale, new: Scale, charts: int) -> set[int]:
    """The rules of the difference that some of so many random charts shows; each field at or beside a threshold."""
    rng = random.Random(1)
    values = {name: list(_values(name, old, new)) for name in dict.fromkeys((*old.fields, *new.fields))}
    rules = difference(old, new).rules
    found = set()
    for _ in range(charts):
        drawn = {name: rng.choice(some) for name, some in values.items()}
        who = Patient(**{k: v for k, v in drawn.items() if k in PATIENT})  # type: ignore[arg-type]
        told = Observation(time_h=48.0, **{k: v for k, v in drawn.items() if k not in PATIENT})  # type: ignore[arg-type]
        if grade(told, old, who) != grade(told, new, who):
            found |= {i for i, rule in enumerate(rules) if _lies_in(drawn, rule.where)}
    return found


def _values(name: str, old: Scale, new: Scale) -> Iterator[Value]:
    field = READABLE[name]
    tests = [c.when[name] for form in (old, new) for c in form.clauses if name in c.when]
    for value in values_of(field, tests):
        if field.fault(value) is None:
            yield int(value) if field.kind == "integer" else value


def _lies_in(drawn: Mapping[str, Value], region: Region) -> bool:
    return all(any(test.holds(drawn[name]) for test in tests) for name, tests in region)


def _every_pair() -> Iterator[float]:
    """Seconds of the difference of every two shipped guidelines, all their scales of one name."""
    for one, other in itertools.permutations(guideline_ids(), 2):
        old, new = load(one), load(other)
        both = [name for name in old.scales if name in new.scales]
        start = time.perf_counter()
        for a, b in scale_pairs(old, new, both) if both else ():
            difference(old.scale(a), new.scale(b))
        yield time.perf_counter() - start
