"""Virtual shoes: Bluetooth LE peripherals over a host stack without a radio.

The same client that talks to real shoes (`gait.ble`) finds and connects them; only its radio is
another. They are also the executable form of docs/protocol.md.
"""

from importlib.util import find_spec

from gait.model import UsageError

if find_spec("bumble") is None:
    raise UsageError("Virtual shoes need the package bumble; run: pip install 'shoegait[virtual]'")

from gait.virtual.air import VirtualAir
from gait.virtual.bonds import Bonds
from gait.virtual.faults import FaultInjector
from gait.virtual.memory import Flash
from gait.virtual.shoe import VirtualShoe

__all__ = ["Bonds", "FaultInjector", "Flash", "VirtualAir", "VirtualShoe"]
