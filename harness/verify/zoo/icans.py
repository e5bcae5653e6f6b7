"""Graders that are wrong about ICANS. Each confesses in its first line; ``clauses`` are those it breaks."""

from harness.verify.zoo.plain import Plain, Row

CAPD = ("icans.capd.none", "icans.capd.g1", "icans.capd.g3")


class Ice10Is1(Plain):
    """Grades a full ICE score of 10 as 1."""

    clauses = ("icans.ice.none",)

    def ice_grade(self, row: Row) -> int:
        return max(1, super().ice_grade(row))


class Ice7Is2(Plain):
    """Takes an ICE of 7 for grade 2."""

    clauses = ("icans.ice.g1", "icans.ice.g2")

    def ice_grade(self, row: Row) -> int:
        return 2 if row["ice"] == 7 else super().ice_grade(row)


class Ice3Is3(Plain):
    """Takes an ICE of 3 for grade 3."""

    clauses = ("icans.ice.g2", "icans.ice.g3")

    def ice_grade(self, row: Row) -> int:
        return 3 if row["ice"] == 3 else super().ice_grade(row)


class Ice0Is4(Plain):
    """Grades an ICE of 0 as 4 in a patient who is awake."""

    clauses = ("icans.ice.g3", "icans.ice.g4")

    def ice_grade(self, row: Row) -> int:
        return 4 if row["ice"] == 0 else super().ice_grade(row)


class IceItemsForgotten(Plain):
    """Takes ICE items that were not asked for failed."""

    clauses = ()

    def ice(self, items: Row, end: int) -> int:
        return super().ice(items, 1 if items else end)


class TremorCounts(Plain):
    """Lets a tremor raise the grade to 1."""

    clauses = ()

    def motor(self, row: Row) -> int:
        return max(1 if row.get("tremor") else 0, super().motor(row))


class HemorrhageIs4(Plain):
    """Grades an intracranial hemorrhage 4."""

    clauses = ()

    def pressure(self, row: Row) -> int:
        return 4 if row.get("intracranial_hemorrhage") else super().pressure(row)


class MildWeaknessIs4(Plain):
    """Grades any weakness 4."""

    clauses = ("icans.motor.none", "icans.motor.g4")

    def motor(self, row: Row) -> int:
        return 4 if row["motor_weakness"] != "none" and not row["motor_other_cause"] else 0


class WeaknessIs3(Plain):
    """Grades a hemiparesis 3."""

    clauses = ("icans.motor.g4",)

    def motor(self, row: Row) -> int:
        return min(3, super().motor(row))


class AnyWeakness(Plain):
    """Counts a weakness that has another cause."""

    clauses = ("icans.motor.g4", "icans.motor.other")

    def motor(self, row: Row) -> int:
        return super().motor({**row, "motor_other_cause": False})


class AnySeizureIs4(Plain):
    """Grades every seizure 4."""

    clauses = ("icans.seizure.g3",)

    def seizure(self, row: Row) -> int:
        return 4 if super().seizure(row) else 0


class BriefSeizureIs2(Plain):
    """Grades a brief seizure 2."""

    clauses = ("icans.seizure.g3",)

    def seizure(self, row: Row) -> int:
        return {0: 0, 3: 2, 4: 4}[super().seizure(row)]


class EpilepsyCounts(Plain):
    """Counts a seizure that has another cause."""

    clauses = ("icans.seizure.g3", "icans.seizure.g4", "icans.seizure.other")

    def seizure(self, row: Row) -> int:
        return super().seizure({**row, "seizure_other_cause": False})


class SedationCounts(Plain):
    """Takes sedation for depressed consciousness."""

    clauses = (
        "icans.consciousness.g2",
        "icans.consciousness.g3",
        "icans.consciousness.g4",
        "icans.consciousness.other",
    )

    def arousal(self, row: Row) -> int:
        return super().arousal({**row, "consciousness_other_cause": False})


class TouchIs2(Plain):
    """Grades a patient who awakens only to touch 2."""

    clauses = ("icans.consciousness.g3",)

    def arousal(self, row: Row) -> int:
        return {0: 0, 2: 2, 3: 2, 4: 4}[super().arousal(row)]


class IceAlone(Plain):
    """Looks at consciousness only where there is no ICE score."""

    clauses = ("icans.consciousness.g2", "icans.consciousness.g3", "icans.consciousness.g4")

    def arousal(self, row: Row) -> int:
        return super().arousal(row) if row["ice"] == 0 else 0


class NoCapd(Plain):
    """Has no scale for children: takes ICE at any age."""

    clauses = CAPD

    def is_child(self, age_years: float | None) -> bool:
        del age_years
        return False


class ChildTo12(Plain):
    """Takes CAPD for a patient who is exactly 12."""

    clauses = ("icans.ice.none", "icans.ice.g1", "icans.ice.g2", "icans.ice.g3", *CAPD)

    def is_child(self, age_years: float | None) -> bool:
        return age_years is not None and age_years <= 12


class AgeUnknownIsChild(Plain):
    """Takes a patient of unknown age for a child."""

    clauses = ("icans.ice.none", "icans.ice.g1", "icans.ice.g2", "icans.ice.g3", *CAPD)

    def is_child(self, age_years: float | None) -> bool:
        return age_years is None or age_years < 12


class Capd8Is3(Plain):
    """Takes a CAPD of 8 for delirium."""

    clauses = ("icans.capd.g1", "icans.capd.g3")

    def capd_grade(self, row: Row) -> int:
        return 3 if row["capd"] == 8 else super().capd_grade(row)


class Capd9Is2(Plain):
    """Grades delirium in a child 2."""

    clauses = ("icans.capd.g3",)

    def capd_grade(self, row: Row) -> int:
        return min(2, super().capd_grade(row))


class NoPapilledema(Plain):
    """Does not ask for papilledema."""

    clauses = ("icans.papilledema.g4",)

    def pressure(self, row: Row) -> int:
        return super().pressure({**row, "papilledema": False})


class NoCushing(Plain):
    """Does not ask for Cushing's triad."""

    clauses = ("icans.cushing_triad.g4",)

    def pressure(self, row: Row) -> int:
        return super().pressure({**row, "cushing_triad": False})


class FocalEdemaIs4(Plain):
    """Grades focal edema 4."""

    clauses = ("icans.edema.g3",)

    def pressure(self, row: Row) -> int:
        return 4 if super().pressure(row) else 0


class NoIcansDeath(Plain):
    """Has no grade 5 of ICANS."""

    clauses = ("icans.death.g5",)

    def icans_at(self, row: Row, age_years: float | None) -> int:
        return min(4, super().icans_at(row, age_years))
