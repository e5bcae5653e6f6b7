"""The folder that ``cartox run --out`` writes, read as cases."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cartox_core import grade_course, load, read_case
from harness.cohort.counts import grade_counts
from harness.cohort.parquet import write_block
from harness.exchange.chart import ExchangeError
from harness.exchange.cohort_folder import read, write
from harness.exchange.format import format_of
from harness.exchange.merge import merged
from tests.harness.simulated import graded

TRIALS, PATIENTS = ("ELIANA", "ZUMA-1"), 5


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cohort")
    for trial in TRIALS:
        found = graded("masked-fever", trial, 0, PATIENTS, full=True)
        write_block(found, grade_counts(found), folder)
    return folder


def test_its_cases_have_the_grades_that_the_run_found(cohort: Path) -> None:
    assert format_of(cohort).name == "cohort"
    scales = load("astct-2019").scales
    for chart in read(cohort, print):
        case = read_case(merged(chart, None, print).raw)
        trial, index = chart.id.split("/")
        table = pq.read_table(cohort / "grades" / f"trial={trial}", filters=[("index", "=", int(index))]).to_pydict()
        for name, scale in scales.items():
            found = grade_course(case.observations, case.treatments, scale, case.patient)
            assert [g.floor for g in found.grades] == table[f"{name}_floor"]
            assert [g.ceiling for g in found.grades] == table[f"{name}_ceiling"]


def test_it_has_patients_and_doses(cohort: Path) -> None:
    charts = list(read(cohort, print))
    assert len(charts) == PATIENTS * len(TRIALS)
    assert all(chart.patient.keys() == {"age_years", "weight_kg"} for chart in charts)
    assert sum(len(chart.treatments) for chart in charts) == pq.read_table(cohort / "treatments").num_rows


def test_a_folder_that_is_not_whole(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="holds no"):
        list(read(tmp_path, print))
    place = tmp_path / "observations" / "trial=X"
    place.mkdir(parents=True)
    (place / "0.parquet").write_bytes(b"PAR1")
    with pytest.raises(ExchangeError, match="not whole"):
        list(read(tmp_path, print))
    with pytest.raises(ExchangeError, match="write parquet"):
        write([], tmp_path)
