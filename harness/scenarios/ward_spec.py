"""What a ward has and who comes to it: the ``[ward]`` table of a scenario."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=1, le=100_000)]
Minutes = Annotated[float, Field(gt=0, le=480)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Surge(_Strict):
    """Weeks (from 1) in which ``times`` as many patients come as in others."""

    from_week: Annotated[int, Field(ge=1, le=520)]
    to_week: Annotated[int, Field(ge=1, le=520)]
    times: Annotated[float, Field(gt=0, le=20)]


class WardSpec(_Strict):
    """A ward.

    ``patients_a_week`` are infused on ``weekdays`` (0 is Monday) at ``infusion_hour``. The pharmacy holds
    ``tocilizumab_doses`` at most, and is filled up every ``restock_days``. A round takes a nurse ``round_min`` minutes.
    """

    patients_a_week: Annotated[float, Field(gt=0, le=1000)]
    weekdays: Annotated[tuple[int, ...], Field(min_length=1, strict=False)] = (0, 1, 2, 3, 4)
    infusion_hour: Annotated[float, Field(ge=0, lt=24)] = 8
    surge: Surge | None = None
    icu_beds: Count
    tocilizumab_doses: Count
    restock_days: Annotated[float, Field(gt=0, le=60)]
    nurses: Count
    round_min: Minutes = 20
    patients: Count = 1000
