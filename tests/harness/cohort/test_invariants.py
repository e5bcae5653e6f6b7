"""The invariants hold, and each of them can fail: a grader or a guideline is spoilt on purpose."""

import dataclasses
from importlib import resources

import numpy as np
import pytest

from cartox_core import GradeColumns, Guideline
from cartox_core.columns import unknown_code
from cartox_core.library import parse
from cartox_core.observation import READABLE
from harness.cohort import course_invariants, invariants
from harness.cohort.block import Block, grade_block
from harness.cohort.checks import Checks
from harness.cohort.invariants import LEFT_OPEN, check_block
from harness.patients.address import Address
from harness.patients.faults import FAULTS
from tests.harness.simulated import a_scenario, graded, guideline

INTENDED = "intended course = found course"
SCALAR = "scalar = columns"
DOMAIN = "grade = worst domain"
WORSE = "worse sign, never a lower grade"
INFORMATION = "more information, never a wider range"
IRRELEVANT = "what a scale does not read never matters"
ORDER = "order of keys and cases never matters"
MASKING = "masking never lowers a grade of 2 or more in an open episode"
FAHRENHEIT = "Fahrenheit is converted exactly"
ALL = {INTENDED, SCALAR, DOMAIN, WORSE, INFORMATION, IRRELEVANT, ORDER, MASKING, FAHRENHEIT}
SHIPPED = (resources.files("cartox_core") / "guidelines" / "astct-2019.toml").read_text(encoding="utf-8")


def a_week(trial: str, count: int, extra: str = ""):
    """Patients followed for a week, or until they are well."""
    return grade_block(Block(a_scenario(f"follow_up_days = 7\n{extra}"), trial, 1, 0, count), guideline())


@pytest.fixture(scope="module")
def block():
    return a_week("ZUMA-2", 80)


@pytest.fixture(scope="module")
def severe():
    """A quarter of these have CRS of grade 4."""
    return a_week("ELIANA", 120)


def failing(block, core: Guideline) -> set[str]:
    """The invariants that fail on a block under a guideline."""
    return {name for name, tested in check_block(block, core).items() if tested.failed}


def otherwise(*changes: tuple[str, str]) -> Guideline:
    """The shipped guideline with parts of its text replaced."""
    text = SHIPPED
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return parse(text, "otherwise")


def under(core: Guideline, block):
    """The patients of a block, graded by another guideline."""
    return grade_block(block.block, core)


def regraded(block, scale: str, change):
    """The block with its grades altered after grading."""
    grades = {**block.grades, scale: change(block.grades[scale])}
    return dataclasses.replace(block, grades=grades, true_grades=grades)


def with_scale(name: str, **change) -> Guideline:
    """The shipped guideline with one scale changed past every check of the files."""
    core = guideline()
    return dataclasses.replace(core, scales={**core.scales, name: dataclasses.replace(core.scale(name), **change)})


# ------------------------------------------------------------------------------------------------ they hold


@pytest.mark.parametrize("scenario", ["table1", "late-icans", "masked-fever", "pediatric", "sparse-charting"])
def test_they_hold_for_every_kind_of_scenario_and_check_something(scenario):
    trial = "ELIANA" if scenario == "pediatric" else "ZUMA-3"
    found = check_block(graded(scenario, trial, count=40), guideline())
    assert set(found) == (ALL | {LEFT_OPEN} if scenario == "sparse-charting" else ALL)
    assert not {name for name, tested in found.items() if tested.failed}
    assert not {name for name, tested in found.items() if not tested.checked}


@pytest.mark.parametrize("count", [1, 2, 5, 7, 9])
def test_they_hold_for_few_patients(count):
    assert not failing(a_week("KarMMa", count), guideline())


def test_a_rerun_checks_the_same(block):
    assert check_block(block, guideline()) == check_block(block, guideline())


@pytest.mark.parametrize("count", [1, 2, 3, 6, 7, 9, 40, 80])
def test_the_most_ill_patient_is_among_the_few_who_are_looked_at(count):
    few = graded("table1", "ZUMA-2", count=count)
    peak = few.peaks("crs")[0] + few.peaks("icans")[0].astype(int)
    looked_at = course_invariants._patients(few)
    assert peak[looked_at].max() == peak.max()
    assert len(looked_at) == len(set(looked_at)) <= course_invariants.SAMPLE_PATIENTS + 1
    assert max(looked_at) < count


# ------------------------------------------------------------------------------------------------ they can fail


