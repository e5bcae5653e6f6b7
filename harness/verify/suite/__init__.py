"""The cases that a grader is asked: by hand, derived from the guideline's tables, courses, and sealed patients."""
