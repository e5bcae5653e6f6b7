"""The arguments that several verbs share, and what they choose."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cartox_core import Guideline, GuidelineError, Scale, guideline_ids, load
from cartox_core.library import guideline_text
from harness.cli.failure import Stopped
from harness.cohort import SCALES
from harness.scenarios.loader import Scenario, ScenarioError, load_scenario, scenario_names
from harness.scenarios.policy_file import PolicyError, load_policy, policy_names

DEFAULT_GUIDELINE = "astct-2019"


def shelf_names(incomplete: str) -> list[str]:
    """The guidelines on the shelf that begin so, for completion."""
    return [name for name in guideline_ids() if name.startswith(incomplete)]


def scenario_shelf(incomplete: str) -> list[str]:
    """The scenarios on the shelf that begin so, for completion."""
    return [name for name in scenario_names() if name.startswith(incomplete)]


def policy_shelf(incomplete: str) -> list[str]:
    """The policies on the shelf that begin so, for completion."""
    return [name for name in policy_names() if name.startswith(incomplete)]


CasesFile = Annotated[
    str,
    typer.Argument(metavar="FILE", help="Cases as JSON Lines, or in any format of cartox convert; - is stdin."),
]
GuidelineOption = Annotated[
    str,
    typer.Option(
        "--guideline",
        "-g",
        metavar="ID|FILE",
        help="Guideline on the shelf, or in a file.",
        autocompletion=shelf_names,
    ),
]
ScaleOption = Annotated[
    list[str] | None,
    typer.Option("--scale", "-s", metavar="S", help="Scale to grade by; may be repeated. Default: every scale."),
]
PolicyOption = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="NAME|FILE",
        help=f"How patients are cared for instead: a file, or one of {', '.join(policy_names())}.",
        autocompletion=policy_shelf,
    ),
]
ReadingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--reading", "-r", metavar="NAME=CHOICE", help="Read an open point another way, as C1=high; may be repeated."
    ),
]


def chosen_guideline(source: str, readings: list[str] | None = None) -> Guideline:
    """The guideline of that id or file, under the readings wanted. Raises GuidelineError or Stopped."""
    with _readable(source):
        return load(source, chosen_readings(readings))


def readable_text(source: str) -> str:
    """The text of the guideline of that id or file, as it is written. Raises GuidelineError or Stopped."""
    with _readable(source):
        return guideline_text(source)


@contextlib.contextmanager
def _readable(source: str) -> Iterator[None]:
    """Say what a source is that cannot be read as a guideline file. Raises Stopped."""
    if source not in guideline_ids() and Path(source).is_dir():
        raise Stopped(f"{source} is a directory; name a guideline file in it, or one of {', '.join(guideline_ids())}")
    try:
        yield
    except GuidelineError as error:
        if isinstance(error.__context__, UnicodeDecodeError):
            raise Stopped(f"{source} is no text in UTF-8; a guideline is a TOML file") from None
        raise


def graded_scales(core: Guideline) -> None:
    """Make sure that a guideline grades both toxicities of a run. Raises Stopped."""
    if missing := [name for name in SCALES if name not in core.scales]:
        raise Stopped(f"{core.id} has no scale {' and '.join(missing)}; a run grades {' and '.join(SCALES)}")


def chosen_scenario(source: str, policy: str | None = None) -> Scenario:
    """The scenario of that name or file, its patients cared for by a policy. Raises Stopped."""
    try:
        scenario = load_scenario(source)
        return scenario if policy is None else scenario.under(load_policy(policy))
    except (ScenarioError, PolicyError) as error:
        raise Stopped(str(error)) from None


def chosen_readings(pairs: list[str] | None) -> dict[str, str]:
    """Readings as NAME=CHOICE. Raises Stopped.

    >>> chosen_readings(["C1=high"])
    {'C1': 'high'}
    """
    chosen: dict[str, str] = {}
    for pair in pairs or []:
        name, equals, choice = (part.strip() for part in pair.partition("="))
        if not (name and equals and choice):
            raise Stopped(f"a reading is written NAME=CHOICE, as in --reading C1=high; got {pair!r}")
        if chosen.get(name, choice) != choice:
            raise Stopped(f"reading {name} is asked to be both {chosen[name]} and {choice}")
        chosen[name] = choice
    return chosen


def chosen_scales(guideline: Guideline, names: list[str] | None) -> list[Scale]:
    """The scales asked for, once each; all when none is named. Raises GuidelineError."""
    return [guideline.scale(name) for name in dict.fromkeys(names or guideline.scales)]


def shelf_under(readings: list[str] | None) -> list[Guideline]:
    """Every guideline on the shelf, each under those of the readings wanted that it has. Raises GuidelineError."""
    wanted = chosen_readings(readings)
    plain = [load(name) for name in guideline_ids()]
    for name in wanted:
        if not any(name in guideline.readings for guideline in plain):
            raise GuidelineError(f"no guideline on the shelf has a reading {name!r}; see cartox guideline ID")
    return [load(g.id, {k: v for k, v in wanted.items() if k in g.readings}) for g in plain]
