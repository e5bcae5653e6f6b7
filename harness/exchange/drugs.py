"""Drugs and cells as other files call them: a name of the protocol's closed list, or none."""

import functools
import re
from collections.abc import Mapping, Sequence

from cartox_core.observation import TREATMENT
from harness.exchange.codes import DRUG_OF_RXNORM
from harness.search import same_words, words

CELLS_RXNORM = ("1987402", "1987407")
"""Products of axicabtagene ciloleucel."""
_CELLS = re.compile(
    r"tisagenlecleucel|cabtagene|kymriah|yescarta|tecartus|breyanzi|abecma|carvykti|aucatzyl"
    r"|\b(tisa|axi|brexu|liso|ide|cilta|obe)-?cel\b|\bcar[- ]?t\b|chimeric antigen receptor",
    re.IGNORECASE,
)


def names_cells(text: str) -> bool:
    """Whether a text names a product of CAR T cells, or such cells.

    >>> names_cells("Axicabtagene ciloleucel"), names_cells("CAR-T CELLS"), names_cells("fludarabine")
    (True, True, False)
    """
    return text.strip() in CELLS_RXNORM or _CELLS.search(text) is not None


def drug_named(text: str) -> str | None:
    """The drug of the protocol that a name or an RxNorm ingredient code means; None where it is none, or several.

    >>> drug_named("Noradrenaline tartrate"), drug_named("6902"), drug_named("ANGIOTENSIN II"), drug_named("prednisone")
    ('norepinephrine', 'methylprednisolone', 'angiotensin_ii', None)
    """
    if code := DRUG_OF_RXNORM.get(text.strip()):
        return code
    told = words(text.replace("_", " "))
    found = {drug for phrase, drug in _names().items() if _holds(told, phrase)}
    return found.pop() if len(found) == 1 else None


@functools.cache
def _names() -> Mapping[tuple[str, ...], str]:
    own = {words(drug.replace("_", " ")): drug for drug in TREATMENT["drug"].values}
    return {**own, **{other: own[name] for other, name in same_words().items() if name in own}}


def _holds(told: Sequence[str], phrase: Sequence[str]) -> bool:
    return any(tuple(told[start : start + len(phrase)]) == tuple(phrase) for start in range(len(told)))
