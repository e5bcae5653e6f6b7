"""Records of SDTM domains as charts: strictly, telling what is left unknown, and never guessing.

AE is not read: its grades are results. CE is read for the signs that have no other home, where it says of a
prespecified event at one time whether it occurred.
"""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from cartox_core.observation import PATIENT
from harness.exchange.chart import Chart, ExchangeError, Remark, Tell
from harness.exchange.drugs import drug_named
from harness.exchange.gather import Counted
from harness.exchange.sdtm.findings import FINDINGS, WEIGHT, place_of
from harness.exchange.sdtm.results import result
from harness.exchange.sdtm.subjects import left_out, subjects_of
from harness.exchange.subject import Subject
from harness.exchange.table import Record
from harness.exchange.values import field_of, value_of

REQUIRED: Mapping[str, tuple[str, ...]] = {  # the columns without which a domain cannot be read
    "DM": ("usubjid",),
    "EX": ("usubjid", "extrt", "exstdtc"),
    "CM": ("usubjid", "cmtrt", "cmstdtc"),
    "CE": ("usubjid", "ceterm"),
    **{domain: ("usubjid", f"{domain.lower()}testcd", f"{domain.lower()}dtc") for domain in FINDINGS},
}
_LONGEST_SPLIT = 4  # lbch, lbhe: parts of LB
_QUIET = ("SUPPAE",)
_OTHER_SPECIMEN = re.compile("urin|csf|cerebrospinal", re.IGNORECASE)
"""Categories that tell the specimen where LBSPEC does not, such as URINALYSIS."""
Datasets = Mapping[str, list[Record]]


def domain_of(stem: str) -> str | None:
    """The domain that a file holds, by its name; a part of a split one has two more letters.

    >>> domain_of("vs"), domain_of("lbch"), domain_of("relrec"), domain_of("mh")
    ('VS', 'LB', None, None)
    """
    domain = stem[:2].upper()
    return domain if len(stem) <= _LONGEST_SPLIT and domain in REQUIRED else None


def datasets(files: Mapping[str, Path], tell: Tell, records: Callable[[Path, str], Iterator[Record]]) -> Datasets:
    """The records of every file that is read, by domain; other files are told. Raises ExchangeError without DM."""
    found: dict[str, list[Record]] = {}
    for stem, file in files.items():
        if (domain := domain_of(stem)) is not None:
            found.setdefault(domain, []).extend(records(file, domain))
        elif stem == "ae":
            tell(Remark(file.name, "adverse events are the results of grading; not read"))
        elif stem.upper() not in _QUIET:
            tell(Remark(file.name, "holds no domain of charts that is known; not read"))
    if "DM" not in found:
        raise ExchangeError(f"no file dm among {', '.join(file.name for file in files.values()) or 'no files'}")
    return found


def charts(found: Datasets, tell: Tell, infusion: datetime.datetime | None) -> Iterator[Chart]:
    """The chart of each subject that has a time of infusion, in the order of DM."""
    counted = Counted()
    subjects = subjects_of(found["DM"], found.get("EX", ()), tell, counted, infusion)
    known = left_out(found["DM"], subjects)
    for domain in (*FINDINGS, "CE", "CM"):
        for record in found.get(domain, ()):
            name = record.get("usubjid")
            if subject := subjects.get(name):
                _READ_BY.get(domain, _finding)(record, domain, subject, tell, counted)
            elif name not in known:
                counted.add(record.file, "of subjects that are not in DM; not read")
    counted.tell(tell)
    return (subject.chart() for subject in subjects.values())


def _finding(record: Record, domain: str, subject: Subject, tell: Tell, counted: Counted) -> None:
    start = domain.lower()
    code, title, category = (record.get(f"{start}{name}") for name in ("testcd", "test", "cat"))
    specimen = record.get(f"{start}spec") or (category if _OTHER_SPECIMEN.search(category) else "")
    if domain == "VS" and code.upper() == WEIGHT[0]:
        _weight(record, subject, tell)
        return
    test = place_of(domain, code, title, specimen)
    if test is None:
        where = f" in {specimen}" if specimen else ""
        counted.add(record.file, f"test code {code} ({title}){where}: no field of the protocol; not read")
        return
    value, why = result(record, domain, field_of(test.name))
    if why:
        tell(Remark(f"{record.place}, test {code}", f"{why}; left unknown"))
    minute = _minute(record, f"{start}dtc", subject, tell, counted)
    if minute is not None:
        subject.gathered.seen(minute, record.place)
        if value is not None:
            subject.gathered.put(minute, record.place, test.name, value)


def _weight(record: Record, subject: Subject, tell: Tell) -> None:
    value, why = result(record, "VS", PATIENT["weight_kg"])
    try:
        day = datetime.date.fromisoformat(record.get("vsdtc")[:10])
    except ValueError:
        why = why or "no day on which it was taken"
    if why:
        tell(Remark(f"{record.place}, test {WEIGHT[0]}", f"{why}; left unknown"))
    elif value is not None:
        subject.weights.append((day, float(value)))


def _event(record: Record, domain: str, subject: Subject, tell: Tell, counted: Counted) -> None:
    term, occurred = record.get("ceterm"), record.get("ceoccur")
    test = place_of(domain, term, term, "")
    if test is None:
        counted.add(record.file, f"event {term}: no field of the protocol; not read")
    elif record.get("cestat").upper() == "NOT DONE":
        return
    elif record.get("cepresp").upper() != "Y" or not occurred:
        tell(Remark(record.place, f"{term} is no answer to a question (CEPRESP, CEOCCUR); left unknown"))
    elif (value := value_of(field_of(test.name), occurred)) is None:
        tell(Remark(f"{record.place}, column CEOCCUR", f"{occurred!r} is neither Y nor N; left unknown"))
    elif (minute := _minute(record, "cedtc", subject, tell, counted)) is not None:
        subject.gathered.put(minute, record.place, test.name, value)


def _medication(record: Record, domain: str, subject: Subject, tell: Tell, counted: Counted) -> None:
    del domain
    name = record.get("cmtrt")
    drug = drug_named(name) or drug_named(record.get("cmdecod"))
    if record.get("cmoccur").upper() == "N":
        return
    if drug is None:
        counted.add(record.file, f"{name}: no drug of the protocol; not read")
        return
    minute = _minute(record, "cmstdtc", subject, tell, counted)
    if minute is not None:
        subject.give(drug, minute, record, _MEDICATION, tell)


_MEDICATION = ("cmdose", "cmdosu", "cmroute", "cmendtc")
_READ_BY = {"CE": _event, "CM": _medication}


def _minute(record: Record, column: str, subject: Subject, tell: Tell, counted: Counted) -> int | None:
    return subject.minute(record.get(column), f"{record.place}, column {column.upper()}", tell, counted)
