"""The numbers of the step detector, each with its unit, meaning and source.

Few and physical. Those fitted on data say on which; none depends on a runner.
"""

from dataclasses import asdict, dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Parameters:
    """Defaults are meant for every runner and sensor; change them only to study them."""

    # Segmentation: a swing is a stretch of toe-up rotation.
    swing_lowpass_hz: float = 12.0  # low-pass of pitch rate that finds swings
    swing_enter_rad_s: float = 0.5  # toe-up rate at which a swing may begin
    swing_angle_rad: float = 0.25  # toe-up rotation that makes it a swing (14°)
    longest_stance_s: float = 1.6  # a stance beyond this is standing, the stride is over
    shortest_cycle_s: float = 0.25  # swings closer than this are shaking, not steps

    # Events.
    event_lowpass_hz: float = 30.0  # zero-phase; Falbriard 2018
    landing_min_rate_rad_s: float = 0.3  # a slower dip of pitch rate is no landing
    # The pitch-rate trough after landing comes later the more the toe points up, because the
    # foot has farther to slap down. Line through DESIGN's two ends (−3 ms for a midfoot jog,
    # +36 ms for strong heel strikes), checked on force-plate data.
    landing_offset_s: float = -0.004
    landing_offset_s_per_rad: float = 0.063
    landing_share: float = 0.45  # of the time between swings, in which the landing trough lies
    # On the forefoot the heel drops after contact, in the simulation fastest 4 ms after it.
    heel_drop_rate_rad_s: float = 1.0
    heel_drop_s: float = 0.070
    heel_drop_after_contact_s: float = 0.004
    # Where the shoe is struck sharply, that is the contact: at least 4 g within 10 ms, and a jerk
    # that the events' low-pass makes much smaller (recordings smoothed at 22 Hz stay below 1.2).
    shock_jerk_m_s3: float = 4000.0
    shock_sharpness: float = 2.0
    shock_onset_share: float = 0.35
    shock_search_s: float = 0.045
    # Toe-off follows the minimum of vertical specific force by about one sample at 100 Hz.
    toe_off_after_force_minimum_s: float = 0.008
    toe_off_search_s: float = 0.110  # after the push-off trough
    push_off_rate_rad_s: float = 2.0  # toe-down rate that tells push-off from standing
    # Walking, against swings marked by hand at 100 Hz: contact lies 30 ms (quartiles 20–40)
    # before the landing trough, toe-off 30 ms (30–40) before rotation turns to toe-up.
    walk_landing_offset_s: float = 0.028
    walk_slap_s: float = 0.15  # the foot comes down flat within this after the swing
    walk_toe_off_before_crossing_s: float = 0.032

    # Walking keeps the foot down longer: share of the stride between the two pitch-rate
    # troughs. Running 0.29–0.34, walking 0.51–0.60 on real recordings; the middle is used.
    walk_trough_share: float = 0.43
    walk_push_off_s: float = 0.40  # … and from trough to trough, where no next contact is known

    # Path: where the sensor sits above the ground contact it rolls about in mid-stance.
    sensor_height_m: float = 0.08

    most_left_over_m_s: float = 1.0  # velocity left at the next mid-stance: beyond, no path

    # Plausible gait, for `valid`.
    run_stride_s: tuple[float, float] = (0.35, 1.10)
    walk_stride_s: tuple[float, float] = (0.70, 2.20)
    run_contact_s: tuple[float, float] = (0.06, 0.50)

    # Mounting.
    moving_rad_s: float = 1.5  # faster than this is moving
    settle_moving_s: float = 5.0  # moving time before the mounting is first solved
    retry_moving_s: float = 2.0
    watch_s: float = 1.0  # how often it is asked whether the mounting still holds
    trouble_moving_s: float = 3.0  # movement without a stride that fits before it is found anew
    most_heading_rad: float = 0.8  # a stride that fits goes forward within this …
    upright_share: float = 0.4  # … with so much of mid-stance's specific force along z
    quiet_share: float = 0.25  # … and turning no faster there than this share of its fastest
    history_s: float = 60.0  # raw samples kept until the mounting is known
    solve_s: float = 20.0  # the part of them the axis is taken from
    still_gyr_rad_s: float = 0.06  # standing still: spread of rate below this …
    still_acc_m_s2: float = 0.5  # … and of specific force below this
    still_s: float = 1.0
    least_strides: int = 3

    def record(self) -> np.void:
        """The scalar parameters as a record for kernels; a pair becomes `…_low` and `…_high`."""
        flat: dict[str, float] = {}
        for name, value in asdict(self).items():
            if isinstance(value, tuple):
                flat[f"{name}_low"], flat[f"{name}_high"] = value
            else:
                flat[name] = float(value)
        packed = np.zeros(1, dtype=[(name, np.float64) for name in flat])
        for name, value in flat.items():
            packed[name] = value
        return packed[0]
