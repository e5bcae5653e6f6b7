"""Names of drugs as others write them."""

import pytest

from cartox_core.observation import TREATMENT
from harness.exchange.drugs import drug_named


@pytest.mark.parametrize("drug", TREATMENT["drug"].values)
def test_every_drug_is_known_by_its_name(drug: str) -> None:
    assert drug_named(f"{drug.replace('_', ' ').upper()} 5 MG") == drug


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("Paracetamol 500 mg tablet", "acetaminophen"),
        ("Adrenaline", "epinephrine"),
        ("filgrastim-sndz 300 MCG/0.5 ML", "gcsf"),
        ("G-CSF", "gcsf"),
        ("Solu-Medrol 125 MG", "methylprednisolone"),
        ("norepinephrine (Levophed)", "norepinephrine"),
        ("NSAID", None),
        ("dex", None),
        ("angiotensin-converting enzyme inhibitor", None),
        ("acetaminophen 325 MG / hydrocodone 5 MG", None),
        ("epinephrine and lidocaine", None),
        ("epinephrine or norepinephrine", None),
        ("prednisone", None),
        ("", None),
    ],
)
def test_names(text: str, drug: str | None) -> None:
    assert drug_named(text) == drug
