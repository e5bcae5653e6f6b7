"""What another policy does to the same persons: counts that a second count must give."""

import functools

import numpy as np
import pytest

from cartox_core import grade_course, read_case
from harness.cohort.block import Block
from harness.cohort.example import make_again
from harness.compare.policies import CareMoves, Policies, on_block, under_both
from harness.compare.policies_report import care_object, care_rows, care_told
from harness.patients.address import Address
from harness.scenarios.loader import load_scenario
from harness.scenarios.policy_file import load_policy, policy_names
from tests.harness.simulated import cared_for, guideline
from tests.quick import quick

COUNT = 400
STEROIDS = ("dexamethasone", "methylprednisolone")


def policies(new: str, old: str = "standard") -> Policies:
    return Policies(load_policy(old), load_policy(new), "astct-2019")


def block(first: int = 0, count: int = COUNT) -> Block:
    return Block(load_scenario("table1"), "ZUMA-1", 1, first, count)


@functools.cache
def moved(new: str) -> CareMoves:
    return on_block(policies(new), block())


@pytest.mark.parametrize("new", ["no-treatment", "tocilizumab-day-2", "early-tocilizumab"])
def test_the_matrix_counts_each_person_under_both(new: str) -> None:
    one, other = cared_for("standard"), cared_for(new)
    for scale in ("crs", "icans"):
        was, now = one.peaks(scale)[0], other.peaks(scale)[0]
        matrix = moved(new).scales[scale].matrix
        assert sum(matrix.values()) == COUNT
        for old in range(6):
            for later in range(6):
                assert matrix[old, later] == int(((was == old) & (now == later)).sum())
        assert moved(new).scales[scale].moved == int((was != now).sum())
    anywhere = [one.peaks(s)[0] != other.peaks(s)[0] for s in ("crs", "icans")]
    assert moved(new).moved == int(np.any(anywhere, axis=0).sum())


@pytest.mark.parametrize("new", ["no-treatment", "steroid-sparing", "anakinra-days-0-7"])
def test_doses_and_deaths_are_those_of_the_logs(new: str) -> None:
    logs = [cared_for(name).log for name in ("standard", new)]
    found = moved(new)
    for drug in ("acetaminophen", "tocilizumab", "dexamethasone", "anakinra"):
        doses = [sum(g.drug == drug for given in log.given for g in given) for log in logs]
        patients = [sum(any(g.drug == drug for g in given) for given in log.given) for log in logs]
        assert list(found.doses.get(drug, (0, 0))) == doses
        assert list(found.given_to.get(drug, (0, 0))) == patients
    died = [int((log.death_min < 10**9).sum()) for log in logs]
    assert list(found.deaths) == died


def test_days_at_grade_3_are_the_stretches_between_rounds() -> None:
    minutes = 0
    for place in np.flatnonzero(cared_for("no-treatment").peaks("crs")[0] >= 3).tolist():
        found = cared_for("no-treatment")
        ends = np.append(found.starts[1:], len(found.chart.place))
        rows = slice(int(found.starts[place]), int(ends[place]))
        high = found.grades["crs"].floor[rows] >= 3
        minutes += int(np.diff(found.chart.columns.minute[rows].astype(int))[high[:-1]].sum())
    assert moved("no-treatment").severe_min["crs"][1] == minutes > moved("no-treatment").severe_min["crs"][0]


def test_durations_are_of_those_who_survive_both() -> None:
    shifts = moved("no-treatment").scales["crs"].duration_shift_min
    assert min(shifts) >= 0
    one, other = cared_for("standard"), cared_for("no-treatment")
    alive = (one.log.death_min > 10**9) & (other.log.death_min > 10**9) & (one.people.crs_level > 0)
    assert sum(shifts.values()) == int(alive.sum())
    assert not any("shorter" in kind for kind in moved("no-treatment").first)  # death is no recovery


def test_who_dies_earlier_is_not_called_milder() -> None:
    one, other = cared_for("standard"), cared_for("no-treatment")
    found = moved("no-treatment")
    for scale in ("crs", "icans"):
        was, now = one.peaks(scale)[0], other.peaks(scale)[0]
        earlier = other.log.death_min < one.log.death_min
        assert found.cut_short[scale] == (0, int(((now < was) & earlier).sum()))
        milder = np.flatnonzero((now < was) & ~earlier)
        assert (f"{scale} milder" in found.first) == bool(len(milder))
    assert found.cut_short["icans"][1] > 0
    assert "icans milder, died earlier under NEW" in found.first
    assert "icans milder" not in found.first
    text = "\n".join(care_told(policies("no-treatment"), found, "Patients", guideline()))
    assert "whose worst grade is lower under NEW died earlier there" in text
    assert "0 only under" not in text


