"""What notifications that never arrive do to the figures, for every kind of sensor.

The emulated sensors' own notifications, lost on the way as they come: one by one, or for a second
at once. They arrive in bunches, at the events of a link every 30 ms.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from peripherals import Dot, Movesense, Peripheral, VeritySense, WitMotion, simulated
from peripherals.base import true_cadence

from gait.model import Packet, Samples, SensorInfo, Side, Summary
from gait.pipeline import Pipeline, summarise
from gait.virtual import VirtualAir

SECONDS = 40.0
LONG_SECONDS = 170.0  # for a loss so rare that the shorter run would have none, and variability
INTERVAL_S = 0.03
KINDS: dict[str, tuple[Callable[[VirtualAir, Samples], Peripheral], float]] = {
    "movesense": (Movesense, 208.0),
    "movella_dot": (Dot, 60.0),
    "witmotion": (WitMotion, 200.0),
    "polar": (VeritySense, 208.0),
}
CONTACT_MS = 279.0  # true, of that simulation
BURSTS = -1.0  # a second in every fifteen
RARE = 0.001


@cache
def notifications(kind: str, seconds: float) -> tuple[tuple[float, str, bytes], ...]:
    """When each was taken, from where, and its bytes."""
    made, rate_hz = KINDS[kind]
    sensor = made(VirtualAir(speed=None), simulated(rate_hz, seconds))
    return tuple(
        (at_s, uuid_of(characteristic), payload)
        for at_s, characteristic, payload in sensor.packets()
    )


def uuid_of(characteristic) -> str:
    short = characteristic.uuid.to_hex_str("-").lower()
    return short if len(short) > 8 else f"0000{short}-0000-1000-8000-00805f9b34fb"


def arrived(kind: str, share: float, seconds: float) -> tuple[list[Packet], float]:
    """Those that arrive, and the true share of time that does not."""
    rng = np.random.default_rng(14)
    packets, lost, host_s = [], 0, 0.0
    sent = notifications(kind, seconds)
    few = max(1, round(RARE * len(sent)))
    rare = set(np.random.default_rng(15).choice(len(sent), few, replace=False).tolist())
    for i, (at_s, uuid, payload) in enumerate(sent):
        event_s = np.ceil(at_s / INTERVAL_S) * INTERVAL_S + rng.uniform(0.001, 0.006)
        host_s = max(host_s, float(event_s))
        gone = at_s % 15.0 > 14.0 if share == BURSTS else rng.random() < share
        gone = i in rare if share == RARE else gone
        lost += gone
        if not gone:
            packets.append(Packet(0, host_s, uuid, payload))
    return packets, lost / len(sent)


# A packet of theirs spans two notifications or kinds of signal: either one lost, it is no sample.
SPANS = {"movesense": 2, "polar": 2}


def analysed(kind: str, share: float, seconds: float) -> tuple[Summary, float | None, float]:
    """Its summary, the share that the view shows in the end, %, and the true one."""
    info = SensorInfo(
        side=Side.LEFT,
        rate_hz=KINDS[kind][1],
        acc_range_g=16.0,
        gyr_range_dps=2000.0,
        profile=kind,
    )
    packets, lost = arrived(kind, share, seconds)
    pipeline = Pipeline([info])
    for first in range(0, len(packets), 50):
        pipeline.feed(packets[first : first + 50])
    live_pct = pipeline.lost_pct[0]
    return summarise(pipeline.finish(), source="recorded"), live_pct, lost


@pytest.mark.parametrize("share", [0.0, RARE, 0.01, 0.03, 0.1, BURSTS])
@pytest.mark.parametrize("kind", KINDS)
def test_figures_of_a_lossy_link(kind: str, share: float) -> None:
    seconds = LONG_SECONDS if share == RARE else SECONDS
    summary, live_pct, lost = analysed(kind, share, seconds)
    cadence, contact = (summary.measures["left"][n] for n in ("cadence_spm", "contact_ms"))
    assert cadence.value is not None
    assert cadence.uncertainty is not None
    off = abs(cadence.value - true_cadence(seconds))
    # where a third of the strides is missing, the others need not be like all
    assert off < 0.5 or (share != RARE and off < 0.5 * cadence.uncertainty)
    if cadence.quality == "good":
        assert off < cadence.uncertainty
    if contact.value is not None and contact.quality == "good":
        assert abs(contact.value - CONTACT_MS) < (contact.uncertainty or 0.0)
    spans = SPANS.get(kind, 1) if share > 0.0 else 1
    expected = 100.0 * (1.0 - (1.0 - lost) ** spans)
    told = summary.sensors[0].lost_pct
    assert told is not None
    assert told == pytest.approx(expected, abs=0.5 if share == RARE else 1.0 + 0.1 * expected)
    assert (told > 0.0) == (share != 0.0) or kind == "witmotion"  # it sees what adds up
    assert live_pct == pytest.approx(told, abs=1.0)
    found = int(summary.activity_s["running"] > 0)
    assert found


@pytest.mark.parametrize(
    ("kind", "share", "quality"),
    [
        ("witmotion", RARE, "good"),
        ("witmotion", 0.01, "low"),
        ("witmotion", 0.1, "low"),
        ("polar", 0.01, "good"),
        ("movella_dot", 0.03, "good"),
        ("movesense", 0.1, "low"),
    ],
)
def test_what_a_loss_adds_to_variability_is_never_called_good(
    kind: str, share: float, quality: str
) -> None:
    """Stride times vary by 1 % there; what is lost makes that up to three times as much."""
    summary, _, _ = analysed(kind, share, LONG_SECONDS)
    varies = summary.measures["left"]["stride_time_cv_pct"]
    assert varies.value is not None
    assert varies.quality == quality
    if quality == "good":
        clean, _, _ = analysed(kind, 0.0, LONG_SECONDS)
        without = clean.measures["left"]["stride_time_cv_pct"].value
        assert without is not None
        assert abs(varies.value - without) < (varies.uncertainty or 0.0)
    else:
        assert "lost on the way" in (varies.why_not or "")
