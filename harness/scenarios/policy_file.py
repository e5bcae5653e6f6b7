"""Read policies of care: from the shelf by name, or from a file."""

import difflib
import functools
import tomllib
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from harness.patients.policy import Policy
from harness.scenarios.told import told

_SHELF = resources.files("harness.scenarios") / "policies"


class PolicyError(ValueError):
    """A policy that does not exist or cannot be read."""


@functools.cache
def policy_names() -> tuple[str, ...]:
    """The policies on the shelf, standard care first.

    >>> policy_names()[0]
    'standard'
    """
    names = sorted(f.name.removesuffix(".toml") for f in _SHELF.iterdir() if f.name.endswith(".toml"))
    return tuple(sorted(names, key=lambda n: n != "standard"))


def load_policy(source: str) -> Policy:
    """The policy of that name, or in that file. Raises PolicyError.

    >>> load_policy("early-tocilizumab").tocilizumab.within_h
    12.0
    """
    if source in policy_names():
        return _on_shelf(source)
    path = Path(source)
    if not path.is_file():
        near = difflib.get_close_matches(source, policy_names(), n=1)
        hint = f" did you mean {near[0]!r}?" if near else ""
        raise PolicyError(
            f"there is no policy {source!r}, and no such file;{hint} on the shelf: {', '.join(policy_names())}"
        )
    try:
        return parse_policy(path.read_text(encoding="utf-8"), path.stem)
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{source} cannot be read: {error}") from None


def source_of(policy: Policy) -> str:
    """How to name a policy on the command line: as on the shelf, or by its file, whose folder it does not know.

    >>> source_of(load_policy("no-treatment"))
    'no-treatment'
    """
    on_shelf = policy.name in policy_names() and load_policy(policy.name) == policy
    return policy.name if on_shelf else f"{policy.name}.toml"


@functools.cache
def _on_shelf(name: str) -> Policy:
    return parse_policy((_SHELF / f"{name}.toml").read_text(encoding="utf-8"), name)


def parse_policy(text: str, name: str) -> Policy:
    """The policy that a TOML text describes. Raises PolicyError, naming the key at fault."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"policy {name}: not TOML: {error}") from None
    if "name" in raw:
        raise PolicyError(f"policy {name}: unknown key 'name'; a policy is called by the name of its file")
    try:
        return Policy.model_validate({**raw, "name": name})
    except ValidationError as error:
        raise PolicyError(f"policy {name}: {'; '.join(told(e, Policy) for e in error.errors())}") from None
