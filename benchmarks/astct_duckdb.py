"""Both ASTCT scales as a good user of DuckDB writes them: one SQL query over a table of native types.

What made it fast was measured, not guessed. CASE only looks further at the rows that are left, so a floor is
asked for from the worst grade down, and a ceiling by what is surely excluded, where NULL falls through to the
worse grade by itself; ``coalesce`` and ``greatest`` over NULLs cost three times as much. Items of a partial ICE
score are left out: they have no natural column here.
"""

import duckdb
import pyarrow as pa

from cartox_core.observation import READABLE

FEVER = "temp_c >= 38.0 AND NOT fever_other_cause"
NO_FEVER = "temp_c < 38.0 OR fever_other_cause"
PRESSURE = "o2_device IN ('cpap', 'bipap', 'mechanical_ventilation')"
MASK = "o2_device IN ('face_mask', 'non_rebreather', 'venturi_mask')"
CANNULA = "o2_device IN ('nasal_cannula', 'high_flow_nasal_cannula')"
BLOW_BY = "o2_device = 'blow_by'"

CRS_FLOOR = f"""
CASE WHEN minute < 0 THEN 0 WHEN death_from_crs THEN 5
WHEN {FEVER} OR crs_onset_fever THEN CASE
  WHEN vasopressors >= 2 AND NOT vasopressor_other_cause THEN 4
  WHEN {PRESSURE} AND positive_pressure_reason = 'hypoxia' AND NOT oxygen_other_cause THEN 4
  WHEN vasopressors = 1 AND NOT vasopressor_other_cause THEN 3
  WHEN vasopressin AND NOT vasopressor_other_cause THEN 3
  WHEN {MASK} AND NOT oxygen_other_cause THEN 3
  WHEN {CANNULA} AND o2_flow_l_min > 6.0 AND NOT oxygen_other_cause THEN 3
  WHEN hypotension THEN 2
  WHEN ({CANNULA} OR {BLOW_BY}) AND NOT oxygen_other_cause THEN 2
  WHEN {FEVER} THEN 1 ELSE 0 END
ELSE 0 END"""

CRS_CEILING = f"""
CASE WHEN minute < 0 THEN 0 WHEN death_from_crs THEN 5
WHEN NOT crs_onset_fever AND temp_c < 38.0 THEN 0
WHEN NOT crs_onset_fever AND fever_other_cause THEN 0
WHEN (o2_device = 'none' OR oxygen_other_cause OR positive_pressure_reason <> 'hypoxia' OR NOT {PRESSURE})
 AND (vasopressors <= 1 OR vasopressor_other_cause) THEN CASE
  WHEN (o2_device = 'none' OR oxygen_other_cause OR {BLOW_BY} OR {PRESSURE} OR {CANNULA} AND o2_flow_l_min <= 6.0)
   AND (vasopressors = 0 AND NOT vasopressin OR vasopressor_other_cause) THEN CASE
    WHEN NOT hypotension AND (o2_device = 'none' OR oxygen_other_cause OR {PRESSURE}) THEN CASE
      WHEN {NO_FEVER} THEN 0 ELSE 1 END
    ELSE 2 END
  ELSE 3 END
ELSE 4 END"""

ICANS_FLOOR = """
CASE WHEN minute < 0 THEN 0 WHEN death_from_icans THEN 5
WHEN posturing THEN 4 WHEN cn6_palsy THEN 4 WHEN papilledema THEN 4 WHEN cushing_triad THEN 4
WHEN cerebral_edema = 'diffuse' THEN 4
WHEN consciousness = 'unarousable' AND NOT consciousness_other_cause THEN 4
WHEN seizure = 'prolonged_or_repetitive' AND NOT seizure_other_cause THEN 4
WHEN motor_weakness = 'deep_focal' AND NOT motor_other_cause THEN 4
WHEN seizure = 'brief' AND NOT seizure_other_cause THEN 3
WHEN consciousness = 'tactile' AND NOT consciousness_other_cause THEN 3
WHEN cerebral_edema = 'focal' THEN 3
WHEN CASE WHEN age_years < 12 THEN capd >= 9 ELSE ice <= 2 END THEN 3
WHEN consciousness = 'voice' AND NOT consciousness_other_cause THEN 2
WHEN CASE WHEN age_years < 12 THEN false ELSE ice <= 6 END THEN 2
WHEN CASE WHEN age_years < 12 THEN capd >= 1 ELSE ice <= 9 END THEN 1
ELSE 0 END"""

ICANS_CEILING = """
CASE WHEN minute < 0 THEN 0 WHEN death_from_icans THEN 5
WHEN NOT posturing AND NOT cn6_palsy AND NOT papilledema AND NOT cushing_triad AND cerebral_edema <> 'diffuse'
 AND (consciousness <> 'unarousable' OR consciousness_other_cause)
 AND (seizure <> 'prolonged_or_repetitive' OR seizure_other_cause)
 AND (motor_weakness <> 'deep_focal' OR motor_other_cause) THEN CASE
  WHEN (seizure = 'none' OR seizure_other_cause) AND (consciousness <> 'tactile' OR consciousness_other_cause)
   AND cerebral_edema = 'none' AND CASE WHEN age_years < 12 THEN capd <= 8 ELSE ice >= 3 END THEN CASE
    WHEN (consciousness = 'spontaneous' OR consciousness_other_cause)
     AND CASE WHEN age_years < 12 THEN true ELSE ice >= 7 END THEN CASE
      WHEN CASE WHEN age_years < 12 THEN capd = 0 ELSE ice = 10 END THEN 0 ELSE 1 END
    ELSE 2 END
  ELSE 3 END
ELSE 4 END"""

QUERY = f"""
SELECT ({CRS_FLOOR})::UTINYINT AS crs_floor, ({CRS_CEILING})::UTINYINT AS crs_ceiling,
       ({ICANS_FLOOR})::UTINYINT AS icans_floor, ({ICANS_CEILING})::UTINYINT AS icans_ceiling
FROM chart"""


def connect(table: pa.Table, threads: int) -> duckdb.DuckDBPyConnection:
    """A database in memory with the rows as the table ``chart``: faster to scan than the Arrow table itself."""
    connection = duckdb.connect(config={"threads": threads})
    connection.register("rows", table)
    columns = ["minute"]
    for name in table.column_names[1:]:
        values = READABLE[name].values
        kind = f"::ENUM({', '.join(map(repr, values))})" if values else ""
        columns.append(f"{name}{kind} AS {name}")
    connection.execute(f"CREATE TABLE chart AS SELECT {', '.join(columns)} FROM rows")
    connection.unregister("rows")
    return connection


def grade(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Floors and ceilings of both scales, uint8 (rows): ``crs_floor`` ``crs_ceiling`` ``icans_floor`` …"""
    return connection.sql(QUERY).to_arrow_table()
