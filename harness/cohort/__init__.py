"""The main job: simulate and grade blocks of patients, hold them against the sources, report."""

SCALES = ("crs", "icans")
"""The scales by which a cohort is graded."""
