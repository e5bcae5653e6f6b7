"""``cartox lookup``: kinds, words, names, JSON, and nothing found."""

import json

import pytest

from harness.cli.app import PURPOSE
from harness.findable import KINDS
from tests.harness.cli.conftest import Cartox


def test_the_kinds(cartox: Cartox) -> None:
    ended = cartox("lookup")
    assert (ended.code, ended.err) == (0, "")
    assert all(f"\n{kind} " in ended.out for kind in KINDS) and ended.out.endswith(f"{PURPOSE}\n")
    counts = json.loads(cartox("lookup", "--json").out)
    assert tuple(counts) == KINDS and counts["product"] == 6


def test_all_of_a_kind(cartox: Cartox) -> None:
    out = cartox("lookup", "--kind", "risk factor").out
    assert "crs-risk-cd28: Costimulation by CD28 and CRS (raises)" in out.splitlines()
    assert out.count("\n") > 30 and out.endswith(f"{PURPOSE}\n")
    found = json.loads(cartox("lookup", "--json", "-k", "product").out)
    assert len(found) == 6 and {item["kind"] for item in found} == {"product"}


def test_an_entry_with_where_it_comes_from_and_is_used(cartox: Cartox) -> None:
    out = cartox("lookup", "anakinra-icans-dose").out
    for words in (
        "anakinra-icans-dose (published figure): Anakinra for ICANS: more than 200 mg a day, or 100 to 200",
        "  low_dose_mg_a_day: 100, 200",
        "  mortality_low_pct: 47",
        "  from: cartox_core/catalogue/icans.toml, ferreri-2024 ICANS management",
        "  used: ferreri-2024, step icans.anakinra",
        "  see: icans.anakinra, anakinra-iechs",
    ):
        assert words in out.splitlines()
    assert "Effect: raises. " in cartox("lookup", "crs-risk-cd28").out


@pytest.mark.parametrize(
    ("term", "first"),
    [
        ("tocilizumab timing", "tocilizumab-early"),
        ("siltuximb refractory", "crs.siltuximab"),
        ("IL-6 cytokines strong", "icans-markers"),
        ("secondary malignancies registry", "malignancy-cibmtr"),
        ("C12", "C12"),
        ("temp_c", "temp_c"),
        ("hscore", "hscore"),
        ("GPRC5D", "neuro-gprc5d"),
        ("Liang", "liang-2024"),
        ("fever_persistent", "fever_persistent"),
        ("penn-2018/crs", "penn-2018/crs"),
        ("Actemra approval", "tocilizumab-approval"),
        ("solu-medrol", "crs.methylprednisolone"),
        ("paracetamol", "crs.antipyretic"),
        ("spinal tap", "icans.lumbar_puncture.g2"),
        ("tumour burden high", "high_tumor_burden"),
        ("hypogammaglobulinaemia", "igg-replacement"),
        ("PRES", "cyclophosphamide-icans-case"),
        ("g-csf early", "gcsf-early"),
        ("Breyanzi", "liso-cel"),
        ("Keppra", "all.seizure_prophylaxis"),
        ("GM-CSF", "crs-markers"),
        ("aphasia", "icans-symptoms"),
        ("CHIP", "icaht-risk-marrow"),
        ("CMV", "icaht-risk-virus"),
        ("vWF", "crs-endothelium"),
        ("OKT3", "crs-history"),
        ("nitric oxide", "il-1-before-il-6"),
        ("capillary leak", "crs-symptoms"),
        ("non-relapse mortality", "car-hematotox-outcome"),
        ("steroid taper", "icans.taper"),
        ("black box", "iechs-label-warning"),
    ],
)
def test_what_is_found_first(cartox: Cartox, term: str, first: str) -> None:
    found = json.loads(cartox("lookup", *term.split(), "--json", "-n", "1").out)
    assert [item["id"] for item in found] == [first]


def test_how_many(cartox: Cartox) -> None:
    out = cartox("lookup", "tocilizumab", "-n", "2").out
    assert out.count("  from: ") == 2 and " more; --most " in out
    assert " more; --most " not in cartox("lookup", "igg-replacement").out
    assert "; and " not in out and ", and " in cartox("lookup", "o2_device", "-n", "1").out


def test_several_names_as_recommend_prints_them(cartox: Cartox) -> None:
    found = json.loads(cartox("lookup", "rems,", "outpatient", "--json").out)
    assert [item["id"] for item in found] == ["rems", "outpatient"]


def test_nothing_found(cartox: Cartox) -> None:
    ended = cartox("lookup", "tozzilisibab")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "cartox: nothing is found for 'tozzilisibab'; did you mean tocilizumab?\n"
    ended = cartox("lookup", "💥")
    assert (ended.code, ended.err) == (
        1,
        "cartox: nothing is found for '💥'; cartox lookup lists the kinds\n",
    )


def test_a_kind_that_there_is_not(cartox: Cartox) -> None:
    ended = cartox("lookup", "x", "--kind", "thing")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("cartox: there is no kind 'thing'; the kinds are drug, step, marker panel, ")


def test_not_all_words(cartox: Cartox) -> None:
    out = cartox("lookup", "tocilizumab", "zzzzzz").out
    assert out.startswith("Nothing has all of these words; this has 1 of 2.\n\n")
    assert not cartox("lookup", "tocilizumab").out.startswith("Nothing")


@pytest.mark.parametrize("term", ["folate", "STAT3"])
def test_what_is_only_a_little_alike_is_not_found(cartox: Cartox, term: str) -> None:
    ended = cartox("lookup", term)
    assert (ended.code, ended.out) == (1, "")
