"""How far strides and measures are from the truth: `python -m benchmarks.accuracy`."""
