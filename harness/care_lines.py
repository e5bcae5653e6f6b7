"""The lines of treatment: what is given from which grade on (Ferreri 2024, Tables 3 and 7, and the text beside them).

For testing and teaching, not for treating patients. Dexamethasone is only to be considered at CRS grade 2.
"""

from collections.abc import Mapping

INTENSIVE_CARE = "intensive care"
_CRS: Mapping[str, int] = {"tocilizumab": 2, "corticosteroids": 3, INTENSIVE_CARE: 3}
_NEUROTOXICITY: Mapping[str, int] = {"corticosteroids": 2, INTENSIVE_CARE: 3}
_BY_SCALE = {"crs": _CRS, "icans": _NEUROTOXICITY, "cres": _NEUROTOXICITY, "neurotoxicity": _NEUROTOXICITY}


def care_lines(scale: str) -> Mapping[str, int]:
    """What the grade of a scale decides, each from which grade; empty for scales that decide none of it.

    >>> care_lines("icans")["corticosteroids"], care_lines("icaht_early")
    (2, {})
    """
    return _BY_SCALE.get(scale, {})
