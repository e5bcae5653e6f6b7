"""Random numbers belong to a patient, whatever block or order they are drawn in."""

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.patients.draws import LATTICE, Draws, lognormal, normal, normal_cdf

KINDS = {
    "uniforms of 1": lambda draws: draws.uniforms("p", 1),
    "uniforms of 8": lambda draws: draws.uniforms("p", 8),
    "uniforms of 24": lambda draws: draws.uniforms("pace", 24),
    "shorts of 7": lambda draws: draws.shorts("s", 7),
    "shorts of 361": lambda draws: draws.shorts("s", 361),
    "lattice": lambda draws: draws.lattice(2),
    "normals": lambda draws: normal(draws.uniforms("p", 3)[:, 1]),
    "lognormals": lambda draws: lognormal(draws.uniforms("p", 8)[:, 2], 2880.0, 0.6),
}


@pytest.mark.parametrize("draw", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("first", [0, 1, 2500, 10**12 - 40])
def test_a_patient_has_the_same_numbers_alone_and_in_a_block(draw, first):
    whole = draw(Draws(5, "ZUMA-1", first, 40))
    for i in (0, 1, 17, 39):
        assert (draw(Draws(5, "ZUMA-1", first + i, 1)) == whole[i : i + 1]).all()


@given(cuts=st.sets(st.integers(1, 29)), seed=st.integers(0, 2**63 - 1))
@settings(max_examples=25, deadline=None)
def test_any_division_into_blocks_gives_the_same_numbers(cuts, seed):
    edges = [0, *sorted(cuts), 30]
    for draw in (KINDS["uniforms of 8"], KINDS["shorts of 7"], KINDS["lattice"]):
        parts = [draw(Draws(seed, "T", a, b - a)) for a, b in itertools.pairwise(edges)]
        assert (np.concatenate(parts) == draw(Draws(seed, "T", 0, 30))).all()


def test_numbers_are_those_of_every_other_machine():
    """Written down once: another Philox, another endianness or another key would show here."""
    assert Draws(1, "ZUMA-1", 0, 2).uniforms("person", 2).tolist() == PINNED
    assert Draws(1, "ZUMA-1", 3, 1).shorts("ice", 5).tolist() == [PINNED_SHORTS]


PINNED = [[0.7158624476477332, 0.9815876786262395], [0.9765848660785336, 0.5351323132072862]]
PINNED_SHORTS = [22239, 36170, 19050, 37403, 34647]


@pytest.mark.parametrize(
    "other",
    [
        Draws(2, "ZUMA-1", 0, 4000).uniforms("person", 1),
        Draws(2**62, "ZUMA-1", 0, 4000).uniforms("person", 1),
        Draws(1, "ZUMA-7", 0, 4000).uniforms("person", 1),
        Draws(1, "ZUMA-1", 0, 4000).uniforms("pace", 1),
        Draws(1, "ZUMA-1", 4000, 4000).uniforms("person", 1),
    ],
    ids=["seed", "large seed", "trial", "purpose", "patients"],
)
def test_seeds_trials_purposes_and_patients_are_independent(other):
    here = Draws(1, "ZUMA-1", 0, 4000).uniforms("person", 1)
    assert not np.isin(other, here).any()
    assert abs(np.corrcoef(here[:, 0], other[:, 0])[0, 1]) < 4 / math.sqrt(4000)


def test_the_steps_of_one_patient_are_independent():
    u = Draws(1, "ZUMA-1", 0, 4000).uniforms("pace", 24)
    off = np.corrcoef(u.T) - np.eye(24)
    assert np.abs(off).max() < 5 / math.sqrt(4000)


def test_uniforms_are_uniform_and_never_0_or_1():
    u = Draws(3, "T", 0, 20_000).uniforms("u", 4).ravel()
    assert u.min() > 0
    assert u.max() < 1
    assert np.abs(np.sort(u) - (np.arange(u.size) + 0.5) / u.size).max() < 1.63 / math.sqrt(u.size)  # Kolmogorov, 1 %


def test_shorts_fill_their_range_evenly():
    shorts = Draws(3, "T", 0, 2000).shorts("s", 361)
    assert shorts.shape == (2000, 361)
    assert shorts.dtype == np.uint16
    counts = np.bincount(shorts.ravel() >> 12, minlength=16)
    assert np.abs(counts / shorts.size - 1 / 16).max() < 0.002


@pytest.mark.parametrize("p", [1e-300, 1e-16, 1e-9, 1e-4, 0.02, 0.074, 0.076, 0.3, 0.5, 0.77, 0.9251, 0.999, 1 - 1e-12])
def test_normal_is_the_quantile_of_the_standard_library(p):
    found = float(normal(np.array([p]))[0])
    assert found == pytest.approx(NormalDist().inv_cdf(p), rel=1e-13, abs=1e-15)


@given(st.floats(2.0**-53, 1 - 2.0**-53))
def test_normal_is_odd_and_undone_by_its_distribution(p):
    z = normal(np.array([p]))
    assert float(normal_cdf(z)[0]) == pytest.approx(p, rel=1e-9)
    if p == 1 - (1 - p):
        assert float(normal(np.array([1 - p]))[0]) == -float(z[0])


def test_normal_never_falls():
    z = normal(np.linspace(1e-6, 1 - 1e-6, 200_001))
    assert (np.diff(z) > 0).all()


def test_lognormal_has_its_median_and_spread():
    u = np.array([0.5, NormalDist().cdf(1.0), NormalDist().cdf(-2.0)])
    assert lognormal(u, 3.0, 0.6).tolist() == pytest.approx([3.0, 3 * math.exp(0.6), 3 * math.exp(-1.2)])


@pytest.mark.parametrize("dimension", range(len(LATTICE)))
@pytest.mark.parametrize("seed", [0, 1, 2**62])
def test_every_prefix_of_the_lattice_has_even_margins(dimension, seed):
    """The share of the first n below any p is within a few patients of p: how Table 1 is met so closely."""
    u = Draws(seed, "KarMMa", 0, 20_000).lattice(dimension)
    assert u.min() > 0
    assert u.max() < 1
    for n in (10, 100, 1000, 2500, 7777, 20_000):
        ordered = np.sort(u[:n])
        assert np.abs(ordered - (np.arange(n) + 0.5) / n).max() * n < 3 + math.log(n)


@pytest.mark.parametrize(("first", "second", "within"), [(1, 2, 0.001), (0, 1, 0.007), (0, 2, 0.007)])
def test_the_lattice_is_even_in_two_dimensions(first, second, within):
    """The pair 1, 2 is the one that decides how ill the patients become."""
    draws = Draws(3, "KarMMa", 0, 20_000)
    x, y = draws.lattice(first), draws.lattice(second)
    for p in np.linspace(0.02, 0.98, 25):
        for q in np.linspace(0.02, 0.98, 25):
            assert float(((x < p) & (y < q)).mean()) == pytest.approx(p * q, abs=within)


def test_another_seed_shifts_the_lattice():
    here, there = (Draws(seed, "KarMMa", 0, 100).lattice(0) for seed in (1, 2))
    shift = np.mod(there - here, 1.0)
    assert np.ptp(shift) < 1e-9
    assert 0.001 < shift[0] < 0.999
