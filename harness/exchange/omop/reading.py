"""Records of OMOP tables as charts: by concept where it is known, else by source value, and never guessing."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from cartox_core.fields import Field, Value
from cartox_core.observation import OBSERVATION, PARTS, PATIENT
from harness.exchange.chart import Chart, Raw, Remark, Tell
from harness.exchange.clock import clock_time
from harness.exchange.codes import FIELD_OF_LOINC, O2_DEVICE_OF_SNOMED
from harness.exchange.drugs import drug_named, names_cells
from harness.exchange.gather import Counted
from harness.exchange.omop.concepts import DRUG_OF_CONCEPT, EQUALS, FIELD_OF_CONCEPT, NO, NO_CONCEPT, UNITS, YES
from harness.exchange.subject import Subject, whole_years
from harness.exchange.table import Record
from harness.exchange.units import factors
from harness.exchange.values import field_of, value_of, wanted

REQUIRED: Mapping[str, tuple[str, ...]] = {  # the columns without which a table cannot be read
    "person": ("person_id",),
    "procedure_occurrence": ("person_id",),
    "drug_exposure": ("person_id", "drug_concept_id"),
    "measurement": ("person_id", "measurement_concept_id"),
    "observation": ("person_id", "observation_concept_id"),
    "device_exposure": ("person_id", "device_concept_id"),
}
_AGE = ("age_years", "30525-0")
_ADULT_TABLE_FROM = 12
_DIGITS_OF_A_YEAR = 4
_NOTHING = ("", NO_CONCEPT)


def charts(found: Mapping[str, Iterable[Record]], tell: Tell, infusion: datetime.datetime | None) -> Iterator[Chart]:
    """The chart of each person who has a time of infusion, in the order of the file."""
    counted = Counted()
    tables = {table: list(records) for table, records in found.items()}
    persons = _persons(tables, tell, counted, infusion)
    known = {record.get("person_id") for record in tables["person"]}
    for table, read in _READ_BY.items():
        for record in tables.get(table, ()):
            if subject := persons.get(record.get("person_id")):
                read(record, subject, tell, counted)
            elif record.get("person_id") not in known:
                counted.add(record.file, "of persons that are not in person.csv; not read")
    for record in tables["person"]:
        subject = persons.get(record.get("person_id"))
        if subject is not None and "age_years" not in subject.patient:
            subject.patient = _age(record, subject, counted)
    counted.tell(tell)
    return (subject.chart() for subject in persons.values())


def _persons(
    tables: Mapping[str, list[Record]], tell: Tell, counted: Counted, infusion: datetime.datetime | None
) -> dict[str, Subject]:
    infused = _infusions(tables, counted)
    names = Counter(record.get("person_source_value") for record in tables["person"])
    found: dict[str, Subject] = {}
    seen: set[str] = set()
    for record in tables["person"]:
        number, name = record.get("person_id"), record.get("person_source_value")
        if not number or number in seen:
            tell(Remark(record.place, f"person_id {number!r} is empty or there before; left out"))
            continue
        seen.add(number)
        name = name if name and names[name] == 1 else number
        at = infused.get(number) or infusion
        if at is None:
            tell(Remark(record.place, f"no time of infusion for {name}; left out (tell one with --infusion TIME)"))
        else:
            found[number] = Subject(name, at, {})
    return found


def _infusions(tables: Mapping[str, list[Record]], counted: Counted) -> dict[str, datetime.datetime]:
    """When the cells were given to each person: the first procedure or drug whose source value names them."""
    times: dict[str, set[datetime.datetime]] = {}
    for table, code, start in (
        ("procedure_occurrence", "procedure_source_value", "procedure_datetime"),
        ("drug_exposure", "drug_source_value", "drug_exposure_start_datetime"),
    ):
        for record in tables.get(table, ()):
            at = clock_time(record.get(start)) if names_cells(record.get(code)) else None
            if at is not None:
                times.setdefault(record.get("person_id"), set()).add(at)
    for some in times.values():
        if len(some) > 1:
            counted.add("person.csv", "a person with several infusions of cells; the first is hour 0")
    return {person: min(some, key=lambda at: at.replace(tzinfo=None)) for person, some in times.items()}


def _age(record: Record, subject: Subject, counted: Counted) -> Raw:
    """The age by the day of birth; by its year alone only where either age it may mean is on one side of 12 years."""
    day = subject.infusion.date()
    parts = [record.get(f"{part}_of_birth") for part in ("year", "month", "day")]
    written = record.get("birth_datetime")[:10] or "-".join(part.zfill(2) for part in parts)
    try:
        return {"age_years": max(0, whole_years(datetime.date.fromisoformat(written), day))}
    except ValueError:
        pass
    if len(parts[0]) != _DIGITS_OF_A_YEAR or not parts[0].isdecimal():
        return {}
    older = day.year - int(parts[0])
    if not 0 <= older <= PATIENT["age_years"].high:
        return {}
    if older == _ADULT_TABLE_FROM:
        counted.add(record.file, "a year of birth that leaves open which side of 12 years; age left unknown")
        return {}
    counted.add(record.file, "a year of birth alone; the younger of the two possible ages is taken")
    return {"age_years": max(0, older - 1)}


def _field_name(record: Record, table: str) -> str | None:
    """What a record is about: by its concept, else by its source value, a LOINC code or the protocol's name."""
    concept, source = record.get(f"{table}_concept_id"), record.get(f"{table}_source_value")
    if concept in FIELD_OF_CONCEPT:
        return FIELD_OF_CONCEPT[concept]
    if source in _AGE:
        return "age_years"
    name = FIELD_OF_LOINC.get(source, source)
    return name if name in OBSERVATION or name in PARTS or name in PATIENT else None


