"""What a care team gives, when, and what that does: a policy as data, whose defaults are standard care.

Standard care is what Tables 3 and 7 of the review recommend; a policy says what differs from it. A patient's ranks and
uniforms are the same under every policy, so its effect is seen patient by patient. For testing and teaching, not for
treating patients.
"""

import dataclasses
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from cartox_core.observation import DRUGS
from harness.patients.people import DAY_MIN, People, Times
from harness.patients.prophylaxis import arms, effect_of
from harness.patients.strict import Strict

Hours = Annotated[float, Field(ge=1, le=24 * 60)]
Factor = Annotated[float, Field(ge=0, le=10)]
MOST_OF_UNIT = {"mg": 100_000, "mg/kg": 1_000}  # of a dose: above all doses of any drug
_DRUGS = tuple(drug for group, drugs in DRUGS.items() if group != "vasopressor" for drug in drugs)


class Tocilizumab(Strict):
    """Tocilizumab for CRS: from which stage of hypotension or hypoxia on, or earlier by the clock.

    A stage is that of the signs: 1 are those of grade 2, 2 of grade 3, 3 of grade 4. With ``within_h`` the first dose
    comes at that stage or less than so many hours after the first fever, whichever is sooner; the others from the
    stage on. ``most_doses`` 0 is never.
    """

    from_stage: Literal[1, 2, 3] = 1
    within_h: Annotated[float, Field(gt=4, le=72)] | None = None
    most_doses: Annotated[int, Field(ge=0, le=4)] = 4
    every_h: Annotated[float, Field(ge=8, le=72)] = 8

    @model_validator(mode="after")
    def _a_first_dose_is_allowed(self) -> Self:
        if self.within_h is not None and not self.most_doses:
            raise ValueError("most_doses is 0, so that within_h gives nothing; leave out within_h, or allow doses")
        return self


class Steroids(Strict):
    """Corticosteroids: for CRS with tocilizumab from a stage (see Tocilizumab) on, for ICANS from a grade on.

    ``refractory``: only when two doses of tocilizumab have not helped, which is a reason under standard care, too.
    ``persistent``: only for ICANS of grade 2 or more that is still there at the next neurological round. At ICANS
    grade 1 one dose is considered: half of the patients are given it.
    """

    crs_from_stage: Literal[1, 2, 3, "refractory", "never"] = 2
    icans_from_grade: Literal[1, 2, 3, 4, "persistent", "never"] = 1


class Course(Strict):
    """What a policy does to the course: assumed, with source and confidence in the policy's ``assumed``.

    ``crs_duration_times`` multiplies how long CRS lasts. ``crs_progress`` and ``icans_progress`` are the shares of
    those at grade 3 or more who go on to the next grade when nobody relieves them, after about ``progress_h``; after
    grade 4 they die.
    """

    crs_duration_times: Annotated[float, Field(gt=0, le=10)] = 1
    crs_progress: Annotated[float, Field(ge=0, le=1)] = 0
    icans_progress: Annotated[float, Field(ge=0, le=1)] = 0
    crs_progress_from_stage: Literal[1, 2] = 2
    progress_h: Annotated[float, Field(ge=24, le=240)] = 48

    def on(self, people: People) -> People:
        """The people with CRS that lasts so long, 12 hours at least."""
        if self.crs_duration_times == 1:
            return people
        lasts = np.maximum(people.crs_duration_min * self.crs_duration_times, DAY_MIN / 2).astype(np.int64)
        return dataclasses.replace(people, crs_duration_min=lasts)

    @property
    def progresses(self) -> bool:
        """Whether anybody can become more ill than under standard care."""
        return self.crs_progress > 0 or self.icans_progress > 0


