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
    # After landing on the forefoot the heel drops: so soon after a swing, less than this share of
    # the last swings' rotation is none.
    heel_drop_s: float = 0.25
    heel_drop_share: float = 0.30
    usual_swing_gain: float = 0.25  # of the running mean of swings' rotation
    longest_stance_s: float = 1.6  # a stance beyond this is standing, the stride is over
    shortest_cycle_s: float = 0.25  # swings closer than this are shaking, not steps

    # Events.
    event_lowpass_hz: float = 30.0  # zero-phase; Falbriard 2018
    swing_ends_share: float = 0.1  # of its fastest: slower, the rotation of the swing is over
    landing_min_rate_rad_s: float = 0.3  # a slower dip of pitch rate is no landing
    # The pitch-rate trough after landing comes later the more the toes point up, because they
    # have farther to slap down: 20 ms at 18°, 34 ms at 30°, no more than 36 ms at 39° (force
    # plates, two runners). Either runner alone gives the same slope to within 8 %.
    landing_offset_s_per_rad: float = 0.0655
    landing_most_s: float = 0.036
    landing_depth_share: float = 0.4  # of the deepest dip after the swing: less is none
    # A dip is over when so much of its depth is regained (working value: with less, ripples on the
    # way down count, with more a landing that is followed by another dip does not) …
    landing_rise_share: float = 0.25
    landing_next_share: float = 0.5  # … and from this depth up another one may follow it
    longest_landing_s: float = 0.20  # from the swing to it, where no next swing bounds it
    slap_after_s: float = 0.010  # after the trough, from where contact is looked for backwards
    least_seen_s: float = 0.12  # after a landing at the end of the samples, else it is none
    landing_share: float = 0.45  # of the time between swings, in which the landing trough lies
    # A flat foot or forefoot has no slap; there the ground arrests the sole. When half of the
    # sinking speed is gone, a fortieth of contact is over (simulated: 1–9 ms), whatever the speed.
    flat_below_rad: float = 0.07  # pitch up to which the arrest alone decides (4°) …
    heel_above_rad: float = 0.21  # … and from which the slap alone does (12°)
    sole_reach_m: float = 0.10  # from below the sensor to where heel or forefoot lands
    sole_edge_rad: float = 0.087  # pitch from which that is the very end of it (5°)
    least_sink_m_s: float = 0.2  # slower sinking is no landing
    sink_search_s: float = 0.030  # before that: its speed just before contact
    arrested_share: float = 0.5  # of that speed: where it stays when a recording is smoothed
    arrest_share: float = 0.024
    # Where the shoe is struck sharply, that is the contact: at least 4 g within 10 ms, and far more
    # than in the late swing (4 times; of recordings that were smoothed at 22 Hz 1 to 2 times).
    shock_jerk_m_s3: float = 4000.0
    walk_shock_jerk_m_s3: float = 1200.0  # the heel comes down more softly in walking
    shock_against_s: float = 0.008  # what changes no faster than over so long is no shock
    shock_within: float = 0.2  # of the time between the two samples the shock begins between
    shock_sd_s: float = 0.003  # how well it tells contact: this …
    shock_sd_periods: float = 0.35  # … and so much of a sample period
    shock_onset_share: float = 0.25  # of the hardest jerk: so hard is the first one …
    # … in walking, where a foot that is braked hard above the ground shakes by a third of it.
    walk_shock_onset_share: float = 0.55
    shock_begins_share: float = 0.4  # … and of that, where it begins
    # The ground is there at once: half as hard a jerk is the first one where it is so many times
    # all of the samples just before.
    shock_sudden_share: float = 0.5
    shock_contrast: float = 5.0
    shock_quiet_s: float = 0.012
    shock_rise_s: float = 0.006  # from where a shock begins to its peak, or two samples
    shock_least_share: float = 0.5  # of the least hardest jerk: a first one must have it at least
    shock_stands_out: float = 2.5  # and so many times the hardest of the late swing
    shock_clear_share: float = 0.6  # of the hardest: what begins no earlier is not clear
    shock_before_s: float = 0.060
    # It is looked for from the end of toe-up rotation to the slap of the sole, and a little around.
    shock_early_s: float = 0.015
    shock_late_s: float = 0.025
    longest_held_s: float = 0.120  # a foot is held ready before it lands
    longest_slap_s: float = 0.110  # from contact to the slap of a heel at 30°, walking
    # Without a shock: what is honest on a runner who was left out (force-plate data).
    landing_sd_s: float = 0.008
    toe_off_sd_s: float = 0.008
    # An event further from where the last strides let it be expected was read from something else:
    # stride to stride real contact varies by some 5 ms. It is put there, and known so well.
    landing_jump_s: float = 0.018
    toe_off_jump_s: float = 0.020
    landing_put_sd_s: float = 0.008
    same_gait_share: float = 0.08  # a stride that differs by more is of another gait or pace
    event_gap_s: float = 0.0125  # so much missing around it, an event was not seen
    gap_edge_s: float = 0.005  # so near to what is missing an event may be made of the edge itself
    # Toe-off follows the dip of vertical specific force, by 3–12 ms on force-plate data (within
    # about 12 ms of it either way in more recordings, which speaks for the lower end), less in a
    # sprint: a share of contact.
    toe_off_share: float = 0.024
    toe_off_search_s: float = 0.110  # after the push-off trough
    toe_off_back_s: float = 0.010  # … and this long before it, as the two may coincide
    toe_off_early_s: float = 0.060  # before it, where there is no dip after it
    push_off_rate_rad_s: float = 2.0  # toe-down rate that tells push-off from standing
    # Working values of where things lie in a contact, as shares of the time since the landing
    # trough; wide, as each only keeps a search away from the trough of the other event.
    push_off_from_share: float = 0.4  # of the time to the next swing: the push-off trough is later
    # Mid-stance lies in this part of the time to the push-off trough: when it begins the sole is
    # still slapping down, before it ends the heel already rises.
    mid_stance_share: tuple[float, float] = (0.15, 0.80)
    mid_stance_within_s: float = 0.25  # where samples stop in stance, it lies within this
    left_ground_share: float = 0.5  # where they stop: less than this of push-off's rate is left
    # Walking, against swings marked by hand at 100 Hz: contact lies 30 ms (quartiles 20–40)
    # before the landing trough, toe-off 30 ms (30–40) before rotation turns to toe-up.
    walk_landing_offset_s: float = 0.028
    walk_slap_sd_s: float = 0.020
    walk_landing_sd_s: float = 0.008
    walk_toe_off_sd_s: float = 0.012
    walk_slap_s: float = 0.15  # the foot comes down flat within this after the swing
    walk_toe_off_before_crossing_s: float = 0.032

    # A walking foot is on the ground for more than half of the stride, a running one for less: real
    # running down to 2 m/s 0.36–0.48, real walking up to 2.7 m/s 0.51–0.66. Single strides stray by
    # 0.07, so near a half the last strides are counted with this one.
    walk_contact_share: float = 0.50
    walk_share_doubt: float = 0.03  # so near to it, the mean of the last strides decides
    walk_share_gain: float = 0.4  # of a new stride in that mean
    push_off_to_toe_off: float = 0.09  # of a stride, where toe-off itself is not known
    walk_push_off_s: float = 0.40  # … and from trough to trough, where no next contact is known

    # Path: where the sensor sits above the ground contact it rolls about in mid-stance.
    sensor_height_m: float = 0.08

    most_tilt_rad: float = 0.5  # a foot tilted further in mid-stance (29°) gives no path

    # Clipped samples: what they spoil.
    landing_view_s: float = 0.050  # before contact, where the landing is looked at
    # Where the gyroscope clipped, the path is known if gravity over the stride comes out as 1 g to
    # within this: up to 0.19 off, lengths were within 4 % of a ruler (unclipped strides 0.02).
    closes_within: float = 0.2
    most_gyr_clipped_share: float = 0.33  # of a stride's samples: more, and its events are hidden
    impact_s: float = 0.055  # after contact, in which the impact lies

    # Plausible gait, for `valid`.
    run_stride_s: tuple[float, float] = (0.35, 1.10)
    walk_stride_s: tuple[float, float] = (0.70, 2.20)
    run_contact_s: tuple[float, float] = (0.06, 0.50)
    # Shares of the stride on the ground; so far beyond what is real (`walk_contact_share`) that
    # only a contact with a wrong event is left out (working values).
    walk_contact_of_stride: tuple[float, float] = (0.3, 0.9)
    run_contact_of_stride_most: float = 0.75

    # Mounting.
    moving_rad_s: float = 1.5  # faster than this is moving
    settle_moving_s: float = 5.0  # moving time before the mounting is first solved
    retry_moving_s: float = 2.0
    watch_s: float = 1.0  # how often it is asked whether the mounting still holds
    trouble_moving_s: float = 3.0  # movement without a stride that fits before it is found anew
    most_heading_rad: float = 0.8  # a stride that fits goes forward within this, upright …
    mid_stance_reach_s: float = 0.010  # around mid-stance, whose mean rate is “there”
    quiet_share: float = 0.25  # … and turning no faster there than this share of its fastest
    # A slip: all strides go or lean otherwise than usual, by more than single ones of real feet do
    # (way within 5° of the median in running, lean within 8°; more only in turns).
    usual_way_rad: float = 0.14
    usual_lean_rad: float = 0.21
    usual_strides: int = 4  # from which on it is known
    usual_gain: float = 0.1
    # A sensor found to sit less than this (10°) otherwise sits as it did: bends and changes of pace
    # move what is found by up to 7° (real shoes), slips that bend angles are larger.
    least_slip_rad: float = 0.17
    slip_settles_s: float = 1.2  # after the last stride that fits, a slip is over
    # Strides that the accelerometer alone shows are given out where no other is found: so long
    # after them, before the mounting is known and after.
    count_wait_s: float = 20.0
    count_measured_wait_s: float = 8.0
    doubtful_solves: int = 3  # how often a mounting of low quality is solved again
    history_s: float = 60.0  # raw samples kept until the mounting is known
    solve_s: float = 20.0  # the part of them the axis is taken from
    still_gyr_rad_s: float = 0.06  # standing still: spread of rate below this …
    still_acc_m_s2: float = 0.5  # … and of specific force below this
    still_s: float = 1.0
    # Working values, of pieces of the samples that count as still:
    still_window_s: float = 0.25  # their length: longer loses short stands, shorter sees less move
    still_mean_rad_s: float = 0.35  # a mean rate beyond this (20 °/s) is a slow turn and no bias
    still_off_g: float = 0.1  # size of specific force beside 1 g: room for a poor calibration
    # Up in stance, from the mean force of the moments that turn least. Working values: wider lets
    # swing and shock in, narrower leaves too little of a short run.
    stance_smooth_s: float = 0.05  # running mean of rate and force before that
    stance_least_turning: float = 0.15  # quantile of the rate
    stance_force_m_s2: tuple[float, float] = (6.0, 16.0)  # 0.6 to 1.6 g
    stance_least_s: float = 0.1  # of such moments in all
    # Further apart, the shoe was handled when it “stood”, and stance alone tells what is up
    # (working value: less loses the neutral of shoes that slope, more believes a hand).
    most_tilt_between_verticals_deg: float = 35.0
    axis_smooth_s: float = 0.1  # running mean of the rate, for what counts as moving
    # Share of rotation about one axis; 0.70 is good for angles (`mounting.GOOD_EXPLAINED`). Less is
    # no gait (working value: more refuses feet that turn out, less takes handling for gait).
    least_explained: float = 0.45
    brake_smooth_s: float = 0.03  # running mean of force along the foot, before its skewness
    # Direction of travel beside the axis: a foot that goes further to its side is none, and what
    # was taken for the axis is not it (working value).
    most_axis_heading_deg: float = 60.0
    least_way_m: float = 0.10  # from one mid-stance to the next; less is no step
    least_run_m_s: float = 1.0  # slower over the ground nobody runs; shaking 0.4–0.9
    least_strides: int = 3

    # A gyroscope that gives nothing.
    dead_gyroscope_s: float = 2.0  # of movement in which it stays at one value, or at none
    shaken_g: float = 0.5  # specific force so far from gravity is movement

    def record(self) -> np.void:
        """These parameters as a record for kernels."""
        return record_of(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmParameters:
    """The numbers of the steps that an accelerometer alone can tell."""

    run_stride_s: tuple[float, float]  # plausible gait, as in `Parameters`
    walk_stride_s: tuple[float, float]

    # The period of a stride.
    most_force_g: float = 4.0  # specific force is shortened to this before it is correlated
    least_motion_g: float = 0.3  # spread of specific force: less is standing (slow walking 0.5)
    shortest_period_s: float = 0.42  # a sprinter's stride; what repeats faster is shaking
    least_alike: float = 0.45  # one stride to the next; walking on real feet 0.65
    still_alike: float = 0.3  # … the last two, for steps to go on
    most_opposed: float = 0.7  # in between: gait down to −0.4, a thing that swings near −1
    first_peak_share: float = 0.8  # of the best: the first such peak is one stride, not two

    # The landing: the steepest fall of the length of specific force.
    landing_cycles: float = 2.2  # cut-off of its low-pass, cycles a stride
    least_cap_g: float = 3.0  # peaks above this …
    cap_share: float = 2.5  # … and above so many times the mean are cut: a knock against the sensor
    margin_share: float = 0.35  # of a stride, on either side, for the low-pass to settle
    search_share: float = 0.25  # of a stride, around where the next landing is expected
    look_back_share: float = 1.05  # of a stride, in which one landing lies for sure
    least_apart_share: float = 0.6  # of a stride: nearer to the last landing it is that one again
    backward_gain: float = 0.5  # of a fall in the usual one, while going back (working value)
    landing_share: float = 0.07  # of a stride by which contact lies before the fall (0.03–0.10)
    least_fall_g: float = 0.5  # fall times period: less is no landing (slow walking 2)
    least_fall_share: float = 0.4  # of the usual fall, and the usual one of it
    least_landings: int = 4  # in a row before anything is a step …
    # … and so sharp. Strides: 45–150 on real and simulated running, walking more; a hand that
    # shakes at 1–2.5 Hz 31–36, where it is not told by `most_opposed` already.
    least_sharpness: float = 42.0
    sharp_within_s: float = 0.020  # over which the change of force is taken, for that
    period_gain: float = 0.3  # of a new stride in the expected period
    longest_wait_s: float = 4.5  # after a landing, for steps to be found again

    # Running or walking, by how long specific force stays near gravity and by the stride. Slow
    # real running (2 m/s) 0.28 at 0.79 s, fast simulated walking (1.8 m/s) 0.32 at 0.92 s.
    quiet_lowpass_hz: float = 8.0
    quiet_margin_s: float = 0.1  # on either side, for that low-pass to settle: one over 8 Hz
    quiet_g: float = 0.2
    quiet_gain: float = 0.5
    walk_quiet_share: float = 0.30
    walk_quiet_scale: float = 0.06
    walk_period_s: float = 0.86
    walk_period_scale_s: float = 0.08

    def record(self) -> np.void:
        """These parameters as a record for kernels."""
        return record_of(self)


def record_of(parameters: "Parameters | RhythmParameters") -> np.void:
    """Scalar parameters as a record for kernels; a pair becomes `…_low` and `…_high`."""
    flat: dict[str, float] = {}
    for name, value in asdict(parameters).items():
        if isinstance(value, tuple):
            flat[f"{name}_low"], flat[f"{name}_high"] = value
        else:
            flat[name] = float(value)
    packed = np.zeros(1, dtype=[(name, np.float64) for name in flat])
    for name, value in flat.items():
        packed[name] = value
    return packed[0]
