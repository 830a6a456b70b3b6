"""What happens to good samples in life: lost, late, repeated, held, clipped, turned, told wrong.

    rng = np.random.default_rng(1)
    worse = lose_single(samples, 0.01, rng)

    for name, kind in DISTURBANCES.items():
        for amount in kind.amounts:
            worse = kind.apply(samples, amount, np.random.default_rng(1))
            print(name, kind.text(amount))

Every function returns new samples and leaves its input alone. What is drawn comes from the
generator alone, so the same seed spoils the same samples. `breaks` says what a receiver that counts
packets would know; a table of times and values does not hold it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gait.model import Samples
from gait.model.arrays import Floats
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2

# Beyond what any sensor for shoes can say: 200 g, and 57 000 deg/s.
IMPOSSIBLE_ACC_M_S2 = 2000.0
IMPOSSIBLE_GYR_RAD_S = 1000.0

# How far a factory calibration moves the ends of an axis, as shares of the range. Shoe sensors set
# to ±500 deg/s were seen to end at 505.6, 506.9 and 507.3.
CALIBRATED_GAIN = 0.015
CALIBRATED_OFFSET = 0.005


def lose_single(samples: Samples, share: float, rng: Generator) -> Samples:
    """Single samples are lost, each by itself.

    Parameters
    ----------
    samples : (n,) of one foot
    share : 0 to 1, how likely each is lost
    rng : draws which

    Returns
    -------
    (m,) samples, m ≤ n, with a break before each that follows a lost one.
    """
    return _kept(samples, rng.random(len(samples)) >= share)


def lose_pieces(samples: Samples, share: float, piece_s: float, rng: Generator) -> Samples:
    """Pieces of time are lost, none of which overlap.

    Parameters
    ----------
    samples : (n,) of one foot
    share : 0 to 1, of the time that is lost, to the nearest whole piece
    piece_s : how long each piece is, seconds
    rng : draws where they are; every place is equally likely

    Returns
    -------
    (m,) samples, m ≤ n, with a break after each piece.
    """
    if not len(samples):
        return _kept(samples, np.ones(0, dtype=np.bool_))
    since_s = samples.time_s - samples.time_s[0]
    lasts_s = float(since_s[-1])
    count = min(round(share * lasts_s / piece_s), int(lasts_s / piece_s))
    free_s = np.sort(rng.uniform(0.0, lasts_s - count * piece_s, count))
    return _without(samples, free_s + piece_s * np.arange(count), piece_s)


def lose_packets(samples: Samples, packet_s: float, rng: Generator) -> Samples:
    """One packet is lost in each second, anywhere in it.

    Parameters
    ----------
    samples : (n,) of one foot
    packet_s : seconds of samples that a packet holds, at most 1
    rng : draws where in its second each packet begins

    Returns
    -------
    (m,) samples, m ≤ n, with a break after each packet.
    """
    if not len(samples):
        return _kept(samples, np.ones(0, dtype=np.bool_))
    seconds = int(samples.time_s[-1] - samples.time_s[0])
    begins_s = np.arange(seconds) + rng.uniform(0.0, 1.0 - packet_s, seconds)
    return _without(samples, begins_s, packet_s)


def jitter_stamps(samples: Samples, sd_s: float, rng: Generator) -> Samples:
    """Times are stamped sooner or later than the samples were taken; no sample is missing.

    Parameters
    ----------
    samples : (n,) of one foot
    sd_s : standard deviation of the stamps, seconds
    rng : draws them

    Returns
    -------
    (n,) samples in their order. Stamps that overtake one another are put in order, as a clock that
    is read never goes back.
    """
    jittered = np.sort(samples.time_s + rng.normal(0.0, sd_s, len(samples)))
    return _changed(samples, time_s=jittered)


def repeat_stamps(samples: Samples, per_s: float, rng: Generator) -> Samples:
    """Some samples bear the time of the one before; their values are their own.

    Parameters
    ----------
    samples : (n,) of one foot
    per_s : how many in a second, on average
    rng : draws which; never the first

    Returns
    -------
    (n,) samples, whose times no longer rise everywhere.
    """
    if len(samples) < 2:
        return _changed(samples)
    count = min(round(per_s * float(samples.time_s[-1] - samples.time_s[0])), len(samples) - 1)
    repeats = np.zeros(len(samples), dtype=np.bool_)
    repeats[1 + rng.choice(len(samples) - 1, count, replace=False)] = True
    own = np.where(repeats, 0, np.arange(len(samples)))
    return _changed(samples, time_s=samples.time_s[np.maximum.accumulate(own)])


def round_stamps(samples: Samples, to_s: float) -> Samples:
    """Times are written in whole steps of `to_s` seconds."""
    return _changed(samples, time_s=np.rint(samples.time_s / to_s) * to_s)


def hold_values(samples: Samples, times: int) -> Samples:
    """Every `times`-th sample is measured, and sent so often: 100 Hz held to 200 is `times` 2."""
    held = _held(len(samples), times)
    return _changed(samples, acc=samples.acc[held], gyr=samples.gyr[held])


def hold_gyroscope(samples: Samples, times: int) -> Samples:
    """A gyroscope `times` slower than the accelerometer, its values held in between."""
    return _changed(samples, gyr=samples.gyr[_held(len(samples), times)])


def zero_start(samples: Samples, seconds: float) -> Samples:
    """All axes read zero for the first `seconds`, as from a sensor that is still waking up."""
    asleep = _since_start(samples) < seconds
    return _changed(
        samples,
        acc=np.where(asleep[:, None], 0.0, samples.acc),
        gyr=np.where(asleep[:, None], 0.0, samples.gyr),
    )


def blank_values(samples: Samples, share: float, rng: Generator) -> Samples:
    """Some values are no numbers, or infinite.

    Parameters
    ----------
    samples : (n,) of one foot
    share : 0 to 1, of samples with one such axis, of the six
    rng : draws which samples, axes and values (NaN, ∞, −∞)
    """
    return _with_wild(samples, share, np.array([[np.nan, np.inf, -np.inf]] * 2), rng)


def spoil_values(samples: Samples, share: float, rng: Generator) -> Samples:
    """Some values are such as no foot and no sensor reaches.

    Parameters
    ----------
    samples : (n,) of one foot
    share : 0 to 1, of samples with one such axis, of the six
    rng : draws which samples, axes and signs
    """
    ends = np.array([[IMPOSSIBLE_ACC_M_S2], [IMPOSSIBLE_GYR_RAD_S]])
    return _with_wild(samples, share, ends * (1.0, -1.0), rng)


def clip_acc(samples: Samples, range_g: float) -> Samples:
    """An accelerometer of ±`range_g` (g): beyond it every axis stays at its end."""
    end = range_g * STANDARD_GRAVITY_M_S2
    return _changed(samples, acc=np.clip(samples.acc, -end, end))


def clip_gyr(samples: Samples, range_dps: float) -> Samples:
    """A gyroscope of ±`range_dps` (deg/s): beyond it every axis stays at its end."""
    end = range_dps * RAD_PER_DEG
    return _changed(samples, gyr=np.clip(samples.gyr, -end, end))


def clip_acc_calibrated(samples: Samples, range_g: float, rng: Generator) -> Samples:
    """As `clip_acc`, of a sensor whose calibration moved the ends, of each axis otherwise.

    Parameters
    ----------
    samples : (n,) of one foot
    range_g : the nominal range, ± g
    rng : draws gains and offsets, at most `CALIBRATED_GAIN` and `CALIBRATED_OFFSET` of the range
    """
    low, high = _calibrated_ends(range_g * STANDARD_GRAVITY_M_S2, rng)
    return _changed(samples, acc=np.clip(samples.acc, low, high))


def clip_gyr_calibrated(samples: Samples, range_dps: float, rng: Generator) -> Samples:
    """As `clip_gyr`, of a sensor whose calibration moved the ends, of each axis otherwise.

    Parameters
    ----------
    samples : (n,) of one foot
    range_dps : the nominal range, ± deg/s
    rng : draws gains and offsets, at most `CALIBRATED_GAIN` and `CALIBRATED_OFFSET` of the range
    """
    low, high = _calibrated_ends(range_dps * RAD_PER_DEG, rng)
    return _changed(samples, gyr=np.clip(samples.gyr, low, high))


def stick_gyr_axis(samples: Samples, axis: int) -> Samples:
    """One axis of the gyroscope (0 to 2) keeps its first value."""
    gyr = samples.gyr.copy()
    gyr[:, axis] = gyr[:1, axis]
    return _changed(samples, gyr=gyr)


def flip_acc(samples: Samples) -> Samples:
    """Acceleration with the other sign: at rest −g upwards, as some tables have it."""
    return _changed(samples, acc=-samples.acc)


def flip_gyr(samples: Samples) -> Samples:
    """Angular rate with the other sign: turns counted clockwise."""
    return _changed(samples, gyr=-samples.gyr)


def mirror_axis(samples: Samples, axis: int) -> Samples:
    """Left-handed axes: one of them (0 to 2) points the other way for both sensors.

    This is no mounting, and not the other foot either: in a mirror, turns go the other way round.
    """
    sign = np.ones(3)
    sign[axis] = -1.0
    return _changed(samples, acc=samples.acc * sign, gyr=samples.gyr * sign)


def scale_clock(samples: Samples, ppm: float) -> Samples:
    """A clock that runs fast by `ppm` millionths, right at the first sample."""
    start_s = samples.time_s[:1]
    return _changed(samples, time_s=start_s + _since_start(samples) * (1.0 + 1e-6 * ppm))


def shift_clock(samples: Samples, seconds: float) -> Samples:
    """Times counted from another moment, such as seconds since 1970."""
    return _changed(samples, time_s=samples.time_s + seconds)


def end_early(samples: Samples, share: float) -> Samples:
    """The recording ends after this share (0 to 1) of its time."""
    since_s = _since_start(samples)
    lasts_s = since_s[-1] if len(samples) else 0.0
    return _kept(samples, since_s <= share * lasts_s)


@dataclass(frozen=True, slots=True)
class Disturbance:
    """One kind of trouble.

    apply   : (samples, amount, generator) → disturbed samples
    amounts : from little to much, in the unit of `apply`
    text    : an amount in words
    """

    apply: Callable[[Samples, float, Generator], Samples]
    amounts: tuple[float, ...]
    text: Callable[[float], str]


def _pieces(piece_ms: float) -> Disturbance:
    return Disturbance(
        lambda s, share, rng: lose_pieces(s, share, 1e-3 * piece_ms, rng),
        (0.01, 0.03, 0.06),
        lambda share: f"{100 * share:g} % of time lost, {piece_ms:g} ms at once",
    )


_AXES = "xyz"

# Named as what is done to the samples, in the order in which they are shown.
DISTURBANCES: dict[str, Disturbance] = {
    "lose_single": Disturbance(
        lose_single,
        (0.002, 0.01, 0.05, 0.11),
        lambda share: f"{100 * share:g} % of single samples lost",
    ),
    "lose_pieces_30ms": _pieces(30.0),
    "lose_pieces_60ms": _pieces(60.0),
    "lose_packets": Disturbance(
        lose_packets,
        (0.02, 0.05, 0.1),
        lambda packet_s: f"{1e3 * packet_s:g} ms lost in each second",
    ),
    "jitter_stamps": Disturbance(
        jitter_stamps, (0.0005, 0.002, 0.005), lambda sd_s: f"stamps jitter by {1e3 * sd_s:g} ms"
    ),
    "repeat_stamps": Disturbance(
        repeat_stamps, (0.2, 1.0, 5.0), lambda per_s: f"stamps repeated, {per_s:g} a second"
    ),
    "round_stamps": Disturbance(
        lambda s, to_s, _: round_stamps(s, to_s),
        (0.001,),
        lambda to_s: f"stamps in whole {1e3 * to_s:g} ms",
    ),
    "hold_values": Disturbance(
        lambda s, times, _: hold_values(s, int(times)),
        (2.0, 4.0),
        lambda times: f"each value sent {times:g} times",
    ),
    "hold_gyroscope": Disturbance(
        lambda s, times, _: hold_gyroscope(s, int(times)),
        (2.0, 4.0),
        lambda times: f"gyroscope at 1/{times:g} of the rate",
    ),
    "zero_start": Disturbance(
        lambda s, seconds, _: zero_start(s, seconds),
        (0.5, 2.0),
        lambda seconds: f"zeros in the first {seconds:g} s",
    ),
    "blank_values": Disturbance(
        blank_values, (0.001, 0.01), lambda share: f"{100 * share:g} % not a number"
    ),
    "spoil_values": Disturbance(
        spoil_values, (0.001, 0.01), lambda share: f"{100 * share:g} % impossible values"
    ),
    "clip_acc": Disturbance(
        lambda s, range_g, _: clip_acc(s, range_g),
        (8.0, 4.0, 2.0),
        lambda range_g: f"accelerometer ±{range_g:g} g",
    ),
    "clip_acc_calibrated": Disturbance(
        clip_acc_calibrated,
        (4.0, 2.0),
        lambda range_g: f"accelerometer ±{range_g:g} g, calibrated",
    ),
    "clip_gyr": Disturbance(
        lambda s, range_dps, _: clip_gyr(s, range_dps),
        (1000.0, 500.0, 250.0),
        lambda range_dps: f"gyroscope ±{range_dps:g}°/s",
    ),
    "clip_gyr_calibrated": Disturbance(
        clip_gyr_calibrated,
        (500.0, 250.0),
        lambda range_dps: f"gyroscope ±{range_dps:g}°/s, calibrated",
    ),
    "stick_gyr_axis": Disturbance(
        lambda s, axis, _: stick_gyr_axis(s, int(axis)),
        (0.0, 1.0, 2.0),
        lambda axis: f"gyroscope's {_AXES[int(axis)]} stuck",
    ),
    "flip_acc": Disturbance(
        lambda s, _, __: flip_acc(s), (1.0,), lambda _: "acceleration's sign turned"
    ),
    "flip_gyr": Disturbance(
        lambda s, _, __: flip_gyr(s), (1.0,), lambda _: "gyroscope's sign turned"
    ),
    "mirror_axis": Disturbance(
        lambda s, axis, _: mirror_axis(s, int(axis)),
        (0.0, 1.0, 2.0),
        lambda axis: f"left-handed axes, {_AXES[int(axis)]} turned",
    ),
    "scale_clock": Disturbance(
        lambda s, ppm, _: scale_clock(s, ppm),
        (50.0, 500.0, -5000.0),
        lambda ppm: f"clock {ppm:+g} ppm".replace("-", "−"),
    ),
    "shift_clock": Disturbance(
        lambda s, seconds, _: shift_clock(s, seconds),
        (3600.0, 1.78e9),
        lambda seconds: f"times {seconds:,.0f} s later".replace(",", " "),
    ),
    "end_early": Disturbance(
        lambda s, share, _: end_early(s, share),
        (0.5,),
        lambda share: f"ends after {100 * share:g} %",
    ),
}


def _changed(
    samples: Samples,
    *,
    time_s: Floats | None = None,
    acc: Floats | None = None,
    gyr: Floats | None = None,
) -> Samples:
    """The same samples with other columns; what stays is copied."""
    return Samples(
        (samples.time_s if time_s is None else time_s).copy(),
        (samples.acc if acc is None else acc).copy(),
        (samples.gyr if gyr is None else gyr).copy(),
        samples.breaks.copy(),
    )


def _kept(samples: Samples, kept: NDArray[np.bool_]) -> Samples:
    """Those samples alone, with a break where some are missing in between."""
    index = np.flatnonzero(kept)
    missing_before = np.diff(index, prepend=index[:1]) > 1
    return Samples(
        samples.time_s[index],
        samples.acc[index],
        samples.gyr[index],
        samples.breaks[index] | missing_before,
    )


def _without(samples: Samples, begins_s: Floats, lasts_s: float) -> Samples:
    """Without spans of time; `begins_s` (k,) rise, from the first sample on."""
    since_s = _since_start(samples)
    span = np.searchsorted(begins_s, since_s, side="right") - 1
    inside = (span >= 0) & (since_s < begins_s[span] + lasts_s) if len(begins_s) else span >= 0
    return _kept(samples, ~inside)


def _since_start(samples: Samples) -> Floats:
    """(n,) seconds since the first sample."""
    return samples.time_s - samples.time_s[:1]


def _held(n: int, times: int) -> NDArray[np.int64]:
    """(n,) index of the sample that was measured last."""
    return np.arange(n) // times * times


def _with_wild(samples: Samples, share: float, values: Floats, rng: Generator) -> Samples:
    """One axis of some samples replaced; `values` (2, k) to draw from for acc and for gyr."""
    rows = np.flatnonzero(rng.random(len(samples)) < share)
    axes = rng.integers(6, size=len(rows))
    wild = values[axes // 3, rng.integers(values.shape[1], size=len(rows))]
    both = np.hstack([samples.acc, samples.gyr])
    both[rows, axes] = wild
    return _changed(samples, acc=both[:, :3], gyr=both[:, 3:])


def _calibrated_ends(end: float, rng: Generator) -> tuple[Floats, Floats]:
    """(3,) lowest and (3,) highest values of axes whose nominal end is ±`end`."""
    gain = end * (1.0 + rng.uniform(-CALIBRATED_GAIN, CALIBRATED_GAIN, 3))
    offset = end * rng.uniform(-CALIBRATED_OFFSET, CALIBRATED_OFFSET, 3)
    return offset - gain, offset + gain
