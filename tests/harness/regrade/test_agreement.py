"""Matrices, shares and bounds of peaks written by hand, against counting one patient after the other."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.regrade.agreement import Share, families, pair, same_grade, same_presence
from harness.regrade.regraded import Regraded
from tests.harness.regrade.peaks import regraded

FOUR = regraded(("0", "0", "0"), ("2", "2", "3"), ("3", "2-3", "3-4"), ("1", "0", "2"))


def test_a_pair_is_counted_by_floors() -> None:
    found = pair(FOUR, 0, 1)
    assert (found.one, found.other) == ("astct-2019:crs", "lee-2014:crs")
    assert {(i, j): int(found.matrix[i, j]) for i in range(6) for j in range(6) if found.matrix[i, j]} == {
        (0, 0): 1, (2, 2): 1, (3, 2): 1, (1, 0): 1
    }  # fmt: skip
    assert (found.lower, found.higher, found.ranges) == (2, 0, 1)
    assert found.same == Share(by_floors=2, surely=2, at_most=3, of=4)
    assert found.kappa_linear == 0.6  # by hand: 2 steps apart, 5 by chance
    assert found.kappa_quadratic == 0.8  # by hand: 2 of 10


def test_a_family_is_held_together() -> None:
    (family,) = families(FOUR)
    assert (family.name, family.patients, len(family.pairs)) == ("crs", 4, 3)
    assert family.same_in_all == Share(1, 1, 2, 4)
    assert family.any_alike == Share(3, 3, 3, 4)
    assert [c.ranges for c in family.columns] == [0, 1, 1]
    assert [c.reached(3) for c in family.columns] == [1, 0, 2]
    assert [c.reached(3, ceilings=True) for c in family.columns] == [1, 1, 2]
    assert family.columns[1].floors == (2, 0, 2, 0, 0, 0)
    assert family.columns[1].ceilings == (2, 0, 1, 1, 0, 0)


def test_kappa_is_undefined_where_nobody_differs() -> None:
    found = pair(regraded(("2", "2", "2"), ("2", "2", "2")), 0, 1)
    assert (found.kappa_linear, found.kappa_quadratic) == (None, None)
    assert pair(regraded(("2", "1", "0"), ("1", "2", "0")), 0, 1).kappa_linear == -1


def test_one_scale_has_no_pairs() -> None:
    (family,) = families(regraded(("2",), ("0-4",), labels=("lee-2014:crs",)))
    assert family.pairs == ()
    assert family.same_in_all == Share(2, 1, 2, 2)


PEAK = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda e: f"{min(e)}-{max(e)}")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PEAK, PEAK, PEAK), min_size=1, max_size=8))
def test_bounds_are_those_of_every_completion(patients: list[tuple[str, str, str]]) -> None:
    found = regraded(*patients)
    for share, alike in ((same_grade(found, (0, 1, 2)), one_grade), (same_presence(found, (0, 1, 2)), one_presence)):
        ways = [completions(found, i, alike) for i in range(len(patients))]
        assert (share.surely, share.at_most) == (sum(map(all, ways)), sum(map(any, ways)))
        assert share.by_floors == sum(alike(tuple(row)) for row in found.floors.tolist())
        assert share.surely <= share.by_floors <= share.of
    assert int(pair(found, 0, 2).matrix.sum()) == len(patients)


def completions(found: Regraded, patient: int, alike: object) -> list[bool]:
    ends = zip(found.floors[patient].tolist(), found.ceilings[patient].tolist(), strict=True)
    return [alike(way) for way in itertools.product(*(range(a, b + 1) for a, b in ends))]  # type: ignore[operator]


def one_grade(peaks: tuple[int, ...]) -> bool:
    return len(set(peaks)) == 1


def one_presence(peaks: tuple[int, ...]) -> bool:
    return len({p >= 1 for p in peaks}) == 1
