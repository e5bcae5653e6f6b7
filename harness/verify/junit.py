"""A verdict as JUnit XML, which every CI server reads: a suite for each scale, a test for each case."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from harness.verify.judge import Judged
from harness.verify.verdict import Verdict
from harness.verify.words import in_words

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold


def junit(verdict: Verdict) -> str:
    """The XML document."""
    accepted = {j.case.id for j in verdict.accepted}
    root = ET.Element("testsuites", name="cartox verify", time=f"{verdict.seconds:.3f}")
    for scale in verdict.suite.scales:
        mine = [j for j in verdict.judged if j.case.scale == scale]
        _suite(root, verdict, scale, mine, accepted)
    if verdict.reasons:
        about = ET.SubElement(root, "testsuite", name="cartox.run", tests="1", failures="0", errors="1", skipped="0")
        case = ET.SubElement(about, "testcase", classname="cartox.run", name=verdict.word)
        ET.SubElement(case, "error", message=_clean("; ".join(verdict.reasons)), type=verdict.word)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, verdict: Verdict, scale: str, judged: Sequence[Judged], accepted: set[str]) -> None:
    failed = sum(j.is_failure and j.case.id not in accepted for j in judged)
    skipped = sum(j.status in ("skipped", "not-run") or j.case.id in accepted for j in judged)
    suite = ET.SubElement(
        root,
        "testsuite",
        name=f"{verdict.guideline.id}.{scale}",
        tests=str(len(judged)),
        failures=str(failed),
        errors="0",
        skipped=str(skipped),
    )
    for j in judged:
        case = ET.SubElement(suite, "testcase", classname=f"cartox.{scale}.{j.case.kind}", name=j.case.id)
        if j.case.id in accepted:
            ET.SubElement(case, "skipped", message="a known failure, accepted")
        elif j.is_failure:
            told = f"{in_words(j.case, verdict.guideline.scale(scale))}\nexpected {j.expected}, got {j.got}"
            failure = ET.SubElement(
                case, "failure", message=_clean(f"expected {j.expected}, got {j.got}"), type=j.status
            )
            failure.text = _clean(told)
        elif j.status != "agree":
            ET.SubElement(case, "skipped", message=_clean(j.answer.text or j.status))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("�", text)
