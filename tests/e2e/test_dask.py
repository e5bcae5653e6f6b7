"""A real Dask cluster of two workers gives the same bytes as this computer, also when one is killed in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
RUN = [sys.executable, "-m", "harness.cli", "run", "zuma-1", "--patients", "15000"]


@pytest.fixture
def scheduler() -> Iterator["distributed.LocalCluster"]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as found:
        yield found


def cartox(*words: str, where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*RUN, *words], cwd=where, capture_output=True, text=True, check=False)


def test_a_cluster_of_which_a_worker_is_killed_gives_the_same_bytes(
    scheduler: "distributed.LocalCluster", tmp_path: Path
) -> None:
    here = cartox("--workers", "1", "--json", "here.json", where=tmp_path)
    assert here.returncode in (0, 1), here.stderr
    words = ["--dask", scheduler.scheduler_address, "--keep", "kept", "--json", "there.json"]
    with subprocess.Popen([*RUN, *words], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as there:
        while not list((tmp_path / "kept" / "blocks").glob("*.json")):
            assert there.poll() is None
            time.sleep(0.05)
        victim = next(iter(scheduler.workers.values())).pid
        os.kill(victim, signal.SIGKILL)
        out, _ = there.communicate()
    assert (there.returncode, out) == (here.returncode, here.stdout)
    assert (tmp_path / "there.json").read_bytes() == (tmp_path / "here.json").read_bytes()
    assert json.loads((tmp_path / "here.json").read_text())


@pytest.mark.parametrize(
    ("address", "told"),
    [("scheduler:8786", "is no address of a scheduler"), ("tcp://127.0.0.1:9", "no Dask scheduler answers at")],
)
def test_no_cluster_is_one_line(address: str, told: str, tmp_path: Path) -> None:
    ended = cartox("--dask", address, where=tmp_path)
    assert ended.returncode == 2 and told in ended.stderr and ended.stderr.count("\n") == 1
