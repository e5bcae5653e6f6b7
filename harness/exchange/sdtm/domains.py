"""Cases as records of SDTM domains: what was charted, what was given, and CRS and ICANS as adverse events.

A record is the text of its variables by their names; what it does not name is missing. The infusion of the cells is the
reference start, study day 1; the day before it is -1.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cartox_core import Case, Observation
from cartox_core.fields import Field
from harness.exchange.chart import Named
from harness.exchange.charted import charted, named, plain
from harness.exchange.clock import written_time
from harness.exchange.sdtm.columns import STUDY
from harness.exchange.sdtm.events import adverse_events
from harness.exchange.sdtm.findings import PLACES, WEIGHT, Place
from harness.exchange.units import in_unit
from harness.exchange.values import field_of

Values = dict[str, str]
CELLS = "CAR-T CELLS"
_TO_THE_MINUTE, _TO_THE_DAY = 16, 10


def at(minute: int) -> str:
    """The date and time of a minute since the infusion, as --DTC has it.

    >>> at(90)
    '2020-01-01T01:30'
    """
    return written_time(minute)[:_TO_THE_MINUTE]


def study_day(minute: int) -> str:
    """The study day of a minute since the infusion; there is no day 0.

    >>> study_day(0), study_day(1439), study_day(-1)
    ('1', '1', '-1')
    """
    day = minute // 1440
    return str(day + 1 if day >= 0 else day)


def records_of(cases: Iterable[Named]) -> Iterator[tuple[str, Values]]:
    """The domain and the values of every record. Raises ExchangeError for a name that cannot stand."""
    for name, case in named(cases):
        count: Counter[str] = Counter()
        for domain, values in _records(name, case):
            count[domain] += 1
            numbered = {} if domain in ("DM", "SUPPAE") else {f"{domain}SEQ": str(count[domain])}
            own = {} if domain == "SUPPAE" else {"DOMAIN": domain}
            yield domain, {"STUDYID": STUDY, **own, "USUBJID": name, **numbered, **values}


def _records(name: str, case: Case) -> Iterator[tuple[str, Values]]:
    age, weight = case.patient.age_years, case.patient.weight_kg
    told_age = {} if age is None else {"AGE": plain(age), "AGEU": "YEARS"}
    yield "DM", {"SUBJID": name, "RFSTDTC": at(0), "RFXSTDTC": at(0), **told_age, "SEX": "U"}
    yield "EX", {"EXTRT": CELLS, "EXROUTE": "INTRAVENOUS", "EXSTDTC": at(0), "EXSTDY": "1"}
    if weight is not None:
        code, title, unit = WEIGHT
        dated = {"VSDTC": at(0)[:_TO_THE_DAY], "VSDY": "1"}  # the protocol does not say when it was taken
        yield "VS", _finding("VS", code, title, plain(weight), unit, numeric=True) | {"VSBLFL": "Y"} | dated
    baseline = _baseline(case.observations)
    for place, observation in enumerate(case.observations):
        yield from _observed(observation, {name for name, last in baseline.items() if last == place})
    for given in case.treatments:
        dose = {} if given.dose is None else {"CMDOSE": plain(given.dose)}
        timed = {"CMSTDTC": at(given.minute), "CMSTDY": study_day(given.minute)}
        yield "CM", {"CMTRT": given.drug, **dose, "CMDOSU": given.unit or "", "CMROUTE": given.route or "", **timed}
    yield from adverse_events(case, at, study_day)


def _baseline(observations: Iterable[Observation]) -> dict[str, int]:
    """The place of the last observation before the infusion that has each field."""
    found: dict[str, int] = {}
    for place, observation in enumerate(observations):
        if observation.minute < 0:
            found.update(dict.fromkeys(charted(observation), place))
    return found


def _observed(observation: Observation, baseline: set[str]) -> Iterator[tuple[str, Values]]:
    told = charted(observation)
    for name, value in told.items():
        test = PLACES[name]
        flagged = {f"{test.domain}BLFL": "Y"} if name in baseline and test.domain in ("VS", "LB") else {}
        yield test.domain, _result(test, field_of(name), value) | flagged | _timed(test.domain, observation.minute)
    if not told:  # there was a round, and nothing is known of it
        test = PLACES["temp_c"]
        yield (
            "VS",
            {"VSTESTCD": test.code, "VSTEST": test.title, "VSSTAT": "NOT DONE"} | _timed("VS", observation.minute),
        )


def _timed(domain: str, minute: int) -> Values:
    return {f"{domain}DTC": at(minute), f"{domain}DY": study_day(minute)}


def _result(test: Place, field: Field, value: Any) -> Values:
    if test.domain == "CE":
        return {"CETERM": test.code, "CEPRESP": "Y", "CEOCCUR": "Y" if value else "N"}
    more = {"QS": {"QSCAT": test.category}, "FA": {"FAOBJ": test.category}}.get(test.domain, {})
    match field.kind:
        case "bool":
            text, numeric = "Y" if value else "N", False
        case "enum":
            text, numeric = value.upper().replace("_", " "), False
        case _:
            text, numeric = in_unit(field, value, test.unit) if test.unit else plain(value), True
    return _finding(test.domain, test.code, test.title, text, test.unit, numeric) | more


def _finding(domain: str, code: str, title: str, text: str, unit: str, numeric: bool) -> Values:
    values: Mapping[str, str] = {
        "TESTCD": code,
        "TEST": title,
        "ORRES": text,
        "ORRESU": unit,
        "STRESC": text,
        "STRESN": text if numeric else "",
        "STRESU": unit,
    }
    return {f"{domain}{name}": value for name, value in values.items() if value}
