"""The workflow in docs/workflows: its commands, run as a pull request would run them."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TEXT = (ROOT / "docs" / "workflows" / "compare-guideline.yml").read_text(encoding="utf-8")
PUBLISHED = (ROOT / "cartox_core" / "guidelines" / "astct-2019.toml").read_text(encoding="utf-8")
OURS = PUBLISHED.replace('id = "astct-2019"', 'id = "site-2026"', 1)
BLOW_BY = 'id = "crs.hypoxia.blow_by"\ngrade = 2'
LOW_MASK = 'id = "crs.hypoxia.mask_low_flow"\ngrade = 2'
UNSOUND = OURS.replace(BLOW_BY, BLOW_BY.replace("2", "3"))
CHANGED = UNSOUND.replace(LOW_MASK, LOW_MASK.replace("2", "3"))
NOTHING_APPROVED = 'old = "astct-2019"\nnew = "site-2026"\n'


@pytest.fixture
def workflow() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    read: dict[str, Any] = yaml.safe_load(TEXT)
    return read


@pytest.mark.slow
def test_it_asks_only_for_verbs_and_options_there_are() -> None:
    asked = [shlex.split(line) for line in re.findall(r"^ +cartox (.*?) > ", TEXT, re.MULTILINE)]
    assert [words[0] for words in asked] == ["guideline", "compare", "compare"]
    for words in asked:
        verb = words[:2] if words[0] == "guideline" else words[:1]
        told = subprocess.run([BIN / "cartox", *verb, "--help"], check=True, capture_output=True, text=True).stdout
        options = [word for word in words if word.startswith("-")]
        assert options
        assert [option for option in options if not re.search(rf"{option}\b", told)] == []


def test_it_is_a_workflow_of_pull_requests(workflow: dict[str, Any]) -> None:
    assert "pull_request" in workflow[True]  # "on" is a truth value of YAML 1.1
    watched = workflow[True]["pull_request"]["paths"]
    assert watched == [workflow["env"]["GUIDELINE"], workflow["env"]["APPROVED"]]
    (job,) = workflow["jobs"].values()
    assert all(("run" in step) != ("uses" in step) for step in job["steps"])


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of a pull request that changes one grade; its base branch is origin/main."""
    base, clone = tmp_path / "base", tmp_path / "clone"
    (base / "guidelines").mkdir(parents=True)
    (base / "guidelines" / "site.toml").write_text(OURS, encoding="utf-8")
    (base / "approved.toml").write_text(NOTHING_APPROVED, encoding="utf-8")
    git(base, "init", "-q", "-b", "main")
    git(base, "add", ".")
    git(base, "commit", "-qm", "base")
    git(tmp_path, "clone", "-q", str(base), str(clone))
    (clone / "guidelines" / "site.toml").write_text(CHANGED, encoding="utf-8")
    return clone


def ran(workflow: dict[str, Any], checkout: Path) -> tuple[int, str]:
    """The exit code of the last step that ran, and the summary of the job."""
    summary = checkout.parent / "summary.md"
    summary.touch()
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **workflow["env"], "BASE": "main", "GITHUB_STEP_SUMMARY": str(summary), "PATH": path}
    (job,) = workflow["jobs"].values()
    code = 0
    for step in [step for step in job["steps"] if "run" in step and step["name"] != "Install"]:
        if code:
            break
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]  # as GitHub does
        code = subprocess.run(shell, cwd=checkout, env=environment, check=False).returncode
    return code, summary.read_text(encoding="utf-8")


def test_a_guideline_that_is_not_sound_goes_no_further(workflow: dict[str, Any], checkout: Path) -> None:
    """Blow-by above a mask at low flow, which another reading grades by its flow."""
    (checkout / "guidelines" / "site.toml").write_text(UNSOUND, encoding="utf-8")
    code, summary = ran(workflow, checkout)
    assert code == 1
    assert "error worse-milder o2_device face_mask is graded 2 (crs.hypoxia.mask_low_flow)" in summary
    assert "Simulated patients" not in summary
    assert not (checkout / "page.html").exists()


@pytest.mark.slow
def test_a_pull_request_shows_its_effect_and_fails_until_it_is_approved(
    workflow: dict[str, Any], checkout: Path
) -> None:
    code, summary = ran(workflow, checkout)
    assert code == 1
    assert "guidelines/site.toml is sound: 2 scales" in summary
    assert "crs: 1 rule, 6 cells" in summary
    assert "Simulated patients of scenario table1" in summary
    assert "NOT met" in summary
    assert "blow_by" in (checkout / "page.html").read_text(encoding="utf-8")
    words = ["compare", "astct-2019", "guidelines/site.toml", "--write-expect", "approved.toml", "--force"]
    subprocess.run([BIN / "cartox", *words], cwd=checkout, check=True, capture_output=True)
    code, summary = ran(workflow, checkout)
    assert code == 0
    assert "Expected difference approved.toml: met (1 rule" in summary
