"""Whose steps a pod counts, from walking to sprinting, told by how far a step goes."""

import numpy as np
import pytest

from gait.model import Packet, Reading, SensorInfo, Side
from gait.pipeline import Pipeline, analyze_items, summarise
from gait.report.first_screen import what_was_run
from gait.sensors import running_pod
from gait.sensors.running_pod import LEAST_READINGS, WhichSteps

POD = SensorInfo(
    side=Side.LEFT, rate_hz=1.0, has_gyroscope=False, profile="running_pod", name="Stride 42"
)
# speed (m/s) and steps of both feet a minute. Walking: Sekiya and Nagasaki 1998, Gait Posture, the
# preferred walk ratio of about 0.0065 m/(steps/min). Running and sprinting: usual and extreme
# values of runners' own watches, and of elite sprinters (4.5 steps a second at 10 m/s).
PACES = {
    "slow walk": (0.7, 78),
    "walk": (1.4, 115),
    "fast walk": (2.0, 135),
    "slow jog": (1.9, 158),
    "jog": (2.5, 162),
    "jog of short steps": (2.4, 182),
    "run": (3.3, 172),
    "run of long steps": (4.0, 152),
    "race": (5.2, 186),
    "track": (6.5, 200),
    "sprint": (8.5, 248),
}


def told(speed_m_s: float, cadence: float, at_s: float = 0.0, running: bool = True) -> Reading:
    return Reading(host_s=at_s, cadence_spm=cadence, speed_m_s=speed_m_s, running=running)


def after(readings: list[Reading]) -> WhichSteps:
    which = WhichSteps()
    for reading in readings:
        which.add(reading)
    return which


@pytest.mark.parametrize("pace", PACES)
def test_both_kinds_of_pods_from_walking_to_sprint(pace: str) -> None:
    speed, spm = PACES[pace]
    both, one = after([told(speed, spm)] * 20), after([told(speed, spm / 2)] * 20)
    assert (both.factor, both.note) == (1.0, "")
    assert one.factor == 2.0
    assert f"a step would be {120 * speed / spm:.1f} m long" in one.note
    settled = one.settled(told(speed, spm / 2))
    assert (settled.cadence_spm, settled.doubled) == (spm, True)
    assert both.settled(told(speed, spm)) == told(speed, spm)


def test_a_pace_at_which_both_are_possible_stays_open() -> None:
    """1.5 m/s: 80 long steps of a march, or 160 short ones of a jog."""
    which = after([told(1.5, 80)] * 500)
    assert which.factor is None
    assert "cannot be told" in which.note
    assert which.settled(told(1.5, 80)).cadence_spm is None
    assert which.settled(told(0.0, 0)).cadence_spm == 0


@pytest.mark.parametrize("speed", [2.0, 3.0, 4.5])
def test_power_in_the_field_of_the_cadence_is_no_cadence(speed: float) -> None:
    """Stryd's option: a tenth of the watts, so 21 for 210 W."""
    assert after([told(speed, 80 * speed / 10)] * 200).factor is None


def test_too_few_readings_tell_nothing() -> None:
    assert after([told(3.0, 170)] * (LEAST_READINGS - 1)).factor is None
    assert after([told(3.0, 170)] * LEAST_READINGS).factor == 1.0
    assert after([told(0.0, 80)] * 99).factor is None  # no speed, and no foot it cannot be
    assert after([told(0.0, 170)] * 99).factor == 1.0  # twice as many nobody runs


@pytest.mark.parametrize("feet", [1, 2])
def test_one_rule_for_a_whole_run_whatever_its_parts_are_like(feet: int) -> None:
    """Intervals, and a speed that lags 4 s behind the cadence, as pods' do: single readings tell
    this and that, and once it is known it is not changed."""
    rng = np.random.default_rng(5)
    paces = [PACES[name] for name in ("walk", "jog", "sprint", "run", "slow walk", "race")]
    true = [paces[i // 40 % len(paces)] for i in range(1200)]
    speeds = np.convolve([speed for speed, _ in true], np.full(8, 1 / 8))[: len(true)]
    which, factors = WhichSteps(), []
    for (_, spm), speed in zip(true, speeds, strict=True):
        cadence = round(spm * rng.normal(1.0, 0.03) * feet / 2)
        which.add(told(float(speed), min(cadence, 255)))
        factors.append(which.factor)
    known = [factor for factor in factors if factor is not None]
    assert set(known) == {2.0 / feet}
    assert len(known) > 0.95 * len(factors)
    first = factors.index(known[0])
    assert None not in factors[first:]


def packets(readings: list[tuple[float, int]]) -> list[Packet]:
    def payload(speed: float, cadence: int) -> bytes:
        return bytes([4]) + round(speed * 256).to_bytes(2, "little") + bytes([cadence])

    uuid = running_pod.MEASUREMENT_UUID
    return [Packet(0, 1.0 + i, uuid, payload(*reading)) for i, reading in enumerate(readings)]


def test_a_pod_of_one_foot_is_doubled_everywhere_and_says_so() -> None:
    items = packets([(3.0, 84 + i % 3) for i in range(60)])
    summary = summarise(analyze_items([POD], items), source="test")
    cadence = summary.measures["both"]["cadence_spm"]
    assert cadence.value == pytest.approx(170.0, abs=0.5)
    assert "one foot, so its cadence was doubled" in (
        summary.measures["left"]["cadence_spm"].note or ""
    )
    assert any("steps of one foot (else" in note for note in summary.sensors[0].notes)
    assert summary.measures["left"]["speed_m_s"].value == pytest.approx(3.0, abs=0.01)
    live = Pipeline([POD])
    shown = []
    for item in items:
        live.feed([item])
        shown.append(live.told[Side.LEFT].cadence_spm)
    assert shown[: LEAST_READINGS - 1] == [None] * (LEAST_READINGS - 1)
    assert min(spm for spm in shown[LEAST_READINGS - 1 :] if spm is not None) == 168
    assert None not in shown[LEAST_READINGS - 1 :]
    assert live.finish().shoes[Side.LEFT].readings == live.shoes[0].readings


def test_where_it_cannot_be_told_no_cadence_is_given_and_the_rest_is() -> None:
    summary = summarise(analyze_items([POD], packets([(1.5, 80)] * 60)), source="test")
    cadence, speed = (summary.measures["left"][n] for n in ("cadence_spm", "speed_m_s"))
    assert cadence.value is None
    assert "one foot or of both" in (cadence.why_not or "")
    assert speed.value == pytest.approx(1.5, abs=0.01)
    assert summary.activity_s["running"] == pytest.approx(59.0)
    assert summary.distance.metres == pytest.approx(1.5 * 59)
    assert any("cannot be told from its speed" in note for note in summary.sensors[0].notes)
    done = what_was_run(summary)
    assert "0.09 km, 59 s," in done
    assert "one foot or of both" in done
