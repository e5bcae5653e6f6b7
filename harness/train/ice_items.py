"""What a patient managed of an ICE whose total is charted: items by chance that belongs to the patient and the hour.

The simulation knows the total alone; which points are lost is drawn, the harder items (attention, writing) first to go.
"""

import dataclasses
import hashlib
import random

from cartox_core import Case

ITEMS = {  # points, and what is asked (Lee 2019; Ferreri 2024, Table 5)
    "year": (1, "says the year"),
    "month": (1, "says the month"),
    "city": (1, "says the city"),
    "hospital": (1, "says the hospital"),
    "naming": (3, "names three objects"),
    "commands": (1, "follows a command"),
    "writing": (1, "writes a sentence"),
    "attention": (1, "counts back from 100 by tens"),
}
_HARD = ("attention", "writing", "naming", "naming")  # tried first, so that these are lost more often


def ice_items(total: int, address: str, hour: float) -> dict[str, int]:
    """Points of each item that add up to a total of 0 to 10.

    >>> items = ice_items(7, "v1/table1/ZUMA-1/1/42", 60.0)
    >>> sum(items.values()), items == ice_items(7, "v1/table1/ZUMA-1/1/42", 60.0)
    (7, True)
    """
    seed = hashlib.sha256(f"{address} {hour:g}".encode()).digest()
    chance = random.Random(seed)  # noqa: S311 - a patient's bad day, no secret
    left = {name: points for name, (points, _) in ITEMS.items()}
    pool = [name for name, points in left.items() for _ in range(points)]
    order = [*_HARD, *chance.sample(pool, len(pool))] if total <= 8 else chance.sample(pool, len(pool))
    lost = 0
    for name in order:
        if lost < 10 - total and left[name]:
            left[name] -= 1
            lost += 1
    return left


def without_ice_now(case: Case) -> Case:
    """A case whose last round does not tell the total, for whoever adds up the items."""
    *before, now = case.observations
    return dataclasses.replace(case, observations=(*before, dataclasses.replace(now, ice=None, ice_items=None)))