def test_where_nobody_changes_it_is_said_so() -> None:
    told = [
        "\n".join(care_told(policies(n), moved(n), "Patients", guideline())) for n in ("early-tocilizumab", "standard")
    ]
    assert "Nobody has another worst grade; " in told[0]
    assert "crs: nobody's worst grade changes." in told[0]
    assert "Nothing differs in anybody." in told[1]


def test_a_policy_beside_itself_changes_nothing() -> None:
    for name in ("standard", "no-treatment", "defibrotide-days-minus-5-7"):
        found = on_block(policies(name, name), block(count=60))
        assert (found.moved, found.changed, found.first) == (0, 0, {})
        assert all(old == new for old, new in (*found.doses.values(), *found.severe_min.values(), found.deaths))


@pytest.mark.parametrize(
    "new", quick(["early-tocilizumab", "no-treatment"], [n for n in policy_names() if n != "standard"])
)
def test_the_first_of_each_kind_is_seen_when_both_are_made_again(new: str) -> None:
    """By the scalar core, from the charts that ``cartox replay --policy`` prints."""
    for kind, address in moved(new).first.items():
        one, other = (again(address, name) for name in ("standard", new))
        scale, _, way = kind.partition(" ")
        if way.startswith(("worse", "milder")):
            (was, _), (now, _) = one[scale], other[scale]
            assert now != was
            assert (now > was) == way.startswith("worse")
        elif kind == "other doses alone":
            assert one["crs"][0] == other["crs"][0]
        elif scale != "dies":
            (was, before), (now, after) = one[scale], other[scale]
            assert was == now
            assert (after > before) == way.startswith("longer")


def again(address: str, policy: str) -> dict[str, tuple[int, float]]:
    """Peak and hour of the end under each scale."""
    scenario = load_scenario("table1").under(load_policy(policy))
    case = read_case(make_again(Address.read(address), guideline(), scenario).case)
    found = {}
    for scale in ("crs", "icans"):
        course = grade_course(case.observations, case.treatments, guideline().scale(scale), case.patient)
        ill = [o.time_h for o, g in zip(case.observations, course.grades, strict=True) if g.floor >= 1]
        found[scale] = (course.floors.peak, ill[-1] if ill else 0.0)
    return found


def test_blocks_add_up_to_the_whole_and_are_told_as_they_are_done() -> None:
    told: list[int] = []
    parts = under_both(policies("no-treatment"), [block(0, 150), block(150, 250)], None, 2, told.append)
    assert parts == moved("no-treatment")
    assert told == [150, 250]


def test_what_is_printed_names_policies_care_assumptions_and_how_to_replay() -> None:
    text = "\n".join(care_told(policies("no-treatment"), moved("no-treatment"), "Patients", guideline()))
    assert text.startswith("OLD standard: Standard care\n  Tables 3 and 7: tocilizumab from CRS grade 2 on")
    for word in (
        "NEW no-treatment: No treatment\n  Nobody is given a drug",
        "  What differs from standard care:\n  - antipyretic: none\n  - tocilizumab: none\n",
        f"Patients: {COUNT}, the same persons under both.",
        "↓ crs, OLD;   NEW →",
        "doses of corticosteroids",
        "days at ICANS grade 3 or more",
        "deaths from CRS or ICANS",
        "NEW assumes (L): The worst stage lasts ten days.",
    ):
        assert word in text
    first = next(iter(moved("no-treatment").first.values()))
    assert f"again: cartox replay {first} --policy standard" in text
    assert f"again: cartox replay {first} --policy no-treatment" in text


def test_the_rows_of_care_add_the_steroids_up() -> None:
    found = {what: (old, new) for what, old, new in care_rows(moved("steroid-sparing"))}
    both = [moved("steroid-sparing").doses.get(drug, (0, 0)) for drug in STEROIDS]
    assert found["doses of corticosteroids"] == tuple(map(sum, zip(*both, strict=True)))
    assert found["given tocilizumab"] == moved("steroid-sparing").given_to["tocilizumab"]


def test_the_object_is_per_1000_patients() -> None:
    told = care_object(policies("no-treatment"), moved("no-treatment"))
    assert told["per_1000"]["deaths from CRS or ICANS"] == {
        "old": 1000 * moved("no-treatment").deaths[0] / COUNT,
        "new": 1000 * moved("no-treatment").deaths[1] / COUNT,
    }
    assert np.array(told["scales"]["crs"]["matrix"]).sum() == COUNT
    assert told["new"]["assumed"][0]["confidence"] == "L"
