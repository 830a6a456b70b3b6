"""Hostile notifications, answers and logs: everything that comes over the air."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.trust.sensor_packets import INFOS, packets_of
from benchmarks.trust.target import Target, UnmetError
from gait.model import Exchange, GaitError, Packet, SensorInfo, Side
from gait.pipeline import analyze_items
from gait.sensors import PROFILES, Frames, shoegait, shoegait_control, shoegait_info, shoegait_log
from gait.sensors.profile import Expect, Profile, Read, Wanted

MOST_REQUESTS = 3000  # a dialogue that asks for more goes round for ever
BATCH = 50
WANTED = (
    Wanted(name="a sensor", address="00:11:22:33:44:55", side=Side.LEFT),
    Wanted(name="a sensor", address="00:11:22:33:44:55", side=Side.RIGHT, rate_hz=100.0),
)


def codec_targets() -> Iterator[Target]:
    for name, kind in PROFILES.items():
        read = _decode if kind.decoder else _read
        yield Target(
            name=f"packets-{name}",
            read=partial(read, kind, INFOS[name]),
            batch=BATCH,
            quick=8_000,
            long=1_200_000,
        )
        yield Target(name=f"setup-{name}", read=partial(_set_up, kind), quick=2_000, long=150_000)
        if kind.decoder:
            yield Target(
                name=f"analysis-{name}",
                read=partial(_analyse, INFOS[name]),
                batch=BATCH,
                quick=400,
                long=50_000,
            )
    yield _simple("info", _info, 6_000, 400_000)
    yield _simple("answers", _answers, 8_000, 400_000)
    yield _simple("commands", _commands, 8_000, 400_000)
    yield _simple("exchanges", _told, 5_000, 300_000)
    yield Target(name="log-parts", read=_log_parts, batch=BATCH, quick=8_000, long=500_000)


def _simple(name: str, read: Callable[[bytes], Any], quick: int, long: int) -> Target:
    return Target(name=name, read=lambda inputs, _: read(inputs[0]), quick=quick, long=long)


def _decode(kind: Profile, info: SensorInfo, inputs: Sequence[bytes], _: Path) -> None:
    """Good packets and hostile ones in turn; nothing may be raised, and frames must be whole."""
    assert kind.decoder is not None
    good = packets_of(info.profile)
    packets = []
    for i, payload in enumerate(inputs):
        packets += [good[i % len(good)], Packet(0, 0.01 * i, kind.streams[0], payload)]
    try:
        frames = kind.decoder(info).push(packets)
    except GaitError as error:
        raise UnmetError(f"a decoder raised: {error}") from error
    check_frames(frames, len(packets))


def check_frames(frames: Frames, packets: int) -> None:
    n = int(frames.count.sum())
    shapes = {len(frames.acc), len(frames.gyr), len(frames.clipped_acc), len(frames.clipped_gyr)}
    if shapes != {n} or (frames.count <= 0).any():
        raise UnmetError(f"{n} samples in the counts, {sorted(shapes)} in the arrays")
    named = [*frames.packet.tolist(), *(number for number, _ in frames.bad)]
    if named and not 0 <= min(named) <= max(named) < packets:
        raise UnmetError(f"packets {min(named)} to {max(named)} of {packets}")


def _read(kind: Profile, info: SensorInfo, inputs: Sequence[bytes], _: Path) -> None:
    assert kind.reader is not None
    for payload in inputs:
        reading = kind.reader(Packet(0, 1.0, kind.streams[0], payload))
        told = (reading.cadence_spm, reading.speed_m_s) if reading else ()
        if not all(value is None or math.isfinite(value) for value in told):
            raise UnmetError(f"{info.profile} read {reading}")


def _set_up(kind: Profile, inputs: Sequence[bytes], _: Path) -> None:
    """A sensor that answers with these, set up and started: each is a length and so many bytes."""
    refused: list[GaitError] = []
    for wanted in WANTED:
        answers = answers_in(inputs[0])
        try:
            ready = hold(kind.set_up(wanted), answers)
            hold(kind.start(ready.info if ready else INFOS[kind.name]), answers)
        except GaitError as error:
            refused.append(error)
    if refused:
        raise refused[0]


def hold(dialogue: Any, answers: Iterator[bytes]) -> Any:
    """Give a dialogue these answers until it ends; None where they do not suffice."""
    answer = None
    for _ in range(MOST_REQUESTS):
        try:
            request = dialogue.send(answer)
        except StopIteration as end:
            return end.value
        answer = next(answers, None) if isinstance(request, Read | Expect) else b""
        if answer is None:
            dialogue.close()
            return None
    raise UnmetError("a dialogue that does not end")


def answers_in(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        yield data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]


def _analyse(info: SensorInfo, inputs: Sequence[bytes], _: Path) -> None:
    """The whole way: a run in which hostile packets take the place of good ones."""
    packets = list(packets_of(info.profile))
    step = max(1, len(packets) // len(inputs))
    for i, payload in enumerate(inputs):
        at = (i * step + 7) % len(packets)
        packets[at] = Packet(0, packets[at].host_s, packets[at].characteristic, payload)
    result = analyze_items([info], packets)
    if not np.isfinite(result.strides["ic_s"]).all():
        raise UnmetError("a stride without a time")


def _info(data: bytes) -> None:
    info = shoegait_info.decode_info(data, "a shoe", "00:11")
    if not (0.0 < info.rate_hz < np.inf and info.acc_range_g):
        raise UnmetError(f"a sensor of {info.rate_hz} Hz and ± {info.acc_range_g} g")
    shoegait_info.features(data)
    shoegait_info.advertised_side(data.decode("latin-1"))


def _answers(data: bytes) -> None:
    answer = shoegait_control.decode_answer(data)
    shoegait_control.refusal(data)
    for read in (shoegait_log.log_status, shoegait_log.log_time):
        try:
            read(answer)
        except GaitError:
            continue


def _commands(data: bytes) -> None:
    """What a shoe would do with it: a command that goes back to the same bytes, or a refusal."""
    try:
        command = shoegait_control.decode_command(data)
    except shoegait_control.RefusedError as refused:
        shoegait_control.encode_answer(refused.answer)
        return
    if shoegait_control.encode_command(command) != data:
        raise UnmetError(f"{data.hex()} was read as {command}")


def _told(data: bytes) -> None:
    asked = PROFILES["shoegait"].asked
    assert asked is not None
    written, answer = next(answers_in(data), b""), data[1 + (data[0] if data else 0) :]
    asked.told(Exchange(0, 1.0, 0.1, shoegait.CONTROL_UUID, written, answer))
    asked.number(data)
    log = PROFILES["shoegait"].log
    assert log is not None
    for dialogue in (asked.resend(1, 5), asked.device_time(), log.begin(1), log.status(0)):
        _leave(dialogue, data)
    for dialogue in (log.times(1), log.read(1, 0, 9), log.check(1, 0, 9), log.clear(1, 9, 7)):
        _leave(dialogue, data)


def _leave(dialogue: Any, data: bytes) -> None:
    try:
        hold(dialogue, answers_in(data))
    except GaitError:
        return


def _log_parts(inputs: Sequence[bytes], _: Path) -> None:
    parts = shoegait_log.LogParts(7)
    for payload in inputs:
        whole = parts.add(payload)
        if whole is not None and len(whole[1]) > shoegait_log.LARGEST_PACKET_BYTES:
            raise UnmetError(f"a packet of {len(whole[1])} bytes")
