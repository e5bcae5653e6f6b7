"""Proof, over all cells, that a guideline has no gap, no dead clause and no worse sign graded lower.

The tables are finite, so these are not samples. What cannot be true of a sound guideline is refused with
the clause, the domain and a witness.
"""

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cartox_core.guideline import Clause, Domain, Guideline, GuidelineError, Scale
from cartox_core.tables import Axis, axis_of, domain_grid, hold_mask, tables_of


def prove(guideline: Guideline) -> None:
    """Raise GuidelineError, naming the place and a witness, unless every scale is sound."""
    for scale in guideline.scales.values():
        for domain in scale.domains:
            axes = [axis_of(field, domain.clauses, own=scale.own) for field in domain.fields]
            problem = gap(domain, axes) or dead_clause(domain, axes) or milder_for_worse(domain, axes)
            if problem:
                raise GuidelineError(f"scale {scale.name}, domain {domain.name}: {problem}")
        if problem := dead_gate(scale) or closing_gate(scale):
            raise GuidelineError(f"scale {scale.name}, gate: {problem}")
        tables_of(scale)


def _witness(axes: Sequence[Axis], cell: Sequence[int]) -> str:
    return ", ".join(f"{a.field.name} {a.bands[int(i)].label}" for a, i in zip(axes, cell, strict=True))


def gap(domain: Domain, axes: Sequence[Axis]) -> str | None:
    """A cell that no clause covers, or None."""
    missing = np.argwhere(domain_grid(domain, axes) < 0)
    return f"a gap: no clause says what to grade when {_witness(axes, missing[0])}" if len(missing) else None


def dead_clause(domain: Domain, axes: Sequence[Axis]) -> str | None:
    """A clause that never decides, since a worse or an equal earlier one holds wherever it does, or None."""
    grid = domain_grid(domain, axes)
    decided = np.zeros(grid.shape, bool)
    for clause in sorted(domain.clauses, key=lambda c: -c.grade):
        mine = hold_mask(clause.when, axes) & (grid == clause.grade) & ~decided
        if not mine.any():
            return f"clause {clause.id} is unreachable: another of grade {clause.grade} or worse always holds with it"
        if clause.grade:  # several clauses may say that a cell is normal
            decided |= mine
    return None


def dead_gate(scale: Scale) -> str | None:
    """A gate clause that another one makes needless, or None."""
    fields = dict.fromkeys(name for clause in scale.gate for name in clause.when)
    axes = [axis_of(field, scale.gate) for field in fields]
    for clause in scale.gate:
        others: npt.NDArray[np.bool_] = np.zeros([len(a.bands) for a in axes], bool)
        for other in scale.gate:
            if other is not clause:
                others |= hold_mask(other.when, axes)
        if not (hold_mask(clause.when, axes) & ~others).any():
            return f"clause {clause.id} is unreachable: the others open the gate wherever it does"
    return None


def closing_gate(scale: Scale) -> str | None:
    """A worse sign that closes the gate, or None."""
    gate = Domain("gate", "Gate", scale.gate)
    return milder_for_worse(gate, [axis_of(field, scale.gate) for field in gate.fields])


def milder_for_worse(domain: Domain, axes: Sequence[Axis]) -> str | None:
    """Two cells of which the worse sign is graded lower, or None.

    Signs are compared with every attribution at its default; an attribution to another cause never raises.
    """
    grid = domain_grid(domain, axes)
    for i, axis in enumerate(axes):
        plain = _at_defaults(grid, axes, keep=i)
        along = np.moveaxis(plain, i, 0)
        for better, worse in itertools.permutations(range(len(axis.bands)), 2):
            if not _is_worse(axis, better, worse):
                continue
            bad = np.argwhere(along[better] > along[worse])
            if len(bad):
                return (
                    f"a worse sign is graded lower: {axis.field.name} {axis.bands[worse].label} below "
                    f"{axis.bands[better].label} ({_deciders(domain, axes, i, better, worse)})"
                )
    return None


def _at_defaults(grid: npt.NDArray[np.int8], axes: Sequence[Axis], keep: int) -> npt.NDArray[np.int8]:
    """The cells whose attributions, but for one axis, stand at their defaults; all axes kept."""
    at = []
    for i, axis in enumerate(axes):
        excuse = axis.field.role == "attribution" and i != keep
        at.append(slice(axis.unknown, axis.unknown + 1) if excuse else slice(None))
    return grid[tuple(at)]


def _is_worse(axis: Axis, better: int, worse: int) -> bool:
    match axis.field.worse:
        case None:
            return False
        case "up":
            return worse > better
        case "down":
            return worse < better
        case bool() as bad:
            return (worse == 1) == bad and better != worse
        case ranks:
            return int(ranks[worse]) > int(ranks[better])


def _deciders(domain: Domain, axes: Sequence[Axis], i: int, better: int, worse: int) -> str:
    def of(band: int) -> list[Clause]:
        return [c for c in domain.clauses if np.take(hold_mask(c.when, axes), band, axis=i).any() and c.grade]

    return f"{', '.join(c.id for c in of(better))} against {', '.join(c.id for c in of(worse)) or 'no clause'}"
