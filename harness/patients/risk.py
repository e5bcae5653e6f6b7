"""What puts a patient at risk, drawn to go with how ill the patient is to become, so that no share of Table 1 moves.

Each factor is a normal score given those of CRS and neurotoxicity (a Gaussian copula): its own spread stays what it
was, and so do the levels. Which factor goes with which toxicity, and when, is the review's (Ferreri 2024, risk of CRS
and ICANS); how closely is assumed. The costimulatory domain is the product's, and its risk that of the rows of Table 1.
"""

import dataclasses

import numpy as np
import numpy.typing as npt

from harness.patients.draws import Draws, Uniforms, normal, normal_cdf
from harness.patients.people import severity_scores
from harness.patients.trials import Trial

HIGH_BURDEN = 0.5  # share of the patients; an assumption, and so are the correlations
BURDEN_WITH_CRS, BURDEN_WITH_NEURO = 0.35, 0.3
BEFORE_WITH_CRS = 0.3  # CRP, LDH and platelets before the infusion, each; with neurotoxicity they have nothing to do
LDH_WITH_BURDEN = 0.4
ACTIVATION_WITH_CRS, ACTIVATION_WITH_NEURO = 0.25, 0.5


@dataclasses.dataclass(frozen=True, slots=True)
class Risk:
    """Risk factors of some patients, one entry a patient; all but the burden are normal scores, high at high risk.

    ``crp``, ``ldh`` and ``few_platelets`` are those before the infusion; ``activation`` is that of the endothelium in
    the first days after it.
    """

    tumor_burden_high: npt.NDArray[np.bool_]
    crp: Uniforms
    ldh: Uniforms
    few_platelets: Uniforms
    activation: Uniforms


def risk(draws: Draws, trial: Trial) -> Risk:
    """The risk factors of the patients of ``draws``."""
    crs, beside = severity_scores(draws)
    own = normal(draws.uniforms("risk", 5)).T
    rho = trial.assumed.crs_neuro_correlation
    less = -BEFORE_WITH_CRS * rho / np.sqrt(1 - rho * rho)  # takes away what CRS has in common with neurotoxicity

    def score(with_crs: float, with_neuro: float, noise: Uniforms) -> Uniforms:
        found: Uniforms = with_crs * crs + with_neuro * beside + np.sqrt(1 - with_crs**2 - with_neuro**2) * noise
        return found

    ldh_noise = LDH_WITH_BURDEN * own[0] + np.sqrt(1 - LDH_WITH_BURDEN**2) * own[2]
    return Risk(
        tumor_burden_high=normal_cdf(score(BURDEN_WITH_CRS, BURDEN_WITH_NEURO, own[0])) > 1 - HIGH_BURDEN,
        crp=score(BEFORE_WITH_CRS, less, own[1]),
        ldh=score(BEFORE_WITH_CRS, less, ldh_noise),
        few_platelets=score(BEFORE_WITH_CRS, less, own[3]),
        activation=score(ACTIVATION_WITH_CRS, ACTIVATION_WITH_NEURO, own[4]),
    )
