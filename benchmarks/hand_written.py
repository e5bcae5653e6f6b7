"""Both ASTCT scales by hand, at default readings: how far a kernel gets that knows its guideline and its columns.

Nothing is looked up. A sign is one byte, 0xFF where it is there, 0xF0 where that is unknown: the low half says what
is sure, the high half what is possible, so one ``and`` or ``or`` works on floors and ceilings of 32 rows at once. A
grade is a row of as many ones in each half. Partial ICE items are left out, as in the other graders.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from benchmarks.rows import OUTPUT_BYTES
from cartox_core import Columns
from cartox_core.observation import READABLE

BLOCK_ROWS, STRETCH_ROWS = 8192, 131072
CRS = (
    "temp_c", "fever_other_cause", "crs_onset_fever", "o2_device", "o2_flow_l_min", "oxygen_other_cause",
    "positive_pressure_reason", "hypotension", "vasopressin", "vasopressors", "vasopressor_other_cause",
    "death_from_crs",
)  # fmt: skip
ICANS = (
    "ice", "capd", "age_years", "consciousness", "consciousness_other_cause", "seizure", "seizure_other_cause",
    "motor_weakness", "motor_other_cause", "cerebral_edema", "posturing", "cn6_palsy", "papilledema", "cushing_triad",
    "death_from_icans",
)  # fmt: skip
SURE, MAYBE = 0xFF, 0xF0
ONE, TWO, THREE, FOUR = 0x11, 0x33, 0x77, 0xFF


def _code(field: str, value: str) -> int:
    return READABLE[field].values.index(value)


NO_DEVICE, BLOW_BY = _code("o2_device", "none"), _code("o2_device", "blow_by")
CANNULA, HIGH_FLOW = _code("o2_device", "nasal_cannula"), _code("o2_device", "high_flow_nasal_cannula")
FACE_MASK, VENTURI = _code("o2_device", "face_mask"), _code("o2_device", "venturi_mask")
NON_REBREATHER = _code("o2_device", "non_rebreather")
CPAP, BIPAP = _code("o2_device", "cpap"), _code("o2_device", "bipap")
VENTILATOR, ANY_DEVICE = _code("o2_device", "mechanical_ventilation"), len(READABLE["o2_device"].values)
HYPOXIA = _code("positive_pressure_reason", "hypoxia")
REASON_UNKNOWN = len(READABLE["positive_pressure_reason"].values)
VOICE, TACTILE = _code("consciousness", "voice"), _code("consciousness", "tactile")
UNAROUSABLE, ANY_AROUSAL = _code("consciousness", "unarousable"), len(READABLE["consciousness"].values)
BRIEF, PROLONGED = _code("seizure", "brief"), _code("seizure", "prolonged_or_repetitive")
ANY_SEIZURE = len(READABLE["seizure"].values)
DEEP_FOCAL, ANY_WEAKNESS = _code("motor_weakness", "deep_focal"), len(READABLE["motor_weakness"].values)
FOCAL, DIFFUSE = _code("cerebral_edema", "focal"), _code("cerebral_edema", "diffuse")
ANY_EDEMA = len(READABLE["cerebral_edema"].values)


@njit(nogil=True)
def _where(yes: Any, mask: int) -> Any:
    """The mask where a comparison holds, else 0, as one byte."""
    return np.uint8(np.uint8(yes) * np.uint8(mask))


@njit(nogil=True)
def _flag(code: Any) -> Any:
    """A yes, a no or an unknown as a sign."""
    return _where(code == 1, SURE) | _where(code == 2, MAYBE)


@njit(nogil=True)
def _write(level: Any, dead: Any, minute: Any, floor: Any, ceiling: Any) -> None:
    """Count the ones of each half; nothing before the infusion, and death whatever else is charted."""
    for i in range(len(level)):
        ones = np.uint8(level[i] - ((level[i] >> np.uint8(1)) & np.uint8(0x55)))
        level[i] = (ones & np.uint8(0x33)) + ((ones >> np.uint8(2)) & np.uint8(0x33))
    for i in range(len(level)):
        level[i] = _where(dead[i] == 1, 0x55) | (level[i] & _where(dead[i] != 1, 0xFF))
    for i in range(len(level)):
        level[i] &= _where(minute[i] >= 0, 0xFF)
    for i in range(len(level)):
        floor[i] = level[i] & np.uint8(0x0F)
    for i in range(len(level)):
        ceiling[i] = level[i] >> np.uint8(4)


@njit(nogil=True)
def _crs(
    minute, temp, fever_cause, onset, device, flow, oxygen_cause, reason, low, vasopressin, running, pressor_cause,
    dead, floor, ceiling,
):  # fmt: skip
    fevers, much, levels = np.empty((3, BLOCK_ROWS), np.uint8)
    for first in range(0, len(minute), BLOCK_ROWS):
        end = min(first + BLOCK_ROWS, len(minute))
        fever, high, level = fevers[: end - first], much[: end - first], levels[: end - first]
        t, litres = temp[first:end], flow[first:end]
        a, b, c, d = fever_cause[first:end], onset[first:end], device[first:end], oxygen_cause[first:end]
        e, f, g, h, k = (
            reason[first:end],
            low[first:end],
            vasopressin[first:end],
            running[first:end],
            pressor_cause[first:end],
        )
        n = len(level)
        for i in range(n):
            fever[i] = _where(t[i] >= 38.0, 0x0F) | _where(not t[i] < 38.0, MAYBE)
        for i in range(n):
            fever[i] &= _where(a[i] != 1, SURE)
        for i in range(n):
            high[i] = _where(litres[i] > 6.0, 0x0F) | _where(not litres[i] <= 6.0, MAYBE)
        for i in range(n):
            unknown = _where(c[i] == ANY_DEVICE, MAYBE)
            cannula = _where((c[i] == CANNULA) | (c[i] == HIGH_FLOW), SURE) | unknown
            mask = _where((c[i] == FACE_MASK) | (c[i] == NON_REBREATHER) | (c[i] == VENTURI), SURE) | unknown
            blow = _where(c[i] == BLOW_BY, SURE) | unknown
            pressure = _where((c[i] == CPAP) | (c[i] == BIPAP) | (c[i] == VENTILATOR), SURE) | unknown
            pressure &= _where((e[i] == HYPOXIA) | (e[i] == REASON_UNKNOWN), SURE)
            found = ((cannula | blow) & np.uint8(TWO)) | ((mask | (cannula & high[i])) & np.uint8(THREE)) | pressure
            level[i] = found & _where(d[i] != 1, SURE)
        for i in range(n):
            unknown = _where(h[i] == 7, MAYBE)
            one = _where((h[i] >= 1) & (h[i] < 7), SURE) | unknown | _flag(g[i])
            two = _where((h[i] >= 2) & (h[i] < 7), SURE) | unknown
            counts = _where(k[i] != 1, SURE)
            level[i] |= (_flag(f[i]) & np.uint8(TWO)) | (counts & ((one & np.uint8(THREE)) | two))
        for i in range(n):
            level[i] = (level[i] & (fever[i] | _flag(b[i]))) | (fever[i] & np.uint8(ONE))
        _write(level, dead[first:end], minute[first:end], floor[first:end], ceiling[first:end])


@njit(nogil=True)
def _icans(
    minute, ice, capd, age, arousal, arousal_cause, seizure, seizure_cause, weakness, weakness_cause, edema,
    posturing, palsy, papilledema, triad, dead, floor, ceiling,
):  # fmt: skip
    levels, children = np.empty((2, BLOCK_ROWS), np.uint8)
    for first in range(0, len(minute), BLOCK_ROWS):
        end = min(first + BLOCK_ROWS, len(minute))
        level, child = levels[: end - first], children[: end - first]
        years, a, b, c, d = (
            age[first:end],
            ice[first:end],
            capd[first:end],
            arousal[first:end],
            arousal_cause[first:end],
        )
        e, f, g, h = seizure[first:end], seizure_cause[first:end], weakness[first:end], weakness_cause[first:end]
        k, p, q, r, s = (
            edema[first:end],
            posturing[first:end],
            palsy[first:end],
            papilledema[first:end],
            triad[first:end],
        )
        n = len(level)
        for i in range(n):
            child[i] = _where(years[i] < 12.0, SURE)
        for i in range(n):
            adult = _where(a[i] < 10, ONE) | _where(a[i] < 7, TWO) | _where(a[i] < 3, THREE) | _where(a[i] == 11, 0x70)
            small = _where((b[i] >= 1) & (b[i] < 33), ONE) | _where((b[i] >= 9) & (b[i] < 33), THREE)
            small |= _where(b[i] == 33, 0x70)
            level[i] = (small & child[i]) | (adult & ~child[i])
        for i in range(n):
            found = _where(c[i] == VOICE, TWO) | _where(c[i] == TACTILE, THREE) | _where(c[i] == UNAROUSABLE, FOUR)
            level[i] |= (found | _where(c[i] == ANY_AROUSAL, MAYBE)) & _where(d[i] != 1, SURE)
        for i in range(n):
            found = _where(e[i] == BRIEF, THREE) | _where(e[i] == PROLONGED, FOUR) | _where(e[i] == ANY_SEIZURE, MAYBE)
            weak = _where(g[i] == DEEP_FOCAL, FOUR) | _where(g[i] == ANY_WEAKNESS, MAYBE)
            level[i] |= (found & _where(f[i] != 1, SURE)) | (weak & _where(h[i] != 1, SURE))
        for i in range(n):
            found = _where(k[i] == FOCAL, THREE) | _where(k[i] == DIFFUSE, FOUR) | _where(k[i] == ANY_EDEMA, MAYBE)
            level[i] |= found | _flag(p[i]) | _flag(q[i]) | _flag(r[i]) | _flag(s[i])
        _write(level, dead[first:end], minute[first:end], floor[first:end], ceiling[first:end])


def grade(columns: Columns, threads: int) -> npt.NDArray[np.uint8]:
    """Floor and ceiling of CRS, then of ICANS; shape (4, rows)."""
    rows = len(columns)
    out = np.empty((OUTPUT_BYTES, rows), np.uint8)

    def stretch(start: int) -> None:
        here = slice(start, start + STRETCH_ROWS)
        minute = columns.minute[here]
        for work, names, at in ((_crs, CRS, 0), (_icans, ICANS, 2)):
            work(minute, *(columns.fields[name][here] for name in names), out[at, here], out[at + 1, here])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(stretch, range(0, rows, STRETCH_ROWS)))
    return out
