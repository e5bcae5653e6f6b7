"""What a chart lacks for a grade to be known: the fields of its scale, at the last observation."""

from cartox_core.bedside import Bedside
from cartox_core.guideline import Scale
from cartox_core.observation import OBSERVATION
from harness.cli.narrowing import narrowing_fields

DAYS = "the days without a count, those to come among them"


def missing(at: Bedside, scale: Scale) -> tuple[str, ...]:
    """The fields that could narrow a grade; of a scale of whole courses also the days that are not charted.

    >>> from cartox_core import load_plan, read_case
    >>> from cartox_core.bedside import bedside, scales_of
    >>> plan = load_plan("ferreri-2024")
    >>> chart = {"time_h": 9, "temp_c": 39, "hypotension": False, "vasopressors": 0, "vasopressin": False}
    >>> scales = scales_of(plan)
    >>> missing(bedside(read_case({"observations": [chart]}), plan, scales), scales["crs"][0])
    ('o2_device',)
    """
    if scale.is_whole:
        counted = dict.fromkeys(name for feature in scale.features for name in feature.of)
        return (*(n for n in counted if all(getattr(o, n, None) is None for o in at.case.observations)), DAYS)
    narrowing = narrowing_fields(at.case, scale, len(at.case.observations) - 1)
    gate = dict.fromkeys(name for clause in scale.gate for name in clause.when)
    if not set(gate) & set(narrowing):
        return narrowing
    now = at.case.observations[-1]  # while a gate is open to doubt, one sign decides nothing without the others
    read = [n for n in (*gate, *scale.fields) if n in OBSERVATION and not OBSERVATION[n].snapshot_only]
    return tuple(dict.fromkeys(n for n in read if getattr(now, n) is None))
