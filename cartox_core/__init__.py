"""The reference grading core: exact grades of CAR-T toxicity from what was charted.

For testing and teaching. Not for treating patients.

>>> from cartox_core import Observation, grade, load
>>> str(grade(Observation(time_h=30, temp_c=38.6), load("astct-2019").scale("crs")))
'1–4'
"""

from cartox_core.case import Case, Fault, Refused, read_case
from cartox_core.columns import Columns, columns_of
from cartox_core.context import Context
from cartox_core.course import CourseGrades, Summary, explain_course, grade_course
from cartox_core.grade import Because, Grade, explain, grade
from cartox_core.grade_columns import GradeColumns, as_graded, grade_columns, grade_course_columns, grade_scales
from cartox_core.guideline import Guideline, GuidelineError, Scale
from cartox_core.kernel import load_kernel
from cartox_core.library import guideline_ids, load, load_plan, load_score, plan_ids, score_ids
from cartox_core.management import Plan
from cartox_core.observation import Observation, Patient, Treatment
from cartox_core.recommend import Recommendation, recommend
from cartox_core.score import Score, Scored, score
from cartox_core.summary_columns import SummaryColumns, summary_columns

__all__ = [
    "Because",
    "Case",
    "Columns",
    "Context",
    "CourseGrades",
    "Fault",
    "Grade",
    "GradeColumns",
    "Guideline",
    "GuidelineError",
    "Observation",
    "Patient",
    "Plan",
    "Recommendation",
    "Refused",
    "Scale",
    "Score",
    "Scored",
    "Summary",
    "SummaryColumns",
    "Treatment",
    "as_graded",
    "columns_of",
    "explain",
    "explain_course",
    "grade",
    "grade_columns",
    "grade_course",
    "grade_course_columns",
    "grade_scales",
    "guideline_ids",
    "load",
    "load_kernel",
    "load_plan",
    "load_score",
    "plan_ids",
    "read_case",
    "recommend",
    "score",
    "score_ids",
    "summary_columns",
]
