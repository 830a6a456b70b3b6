"""Where a recording comes from: a radio, the clock it is timed with, and what goes with it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gait.ble import Radio


@dataclass(frozen=True, slots=True)
class Source:
    """The machine's own adapter unless said otherwise; `attachments` are kept in the session."""

    radio: Radio = field(default_factory=Radio)
    clock: Callable[[], float] = time.monotonic
    attachments: Mapping[str, bytes] = field(default_factory=dict)
