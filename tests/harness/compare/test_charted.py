"""How long a grade is held to last in a chart that is not examined at every round."""

from cartox_core import columns_of, load, read_case
from harness.compare.charted import side

HOUR = 60
CALM = {"consciousness": "spontaneous", "seizure": "none", "motor_weakness": "none", "cerebral_edema": "none"}
SIGNS = {"posturing": False, "cn6_palsy": False, "papilledema": False, "cushing_triad": False}


def test_icans_stands_until_the_next_examination() -> None:
    def row(time_h: int, ice: int | None) -> dict[str, object]:
        seen = {} if ice is None else {"ice": ice, **CALM, **SIGNS}
        return {"time_h": time_h, "temp_c": 37.0, **seen}

    one = [row(0, None), row(4, 2), row(8, None), row(12, None), row(16, 10), row(20, None)]
    other = [row(0, None), row(4, 10), row(8, None)]
    scale = load("astct-2019").scale("icans")
    cases = [read_case({"patient": {"age_years": 60}, "observations": rows, "treatments": []}) for rows in (one, other)]
    found = side(columns_of(cases, scale.fields), scale)
    assert found.minutes_at(3).tolist() == [12 * HOUR, 0]
    assert found.minutes_at(4).tolist() == [0, 0]


def test_what_is_charted_at_each_round_counts_from_round_to_round() -> None:
    calm = {"hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}
    rows = [{"time_h": 4 * i, "temp_c": temp_c, **calm} for i, temp_c in enumerate((37.0, 38.5, 37.0, 39.0, 37.0))]
    scale = load("astct-2019").scale("crs")
    case = read_case({"patient": {"age_years": 60}, "observations": rows, "treatments": []})
    assert side(columns_of([case], scale.fields), scale).minutes_at(1).tolist() == [8 * HOUR]
