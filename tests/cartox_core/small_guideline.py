"""A small good guideline file, and what is said of a text that is refused."""

import pytest

from cartox_core import GuidelineError
from cartox_core.library import parse

GOOD = """\
id = "small"
title = "A small guideline"
text = "For tests."
cite = ["lee-2019 Table 2"]

[scale.crs]
title = "CRS"
cite = ["lee-2019"]
top = 4
from_h = 0
gate_text = "fever"

[[scale.crs.gate]]
id = "gate.fever"
when = { temp_c = "$fever", fever_other_cause = false }
text = "fever now"
cite = ["lee-2019"]

[[scale.crs.gate]]
id = "gate.episode"
when = { crs_onset_fever = true, fever_masked = "$masked" }
text = "fever before"
cite = ["lee-2019"]

[scale.crs.episode]
opened = "crs_onset_fever"
masked = "fever_masked"
fever = "fever"
signs = ["fever", "pressure"]
quiet_h = "$quiet_h"
gap_resolves = false
look_back_h = 0
text = "a day"

[[scale.crs.assume]]
field = "vasopressors"
value = "$assumed"
when = { hypotension = false }
text = "no vasopressor where there is no hypotension"
cite = ["lee-2019"]

[[scale.crs.domain]]
name = "fever"
title = "Fever"
[[scale.crs.domain.clause]]
id = "fever.g1"
grade = 1
when = { temp_c = "$fever" }
text = "fever"
cite = ["lee-2019"]
[[scale.crs.domain.clause]]
id = "fever.none"
grade = 0
when = { temp_c = "$no_fever" }
text = "no fever"
cite = ["lee-2019"]

[[scale.crs.domain]]
name = "pressure"
title = "Hypotension"
[[scale.crs.domain.clause]]
id = "pressure.none"
grade = 0
when = { hypotension = false }
text = "none"
cite = ["lee-2019"]
[[scale.crs.domain.clause]]
id = "pressure.g2"
grade = 2
when = { hypotension = true }
text = "low"
cite = ["lee-2019"]
[[scale.crs.domain.clause]]
id = "pressure.many"
grade = "$many"
when = { vasopressors = ">= 2" }
text = "vasopressors"
cite = ["lee-2019"]

[[scale.crs.domain]]
name = "death"
title = "Death"
gated = false
[[scale.crs.domain.clause]]
id = "death.yes"
grade = 4
when = { death_from_crs = true }
text = "death"
cite = ["lee-2019"]
[[scale.crs.domain.clause]]
id = "death.no"
grade = 0
when = { death_from_crs = false }
text = "alive"
cite = ["lee-2019"]

[reading.R1]
title = "Fever"
default = "exact"
why = "as recorded"
[reading.R1.choice.exact]
text = "38.0"
values = { fever = ">= 38.0", no_fever = "< 38.0" }
[reading.R1.choice.high]
text = "38.5"
values = { fever = "$above", no_fever = "< 38.5" }

[reading.R2]
title = "The rest"
default = "some"
why = "for tests"
[reading.R2.choice.some]
text = "some"
values = { masked = "-", quiet_h = 24, many = 3, assumed = "-", above = ">= 38.5" }
[reading.R2.choice.other]
text = "other"
values = { masked = true, quiet_h = 48, many = 4, assumed = 0, above = ">= 38.5" }
"""


def changed(old: str, new: str, text: str = GOOD) -> str:
    """The small guideline with one place changed."""
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def refusal(text: str, readings: dict[str, str] | None = None) -> str:
    """What is said of a text that is refused."""
    with pytest.raises(GuidelineError) as caught:
        parse(text, "small.toml", readings)
    return str(caught.value)
