"""The golden cases as suite cases, and numbers that are none."""

from collections.abc import Iterator, Mapping

from cartox_core import Guideline, Scale
from cartox_core.observation import PATIENT, READABLE
from harness.charts import calm, chart, snapshot
from harness.golden import golden_cases
from harness.verify.case import SuiteCase
from harness.verify.suite.right import right


def golden(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    """The golden cases of a scale that hold under the readings chosen, with the grades written by hand.

    Where other readings are chosen than a case was written for, the core says what is right under them.
    """
    for case in golden_cases():
        if case.guideline != guideline.id or case.scale != scale.name:
            continue
        name, why = f"golden/{case.id}", case.why
        if case.expect is None:
            if not _json_can(case.raw):
                yield SuiteCase(f"{scale.name}/nan/{case.id}", scale.name, case.raw, None, (), "nan", why)
            else:
                yield SuiteCase(f"{scale.name}/{name}", scale.name, case.raw, None, case.clauses, "golden", why)
        elif {**_defaults(guideline), **case.readings} == dict(guideline.chosen):
            yield SuiteCase(f"{scale.name}/{name}", scale.name, case.raw, case.expect, case.clauses, "golden", why)
        else:
            yield right(name, why, case.raw, guideline, scale.name, case.clauses)


def _defaults(guideline: Guideline) -> Mapping[str, str]:
    return {name: reading.default for name, reading in guideline.readings.items()}


def _json_can(raw: object) -> bool:
    """Whether JSON can carry a case: NaN is not even equal to itself."""
    if isinstance(raw, Mapping):
        return all(_json_can(v) for v in raw.values())
    if isinstance(raw, list):
        return all(_json_can(v) for v in raw)
    return not isinstance(raw, float) or abs(raw) < float("inf")


def nans(scale: Scale) -> Iterator[SuiteCase]:
    """NaN and infinity in every number that a scale reads: only doors that are not JSON, or lax, let them through."""
    base = snapshot(chart(scale) or calm(scale))
    for name in (n for n in scale.fields if READABLE[n].kind in ("number", "integer")):
        for word, value in (("nan", float("nan")), ("infinity", float("inf"))):
            if name in PATIENT:
                raw = {**base, "patient": {**base["patient"], name: value}}
            else:
                raw = {**base, "observations": [{**base["observations"][0], name: value}]}
            yield SuiteCase(f"{scale.name}/nan/{name}/{word}", scale.name, raw, None, (), "nan", f"{name} is {word}")
