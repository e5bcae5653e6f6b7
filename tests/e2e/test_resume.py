"""A run that is killed goes on from its last finished block, and ends with the bytes of one that was not."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RUN = [sys.executable, "-m", "harness.cli", "run", "zuma-1", "--patients", "10000", "--workers", "2"]


def cartox(*words: str, where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*RUN, *words], cwd=where, capture_output=True, text=True, check=False)


def sums(folder: Path) -> dict[str, str]:
    """Every file of a folder by what is in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    whole = cartox("--out", "whole", "--json", "whole.json", where=tmp_path)
    assert whole.returncode in (0, 1), whole.stderr
    words = ["--out", "cohort", "--keep", "kept", "--json", "again.json"]
    with subprocess.Popen([*RUN, *words], cwd=tmp_path, stdout=subprocess.DEVNULL, start_new_session=True) as killed:
        while not list((tmp_path / "kept" / "blocks").glob("*.json")):
            assert killed.poll() is None
            time.sleep(0.05)
        os.killpg(killed.pid, signal.SIGKILL)
    assert not (tmp_path / "cohort").exists() and not (tmp_path / "again.json").exists()
    kept = len(list((tmp_path / "kept" / "blocks").glob("*.json")))
    assert 1 <= kept < 4
    refused = cartox(*words, where=tmp_path)
    assert refused.returncode == 2 and "go on with --resume" in refused.stderr
    again = cartox(*words, "--resume", where=tmp_path)
    assert (again.returncode, again.stderr) == (whole.returncode, "")
    assert sums(tmp_path / "cohort") == sums(tmp_path / "whole")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "cohort").rglob("*")}
    finished = cartox(*words, "--resume", where=tmp_path)
    assert (finished.returncode, finished.stdout) == (again.returncode, again.stdout)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "cohort").rglob("*")} == times
