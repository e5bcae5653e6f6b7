"""What the tables of policy and scenario files have in common: nothing unknown, nothing converted, nothing changed."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError


class Strict(BaseModel):
    """A table of a file; ``true`` and ``false`` are refused wherever they are not asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_another_value(cls, value: Any, info: ValidationInfo) -> Any:
        """A Literal of 1 would take ``true``, since the two are equal."""
        if isinstance(value, bool) and cls.model_fields[info.field_name or ""].annotation is not bool:
            raise PydanticCustomError("truth", "not true or false")
        return value
