"""Cases as records of OMOP tables. What has no concept stands under concept 0 with its code or name as source value.

Numbers with a LOINC code are measurements; everything else that was charted is an observation under the protocol's
name. The infusion of the cells is a procedure, drugs are drug exposures, all at dates that no patient has.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from cartox_core import Case
from cartox_core.fields import Field
from cartox_core.observation import OBSERVATION, PATIENT
from harness.exchange.chart import Named
from harness.exchange.charted import charted, named, plain
from harness.exchange.clock import WRITTEN_INFUSION, written_time
from harness.exchange.codes import LOINC
from harness.exchange.omop.concepts import DRUGS, MEASUREMENTS, NO, NO_CONCEPT, UNIT_CONCEPTS, YES
from harness.exchange.values import field_of

Values = dict[str, str]
INFUSION = "car-t-infusion"
_CELLS_PER_UL = "8784"


def records_of(cases: Iterable[Named]) -> Iterator[tuple[str, Values]]:
    """The table and the values of every record. Raises ExchangeError for a name that cannot stand."""
    count: Counter[str] = Counter()
    for person, (name, case) in enumerate(named(cases), start=1):
        for table, values in _records(name, case):
            count[table] += 1
            own = {} if table == "person" else {f"{table}_id": str(count[table])}
            yield table, {**own, "person_id": str(person), **values}


def _records(name: str, case: Case) -> Iterator[tuple[str, Values]]:
    yield "person", _person(name, case)
    minutes = [0, *(o.minute for o in case.observations), *(given.minute for given in case.treatments)]
    yield (
        "observation_period",
        {
            "observation_period_start_date": _date(min(minutes)),
            "observation_period_end_date": _date(max(minutes)),
            "period_type_concept_id": NO_CONCEPT,
        },
    )
    yield (
        "procedure_occurrence",
        {
            "procedure_concept_id": NO_CONCEPT,
            **_timed("procedure", 0),
            "procedure_type_concept_id": NO_CONCEPT,
            "procedure_source_value": INFUSION,
        },
    )
    age, weight = case.patient.age_years, case.patient.weight_kg
    if age is not None:
        yield "observation", _without_minute(_observation("age_years", PATIENT["age_years"], age), "observation")
    if weight is not None:
        yield "measurement", _without_minute(_measurement("weight_kg", PATIENT["weight_kg"], weight), "measurement")
    for observed in case.observations:
        told = charted(observed) or {"temp_c": None}  # there was a round, and nothing is known of it
        for field, value in told.items():
            if field in LOINC:
                yield (
                    "measurement",
                    _measurement(field, OBSERVATION[field], value) | _timed("measurement", observed.minute),
                )
            else:
                yield (
                    "observation",
                    _observation(field, field_of(field), value) | _timed("observation", observed.minute),
                )
    for given in case.treatments:
        yield (
            "drug_exposure",
            {
                "drug_concept_id": DRUGS.get(given.drug, NO_CONCEPT),
                **_timed("drug_exposure_start", given.minute),
                "drug_exposure_end_date": _date(given.minute),
                "drug_type_concept_id": NO_CONCEPT,
                "quantity": "" if given.dose is None else plain(given.dose),
                "drug_source_value": given.drug,
                "route_source_value": given.route or "",
                "dose_unit_source_value": given.unit or "",
            },
        )


def _person(name: str, case: Case) -> Values:
    """The year of birth is that from which the age counts; it stays empty where the age is unknown."""
    age = case.patient.age_years
    return {
        "gender_concept_id": NO_CONCEPT,
        "year_of_birth": "" if age is None else str(math.floor(WRITTEN_INFUSION.year - age)),
        "race_concept_id": NO_CONCEPT,
        "ethnicity_concept_id": NO_CONCEPT,
        "person_source_value": name,
    }


def _date(minute: int) -> str:
    return written_time(minute)[:10]


def _timed(start: str, minute: int) -> Values:
    return {f"{start}_date": _date(minute), f"{start}_datetime": f"{_date(minute)} {written_time(minute)[11:19]}"}


def _without_minute(values: Values, table: str) -> Values:
    """Of the day of the infusion: the protocol does not say when it was taken."""
    return {**values, f"{table}_date": _date(0)}


def _measurement(name: str, field: Field, value: float | None) -> Values:
    return {
        "measurement_concept_id": MEASUREMENTS[name][0],
        "measurement_type_concept_id": NO_CONCEPT,
        "value_as_number": "" if value is None else plain(value),
        "unit_concept_id": _CELLS_PER_UL if field.unit == "/uL" else UNIT_CONCEPTS.get(field.unit, NO_CONCEPT),
        "measurement_source_value": LOINC[name][0],
        "unit_source_value": field.unit,
    }


def _observation(name: str, field: Field, value: Any) -> Values:
    values = {
        "observation_concept_id": NO_CONCEPT,
        "observation_type_concept_id": NO_CONCEPT,
        "observation_source_value": name,
        "unit_source_value": field.unit,
    }
    match field.kind:
        case "bool":
            return values | {"value_as_string": str(value).lower(), "value_as_concept_id": YES if value else NO}
        case "enum":
            return values | {"value_as_string": value}
        case _:
            return values | {"value_as_number": plain(value)}
