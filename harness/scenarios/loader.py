"""Read scenario files: from the shelf by name, or from a path.

A scenario says which trials are simulated and what differs from standard care and charting. A misspelt key
is answered with the nearest right one.
"""

import dataclasses
import difflib
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from harness.patients.charting import Charting
from harness.patients.policy import Policy
from harness.patients.prophylaxis import arm_rows, arms
from harness.patients.strict import Strict
from harness.patients.trials import UnknownTrialError, trial, trials
from harness.scenarios.policy_file import load_policy
from harness.scenarios.shelf import Shelf
from harness.scenarios.told import told
from harness.scenarios.ward_spec import WardSpec

Share = Annotated[float, Field(ge=0, le=1)]
_SHARE_ROUNDING = 1e-6
CAUSES = (  # the charting faults in which something else is the cause of what is found
    "ice_while_intubated",
    "home_cpap",
    "second_infection",
    "prophylactic_antipyretics",
)


class ScenarioError(ValueError):
    """A scenario that does not exist or cannot be read."""


SHELF = Shelf(
    "scenario",
    resources.files("harness.scenarios"),
    "table1",
    ScenarioError,
    "cartox scenarios lists those on the shelf",
)


class PeopleSpec(Strict):
    """Who differs: ages (lowest, median, highest) in years, late neurotoxicity, and by which scale they are drawn.

    With ``own_scale`` each trial's own scale gives the printed numbers, else the guideline of the run does.
    """

    age_years: tuple[float, float, float] | None = Field(default=None, strict=False)
    late_neurotoxicity: bool = False
    own_scale: bool = False


class IllnessSpec(Strict):
    """How the illness shows: the share of rounds of a fever that are febrile."""

    febrile_share: Share = 0.8


class CareSpec(Strict):
    """What is given beside standard care: scheduled antipyretics from the first fever on."""

    antipyretic_every_h: Annotated[float, Field(ge=1, le=48)] | None = None

    @property
    def antipyretic_every_min(self) -> int | None:
        """The same in whole minutes."""
        return None if self.antipyretic_every_h is None else int(60 * self.antipyretic_every_h)


class ChartingSpec(Strict):
    """Charting faults, each a share of what :data:`~harness.patients.faults.FAULTS` says; and of causes charted."""

    missed_rounds: Share = 0.0
    unknown_fields: Share = 0.0
    late_entries: Share = 0.0
    fahrenheit: Share = 0.0
    crp_unit: Share = 0.0
    transposed_digits: Share = 0.0
    ice_while_intubated: Share = 0.0
    home_cpap: Share = 0.0
    baseline_ice: Share = 0.0
    second_infection: Share = 0.0
    prophylactic_antipyretics: Share = 0.0
    antipyretics_from_h: Annotated[float, Field(ge=0, lt=14 * 24)] = 0.0
    causes_charted: Share = 0.0


class Scenario(Strict):
    """What is run: trials of Table 1, or arms of Table 4 by their policies, each with its comparator.

    ``ledger`` is ``held`` when the table must come out, ``shown`` when it is only compared, as it always is under a
    ``policy`` other than standard care. ``mix`` are the shares of the trials among the patients of one center; without
    it each trial has as many.
    """

    name: str
    title: str
    text: str
    good_for: Annotated[str, Field(min_length=1)] | None = None
    cite: list[str]
    trials: list[str] = Field(default=[])
    arms: list[str] = Field(default=[])
    follow_up_days: Annotated[int, Field(ge=7, le=45)] = 30
    ledger: Literal["held", "shown"] = "held"
    mix: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(default={})
    people: PeopleSpec = PeopleSpec()
    illness: IllnessSpec = IllnessSpec()
    care: CareSpec = CareSpec()
    charting: ChartingSpec = ChartingSpec()
    ward: WardSpec | None = None
    policy: Policy = Field(default_factory=lambda: load_policy("standard"))

    @field_validator("policy", mode="before")
    @classmethod
    def _loaded(cls, policy: object, info: ValidationInfo) -> Policy:
        if not isinstance(policy, str):
            raise ValueError("write the name of a policy or its file, as in policy = 'early-tocilizumab'")  # noqa: TRY004
        return load_policy(policy, (info.context or {}).get("beside"))

    @property
    def trial_names(self) -> tuple[str, ...]:
        """The trials or sides of arms to simulate, once each, in the order of the table where all are meant."""
        if self.arms:
            wanted = tuple(arms()) if "*" in self.arms else self.arms
            return tuple(name for name, side in arm_rows().items() if side.arm and side.arm.policy in wanted)
        return tuple(trials()) if "*" in self.trials else tuple(self.trials)

    def under(self, policy: Policy) -> "Scenario":
        """The scenario with its patients cared for by a policy. Raises ScenarioError where arms have their own."""
        if self.arms:
            raise ScenarioError(
                f"scenario {self.name} has the arms of Table 4, each with its own policy; name one of trials, as zuma-1"
            )
        return self.model_copy(update={"policy": policy})

    @property
    def is_held(self) -> bool:
        """Whether the numbers of the table must come out."""
        return self.ledger == "held" and self.policy.is_standard

    @property
    def how_charted(self) -> Charting:
        """The charting that the scenario asks for; where the policy has no antipyretics, nobody takes them before."""
        found = Charting(**self.charting.model_dump())
        return found if self.policy.antipyretic else dataclasses.replace(found, prophylactic_antipyretics=0.0)

    def patients_of(self, patients: int) -> dict[str, int]:
        """How many patients of each trial: so many each, or in all where there is a mix (largest remainders).

        >>> load_scenario("zuma-1").patients_of(7)
        {'ZUMA-1': 7}
        """
        if not self.mix:
            return dict.fromkeys(self.trial_names, patients)
        wanted = {name: self.mix[name] * patients for name in self.trial_names}
        found = {name: int(exact) for name, exact in wanted.items()}
        by_remainder = sorted(wanted, key=lambda name: found[name] - wanted[name])
        for name in by_remainder[: patients - sum(found.values())]:
            found[name] += 1
        return found


