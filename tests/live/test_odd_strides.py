"""One odd stride moves no cue: not when it comes, not what it says, and it makes none.

When a cue is due is reckoned beside it from all strides so far, as the settings describe it:
medians of the last 16 strides of each foot, off the mark without a break for 5 s.
"""

import math
import random
import statistics

import pytest

from gait.live.cues import Cue, CueKind, CueMaker, CueSettings
from gait.measures.table import empty_strides
from gait.model import Activity, Side

STEP_S = 0.35
WINDOW, LEAST, HOLD_S = 16, 8, 5.0
USUAL = {"cadence_spm": 170.0, "contact_ms": 250.0, "impact_g": 10.0, "speed_m_s": 3.0}
FIRST_S = (16.0, 24.0)  # of running with each foot: what impact is held against
SETTINGS = CueSettings(cadence=(165.0, 175.0), baseline_s=FIRST_S)

# what changes at 40 s, the kind of the cue, and of which foot it is
CHANGES = {
    "too slow": ({"cadence_spm": 150.0}, CueKind.CADENCE_LOW, None),
    "too quick": ({"cadence_spm": 190.0}, CueKind.CADENCE_HIGH, None),
    "left longer": ({("left", "contact_ms"): 300.0}, CueKind.ASYMMETRY, Side.LEFT),
    "right longer": ({("right", "contact_ms"): 300.0}, CueKind.ASYMMETRY, Side.RIGHT),
    "left harder": ({("left", "impact_g"): 14.0}, CueKind.IMPACT, Side.LEFT),
    "right harder": ({("right", "impact_g"): 14.0}, CueKind.IMPACT, Side.RIGHT),
    "nothing": ({}, None, None),
}
CHANGED_S = 40.0
ODD = {
    "far too high": {"cadence_spm": 4000.0, "contact_ms": 9000.0, "impact_g": 900.0},
    "far too low": {"cadence_spm": 5.0, "contact_ms": 1.0, "impact_g": 0.01},
    "of another speed": {"speed_m_s": 30.0},
    "not measured": dict.fromkeys(USUAL, math.nan),
}

Strides = list[tuple[float, Side, dict[str, float]]]


def strides_of(change: str, seconds: float = 80.0) -> Strides:
    """Strides that are all alike, and all alike again from 40 s on; left and right in turn."""
    changed, _, _ = CHANGES[change]
    found: Strides = []
    for i in range(int(seconds / STEP_S)):
        at_s, side = i * STEP_S, (Side.LEFT, Side.RIGHT)[i % 2]
        values = dict(USUAL)
        if at_s < FIRST_S[0] - 2.0:  # warming up, which is not held against anything
            values["impact_g"] = 13.5
        if at_s >= CHANGED_S:
            for name in USUAL:
                values[name] = changed.get(name, changed.get((side.value, name), values[name]))
        found.append((at_s, side, values))
    return found


def told(strides: Strides) -> list[Cue]:
    maker = CueMaker(SETTINGS)
    cues: list[Cue] = []
    for at_s, side, values in strides:
        stride = empty_strides(1)
        stride["side"], stride["valid"] = side is Side.RIGHT, True
        stride["activity"], stride["stride_s"] = Activity.RUN, 2 * STEP_S
        for name, value in values.items():
            stride[name] = value
        cues += maker.push(stride, at_s)
    return cues


