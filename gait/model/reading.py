"""What a sensor computes by itself and sends instead of samples."""

import msgspec


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One value of each, at one moment, as the sensor says it; None where it does not.

    `cadence_spm` counts the steps of both feet.
    """

    host_s: float
    cadence_spm: float
    speed_m_s: float | None = None
    stride_length_m: float | None = None
    running: bool | None = None
