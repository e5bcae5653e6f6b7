"""A run: the same bytes on any executor, what is checked, and what makes it fail."""

import dataclasses
import json
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from importlib import resources

import pyarrow.dataset as ds
import pytest

from cartox_core import GuidelineError
from cartox_core.observation import READABLE
from harness.cohort import run as running
from harness.cohort.checks import Checks
from harness.cohort.example import make_again
from harness.cohort.journal import Finished
from harness.cohort.page import html_report
from harness.cohort.report import json_report, text_report
from harness.cohort.run import Plan, run
from harness.cohort.workers import worker_pool
from harness.patients.address import Address
from tests.harness.simulated import a_scenario, guideline

SHIPPED = (resources.files("cartox_core") / "guidelines" / "astct-2019.toml").read_text(encoding="utf-8")
TRIALS = ["KarMMa", "ELIANA"]
PATIENTS, IN_A_BLOCK = 40, 15


@pytest.fixture(scope="module", autouse=True)
def small_blocks():
    """Several blocks a trial, the last of them shorter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "BLOCK_PATIENTS", IN_A_BLOCK)
        yield


def a_plan(seed: int = 5, core: str = "astct-2019", patients: int = PATIENTS, extra: str = "") -> Plan:
    return Plan(a_scenario(f"follow_up_days = 7\n{extra}", TRIALS), patients, seed, core)


def as_bytes(outcome) -> bytes:
    return json.dumps(json_report(outcome), ensure_ascii=False).encode()


@pytest.fixture(scope="module")
def alone():
    return run(a_plan())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The same plan on two workers, written as Parquet: the outcome and the folder."""
    folder = tmp_path_factory.mktemp("cohort")
    with worker_pool(2) as pool:
        return run(a_plan(), pool, out=folder), folder


# ------------------------------------------------------------------------------------------------ the same bytes


def test_blocks_cover_every_patient_once_in_the_order_of_the_trials():
    blocks = a_plan().blocks
    assert [(b.trial, b.first, b.count) for b in blocks] == [
        (trial, first, count) for trial in TRIALS for first, count in ((0, 15), (15, 15), (30, 10))
    ]
    assert {b.seed for b in blocks} == {5}


@pytest.mark.slow
def test_two_workers_that_write_parquet_report_the_same_bytes(alone, written):
    assert as_bytes(written[0]) == as_bytes(alone)


@pytest.mark.slow
def test_three_workers_report_the_same_bytes(alone):
    with worker_pool(3) as pool:
        assert as_bytes(run(a_plan(), pool, in_flight=6)) == as_bytes(alone)


def test_a_rerun_on_threads_reports_the_same_bytes(alone):
    with ThreadPoolExecutor(3) as pool:
        assert as_bytes(run(a_plan(), pool, in_flight=2)) == as_bytes(alone)


def test_another_seed_reports_other_bytes(alone):
    other = run(a_plan(seed=6))
    assert as_bytes(other) != as_bytes(alone)
    assert other.tally.trials["KarMMa"].onset_min != alone.tally.trials["KarMMa"].onset_min


@pytest.mark.parametrize(
    ("patients", "most"),
    [(1000, 2500), (10_000, 2500), (20_000, 5000), (20_001, 5001), (40_000, 8000), (10**6, 8000)],
)
def test_a_run_of_few_patients_has_smaller_blocks_that_several_can_work_on(patients, most, monkeypatch):
    monkeypatch.setattr(running, "BLOCK_PATIENTS", 8000)
    plan = Plan(a_scenario("", ["ELIANA"]), patients, 1, "astct-2019")
    counts = [block.count for block in plan.blocks]
    assert max(counts) == min(most, patients)
    assert sum(counts) == patients
    assert len(counts) >= min(4, patients / 2500)


def test_with_charting_faults_blocks_are_small_for_each_has_a_chart(monkeypatch):
    monkeypatch.setattr(running, "BLOCK_PATIENTS", 8000)
    plan = Plan(a_scenario("[charting]\nmissed_rounds = 0.1", ["ELIANA"]), 40_000, 1, "astct-2019")
    assert {block.count for block in plan.blocks} == {2500}


def test_other_blocks_give_the_same_counts(alone, monkeypatch):
    monkeypatch.setattr(running, "BLOCK_PATIENTS", 1000)
    whole = run(a_plan())
    assert whole.tally.trials == alone.tally.trials
    assert whole.ledger == alone.ledger


def test_more_patients_leave_the_first_ones_as_they_are(alone):
    more = run(a_plan(patients=IN_A_BLOCK))
    for name in TRIALS:
        peaks = more.tally.trials[name].peak_floors["crs"]
        assert all(alone.tally.trials[name].peak_floors["crs"][grade] >= n for grade, n in peaks.items())


