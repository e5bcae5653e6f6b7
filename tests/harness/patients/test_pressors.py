"""Vasopressors as drugs: as many as the signs say, doses clear of the high-dose lines, started and stopped."""

import numpy as np
import pytest

from harness.patients.pressors import Stretch, charges, pressor_signs, stretches, unit_of
from harness.patients.rounds import Rounds
from tests.harness.simulated import graded


@pytest.fixture(scope="module")
def block():
    return graded("table1", "ELIANA", 0, 600, full=True)


@pytest.fixture(scope="module")
def found(block) -> tuple[list[Stretch], Rounds]:
    columns = block.chart.columns  # charted whole, so these are all rounds
    rounds = Rounds(block.chart.place, columns.minute.astype(np.int64), block.starts)
    return stretches(block.people, rounds, columns.fields), rounds


def test_so_many_drugs_run_as_the_signs_say(block, found) -> None:
    count, beside = (block.chart.columns.fields[k].astype(int) for k in ("vasopressors", "vasopressin"))
    seen = np.zeros(len(count), bool)
    for each in found[0]:
        rows = slice(each.first, each.stop)
        others = [d for d in each.doses if d != "vasopressin"]
        assert set(count[rows]) == {len(others)}
        assert set(beside[rows]) == {int("vasopressin" in each.doses)}
        assert set(block.chart.place[rows]) == {each.place}
        seen[rows] = True
    assert (seen == (count + beside > 0)).all()


ALONE = {"norepinephrine": (20, 0.2), "epinephrine": (10, 0.1), "phenylephrine": (200, 0), "dopamine": (0, 10)}


def calls(doses: dict[str, float], weight_kg: float) -> set[bool]:
    """Whether doses are high, in µg/min and in µg/kg/min: alone, summed as norepinephrine, or beside vasopressin."""
    others = {drug: dose for drug, dose in doses.items() if drug != "vasopressin"}
    if others == doses and len(doses) == 1:
        ((drug, dose),) = doses.items()
        return {dose >= line for line in (ALONE[drug][0], ALONE[drug][1] * weight_kg) if line}
    equivalent = sum(dose * (0.1 if drug == "phenylephrine" else 1) for drug, dose in others.items())
    part = 1.0 if others == doses else 0.5
    return {equivalent >= part * 20, equivalent >= part * 0.2 * weight_kg}


def test_doses_are_high_or_low_by_both_scales(block, found) -> None:
    """Lee's lines are in µg/min, Penn's in µg/kg/min; half of either beside vasopressin (both recalled)."""
    kinds = set()
    for each in found[0]:
        weight = 1.0 if "dopamine" in each.doses else float(block.people.weight_kg[each.place])
        assert calls(dict(each.doses), weight) == {each.high}, each
        kinds.add((len(each.doses), each.high, "vasopressin" in each.doses))
        assert "dopamine" not in each.doses or len(each.doses) == 1  # it is never summed
    assert {(1, False, False), (1, True, False), (3, True, True), (2, False, False), (1, False, True)} <= kinds


def test_every_drug_that_is_started_is_stopped_and_runs_when_the_signs_say(block, found) -> None:
    given, rounds = charges(*found), found[1]
    for place, doses in given.items():
        rows = np.flatnonzero(block.chart.place == place)
        for drug in {d.drug for d in doses}:
            mine = [d for d in doses if d.drug == drug]
            assert mine[-1].dose == 0
            assert {d.unit for d in mine} == {unit_of(drug)}
        for row in rows[:-1]:  # at the end of a chart by death all are stopped at its last round
            running = {}
            for dose in doses:
                if dose.minute <= rounds.minute[row]:
                    running[dose.drug] = dose.dose
            now = [d for d, dose in running.items() if dose > 0]
            fields = block.chart.columns.fields
            assert len([d for d in now if d != "vasopressin"]) == fields["vasopressors"][row]
            assert ("vasopressin" in now) == fields["vasopressin"][row]
    assert sum(len(d) for d in given.values()) > 100


def test_they_stand_among_the_treatments_of_a_full_block(block, found) -> None:
    given = charges(*found)
    for place, doses in given.items():
        assert set(doses) <= set(block.log.given[place])


def stretch(first: int, stop: int, high: bool, refractory: bool = False, place: int = 0) -> Stretch:
    return Stretch(place, first, stop, {"norepinephrine": 30.0 if high else 3.0}, high, refractory)


def test_hours_count_from_the_first_and_a_high_dose_from_its_own_beginning() -> None:
    rounds = Rounds(np.zeros(8, np.int64), np.arange(8) * 240, np.array([0]))
    found = pressor_signs([stretch(1, 3, False), stretch(3, 6, True, refractory=True)], rounds)
    assert found["vasopressor_hours"].tolist() == [0, 0, 4, 8, 12, 16, 0, 0]
    assert found["vasopressor_dose_high"].tolist() == [0, 0, 0, 0, 1, 1, 0, 0]
    assert found["hypotension_refractory"].tolist() == [0, 0, 0, 0, 1, 1, 0, 0]


def test_a_pause_begins_the_count_again() -> None:
    rounds = Rounds(np.zeros(8, np.int64), np.arange(8) * 240, np.array([0]))
    found = pressor_signs([stretch(0, 2, True), stretch(4, 6, True)], rounds)
    assert found["vasopressor_hours"].tolist() == [0, 4, 0, 0, 0, 4, 0, 0]
    assert found["vasopressor_dose_high"].tolist() == [0, 1, 0, 0, 0, 1, 0, 0]


def test_a_change_of_dose_is_charted_once() -> None:
    rounds = Rounds(np.zeros(6, np.int64), np.arange(6) * 240, np.array([0]))
    given = charges([stretch(1, 3, False), stretch(3, 5, True)], rounds)[0]
    assert [(g.minute, g.drug, g.dose, g.unit) for g in given] == [
        (240, "norepinephrine", 3.0, "ug/min"),
        (720, "norepinephrine", 30.0, "ug/min"),
        (1200, "norepinephrine", 0.0, "ug/min"),
    ]
