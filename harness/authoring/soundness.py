"""What is unsound in one domain or gate of a guideline, over all cells of its table, each with a witness."""

from collections.abc import Iterator, Mapping, Sequence

from cartox_core.fields import Field
from cartox_core.guideline import Clause, Domain
from cartox_core.proof import axes_of, dead_clauses, dead_gates, gaps, milder_cells, witness
from cartox_core.tables import Axis, domain_grid, hold_mask
from harness.authoring.finding import Fault, fault
from harness.authoring.lines import Path
from harness.authoring.overlap import overlaps

Placed = Sequence[tuple[Clause, Path]]
"""The clauses of a domain, and where each stands; two may have one id by mistake."""


def domain_faults(domain: Domain, own: Mapping[str, Field], path: Path, placed: Placed) -> Iterator[Fault]:
    """Gaps, dead clauses, worse signs graded milder, and overlaps that matter."""
    axes = axes_of(domain, own)
    if missing := gaps(domain, axes):
        more = f", and in {len(missing) - 1} more cells, such as {missing[-1]}" if missing[1:] else ""
        yield fault(path, "gap", f"{domain.name}: no clause says what to grade when {missing[0]}{more}")
    for clause in dead_clauses(domain, axes):
        said = f"{clause.id} never decides: {_instead(clause, domain, axes)} of grade {clause.grade} or more"
        yield fault(_place(clause, placed), "dead-clause", f"{said} always holds with it")
    yield from _worse_milder(domain, axes, placed)
    for found in overlaps(domain, axes):
        grades = f"{found.worse.id} (grade {found.worse.grade}) and {found.milder.id} (grade {found.milder.grade})"
        where = (*_place(found.later, placed), "when", found.field, found.earlier.id)
        said = f"{grades} hold together, and {found.worse.id} wins, when {found.witness}"
        yield fault(where, "overlap", said, "warning")


def gate_faults(gate: Domain, own: Mapping[str, Field], placed: Placed) -> Iterator[Fault]:
    """Clauses that others make needless, and worse signs that shut the gate."""
    axes = axes_of(gate, own)
    for clause in dead_gates(gate, axes):
        said = f"{clause.id} is needless: the others open the gate wherever it does"
        yield fault(_place(clause, placed), "gate", f"{said}; narrow them, or take it out")
    for i, _, worse, cell in milder_cells(gate, axes):
        opens = _decider(gate, axes, cell)
        said = (
            f"a worse sign shuts the gate: open when {witness(axes, cell)}, shut when {_band(axes[i], worse)} instead"
        )
        yield fault(_place(opens, placed), "gate", said)


def _instead(clause: Clause, domain: Domain, axes: Sequence[Axis]) -> str:
    """Another clause that holds, and is no milder, wherever this one does; or that there are several."""
    mine = hold_mask(clause.when, axes)
    for other in domain.clauses:
        if other is not clause and other.grade >= clause.grade and not (mine & ~hold_mask(other.when, axes)).any():
            return other.id
    return "another clause"


def _worse_milder(domain: Domain, axes: Sequence[Axis], placed: Placed) -> Iterator[Fault]:
    grid = domain_grid(domain, axes)
    for i, better, worse, cell in milder_cells(domain, axes):
        beyond = (*cell[:i], worse, *cell[i + 1 :])
        if grid[beyond] < 0:  # a gap, which is told as such
            continue
        by, instead = _decider(domain, axes, beyond), _decider(domain, axes, cell)
        rest = witness([a for k, a in enumerate(axes) if k != i], [c for k, c in enumerate(cell) if k != i])
        said = (
            f"{_band(axes[i], worse)} is graded {by.grade} ({by.id}), and {_band(axes[i], better)}, which is better, "
            f"{instead.grade} ({instead.id}){f', when {rest}' if rest else ''}"
        )
        yield fault(_place(by, placed), "worse-milder", said)


def _decider(domain: Domain, axes: Sequence[Axis], cell: Sequence[int]) -> Clause:
    """The clause that decides a cell that is no gap: the first of the worst grade."""
    return max((c for c in domain.clauses if hold_mask(c.when, axes)[tuple(cell)]), key=lambda c: c.grade)


def _place(clause: Clause, placed: Placed) -> Path:
    return next(path for one, path in placed if one is clause)


def _band(axis: Axis, band: int) -> str:
    return f"{axis.field.name} {axis.bands[band].label}"
