"""``cartox replay``: one simulated patient again, as a bedside chart."""

import json
from typing import Annotated, Any

import typer
from tabulate import tabulate

from cartox_core import read_case
from harness.cli.app import PURPOSE, verb
from harness.cli.cases_out import check_target, format_to, written
from harness.cli.course_words import summary_told
from harness.cli.failure import Stopped
from harness.cli.options import (
    DEFAULT_GUIDELINE,
    GuidelineOption,
    PolicyOption,
    ReadingOption,
    chosen_guideline,
    chosen_scenario,
)
from harness.cli.replay_days import DAILY_DRUGS, days_table
from harness.cli.streams import show
from harness.cohort.example import Example, make_again
from harness.patients.address import Address, AddressError
from harness.patients.people import ROUND_MIN

_HEADS = ["day", "hour", "°C", "pressure", "oxygen", "ICE", "arousal", "other signs", "given", "CRS", "ICANS"]
_OTHER = ("motor_weakness", "cerebral_edema", "posturing", "cn6_palsy", "papilledema", "cushing_triad", "seizure")
ROUND_THE_CLOCK = "acetaminophen"  # a dose of it alone is no news
_OTHER_CAUSES = ("fever_other_cause", "consciousness_other_cause")


@verb(
    "cartox replay v1/table1/ZUMA-1/1/42",
    "cartox replay v1/masked-fever/KarMMa/1/22 --all",
    "cartox replay v1/table1/ZUMA-1/1/42 --policy no-treatment",
    "cartox replay v1/table1/ELIANA/1/3 --json | cartox explain -",
    "cartox replay v1/table1/ZUMA-1/1/42 --out patient.fhir.json",
)
def replay(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="v1/SCENARIO/TRIAL/SEED/INDEX")],
    every_round: Annotated[bool, typer.Option("--all", help="Print quiet rounds too.")] = False,
    as_case: Annotated[bool, typer.Option("--json", help="Print the protocol object, for cartox grade.")] = False,
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write the case to a file, in the format of its name."),
    ] = None,
    policy: PolicyOption = None,
    guideline: GuidelineOption = DEFAULT_GUIDELINE,
    reading: ReadingOption = None,
) -> None:
    """Print a simulated patient's course as a bedside chart, with the grades beside it and the days below.

    Runs print the address of a patient in whom a check failed; the report, those of its examples.
    """
    try:
        wanted = Address.read(address)
        scenario = chosen_scenario(wanted.scenario, policy)
        found = make_again(wanted, chosen_guideline(guideline, reading), scenario)
    except AddressError as error:
        raise Stopped(str(error)) from None
    if out is not None:
        into = format_to(out)
        check_target(out, into)
        with written(out, into) as path:
            into.write([(str(found.address), read_case(found.whole))], path)
    if as_case:
        show(json.dumps({"id": str(found.address), **found.whole}, ensure_ascii=False))
        return
    if not found.floors:
        again = f"cartox replay {address} --json | cartox explain - -g {guideline}"
        raise Stopped(f"{guideline} grades nothing round by round; ask for the case: {again}")
    show(bedside_chart(found, every_round, "" if policy is None else scenario.policy.title))


def bedside_chart(found: Example, every_round: bool, policy: str = "") -> str:
    """The chart of one patient as text, under the title of a policy; stretches without a sign are folded."""
    patient = found.case["patient"]
    head = f"{found.address}: {patient['age_years']:g} years, {patient['weight_kg']:g} kg"
    head += f"\nCared for by: {policy}" if policy else ""
    if found.risk:
        head += f"\nRisk: {found.risk}"
    rows: list[list[str]] = []
    folded = 0
    for i in range(len(found.times_h)):
        row, missed = _row(found, i), _missed(found, i)
        if not every_round and not missed and not _worth_a_line(found, i, row):
            folded += 1
            continue
        _note(rows, folded, "without a grade or a dose")
        _note(rows, missed, "not charted")
        folded = 0
        rows.append(row)
    _note(rows, folded, "without a grade or a dose")
    table = tabulate(rows, _HEADS, disable_numparse=True, colalign=("right", "right"))
    parts = [head, table, _summaries(found), days_table(found, every_round), PURPOSE]
    return "\n\n".join(part for part in parts if part)