# ------------------------------------------------------------------------------------------------ one patient


@pytest.mark.parametrize(("trial", "index"), [("KarMMa", 0), ("KarMMa", 14), ("ELIANA", 15), ("ELIANA", 39)])
def test_an_address_makes_the_patient_that_the_run_wrote(written, trial, index):
    folder = written[1]
    found = make_again(Address("own", trial, 5, index), guideline(), a_plan().scenario)

    def rows(table: str) -> list[dict[str, object]]:
        whole = ds.dataset(folder / table, partitioning="hive")
        mine = (ds.field("index") == index) & (ds.field("trial") == trial)
        return whole.to_table(filter=mine).to_pylist()

    (patient,) = rows("patients")
    assert {k: patient[k] for k in ("age_years", "weight_kg")} == found.case["patient"]
    assert patient["crs_peak_floor"] == found.summaries["crs"][0].peak
    assert patient["crs_onset_h"] == found.summaries["crs"][0].onset_h
    assert patient["icans_peak_ceiling"] == found.summaries["icans"][1].peak
    observations = rows("observations")
    assert [o["time_h"] for o in observations] == found.times_h
    for row, told in zip(observations, found.case["observations"], strict=True):
        known = {k: v for k, v in row.items() if v is not None and k not in ("index", "trial")}
        assert {k: known[k] for k in told} == told
        assert all(known[k] == READABLE[k].default for k in known.keys() - told.keys())
    drop = ("index", "trial")
    assert [{k: v for k, v in row.items() if k not in drop} for row in rows("treatments")] == found.case["treatments"]
    assert [row["crs_floor"] for row in rows("grades")] == found.floors["crs"]
    assert [row["icans_ceiling"] for row in rows("grades")] == found.ceilings["icans"]


def test_a_patient_is_the_same_when_made_on_a_worker():
    addresses = [Address("table1", "ZUMA-3", 7, index) for index in (0, 3, 10**9)]
    with worker_pool(1) as pool:
        there = [pool.submit(make_again, address, guideline()) for address in addresses]
        assert [future.result() for future in there] == [make_again(address, guideline()) for address in addresses]


# ------------------------------------------------------------------------------------------------ what is checked


def test_a_good_run_is_ok(alone):
    assert alone.ok
    assert len(alone.ledger) == 16
    assert alone.golden.failures == ()
    assert len(alone.golden.cases) > 250
    assert all(tested.checked for tested in alone.tally.tested.values())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda o: dataclasses.replace(o, ledger=(*o.ledger[1:], dataclasses.replace(o.ledger[0], ok=False))),
        lambda o: dataclasses.replace(o, tally=dataclasses.replace(o.tally, tested={"x": Checks(3, 1)})),
        lambda o: dataclasses.replace(o, golden=dataclasses.replace(o.golden, failures=("x",))),
    ],
    ids=["ledger", "invariant", "golden case"],
)
def test_a_run_with_anything_wrong_is_not_ok(alone, spoil):
    assert not spoil(alone).ok


def test_a_ledger_that_is_only_shown_fails_nothing():
    outcome = run(a_plan(patients=5, extra='ledger = "shown"\n[charting]\nmissed_rounds = 0.9'))
    assert {row.ok for row in outcome.ledger} == {None}
    assert outcome.ok


def test_a_ledger_that_does_not_hold_fails_the_run(monkeypatch):
    """Table 1 held to another printed number: 1 % with any CRS, where half of the patients have it."""
    own = running.ledger

    def misprinted(tally, held):
        rows = own(tally, held)
        assert rows[0].simulated is not None
        return [dataclasses.replace(rows[0], target=0.01, ok=abs(rows[0].simulated - 0.01) <= 0.01), *rows[1:]]

    monkeypatch.setattr(running, "ledger", misprinted)
    outcome = run(a_plan(patients=10))
    assert not outcome.ok
    assert not outcome.golden.failures


def test_an_edited_guideline_fails_its_golden_cases_by_name(tmp_path):
    old = 'id = "crs.hypotension.g4"\ngrade = 4\nwhen = { vasopressors = ">= 2"'
    less = 'id = "crs.hypotension.g3"\ngrade = 3\nwhen = { vasopressors = "1"'
    assert SHIPPED.count(old) == SHIPPED.count(less) == 1
    edited = SHIPPED.replace(old, old.replace(">= 2", ">= 3")).replace(less, less.replace('"1"', '"1..2"'))
    file = tmp_path / "edited.toml"
    file.write_text(edited, encoding="utf-8")
    outcome = run(a_plan(core=str(file), patients=5))
    assert not outcome.ok
    failed = {failure.case.id: failure for failure in outcome.golden.failures}
    named = {case.id for case in outcome.golden.cases if "crs.hypotension.g4" in case.clauses}
    assert failed.keys() & named
    told = json_report(outcome)
    assert told["ok"] is False
    assert {f["id"] for f in told["golden"]["failures"]} == failed.keys()
    assert told["guideline"] == str(file)


