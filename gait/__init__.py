"""shoegait: what a shoe-mounted motion sensor can honestly tell.

The way through is `gait.pipeline`; read that file first. Importing `gait` is cheap: nothing
compiled is loaded until samples are processed.
"""

__version__ = "0.1.0"
