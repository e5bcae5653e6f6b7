"""A small right grader of ASTCT 2019 in plain conditions, for the animals of the zoo to spoil.

It shares nothing with the tables of the core but the check of the input. What is unknown is filled in with the
mildest and with the worst it could be, and both are graded; the signs are monotone, so that is exact.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cartox_core import Refused, read_case
from cartox_core.fields import ICE_ITEM_MAXIMUM

Row = Mapping[str, Any]
UNKNOWN: Mapping[str, tuple[Any, Any]] = {  # the mildest and the worst that an unknown sign could be
    "temp_c": (36.8, 39.0), "crs_onset_fever": (False, True), "fever_other_cause": (False, False),
    "hypotension": (False, True), "vasopressors": (0, 6), "vasopressin": (False, True),
    "vasopressor_other_cause": (False, False), "o2_device": ("none", "mechanical_ventilation"),
    "o2_flow_l_min": (0.0, 100.0), "oxygen_other_cause": (False, False),
    "positive_pressure_reason": ("hypoxia", "hypoxia"), "death_from_crs": (False, False),
    "capd": (0, 32), "consciousness": ("spontaneous", "unarousable"), "consciousness_other_cause": (False, False),
    "seizure": ("none", "prolonged_or_repetitive"), "seizure_other_cause": (False, False),
    "motor_weakness": ("none", "deep_focal"), "motor_other_cause": (False, False),
    "cerebral_edema": ("none", "diffuse"), "posturing": (False, True), "cn6_palsy": (False, True),
    "papilledema": (False, True), "cushing_triad": (False, True), "death_from_icans": (False, False),
}  # fmt: skip
QUIET_MIN = 24 * 60


class Plain:
    """Answers a grade message with the answer object of the protocol. Animals override one step of it."""

    clauses: tuple[str, ...] = ()

    def __call__(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Grade a case."""
        fault = self.refusal(message)
        if fault:
            return {"status": "refused", "reason": fault}
        return {"status": "graded", "grades": self.entries(message)}

    def refusal(self, message: Mapping[str, Any]) -> str:
        """What is wrong with the input."""
        try:
            read_case(message)
        except Refused as error:
            return str(error)[:200]
        return ""

    def entries(self, message: Mapping[str, Any]) -> list[Any]:
        """A floor and a ceiling for each observation."""
        patient, rows = message.get("patient") or {}, message["observations"]
        grade = self.crs if message["scale"] == "crs" else self.icans
        ends = []
        for end in (0, 1):
            filled = [self.filled(row, end) for row in rows]
            ends.append(grade(filled, patient, message.get("treatments") or []))
        return [{"floor": low, "ceiling": high} for low, high in zip(*ends, strict=True)]

    def filled(self, row: Row, end: int) -> dict[str, Any]:
        """An observation with nothing unknown, at the mildest (0) or at the worst (1)."""
        known = {k: v for k, v in row.items() if v is not None}
        full = {**{k: ends[end] for k, ends in UNKNOWN.items()}, **known}
        if end and "o2_device" not in known and full["positive_pressure_reason"] != "hypoxia":
            full["o2_device"] = "face_mask"  # pressure would be excused, so a mask is the worst
        if "ice" not in known:
            full["ice"] = self.ice(known.get("ice_items") or {}, end)
        return full

    def ice(self, items: Row, end: int) -> int:
        """The ICE score from its items."""
        return sum(
            most * (1 - end) if items.get(name) is None else int(items[name]) for name, most in ICE_ITEM_MAXIMUM.items()
        )

    def minute(self, row: Row) -> int:
        """The whole minute of an observation."""
        return int((60 * row["time_h"] + 0.5) // 1)

    # Cytokine release syndrome

    def crs(self, rows: Sequence[Row], _patient: Row, treatments: Sequence[Row]) -> list[int]:
        """The CRS grades of a snapshot or a course."""
        if len(rows) == 1:
            return [self.crs_at(rows[0], rows[0]["crs_onset_fever"], treatments)]
        grades, opened, last, quiet_seen = [], False, 0, False
        for row in rows:
            now = self.minute(row)
            if now < 0 and not self.counts_before_infusion():
                grades.append(0)
                continue
            sign = self.fever(row) or self.hypotension(row) > 0 or self.hypoxia(row) > 0
            if opened and self.over(now - last, quiet_seen or not sign):
                opened = False
            opened = opened or self.fever(row)
            grades.append(self.crs_at(row, opened, treatments))
            if sign and opened:
                last, quiet_seen = now, False
            elif not sign:
                quiet_seen = True
        return grades

    def counts_before_infusion(self) -> bool:
        """Whether what is charted before the infusion counts."""
        return False

    def over(self, quiet_min: int, quiet_seen: bool) -> bool:
        """Whether an episode has ended, so long after its last sign."""
        return quiet_min >= QUIET_MIN and quiet_seen

    def crs_at(self, row: Row, opened: bool, treatments: Sequence[Row]) -> int:
        """The CRS grade of one observation."""
        del treatments
        if self.minute(row) < 0 and not self.counts_before_infusion():
            return 0
        if row["death_from_crs"]:
            return 5
        fever, signs = self.fever(row), (self.hypotension(row), self.hypoxia(row))
        if not fever and not opened:
            return 0
        return self.worst([1 if fever else 0, *signs])

    def worst(self, grades: Sequence[int]) -> int:
        """How the domains make one grade."""
        return max(grades)

    def fever(self, row: Row) -> bool:
        """A fever that counts."""
        return bool(row["temp_c"] >= 38.0 and not row["fever_other_cause"])

    def hypotension(self, row: Row) -> int:
        """The hypotension grade."""
        if not row["vasopressor_other_cause"]:
            if row["vasopressors"] >= 2:
                return 4
            if row["vasopressors"] == 1 or row["vasopressin"]:
                return 3
        return 2 if row["hypotension"] else 0

    def hypoxia(self, row: Row) -> int:
        """The hypoxia grade."""
        if row["oxygen_other_cause"]:
            return 0
        match row["o2_device"]:
            case "none":
                return 0
            case "blow_by":
                return 2
            case "nasal_cannula" | "high_flow_nasal_cannula":
                return 2 if row["o2_flow_l_min"] <= 6 else 3
            case "face_mask" | "non_rebreather" | "venturi_mask":
                return 3
            case _:
                return self.positive_pressure(row)

    def positive_pressure(self, row: Row) -> int:
        """The grade of CPAP, BiPAP and ventilation."""
        return 4 if row["positive_pressure_reason"] == "hypoxia" else 0

    # Neurotoxicity

    def icans(self, rows: Sequence[Row], patient: Row, _treatments: Sequence[Row]) -> list[int]:
        """The ICANS grades of the observations, each by itself."""
        return [self.icans_at(row, patient.get("age_years")) for row in rows]

    def icans_at(self, row: Row, age_years: float | None) -> int:
        """The ICANS grade of one observation."""
        if self.minute(row) < 0:
            return 0
        if row["death_from_icans"]:
            return 5
        score = self.capd_grade(row) if self.is_child(age_years) else self.ice_grade(row)
        return self.worst([score, self.arousal(row), self.seizure(row), self.motor(row), self.pressure(row)])

    def is_child(self, age_years: float | None) -> bool:
        """Whether CAPD is used."""
        return age_years is not None and age_years < 12

    def ice_grade(self, row: Row) -> int:
        """The grade of the ICE score."""
        if row["ice"] == 0 and self.arousal(row) == 4:
            return 4
        return 0 if row["ice"] == 10 else 1 if row["ice"] >= 7 else 2 if row["ice"] >= 3 else 3

    def capd_grade(self, row: Row) -> int:
        """The grade of the CAPD score."""
        return 0 if row["capd"] == 0 else 1 if row["capd"] <= 8 else 3

    def arousal(self, row: Row) -> int:
        """The grade of consciousness."""
        if row["consciousness_other_cause"]:
            return 0
        return {"spontaneous": 0, "voice": 2, "tactile": 3, "unarousable": 4}[row["consciousness"]]

    def seizure(self, row: Row) -> int:
        """The grade of a seizure."""
        if row["seizure_other_cause"]:
            return 0
        return {"none": 0, "brief": 3, "prolonged_or_repetitive": 4}[row["seizure"]]

    def motor(self, row: Row) -> int:
        """The grade of weakness."""
        return 4 if row["motor_weakness"] == "deep_focal" and not row["motor_other_cause"] else 0

    def pressure(self, row: Row) -> int:
        """The grade of edema and raised pressure."""
        raised = row["posturing"] or row["cn6_palsy"] or row["papilledema"] or row["cushing_triad"]
        return 4 if raised or row["cerebral_edema"] == "diffuse" else 3 if row["cerebral_edema"] == "focal" else 0
