"""Graders that are wrong about CRS. Each confesses in its first line; ``clauses`` are those it breaks."""

from collections.abc import Sequence

from harness.verify.zoo.plain import QUIET_MIN, Plain, Row

_MASKING = {
    "acetaminophen",
    "ibuprofen",
    "tocilizumab",
    "siltuximab",
    "anakinra",
    "dexamethasone",
    "methylprednisolone",
}
GATE, EPISODE = "crs.gate.fever", "crs.gate.episode"
FEVER = (GATE, "crs.fever.g1", "crs.fever.none")


class FeverDemanded(Plain):
    """Demands a fever at every hour, also after tocilizumab has taken it away."""

    clauses = (EPISODE,)

    def crs_at(self, row: Row, opened: bool, treatments: Sequence[Row]) -> int:
        return super().crs_at(row, False, treatments)


class FeverAbove38(Plain):
    """Wants more than 38.0 °C for a fever."""

    clauses = FEVER

    def fever(self, row: Row) -> bool:
        return bool(row["temp_c"] > 38.0 and not row["fever_other_cause"])


class FeverFrom383(Plain):
    """Takes the 38.3 °C of neutropenic fever."""

    clauses = FEVER

    def fever(self, row: Row) -> bool:
        return bool(row["temp_c"] >= 38.3 and not row["fever_other_cause"])


class FeverRounded(Plain):
    """Rounds the temperature to one decimal before it compares."""

    clauses = FEVER

    def fever(self, row: Row) -> bool:
        return bool(round(row["temp_c"] + 1e-9, 1) >= 38.0 and not row["fever_other_cause"])


class AnyFever(Plain):
    """Counts a fever that has another cause."""

    clauses = (GATE, "crs.fever.g1", "crs.fever.other")

    def fever(self, row: Row) -> bool:
        return bool(row["temp_c"] >= 38.0)


class NoGate(Plain):
    """Grades hypotension and hypoxia without any fever, ever."""

    clauses = (GATE, EPISODE)

    def crs_at(self, row: Row, opened: bool, treatments: Sequence[Row]) -> int:
        return super().crs_at(row, True, treatments)


class MaskingDrugDemanded(Plain):
    """Waives the fever only after a masking drug (the literal reading of the footnote)."""

    clauses = (EPISODE,)

    def crs(self, rows: Sequence[Row], patient: Row, treatments: Sequence[Row]) -> list[int]:
        if len(rows) == 1:
            masked = rows[0].get("fever_masked")
            opened = rows[0]["crs_onset_fever"] and bool(masked)
            return [self.crs_at(rows[0], opened, treatments)]
        return super().crs(rows, patient, treatments)

    def crs_at(self, row: Row, opened: bool, treatments: Sequence[Row]) -> int:
        given = [t for t in treatments if t["drug"] in _MASKING and t["time_h"] <= row["time_h"]]
        return super().crs_at(row, opened and (bool(given) or bool(row.get("fever_masked"))), treatments)


class NeverResolves(Plain):
    """Never ends an episode: a sign three days later is still of the first fever."""

    clauses = (EPISODE,)

    def over(self, quiet_min: int, quiet_seen: bool) -> bool:
        del quiet_min, quiet_seen
        return False


class ResolvesAtOnce(Plain):
    """Ends an episode at the first observation without a sign."""

    clauses = (EPISODE,)

    def over(self, quiet_min: int, quiet_seen: bool) -> bool:
        del quiet_min
        return quiet_seen


class GapResolves(Plain):
    """Ends an episode after a day in which nobody looked."""

    clauses = (EPISODE,)

    def over(self, quiet_min: int, quiet_seen: bool) -> bool:
        del quiet_seen
        return quiet_min >= QUIET_MIN


class MoreThanADay(Plain):
    """Ends an episode only after more than 24 h."""

    clauses = (EPISODE,)

    def over(self, quiet_min: int, quiet_seen: bool) -> bool:
        return quiet_min > QUIET_MIN and quiet_seen


class BeforeInfusion(Plain):
    """Grades what happened before the infusion."""

    clauses = (GATE, "crs.fever.g1")

    def counts_before_infusion(self) -> bool:
        return True


class BipapIs3(Plain):
    """Grades BiPAP 3, as if it were high-flow oxygen."""

    clauses = ("crs.hypoxia.positive_pressure",)

    def positive_pressure(self, row: Row) -> int:
        return min(3, super().positive_pressure(row)) if row["o2_device"] == "bipap" else super().positive_pressure(row)


class OnlyIntubationIs4(Plain):
    """Grades CPAP and BiPAP 3, and only intubation 4."""

    clauses = ("crs.hypoxia.positive_pressure",)

    def positive_pressure(self, row: Row) -> int:
        grade = super().positive_pressure(row)
        return grade if row["o2_device"] == "mechanical_ventilation" else min(3, grade)


class AirwayProtectionIs4(Plain):
    """Grades an intubation to protect the airway 4."""

    clauses = ("crs.hypoxia.airway_protection",)

    def positive_pressure(self, row: Row) -> int:
        return 0 if row["positive_pressure_reason"] == "chronic" else 4


