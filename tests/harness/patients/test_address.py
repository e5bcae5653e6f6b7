"""An address names one patient, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.patients.address import LARGEST_INDEX, LARGEST_SEED, Address, AddressError
from harness.patients.trials import trials


@given(
    scenario=st.text("abcz-019./_ ", min_size=1).filter(lambda s: s.strip("/ ") == s),
    trial=st.sampled_from(list(trials())),
    seed=st.integers(0, LARGEST_SEED),
    index=st.integers(0, LARGEST_INDEX),
)
def test_an_address_is_read_as_it_is_written(scenario, trial, seed, index):
    address = Address(scenario, trial, seed, index)
    assert Address.read(str(address)) == address
    assert " " not in str(address).removeprefix(f"v1/{scenario}")


@pytest.mark.parametrize(
    "written",
    [
        "v1/table1/TRANSCEND-NHL-001/7/42",
        " v1/table1/transcend nhl 001/7/42\n",
        "/v1/table1/TranscendNHL001/07/042/",
        "v1/table1/transcend_nhl-001/7/42",
    ],
)
def test_case_spaces_and_hyphens_of_the_trial_do_not_matter(written):
    assert Address.read(written) == Address("table1", "TRANSCEND NHL 001", 7, 42)


def test_a_scenario_may_be_a_file():
    assert Address.read("v1/my/folder/own.toml/ZUMA-1/1/2").scenario == "my/folder/own.toml"
    assert Address.read("v1/mine/own.toml/ZUMA-1/1/2").scenario == "mine/own.toml"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "is no address; write v1/SCENARIO/TRIAL/SEED/INDEX"),
        ("ZUMA-1/1/2", "is no address"),
        ("v2/table1/ZUMA-1/1/42", "is no address"),
        ("v1/table1/ZUMA-1/42", "is no address"),
        ("v1/table1/ZUMA-8/1/42", r"names no trial of Table 1; did you mean 'ZUMA-\d'\? there are ELIANA, JULIET"),
        ("v1/table1/---/1/42", "names no trial of Table 1; there are ELIANA"),
        ("v1/table1/ZUMA-1/x/42", "the seed of .* is no whole number from 0 to 9223372036854775807"),
        ("v1/table1/ZUMA-1/-1/42", "the seed"),
        ("v1/table1/ZUMA-1/9223372036854775808/42", "the seed"),
        ("v1/table1/ZUMA-1/1/1.5", "the index of .* is no whole number from 0 to 1000000000000"),
        ("v1/table1/ZUMA-1/1/1000000000001", "the index"),
        ("v1/table1/ZUMA-1/1/" + "9" * 5000, "the index"),
    ],
)
def test_what_names_no_patient_is_refused_with_what_is_wrong(written, told):
    with pytest.raises(AddressError, match=told):
        Address.read(written)
