"""The regrade verb as a process: a whole file and a scenario, with pages and tables on disk."""

import json
import subprocess
import sys
from pathlib import Path

CARTOX = [sys.executable, "-m", "harness.cli", "regrade"]
ROW = {"temp_c": 39.0, "hypotension": True, "vasopressors": 1, "vasopressin": False, "o2_device": "none",
       "organ_toxicity_grade": 0, "creatinine_grade": 0, "transaminase_grade": 0, "iv_fluid_boluses": 0,
       "hospitalized_for_crs": False, "iv_therapy": False, "coagulopathy_products": False,
       "hypotension_refractory": False}  # fmt: skip


def test_norepinephrine_by_six_scales(tmp_path: Path) -> None:
    """25 µg/min for five hours in a patient of 70 kg: each paper has its own grade."""
    case = {
        "id": "a",
        "patient": {"weight_kg": 70},
        "observations": [{"time_h": t, **ROW} for t in (48, 53)],
        "treatments": [{"time_h": 48, "drug": "norepinephrine", "dose": 25, "unit": "mcg/min"}],
    }
    (tmp_path / "cases.jsonl").write_text(json.dumps(case) + "\n")
    done = subprocess.run(
        [*CARTOX, "cases.jsonl", "--html", "page.html", "--rows", "rows.csv", "--json", "-"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    peaks = json.loads(done.stdout)["rows"][0]["peaks"]
    grades = {name: p["floor"] for name, p in peaks.items() if name.endswith(":crs")}
    assert all(p["floor"] == p["ceiling"] for name, p in peaks.items() if name.endswith(":crs"))
    assert grades == {
        "astct-2019:crs": 3, "cartox-2018:crs": 3, "ctcae-5:crs": 3, "lee-2014:crs": 3, "mskcc-2018:crs": 2,
        "penn-2018:crs": 4,
    }  # fmt: skip
    assert {p.name for p in tmp_path.iterdir()} == {"cases.jsonl", "page.html", "rows.csv"}
