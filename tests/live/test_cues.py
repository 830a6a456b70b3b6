"""Cues: said when something is off for a while, not for noise, and not over and over."""

import asyncio
import io

import numpy as np
import pytest
from shoes_on_air import noise, sensor

from gait.ble import ShoeStream, scan
from gait.live.cues import Cue, CueKind, CueMaker, CueSettings, HapticCues, parse_cadence
from gait.live.recorder import Recorder
from gait.live.terminal import PlainView
from gait.measures.table import empty_strides
from gait.model import Activity, Mark, Packet, SensorInfo, Side, UsageError
from gait.recording import SessionWriter, open_session
from gait.sensors.shoegait_control import Signal
from gait.virtual import VirtualAir, VirtualShoe


def run(maker: CueMaker, seconds, *, start_s=0.0, feet=(Side.LEFT, Side.RIGHT), seed=1, **values):
    """Strides of both feet for so long; a value may depend on side and time. What was said."""
    random = np.random.default_rng(seed)
    cues: list[Cue] = []
    for t in np.arange(start_s, start_s + seconds, 0.35):
        side = feet[round(t / 0.35) % len(feet)]
        stride = empty_strides(1)
        stride["side"] = side is Side.RIGHT
        stride["valid"] = values.get("valid", True)
        stride["activity"] = values.get("activity", Activity.RUN)
        stride["stride_s"] = 0.7
        typical = {"cadence_spm": 170.0, "contact_ms": 250.0, "impact_g": 10.0, "speed_m_s": 3.0}
        for name, value in (typical | values).items():
            if name in typical:
                now = value(side, t) if callable(value) else value
                stride[name] = now * (1 + values.get("noise", 0.0) * random.normal())
        cues += maker.push(stride, float(t))
    return cues


def kinds(cues):
    return [cue.kind for cue in cues]


@pytest.mark.parametrize("seed", range(5))
def test_noise_makes_no_cues(seed):
    maker = CueMaker(CueSettings(cadence=(165.0, 175.0)))
    assert run(maker, 3600.0, seed=seed, noise=0.05) == []


def test_cadence_below_and_above_the_band():
    low = run(CueMaker(CueSettings(cadence=(172.0, 180.0))), 60.0)
    assert kinds(low)[0] is CueKind.CADENCE_LOW
    assert "cadence 170, your band is 172–180" in low[0].text
    assert "quicker" in low[0].text
    assert 5.0 <= low[0].session_s <= 15.0
    high = run(CueMaker(CueSettings(cadence=(150.0, 160.0))), 60.0)
    assert kinds(high)[0] is CueKind.CADENCE_HIGH
    assert run(CueMaker(CueSettings(cadence=(160.0, 180.0))), 600.0) == []
    assert run(CueMaker(), 600.0, cadence_spm=120.0) == []  # no band, no word on cadence


def test_one_foot_alone_tells_cadence():
    cues = run(CueMaker(CueSettings(cadence=(172.0, 180.0))), 60.0, feet=(Side.RIGHT,))
    assert kinds(cues)[0] is CueKind.CADENCE_LOW


def test_what_goes_on_is_said_again_only_after_a_while():
    cues = run(CueMaker(CueSettings(cadence=(180.0, 190.0))), 600.0)
    assert 8 <= len(cues) <= 10
    assert np.diff([cue.session_s for cue in cues]).min() >= 60.0


def test_at_the_edge_hysteresis_keeps_it_quiet():
    def wavering(_, t):
        return 165.0 + 0.8 * np.sin(t / 3.0)  # to and fro over the edge, within the margin

    assert run(CueMaker(CueSettings(cadence=(165.0, 175.0))), 900.0, cadence_spm=wavering) == []

    def dips(_, t):
        return 160.0 if t % 20.0 < 3.0 else 170.0  # too short to count

    assert run(CueMaker(CueSettings(cadence=(165.0, 175.0))), 900.0, cadence_spm=dips) == []


def test_asymmetry_of_contact_says_which_foot():
    def uneven(side, _):
        return 270.0 if side is Side.RIGHT else 235.0

    cues = run(CueMaker(), 40.0, contact_ms=uneven, noise=0.02)
    assert kinds(cues) == [CueKind.ASYMMETRY]
    assert cues[0].side is Side.RIGHT
    assert cues[0].text.startswith("the right foot is 1")
    assert run(CueMaker(), 400.0, contact_ms=uneven, feet=(Side.RIGHT,)) == []

    def slightly(side, _):
        return 262.0 if side is Side.RIGHT else 250.0

    assert run(CueMaker(), 400.0, contact_ms=slightly) == []


