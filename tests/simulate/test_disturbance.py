"""Each disturbance against what one would write down by hand, sample by sample."""

import math

import numpy as np
import pytest

from gait.model import Samples
from gait.simulate import disturbance as d
from gait.simulate.disturbance import DISTURBANCES

G = 9.80665
RATE_HZ = 200.0
N = 4000  # twenty seconds


def good(n: int = N, start_s: float = 7.0) -> Samples:
    rng = np.random.default_rng(5)
    time_s = start_s + np.arange(n) / RATE_HZ
    return Samples(time_s, rng.normal(0.0, 60.0, (n, 3)), rng.normal(0.0, 9.0, (n, 3)))


def draw(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


def rows(samples: Samples) -> list[tuple[float, ...]]:
    return [
        (float(t), *map(float, acc), *map(float, gyr))
        for t, acc, gyr in zip(samples.time_s, samples.acc, samples.gyr, strict=True)
    ]


def same(one: Samples, other: Samples) -> None:
    np.testing.assert_array_equal(one.time_s, other.time_s)
    np.testing.assert_array_equal(one.acc, other.acc)
    np.testing.assert_array_equal(one.gyr, other.gyr)
    np.testing.assert_array_equal(one.breaks, other.breaks)


def lost_of(before: Samples, after: Samples) -> list[list[int]]:
    """Runs of lost samples; what is left is as it was, with a break after each run."""
    whole, left = rows(before), rows(after)
    runs: list[list[int]] = []
    at = 0
    for i, row in enumerate(whole):
        if at < len(left) and row == left[at]:
            follows = bool(runs) and runs[-1][-1] == i - 1 and runs[-1][0] > 0
            assert bool(after.breaks[at]) == follows, i
            at += 1
        elif runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    assert at == len(left)
    return runs


def unchanged_but(before: Samples, after: Samples, *columns: str) -> None:
    for name in ("time_s", "acc", "gyr", "breaks"):
        if name not in columns:
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


@pytest.mark.parametrize("name", DISTURBANCES)
def test_each_of_the_table_repeats_itself_and_leaves_its_input_alone(name: str) -> None:
    kind = DISTURBANCES[name]
    texts = {kind.text(amount) for amount in kind.amounts}
    assert len(texts) == len(kind.amounts)
    for amount in kind.amounts:
        samples, untouched = good(), good()
        once, again = (kind.apply(samples, amount, draw()) for _ in range(2))
        same(samples, untouched)
        same(once, again)
        for column in (once.time_s, once.acc, once.gyr, once.breaks):
            for mine in (samples.time_s, samples.acc, samples.gyr, samples.breaks):
                assert not np.shares_memory(column, mine)
        assert not (
            np.array_equal(once.time_s, samples.time_s)
            and np.array_equal(once.acc, samples.acc)
            and np.array_equal(once.gyr, samples.gyr)
        )


@pytest.mark.parametrize("name", DISTURBANCES)
@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_samples_are_no_trouble(name: str, n: int) -> None:
    kind = DISTURBANCES[name]
    for amount in kind.amounts:
        assert len(kind.apply(good(n), amount, draw())) <= n


@pytest.mark.parametrize("share", [0.0, 0.01, 0.11])
def test_single_samples_lost(share: float) -> None:
    samples = good()
    lost = [i for run in lost_of(samples, d.lose_single(samples, share, draw())) for i in run]
    assert len(lost) == pytest.approx(share * N, abs=4.0 * math.sqrt(N * share) + 1e-9)


def test_breaks_that_were_there_stay() -> None:
    samples = good()
    samples.breaks[[100, 2000]] = True
    after = d.lose_single(samples, 0.05, draw())
    for i in (100, 2000):  # at it, or at the first that is left after it
        assert after.breaks[np.searchsorted(after.time_s, samples.time_s[i])]


@pytest.mark.parametrize(("share", "piece_s"), [(0.03, 0.03), (0.06, 0.06), (0.2, 0.1), (0.0, 1.0)])
def test_pieces_lost(share: float, piece_s: float) -> None:
    samples = good()
    runs = lost_of(samples, d.lose_pieces(samples, share, piece_s, draw()))
    each = piece_s * RATE_HZ
    lost = sum(map(len, runs))
    assert lost == pytest.approx(share * N, abs=each + len(runs))
    for run in runs:  # one piece, or some that touch
        assert abs(len(run) / each - max(round(len(run) / each), 1)) * each <= 1.0 + 1e-9


def test_all_of_it_can_be_lost_in_pieces() -> None:
    assert len(d.lose_pieces(good(), 1.0, 0.5, draw())) <= 0.5 * RATE_HZ + 1


def test_a_packet_in_each_second() -> None:
    samples = good()
    runs = lost_of(samples, d.lose_packets(samples, 0.1, draw()))
    seconds = [int((samples.time_s[run[0]] - samples.time_s[0]) // 1.0) for run in runs]
    assert seconds == list(range(19))  # the twentieth is not whole
    assert {len(run) for run in runs} <= {20, 21}
    within = [(samples.time_s[run[0]] - samples.time_s[0]) % 1.0 for run in runs]
    assert np.ptp(within) > 0.5  # not always at the same place


def test_jitter_moves_stamps_and_nothing_else() -> None:
    samples = good()
    after = d.jitter_stamps(samples, 0.002, draw())
    unchanged_but(samples, after, "time_s")
    assert (np.diff(after.time_s) > 0.0).all()
    naive = sorted(t + e for t, e in zip(samples.time_s, draw().normal(0, 0.002, N), strict=True))
    np.testing.assert_allclose(after.time_s, naive, rtol=0.0, atol=1e-12)


def test_repeated_stamps() -> None:
    samples = good()
    after = d.repeat_stamps(samples, 5.0, draw())
    unchanged_but(samples, after, "time_s")
    repeats = [i for i in range(1, N) if after.time_s[i] == after.time_s[i - 1]]
    assert len(repeats) == round(5.0 * (N - 1) / RATE_HZ)
    for i in range(N):
        assert after.time_s[i] == (after.time_s[i - 1] if i in repeats else samples.time_s[i])


def test_whole_milliseconds() -> None:
    samples = good()
    samples.time_s = samples.time_s + np.arange(N) / 7e5
    after = d.round_stamps(samples, 0.001)
    unchanged_but(samples, after, "time_s")
    for before, rounded in zip(samples.time_s, after.time_s, strict=True):
        assert rounded == pytest.approx(round(1e3 * before) / 1e3, abs=1e-9)


@pytest.mark.parametrize("times", [1, 2, 4])
def test_held(times: int) -> None:
    samples = good(n=401)
    both, gyroscope = d.hold_values(samples, times), d.hold_gyroscope(samples, times)
    unchanged_but(samples, both, "acc", "gyr")
    unchanged_but(samples, gyroscope, "gyr")
    for i in range(401):
        measured = i - i % times
        assert list(both.acc[i]) == list(samples.acc[measured])
        assert list(both.gyr[i]) == list(gyroscope.gyr[i]) == list(samples.gyr[measured])


def test_zeros_at_first() -> None:
    samples = good()
    after = d.zero_start(samples, 2.0)
    unchanged_but(samples, after, "acc", "gyr")
    assert not after.acc[:400].any()
    assert not after.gyr[:400].any()
    np.testing.assert_array_equal(after.acc[400:], samples.acc[400:])
    np.testing.assert_array_equal(after.gyr[400:], samples.gyr[400:])


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5])
def test_values_that_are_none(share: float) -> None:
    samples = good()
    blank, wild = d.blank_values(samples, share, draw()), d.spoil_values(samples, share, draw())
    for after in (blank, wild):
        unchanged_but(samples, after, "acc", "gyr")
        both = zip(rows(samples), rows(after), strict=True)
        other = [[i for i in range(7) if a[i] != b[i]] for a, b in both]
        assert {len(places) for places in other} <= {0, 1}
        places = [places[0] for places in other if places]
        assert len(places) == pytest.approx(share * N, abs=4.0 * math.sqrt(N * share) + 1e-9)
        assert not places or set(places) == {1, 2, 3, 4, 5, 6}
    values = np.hstack([blank.acc, blank.gyr])
    odd = values[~np.isfinite(values)]
    assert share == 0.0 or {str(v) for v in odd} == {"nan", "inf", "-inf"}
    assert np.isfinite(wild.acc).all()
    assert share == 0.0 or np.abs(wild.acc).max() > 200.0 * G  # no sensor has such a range
    assert share == 0.0 or np.abs(wild.gyr).max() > 100.0


def test_no_gyroscope_stays_none() -> None:
    samples = good()
    samples.gyr = np.full((N, 3), np.nan)
    for kind in (d.hold_gyroscope(samples, 2), d.clip_gyr(samples, 500.0), d.flip_gyr(samples)):
        assert np.isnan(kind.gyr).all()


def test_clipped_at_the_range() -> None:
    samples = good()
    acc, gyr = d.clip_acc(samples, 4.0), d.clip_gyr(samples, 500.0)
    unchanged_but(samples, acc, "acc")
    unchanged_but(samples, gyr, "gyr")
    for i in range(0, N, 17):
        for k in range(3):
            assert acc.acc[i, k] == min(max(samples.acc[i, k], -4.0 * G), 4.0 * G)
            end = math.radians(500.0)
            assert gyr.gyr[i, k] == pytest.approx(min(max(samples.gyr[i, k], -end), end))


def test_a_calibrated_sensor_ends_elsewhere_on_each_axis() -> None:
    samples = good()
    acc = d.clip_acc_calibrated(samples, 4.0, draw())
    gyr = d.clip_gyr_calibrated(samples, 500.0, draw())
    unchanged_but(samples, acc, "acc")
    unchanged_but(samples, gyr, "gyr")
    for before, after, end in (
        (samples.acc, acc.acc, 4.0 * G),
        (samples.gyr, gyr.gyr, math.radians(500.0)),
    ):
        tops, bottoms = after.max(axis=0), after.min(axis=0)
        assert len({*tops, *-bottoms}) == 6
        assert np.abs(np.array([*tops, *-bottoms]) / end - 1.0).max() <= 0.02
        for k in range(3):
            cut = (after[:, k] == tops[k]) | (after[:, k] == bottoms[k])
            np.testing.assert_array_equal(after[~cut, k], before[~cut, k])
            assert (before[after[:, k] == tops[k], k] >= tops[k]).all()
            assert (before[after[:, k] == bottoms[k], k] <= bottoms[k]).all()
            assert cut.sum() > 100


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_stuck_and_mirrored_axes(axis: int) -> None:
    samples = good()
    stuck, mirrored = d.stick_gyr_axis(samples, axis), d.mirror_axis(samples, axis)
    unchanged_but(samples, stuck, "gyr")
    unchanged_but(samples, mirrored, "acc", "gyr")
    for k in range(3):
        turned = -1.0 if k == axis else 1.0
        first = samples.gyr[0, k]
        np.testing.assert_array_equal(stuck.gyr[:, k], first if k == axis else samples.gyr[:, k])
        np.testing.assert_array_equal(mirrored.acc[:, k], turned * samples.acc[:, k])
        np.testing.assert_array_equal(mirrored.gyr[:, k], turned * samples.gyr[:, k])
    # no rotation does this: the triple product of three vectors turns its sign
    for before, after in ((samples.acc, mirrored.acc), (samples.gyr, mirrored.gyr)):
        assert np.linalg.det(after[:3]) == pytest.approx(-np.linalg.det(before[:3]))


def test_signs_turned() -> None:
    samples = good()
    acc, gyr = d.flip_acc(samples), d.flip_gyr(samples)
    unchanged_but(samples, acc, "acc")
    unchanged_but(samples, gyr, "gyr")
    np.testing.assert_array_equal(acc.acc + samples.acc, 0.0)
    np.testing.assert_array_equal(gyr.gyr + samples.gyr, 0.0)


def test_another_clock() -> None:
    samples = good()
    fast, later = d.scale_clock(samples, 500.0), d.shift_clock(samples, 1.78e9)
    unchanged_but(samples, fast, "time_s")
    unchanged_but(samples, later, "time_s")
    for i in (0, 1, 1000, N - 1):
        assert fast.time_s[i] == pytest.approx(7.0 + 1.0005 * i / RATE_HZ, abs=1e-9)
        assert later.time_s[i] == pytest.approx(1.78e9 + 7.0 + i / RATE_HZ, abs=1e-6)


def test_an_early_end() -> None:
    samples = good(n=4001)
    after = d.end_early(samples, 0.5)
    assert rows(after) == rows(samples)[:2001]
    assert not after.breaks.any()
