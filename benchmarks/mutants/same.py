"""Faults that are none: with them the program does the same for whoever uses it.

A survivor belongs here only where no input can show the difference, and with the reason. What is
merely hard to test does not.
"""

# the line before → the line after: why it does the same
SAME: dict[str, str] = {
    "expected, sd = 0.0, 1.0 → expected, sd = 1.0, 1.0": (
        "Stands only where a factor has a threshold, and then nothing is taken from it."
    ),
}
