"""Drugs by the calendar beside the most that the review has for them."""

import pytest

from harness.scenarios.policy_file import parse_policy
from harness.scenarios.too_often import too_often


def dose(drug: str, days: str, unit: str = "mg", route: str = "IV") -> str:
    return f'[[given]]\ndrug = "{drug}"\ndose = 8\nunit = "{unit}"\nroute = "{route}"\n{days}\n'


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (dose("tocilizumab", "from_day = 0\nto_day = 3\nevery_h = 24"), []),
        (
            dose("tocilizumab", "from_day = 0\nto_day = 4\nevery_h = 24"),
            ["tocilizumab by the calendar: 5 doses a patient; ferreri-2024 has 4 in all at most"],
        ),
        (
            dose("tocilizumab", "from_day = 0\nto_day = 3\nevery_h = 24") + dose("tocilizumab", "from_day = 9"),
            ["tocilizumab by the calendar: 5 doses a patient; ferreri-2024 has 4 in all at most"],
        ),
        (dose("tocilizumab", "from_day = 0") + dose("tocilizumab", f"from_day = {1 / 3}"), []),
        (
            dose("tocilizumab", "from_day = 0") + dose("tocilizumab", "from_day = 0.25"),
            ["tocilizumab by the calendar: doses 6 h apart; ferreri-2024 has 8 h at least"],
        ),
        (dose("dasatinib", "from_day = 0\nto_day = 6\nevery_h = 24", route="PO"), []),
        (
            dose("dasatinib", "from_day = 0\nto_day = 7\nevery_h = 24", route="PO"),
            ["dasatinib by the calendar: 8 doses a patient; ferreri-2024 has 7 in all at most"],
        ),
        (dose("dexamethasone", "from_day = 0\nto_day = 30\nevery_h = 1"), []),  # the source has no most
        (dose("anakinra", "from_day = 0\nto_day = 30\nevery_h = 1"), []),  # nor has it a dose for CRS and ICANS
        (dose("lenzilumab", "from_day = 0\nto_day = 30\nevery_h = 1"), []),
    ],
)
def test_the_most_in_number_and_the_least_time_between(given: str, told: list[str]) -> None:
    assert too_often(parse_policy(f'title = "t"\ntext = "x"\ncite = []\n{given}', "own")) == told