def test_a_guideline_of_another_id_is_held_to_no_case_of_this_one(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(SHIPPED.replace('id = "astct-2019"', 'id = "own-2025"'), encoding="utf-8")
    outcome = run(a_plan(core=str(file), patients=5))
    assert outcome.golden.cases == ()
    assert outcome.ok


def test_a_guideline_that_does_not_exist_is_refused():
    with pytest.raises(GuidelineError, match="did you mean 'astct-2019'"):
        run(a_plan(core="astct-2018"))


# ------------------------------------------------------------------------------------------------ on the way


@pytest.fixture
def instant(monkeypatch, alone):
    """Blocks that take no time."""
    monkeypatch.setattr(running, "_work", lambda *_, **__: Finished(alone.tally))


def test_progress_is_told_after_each_block(instant):
    told: list[int] = []
    run(a_plan(), Watching(), progress=told.append)
    assert told == [15, 15, 10] * 2


class Watched(Future):
    """A future whose work is done when it is asked for."""

    def __init__(self, owner, work):
        super().__init__()
        self.owner, self.work = owner, work

    def result(self, timeout=None):
        self.owner.under_way -= 1
        return self.work()


class Watching(Executor):
    """An executor that counts what is under way."""

    def __init__(self, fails_at: int = -1):
        self.under_way = self.most = self.asked = 0
        self.fails_at = fails_at
        self.futures: list[Watched] = []

    def submit(self, fn, *args, **kwargs):
        fails = self.asked == self.fails_at
        self.asked += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)

        def work():
            if fails:
                raise OSError(28, "No space left on device")
            return fn(*args, **kwargs)

        self.futures.append(Watched(self, work))
        return self.futures[-1]


@pytest.mark.parametrize(("in_flight", "most"), [(1, 1), (2, 2), (4, 4), (100, 6)])
def test_no_more_blocks_are_under_way_than_wanted(instant, in_flight, most):
    executor = Watching()
    run(a_plan(), executor, in_flight=in_flight)
    golden = 1  # the golden cases are under way beside the blocks
    assert (executor.asked, executor.most, executor.under_way) == (6 + golden, most + golden, 0)


def test_an_error_drops_what_has_not_begun(instant):
    executor = Watching(fails_at=1)
    with pytest.raises(OSError, match="No space left"):
        run(a_plan(), executor, in_flight=3)
    assert executor.asked < 6
    assert all(future.cancelled() for future in executor.futures[2:])


# ------------------------------------------------------------------------------------------------ a mix of trials


def test_a_mix_has_so_many_patients_in_all():
    scenario = a_scenario("follow_up_days = 7\n[mix]\nKarMMa = 0.75\nELIANA = 0.25\n", TRIALS)
    outcome = run(Plan(scenario, 40, 5, "astct-2019"))
    assert {name: counts.patients for name, counts in outcome.tally.trials.items()} == {"KarMMa": 30, "ELIANA": 10}
    whole = json_report(outcome)["mix"]
    peaks = [counts.peak_floors["crs"] for counts in outcome.tally.trials.values()]
    assert whole["patients"] == 40
    assert whole["crs_any"] == sum(n for peak in peaks for grade, n in peak.items() if grade >= 1)
    assert whole["icans_g3plus"] <= whole["icans_any"]
    told = text_report(outcome)
    assert "40 patients in all" in told
    assert "All 40 patients of the center together: CRS " in told
    assert json_report(run(a_plan(patients=2)))["mix"] == {}


def test_the_patients_of_a_mix_are_those_of_the_trials():
    scenario = a_scenario("follow_up_days = 7\n[mix]\nKarMMa = 0.75\nELIANA = 0.25\n", TRIALS)
    mixed, alone = (run(plan) for plan in (Plan(scenario, 20, 5, "astct-2019"), a_plan(patients=15)))
    assert mixed.tally.trials["KarMMa"] == alone.tally.trials["KarMMa"]


def test_a_trial_that_no_patient_is_left_for_is_left_out():
    scenario = a_scenario("follow_up_days = 7\n[mix]\nKarMMa = 0.9\nELIANA = 0.1\n", TRIALS)
    outcome = run(Plan(scenario, 1, 5, "astct-2019"))
    assert set(outcome.tally.trials) == {"KarMMa"}
    assert html_report(outcome, guideline())
