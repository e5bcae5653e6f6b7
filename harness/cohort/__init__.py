"""The main job: simulate and grade blocks of patients, hold them against the sources, report."""
