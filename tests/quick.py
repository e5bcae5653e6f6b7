"""Parameters of which only some are tried by ``make test``, and the others by the slow tests as well."""

from collections.abc import Iterable
from typing import Any

import pytest


def quick(kept: Iterable[Any], everything: Iterable[Any]) -> list[Any]:
    """All parameters in their order; those that are not kept are marked slow."""
    kept = list(kept)
    return [value if value in kept else pytest.param(value, marks=pytest.mark.slow) for value in everything]
