"""The STRESS-DES checklist of a ward (Monks 2019), filled in from the code and the scenario."""

import platform
import tomllib
from collections.abc import Sequence
from importlib import metadata, resources
from typing import Any

from harness.patients.illness import CRS_STEP_H, NEURO_STEP_H, RELIEF_LAG_H
from harness.patients.people import NEURO_ROUND_MIN, ROUND_MIN
from harness.scenarios.loader import Scenario
from harness.scenarios.ward_spec import WardSpec
from harness.scenarios.ward_words import at_hand, coming, counted
from harness.ward.measures import Measure

Item = tuple[str, str, str]  # section, item, and what is to be said


def checklist(scenario: Scenario, spec: WardSpec, found: Sequence[Measure], replications: int, seed: int) -> list[Item]:
    """Every item of the checklist for discrete-event simulations."""
    text = (resources.files("harness.ward") / "stress.toml").read_text(encoding="utf-8")
    values = {
        **_of_code(),
        **_of_scenario(scenario, spec),
        "measures": len(found),
        "groups": ", ".join(dict.fromkeys(measure.group for measure in found)),
        "replications": counted(replications, "replication"),
        "seed": seed,
        "last_seed": seed + replications - 1,
    }
    told = ((item["section"], item["item"], item["text"]) for item in tomllib.loads(text)["item"])
    return [(section, item, " ".join(said.format(**values).split())) for section, item, said in told]


def _of_code() -> dict[str, Any]:
    return {
        "crs_steps": ", ".join(f"{h:g}" for h in CRS_STEP_H),
        "neuro_steps": ", ".join(f"{h:g}" for h in NEURO_STEP_H),
        "relief_h": RELIEF_LAG_H,
        "round_h": ROUND_MIN / 60,
        "neuro_round_h": NEURO_ROUND_MIN / 60,
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        **{name: metadata.version(name) for name in ("simpy", "numpy", "cartox")},
    }


def _of_scenario(scenario: Scenario, spec: WardSpec) -> dict[str, Any]:
    mix = ", ".join(f"{name} {100 * share:g} %" for name, share in scenario.mix.items())
    return {
        "scenario": scenario.name,
        "text": scenario.text,
        "policy": scenario.policy.name,
        "policy_text": scenario.policy.text,
        "ward": spec,
        "coming": coming(spec),
        "at_hand": at_hand(spec),
        "weekdays": ", ".join(map(str, spec.weekdays)),
        "follow_up_days": scenario.follow_up_days,
        "cite": "; ".join(scenario.cite),
        "mix": mix or ", ".join(scenario.trial_names),
        "assumed": "; ".join(f"{a.text} ({a.confidence})" for a in scenario.policy.assumed)
        or "Nothing beside the policy.",
    }
