"""``cartox schema``: to a file and to standard output."""

import json
from pathlib import Path

from tests.harness.cli.conftest import Cartox


def test_schema(cartox: Cartox, tmp_path: Path) -> None:
    printed = cartox("schema").out
    out = tmp_path / "case.schema.json"
    assert cartox("schema", "--out", str(out)).out == ""
    assert out.read_text(encoding="utf-8") == printed
    assert json.loads(printed)["$defs"]["observation"]["additionalProperties"] is False