def _worth_a_line(found: Example, i: int, row: list[str]) -> bool:
    graded = any(found.floors[s][i] for s in found.floors)
    given = any(not drug.startswith(ROUND_THE_CLOCK) for drug in row[8].split(", ") if drug)
    return graded or i == 0 or given or any(found.floors[s][i - 1] for s in found.floors)


def _missed(found: Example, i: int) -> int:
    """How many rounds before this one nobody charted."""
    return round((found.times_h[i] - found.times_h[i - 1]) * 60 / ROUND_MIN) - 1 if i else 0


def _note(rows: list[list[str]], rounds: int, words: str) -> None:
    """That some rounds are not shown, and why."""
    if rounds:
        rows.append(["", "", "", f"… {rounds} {'round' if rounds == 1 else 'rounds'} {words}", *[""] * 7])


def _row(found: Example, i: int) -> list[str]:
    o, hour = found.case["observations"][i], found.times_h[i]
    before = found.times_h[i - 1] if i else -1e9
    since = [g for g in found.case["treatments"] if before < g["time_h"] <= hour and g["drug"] not in DAILY_DRUGS]
    given = [_dose(g) + ("" if g["time_h"] == hour else f" at {g['time_h'] % 24:02.0f}:00") for g in since]
    score = f"CAPD {o['capd']}" if "capd" in o else str(o.get("ice", ""))
    other = [_sign(k, o[k]) for k in (*_OTHER, *_OTHER_CAUSES) if o.get(k) not in (None, False, "none")]
    if o.get("death_from_crs") or o.get("death_from_icans"):
        other.append("died")
    temp = f"{o['temp_c']:.1f}" if "temp_c" in o else "?"
    when = [f"{int(hour // 24)}", f"{hour % 24:02.0f}:00"]
    signs = [temp, _pressure(o), _oxygen(o), score, o.get("consciousness", ""), ", ".join(other)]
    return [*when, *signs, ", ".join(given), _graded(found, "crs", i), _graded(found, "icans", i)]


def _sign(name: str, value: object) -> str:
    return name.replace("_", " ") if value is True else f"{name} {value}".replace("_", " ")


def _dose(given: dict[str, Any]) -> str:
    if not given["dose"]:
        return f"{given['drug']} stopped"
    return f"{given['drug']} {given['dose']:g} {given['unit']}"


def _pressure(o: dict[str, Any]) -> str:
    if "hypotension" not in o and "vasopressors" not in o:
        return "?"
    words = ["low"] if o.get("hypotension") else []
    if o.get("vasopressors"):
        words.append(f"{o['vasopressors']} vasopressor{'s' if o['vasopressors'] > 1 else ''}")
    return ", ".join([*words, *(["vasopressin"] if o.get("vasopressin") else [])])


def _oxygen(o: dict[str, Any]) -> str:
    device = o.get("o2_device", "?")
    if device == "none":
        return ""
    flow = f" {o['o2_flow_l_min']:g} L/min" if "o2_flow_l_min" in o else ""
    share = f" ({100 * o['fio2']:.0f} %)" if "fio2" in o else ""
    reason = f", {o['positive_pressure_reason'].replace('_', ' ')}" if "positive_pressure_reason" in o else ""
    return f"{device.replace('_', ' ')}{flow}{share}{reason}"


def _graded(found: Example, scale: str, i: int) -> str:
    if scale not in found.floors:  # the guideline has no such scale
        return ""
    low, high = found.floors[scale][i], found.ceilings[scale][i]
    if low == high:
        return str(low)
    return "" if (low, high) == (0, 4) and scale == "icans" else f"{low}–{high}"


def _summaries(found: Example) -> str:
    lines = []
    for scale, (floors, ceilings) in found.summaries.items():
        beside = "" if ceilings.peak == floors.peak else f" (at most grade {ceilings.peak})"
        true = f"; charted without faults: grade {found.true_peaks[scale]}" if scale in found.true_peaks else ""
        lines.append(f"{scale.upper()}: {summary_told(floors)}{beside}{true}")
    if shut := _shut_out(found):
        lines.append(
            f"Low pressure or oxygen at {shut} rounds that are CRS grade 0: no charted fever opens an episode there."
        )
    return "\n".join(lines)


def _shut_out(found: Example) -> int:
    """The rounds with signs of CRS that are surely none, since no fever opens an episode."""
    rounds = zip(found.case["observations"], found.ceilings.get("crs", ()), strict=False)
    return sum(ceiling == 0 and bool(_pressure(o).strip("?") or _oxygen(o).strip("?")) for o, ceiling in rounds)
