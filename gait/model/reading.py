"""What a sensor computes by itself and sends instead of samples."""

import msgspec


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One value of each, at one moment, as the sensor says it; None where it does not.

    `cadence_spm` counts the steps of both feet; None where the sensor tells of steps, and it is not
    known whether of both feet or of one. `doubled`: it told of those of one foot.
    """

    host_s: float
    cadence_spm: float | None
    speed_m_s: float | None = None
    stride_length_m: float | None = None
    running: bool | None = None
    doubled: bool = False

    @property
    def steps(self) -> bool:
        """Whether it tells of any steps."""
        return self.cadence_spm is None or self.cadence_spm > 0.0
