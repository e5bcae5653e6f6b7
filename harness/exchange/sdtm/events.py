"""CRS and ICANS of a case as adverse events, graded by ASTCT 2019: results of the charts, never read back as input."""

from collections.abc import Callable, Iterator

from cartox_core import Case, grade_course, load

Values = dict[str, str]
SCALE = "ASTCT 2019"
_TERMS = {
    "crs": "Cytokine release syndrome",
    "icans": "Immune effector cell-associated neurotoxicity syndrome",
}
_DEATH = 5


def adverse_events(
    case: Case, at: Callable[[int], str], study_day: Callable[[int], str]
) -> Iterator[tuple[str, Values]]:
    """Records of AE and SUPPAE: an event from its onset to its resolution where the case has reached grade 1.

    Where what is unknown leaves a range, AETOXGR is missing and the range stands in SUPPAE.
    """
    guideline = load("astct-2019")
    number = 0
    for name, term in _TERMS.items():
        course = grade_course(case.observations, case.treatments, guideline.scale(name), case.patient)
        seen = course.floors
        if seen.onset_h is None:
            continue
        number += 1
        certain = seen.peak == course.ceilings.peak
        values = {"AETERM": term, "AEDECOD": term, "AEOUT": _outcome(seen.peak, seen.resolved_h)}
        values |= {"AETOXGR": str(seen.peak)} if certain else {}
        for word, time_h in (("ST", seen.onset_h), ("EN", seen.resolved_h)):
            if time_h is not None:
                minute = next(o.minute for o in case.observations if o.time_h == time_h)
                values |= {f"AE{word}DTC": at(minute), f"AE{word}DY": study_day(minute)}
        yield "AE", values
        yield "SUPPAE", _told(number, "AETOXSCL", "Toxicity Grading Scale", SCALE)
        if not certain:
            grades = f"{seen.peak}-{course.ceilings.peak}"
            yield "SUPPAE", _told(number, "AETOXRNG", "Range of Possible Toxicity Grades", grades)


def _outcome(peak: int, resolved_h: float | None) -> str:
    if peak == _DEATH:
        return "FATAL"
    return "NOT RECOVERED/NOT RESOLVED" if resolved_h is None else "RECOVERED/RESOLVED"


def _told(number: int, name: str, label: str, value: str) -> Values:
    return {
        "RDOMAIN": "AE",
        "IDVAR": "AESEQ",
        "IDVARVAL": str(number),
        "QNAM": name,
        "QLABEL": label,
        "QVAL": value,
        "QORIG": "DERIVED",
    }