def test_impact_is_held_against_the_first_minutes_of_the_same_foot():
    def harder(side, t):
        return 14.0 if t > 400.0 and side is Side.LEFT else 10.0

    cues = run(CueMaker(), 500.0, impact_g=harder, noise=0.02)
    assert set(kinds(cues)) == {CueKind.IMPACT}
    assert cues[0].side is Side.LEFT
    assert 400.0 < cues[0].session_s < 425.0
    assert "40 % above your first minutes" in run(CueMaker(), 450.0, impact_g=harder)[0].text
    assert run(CueMaker(), 250.0, impact_g=lambda _, t: 10.0 + t / 50) == []  # no baseline yet


def test_faster_running_is_no_impact_cue():
    cues = run(
        CueMaker(),
        600.0,
        impact_g=lambda _, t: 14.0 if t > 400.0 else 10.0,
        speed_m_s=lambda _, t: 3.8 if t > 400.0 else 3.0,
    )
    assert cues == []
    unknown = run(
        CueMaker(), 450.0, impact_g=lambda _, t: 14.0 if t > 400.0 else 10.0, speed_m_s=np.nan
    )
    assert kinds(unknown)[0] is CueKind.IMPACT  # a speed that is not known hides nothing


def test_two_things_at_once_are_said_one_after_the_other():
    cues = run(
        CueMaker(CueSettings(cadence=(180.0, 190.0))),
        120.0,
        contact_ms=lambda side, _: 280.0 if side is Side.LEFT else 230.0,
    )
    assert set(kinds(cues)[:2]) == {CueKind.CADENCE_LOW, CueKind.ASYMMETRY}
    assert np.diff([cue.session_s for cue in cues]).min() >= 20.0


def test_walking_left_out_and_unknown_strides_say_nothing():
    settings = CueSettings(cadence=(180.0, 190.0))
    assert run(CueMaker(settings), 300.0, activity=Activity.WALK, cadence_spm=110.0) == []
    assert run(CueMaker(settings), 300.0, valid=False) == []
    assert run(CueMaker(settings), 300.0, cadence_spm=np.nan, contact_ms=np.nan) == []
    maker = CueMaker(settings)
    run(maker, 30.0)
    assert [maker.push(empty_strides(0), t) for t in np.arange(40.0, 400.0)] == [[]] * 360


def test_cadence_is_written_as_a_band_or_a_target():
    assert parse_cadence("165-175") == (165.0, 175.0)
    assert parse_cadence("165–175") == (165.0, 175.0)
    assert parse_cadence("170") == pytest.approx((164.9, 175.1))
    for wrong in ("", "fast", "175-165", "20-30", "160-170-180", "-170", "nan"):
        with pytest.raises(UsageError, match="LOW-HIGH"):
            parse_cadence(wrong)


def test_a_cue_is_shown_kept_as_a_mark_and_handed_on(tmp_path):
    out = io.StringIO()
    cue = Cue(5.0, CueKind.ASYMMETRY, "the left foot is slower", Side.LEFT)

    class Says:
        def push(self, strides, now_s):
            return [cue]

    handed: list[Cue] = []
    info = SensorInfo(side=Side.LEFT, rate_hz=400)
    path = tmp_path / "run.gait"
    with (
        SessionWriter(path, started_at="2026-01-01T10:00:00Z", software="t") as writer,
        PlainView([info], file=out) as view,
    ):
        Recorder([info], writer, view, Says(), handed.append).take([], 5.0)
    assert handed == [cue]
    assert list(open_session(path).items()) == [Mark(5.0, "cue: the left foot is slower")]
    assert "cue: the left foot is slower" in out.getvalue()


def test_without_a_terminal_a_cue_is_a_line_and_no_bell():
    out = io.StringIO()
    with PlainView([SensorInfo(side=Side.LEFT, rate_hz=400)], file=out) as view:
        view.on_status(3.0)
        view.on_cue("quicker steps")
    assert out.getvalue().splitlines()[0] == "00:03 cue: quicker steps"
    assert "\a" not in out.getvalue()


@pytest.mark.parametrize("vibrates", [True, False])
async def test_the_shoe_that_a_cue_is_about_vibrates_and_goes_on_streaming(vibrates):
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(4000), vibrates=vibrates) as left,
        VirtualShoe(air, sensor(Side.RIGHT), noise(4000), vibrates=vibrates) as right,
    ):
        found = await scan(5, air.radio, enough=2)
        async with ShoeStream(found, radio=air.radio, clock=air.clock) as stream:
            nudges = HapticCues(stream)
            nudges(Cue(1.0, CueKind.IMPACT, "softer", Side.LEFT))
            nudges(Cue(1.0, CueKind.CADENCE_LOW, "quicker"))
            await asyncio.gather(*nudges._going)
            seen = 0
            async for item in stream:
                seen += isinstance(item, Packet)
                if seen > 20:
                    break
    if vibrates:
        assert left.identified == [Signal.VIBRATE] * 2
        assert right.identified == [Signal.VIBRATE]
    else:
        assert left.identified == right.identified == []
