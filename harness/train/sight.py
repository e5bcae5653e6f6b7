"""What is seen of a patient at an hour: picture, table, laboratory values and notes, kept for whoever asks next."""

import dataclasses
import functools

from markupsafe import Markup

from harness.train import shown
from harness.train.chart import chart_of
from harness.train.draw import drawn
from harness.train.ice_items import ice_items, without_ice_now
from harness.train.notes import MOST, Note, notes
from harness.train.question import question

_KEPT = 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Sight:
    """A patient as shown; ``items`` are those of an ICE to be added up, None where its total is shown.

    ``earlier`` are the notes that are a click away.
    """

    chart: Markup
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    labs_heads: tuple[str, ...]
    labs: tuple[tuple[str, ...], ...]
    notes: tuple[Note, ...]
    earlier: tuple[Note, ...]
    items: dict[str, int] | None


@functools.lru_cache(maxsize=_KEPT)
def sight(address: str, hour: float, tutor: bool, by_item: bool = False) -> Sight:
    """What is seen at an hour; ``tutor`` draws thresholds, ``by_item`` tells an ICE by its items alone."""
    case = question(address, hour).case
    ice = case.observations[-1].ice
    items = ice_items(ice, address, hour) if by_item and ice is not None else None
    seen = case if items is None else without_ice_now(case)
    heads, labs = shown.labs(seen)
    told = notes(seen)
    return Sight(
        drawn(chart_of(seen), tutor),
        shown.heads(seen),
        tuple(map(tuple, shown.rows(seen))),
        tuple(heads),
        tuple(map(tuple, labs)),
        told[:MOST],
        told[MOST:],
        items,
    )
