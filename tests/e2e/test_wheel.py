"""A packaged wheel works from another directory: golden cases, guidelines, trials and scenarios travel with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_wheel_works_elsewhere(tmp_path: Path) -> None:
    def python(*words: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
        return subprocess.run(
            [sys.executable, *words], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300, check=False
        )

    built = python("-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT))
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    laid = python("-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path / "site"), str(wheel))
    assert laid.returncode == 0, laid.stderr
    where = python("-c", "import harness, cartox_core; print(harness.__file__, cartox_core.__file__)")
    assert where.stdout.count(str(tmp_path)) == 2
    done = python("-m", "harness.cli", "run", "zuma-1", "--patients", "40", "--out", "cohort")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "cohort" / "report.html").stat().st_size > 50_000
    assert "[scale.crs]" in python("-m", "harness.cli", "guideline", "new").stdout
    assert "Gate:" in python("-m", "harness.cli", "guideline", "astct-2019").stdout
    page = (
        "from pathlib import Path; from starlette.testclient import TestClient; from harness.train.site import site_of;"
        "from harness.train.store import Store; from harness.train.study import Study;"
        "client = TestClient(site_of(Study(Store(Path('train.db')))), base_url='http://127.0.0.1');"
        "print(client.get('/').status_code, client.get('/train.css').status_code)"
    )
    assert python("-c", page).stdout == "200 200\n"