def _charted(record: Record, table: str, subject: Subject, tell: Tell, counted: Counted) -> None:
    name = _field_name(record, table)
    if name is None or name == "time_h" or (name in OBSERVATION and OBSERVATION[name].kind == "items"):
        concept, source = record.get(f"{table}_concept_id"), record.get(f"{table}_source_value")
        counted.add(record.file, f"code {source or '-'} (concept {concept or '-'}): no field of the protocol; not read")
        return
    field = PATIENT[name] if name in PATIENT else field_of(name)
    value, why = _value(record, field)
    if why:
        tell(Remark(f"{record.place}, {name}", f"{why}; left unknown"))
    if name in PATIENT:
        if value is not None:
            _of_patient(name, value, record, table, subject, tell)
        return
    minute = subject.minute(_time(record, table), f"{record.place}, {name}", tell, counted)
    if minute is not None:
        subject.gathered.seen(minute, record.place)
        if value is not None:
            subject.gathered.put(minute, record.place, name, value)


def _time(record: Record, table: str) -> str:
    apart = f"{record.get(f'{table}_date')} {record.get(f'{table}_time')}"
    return record.get(f"{table}_datetime") or apart.strip()


def _of_patient(name: str, value: Value, record: Record, table: str, subject: Subject, tell: Tell) -> None:
    if name == "age_years":
        subject.patient = {**subject.patient, name: value}
        return
    try:
        day = datetime.date.fromisoformat(_time(record, table)[:10])
    except ValueError:
        tell(Remark(f"{record.place}, {name}", "no day on which it was taken; left unknown"))
    else:
        subject.weights.append((day, float(value)))


def _value(record: Record, field: Field) -> tuple[Value | None, str]:
    """The value of a record, or None and why it is not known; no reason is given where there is no value at all."""
    if field.kind in ("bool", "enum"):
        concept = {YES: "Y", NO: "N"}.get(record.get("value_as_concept_id"), "") if field.kind == "bool" else ""
        texts = [text for text in (record.get("value_as_string"), concept, record.get("value_source_value")) if text]
        found = {value for text in texts if (value := value_of(field, text)) is not None}
        if len(found) == 1:
            return found.pop(), ""
        return None, (
            "" if not texts else f"{' and '.join(texts)} contradict" if found else wanted(field, texts[0], "")
        )
    if record.get("operator_concept_id") not in (*_NOTHING, EQUALS):
        return None, "a bound, no value"
    number = record.get("value_as_number")
    if not number:
        text = record.get("value_source_value")
        return None, f"{text!r} without value_as_number" if text else ""
    source, concept = record.get("unit_source_value"), UNITS.get(record.get("unit_concept_id"), "")
    units = [unit for unit in (source, concept) if unit in factors(field) and unit] or [source]
    values = {value_of(field, number, unit) for unit in units}
    if len(values) > 1:
        return None, f"the units {source} and {concept} contradict"
    value = values.pop()
    return value, ("" if value is not None else wanted(field, number, source))


def _measured(record: Record, subject: Subject, tell: Tell, counted: Counted) -> None:
    _charted(record, "measurement", subject, tell, counted)


def _observed(record: Record, subject: Subject, tell: Tell, counted: Counted) -> None:
    _charted(record, "observation", subject, tell, counted)


def _device(record: Record, subject: Subject, tell: Tell, counted: Counted) -> None:
    """An oxygen device is charted at the time at which its use begins."""
    source = record.get("device_source_value")
    device = O2_DEVICE_OF_SNOMED.get(source)
    if device is None:
        counted.add(record.file, f"device {source or '-'}: no oxygen device that is known; not read")
        return
    minute = subject.minute(record.get("device_exposure_start_datetime"), record.place, tell, counted)
    if minute is not None:
        subject.gathered.put(minute, record.place, "o2_device", device)


def _drug(record: Record, subject: Subject, tell: Tell, counted: Counted) -> None:
    source, concept = record.get("drug_source_value"), record.get("drug_concept_id")
    if names_cells(source):
        return
    drug = DRUG_OF_CONCEPT.get(concept) or drug_named(source)
    if drug is None:
        counted.add(record.file, f"{source or '-'} (concept {concept or '-'}): no drug of the protocol; not read")
        return
    minute = subject.minute(record.get("drug_exposure_start_datetime"), record.place, tell, counted)
    if minute is not None:
        subject.give(drug, minute, record, _DRUG_COLUMNS, tell)


_DRUG_COLUMNS = ("quantity", "dose_unit_source_value", "route_source_value", "drug_exposure_end_datetime")
_READ_BY = {"measurement": _measured, "observation": _observed, "device_exposure": _device, "drug_exposure": _drug}
