"""Random numbers that belong to a patient: the same alone, in a block, or on another worker.

Philox is counter-based: a purpose has its key, a patient a fixed stretch of the counter. Uniforms go through
our own inverse distributions, so that no library's change of algorithm changes a patient.
"""

import dataclasses
import hashlib
import math

import numpy as np
import numpy.typing as npt

Uniforms = npt.NDArray[np.float64]
_WORDS_A_COUNT = 4  # Philox gives four 64-bit words a count
# Roberts' generalised golden ratio in three dimensions: a shifted lattice with even margins for any prefix.
_ROOT = 1.2207440846057596
LATTICE = (1 / _ROOT, 1 / _ROOT**2, 1 / _ROOT**3)


@dataclasses.dataclass(frozen=True, slots=True)
class Draws:
    """The random numbers of some consecutive patients of one trial.

    ``first`` is the index of the first patient, ``count`` how many there are.
    """

    seed: int
    trial: str
    first: int
    count: int

    def uniforms(self, purpose: str, each: int) -> Uniforms:
        """Uniform numbers in (0, 1); shape (count, each).

        >>> whole, alone = Draws(1, "T", 0, 10).uniforms("signs", 3), Draws(1, "T", 7, 1).uniforms("signs", 3)
        >>> bool((whole[7] == alone[0]).all())
        True
        """
        words = self._words(purpose, each)
        found: Uniforms = ((words >> np.uint64(12)).astype(np.float64) + 0.5) / 2.0**52
        return found

    def shorts(self, purpose: str, each: int) -> npt.NDArray[np.uint16]:
        """Random 16-bit numbers, where a coarse noise is enough; shape (count, each)."""
        words = self._words(purpose, -(-each // 4))
        shorts: npt.NDArray[np.uint16] = words.astype("<u8", copy=False).view("<u2").reshape(self.count, -1)[:, :each]
        return shorts

    def _words(self, purpose: str, each: int) -> npt.NDArray[np.uint64]:
        counts = -(-each // _WORDS_A_COUNT)
        stream = np.random.Philox(key=_key(self.seed, self.trial, purpose), counter=[self.first * counts, 0, 0, 0])
        words: npt.NDArray[np.uint64] = stream.random_raw(self.count * counts * _WORDS_A_COUNT)
        return words.reshape(self.count, -1)[:, :each]

    def lattice(self, dimension: int) -> Uniforms:
        """Stratified uniforms, one a patient: a lattice over the index, shifted by the seed; shape (count)."""
        shift = Draws(self.seed, self.trial, 0, 1).uniforms("lattice", len(LATTICE))[0, dimension]
        index = np.arange(self.first, self.first + self.count, dtype=np.float64)
        found = np.modf(shift + (index + 1) * LATTICE[dimension])[0]
        inside: Uniforms = np.clip(found, 2.0**-53, 1 - 2.0**-53)
        return inside


def _key(seed: int, trial: str, purpose: str) -> int:
    digest = hashlib.blake2b(f"{trial}/{purpose}".encode(), digest_size=8).digest()
    return (seed << 64) | int.from_bytes(digest, "little")


def normal(u: Uniforms) -> Uniforms:
    """The standard normal quantile of a uniform, after Wichura's algorithm AS 241 (relative error 1e-16).

    >>> [round(float(x), 6) for x in normal(np.array([0.5, 0.975, 1e-9]))]
    [0.0, 1.959964, -5.997807]
    """
    q = u - 0.5
    r = 0.180625 - q * q
    central = q * _ratio(r, _CENTRE)
    tail = np.sqrt(-np.log(np.minimum(u, 1 - u)))
    outer = np.where(tail <= 5, _ratio(tail - 1.6, _NEAR), _ratio(tail - 5, _FAR))
    return np.where(np.abs(q) <= 0.425, central, np.copysign(outer, q))


def lognormal(u: Uniforms, median: float, sigma: float) -> Uniforms:
    """The lognormal quantile of a uniform."""
    return median * np.exp(sigma * normal(u))


def normal_cdf(z: Uniforms) -> Uniforms:
    """The standard normal distribution function."""
    return np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in z])


def _ratio(r: Uniforms, terms: tuple[tuple[float, ...], tuple[float, ...]]) -> Uniforms:
    over, under = (np.zeros_like(r), np.zeros_like(r))
    for a, b in zip(reversed(terms[0]), reversed(terms[1]), strict=True):
        over, under = over * r + a, under * r + b
    return over / under


_CENTRE = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3),
)  # fmt: skip
_NEAR = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9),
)  # fmt: skip
_FAR = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15),
)  # fmt: skip