@pytest.mark.parametrize(
    "change",
    [
        [('{ fever = ">= 38.0", no_fever = "< 38.0" }', '{ fever = ">= 38.1", no_fever = "< 38.1" }')],
        [('id = "crs.hypotension.g3"\ngrade = 3', 'id = "crs.hypotension.g3"\ngrade = 2')],
        [('id = "crs.hypoxia.positive_pressure"\ngrade = 4', 'id = "crs.hypoxia.positive_pressure"\ngrade = 3')],
        [('id = "icans.ice.g2"\ngrade = 2', 'id = "icans.ice.g2"\ngrade = 1')],
        [('id = "icans.seizure.g3"\ngrade = 3', 'id = "icans.seizure.g3"\ngrade = 2')],
        [('default = "low"', 'default = "high"')],  # a cannula at exactly 6 L/min
    ],
    ids=["fever", "vasopressor", "positive pressure", "ICE", "seizure", "6 L/min"],
)
def test_an_altered_guideline_no_longer_finds_the_course_that_was_meant(change, severe):
    changed = otherwise(*change)
    assert INTENDED in failing(under(changed, severe), changed)


def test_the_intended_course_is_held_against_the_chart_without_faults():
    faulty = Block(a_scenario("[charting]\nmissed_rounds = 0.1\ntransposed_digits = 0.5"), "ZUMA-2", 1, 0, 40)
    plain = Block(a_scenario(), "ZUMA-2", 1, 0, 40)
    found = [check_block(grade_block(b, guideline()), guideline())[INTENDED] for b in (faulty, plain)]
    assert found[0] == found[1]
    core = otherwise(('id = "crs.hypotension.g3"\ngrade = 3', 'id = "crs.hypotension.g3"\ngrade = 2'))
    assert check_block(grade_block(faulty, core), core)[INTENDED].failed


def test_a_value_that_is_written_wrong_takes_the_true_grade_out_of_the_range(monkeypatch):
    """A slip that claims only to leave a grade open is found out."""
    block = grade_block(Block(a_scenario("[charting]\ntransposed_digits = 0.2"), "ZUMA-2", 1, 0, 40), guideline())
    assert LEFT_OPEN not in check_block(block, guideline())
    slip = dataclasses.replace(FAULTS["transposed_digits"], widens=True)
    for module in (invariants, course_invariants):
        monkeypatch.setattr(module, "FAULTS", {**FAULTS, "transposed_digits": slip})
    found = check_block(block, guideline())[LEFT_OPEN]
    assert 0 < found.failed < found.checked
    assert Address.read(found.first).trial == "ZUMA-2"


@pytest.mark.parametrize("scale", ["crs", "icans"])
@pytest.mark.parametrize("bound", ["floor", "ceiling"])
def test_a_grader_that_differs_from_the_scalar_core_is_found(block, scale, bound):
    one = np.uint8(1)
    shift = {
        "floor": lambda g: GradeColumns(np.where(g.floor < 5, g.floor + one, g.floor), g.ceiling),
        "ceiling": lambda g: GradeColumns(g.floor, np.where(g.ceiling > 0, g.ceiling - one, g.ceiling)),
    }
    wrong = regraded(block, scale, shift[bound])
    found = check_block(wrong, guideline())
    assert found[SCALAR].failed
    assert found[IRRELEVANT].failed
    assert Address.read(found[SCALAR].first).scenario == "own"
    if bound == "floor":
        assert found[ORDER].failed


def test_a_single_wrong_row_is_found_and_its_patient_named(block):
    place = 37
    row = int(block.starts[place]) + 9
    floor = block.grades["crs"].floor.copy()
    floor[row] = 5 - floor[row]
    wrong = regraded(block, "crs", lambda g: GradeColumns(floor, g.ceiling))
    tested = check_block(wrong, guideline())[INTENDED]
    assert (tested.failed, tested.first) == (1, "v1/own/ZUMA-2/1/37")


def test_a_grade_that_is_not_its_worst_domain_is_found(block, monkeypatch):
    honest = invariants.grade_columns

    def lenient(columns, scale):
        found = honest(columns, scale)
        if len(scale.domains) == 1:
            return found
        return GradeColumns(np.minimum(found.floor, 3), np.minimum(found.ceiling, 3))

    monkeypatch.setattr(invariants, "grade_columns", lenient)
    assert DOMAIN in failing(block, guideline())


def test_a_floor_above_its_worst_domain_is_found(block, monkeypatch):
    honest = invariants.grade_columns

    def strict(columns, scale):
        found = honest(columns, scale)
        return GradeColumns(found.ceiling, found.ceiling) if len(scale.domains) > 1 else found

    sparse = a_week("ZUMA-2", 80, "[charting]\nunknown_fields = 0.1")
    monkeypatch.setattr(invariants, "grade_columns", strict)
    assert DOMAIN in failing(sparse, guideline())


def test_a_worse_sign_that_is_graded_lower_is_found(block):
    """Domains upside down, past the proof that would refuse such a file."""
    for name in ("crs", "icans"):
        flipped = tuple(
            dataclasses.replace(d, clauses=tuple(dataclasses.replace(c, grade=max(4 - c.grade, 0)) for c in d.clauses))
            for d in guideline().scale(name).domains
        )
        assert WORSE in failing(block, with_scale(name, domains=flipped)), name


