"""Table 4: its printed numbers, what is assumed beside them, and what an arm does to other patients."""

from itertools import pairwise

import pytest
from pydantic import ValidationError

from harness.patients.people import crs_severity, neuro_severity
from harness.patients.prophylaxis import Side, arm_rows, arms, effect_of, row
from harness.patients.trials import UnknownTrialError, trial, trials

# Read from the review's Table 4 by hand: in %, (any, grade 2, grade 2 or more, grade 3 or more) of CRS and of ICANS.
N = None
PRINTED = {
    "dexamethasone-days-0-2-treated": ((80, N, N, 0), (58, N, N, 13)),
    "dexamethasone-days-0-2-comparator": ((93, N, N, 13), (64, N, N, 28)),
    "tocilizumab-day-2-treated": ((N, N, N, 3), (N, N, N, 35)),
    "tocilizumab-day-2-comparator": ((N, N, N, 13), (N, N, N, 28)),
    "anakinra-days-0-7-treated": ((95, N, 40, 5), (35, N, N, 20)),
    "anakinra-days-0-7-comparator": ((N, N, 50, N), (N, N, N, 30)),
    "anakinra-days-2-10-treated": ((74, N, N, 6.4), (19, N, N, 9.7)),
    "itacitinib-days-minus-3-26-treated": ((65, 17, N, 0), (13, N, 9, N)),
    "itacitinib-days-minus-3-26-comparator": ((87, 57, N, 0), (35, N, 22, N)),
    "defibrotide-days-minus-5-7-treated": ((N, N, N, N), (50, N, N, 25)),
    "lenzilumab-before-infusion-treated": ((N, N, N, 0), (N, N, N, 17)),
}
GRADES = ("any", "g2", "g2plus", "g3plus")


def printed(shares):
    found = (getattr(shares, grade) for grade in GRADES)
    return tuple(None if p is None else round(100 * p.value, 6) for p in found)


def test_every_printed_percentage_of_table_4_is_there_and_no_other():
    found = {}
    for name, side in arm_rows().items():
        here = side.arm.side(side.which)
        found[name] = (printed(here.crs), printed(here.neurotoxicity))
    assert found == PRINTED


def test_names_are_those_printed_with_a_comma_for_a_new_line():
    """Read from the review's Table 4 by hand, without the numbers of its references."""
    assert [arm.name for arm in arms().values()] == [
        "Dexamethasone 10 mg on days 0, 1, and 2, ZUMA-1, cohort 6",
        "Tocilizumab on day 2 after axi-cel infusion, Safety expansion cohort of ZUMA-1",
        "Anakinra on days 0–7, NCT04432506",
        "Anakinra on day 2 through at least day 10 post-CAR T, NCT04148430",
        "Itacitinib (JAK1 inhibitor) starting day -3 through day +26 after CAR T, NCT04071366",
        "Defibrotide on days -5 to -3 pre-CAR T and days 0–7 post-CAR T; NCT03954106",
        "Lenzilumab (GM-CSF inhibitor) 6 hours prior to axi-cel, ZUMA-19",
    ]
    assert [arm.comparator.name for arm in arms().values() if arm.comparator] == [
        "ZUMA-1, cohorts 1–2 (no prophylactic dex)",
        "ZUMA-1, cohorts 1–2 (no prophylactic toci)",
        "Tumor-burden matched retrospective cohort",
        "Placebo-controlled cohort",
    ]


def test_every_printed_number_names_its_cell():
    for number, arm in enumerate(arms().values(), start=1):
        for word, side in (("Outcomes", arm.treated), ("Comparator", arm.comparator)):
            for shares in (side.crs, side.neurotoxicity) if side else ():
                cells = {p.cell for grade in GRADES if (p := getattr(shares, grade))}
                assert cells <= {f"row {number}, {word}"}


@pytest.mark.parametrize("arm", arms().values(), ids=list(arms()))
def test_the_percentages_of_a_small_study_are_those_of_whole_patients(arm):
    for side in filter(None, (arm.treated, arm.comparator)):
        for shares in (side.crs, side.neurotoxicity) if side.patients else ():
            for percent in filter(None, printed(shares)):
                count = round(percent / 100 * side.patients)
                assert abs(100 * count / side.patients - percent) < 0.6


@pytest.mark.parametrize("name", PRINTED)
def test_the_reach_of_each_level_gives_what_is_printed(name):
    side = row(name).trial
    for reach, (some, second, from_second, severe) in zip(
        (crs_severity(side).reach, neuro_severity(side).reach), PRINTED[name], strict=True
    ):
        assert all(lower >= higher >= 0 for lower, higher in pairwise(reach))
        for found, percent in (
            (reach[0], some),
            (reach[1] - reach[2], second),
            (reach[1], from_second),
            (reach[2], severe),
        ):
            assert percent is None or found == pytest.approx(percent / 100)


def test_an_arm_is_its_base_trial_with_other_incidences():
    side, base = row("anakinra-days-0-7-treated"), trial("ZUMA-1")
    assert (side.persons, side.which, side.trial.printed_as) == (
        "ZUMA-1",
        "treated",
        "Anakinra on days 0–7, NCT04432506",
    )
    same = ("age_years", "crs_onset_sigma", "crs_duration_median_days", "crs_g4_of_severe", "crs_neuro_correlation")
    assert [getattr(side.trial.assumed, key) for key in same] == [getattr(base.assumed, key) for key in same]
    assert side.trial.crs.onset_median_days == base.crs.onset_median_days
    assert side.trial.crs.graded_by == "ASTCT 2019"


def test_what_is_called_icans_in_the_zuma_cohorts_is_noted_as_ctcae():
    noted = {arm.policy for arm in arms().values() if any(note.id == "D9" for note in arm.note)}
    assert noted == {"dexamethasone-days-0-2", "tocilizumab-day-2", "lenzilumab-before-infusion"}
    assert {arms()[name].neurotoxicity_graded_by for name in noted} == {"CTCAE v4.03"}


def test_only_tocilizumab_makes_any_level_more_frequent_and_only_of_neurotoxicity():
    for name in arms():
        crs, icans = effect_of(name)
        assert max(crs) <= 1
        assert (max(icans) > 1) == (name == "tocilizumab-day-2")


def test_the_effect_on_the_comparator_is_the_arm():
    for name in arms():
        if (other := arm_rows().get(f"{name}-comparator")) is None:
            other = row("ZUMA-1")
        treated = row(f"{name}-treated").trial
        crs, icans = effect_of(name)
        assert crs_severity(other.trial).times(crs).reach == pytest.approx(crs_severity(treated).reach)
        assert neuro_severity(other.trial).times(icans).reach == pytest.approx(neuro_severity(treated).reach)


def test_a_trial_is_a_row_too_and_an_unknown_name_is_told_the_nearest():
    assert [row(name).trial for name in trials()] == list(trials().values())
    with pytest.raises(UnknownTrialError, match="did you mean 'tocilizumab-day-2-treated'"):
        row("tocilizumab-day-2-treatd")


@pytest.mark.parametrize(
    "side",
    [
        {},
        {"crs": {"any": {"value": 0.5, "cell": "x"}, "g3plus": {"value": 0.1, "cell": "x"}}},
        {"assumed": {"crs_any": 0.5, "crs_g3plus": 0.1, "source": "s", "confidence": "L"}},
    ],
)
def test_a_share_is_printed_or_assumed(side):
    with pytest.raises(ValidationError, match="print it or assume it, once"):
        Side.model_validate(side)
