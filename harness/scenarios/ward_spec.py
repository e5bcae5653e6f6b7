"""What a ward has and who comes to it: the ``[ward]`` table of a scenario."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from harness.patients.strict import Strict

Count = Annotated[int, Field(ge=1, le=100_000)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Minutes = Annotated[float, Field(gt=0, le=480)]


class Surge(Strict):
    """Weeks (from 1) in which ``times`` as many patients come as in others."""

    from_week: Annotated[int, Field(ge=1, le=520)]
    to_week: Annotated[int, Field(ge=1, le=520)]
    times: Annotated[float, Field(gt=0, le=20)]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to_week < self.from_week:
            raise ValueError(f"to_week {self.to_week} is before from_week {self.from_week}")
        return self


class WardSpec(Strict):
    """A ward.

    ``patients_a_week`` are infused on ``weekdays`` (0 is Monday) at ``infusion_hour``. The pharmacy holds
    ``tocilizumab_doses`` at most, and is filled up every ``restock_days``. A round takes a nurse ``round_min`` minutes.
    """

    patients_a_week: Annotated[float, Field(gt=0, le=1000)]
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, strict=False)] = (0, 1, 2, 3, 4)
    infusion_hour: Annotated[float, Field(ge=0, lt=24)] = 8
    surge: Surge | None = None
    icu_beds: Count
    tocilizumab_doses: Count
    restock_days: Annotated[float, Field(gt=0, le=60)]
    nurses: Count
    round_min: Minutes = 20
    patients: Count = 1000

    @field_validator("weekdays", mode="after")
    @classmethod
    def _each_day_once(cls, weekdays: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(weekdays)) < len(weekdays):
            raise ValueError(f"{list(weekdays)} has a day more than once; name each once")
        return weekdays
