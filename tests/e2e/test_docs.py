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
BLOCKS = [
    (page.name, block)
    for page in sorted((ROOT / "docs").glob("*.md"))
    for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
]


def commands(block: str) -> list[tuple[str, str]]:
    """The commands of a block, each with the output that is shown below it."""
    found = re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    return [(command.group(1), command.group(2)) for command in found]


def test_the_pages_show_commands() -> None:
    assert sum(len(commands(block)) for _, block in BLOCKS) >= 4


@pytest.mark.slow
@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[block.splitlines()[0] for _, block in BLOCKS])
def test_a_page_shows_what_its_commands_print(page: str, block: str, tmp_path: Path) -> None:
    if "node " in block and shutil.which("node") is None:
        pytest.skip("no Node.js on this machine")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command, shown in commands(block):
        ended = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert doctest.OutputChecker().check_output(shown, ended.stdout, FLAGS), ended.stdout + ended.stderr
