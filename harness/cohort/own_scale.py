"""The scales that the trials of Table 1 were graded by, and the patients of a block by those of their own trial."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from cartox_core import grade_course_columns, load
from harness.cohort.block import GradedBlock
from harness.patients.trials import Trial

Bytes = npt.NDArray[np.uint8]
OWN_SCALE: Mapping[str, tuple[str, str]] = {  # by the words of trials.toml: guideline and scale
    "Penn": ("penn-2018", "crs"),
    "Lee 2014": ("lee-2014", "crs"),
    "ASTCT 2019, part Lee": ("astct-2019", "crs"),
    "CTCAE v4.03": ("ctcae-4", "neurotoxicity"),
    "ASTCT 2019": ("astct-2019", "icans"),
}


def own_scales(row: Trial) -> Mapping[str, tuple[str, str]]:
    """The guideline and scale by which a trial graded CRS, and neurotoxicity.

    >>> from harness.patients.trials import trial
    >>> own_scales(trial("JULIET"))
    {'crs': ('penn-2018', 'crs'), 'icans': ('ctcae-4', 'neurotoxicity')}
    """
    return {"crs": OWN_SCALE[row.crs.graded_by], "icans": OWN_SCALE[row.neurotoxicity.graded_by]}


def own_peaks(graded: GradedBlock) -> dict[str, tuple[Bytes, Bytes]]:
    """The worst floor and ceiling of each patient by the trial's own scales, under the names of those of the run."""
    peaks = {}
    for name, (guideline, scale) in own_scales(graded.block.row.trial).items():
        found = grade_course_columns(graded.chart.columns, load(guideline).scale(scale))
        low, high = (np.maximum.reduceat(bound, graded.starts) for bound in (found.floor, found.ceiling))
        peaks[name] = low, high
    return peaks