def scenario_names() -> tuple[str, ...]:
    """The scenarios on the shelf, the default first.

    >>> scenario_names()[0]
    'table1'
    """
    return SHELF.names()


def load_scenario(source: str) -> Scenario:
    """The scenario of that name, or in that file. Raises ScenarioError.

    >>> load_scenario("zuma-1").trial_names
    ('ZUMA-1',)
    """
    return parse_scenario(*SHELF.text_and_name(source), file="" if source in scenario_names() else source)


def parse_scenario(text: str, name: str, file: str = "") -> Scenario:
    """The scenario that a TOML text describes. Raises ScenarioError, naming the key at fault and the file, if known.

    The file of its policy is looked for beside its own, then in the working directory.
    """
    where = f"scenario {file or name}"
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{where}: not TOML: {error}") from None
    try:
        if "name" in raw:
            raise ScenarioError(f"{where}: unknown key 'name'; a scenario is called by the name of its file")
        beside = Path(file).parent if file else None
        scenario = Scenario.model_validate({**raw, "name": name}, context={"beside": beside})
        for wanted in scenario.trials:
            if wanted != "*":
                trial(wanted)
    except ValidationError as error:
        raise ScenarioError(f"{where}: {'; '.join(told(e, Scenario) for e in error.errors())}") from None
    except UnknownTrialError as error:
        raise ScenarioError(f"{where}: {error}") from None
    if wrong := next(_wrong(scenario, "trials" in raw), None):
        raise ScenarioError(f"{where}: {wrong}")
    return scenario


def _wrong(scenario: Scenario, has_trials: bool) -> Iterator[str]:
    """What is wrong between the keys of a scenario, or with the names in it."""
    ages, charting = scenario.people.age_years, scenario.charting
    if ages and not 0 <= ages[0] <= ages[1] <= ages[2] <= 120:
        yield f"people.age_years is {list(ages)}; write lowest, median, highest"
    if not scenario.trials and not scenario.arms:
        yield "trials is []; name a trial, or arms of Table 4" if has_trials else "trials is missing"
    if scenario.trials and scenario.arms:
        yield "trials and arms are both there; name one of them"
    for key in ("trials", "arms"):
        if twice := next((name for name, times in Counter(getattr(scenario, key)).items() if times > 1), None):
            yield f"{key} has {twice!r} more than once; name each once"
    for arm in scenario.arms:
        if arm != "*" and arm not in arms():
            near = difflib.get_close_matches(arm, list(arms()), n=1)
            hint = f" did you mean {near[0]!r}?" if near else ""
            yield f"there is no arm {arm!r};{hint} there are {', '.join(arms())}"
    if scenario.arms and not scenario.policy.is_standard:
        yield f"policy is {scenario.policy.name!r}; arms are cared for by policies of their own"
    if wrong := _wrong_mix(scenario):
        yield f"mix {wrong}"
    if charting.antipyretics_from_h and not charting.prophylactic_antipyretics:
        yield (
            f"charting.antipyretics_from_h is {charting.antipyretics_from_h:g}, and nobody takes them; "
            "say how many do by prophylactic_antipyretics"
        )
    if charting.causes_charted and not any(getattr(charting, cause) for cause in CAUSES):
        yield (
            f"charting.causes_charted is {charting.causes_charted}, and nothing has another cause; "
            f"switch on one of {', '.join(CAUSES)}"
        )


def _wrong_mix(scenario: Scenario) -> str:
    """What is wrong with the mix, empty where nothing is."""
    if not scenario.mix:
        return ""
    if set(scenario.mix) != set(scenario.trial_names):
        return f"has {', '.join(scenario.mix)}; give a share to each of its trials: {', '.join(scenario.trial_names)}"
    whole = sum(scenario.mix.values())
    return "" if abs(whole - 1) < _SHARE_ROUNDING else f"sums to {whole:g}; the shares of the trials sum to 1"
