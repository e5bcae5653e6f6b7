"""Every number of ``trials.toml`` is the one that Table 1 of the review prints (Ferreri 2024, read for this test)."""

import re
import tomllib
from importlib import resources
from typing import NamedTuple

import pytest
from pydantic import ValidationError

from harness.patients.trials import Trial, UnknownTrialError, trial, trials


class Row(NamedTuple):
    """A row of Table 1 in per cent and days, then who was treated and how was graded, by the trial's own paper."""

    name: str
    printed_as: str
    product: str
    crs: tuple[int, int, int]  # any, grade 3 or more, median onset in days
    neuro: tuple[int, int]
    cytopenias: dict[str, tuple[int, int | None]]  # per cent, and the day by which it had not resolved
    infection: tuple[int | None, int] | None
    treated: int
    crs_by: str
    neuro_by: str = "CTCAE v4.03"


TISA, AXI = "tisagenlecleucel", "axicabtagene ciloleucel"
LISO, BREXU = "lisocabtagene maraleucel", "brexucabtagene autoleucel"
LEE = "Lee 2014"


def unresolved(share: int, by_day: int) -> dict[str, tuple[int, int | None]]:
    return {"cytopenia_g3plus_unresolved": (share, by_day)}


def unresolved_by_line(neutropenia: int, thrombocytopenia: int, by_day: int) -> dict[str, tuple[int, int | None]]:
    return {
        "neutropenia_g3plus_unresolved": (neutropenia, by_day),
        "thrombocytopenia_g3plus_unresolved": (thrombocytopenia, by_day),
    }


ZUMA_1_CYTOPENIAS = {
    "neutropenia_g3plus": (78, None),
    "thrombocytopenia_g3plus": (38, None),
    "anemia_g3plus": (43, None),
}
TABLE_1 = [
    Row("ELIANA", "NCT02435849", TISA, (77, 47, 3), (40, 13), unresolved(24, 28), (43, 24), 75, "Penn"),
    Row("JULIET", "JULIET", TISA, (58, 22, 3), (21, 12), unresolved(32, 28), (34, 20), 111, "Penn"),
    Row("ZUMA-1", "ZUMA-1", AXI, (93, 13, 2), (64, 28), ZUMA_1_CYTOPENIAS, None, 101, LEE),
    Row("ZUMA-7", "ZUMA-7", AXI, (92, 6, 3), (60, 21), unresolved(29, 30), (41, 14), 170, LEE),
    Row("ZUMA-5", "ZUMA-5", AXI, (78, 6, 4), (56, 15), unresolved(33, 30), (None, 18), 124, LEE),
    Row(
        "TRANSCEND NHL 001", "TRANSCEND NHL 001", LISO,
        (42, 2, 5), (30, 10), unresolved(37, 28), (None, 12), 269, LEE,
    ),
    Row("TRANSFORM", "TRANSFORM", LISO, (49, 1, 5), (11, 4), unresolved(43, 35), (None, 15), 92, LEE),
    Row("ZUMA-3", "ZUMA-3", BREXU, (89, 24, 5), (60, 26), unresolved(36, 30), (None, 25), 55, LEE),
    Row("ZUMA-2", "ZUMA-2", BREXU, (91, 15, 2), (63, 31), unresolved(26, 90), (None, 32), 68, LEE),
    Row(
        "KarMMa", "KarMMa", "idecabtagene vicleucel",
        (84, 5, 1), (18, 3), unresolved_by_line(52, 62, 28), (None, 22), 128, LEE,
    ),
    Row(
        "CARTITUDE-1", "CARTITUDE-1", "ciltacabtagene autoleucel",
        (95, 5, 7), (17, 2), unresolved_by_line(30, 41, 30), (None, 20), 97, "ASTCT 2019, part Lee", "ASTCT 2019",
    ),
]  # fmt: skip
BY_NAME = {row.name: row for row in TABLE_1}
OTHER_NEUROTOXICITY = (12, 9)  # CARTITUDE-1 alone prints other neurotoxicities, 9 % of grade 3 or more
# Patients of that count among those treated, by the trial's own paper: their share rounds to the printed number.
COUNTED = {
    "ELIANA": {"crs_any": 58, "crs_g3plus": 35, "neuro_any": 30, "neuro_g3plus": 10},
    "JULIET": {"crs_any": 64, "neuro_any": 23},
    "ZUMA-1": {"crs_any": 94},
    "ZUMA-7": {"crs_g3plus": 11},
    "ZUMA-5": {"crs_any": 97, "crs_g3plus": 8, "neuro_any": 70, "neuro_g3plus": 19},
    "TRANSCEND NHL 001": {"crs_any": 113, "crs_g3plus": 6, "neuro_any": 80, "neuro_g3plus": 27},
    "TRANSFORM": {"crs_any": 45, "neuro_any": 10},
    "ZUMA-3": {"crs_any": 49, "crs_g3plus": 13, "neuro_any": 33},
    "ZUMA-2": {"crs_any": 62, "crs_g3plus": 10, "neuro_any": 43, "neuro_g3plus": 21},
    "KarMMa": {"crs_any": 107, "crs_g3plus": 7, "neuro_any": 23},
    "CARTITUDE-1": {"crs_any": 92, "crs_g3plus": 5, "neuro_any": 16, "neuro_g3plus": 2},
}


def percent(share: float) -> float:
    """A share in per cent, which the table prints without decimals."""
    return round(100 * share, 9)


@pytest.fixture(params=TABLE_1, ids=lambda row: row.name)
def row(request: pytest.FixtureRequest) -> Row:
    return request.param


def test_the_trials_are_the_eleven_rows_in_their_order() -> None:
    assert list(trials()) == [row.name for row in TABLE_1]


