"""Doses by the calendar, which every patient of a policy is given, ill or not."""

from collections.abc import Mapping, Sequence

from harness.patients.body import Given
from harness.patients.policy import Planned, Policy


class Calendar:
    """The doses that a policy plans, and the minutes of each drug; patients of one weight share them."""

    def __init__(self, policy: Policy) -> None:
        self._plans = policy.given
        self._by_weight = any(plan.unit == "mg/kg" for plan in policy.given)
        self._known: dict[float, tuple[Given, ...]] = {}
        drugs = dict.fromkeys(plan.drug for plan in policy.given)
        self.minutes: Mapping[str, Sequence[int]] = {
            drug: sorted(m for plan in policy.given if plan.drug == drug for m in plan.minutes) for drug in drugs
        }

    def doses(self, weight_kg: float) -> tuple[Given, ...]:
        """What a patient of that weight is given, in order of time.

        >>> plan = Planned(drug="tocilizumab", dose=8.0, unit="mg/kg", most_mg=800.0, route="IV", from_day=2)
        >>> Calendar(Policy(name="p", title="", text="", cite=[], given=[plan])).doses(70.0)[0].dose
        560.0
        """
        weight = weight_kg if self._by_weight else 0.0
        if weight not in self._known:
            self._known[weight] = _doses(self._plans, weight)
        return self._known[weight]


def _doses(plans: Sequence[Planned], weight_kg: float) -> tuple[Given, ...]:
    found = []
    for plan in plans:
        dose = plan.dose if plan.unit == "mg" else round(plan.dose * weight_kg, 1)
        dose = float(min(dose, plan.most_mg or dose))
        found += [Given(minute, plan.drug, dose, "mg", plan.route) for minute in plan.minutes]
    return tuple(sorted(found, key=lambda g: g.minute))
