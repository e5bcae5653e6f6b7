"""What a chart holds that a plan does not use as it stands."""

from typing import Any

import pytest

from cartox_core.notes import notes
from tests.cartox_core.small_plan import PLAN, case, seen

JUDGED = "charted; whether that is hypotension of the therapy is a judgement: chart hypotension"
PRESSOR = "norepinephrine given, but grades read the signs: chart vasopressors, how many run"
NO_MOST = "norepinephrine: no maximum in the source, not checked"


def told(row: dict[str, Any], *drugs: str, dose: float = 5) -> list[str]:
    given = [{"time_h": 35, "drug": drug, "dose": dose} for drug in drugs]
    return list(notes(PLAN, seen(case({"time_h": 36, **row}, given=given))))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"sbp_mmhg": 84}, [f"sbp_mmhg 84 is {JUDGED}"]),
        ({"sbp_mmhg": 84.5, "dbp_mmhg": 40}, [f"sbp_mmhg 84.5 and dbp_mmhg 40 are {JUDGED}"]),
        ({"sbp_mmhg": 84, "hypotension": False}, []),
        ({"hypotension": True}, []),
    ],
)
def test_a_pressure_is_no_judgement(row: dict[str, Any], words: list[str]) -> None:
    assert told(row) == words


def test_a_vasopressor_that_was_given_is_no_sign() -> None:
    assert told({}, "norepinephrine") == [PRESSOR, NO_MOST]
    assert told({"vasopressors": 1}, "norepinephrine") == [NO_MOST]
    assert told({}, "norepinephrine", dose=0) == []
    assert told({"vasopressors": 0}, "vasopressin")[0].startswith("vasopressin given, but grades read the signs: ")
    assert len(told({"vasopressin": True}, "vasopressin")) == 1


def test_a_drug_of_which_the_plan_has_no_dose_is_not_checked() -> None:
    assert told({}, "tocilizumab", "dexamethasone", "methylprednisolone", "anakinra", "emapalumab", "dasatinib") == []
    assert told({}, "acetaminophen", "acetaminophen", "gcsf") == [
        "acetaminophen, gcsf: no maximum in the source, not checked"
    ]
