"""A small charted course to begin with: ``cartox recommend --example``."""

EXAMPLE = """\
{
  "id": "example",
  "patient": {"age_years": 58, "weight_kg": 82},
  "observations": [
    {"time_h": 40, "temp_c": 38.7, "hypotension": false, "vasopressors": 0, "vasopressin": false, "o2_device": "none",
     "ice": 10, "consciousness": "spontaneous", "seizure": "none", "motor_weakness": "none", "cerebral_edema": "none",
     "posturing": false, "cn6_palsy": false, "papilledema": false, "cushing_triad": false},
    {"time_h": 44, "temp_c": 39.2, "hypotension": true, "vasopressors": 0, "vasopressin": false, "o2_device": "none",
     "anc_per_ul": 300},
    {"time_h": 52, "temp_c": 38.4, "hypotension": true, "vasopressors": 0, "vasopressin": false,
     "o2_device": "nasal_cannula", "o2_flow_l_min": 2,
     "ice": 8, "consciousness": "spontaneous", "seizure": "none", "motor_weakness": "none", "cerebral_edema": "none",
     "posturing": false, "cn6_palsy": false, "papilledema": false, "cushing_triad": false}
  ],
  "treatments": [
    {"time_h": 44, "drug": "tocilizumab", "dose": 656, "unit": "mg", "route": "IV"}
  ]
}
"""
