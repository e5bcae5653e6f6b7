"""The plan of the review, a small one made for tests, and cases at the bedside."""

from typing import Any

from cartox_core import Case, Plan, load_plan, read_case
from cartox_core.bedside import Bedside, bedside, scales_of
from cartox_core.library import parse_plan

PLAN = load_plan("ferreri-2024")
SMALL = """
id = "small"
title = "Small"
text = "For tests."
cite = ["register"]
[[toxicity]]
name = "all"
title = "All"
[[toxicity]]
name = "crs"
title = "CRS"
grade = "crs_grade"
guideline = "astct-2019"
scales = ["crs"]
fresh_h = 12
[[despite]]
field = "crs_despite_steroid"
grade = "crs_grade"
drugs = ["dexamethasone"]
after_h = 6
cite = ["register"]
[regimen.one]
dose = [1, 2]
unit = "mg/kg"
route = "IV"
every_h = [4, 8]
ages = "$ages"
cite = ["register"]
[regimen.none]
route = "IV"
cite = ["register"]
[[step]]
id = "a"
toxicity = "crs"
kind = "drug"
strength = "should"
what = "a"
drugs = ["anakinra"]
regimen = "one"
when = [{ crs_grade = "2..4" }]
cite = ["register"]
[[step]]
id = "b"
toxicity = "crs"
kind = "monitoring"
strength = "should"
what = "b"
every_h = 12
charts = ["ice"]
when = [{ crs_grade = "1..4" }, { icans_grade = "$never" }]
cite = ["register"]
[[step]]
id = "c"
toxicity = "all"
kind = "support"
strength = "may"
what = "c"
regimen = "none"
when = [{ icans_grade = "$never" }]
cite = ["register"]
[reading.R]
title = "R"
default = "one"
why = "W."
[reading.R.choice.one]
text = "one"
values = { never = "never", ages = ">= 18" }
[reading.R.choice.two]
text = "two"
values = { never = "1", ages = "-" }
"""


def small(old: str = "", new: str = "", readings: dict[str, str] | None = None) -> Plan:
    assert old in SMALL
    return parse_plan(SMALL.replace(old, new, 1), "small", readings)


def case(*rows: dict[str, Any], given: list[dict[str, Any]] | None = None, **patient: float) -> Case:
    return read_case({"patient": patient, "observations": list(rows), "treatments": given or []})


def seen(of: Case, plan: Plan = PLAN, **stated: Any) -> Bedside:
    return bedside(of, plan, scales_of(plan), stated)