@pytest.mark.parametrize(
    ("sign", "worst"),
    [("temp_c", 39), ("vasopressors", 2), ("o2_device", 7), ("ice", 0), ("consciousness", 3), ("cerebral_edema", 2)],
)
def test_each_sign_is_made_worse(severe, monkeypatch, sign, worst):
    """A grader that takes the worst value of one sign for none at all."""
    honest = invariants.grade_columns

    def blind(columns, scale):
        found = honest(columns, scale)
        if sign not in columns.fields or len(scale.domains) == 1:
            return found
        seen = columns.fields[sign] == worst if sign == "ice" else columns.fields[sign] >= worst
        return GradeColumns(np.where(seen, 0, found.floor), np.where(seen, 0, found.ceiling))

    monkeypatch.setattr(invariants, "grade_columns", blind)
    assert WORSE in failing(severe, guideline())


def test_a_grader_that_takes_unknown_for_normal_is_found(block, monkeypatch):
    honest = invariants.grade_columns

    def assume_normal(columns, scale):
        fields = dict(columns.fields)
        for name in {"hypotension", "vasopressors", "vasopressin", "o2_device"} & set(fields):
            fields[name] = np.where(fields[name] == unknown_code(READABLE[name]), 0, fields[name]).astype(np.uint8)
        return honest(dataclasses.replace(columns, fields=fields), scale)

    monkeypatch.setattr(invariants, "grade_columns", assume_normal)
    assert INFORMATION in failing(block, guideline())


def test_a_guideline_that_assumes_a_sign_away_is_found(block):
    """Written in the file: an oxygen device that nobody charted is taken for none."""
    scale = '[[scale.icans.assume]]\nfield = "age_years"'
    assumed = '[[scale.crs.assume]]\nfield = "o2_device"\nvalue = "none"\ntext = "t"\ncite = ["lee-2019"]\n\n' + scale
    changed = otherwise((scale, assumed))
    assert INFORMATION in failing(under(changed, block), changed)


@pytest.mark.parametrize("sign", ["tremor", "intracranial_hemorrhage", "headache"])
def test_a_guideline_that_reads_what_is_graded_elsewhere_is_found(block, sign):
    motor = '[[scale.icans.domain]]\nname = "motor"'
    domain = f"""[[scale.icans.domain]]
name = "{sign}"
title = "{sign}"
[[scale.icans.domain.clause]]
id = "icans.{sign}.none"
grade = 0
when = {{ {sign} = false }}
text = "none"
cite = ["lee-2019"]
[[scale.icans.domain.clause]]
id = "icans.{sign}.g1"
grade = 1
when = {{ {sign} = true }}
text = "some"
cite = ["lee-2019"]

"""
    changed = otherwise((motor, domain + motor))
    assert IRRELEVANT in failing(under(changed, block), changed)


def test_a_grader_that_minds_the_order_of_patients_is_found(block, monkeypatch):
    honest = course_invariants.grade_course_columns

    def by_position(columns, scale):
        found = honest(columns, scale)
        floor = found.floor.copy()
        floor[: len(floor) // 2] = 0
        return GradeColumns(floor, found.ceiling)

    monkeypatch.setattr(course_invariants, "grade_course_columns", by_position)
    assert ORDER in failing(block, guideline())


def test_a_grader_that_minds_the_order_of_treatments_is_found(block, monkeypatch):
    """The note of Table 2 read word for word, by a grader that looks at the first treatment only."""
    honest = course_invariants.grade_course
    core = guideline()

    def first_only(observations, treatments, scale, patient):
        if treatments and treatments[0].time_h > treatments[-1].time_h:
            observations = tuple(dataclasses.replace(o, temp_c=36.0) for o in observations)
        return honest(observations, treatments, scale, patient)

    monkeypatch.setattr(course_invariants, "grade_course", first_only)
    assert failing(block, core) == {ORDER}


def test_a_guideline_that_wants_a_fever_at_every_time_is_found(block):
    changed = with_scale("crs", gate=guideline().scale("crs").gate[:1])
    assert MASKING in failing(under(changed, block), changed)


def test_an_inexact_conversion_is_found(block, monkeypatch):
    monkeypatch.setattr(invariants, "celsius_of_fahrenheit", lambda f: (float(f) - 32) * 0.5556)
    assert failing(block, guideline()) == {FAHRENHEIT}


def test_a_conversion_that_rounds_is_found(block, monkeypatch):
    honest = invariants.fahrenheit_of_celsius
    monkeypatch.setattr(invariants, "fahrenheit_of_celsius", lambda c: f"{float(honest(c)):.0f}")
    assert failing(block, guideline()) == {FAHRENHEIT}


# ------------------------------------------------------------------------------------------------ adding up


def test_results_add_up_and_keep_the_first_failure():
    assert Checks(2, 0) + Checks(3, 1, "a") + Checks(4, 2, "b") == Checks(9, 3, "a")
    assert Checks(0, 0) + Checks(0, 0) == Checks(0, 0)
    assert (Checks(1, 1, "a") + Checks(1, 0)).first == "a"
