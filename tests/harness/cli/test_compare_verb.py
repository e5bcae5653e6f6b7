"""``cartox compare``: what it tells of two guidelines, and what it cannot compare."""

import json
from importlib import resources
from pathlib import Path

import pytest

from cartox_core import load
from tests.harness.cli.conftest import Cartox

SHIPPED = (resources.files("cartox_core") / "guidelines" / "astct-2019.toml").read_text(encoding="utf-8")


def draft(tmp_path: Path, old: str, new: str) -> str:
    assert SHIPPED.count(old) == 1
    file = tmp_path / "draft.toml"
    file.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    return str(file)


def test_a_draft_of_the_same_id_with_one_grade_changed(cartox: Cartox, tmp_path: Path) -> None:
    file = draft(tmp_path, 'id = "crs.hypoxia.blow_by"\ngrade = 2', 'id = "crs.hypoxia.blow_by"\ngrade = 3')
    ended = cartox("compare", "astct-2019", file)
    assert (ended.code, ended.err) == (0, "")
    told = " ".join(ended.out.split())
    assert "crs: 1 rule, 6 cells" in told
    assert "o2_device blow_by, oxygen_other_cause no 2 → 3 crs.hypoxia.blow_by crs.hypoxia.blow_by" in told
    assert "icans: nothing is graded otherwise." in told
    assert "Golden cases of OLD that NEW grades otherwise" in told
    found = json.loads(cartox("compare", "astct-2019", file, "--json").out)
    (rule,) = found["rules"]
    assert (rule["old"], rule["new"], found["changed_cells"]) == (2, 3, 6)
    case = tmp_path / "case.json"
    case.write_text(json.dumps(rule["witness"]))
    assert "grade 2" in cartox("explain", str(case), "-s", "crs").out
    assert "grade 3" in cartox("explain", str(case), "-s", "crs", "-g", file).out
    assert "crs-hypoxia" in found["golden"][0]["id"]


def test_words_alone_change_nothing(cartox: Cartox, tmp_path: Path) -> None:
    text = next(c.text for c in load("astct-2019").scale("crs").clauses if c.id == "crs.hypoxia.blow_by")
    out = cartox("compare", "astct-2019", draft(tmp_path, f'text = "{text}"', 'text = "blow-by, in other words"')).out
    assert out.count("nothing is graded otherwise.") == 2
    assert "Only worded otherwise: crs.hypoxia.blow_by (text)" in out


def test_what_differs_beside_the_tables_and_in_the_scales_there_are(cartox: Cartox) -> None:
    told = cartox("compare", "astct-2019", "astct-2019", "--reading", "C26=seven_days").out
    assert "crs: the tables are the same" not in told.partition("Beside")[2]
    assert "episode, quiet_h: 24 → 168" in told
    told = cartox("compare", "lee-2014", "astct-2019").out
    assert "Only in NEW: icans" in told
    assert "Only worded otherwise:" in told


def test_scales_of_other_names_are_paired(cartox: Cartox) -> None:
    told = cartox("compare", "astct-2019", "cartox-2018", "--scale", "icans=cres").out
    assert "cartox10 7–9" in told
    assert "crs:" not in told.replace("cres.", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("astct-2019", "hlh"), "there is no guideline 'hlh'"),
        (("lee-2014", "eha-ebmt-2023"), "have no scale of the same name; pair them with --scale OLD=NEW"),
        (("lee-2014", "penn-2018", "--scale", "icans"), "lee-2014 has no scale 'icans'; it has crs"),
        (("lee-2014", "penn-2018", "--scale", "crs=x"), "penn-2018 has no scale 'x'; it has crs"),
        (("lee-2014", "penn-2018", "--reading", "C1=high"), "there is no reading 'C1'"),
    ],
)
def test_what_cannot_be_compared_is_one_line_and_exit_code_2(cartox: Cartox, words: tuple[str, ...], said: str) -> None:
    ended = cartox("compare", *words)
    assert (ended.code, ended.out, said in ended.err) == (2, "", True), ended.err
    assert ended.err.count("\n") == 1
