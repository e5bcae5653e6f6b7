"""Krippendorff's alpha against a worked example and its limits."""

import numpy as np
import pytest

from harness.train.alpha import ordinal_alpha

NONE = None
# The reliability data of Krippendorff 2011, section C: four observers, twelve units; ordinal alpha 0.815.
PUBLISHED = [
    [1, 1, NONE, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [NONE, 5, 5, 5],
    [NONE, NONE, 1, 1],
    [NONE, NONE, 3, NONE],
]


def test_the_published_example() -> None:
    assert ordinal_alpha(PUBLISHED) == pytest.approx(0.815, abs=0.0005)


def test_by_chance_it_is_near_zero() -> None:
    rng = np.random.default_rng(1)
    found = ordinal_alpha(rng.integers(0, 5, (3000, 3)).tolist())
    assert found is not None and abs(found) < 0.03


def test_what_cannot_be_told() -> None:
    assert ordinal_alpha([]) is None
    assert ordinal_alpha([[2, 2], [2, 2]]) is None
    assert ordinal_alpha([[1, None], [None, 3]]) is None
