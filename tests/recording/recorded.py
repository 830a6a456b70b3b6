"""A short recording with one item of every kind, for the tests of this folder."""

from pathlib import Path

from hypothesis import strategies as st

from gait.model import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    Exchange,
    Mark,
    Packet,
    SensorInfo,
    SessionItem,
    Side,
)
from gait.recording import SessionWriter

STREAM = "6f1d0001-0000-4000-8000-000000000001"
CONTROL = "6f1d0002-0000-4000-8000-000000000001"
OTHER = "00002a19-0000-1000-8000-00805f9b34fb"

LEFT = SensorInfo(side=Side.LEFT, rate_hz=400.0, acc_range_g=16.0, gyr_range_dps=2000.0, name="L")
RIGHT = SensorInfo(side=Side.RIGHT, rate_hz=100.0, has_gyroscope=False, serial="№ 7")


_host_s = st.floats(allow_nan=False, allow_infinity=False)
_device = st.integers(0, 1)
session_items = st.one_of(
    st.builds(Packet, _device, _host_s, st.sampled_from([STREAM, OTHER]), st.binary(max_size=300)),
    st.builds(BatteryReading, _device, _host_s, st.integers(0, 100)),
    st.builds(ConnectionEvent, _device, _host_s, st.sampled_from(Connection), st.text(max_size=20)),
    st.builds(Mark, _host_s, st.text(max_size=20)),
    st.builds(
        Exchange,
        _device,
        _host_s,
        _host_s,
        st.sampled_from([CONTROL, OTHER]),
        st.binary(max_size=300),
        st.binary(max_size=20),
    ),
)


def every_kind() -> list[SessionItem]:
    return [
        ConnectionEvent(0, 0.0, Connection.CONNECTED),
        Packet(0, 0.1 + 0.2, STREAM, bytes(range(256))),
        Packet(1, 1 / 3, OTHER, b""),
        BatteryReading(1, 0.5, 0),
        Mark(0.25, "hill\0 — ünïcode\nsecond line"),
        ConnectionEvent(1, 1e-300, Connection.LOST, "out of reach"),
        ConnectionEvent(1, 7e9, Connection.CLOSED),
        Exchange(0, 0.75, 0.1 / 3, CONTROL, b"\5", b"\5\0\0\1\2\3"),
        Exchange(1, 0.8, 0.0, OTHER, b"", b""),
    ]


def packets(count: int) -> list[SessionItem]:
    """Packets of two shoes at about 42 a second, each with a payload of its own."""
    return [
        Packet(i % 2, i * 0.024, STREAM, i.to_bytes(4, "big") * 59) for i in range(1, count + 1)
    ]


def record(path: Path, items: list[SessionItem]) -> Path:
    with SessionWriter(path, started_at="2026-05-01T07:00:00+02:00", software="test 1") as writer:
        writer.add_sensor(LEFT)
        writer.add_sensor(RIGHT)
        for item in items:
            writer.write(item)
    return path
