"""What an observation says, field by field, and numbers as decimals: what writers of files need of cases."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from cartox_core import Case, Observation
from cartox_core.fields import Items
from cartox_core.observation import OBSERVATION
from harness.exchange.chart import ExchangeError, Named
from harness.exchange.units import decimal


def charted(observation: Observation) -> dict[str, Any]:
    """What an observation says, by field or item; a default is not charted, nor is what is unknown.

    >>> charted(Observation(time_h=1, temp_c=38.0, fever_other_cause=False))
    {'temp_c': 38.0}
    """
    found: dict[str, Any] = {}
    for name, field in OBSERVATION.items():
        value = getattr(observation, name)
        if isinstance(value, Items):
            points = {f"{name}.{item}": getattr(value, item) for item in value.most}
            found.update({item: count for item, count in points.items() if count is not None})
        elif field.role != "time" and value is not None and value != field.default:
            found[name] = value
    return found


def plain(number: float) -> str:
    """A number as a decimal numeral that reads back to the same float.

    >>> plain(61.5), plain(74.0), plain(1e-7)
    ('61.5', '74', '0.0000001')
    """
    return decimal(Fraction(repr(number)))


def named(cases: Iterable[Named]) -> Iterator[tuple[str, Case]]:
    """The cases, while no name is there twice, none or with blanks around it. Raises ExchangeError for one that is."""
    names: set[str] = set()
    for name, case in cases:
        if not name or name != name.strip():
            raise ExchangeError(f"a case is called {name!r}; a patient of a file needs a name without blanks around it")
        if name in names:
            raise ExchangeError(f"two cases are called {name!r}; give each patient of a file a name of its own")
        names.add(name)
        yield name, case
