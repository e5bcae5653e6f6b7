"""The page on the files of a cohort: every column is told, and its query counts what the report does."""

import json
import re
from pathlib import Path

import duckdb
import pytest

from harness.cohort import SCALES
from harness.cohort.block import Block, grade_block
from harness.cohort.counts import grade_counts
from harness.cohort.fault_effects import ALL, fault_effects
from harness.cohort.parquet import tables, write_block
from harness.cohort.report import json_report
from harness.cohort.run import Plan, run
from harness.patients.faults import FAULTS
from tests.harness.simulated import a_scenario, graded, guideline

PAGE = (Path(__file__).parents[3] / "docs" / "cohort-files.md").read_text(encoding="utf-8")
(QUERY,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
SHARES = {"ice_while_intubated": 1.0, "unknown_fields": 0.2, "transposed_digits": 0.1}

OF_ICANS = {"baseline_ice": 0, "missed_rounds": 1, "unknown_fields": 2}  # the kind that each of these surely is


def by_query(folder: Path, scale: str) -> tuple[int, ...]:
    """Too high, too low and a range, by the query of the page."""
    query = QUERY.replace("icans", scale).replace("DIR", str(folder))
    return tuple(duckdb.sql(query).fetchall()[0])


@pytest.mark.parametrize("fault", FAULTS)
def test_the_query_counts_what_the_report_does(fault: str, tmp_path: Path) -> None:
    scenario = a_scenario(f"[charting]\n{fault} = {SHARES.get(fault, 0.5)}")
    block = grade_block(Block(scenario, "ZUMA-3", 1, 0, 80), guideline(), full=True)
    write_block(block, grade_counts(block), tmp_path)
    found = fault_effects(block, guideline())
    for scale in SCALES:
        assert by_query(tmp_path, scale) == found[fault, scale].counts[:3]
    if fault in OF_ICANS:
        assert found[fault, "icans"].counts[OF_ICANS[fault]] > 0


def test_a_run_with_several_faults_and_two_trials_is_counted_all_together(tmp_path: Path) -> None:
    extra = 'ledger = "shown"\n[charting]\nmissed_rounds = 0.3\nunknown_fields = 0.1\nbaseline_ice = 0.5'
    outcome = run(Plan(a_scenario(extra, ["ZUMA-1", "KarMMa"]), 40, 1, "astct-2019"), out=tmp_path)
    told = {(e["fault"], e["scale"]): e for e in json.loads(json.dumps(json_report(outcome)))["charting_faults"]}
    for scale in SCALES:
        effect = told[ALL, scale]
        assert by_query(tmp_path, scale) == (effect["too_high"], effect["too_low"], effect["range"])
    assert min(told[ALL, "icans"]["too_high"], told[ALL, "icans"]["range"]) > 0


def test_antipyretics_are_counted_beside_a_run_without_them(tmp_path: Path) -> None:
    hidden = "[illness]\nfebrile_share = 0.15\n[care]\nantipyretic_every_h = 6\n[charting]\nfahrenheit = 0.3"
    blocks = {
        name: grade_block(Block(a_scenario(extra), "ZUMA-1", 1, 0, 60), guideline(), full=True)
        for name, extra in (("hidden", hidden), ("plain", ""))
    }
    for name, block in blocks.items():
        write_block(block, grade_counts(block), tmp_path / name)
    joined = (
        "(select h.* replace (p.{s}_true_peak_floor as {s}_true_peak_floor, "
        "p.{s}_true_examined_peak_ceiling as {s}_true_examined_peak_ceiling) "
        f"from '{tmp_path}/hidden/patients/**/*.parquet' h join '{tmp_path}/plain/patients/**/*.parquet' p "
        "using (trial, index))"
    )
    found = fault_effects(blocks["hidden"], guideline())
    for scale in SCALES:
        query = QUERY.replace("icans", scale).replace("'DIR/patients/**/*.parquet'", joined.format(s=scale))
        assert duckdb.sql(query).fetchall()[0] == found[ALL, scale].counts[:3]
    assert sum(found[ALL, "crs"].counts[:3]) > 0


def test_every_column_but_the_fields_is_told() -> None:
    for case in (("table1", "ZUMA-1"), ("table4", "dexamethasone-days-0-2-treated")):
        block = graded(*case, 0, 10, True)
        found = tables(block, grade_counts(block))
        for table in ("patients", "grades", "treatments"):
            for name in found[table].schema.names:
                general = re.sub(r"^[a-z]+(?=_(true_|examined_)*(peak|onset)_)", "SCALE", name)
                assert f"`{general}`" in PAGE, name


def test_the_ceilings_of_crs_are_the_same_and_those_of_icans_narrower() -> None:
    block = graded("table1", "ZUMA-1", 0, 60, True)
    patients = tables(block, grade_counts(block))["patients"].to_pydict()
    assert patients["crs_examined_peak_ceiling"] == patients["crs_peak_ceiling"]
    assert patients["icans_examined_peak_ceiling"] == patients["icans_peak_floor"]
    assert set(patients["icans_peak_ceiling"]) == {4}
