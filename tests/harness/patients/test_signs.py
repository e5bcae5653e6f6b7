"""From stages to what can be charted, and the grade that was meant."""

from typing import get_args

import numpy as np
import pytest

from cartox_core import Columns, grade_columns
from cartox_core.columns import unknown_code
from cartox_core.observation import DEVICES, READABLE
from harness.patients.courses import simulate
from harness.patients.draws import Draws
from harness.patients.illness import NEVER
from harness.patients.log import DEATH_FROM_CRS, DEATH_FROM_ICANS, Channel, Log
from harness.patients.people import DAY_MIN, NEURO_ROUND_MIN, ROUND_MIN, people
from harness.patients.rounds import MOST_ROUNDS, rounds_of, stages
from harness.patients.signs import NO_GRADE, render
from harness.patients.trials import trial
from tests.harness.simulated import guideline, the_people

COUNT = 400
DAYS = 3
GRADE_OF_STAGE = {1: 2, 2: 3, 3: 4}


def a_log(count=COUNT, end_min=DAYS * DAY_MIN, **channels) -> Log:
    """Every patient alike: for each channel its changes as minute: value."""
    steps = {}
    for channel in get_args(Channel):
        rows = [(i, m, v) for i in range(count) for m, v in sorted(channels.get(channel, {}).items())]
        table = np.array(rows, np.int64).reshape(-1, 3)
        steps[channel] = (table[:, 0], table[:, 1], table[:, 2])
    return Log(steps, ((),) * count, np.full(count, end_min), np.full(count, NEVER))


def aged(ages: tuple[float, float, float], count=COUNT):
    return people(Draws(1, "ELIANA", 0, count), trial("ELIANA"), ages)


def shown(log: Log, ages=(20, 50, 80), febrile_share=1.0):
    return render(aged(ages, len(log.end_min)), log, febrile_share)


def snapshots(signs, scale: str):
    """The grade of each round alone, in an open episode."""
    opened = {"crs_onset_fever": np.ones(len(signs.rounds.minute), np.uint8)}
    columns = Columns(signs.rounds.minute.astype(np.int32), {**signs.fields, **opened})
    return grade_columns(columns, guideline().scale(scale))


def known(signs, name: str):
    """The charted values of a column, words for an enumeration."""
    field, column = READABLE[name], signs.fields[name]
    if field.kind == "number":
        return set(column[~np.isnan(column)].tolist())
    values = set(column[column != unknown_code(field)].tolist())
    return {field.values[v] for v in values} if field.kind == "enum" else values


def test_rounds_are_every_4_h_and_every_third_is_neurological():
    rounds = rounds_of(a_log(count=3, end_min=DAY_MIN))
    assert rounds.minute.tolist() == [0, 240, 480, 720, 960, 1200, 1440] * 3
    assert rounds.place.tolist() == [0] * 7 + [1] * 7 + [2] * 7
    assert rounds.starts.tolist() == [0, 7, 14]
    assert (rounds.minute[rounds.neuro] % NEURO_ROUND_MIN == 0).all()
    assert rounds.number[:7].tolist() == list(range(7))


def test_a_chart_has_60_days_at_most():
    assert len(rounds_of(a_log(count=1, end_min=100 * DAY_MIN)).minute) == MOST_ROUNDS


def test_a_stage_lasts_from_its_round_to_the_next_change():
    log = a_log(count=2, fever={240: 1, 700: 0}, hypotension={241: 1, 480: 2, 1199: 0})
    rounds = rounds_of(log)
    assert stages(log, "fever", rounds)[:7].tolist() == [0, 1, 1, 0, 0, 0, 0]
    assert stages(log, "hypotension", rounds)[:7].tolist() == [0, 0, 2, 2, 2, 0, 0]
    assert not stages(log, "oxygen", rounds).any()
    second = rounds.starts[1]
    assert stages(log, "hypotension", rounds)[second : second + 7].tolist() == [0, 0, 2, 2, 2, 0, 0]


def test_quiet_rounds_are_normal():
    signs = shown(a_log())
    assert known(signs, "hypotension") == known(signs, "vasopressors") == known(signs, "vasopressin") == {0}
    assert known(signs, "o2_device") == {"none"}
    assert not known(signs, "o2_flow_l_min")
    assert known(signs, "ice") == {10}
    assert known(signs, "consciousness") == {"spontaneous"}
    assert min(known(signs, "temp_c")) >= 36.0
    assert max(known(signs, "temp_c")) < 37.5
    assert set(signs.crs_intended.tolist()) == {0}
    assert set(signs.icans_intended[signs.rounds.neuro].tolist()) == {0}
    assert set(signs.icans_intended[~signs.rounds.neuro].tolist()) == {NO_GRADE}


