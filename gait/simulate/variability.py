"""Stride-to-stride variability with a long memory: fractional Gaussian noise."""

import numpy as np
from numpy.typing import NDArray


def long_memory_noise(n: int, alpha: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """n values of fractional Gaussian noise, unit variance, DFA exponent `alpha` in (0, 1).

    Circulant embedding of the exact autocovariance (Davies & Harte, Biometrika 1987).
    """
    m = max(n, 2)
    lag = np.arange(m + 1, dtype=np.float64)
    two_h = 2.0 * alpha
    covariance = 0.5 * (np.abs(lag - 1.0) ** two_h - 2.0 * lag**two_h + (lag + 1.0) ** two_h)
    circulant = np.concatenate([covariance, covariance[-2:0:-1]])
    power = np.maximum(np.fft.fft(circulant).real, 0.0)
    size = len(circulant)
    white = rng.standard_normal(size) + 1j * rng.standard_normal(size)
    return np.fft.fft(np.sqrt(power / size) * white).real[:n]