def test_crs_is_as_printed(row: Row) -> None:
    crs = trial(row.name).crs
    assert (percent(crs.any.value), percent(crs.g3plus.value), crs.onset_median_days.value) == row.crs


def test_neurotoxicity_is_as_printed(row: Row) -> None:
    neuro = trial(row.name).neurotoxicity
    assert (percent(neuro.any.value), percent(neuro.g3plus.value)) == row.neuro


def test_cytopenias_are_as_printed(row: Row) -> None:
    found = {c.quantity: (percent(c.value), c.by_day) for c in trial(row.name).cytopenia}
    assert found == row.cytopenias


def test_infections_are_as_printed(row: Row) -> None:
    found = trial(row.name).infection
    printed = found and (found.any and percent(found.any.value), percent(found.g3plus.value))
    assert printed == row.infection


def test_other_neurotoxicity_is_printed_for_one_trial(row: Row) -> None:
    found = trial(row.name).other_neurotoxicity
    if row.name == "CARTITUDE-1":
        assert found is not None and found.any is not None
        assert (percent(found.any.value), percent(found.g3plus.value)) == OTHER_NEUROTOXICITY
    else:
        assert found is None


def test_product_denominator_and_scales_are_the_trials(row: Row) -> None:
    found = trial(row.name)
    assert (found.printed_as, found.product, found.treated) == (row.printed_as, row.product, row.treated)
    assert (found.crs.graded_by, found.neurotoxicity.graded_by) == (row.crs_by, row.neuro_by)


def test_antigen_and_costimulation_are_those_of_the_product(row: Row) -> None:
    found = trial(row.name)
    assert found.antigen == ("BCMA" if row.name in ("KarMMa", "CARTITUDE-1") else "CD19")
    assert found.costimulation == ("CD28" if row.product in (AXI, BREXU) else "4-1BB")


def test_every_number_names_its_cell(row: Row) -> None:
    found, place = trial(row.name), TABLE_1.index(row) + 1
    cells = {
        "CRS": [found.crs.any, found.crs.g3plus, found.crs.onset_median_days],
        "Neurotoxicity": [found.neurotoxicity.any, found.neurotoxicity.g3plus],
        "Cytopenias": found.cytopenia,
        "Infection": [found.infection.any, found.infection.g3plus] if found.infection else [],
    }
    for column, printed in cells.items():
        assert {number.cell for number in printed if number} <= {f"row {place}, {column}"}


def test_counts_of_the_papers_round_to_the_printed_shares(row: Row) -> None:
    found = trial(row.name)
    shares = {
        "crs_any": found.crs.any,
        "crs_g3plus": found.crs.g3plus,
        "neuro_any": found.neurotoxicity.any,
        "neuro_g3plus": found.neurotoxicity.g3plus,
    }
    for quantity, count in COUNTED[row.name].items():
        assert 100 * count / row.treated == pytest.approx(percent(shares[quantity].value), abs=0.51), quantity


def test_shares_stand_in_order(row: Row) -> None:
    found = trial(row.name)
    assert 0 < found.crs.g3plus.value <= found.crs.any.value < 1
    assert 0 < found.neurotoxicity.g3plus.value <= found.neurotoxicity.any.value < 1
    low, median, high = found.assumed.age_years
    assert 0 <= low <= median <= high <= 120
    assert found.assumed.crs_g4_of_severe + found.assumed.crs_g5_of_severe <= 1
    assert found.assumed.neuro_g4_of_severe + found.assumed.neuro_g5_of_severe <= 1


def test_assumptions_and_known_errors_are_said(row: Row) -> None:
    found = trial(row.name)
    assert found.assumed.confidence in ("H", "H/M", "M", "L")
    assert "facts/trials.md" in found.assumed.source
    assert all(note.text for note in found.note)


@pytest.mark.parametrize(
    ("name", "note", "numbers"),
    [
        ("KarMMa", "D1", (52, 127, 41, 62, 49)),
        ("ELIANA", "D2", (24, 75, 32)),
        ("ZUMA-3", "D3", (14, 55, 25, 26)),
        ("CARTITUDE-1", "D5", (5, 4)),
        ("ELIANA", "D6", (35, 75)),
    ],
)
def test_what_is_known_to_be_wrong_is_noted_with_its_arithmetic(name: str, note: str, numbers: tuple[int, ...]) -> None:
    text = next(n.text for n in trial(name).note if n.id == note)
    for number in numbers:
        assert re.search(rf"\b{number}\b", text), (number, text)


def test_an_unknown_trial_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownTrialError, match=r"'ZUMA-8'; did you mean 'ZUMA-\d'\? there are ELIANA, JULIET"):
        trial("ZUMA-8")
    with pytest.raises(UnknownTrialError, match=r"no trial 'x'; there are ELIANA"):
        trial("x")


def spoilt(**change: object) -> dict[str, object]:
    text = (resources.files("harness.patients") / "trials.toml").read_text(encoding="utf-8")
    return {**tomllib.loads(text)["trial"][0], **change}


@pytest.mark.parametrize(
    "change",
    [
        {"teated": 75},
        {"treated": "75"},
        {"crs": {"graded_by": "Penn"}},
        {"cytopenia": [{"quantity": "x", "value": 24, "cell": "c"}]},
        {"name": None},
    ],
    ids=["unknown key", "text for a number", "missing numbers", "per cent for a share", "no name"],
)
def test_a_malformed_row_is_refused(change: dict[str, object]) -> None:
    assert Trial.model_validate(spoilt()).name == "ELIANA"
    with pytest.raises(ValidationError):
        Trial.model_validate(spoilt(**change))
