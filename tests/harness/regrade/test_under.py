"""Which columns a comparison has, and what is said of a name that is none."""

from importlib import resources
from pathlib import Path

import pytest

from cartox_core import GuidelineError
from harness.regrade.under import chosen_under, every_under

LEE = (resources.files("cartox_core") / "guidelines" / "lee-2014.toml").read_text(encoding="utf-8")


def labels(*wanted: str) -> list[str]:
    return [u.label for u in chosen_under(wanted)]


def test_every_crs_and_neurotoxicity_scale_of_the_shelf_by_default() -> None:
    found = every_under()
    assert [u.label for u in found if u.family == "crs"] == [
        *("astct-2019:crs", "cartox-2018:crs", "ctcae-5:crs", "lee-2014:crs", "mskcc-2018:crs", "penn-2018:crs")
    ]
    assert {"astct-2019:icans", "cartox-2018:cres"} <= {u.label for u in found if u.family == "neurotoxicity"}
    assert {u.family for u in found} == {"crs", "neurotoxicity"}


def test_a_guideline_or_one_scale_of_it_once_each_families_together() -> None:
    assert labels("astct-2019", "lee-2014") == ["astct-2019:crs", "lee-2014:crs", "astct-2019:icans"]
    assert labels("lee-2014", "lee-2014:crs") == ["lee-2014:crs"]
    assert labels("ctcae-5:neutropenia") == ["ctcae-5:neutropenia"]
    assert labels("ctcae-5:neutropenia", "astct-2019:icans", "ctcae-5") == [
        *("ctcae-5:crs", "astct-2019:icans", "ctcae-5:neurotoxicity", "ctcae-5:neutropenia")
    ]


def test_a_file_of_the_users_own(tmp_path: Path) -> None:
    own = tmp_path / "own:1.toml"
    own.write_text(LEE.replace('id = "lee-2014"', 'id = "own"'))
    assert labels(str(own), f"{own}:crs", "lee-2014") == ["own:crs", "lee-2014:crs"]
    own.write_text(LEE)
    with pytest.raises(GuidelineError, match="two guidelines are called 'lee-2014'; give one another id"):
        labels(str(own), "lee-2014")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lee", "there is no guideline 'lee'"),
        ("lee-2014:icans", "lee-2014 has no scale 'icans'; it has crs"),
        ("lee-2104:crs", "did you mean 'lee-2014'?"),
        ("lee-2014:", "lee-2014 has no scale ''"),
        ("", "there is no guideline ''"),
    ],
)
def test_what_is_not_there_is_said(name: str, said: str) -> None:
    with pytest.raises(GuidelineError) as error:
        labels(name)
    assert said in str(error.value)


def test_a_guideline_that_grades_neither_wants_a_scale(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(LEE.replace("[scale.crs", "[scale.storm").replace("[[scale.crs", "[[scale.storm"))
    with pytest.raises(GuidelineError, match=f"grades neither CRS nor neurotoxicity; name a scale of it: {own}:storm"):
        labels(str(own))
    assert labels(f"{own}:storm") == ["lee-2014:storm"]
