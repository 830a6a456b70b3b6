"""shoegait: what a shoe-mounted motion sensor can honestly tell.

The way through is `gait.pipeline`; read that file first. Importing `gait` is cheap: nothing
compiled is loaded until samples are processed.
"""

import logging

# What is logged goes nowhere until a program says where to.
logging.getLogger(__name__).addHandler(logging.NullHandler())

__version__ = "0.1.0"
