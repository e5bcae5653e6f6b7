"""Every command in the how-tos prints what the page shows."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PAGES = {
    page.name: re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for page in sorted((ROOT / "docs").glob("*.md"))
    if "```console" in page.read_text(encoding="utf-8")
}


def commands(block: str) -> list[tuple[str, str]]:
    """The commands of a block, each with the output that is shown below it."""
    found = re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    return [(command.group(1), command.group(2)) for command in found]


def test_the_pages_show_commands() -> None:
    assert set(PAGES) == {"regression-test-a-guideline.md", "verify-your-grader.md", "write-a-guideline.md"}
    assert all(len(commands(block)) >= 1 for blocks in PAGES.values() for block in blocks)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_its_commands_print(page: str, tmp_path: Path) -> None:
    """The commands of a page run in one folder, one after another; without Node.js those that need it are left out."""
    for folder in ("examples", "cartox_core"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command, shown in [told for block in PAGES[page] for told in commands(block)]:
        if "node " in command and shutil.which("node") is None:
            continue
        ended = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert doctest.OutputChecker().check_output(shown, ended.stdout, FLAGS), ended.stdout + ended.stderr
