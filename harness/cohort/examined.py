"""The worst grades of patients by the rounds at which somebody looked for what a scale grades.

Between neurological examinations nobody looks, and every ceiling of ICANS is open: those say nothing of a fault.
"""

import numpy as np
import numpy.typing as npt

from cartox_core import GradeColumns
from harness.patients.charting import Chart

Mask = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]


def looked(scale: str, chart: Chart) -> Mask:
    """The rounds of a chart at which somebody looked: of CRS all, of ICANS those that were examined."""
    return chart.examined if scale == "icans" else np.ones(len(chart.place), bool)


def examined_peaks(scale: str, chart: Chart, grades: GradeColumns) -> tuple[Bytes, Bytes]:
    """The worst floor of each patient, and the worst ceiling of the rounds at which somebody looked."""
    starts = chart.columns.starts
    assert starts is not None
    low = np.maximum.reduceat(grades.floor, starts)
    return low, np.maximum(low, np.maximum.reduceat(np.where(looked(scale, chart), grades.ceiling, 0), starts))
