"""Proof, over all cells, that a guideline has no gap, no dead clause and no worse sign graded lower.

The tables are finite, so these are not samples. What cannot be true of a sound guideline is refused with
the clause, the domain and a witness.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core.fields import Field
from cartox_core.guideline import Clause, Domain, Guideline, GuidelineError, Scale
from cartox_core.tables import Axis, axis_of, domain_grid, hold_mask, tables_of


def prove(guideline: Guideline) -> None:
    """Raise GuidelineError, naming the place and a witness, unless every scale is sound."""
    for scale in guideline.scales.values():
        for domain in scale.domains:
            axes = axes_of(domain, scale.own)
            problem = gap(domain, axes) or dead_clause(domain, axes) or milder_for_worse(domain, axes)
            if problem:
                raise GuidelineError(f"scale {scale.name}, domain {domain.name}: {problem}")
        if problem := dead_gate(scale) or closing_gate(scale):
            raise GuidelineError(f"scale {scale.name}, gate: {problem}")
        tables_of(scale)


def witness(axes: Sequence[Axis], cell: Sequence[int]) -> str:
    """A cell of plain bands in words: ``temp_c ≥ 38, hypotension yes``."""
    return ", ".join(f"{a.field.name} {a.bands[i].label}" for a, i in zip(axes, cell, strict=True))


def gaps(domain: Domain, axes: Sequence[Axis]) -> list[str]:
    """The cells that no clause covers, in words."""
    return [witness(axes, cell) for cell in np.argwhere(domain_grid(domain, axes) < 0).tolist()]


def gap(domain: Domain, axes: Sequence[Axis]) -> str | None:
    """A cell that no clause covers, or None."""
    missing = gaps(domain, axes)
    return f"a gap: no clause says what to grade when {missing[0]}" if missing else None


def dead_clause(domain: Domain, axes: Sequence[Axis]) -> str | None:
    """A clause that never decides, or None."""
    for clause in dead_clauses(domain, axes):
        return f"clause {clause.id} is unreachable: another of grade {clause.grade} or worse always holds with it"
    return None


def dead_clauses(domain: Domain, axes: Sequence[Axis]) -> Iterator[Clause]:
    """The clauses that never decide, since a worse or an equal earlier one holds wherever they do."""
    grid = domain_grid(domain, axes)
    decided = np.zeros(grid.shape, bool)
    for clause in sorted(domain.clauses, key=lambda c: -c.grade):
        mine = hold_mask(clause.when, axes) & (grid == clause.grade) & ~decided
        if not mine.any():
            yield clause
        elif clause.grade:  # several clauses may say that a cell is normal
            decided |= mine


def dead_gate(scale: Scale) -> str | None:
    """A gate clause that others make needless, or None."""
    gate = gate_of(scale)
    for clause in dead_gates(gate, axes_of(gate, scale.own)):
        return f"clause {clause.id} is unreachable: the others open the gate wherever it does"
    return None


def dead_gates(gate: Domain, axes: Sequence[Axis]) -> Iterator[Clause]:
    """The gate clauses that others make needless."""
    for clause in gate.clauses:
        others: npt.NDArray[np.bool_] = np.zeros([len(a.bands) for a in axes], bool)
        for other in gate.clauses:
            if other is not clause:
                others |= hold_mask(other.when, axes)
        if not (hold_mask(clause.when, axes) & ~others).any():
            yield clause


def closing_gate(scale: Scale) -> str | None:
    """A worse sign that closes the gate, or None."""
    gate = gate_of(scale)
    return milder_for_worse(gate, axes_of(gate, scale.own))


def gate_of(scale: Scale) -> Domain:
    """The gate of a scale as a domain, so that it can be proven like one."""
    return Domain("gate", "Gate", scale.gate)


def axes_of(domain: Domain, own: Mapping[str, Field]) -> list[Axis]:
    """The axes of a domain's fields; ``own`` are those that its scale makes."""
    return [axis_of(field, domain.clauses, own=own) for field in domain.fields]


def milder_for_worse(domain: Domain, axes: Sequence[Axis]) -> str | None:
    """Two cells of which the worse sign is graded lower, or None."""
    for i, better, worse, _ in milder_cells(domain, axes):
        axis = axes[i]
        return (
            f"a worse sign is graded lower: {axis.field.name} {axis.bands[worse].label} below "
            f"{axis.bands[better].label} ({_deciders(domain, axes, i, better, worse)})"
        )
    return None


def milder_cells(domain: Domain, axes: Sequence[Axis]) -> Iterator[tuple[int, int, int, tuple[int, ...]]]:
    """Where a worse sign is graded lower: the axis, its better and its worse band, and a cell of the better one.

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
                cell = [axes[k].unknown if _excuses(axes[k]) and k != i else 0 for k in range(len(axes))]
                others = [k for k in range(len(axes)) if k != i]
                for k, band in zip(others, bad[0].tolist(), strict=True):
                    cell[k] += band
                cell[i] = better
                yield i, better, worse, tuple(cell)


def _at_defaults(grid: npt.NDArray[np.int8], axes: Sequence[Axis], keep: int) -> npt.NDArray[np.int8]:
    """The cells whose attributions, but for one axis, stand at their defaults; all axes kept."""
    at = []
    for i, axis in enumerate(axes):
        excuse = _excuses(axis) and i != keep
        at.append(slice(axis.unknown, axis.unknown + 1) if excuse else slice(None))
    return grid[tuple(at)]


def _excuses(axis: Axis) -> bool:
    return axis.field.role == "attribution"


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
