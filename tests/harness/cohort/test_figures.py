"""The figures are well-formed SVG that says in words what it draws."""

import dataclasses
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from harness.cohort.example import make_again
from harness.cohort.figures import GRADE_FILL, GRADE_INK, course_chart, grade_bars, onset_curve
from harness.patients.address import Address
from tests.harness.simulated import guideline

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert(\"x\")</script> & 'more'"
SHOWN = [
    "v1/table1/ZUMA-1/1/0", "v1/table1/ELIANA/1/3", "v1/pediatric/ELIANA/1/5", "v1/late-icans/ZUMA-3/1/2",
    "v1/sparse-charting/KarMMa/1/4", "v1/masked-fever/ZUMA-2/1/9", "v1/table1/TRANSFORM/1/1",
]  # fmt: skip


def drawn(svg: str) -> ET.Element:
    """The figure, parsed; its numbers are finite and stand within its frame."""
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for element in root.iter():
        for name, value in element.attrib.items():
            if name in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height"):
                limit = width if name in ("x", "x1", "x2", "cx", "width") else height
                assert math.isfinite(float(value))
                assert -1 <= float(value) <= limit + 1, (element.tag, element.attrib)
            if name in ("points", "d"):
                assert all(math.isfinite(float(n)) for n in re.findall(r"[-\d.]+", value))
    assert root.attrib["role"] == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == root.attrib["aria-label"]
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    return root


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_the_onset_curve_tells_both_medians():
    root = drawn(onset_curve("KarMMa", Counter({1200: 3, 1440: 5, 4320: 2, 30_000: 1}), 1.0, 1.25))
    assert root.attrib["aria-label"] == "KarMMa: onset of CRS; median of Table 1 1 d, simulated 1.25 d"
    assert "KarMMa" in texts(root)
    assert len(list(root.iter(f"{SVG}circle"))) == 1


def test_the_onset_curve_rises_to_all_patients():
    root = drawn(onset_curve("T", Counter({1440: 1, 2880: 1, 4320: 2}), 2.0, 2.5))
    path = next(root.iter(f"{SVG}path")).attrib["d"]
    heights = [float(v) for v in re.findall(r"V([-\d.]+)", path)]
    assert heights == sorted(heights, reverse=True)
    lines = [float(e.attrib["y1"]) for e in root.iter(f"{SVG}line") if e.attrib["y1"] == e.attrib["y2"]]
    assert heights[-1] == min(lines)
    assert heights[1] == sorted(lines)[1]  # half of them


def test_an_onset_curve_of_nobody_is_empty():
    root = drawn(onset_curve("T", Counter(), 2.0, None))
    assert not list(root.iter(f"{SVG}path"))
    assert not list(root.iter(f"{SVG}circle"))
    assert "simulated none" in root.attrib["aria-label"]


def test_bars_share_out_the_patients_by_grade():
    root = drawn(grade_bars("Peak", [("A", Counter({0: 50, 1: 30, 3: 20})), ("B", Counter({5: 7}))]))
    titles = [e.text for e in root.iter(f"{SVG}title")]
    assert "A, grade 1: 30.0 %" in titles
    assert "B, grade 5: 100.0 %" in titles
    bars = [e for e in root.iter(f"{SVG}rect") if len(e)]
    assert sum(float(e.attrib["width"]) for e in bars[:6]) == pytest.approx(410, abs=0.5)
    assert {"50", "30", "20", "100", "grade 0", "grade 5"} <= set(texts(root))


def test_colours_are_ordered_by_lightness_and_readable():
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light = [luminance(fill) for fill in GRADE_FILL]
    assert light == sorted(light, reverse=True)
    for fill, ink in zip(GRADE_FILL, GRADE_INK, strict=True):
        low, high = sorted((luminance(fill), luminance(ink)))
        assert (high + 0.05) / (low + 0.05) >= 3


@pytest.mark.parametrize("address", SHOWN)
def test_a_course_is_drawn_whole(address):
    example = make_again(Address.read(address), guideline())
    root = drawn(course_chart(example))
    assert root.attrib["aria-label"] == f"Course of {example.address}"
    words = texts(root)
    assert {"38.0 °C", "hypotension", "oxygen", "CRS", "ICANS", "drugs", "day 0"} <= set(words)
    assert ("CAPD" in words) == (example.case["patient"]["age_years"] < 12)


@pytest.mark.parametrize("address", SHOWN[:4])
def test_a_course_shows_each_grade_that_was_found(address):
    example = make_again(Address.read(address), guideline())
    titles = [e.text or "" for e in drawn(course_chart(example)).iter(f"{SVG}title")]
    last = max(int(m.group(1)) for t in titles if (m := re.search(r"CRS \d at (\d+) h", t)))
    for hour, grade in zip(example.times_h, example.floors["crs"], strict=True):
        if hour <= last:
            assert f"CRS {grade} at {hour:g} h" in titles
        else:
            assert grade == 0
    peak = max(example.floors["icans"])
    assert any(t.startswith(f"ICANS {peak} at ") for t in titles)


@pytest.mark.parametrize(
    ("observation", "titles"),
    [
        ({"o2_device": "nasal_cannula", "o2_flow_l_min": 6.0}, ["oxygen 1 at 4 h"]),
        ({"o2_device": "high_flow_nasal_cannula", "o2_flow_l_min": 6.5}, ["oxygen 2 at 4 h"]),
        ({"o2_device": "nasal_cannula"}, ["oxygen 2 at 4 h"]),
        ({"o2_device": "blow_by"}, ["oxygen 1 at 4 h"]),
        ({"o2_device": "face_mask", "o2_flow_l_min": 3.0}, ["oxygen 2 at 4 h"]),
        ({"o2_device": "bipap"}, ["oxygen 3 at 4 h"]),
        ({"o2_device": "none"}, []),
        ({"vasopressors": 2, "vasopressin": True}, ["vasopressors 3 at 4 h"]),
        ({"vasopressors": 6, "vasopressin": True}, ["vasopressors 7 at 4 h"]),
        ({"hypotension": True}, ["hypotension 1 at 4 h"]),
        ({"hypotension": False, "vasopressors": 0}, []),
        ({}, []),
    ],
)
def test_support_is_shaded_by_its_strength(observation, titles):
    example = make_again(Address.read("v1/table1/TRANSFORM/1/1"), guideline())
    rounds = [{"time_h": 0.0}, {"time_h": 4.0, **observation}, {"time_h": 8.0}]
    plain = {k: [0, 0, 0] for k in ("crs", "icans")}

    one = dataclasses.replace(example, case={"patient": {"age_years": 60.0}, "observations": rounds, "treatments": []},
                              times_h=[0.0, 4.0, 8.0], floors=plain, ceilings=plain)  # fmt: skip
    found = [e.text for e in drawn(course_chart(one)).iter(f"{SVG}title")]
    assert [t for t in found if t and not t.startswith(("Course", "CRS", "ICANS"))] == titles


def test_names_are_escaped():
    for svg in (onset_curve(NASTY, Counter({1440: 1}), 1, 1.0), grade_bars(NASTY, [(NASTY, Counter({0: 1}))])):
        root = drawn(svg)
        assert NASTY in texts(root)
        assert "<script" not in svg