class HomeCpapIs4(Plain):
    """Grades the CPAP that a patient has always used 4."""

    clauses = ("crs.hypoxia.chronic_pressure",)

    def positive_pressure(self, row: Row) -> int:
        return 0 if row["positive_pressure_reason"] == "airway_protection" else 4


class VasopressinCounted(Plain):
    """Counts vasopressin among the vasopressors, so that one beside it is grade 4."""

    clauses = ("crs.hypotension.g3", "crs.hypotension.vasopressin")

    def hypotension(self, row: Row) -> int:
        count = row["vasopressors"] + bool(row["vasopressin"])
        return super().hypotension({**row, "vasopressors": count})


class VasopressinIgnored(Plain):
    """Does not see vasopressin when it is alone."""

    clauses = ("crs.hypotension.vasopressin",)

    def hypotension(self, row: Row) -> int:
        return super().hypotension({**row, "vasopressin": False})


class TwoVasopressorsAre3(Plain):
    """Wants three vasopressors for grade 4."""

    clauses = ("crs.hypotension.g4",)

    def hypotension(self, row: Row) -> int:
        count = row["vasopressors"]
        return super().hypotension({**row, "vasopressors": 1 if count == 2 else count})


class HypotensionMustBeTicked(Plain):
    """Sees a vasopressor only when hypotension is charted too."""

    clauses = ("crs.hypotension.g3", "crs.hypotension.g4", "crs.hypotension.vasopressin", "crs.hypotension.none")

    def hypotension(self, row: Row) -> int:
        return super().hypotension(row) if row["hypotension"] else 0


class AnyVasopressor(Plain):
    """Counts vasopressors that run for something else."""

    clauses = ("crs.hypotension.g3", "crs.hypotension.g4", "crs.hypotension.vasopressin")

    def hypotension(self, row: Row) -> int:
        return super().hypotension({**row, "vasopressor_other_cause": False})


class SixIsHighFlow(Plain):
    """Takes 6.0 L/min for high flow."""

    clauses = ("crs.hypoxia.low_flow", "crs.hypoxia.high_flow")

    def hypoxia(self, row: Row) -> int:
        return super().hypoxia({**row, "o2_flow_l_min": 6.1} if row["o2_flow_l_min"] == 6 else row)


class HighFlowDevice(Plain):
    """Grades a high-flow cannula 3 at any flow."""

    clauses = ("crs.hypoxia.low_flow",)

    def hypoxia(self, row: Row) -> int:
        device = row["o2_device"]
        return super().hypoxia({**row, "o2_device": "face_mask"} if device == "high_flow_nasal_cannula" else row)


class MaskByFlow(Plain):
    """Grades a face mask by its flow."""

    clauses = ("crs.hypoxia.masks",)

    def hypoxia(self, row: Row) -> int:
        return super().hypoxia({**row, "o2_device": "nasal_cannula"} if row["o2_device"] == "face_mask" else row)


class BlowByIsNothing(Plain):
    """Does not know blow-by oxygen."""

    clauses = ("crs.hypoxia.blow_by",)

    def hypoxia(self, row: Row) -> int:
        return 0 if row["o2_device"] == "blow_by" else super().hypoxia(row)


class NoVenturi(Plain):
    """Does not know the Venturi mask."""

    clauses = ("crs.hypoxia.masks",)

    def hypoxia(self, row: Row) -> int:
        return 0 if row["o2_device"] == "venturi_mask" else super().hypoxia(row)


class HomeOxygenCounts(Plain):
    """Grades the oxygen that a patient has for another cause."""

    clauses = ("crs.hypoxia.other", "crs.hypoxia.low_flow", "crs.hypoxia.masks", "crs.hypoxia.positive_pressure")

    def hypoxia(self, row: Row) -> int:
        return super().hypoxia({**row, "oxygen_other_cause": False})


class SaturationCounts(Plain):
    """Calls a saturation below 90 % hypoxia, whatever the oxygen."""

    clauses = ()

    def hypoxia(self, row: Row) -> int:
        low = row.get("spo2_pct") is not None and row["spo2_pct"] < 90
        return max(2 if low else 0, super().hypoxia(row))


class PressureFromNumbers(Plain):
    """Calls a systolic pressure below 90 hypotension, whatever was charted."""

    clauses = ()

    def hypotension(self, row: Row) -> int:
        low = row.get("sbp_mmhg") is not None and row["sbp_mmhg"] < 90
        return super().hypotension({**row, "hypotension": row["hypotension"] or low})


class DeathNeedsFever(Plain):
    """Forgets a death when the gate is closed."""

    clauses = ("crs.death.g5",)

    def crs_at(self, row: Row, opened: bool, treatments: Sequence[Row]) -> int:
        dead = row["death_from_crs"] and (opened or self.fever(row))
        return super().crs_at({**row, "death_from_crs": dead}, opened, treatments)


class DeathIs4(Plain):
    """Has no grade 5 of CRS."""

    clauses = ("crs.death.g5",)

    def crs_at(self, row: Row, opened: bool, treatments: Sequence[Row]) -> int:
        return min(4, super().crs_at(row, opened, treatments))
