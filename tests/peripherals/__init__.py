"""Emulated sensors of other makers, each as its document says, for the real client."""

from peripherals.base import Peripheral, record_from, simulated, true_cadence
from peripherals.dot import Dot
from peripherals.movesense import Movesense
from peripherals.pod import Pod
from peripherals.polar import VeritySense
from peripherals.witmotion import WitMotion

__all__ = [
    "Dot",
    "Movesense",
    "Peripheral",
    "Pod",
    "VeritySense",
    "WitMotion",
    "record_from",
    "simulated",
    "true_cadence",
]
