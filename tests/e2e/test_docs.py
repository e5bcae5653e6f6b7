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
@pytest.mark.parametrize("page", list(dict.fromkeys(page for page, _ in BLOCKS)))
def test_a_page_shows_what_its_commands_print(page: str, tmp_path: Path) -> None:
    """The commands of a page go on from one another, in one folder."""
    for folder in ("examples", "cartox_core"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    blocks = [block for where, block in BLOCKS if where == page]
    if shutil.which("node") is None:
        blocks = [block for block in blocks if "node " not in block]
    for command, shown in [each for block in blocks for each in commands(block)]:
        ended = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert doctest.OutputChecker().check_output(shown, ended.stdout, FLAGS), ended.stdout + ended.stderr
