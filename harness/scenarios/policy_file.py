"""Read policies of care: from the shelf by name, or from a file."""

import functools
import tomllib
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from harness.patients.policy import Policy
from harness.scenarios.shelf import Shelf
from harness.scenarios.told import told


class PolicyError(ValueError):
    """A policy that does not exist or cannot be read."""


SHELF = Shelf("policy", resources.files("harness.scenarios") / "policies", "standard", PolicyError)


@functools.cache
def policy_names() -> tuple[str, ...]:
    """The policies on the shelf, standard care first.

    >>> policy_names()[0]
    'standard'
    """
    return SHELF.names()


def load_policy(source: str, beside: Path | None = None) -> Policy:
    """The policy of that name, or in that file, looked for in the folder ``beside`` first. Raises PolicyError.

    >>> load_policy("early-tocilizumab").tocilizumab.within_h
    12.0
    """
    if source in policy_names():
        return _on_shelf(source)
    return parse_policy(*SHELF.text_and_name(source, beside), file=source)


def policy_text(source: str) -> str:
    """The file of that name on the shelf, or that file, as it is written. Raises PolicyError.

    >>> policy_text("standard").splitlines()[0]
    'title = "Standard care"'
    """
    return SHELF.text_and_name(source)[0]


def source_of(policy: Policy) -> str:
    """How to name a policy on the command line: as on the shelf, or by its file, whose folder it does not know.

    >>> source_of(load_policy("no-treatment"))
    'no-treatment'
    """
    on_shelf = policy.name in policy_names() and load_policy(policy.name) == policy
    return policy.name if on_shelf else f"{policy.name}.toml"


@functools.cache
def _on_shelf(name: str) -> Policy:
    return parse_policy(*SHELF.text_and_name(name))


def parse_policy(text: str, name: str, file: str = "") -> Policy:
    """The policy that a TOML text describes. Raises PolicyError, naming the key at fault and the file, if known."""
    where = f"policy {file or name}"
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{where}: not TOML: {error}") from None
    if "name" in raw:
        raise PolicyError(f"{where}: unknown key 'name'; a policy is called by the name of its file")
    try:
        return Policy.model_validate({**raw, "name": name})
    except ValidationError as error:
        raise PolicyError(f"{where}: {'; '.join(told(e, Policy) for e in error.errors())}") from None
