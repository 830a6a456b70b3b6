"""The windows' low-pass against scipy's, which shares no code with it."""

import numpy as np
from scipy.signal import butter, sosfilt

from gait.steps.filters import butterworth2, smooth, smooth_columns

RATE_HZ, CUTOFF_HZ = 400.0, 30.0


def naive(x: np.ndarray) -> np.ndarray:
    """Forward and backward, each started in steady state at the end value."""
    sections = butter(2, CUTOFF_HZ, fs=RATE_HZ, output="sos")
    for _ in range(2):
        x = (x[0] + np.asarray(sosfilt(sections, x - x[0])))[::-1]
    return x


def test_smooth_is_a_zero_phase_butterworth() -> None:
    x = np.random.default_rng(1).standard_normal(300)
    out = np.empty_like(x)
    smooth(x, butterworth2(CUTOFF_HZ, RATE_HZ), out)
    np.testing.assert_allclose(out, naive(x), atol=1e-12)


def test_columns_together_are_each_of_them_alone_bit_for_bit() -> None:
    columns = np.random.default_rng(2).standard_normal((300, 5))
    together = columns.copy()
    c = butterworth2(CUTOFF_HZ, RATE_HZ)
    smooth_columns(together, c)
    for k in range(5):
        alone = np.empty(300)
        smooth(np.ascontiguousarray(columns[:, k]), c, alone)
        np.testing.assert_array_equal(together[:, k], alone)