@pytest.mark.parametrize("stage", [1, 2, 3])
@pytest.mark.parametrize("axis", ["hypotension", "oxygen"])
def test_every_way_in_which_a_stage_of_crs_shows_has_its_grade(axis, stage):
    signs = shown(a_log(fever={0: 1}, **{axis: {0: stage}}))
    found = snapshots(signs, "crs")
    assert set(found.floor.tolist()) == set(found.ceiling.tolist()) == {GRADE_OF_STAGE[stage]}
    assert set(signs.crs_intended.tolist()) == {GRADE_OF_STAGE[stage]}


def test_circulation_shows_in_every_way_that_its_stages_have():
    assert known(shown(a_log(fever={0: 1}, hypotension={0: 1})), "vasopressors") == {0}
    second = shown(a_log(fever={0: 1}, hypotension={0: 2}))
    assert known(second, "vasopressors") == {0, 1}  # none, where vasopressin runs alone
    assert known(second, "vasopressin") == {0, 1}
    third = shown(a_log(fever={0: 1}, hypotension={0: 3}))
    assert known(third, "vasopressors") == {2, 3}


def test_oxygen_shows_in_every_way_that_its_stages_have():
    low = shown(a_log(fever={0: 1}, oxygen={0: 1}), ages=(1, 4, 70))
    assert known(low, "o2_device") == {"nasal_cannula", "blow_by"}
    assert known(low, "o2_flow_l_min") == {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}
    high = shown(a_log(fever={0: 1}, oxygen={0: 2}))
    devices = {"high_flow_nasal_cannula", "face_mask", "non_rebreather", "venturi_mask", "nasal_cannula"}
    assert known(high, "o2_device") == devices
    assert min(known(high, "o2_flow_l_min")) > 6
    pressure = shown(a_log(fever={0: 1}, oxygen={0: 3}))
    assert known(pressure, "o2_device") == {"cpap", "bipap"}
    assert not known(pressure, "o2_flow_l_min")


def test_only_the_comatose_are_intubated_and_those_without_hypoxia_to_protect_the_airway():
    for stage, reason in ((0, "airway_protection"), (3, "hypoxia")):
        signs = shown(a_log(fever={0: 1}, oxygen={0: stage}, neuro={0: 4}))
        ventilated = signs.fields["o2_device"] == DEVICES.index("mechanical_ventilation")
        neuro = signs.rounds.neuro
        assert ventilated.any()
        assert (signs.fields["consciousness"][ventilated & neuro] == 3).all()
        assert (signs.fields["consciousness"][~ventilated & neuro] < 3).all()
        codes = np.where(ventilated, READABLE["positive_pressure_reason"].values.index(reason), 0)
        assert (signs.fields["positive_pressure_reason"] == codes).all()


def test_high_flow_goes_by_weight_in_small_children():
    signs = shown(a_log(fever={0: 1}, oxygen={0: 2}), ages=(1, 2, 4))
    nasal = signs.fields["o2_device"] == DEVICES.index("high_flow_nasal_cannula")
    assert 8 <= signs.fields["o2_flow_l_min"][nasal].min() <= signs.fields["o2_flow_l_min"][nasal].max() <= 40
    assert signs.fields["o2_flow_l_min"][nasal].min() < 30


def test_blow_by_oxygen_is_for_small_children():
    signs = shown(a_log(fever={0: 1}, oxygen={0: 1}), ages=(1, 8, 70))
    age = signs.fields["age_years"][signs.fields["o2_device"] == DEVICES.index("blow_by")]
    assert len(age)
    assert age.max() < 6


def test_a_way_to_show_stays_with_its_patient():
    signs = shown(a_log(fever={0: 1}, oxygen={0: 2}, hypotension={0: 2}))
    for name in ("o2_device", "vasopressors", "vasopressin"):
        per_patient = signs.fields[name].reshape(COUNT, -1)
        assert (per_patient == per_patient[:, :1]).all()


@pytest.mark.parametrize("ages", [(20, 50, 80), (1, 5, 11.9), (10, 12, 14)], ids=["adults", "children", "both"])
@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_every_way_in_which_a_stage_of_neurotoxicity_shows_has_its_grade(stage, ages):
    signs = shown(a_log(neuro={0: stage}), ages)
    rounds = signs.rounds.neuro
    found = snapshots(signs, "icans")
    assert set(found.floor[rounds].tolist()) == set(found.ceiling[rounds].tolist()) == {stage}
    assert set(signs.icans_intended[rounds].tolist()) == {stage}
    assert set(signs.icans_intended[~rounds].tolist()) == {NO_GRADE}


@pytest.mark.parametrize(("seizure", "grade", "shows"), [(1, 3, "brief"), (2, 4, "prolonged_or_repetitive")])
def test_a_seizure_has_its_grade_over_a_milder_stage(seizure, grade, shows):
    signs = shown(a_log(neuro={0: 2}, seizure={0: seizure}))
    found = snapshots(signs, "icans")
    assert set(found.floor[signs.rounds.neuro].tolist()) == {grade}
    assert known(signs, "seizure") == {shows}


