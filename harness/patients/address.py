"""The address of a simulated patient: v1/SCENARIO/TRIAL/SEED/INDEX, enough to make the patient again."""

import dataclasses
import difflib
import re

from harness.patients.prophylaxis import arm_rows
from harness.patients.trials import trials

LARGEST_SEED = 2**63 - 1
LARGEST_INDEX = 10**12


class AddressError(ValueError):
    """An address that names no patient."""


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """Which patient: of which scenario and trial, or side of an arm, under which seed, with which index from 0.

    >>> str(Address.read("v1/table1/transcend-nhl-001/7/42"))
    'v1/table1/TRANSCEND-NHL-001/7/42'
    """

    scenario: str
    trial: str
    seed: int
    index: int

    def __str__(self) -> str:
        return f"v1/{self.scenario}/{self.trial.replace(' ', '-')}/{self.seed}/{self.index}"

    @classmethod
    def read(cls, text: str) -> "Address":
        """The address that a text writes; case, spaces and hyphens of the trial do not matter.

        Raises AddressError.
        """
        parts = text.strip().strip("/").split("/")
        if len(parts) < 5 or parts[0] != "v1":
            raise AddressError(f"{text!r} is no address; write v1/SCENARIO/TRIAL/SEED/INDEX, as v1/table1/ZUMA-1/1/42")
        scenario, name, seed, index = "/".join(parts[1:-3]), *parts[-3:]
        by_name = {_bare(known): known for known in (*trials(), *arm_rows())}
        if _bare(name) not in by_name:
            near = difflib.get_close_matches(_bare(name), by_name, n=1)
            hint = f" did you mean {by_name[near[0]]!r}?" if near else ""
            there = f"there are {', '.join(trials())}, and the arms of scenario table4"
            raise AddressError(f"{text!r} names no trial of Table 1;{hint} {there}")
        numbers = []
        for what, written, most in (("seed", seed, LARGEST_SEED), ("index", index, LARGEST_INDEX)):
            if not re.fullmatch(r"[0-9]{1,20}", written) or int(written) > most:
                raise AddressError(f"the {what} of {text!r} is no whole number from 0 to {most}")
            numbers.append(int(written))
        return cls(scenario, by_name[_bare(name)], *numbers)


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
