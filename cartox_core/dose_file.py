"""Rates of vasopressors as a guideline file writes them."""

from collections.abc import Mapping
from typing import Any

from cartox_core.bibliography import nearest
from cartox_core.guideline import GuidelineError
from cartox_core.observation import DRUGS
from cartox_core.units import Rate, rate_of


def rates_in(table: Mapping[str, Any], where: str) -> dict[str, Rate]:
    """The rate of each drug of a table. Raises GuidelineError for a drug that has none."""
    drugs = [drug for drug in DRUGS["vasopressor"] if drug != "vasopressin"]  # only whether it runs is asked
    for drug in table:
        if drug not in drugs:
            raise GuidelineError(
                f"{where}: there is no line of {drug!r};{nearest(drug, drugs)} drugs: {', '.join(drugs)}"
            )
    return {drug: rate_in(written, f"{where}.{drug}") for drug, written in table.items()}


def rate_in(written: object, where: str) -> Rate:
    """A rate as the file writes it: ``"20 ug/min"``. Raises GuidelineError."""
    number, _, unit = str(written).partition(" ")
    try:
        rate = rate_of(number, unit)
    except (ValueError, ZeroDivisionError):
        rate = None
    if rate is None or rate.ug_min <= 0:
        raise GuidelineError(
            f"{where} is {written!r}; it must be a rate above 0 such as '20 ug/min' or '0.2 ug/kg/min'"
        )
    return rate
