"""Cases to be written and read again: simulated ones, and what of any case a file keeps."""

import dataclasses
import functools
from pathlib import Path

from cartox_core import Case, load, read_case
from cartox_core.observation import ITEMS_OF, Observation, Treatment
from harness.cohort.example import make_again
from harness.exchange.chart import Named, Remark
from harness.exchange.format import FORMATS, format_of
from harness.exchange.merge import merged
from harness.patients.address import Address

WEEKS = 2
ADDRESSES = (
    "v1/table1/ELIANA/1/3",
    "v1/table1/ZUMA-1/1/42",
    "v1/masked-fever/KarMMa/1/22",
    "v1/missed-rounds/JULIET/2/5",
)


@functools.cache
def simulated() -> tuple[Named, ...]:
    """A child, adults, masked fevers and missed rounds, with their doses; the first weeks of each."""
    found = [make_again(Address.read(address), load("astct-2019")) for address in ADDRESSES]
    return tuple((str(example.address), _first_weeks(read_case(example.whole))) for example in found)


def _first_weeks(case: Case) -> Case:
    soon = tuple(observation for observation in case.observations if observation.time_h < WEEKS * 7 * 24)
    return dataclasses.replace(case, observations=soon)


def written_and_read(cases: list[Named], format_name: str, folder: Path) -> tuple[list[Named], list[Remark]]:
    """What comes back of cases that were written in a format, and what its reader had to say."""
    format_ = FORMATS[format_name]
    place = folder / (f"cases{format_.suffixes[0]}" if format_.suffixes else format_name)
    if format_.is_folder:
        place.mkdir()
    format_.write(cases, place)
    assert format_of(place) is format_
    told: list[Remark] = []
    charts = list(format_.read(place, told.append))
    return [(chart.id, read_case(merged(chart, "minute", told.append).raw)) for chart in charts], told


def kept(case: Case) -> Case:
    """A case as far as a file keeps it: to the minute, doses by time and once each, no items where none is known."""
    return Case(
        None,
        case.patient,
        tuple(_kept(observation) for observation in case.observations),
        tuple(sorted({_to_the_minute(dose) for dose in case.treatments}, key=_by_time)),
    )


def _kept(observation: Observation) -> Observation:
    nothing = {}
    for name in ITEMS_OF.values():
        items = getattr(observation, name)
        if items is not None and all(getattr(items, item) is None for item in items.most):
            nothing[name] = None
    return dataclasses.replace(observation, time_h=observation.minute / 60, **nothing)


def _to_the_minute(dose: Treatment) -> Treatment:
    return dataclasses.replace(dose, time_h=dose.minute / 60)


def _by_time(dose: Treatment) -> tuple[int, str, float, str, str]:
    return dose.minute, dose.drug, dose.dose or 0.0, dose.unit or "", dose.route or ""
