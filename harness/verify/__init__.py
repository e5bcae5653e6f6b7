"""Whether somebody's grader is right: doors to it, a suite of cases, a judge, and a report.

For testing and teaching. Not for treating patients.
"""
