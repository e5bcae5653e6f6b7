"""Sets of cells as few boxes: what a committee reads instead of a list of cells."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Box = tuple[tuple[int, ...], ...]  # the bands of each axis


def boxes(mask: Mask) -> list[Box]:
    """Few boxes (sets of bands along each axis) that cover exactly the cells of a mask.

    >>> boxes(np.array([[True, True, False], [True, True, True], [False, False, False]]))
    [((0,), (0, 1)), ((1,), (0, 1, 2))]
    """
    left, found = mask.copy(), []
    while left.any():
        seed = tuple(int(i) for i in np.argwhere(left)[0])
        grown = (_grown(mask, seed, order) for order in _orders(mask.ndim))
        best = max(grown, key=lambda box: int(left[np.ix_(*box)].sum()))
        found.append(best)
        left[np.ix_(*best)] = False
    return _needed(found, mask.shape)


def _needed(found: list[Box], shape: tuple[int, ...]) -> list[Box]:
    """The boxes without those that the others cover together, and without bands of which others have every cell.

    An axis of which a box has every band stays free: to leave one out would be one more thing to read.
    """
    times = np.zeros(shape, np.int64)
    for box in found:
        times[np.ix_(*box)] += 1
    kept = []
    for box in found:
        if (times[np.ix_(*box)] > 1).all():
            times[np.ix_(*box)] -= 1
        else:
            kept.append(box)
    return [_trimmed(box, times) for box in kept]


def _trimmed(box: Box, times: npt.NDArray[np.int64]) -> Box:
    """A box without needless bands; ``times``, how often each cell is covered, is counted down."""
    for axis, bands in enumerate(box):
        for band in bands if len(bands) < times.shape[axis] else ():
            slab = (*box[:axis], (band,), *box[axis + 1 :])
            if len(box[axis]) > 1 and (times[np.ix_(*slab)] > 1).all():
                times[np.ix_(*slab)] -= 1
                box = (*box[:axis], tuple(b for b in box[axis] if b != band), *box[axis + 1 :])
    return box


def _orders(axes: int) -> Iterator[tuple[int, ...]]:
    """Orders in which a box is grown: all of them for few axes, else each axis first once."""
    if axes <= 4:
        yield from itertools.permutations(range(axes))
        return
    for first in range(axes):
        yield (first, *(i for i in range(axes) if i != first))


def _grown(mask: Mask, seed: Sequence[int], order: Sequence[int]) -> Box:
    box: list[tuple[int, ...]] = [(i,) for i in seed]
    for axis in order:
        alone = [band for band in range(mask.shape[axis]) if mask[np.ix_(*box[:axis], (band,), *box[axis + 1 :])].all()]
        box[axis] = tuple(alone)
    return tuple(box)
