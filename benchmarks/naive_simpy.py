"""The same patients as somebody in a hurry would simulate them, and would do it well.

One SimPy environment a patient, woken at every charting round for 30 days; the signs of a round are drawn with
``random`` into a dict and graded by :mod:`benchmarks.naive_grader`. The latent plan (levels and onsets) is that
of :mod:`harness.patients.people`, so the incidence must come out the same and only the work differs. It does
less than ours: adults only, one grade instead of floor and ceiling, no other causes, nothing missing.
"""

import random
from collections.abc import Generator, Iterable
from typing import Any

import simpy

from benchmarks.naive_grader import Crs, grade_icans
from harness.patients.draws import Draws
from harness.patients.people import Person, people, persons
from harness.patients.trials import trial

Signs = dict[str, Any]
ROUND_H, NEURO_ROUND_H, LAST_H = 4, 12, 30 * 24
MASKS = ("face_mask", "non_rebreather", "venturi_mask")
PRESSURE = ("cpap", "bipap", "mechanical_ventilation")
RAISED_PRESSURE = ("posturing", "cn6_palsy", "papilledema", "cushing_triad")


class Illness:
    """One toxicity of one patient: the hours at which it changes, and the stage it has come to."""

    def __init__(self, level: int, onset_h: float, duration_h: float, round_h: int, draw: random.Random) -> None:
        self.stage = 0
        self.changes: list[tuple[float, int]] = []
        if not level:
            return
        hour = onset_h
        for stage in range(1, level + 1):
            self.changes.append((hour, stage))
            hour += draw.uniform(1.5, 5) * round_h
        if level < 5:  # recovery, stage by stage, at least a round each
            step = max((onset_h + duration_h - hour) / level, round_h)
            self.changes += [(hour + i * step, level - 1 - i) for i in range(level)]
        self.changes.reverse()

    def at(self, hour: float) -> int:
        """The stage at an hour; hours must not go back."""
        while self.changes and self.changes[-1][0] <= hour:
            self.stage = self.changes.pop()[1]
        return self.stage


class Patient:
    """One patient's 30 days; ``chart`` has (hour, CRS grade, ICANS grade) of each round, ``doses`` (hour, drug)."""

    def __init__(self, env: simpy.Environment, plan: Person, draw: random.Random) -> None:
        self.env, self.draw = env, draw
        self.crs = Illness(plan.crs_level, plan.crs_onset_min / 60, plan.crs_duration_min / 60, ROUND_H, draw)
        self.neuro = Illness(
            plan.neuro_level, plan.neuro_onset_min / 60, plan.neuro_duration_min / 60, NEURO_ROUND_H, draw
        )
        self.lungs = draw.random() < 0.4  # else the circulation leads
        self.chart: list[tuple[float, int, int | None]] = []
        self.doses: list[tuple[float, str]] = []
        env.process(self.rounds())

    def rounds(self) -> Generator[simpy.Event, Any, None]:
        """Examine, grade and treat every four hours."""
        grader, before = Crs(), 0
        while self.env.now <= LAST_H:
            hour = self.env.now
            stage, neuro = self.crs.at(hour), self.neuro.at(hour)
            signs = self.vital_signs(stage, new=stage > before)
            before = stage
            crs, icans = grader.grade(hour, signs), None
            if hour % NEURO_ROUND_H == 0 or neuro == 5:
                icans = grade_icans(self.neurology(neuro))
            self.chart.append((hour, crs, icans))
            if crs == 5 or icans == 5:
                return
            if crs >= 2 and hour % 8 == 0:
                self.doses.append((hour, "tocilizumab" if len(self.doses) < 4 else "dexamethasone"))
            if icans is not None and icans >= 2:
                self.doses.append((hour, "dexamethasone"))
            yield self.env.timeout(ROUND_H)

    def vital_signs(self, stage: int, new: bool) -> Signs:
        """Fever, hypotension and hypoxia of a stage of CRS; a new stage always has its fever."""
        draw = self.draw
        febrile = stage > 0 and (new or draw.random() < 0.8)
        signs: Signs = {
            "temp_c": round(draw.uniform(38.0, 40.0) if febrile else draw.uniform(36.3, 37.9), 1),
            "hypotension": False,
            "vasopressors": 0,
            "vasopressin": False,
            "o2_device": "none",
            "o2_flow_l_min": None,
            "death_from_crs": stage == 5,
        }
        if stage >= 2 and self.lungs:
            device = "nasal_cannula" if stage == 2 else draw.choice(MASKS if stage == 3 else PRESSURE)
            signs["o2_device"] = device
            signs["o2_flow_l_min"] = draw.randint(1, 6) if stage == 2 else 10 if stage == 3 else None
        elif stage >= 2:
            signs["hypotension"] = True
            signs["vasopressors"] = min(stage - 2, 2)
            signs["vasopressin"] = stage >= 3 and draw.random() < 0.3
        return signs

    def neurology(self, stage: int) -> Signs:
        """What the examination finds at a stage of neurotoxicity."""
        draw = self.draw
        signs: Signs = {
            "ice": 10,
            "consciousness": "spontaneous",
            "seizure": "none",
            "motor_weakness": "none",
            "cerebral_edema": "none",
            **dict.fromkeys(RAISED_PRESSURE, False),
            "death_from_icans": stage == 5,
        }
        if stage == 1:
            signs["ice"] = draw.randint(7, 9)
        elif stage == 2:
            signs["ice"] = draw.randint(3, 6)
        elif stage == 3:
            signs["ice"] = draw.randint(0, 2)
            signs["consciousness"] = draw.choice(("spontaneous", "voice", "tactile"))
        elif stage >= 4:
            signs["ice"], signs["consciousness"] = 0, "unarousable"
            signs[draw.choice(RAISED_PRESSURE)] = draw.random() < 0.2
        return signs


def simulate(plans: Iterable[Person], seed: int) -> list[Patient]:
    """The course of each plan, in an environment of its own."""
    patients = []
    for plan in plans:
        env = simpy.Environment()
        patients.append(Patient(env, plan, random.Random(f"{seed}/{plan.number}")))
        env.run()
    return patients


def plans_of(trial_name: str, seed: int, count: int) -> list[Person]:
    """The latent plans of a trial's first patients: the population that ours simulates."""
    row = trial(trial_name)
    return list(persons(people(Draws(seed, trial_name, 0, count), row, row.assumed.age_years)))


def peaks(patients: Iterable[Patient]) -> list[tuple[int, int]]:
    """The worst grades of CRS and ICANS of each patient."""
    return [(max(crs for _, crs, _ in p.chart), max(icans or 0 for _, _, icans in p.chart)) for p in patients]
