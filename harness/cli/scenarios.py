"""``cartox scenarios``: what can be run, what it is good for, and one scenario with its switches in words."""

import json
import shutil
import textwrap
from typing import Annotated, Any

import typer
from tabulate import tabulate

from harness.cli.app import PURPOSE, verb
from harness.cli.failure import Stopped
from harness.cli.options import scenario_shelf
from harness.cli.streams import on_terminal, show
from harness.scenarios.loader import SHELF, Scenario, ScenarioError, load_scenario, scenario_names
from harness.scenarios.words import switches

_PIPE_WIDTH, _NARROWEST = 120, 80


@verb(
    "cartox scenarios",
    "cartox scenarios home-cpap",
    "cartox scenarios my-ward.toml --json",
    "cartox scenarios ward-surge --toml > my-ward.toml",
)
def scenarios(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME|FILE",
            help="Scenario on the shelf, or in a file. Default: list the shelf.",
            show_default=False,
            autocompletion=scenario_shelf,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    as_toml: Annotated[bool, typer.Option("--toml", help="Print its file, to start one of your own from.")] = False,
) -> None:
    """List the scenarios with what each is good for, or print one: what differs in it, and how to run it.

    A scenario is a few lines of TOML; a file of your own is run like those on the shelf.
    docs/policy-and-scenario-files.md has every key.
    """
    if as_toml and (name is None or as_json):
        raise Stopped("--toml prints the file of one scenario; name one, and leave --json out")
    if name is None:
        shelf = [load_scenario(known) for known in scenario_names()]
        show(_json([_object(s) for s in shelf]) if as_json else f"{shelf_table(shelf, _width())}\n\n{PURPOSE}")
        return
    try:
        found = load_scenario(name)
    except ScenarioError as error:
        raise Stopped(str(error)) from None
    if as_toml:
        show(SHELF.text_and_name(name)[0].rstrip("\n"))
        return
    show(_json(_object(found)) if as_json else f"{page(found, name, _width())}\n\n{PURPOSE}")


def shelf_table(shelf: list[Scenario], width: int) -> str:
    """The scenarios by name, each with its title and what it is good for."""
    names = max(len(s.name) for s in shelf)
    titles = (width - names - 4) // 3
    rows = [[s.name, s.title, s.good_for or ""] for s in shelf]
    widths = [None, titles, width - names - titles - 4]
    return str(tabulate(rows, ["name", "title", "good for"], maxcolwidths=widths))


def page(scenario: Scenario, source: str, width: int) -> str:
    """One scenario: what it is, what it is good for, its trials, its switches, and the commands that run it."""
    trials = ", ".join(scenario.trial_names)
    parts = [f"{scenario.title} ({scenario.name})", scenario.text]
    if scenario.good_for:
        parts.append(f"Good for: {scenario.good_for}")
    parts.append(f"Patients of {trials}.")
    changed = [f"  - {line}" for line in switches(scenario)] or ["  - nothing: standard care, charted as it was"]
    told = [textwrap.fill(part, width) for part in parts]
    told.append("\n".join(["What differs:", *(textwrap.fill(c, width, subsequent_indent="    ") for c in changed)]))
    example = f"v1/{source}/{scenario.trial_names[0].replace(' ', '-')}/1/0"
    commands = [f"cartox run {source}", f"cartox replay {example}", f"cartox regrade {source}"]
    if scenario.ward:
        commands.append(f"cartox ward {source}")
    told.append("\n".join(["Run it:", *(f"  {command}" for command in commands)]))
    if scenario.cite:
        told.append(textwrap.fill(f"Sources: {'; '.join(scenario.cite)}", width))
    return "\n\n".join(told)


def _object(scenario: Scenario) -> dict[str, Any]:
    """A scenario as its file has it, with every default, and its switches in words."""
    told = scenario.model_dump(mode="json")
    of_its_own = {"trials": list(scenario.trial_names), "policy": scenario.policy.name, "switches": switches(scenario)}
    return {**told, **of_its_own}


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _width() -> int:
    return max(shutil.get_terminal_size().columns, _NARROWEST) if on_terminal() else _PIPE_WIDTH