class Planned(Strict):
    """A drug that every patient is given by the calendar, ill or not.

    Days since infusion: the first dose ``from_day``, then every ``every_h`` hours until ``to_day`` is over; without
    ``every_h`` one dose. A dose in mg/kg is ``most_mg`` at most.
    """

    drug: Literal[_DRUGS]  # type: ignore[valid-type]
    dose: Annotated[float, Field(gt=0)]
    unit: Literal["mg", "mg/kg"]
    most_mg: Annotated[float, Field(gt=0, le=MOST_OF_UNIT["mg"])] | None = None
    route: Literal["IV", "PO", "SC"]
    from_day: Annotated[float, Field(ge=-30, le=60)]
    to_day: Annotated[float, Field(ge=-30, le=60)] | None = None
    every_h: Hours | None = None

    @model_validator(mode="after")
    def _has_a_dose(self) -> Self:
        if self.dose > MOST_OF_UNIT[self.unit]:
            raise ValueError(f"dose is {self.dose:g} {self.unit}; write {MOST_OF_UNIT[self.unit]:,} or less")
        if self.most_mg is not None and self.unit == "mg":
            raise ValueError("most_mg is of a dose in mg/kg; leave it out where unit is 'mg'")
        return self

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to_day is not None and self.to_day < self.from_day:
            raise ValueError(f"to_day {self.to_day:g} is before from_day {self.from_day:g}")
        if (self.to_day is None) != (self.every_h is None):
            raise ValueError("to_day and every_h go together; leave both out for one dose")
        return self

    @property
    def minutes(self) -> tuple[int, ...]:
        """When it is given, in minutes since infusion.

        >>> drug = {"drug": "anakinra", "dose": 100.0, "unit": "mg", "route": "SC"}
        >>> Planned(**drug, from_day=-1, to_day=0, every_h=12).minutes
        (-1440, -720, 0, 720)
        """
        first = round(self.from_day * DAY_MIN)
        if self.to_day is None or self.every_h is None:
            return (first,)
        return tuple(range(first, round((self.to_day + 1) * DAY_MIN), round(60 * self.every_h)))


class Effect(Strict):
    """Who falls how ill: as an arm of Table 4 beside its comparator, or by factors of one's own.

    ``crs`` and ``icans`` multiply the shares of the patients who reach each grade, grade 1 first.
    """

    arm: str | None = None
    crs: tuple[Factor, Factor, Factor, Factor, Factor] = Field(default=(1, 1, 1, 1, 1), strict=False)
    icans: tuple[Factor, Factor, Factor, Factor, Factor] = Field(default=(1, 1, 1, 1, 1), strict=False)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.arm is not None and self.arm not in arms():
            raise ValueError(f"there is no arm {self.arm!r} in Table 4; there are {', '.join(arms())}")
        if self.arm is not None and self.model_fields_set & {"crs", "icans"}:
            raise ValueError("an arm has its factors; leave crs and icans out, or the arm")
        return self

    @property
    def times(self) -> tuple[Times, Times]:
        """The factors for CRS and for neurotoxicity."""
        return (self.crs, self.icans) if self.arm is None else effect_of(self.arm)


class Assumption(Strict):
    """What no source says of a policy, and how sure it is (H, M, L)."""

    text: str
    source: str
    confidence: Literal["H", "M", "L"]


class Policy(Strict):
    """How a care team acts, and what was given before; what is left out is as under standard care."""

    name: str
    title: str
    text: str
    cite: list[str]
    assumed: list[Assumption] = Field(default=[])
    antipyretic: bool = True
    tocilizumab: Tocilizumab = Tocilizumab()
    steroids: Steroids = Steroids()
    course: Course = Course()
    given: list[Planned] = Field(default=[])
    effect: Effect = Effect()

    @property
    def is_standard(self) -> bool:
        """Whether nothing differs from standard care, whatever it is called."""
        return all(getattr(self, key) == Policy.model_fields[key].default for key in RULES)

    @property
    def treats_crs(self) -> bool:
        """Whether anything is given for CRS but antipyretics."""
        return self.tocilizumab.most_doses > 0 or self.steroids.crs_from_stage != "never"

    @property
    def gives_nothing(self) -> bool:
        """Whether nobody is given any drug, but what holds up blood pressure."""
        treats = self.treats_crs or self.antipyretic or self.steroids.icans_from_grade != "never"
        return not (treats or self.given)


RULES = ("antipyretic", "tocilizumab", "steroids", "course", "given", "effect")
STANDARD = Policy(name="standard", title="Standard care", text="", cite=[])
