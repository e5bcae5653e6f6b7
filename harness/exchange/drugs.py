"""Which drug of the protocol a text of others names: the drug itself, its name elsewhere, its brand or its code.

And whether one names the CAR T cells.
"""

import re

from cartox_core.observation import TREATMENT
from harness.exchange.codes import CAR_T_NAMES, CAR_T_RXNORM, DRUG_OF_RXNORM
from harness.search import same_words, words

_DRUGS = {words(drug)[:2] if "_" in drug else words(drug): drug for drug in TREATMENT["drug"].values}
_SHORTEST = 5  # letters of a name that only others use: dex and mp mean other things, too
_NOT_ONE_DRUG = {("nsaid",)}
_CELLS = re.compile(
    "|".join(CAR_T_NAMES) + r"|\b(tisa|axi|brexu|liso|ide|cilta|obe)-?cel\b|\bcar[- ]?t\b|chimeric antigen receptor",
    re.IGNORECASE,
)
_COLLECTED = re.compile("pheresis|collection|harvest", re.IGNORECASE)


def names_cells(text: str) -> bool:
    """Whether a text names CAR T cells that are given: by product, brand, code or such words; not their collection.

    >>> names_cells("Axicabtagene ciloleucel"), names_cells("CAR-T CELLS"), names_cells("fludarabine")
    (True, True, False)
    >>> names_cells("Leukapheresis for CAR-T")
    False
    """
    return text.strip() in CAR_T_RXNORM or (_CELLS.search(text) is not None and not _COLLECTED.search(text))


def drug_named(text: str) -> str | None:
    """The one drug of the protocol in a text or of an RxNorm code; None where none, several or a combination.

    >>> drug_named("Norepinephrine bitartrate 1 MG/ML Injection"), drug_named("Noradrenaline"), drug_named("Actemra")
    ('norepinephrine', 'norepinephrine', 'tocilizumab')
    >>> drug_named("acetaminophen 325 MG / oxycodone 5 MG"), drug_named("cisplatin"), drug_named("angiotensin")
    (None, None, None)
    """
    if code := DRUG_OF_RXNORM.get(text.strip()):
        return code
    if " / " in text or " and " in text.casefold():
        return None
    told = words(text)
    phrases = {told[start : start + size] for size in (1, 2, 3) for start in range(len(told) - size + 1)}
    found = {drug for phrase in phrases if (drug := _drug(phrase))}
    return found.pop() if len(found) == 1 else None


def _drug(phrase: tuple[str, ...]) -> str | None:
    if phrase in _DRUGS:
        return _DRUGS[phrase]
    is_name = len("".join(phrase)) >= _SHORTEST and phrase not in _NOT_ONE_DRUG
    return _DRUGS.get(same_words().get(phrase, ())) if is_name else None
