"""The variables of each domain that is written: names, labels and types, as SDTM has them (model 1.7 and later)."""

import dataclasses
from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "DM": "Demographics",
    "EX": "Exposure",
    "CM": "Concomitant/Prior Medications",
    "VS": "Vital Signs",
    "LB": "Laboratory Test Results",
    "QS": "Questionnaires",
    "RE": "Respiratory System Findings",
    "FA": "Findings About Events or Interventions",
    "CE": "Clinical Events",
    "AE": "Adverse Events",
    "SUPPAE": "Supplemental Qualifiers for AE",
}
STUDY = "CARTOX"


@dataclasses.dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a domain; ``kind`` is string, integer, decimal or datetime, ``length`` that of a string."""

    name: str
    label: str
    kind: str = "string"
    length: int = 200


def _text(name: str, label: str, length: int = 200) -> Variable:
    return Variable(name, label, "string", length)


_STUDY = _text("STUDYID", "Study Identifier", len(STUDY))
_DOMAIN = _text("DOMAIN", "Domain Abbreviation", 2)
_SUBJECT = _text("USUBJID", "Unique Subject Identifier")


def _keys(domain: str) -> tuple[Variable, ...]:
    return (_STUDY, _DOMAIN, _SUBJECT, Variable(f"{domain}SEQ", "Sequence Number", "integer", 8))


def _when(domain: str, what: str, start: str = "") -> tuple[Variable, ...]:
    of = f" of {what}" if what else ""
    word = {"": "", "ST": "Start ", "EN": "End "}[start]
    return (
        Variable(f"{domain}{start}DTC", f"{word}Date/Time{of}", "datetime", 16),
        Variable(f"{domain}{start}DY", f"Study Day{' of ' + word.strip() if word else ''}{of}", "integer", 8),
    )


_TESTED = {"VS": "Vital Signs", "LB": "Lab Test", "QS": "Question", "RE": "Respiratory", "FA": "Findings About"}


def _findings(domain: str, *before_results: Variable) -> tuple[Variable, ...]:
    what = _TESTED[domain]
    return (
        *_keys(domain),
        _text(f"{domain}TESTCD", f"{what} Test Short Name", 8),
        _text(f"{domain}TEST", f"{what} Test Name", 40),
        *before_results,
        _text(f"{domain}ORRES", "Result or Finding in Original Units"),
        _text(f"{domain}ORRESU", "Original Units", 40),
        _text(f"{domain}STRESC", "Character Result/Finding in Std Format"),
        Variable(f"{domain}STRESN", "Numeric Result/Finding in Standard Units", "decimal", 40),
        _text(f"{domain}STRESU", "Standard Units", 40),
        _text(f"{domain}STAT", "Completion Status", 8),
        _text(f"{domain}BLFL", "Baseline Flag", 1),
        *_when(domain, "Collection"),
    )


VARIABLES: Mapping[str, tuple[Variable, ...]] = {
    "DM": (
        _STUDY,
        _DOMAIN,
        _SUBJECT,
        _text("SUBJID", "Subject Identifier for the Study"),
        Variable("RFSTDTC", "Subject Reference Start Date/Time", "datetime", 16),
        Variable("RFXSTDTC", "Date/Time of First Study Treatment", "datetime", 16),
        Variable("AGE", "Age", "decimal", 40),
        _text("AGEU", "Age Units", 10),
        _text("SEX", "Sex", 1),
    ),
    "EX": (
        *_keys("EX"),
        _text("EXTRT", "Name of Treatment"),
        _text("EXROUTE", "Route of Administration", 40),
        *_when("EX", "Treatment", "ST"),
    ),
    "CM": (
        *_keys("CM"),
        _text("CMTRT", "Reported Name of Drug, Med, or Therapy"),
        Variable("CMDOSE", "Dose per Administration", "decimal", 40),
        _text("CMDOSU", "Dose Units"),
        _text("CMROUTE", "Route of Administration"),
        *_when("CM", "Medication", "ST"),
    ),
    "VS": _findings("VS"),
    "LB": _findings("LB"),
    "QS": _findings("QS", _text("QSCAT", "Category of Question", 40)),
    "RE": _findings("RE"),
    "FA": _findings("FA", _text("FAOBJ", "Object of the Observation", 40)),
    "CE": (
        *_keys("CE"),
        _text("CETERM", "Reported Term for the Clinical Event"),
        _text("CEPRESP", "Clinical Event Pre-specified", 1),
        _text("CEOCCUR", "Clinical Event Occurrence", 1),
        *_when("CE", "Event Collection"),
    ),
    "AE": (
        *_keys("AE"),
        _text("AETERM", "Reported Term for the Adverse Event"),
        _text("AEDECOD", "Dictionary-Derived Term"),
        _text("AEOUT", "Outcome of Adverse Event", 40),
        _text("AETOXGR", "Standard Toxicity Grade", 1),
        Variable("AESTDTC", "Start Date/Time of Adverse Event", "datetime", 16),
        Variable("AEENDTC", "End Date/Time of Adverse Event", "datetime", 16),
        Variable("AESTDY", "Study Day of Start of Adverse Event", "integer", 8),
        Variable("AEENDY", "Study Day of End of Adverse Event", "integer", 8),
    ),
    "SUPPAE": (
        _STUDY,
        _text("RDOMAIN", "Related Domain Abbreviation", 2),
        _SUBJECT,
        _text("IDVAR", "Identifying Variable", 8),
        _text("IDVARVAL", "Identifying Variable Value", 40),
        _text("QNAM", "Qualifier Variable Name", 8),
        _text("QLABEL", "Qualifier Variable Label", 40),
        _text("QVAL", "Data Value"),
        _text("QORIG", "Origin", 20),
    ),
}
