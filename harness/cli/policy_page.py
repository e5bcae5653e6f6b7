"""One policy of care in words, and the shelf of them, for a terminal and as JSON."""

import textwrap
from collections.abc import Sequence
from typing import Any

from tabulate import tabulate

from harness.patients.policy import Policy
from harness.scenarios.policy_words import STAGES, Line, assumptions, policy_lines
from harness.scenarios.too_often import too_often

READ_ON = (
    "cartox policy NAME tells one in words, cartox policy NAME --toml prints its file, cartox policy OLD NEW compares "
    "two."
)


def shelf_table(shelf: Sequence[Policy], width: int) -> str:
    """The policies by name, each with its title and what it is."""
    names = max(len(p.name) for p in shelf)
    titles = (width - names - 4) // 3
    rows = [[p.name, p.title, p.text] for p in shelf]
    return str(tabulate(rows, ["name", "title", "what"], maxcolwidths=[None, titles, width - names - titles - 4]))


def page(policy: Policy, source: str, width: int) -> str:
    """One policy: what it is, each of its rules, what is assumed, its sources, and the commands that use it."""
    parts = [f"{policy.title} ({policy.name})", textwrap.fill(policy.text, width), _rules(policy_lines(policy), width)]
    parts += [textwrap.fill(f"Caution: {told}.", width) for told in too_often(policy)]
    parts.append(textwrap.fill(STAGES, width))
    if told := assumptions(policy):
        parts.append("\n".join(["Assumed:", *(_item(line, width) for line in told)]))
    if policy.cite:
        parts.append(textwrap.fill(f"Sources: {'; '.join(policy.cite)}", width))
    commands = (f"cartox policy {'standard ' * (policy.name != 'standard')}{source}", f"cartox run --policy {source}")
    use = (
        [f"cartox policy {source} --toml", *commands]
        if policy.name != "standard"
        else [f"cartox policy {source} --toml"]
    )
    parts.append("\n".join(["Use it:", *(f"  {command}" for command in use)]))
    return "\n\n".join(parts)


def _rules(lines: Sequence[Line], width: int) -> str:
    """Each rule, with a star where it differs from standard care."""
    told = [_item(f"{line.what}: {line.told}", width, "*" if line.differs else "-") for line in lines]
    star = ["(* differs from standard care)"] if any(line.differs for line in lines) else []
    return "\n".join(["What is given, when and how much:", *told, *star])


def _item(text: str, width: int, mark: str = "-") -> str:
    return textwrap.fill(text, width, initial_indent=f"  {mark} ", subsequent_indent="    ")


def policy_object(policy: Policy) -> dict[str, Any]:
    """A policy as its file has it, with every default, in words, and what is given too often."""
    lines = [{"what": line.what, "told": line.told, "differs": line.differs} for line in policy_lines(policy)]
    return {**policy.model_dump(mode="json"), "words": lines, "cautions": too_often(policy)}
