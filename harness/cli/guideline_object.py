"""A guideline as an object for JSON, with its tests in words and the readings in force."""

import dataclasses
from typing import Any

from cartox_core import Guideline, Scale
from cartox_core.guideline import Clause, Feature, Infusions


def guideline_object(guideline: Guideline) -> dict[str, Any]:
    """The whole guideline.

    >>> from cartox_core import load
    >>> guideline_object(load("astct-2019"))["scales"]["crs"]["gate"][0]["when"]["temp_c"]
    '≥ 38'
    """
    return {
        "id": guideline.id,
        "title": guideline.title,
        "text": guideline.text,
        "cite": list(guideline.cite),
        "scales": {name: _scale(scale) for name, scale in guideline.scales.items()},
        "readings": {
            key: {
                "question": reading.title,
                "chosen": guideline.chosen[key],
                "default": reading.default,
                "why": reading.why,
                "choices": {name: choice.text for name, choice in reading.choices.items()},
            }
            for key, reading in guideline.readings.items()
        },
        "sources": {key: dict(work) for key, work in guideline.sources.items()},
    }


def shelf_object(guideline: Guideline) -> dict[str, Any]:
    """What the list of the shelf says of a guideline."""
    scales = guideline.scales
    clauses = sum(1 for scale in scales.values() for _ in scale.clauses)
    return {
        "id": guideline.id,
        "title": guideline.title,
        "scales": list(scales),
        "clauses": clauses,
        "readings": list(guideline.readings),
    }


def _scale(scale: Scale) -> dict[str, Any]:
    return {
        "title": scale.title,
        "text": scale.text,
        "cite": list(scale.cite),
        "top": scale.top,
        "from_h": scale.from_h,
        "gate": [_clause(clause) for clause in scale.gate],
        "domains": [
            {"name": d.name, "title": d.title, "gated": d.gated, "clauses": [_clause(c) for c in d.clauses]}
            for d in scale.domains
        ],
        "assumptions": [
            {"field": a.field, "value": a.value, "when": {k: str(t) for k, t in a.when.items()}, "text": a.text}
            for a in scale.assumptions
        ],
        "episode": None if scale.episode is None else scale.episode.text,
        "features": [_feature(feature) for feature in scale.features],
        "infusions": None if scale.infusions is None else _infusions(scale.infusions),
    }


def _infusions(infusions: Infusions) -> dict[str, Any]:
    high = infusions.high_dose
    return {
        "text": infusions.text,
        "bridge_min": infusions.bridge_min,
        "high_dose": None
        if high is None
        else {
            "hours": high.hours,
            "alone": {drug: str(line) for drug, line in high.alone.items()},
            "combination": str(high.combination),
            "on_vasopressin": str(high.on_vasopressin),
            "equivalent": {drug: str(one) for drug, one in high.equivalent.items()},
        },
        "cite": list(infusions.cite),
    }


def _feature(feature: Feature) -> dict[str, Any]:
    made = {f.name: getattr(feature, f.name) for f in dataclasses.fields(feature) if f.name not in ("field", "test")}
    return {**made, "of": list(feature.of), "test": None if feature.test is None else str(feature.test)}


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "grade": clause.grade,
        "when": {name: str(test) for name, test in clause.when.items()},
        "text": clause.text,
        "cite": list(clause.cite),
    }
