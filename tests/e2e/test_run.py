"""The run verb as its users meet it: real processes, real folders, real interruptions."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.dataset as ds
import pytest

CARTOX = [sys.executable, "-m", "harness.cli"]


def cartox(*words: str, cwd: Path, before: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CARTOX, *words], cwd=cwd, capture_output=True, text=True, timeout=120, preexec_fn=before, check=False
    )


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The only line of stderr; no traceback, nothing on stdout."""
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("cartox: ")
    return lines[0]


def test_a_run_reports_and_writes_everything(tmp_path: Path) -> None:
    done = cartox("run", "zuma-1", "--patients", "60", "--out", "cohort", "--json", "result.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "All checks hold" in done.stdout
    assert "Not for treating patients" in done.stdout
    told = json.loads((tmp_path / "result.json").read_text())
    assert (told["scenario"], told["seed"], told["guideline"], told["patients"], told["ok"]) == (
        "zuma-1", 1, "astct-2019", 60, True,
    )  # fmt: skip
    assert [row["quantity"] for row in told["ledger"]] == [
        "crs_any", "crs_g3plus", "crs_onset_median_days", "neurotox_any", "neurotox_g3plus",
        "neutropenia_g3plus", "thrombocytopenia_g3plus", "anemia_g3plus",
    ]  # fmt: skip
    assert set(told["ledger"][0]) >= {
        "trial", "product", "quantity", "graded_by", "target", "simulated", "low", "high", "tolerance", "ok",
    }  # fmt: skip
    assert told["golden"]["failed"] == 0 < told["golden"]["cases"]
    assert all(i["failed"] == 0 for i in told["invariants"])
    assert json.loads((tmp_path / "cohort" / "run.json").read_text()) == told
    patients = ds.dataset(tmp_path / "cohort" / "patients", partitioning="hive").to_table().to_pydict()
    assert patients["index"] == list(range(60))
    reached = sum(peak >= 1 for peak in patients["crs_peak_floor"]) / 60
    assert reached == told["ledger"][0]["simulated"]
    for table in ("observations", "treatments", "grades", "days"):
        assert ds.dataset(tmp_path / "cohort" / table, partitioning="hive").count_rows() > 0
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_with_any_number_of_workers(tmp_path: Path) -> None:
    three = 'title = "x"\ntext = "x"\ncite = []\ntrials = ["ELIANA", "ZUMA-1", "KarMMa"]\n'
    (tmp_path / "three.toml").write_text(three)
    told = [
        cartox(
            "run", "three.toml", "--patients", "30", "--seed", seed, "--workers", workers, "--json", "-", cwd=tmp_path
        ).stdout
        for seed, workers in (("5", "1"), ("5", "3"), ("6", "1"))
    ]
    assert told[0] == told[1] != told[2]
    assert len(json.loads(told[0])["ledger"]) == 3 * 8


WRONG = [
    (["run", "tabel1"], "did you mean 'table1'?"),
    (["run", "--patients", "0"], "--patients"),
    (["run", "--guideline", "astct-2018"], "did you mean 'astct-2019'?"),
    (["run", "stranger.toml"], "there is no trial 'ZUMA-8'; did you mean 'ZUMA-"),
    (["run", "misspelt.toml"], "unknown key 'charting.mised_rounds'; did you mean 'missed_rounds'?"),
    (["run", "--out", "full"], "full is not empty"),
    (["run", "--out", "full/a"], "full/a is a file"),
    (["run", "--out", "full/a/cohort"], "full/a/cohort cannot be made"),
    (["replay", "v1/table1/ZUMA-9/1/2"], "names no trial of Table 1"),
    (["replay", "zuma"], "write v1/SCENARIO/TRIAL/SEED/INDEX"),
]


@pytest.mark.parametrize(("words", "message"), WRONG, ids=[" ".join(w) for w, _ in WRONG])
def test_wrong_use_gets_one_line_that_says_what_to_do(words: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("kept")
    (tmp_path / "misspelt.toml").write_text(
        'title = "x"\ntext = "x"\ncite = []\ntrials = ["*"]\n[charting]\nmised_rounds = 0.1\n'
    )
    (tmp_path / "stranger.toml").write_text('title = "x"\ntext = "x"\ncite = []\ntrials = ["ZUMA-8"]\n')
    before = sorted(tmp_path.rglob("*"))
    done = cartox(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in one_line(done)
    assert (tmp_path / "full" / "a").read_text() == "kept"
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.slow
def test_a_guideline_that_grades_otherwise_fails_the_run(tmp_path: Path) -> None:
    shelf = Path(__file__).parents[2] / "cartox_core" / "guidelines" / "astct-2019.toml"
    text = shelf.read_text(encoding="utf-8").replace('">= 38.0"', '">= 38.5"').replace('"< 38.0"', '"< 38.5"')
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    done = cartox("run", "zuma-1", "--patients", "40", "--guideline", "mine.toml", cwd=tmp_path)
    assert done.returncode == 1
    assert "CHECKS FAIL: " in done.stdout
    assert "crs-gate-" in done.stdout


def begun(tmp_path: Path, workers: str) -> subprocess.Popen[str]:
    """A run in a session of its own, as a shell would start it, that has written its first files."""
    script = Path(sys.executable).with_name("cartox")
    command = [str(script)] if script.exists() else CARTOX
    words = ["run", "--patients", "300", "--workers", workers, "--out", "cohort"]
    process = subprocess.Popen(
        [*command, *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.rglob("*.parquet")) and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


@pytest.mark.parametrize(
    ("workers", "times"), [("1", 1), ("2", 1), pytest.param("2", 3, marks=pytest.mark.slow)], ids=str
)
def test_an_interrupted_run_leaves_nothing(workers: str, times: int, tmp_path: Path) -> None:
    """Ctrl-C reaches every process of the session; an impatient one comes several times."""
    process = begun(tmp_path, workers)
    for _ in range(times):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.1 if times > 1 else 0)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.15, 0.3, 0.6])
def test_an_interrupt_while_workers_start_is_quiet(seconds: float, tmp_path: Path) -> None:
    """From the moment that the folder is made, which is when the command has begun to work."""
    script = Path(sys.executable).with_name("cartox")
    process = subprocess.Popen(
        [str(script) if script.exists() else CARTOX[0], *([] if script.exists() else CARTOX[1:]),
         "run", "--patients", "300", "--workers", "2", "--out", "cohort"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    while not list(tmp_path.glob(".cohort.*")):
        assert process.poll() is None
        time.sleep(0.005)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_terminated_run_leaves_nothing(workers: str, tmp_path: Path) -> None:
    process = begun(tmp_path, workers)
    process.terminate()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (128 + signal.SIGTERM, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_killed_run_leaves_no_folder_of_that_name(tmp_path: Path) -> None:
    process = begun(tmp_path, "1")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    assert not (tmp_path / "cohort").exists()
    (tmp_path / "cohort").mkdir()
    again = cartox("run", "eliana", "--patients", "20", "--out", "cohort", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    assert (tmp_path / "cohort" / "report.html").is_file()


@pytest.mark.slow
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """They hold its streams, so these end when the last of them has gone."""
    process = begun(tmp_path, "2")
    process.kill()
    process.communicate(timeout=30)
    assert not (tmp_path / "cohort").exists()


def files_of(most_bytes: int) -> Callable[[], None]:
    """Let a process write no file longer than that, as if the disk were full."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return limit


@pytest.mark.parametrize(
    ("words", "most_bytes"),
    [
        (["--workers", "1", "--out", "cohort"], 20_000),  # the observations do not fit
        (["--workers", "1", "--json", "result.json"], 2000),
        pytest.param(["--workers", "2", "--out", "cohort"], 20_000, marks=pytest.mark.slow),
    ],
)
def test_a_full_disk_is_told_and_leaves_nothing(words: list[str], most_bytes: int, tmp_path: Path) -> None:
    patients = "5000" if "2" in words else "50"
    done = cartox("run", "eliana", "--patients", patients, *words, cwd=tmp_path, before=files_of(most_bytes))
    assert done.returncode == 2
    assert "cannot be written" in one_line(done)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_reader_who_leaves_early_is_no_error(tmp_path: Path) -> None:
    """cartox run | head -1"""
    words = ["run", "zuma-1", "--patients", "20", "--workers", "1"]
    process = subprocess.Popen([*CARTOX, *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 141


def test_a_replayed_patient_is_charted_and_told(tmp_path: Path) -> None:
    chart = cartox("replay", "v1/table1/zuma-1/1/8", cwd=tmp_path)
    assert chart.returncode == 0
    assert chart.stdout.startswith("v1/table1/ZUMA-1/1/8: ")
    assert "tocilizumab" in chart.stdout or "dexamethasone" in chart.stdout
    case = cartox("replay", "v1/table1/zuma-1/1/8", "--json", cwd=tmp_path)
    (tmp_path / "case.jsonl").write_text(case.stdout)
    graded = cartox("grade", "case.jsonl", "--scale", "crs", cwd=tmp_path)
    answer = json.loads(graded.stdout)
    assert answer["status"] == "graded"
    assert f"peak grade {answer['summary']['floors']['peak']} at" in chart.stdout
