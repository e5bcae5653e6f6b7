"""The lines of a high dose as a guideline file writes them: read exactly, printed, and refused where they are wrong."""

from fractions import Fraction
from importlib import resources
from typing import Any

import pytest

from cartox_core import GuidelineError, load
from cartox_core.library import parse
from cartox_core.units import Rate, rate_of

LEE = (resources.files("cartox_core") / "guidelines" / "lee-2014.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("dose", "unit", "rate"),
    [
        (20, "ug/min", Rate(Fraction(20))),
        (20, "mcg/min", Rate(Fraction(20))),
        (20, "\u00b5g/min", Rate(Fraction(20))),
        (20, "\u03bcg/min", Rate(Fraction(20))),
        (20, " ug/min ", Rate(Fraction(20))),
        (1.2, "mg/h", Rate(Fraction(20))),
        (1.2, "mg/hr", Rate(Fraction(20))),
        (0.1, "ug/kg/min", Rate(Fraction(1, 10), per_kg=True)),
        (0.1, "ug/(kg.min)", Rate(Fraction(1, 10), per_kg=True)),
        (0.1, "ug/min/kg", Rate(Fraction(1, 10), per_kg=True)),
        (6, "ug/kg/h", Rate(Fraction(1, 10), per_kg=True)),
        (20, "ng/kg/min", Rate(Fraction(1, 50), per_kg=True)),
        (1, "ug/s", Rate(Fraction(60))),
        ("0.2", "ug/kg/min", Rate(Fraction(1, 5), per_kg=True)),
        (1e-300, "ug/min", Rate(Fraction("1e-300"))),
        *(
            (1, unit, None)
            for unit in (
                *("", "ug", "mL/h", "U/min", "U/h", "ug/kg", "ug/kg/kg/min", "ug/min/h", "Mg/min", "/min"),
                *("ug/kg/kg", "ug//min", "ug/min/", "mg/kg"),
            )
        ),
    ],
)
def test_a_rate_is_read_exactly_or_not_at_all(dose: Any, unit: str, rate: Rate | None) -> None:
    assert rate_of(dose, unit) == rate


def test_a_rate_is_put_into_the_unit_of_another_and_printed() -> None:
    flat, weighed = Rate(Fraction(14)), Rate(Fraction(1, 5), per_kg=True)
    assert (flat.on(weighed, Fraction(70)), weighed.on(flat, Fraction(70))) == (Fraction(1, 5), 14)
    assert (flat.on(flat, Fraction(70)), weighed.on(weighed, Fraction(70))) == (14, Fraction(1, 5))
    assert (str(flat), str(weighed)) == ("14 µg/min", "0.2 µg/kg/min")


def test_the_lines_of_the_papers() -> None:
    """Lee 2014 and Porter 2018, recalled: the numbers once more, apart from the files."""
    lines = {name: load(name).scale("crs").infusions for name in ("lee-2014", "cartox-2018", "penn-2018")}
    high = {name: found.high_dose for name, found in lines.items() if found is not None}
    assert high["lee-2014"] == high["cartox-2018"]
    said = {
        name: [str(rate) for rate in (*h.alone.values(), h.combination, h.on_vasopressin)]
        for name, h in high.items()
        if h is not None
    }
    shared = ["200 µg/min", "10 µg/kg/min"]
    assert said["lee-2014"] == ["20 µg/min", "10 µg/min", *shared, "20 µg/min", "10 µg/min"]
    per_kg = ["0.2 µg/kg/min", "0.1 µg/kg/min"]
    assert said["penn-2018"] == [*per_kg, *shared, *per_kg]
    for found in high.values():
        assert found is not None
        assert found.hours == 3
        assert list(found.alone) == ["norepinephrine", "epinephrine", "phenylephrine", "dopamine"]
        assert [str(r) for r in found.equivalent.values()] == ["1 µg/min", "1 µg/min", "10 µg/min", "2 µg/kg/min"]


def test_which_scales_derive_what() -> None:
    found = {name: load(name).scale("crs").infusions for name in ("mskcc-2018", "astct-2019", "ctcae-5")}
    assert found["mskcc-2018"] is not None
    assert (found["mskcc-2018"].high_dose, found["mskcc-2018"].bridge_min) == (None, 15)
    assert (found["astct-2019"], found["ctcae-5"]) == (None, None)
    strict = load("mskcc-2018", {"INTERRUPTION": "counted"}).scale("crs").infusions
    assert strict is not None
    assert strict.bridge_min == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('norepinephrine = "20 ug/min"', 'norepinefrine = "20 ug/min"', "there is no line of 'norepinefrine'; did you"),
        ('norepinephrine = "20 ug/min"', 'vasopressin = "20 ug/min"', "there is no line of 'vasopressin'"),
        ('norepinephrine = "20 ug/min"', 'norepinephrine = "20"', "alone.norepinephrine is '20'; it must be a rate"),
        ('norepinephrine = "20 ug/min"', "norepinephrine = 20", "alone.norepinephrine is 20; it must be a rate"),
        (
            'norepinephrine = "20 ug/min"',
            'norepinephrine = "x ug/min"',
            "it must be a rate above 0 such as '20 ug/min'",
        ),
        ('norepinephrine = "20 ug/min"', 'norepinephrine = "0 ug/min"', "it must be a rate above 0"),
        ('norepinephrine = "20 ug/min"', 'norepinephrine = "1/0 ug/min"', "it must be a rate above 0"),
        ('norepinephrine = "20 ug/min"', 'norepinephrine = "-1 ug/min"', "it must be a rate above 0"),
        ('combination = "20 ug/min"', 'combination = "20 U/min"', "high_dose.combination is '20 U/min'"),
        ('on_vasopressin = "10 ug/min"', "on_vasopressin = 3", "on_vasopressin is 3; it must be text"),
        ("hours = 3", "hours = -3", "hours is -3; it must be a number of hours from 0"),
        ("hours = 3\n", "", "high_dose: 'hours' is missing"),
        ('bridge_min = "$bridge_min"', "bridge_min = -1", "bridge_min is -1; it must be a number of minutes from 0"),
        (
            'bridge_min = "$bridge_min"',
            'bridge_min = "$bridge"',
            "no reading sets '$bridge'; did you mean 'bridge_min'?",
        ),
        ('bridge_min = "$bridge_min"\n', "", "infusions: 'bridge_min' is missing"),
        (
            "vasopressor_dose_high = true",
            "hypotension = true",
            "no clause reads vasopressor_dose_high, which it derives",
        ),
        ('cite = ["lee-2014 high-dose vasopressors, recalled"]\n[scale', 'cite = ["x"]\n[scale', "cites 'x'"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, said: str) -> None:
    assert LEE.count(old) == 1
    with pytest.raises(GuidelineError) as refused:
        parse(LEE.replace(old, new), "lee.toml")
    assert said in str(refused.value)
    assert str(refused.value).startswith("lee.toml: scale.crs.infusions")
