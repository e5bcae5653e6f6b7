"""Charts of patients without signs, to which a test adds the one that it is about."""

CALM = {"hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}
NO_SIGNS = {
    "seizure": "none",
    "motor_weakness": "none",
    "cerebral_edema": "none",
    "posturing": False,
    "cn6_palsy": False,
    "papilledema": False,
    "cushing_triad": False,
}
AWAKE = {"ice": 10, "consciousness": "spontaneous", **NO_SIGNS}