def middle(values: list[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return statistics.median(known) if len(known) >= LEAST else math.nan


def off_the_mark(so_far: Strides, kind: CueKind, side: Side | None) -> bool:
    """Whether that kind is off after these strides, from its description."""

    def last(name: str, foot: Side) -> float:
        return middle([v[name] for _, s, v in so_far if s is foot][-WINDOW:])

    if kind in (CueKind.CADENCE_LOW, CueKind.CADENCE_HIGH):
        known = [c for c in (last("cadence_spm", foot) for foot in Side) if math.isfinite(c)]
        mean = sum(known) / len(known) if known else math.nan
        return mean < 164.0 if kind is CueKind.CADENCE_LOW else mean > 176.0
    if kind is CueKind.ASYMMETRY:
        left, right = (last("contact_ms", foot) for foot in (Side.LEFT, Side.RIGHT))
        return abs(left - right) > 0.1 * (left + right) / 2
    assert side is not None
    mine = [v for _, s, v in so_far if s is side]
    run_s = [2 * STEP_S * (i + 1) for i in range(len(mine))]
    first = [v for v, t in zip(mine, run_s, strict=True) if FIRST_S[0] <= t < FIRST_S[1]]
    if not mine or run_s[-1] < FIRST_S[1]:
        return False
    speed, first_speed = last("speed_m_s", side), middle([v["speed_m_s"] for v in first])
    same_speed = abs(speed / first_speed - 1.0) <= 0.08
    return same_speed and last("impact_g", side) > 1.25 * middle([v["impact_g"] for v in first])


def due(strides: Strides, kind: CueKind, side: Side | None) -> float | None:
    """When the first cue of that kind must come."""
    since = None
    for i, (at_s, _, _) in enumerate(strides):
        if not off_the_mark(strides[: i + 1], kind, side):
            since = None
            continue
        since = at_s if since is None else since
        if at_s - since >= HOLD_S:
            return at_s
    return None


@pytest.mark.parametrize("seed", range(6))
def test_cadence_that_goes_to_and_fro_is_told_when_it_was_off_without_a_break(seed: int) -> None:
    """Blocks of any length, slow, well, quick or not measured, from the first stride on."""
    dice = random.Random(seed)
    strides: Strides = []
    while len(strides) < 300:
        cadence = dice.choice([150.0, 150.0, 170.0, 170.0, 190.0, math.nan])
        for _ in range(dice.randint(4, 40)):
            at_s, side = len(strides) * STEP_S, (Side.LEFT, Side.RIGHT)[len(strides) % 2]
            strides.append((at_s, side, USUAL | {"cadence_spm": cadence}))
    expected = [
        (at_s, kind)
        for kind in (CueKind.CADENCE_LOW, CueKind.CADENCE_HIGH)
        if (at_s := due(strides, kind, None)) is not None
    ]
    first = [(cue.session_s, cue.kind) for cue in told(strides)[:1]]
    assert first == sorted(expected)[:1]


def test_before_eight_strides_of_a_foot_nothing_is_known_of_it() -> None:
    """Too slow from the first stride on: the eighth of the left foot is the first that tells."""
    slow = [(at_s, side, v | {"cadence_spm": 150.0}) for at_s, side, v in strides_of("nothing")]
    first, *_ = told(slow)
    # a stride comes every 0.35 s, and the first that is 5 s or more after the eighth is due
    assert first.session_s == pytest.approx(7 * 2 * STEP_S + 15 * STEP_S)
    assert first.session_s == due(slow, CueKind.CADENCE_LOW, None)


def with_odd(strides: Strides, at: int, odd: str) -> Strides:
    at_s, side, values = strides[at]
    return [*strides[:at], (at_s, side, values | ODD[odd]), *strides[at + 1 :]]


# in the first minutes, before and at the change, while it is held, after it was said
PLACES = [0, 1, 30, 31, 57, 100, 113, 114, 115, 116, 122, 131, 140, 145, 146, 190, 191]


@pytest.mark.parametrize("change", CHANGES)
def test_a_cue_comes_when_it_is_due(change: str) -> None:
    strides = strides_of(change)
    _, kind, side = CHANGES[change]
    cues = told(strides)
    if kind is None:
        assert cues == []
        return
    assert [(cue.kind, cue.side) for cue in cues] == [(kind, side)]
    at_s = due(strides, kind, side)
    assert at_s is not None
    # of 16 strides of a foot, 0.7 s apart, the median has moved after 8 or 9
    assert CHANGED_S + 7 * 0.7 + HOLD_S <= at_s <= CHANGED_S + 10 * 0.7 + HOLD_S
    assert cues[0].session_s == at_s


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("change", CHANGES)
def test_one_odd_stride_moves_no_cue_by_more_than_itself(change: str, odd: str) -> None:
    strides = strides_of(change)
    _, kind, side = CHANGES[change]
    plain = told(strides)
    for at in PLACES:
        spoiled = with_odd(strides, at, odd)
        cues = told(spoiled)
        assert [(c.kind, c.side, c.text) for c in cues] == [
            (c.kind, c.side, c.text) for c in plain
        ], at
        if kind is not None:
            assert cues[0].session_s == due(spoiled, kind, side), at
            # the median of a foot has to wait for one stride more, or one less
            assert abs(cues[0].session_s - plain[0].session_s) <= 2 * STEP_S + 1e-9, at


@pytest.mark.parametrize("odd", ["far too high", "far too low"])
def test_an_odd_stride_now_and_then_makes_no_cue(odd: str) -> None:
    """Every eleventh, so of both feet in turn: at most two of 16 strides."""
    strides = strides_of("nothing")
    for at in range(0, len(strides), 11):
        strides = with_odd(strides, at, odd)
    assert told(strides) == []


@pytest.mark.parametrize("what", ["not valid", "walked"])
def test_strides_that_do_not_count_move_nothing(what: str) -> None:
    """Between any two that count, one that does not, of either foot."""
    maker, cues = CueMaker(SETTINGS), []
    for i, (at_s, side, values) in enumerate(strides_of("too slow")):
        stride = empty_strides(2)
        stride["side"] = [side is Side.RIGHT, i % 4 < 2]
        stride["valid"] = [True, what != "not valid"]
        stride["activity"] = [Activity.RUN, Activity.WALK if what == "walked" else Activity.RUN]
        stride["stride_s"] = 2 * STEP_S
        for name, value in values.items():
            stride[name] = [value, 7.0]
        cues += maker.push(stride, at_s)
    assert cues == told(strides_of("too slow"))
