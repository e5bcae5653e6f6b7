"""Both ASTCT scales as a good user of polars writes them: one lazy frame, native types, nulls for unknown.

What made it fast was measured, not guessed: booleans are bits, so a grade is asked for from the worst down;
``max_horizontal`` is slow over nulls, so each domain is filled first; order among Enum values is slow, ``is_in``
is not. Items of a partial ICE score are left out: they have no natural column here.
"""

from typing import Any

import polars as pl
import pyarrow as pa

from cartox_core.observation import READABLE

POSITIVE_PRESSURE = ["cpap", "bipap", "mechanical_ventilation"]
MASKS = ["face_mask", "non_rebreather", "venturi_mask"]
CANNULAS = ["nasal_cannula", "high_flow_nasal_cannula"]


def frame(table: pa.Table) -> pl.DataFrame:
    """The rows as polars keeps them: Enum for enumerations, one chunk a column."""
    enums = {k: pl.Enum(READABLE[k].values) for k in table.column_names if pa.types.is_dictionary(table[k].type)}
    found = pl.from_arrow(table)
    assert isinstance(found, pl.DataFrame)
    return found.with_columns(pl.col(k).cast(kind) for k, kind in enums.items()).rechunk()


def grade(rows: pl.DataFrame) -> pl.DataFrame:
    """Floors and ceilings of both scales, UInt8 (rows): ``crs_floor`` ``crs_ceiling`` ``icans_floor`` …"""
    return rows.lazy().select(**QUERY).collect()


def _grade(value: int) -> pl.Expr:
    return pl.lit(value, pl.UInt8)


def _bounded(scale: str, level: pl.Expr) -> pl.Expr:
    """Nothing before the infusion, and death whatever else is charted."""
    dead = pl.when(pl.col(f"death_from_{scale}")).then(_grade(5)).otherwise(level)
    return pl.when(pl.col("minute") < 0).then(_grade(0)).otherwise(dead)


def _crs(unknown: bool) -> pl.Expr:
    """The floor where an unknown sign counts as absent, the ceiling where it counts as present."""

    def yes(sign: pl.Expr) -> pl.Expr:
        return sign.fill_null(unknown)

    device, running = pl.col("o2_device"), pl.col("vasopressors")
    fever = yes(pl.col("temp_c") >= 38.0) & ~pl.col("fever_other_cause")
    counts, breathes = ~pl.col("vasopressor_other_cause"), ~pl.col("oxygen_other_cause")
    hypoxic = pl.col("positive_pressure_reason") == "hypoxia"
    cannula = yes(device.is_in(CANNULAS))
    pressure = breathes & hypoxic & yes(device.is_in(POSITIVE_PRESSURE))
    much_oxygen = breathes & (yes(device.is_in(MASKS)) | cannula & yes(pl.col("o2_flow_l_min") > 6.0))
    some_oxygen = breathes & (cannula | yes(device == "blow_by"))
    one_pressor = counts & (yes(running >= 1) | yes(pl.col("vasopressin")))
    gate = fever | yes(pl.col("crs_onset_fever"))
    level = (
        pl.when(gate & (pressure | counts & yes(running >= 2)))
        .then(_grade(4))
        .when(gate & (much_oxygen | one_pressor))
        .then(_grade(3))
        .when(gate & (some_oxygen | yes(pl.col("hypotension"))))
        .then(_grade(2))
        .otherwise(fever.cast(pl.UInt8))
    )
    return _bounded("crs", level)


def _finding(name: str, excuse: str | None, grades: dict[str, int], unknown: int) -> pl.Expr:
    """The grade of an enumeration, 0 with another cause."""
    chain: Any = pl.when(pl.col(excuse) if excuse else pl.lit(value=False)).then(_grade(0))
    for value, level in grades.items():
        chain = chain.when(pl.col(name) == value).then(_grade(level))
    found: pl.Expr = chain.otherwise(_grade(unknown))
    return found


def _icans(unknown: bool) -> pl.Expr:
    """The worst of the domains, each unknown one at its mildest or its worst."""
    worst, worst_score = (4, 3) if unknown else (0, 0)
    ice, capd = pl.col("ice"), pl.col("capd")
    adult_score = (
        pl.when(ice == 10).then(_grade(0)).when(ice >= 7).then(_grade(1)).when(ice >= 3).then(_grade(2))
        .when(ice < 3).then(_grade(3)).otherwise(_grade(worst_score))
    )  # fmt: skip
    child_score = (
        pl.when(capd == 0).then(_grade(0)).when(capd <= 8).then(_grade(1)).when(capd >= 9).then(_grade(3))
        .otherwise(_grade(worst_score))
    )  # fmt: skip
    raised_pressure = pl.any_horizontal(
        pl.col("posturing", "cn6_palsy", "papilledema", "cushing_triad").fill_null(unknown)
    )
    arousal = {"spontaneous": 0, "voice": 2, "tactile": 3, "unarousable": 4}
    level = pl.max_horizontal(
        pl.when(pl.col("age_years") < 12).then(child_score).otherwise(adult_score),
        _finding("consciousness", "consciousness_other_cause", arousal, worst),
        _finding("seizure", "seizure_other_cause", {"none": 0, "brief": 3, "prolonged_or_repetitive": 4}, worst),
        _finding("motor_weakness", "motor_other_cause", {"none": 0, "mild": 0, "deep_focal": 4}, worst),
        _finding("cerebral_edema", None, {"none": 0, "focal": 3, "diffuse": 4}, worst),
        pl.when(raised_pressure).then(_grade(4)).otherwise(_grade(0)),
    )
    return _bounded("icans", level)


QUERY = {
    "crs_floor": _crs(unknown=False),
    "crs_ceiling": _crs(unknown=True),
    "icans_floor": _icans(unknown=False),
    "icans_ceiling": _icans(unknown=True),
}
