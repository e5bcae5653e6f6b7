"""CRS and ICANS as a plain ladder of if and else, one observation at a time, nothing unknown.

For speed comparison only: the reference is :mod:`cartox_core`.
"""

from typing import Any

QUIET_H = 24


class Crs:
    """Grades one patient's rounds in order, remembering whether a fever has opened an episode."""

    def __init__(self) -> None:
        self.open = False
        self.last_sign_h = 0.0

    def grade(self, hour: float, signs: dict[str, Any]) -> int:
        """The grade of CRS at this round."""
        fever = signs["temp_c"] >= 38.0
        worst = max(_hypotension(signs), _hypoxia(signs))
        if self.open and not fever and not worst and hour - self.last_sign_h >= QUIET_H:
            self.open = False
        self.open = self.open or fever
        if fever or worst:
            self.last_sign_h = hour
        if signs["death_from_crs"]:
            return 5
        if not self.open:
            return 0
        return max(worst, 1) if fever else worst


def _hypotension(signs: dict[str, Any]) -> int:
    if signs["vasopressors"] >= 2:
        return 4
    if signs["vasopressors"] == 1 or signs["vasopressin"]:
        return 3
    return 2 if signs["hypotension"] else 0


def _hypoxia(signs: dict[str, Any]) -> int:
    device = signs["o2_device"]
    if device == "none":
        return 0
    if device in {"cpap", "bipap", "mechanical_ventilation"}:
        return 4
    if device in {"nasal_cannula", "high_flow_nasal_cannula"}:
        return 2 if signs["o2_flow_l_min"] <= 6 else 3
    return 2 if device == "blow_by" else 3


def grade_icans(signs: dict[str, Any]) -> int:
    """The grade of ICANS of an adult at a neurological round."""
    if signs["death_from_icans"]:
        return 5
    arousal = {"spontaneous": 0, "voice": 2, "tactile": 3, "unarousable": 4}[signs["consciousness"]]
    if arousal == 4 or signs["seizure"] == "prolonged_or_repetitive" or signs["motor_weakness"] == "deep_focal":
        return 4
    if signs["cerebral_edema"] == "diffuse" or signs["posturing"] or signs["cn6_palsy"]:
        return 4
    if signs["papilledema"] or signs["cushing_triad"]:
        return 4
    ice = signs["ice"]
    score = 0 if ice == 10 else 1 if ice >= 7 else 2 if ice >= 3 else 3
    focal = signs["seizure"] == "brief" or signs["cerebral_edema"] == "focal"
    return max(score, arousal, 3 if focal else 0)