def test_neurotoxicity_shows_in_every_domain():
    fourth = shown(a_log(neuro={0: 4}))
    assert known(fourth, "consciousness") == {"spontaneous", "unarousable"}
    assert known(fourth, "motor_weakness") == {"none", "deep_focal"}
    assert known(fourth, "cerebral_edema") == {"none", "diffuse"}
    for name in ("posturing", "cn6_palsy", "papilledema", "cushing_triad"):
        assert known(fourth, name) == {0, 1}, name
    assert known(shown(a_log(neuro={0: 3})), "consciousness") == {"spontaneous", "tactile"}
    assert known(shown(a_log(neuro={0: 3})), "cerebral_edema") == {"none", "focal"}
    assert known(shown(a_log(neuro={0: 2})), "consciousness") == {"spontaneous", "voice"}


def test_children_are_charted_by_capd_and_others_by_ice():
    signs = shown(a_log(neuro={0: 2}), ages=(10, 12, 14))
    young = signs.fields["age_years"] < 12
    assert young.any()
    assert not young.all()
    assert (signs.fields["ice"][young] == unknown_code(READABLE["ice"])).all()
    assert (signs.fields["capd"][~young] == unknown_code(READABLE["capd"])).all()
    assert (signs.fields["capd"][young & signs.rounds.neuro] <= 8).all()


def test_neurology_is_unknown_between_its_rounds():
    signs = shown(a_log(neuro={0: 3}, seizure={0: 1}))
    for name in ("ice", "consciousness", "seizure", "motor_weakness", "cerebral_edema", "posturing"):
        assert (signs.fields[name][~signs.rounds.neuro] == unknown_code(READABLE[name])).all(), name


@pytest.mark.parametrize("share", [0.0, 0.15, 0.8, 1.0])
def test_febrile_rounds_have_their_share(share):
    signs = shown(a_log(fever={0: 1}, end_min=10 * DAY_MIN), febrile_share=share)
    febrile = signs.fields["temp_c"] >= 38.0
    first = signs.rounds.minute == 0
    assert febrile[first].all()
    assert float(febrile[~first].mean()) == pytest.approx(share, abs=0.01)
    assert (signs.crs_intended == febrile).all()
    assert signs.fields["temp_c"].max() < 40.8
    assert (np.round(signs.fields["temp_c"], 1) == signs.fields["temp_c"]).all()


def test_a_new_sign_is_met_with_a_fever_and_carries_the_grade_when_the_fever_is_gone():
    signs = shown(a_log(fever={0: 1, 1000: 0}, hypotension={300: 1, 1500: 0}), febrile_share=0.0)
    at = {minute: signs.rounds.minute == minute for minute in range(0, 1800, ROUND_MIN)}
    assert (signs.fields["temp_c"][at[480]] >= 38.0).all()
    for minute in (720, 960, 1200, 1440):
        assert (signs.fields["temp_c"][at[minute]] < 38.0).all()
        assert (signs.crs_intended[at[minute]] == 2).all()
    assert (signs.crs_intended[at[1680]] == 0).all()


@pytest.mark.parametrize(("cause", "scale"), [(DEATH_FROM_CRS, "crs"), (DEATH_FROM_ICANS, "icans")])
def test_death_is_charted_in_its_scale_alone(cause, scale):
    signs = shown(a_log(fever={0: 1}, death={600: cause}, end_min=720))
    last = signs.rounds.minute == 720
    meant = {"crs": signs.crs_intended, "icans": signs.icans_intended}
    assert (meant[scale][last] == 5).all()
    assert (snapshots(signs, scale).floor[last] == 5).all()
    other = ({"crs", "icans"} - {scale}).pop()
    assert (meant[other][last] != 5).all()
    assert (signs.fields["consciousness"][last] == unknown_code(READABLE["consciousness"])).all()  # no examination
    assert not signs.fields[f"death_from_{other}"].any()


def test_signs_do_not_depend_on_the_block():
    whole = the_people("KarMMa", 80)
    part = the_people("KarMMa", 30, first=50)
    signs, alone = (render(who, simulate(who, 30), 0.8) for who in (whole, part))
    mine = signs.rounds.place >= 50
    assert (alone.rounds.minute == signs.rounds.minute[mine]).all()
    for name, column in alone.fields.items():
        assert np.array_equal(column, signs.fields[name][mine], equal_nan=column.dtype == np.float64), name
    assert (alone.crs_intended == signs.crs_intended[mine]).all()


def test_all_that_is_charted_is_read_by_a_scale_or_is_the_age():
    signs = shown(a_log())
    read = {*guideline().scale("crs").fields, *guideline().scale("icans").fields}
    assert set(signs.fields) <= read
