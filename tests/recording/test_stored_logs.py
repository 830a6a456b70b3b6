"""Logs found again in the session files of a folder, byte for byte, wherever their runs are."""

import msgspec
import pytest

from gait.model import Mark, Packet, SensorInfo, Side
from gait.recording import SessionWriter
from gait.recording.stored_logs import META, LogKey, LogsMeta, Run, StoredLogs, packed, unpacked

KEY, OTHER = LogKey("a", 7, 10, 5), LogKey("a", 8, 4, 0)
PACKETS = {key: [bytes([key.log, i]) * (i + 1) for i in range(key.packets)] for key in (KEY, OTHER)}


def session(path, runs, finished=True):
    """A session of these runs, packets of device 0 and 1 in turn."""
    writer = SessionWriter(path, started_at="2026-01-01T10:00:00Z", software="test")
    for side in Side:
        writer.add_sensor(SensorInfo(side=side, rate_hz=100))
    mine = []
    for run in runs:
        content = PACKETS[run.key][run.first : run.first + run.count]
        if run.attachment:
            writer.attach(run.attachment, packed(content))
        else:
            mine += [
                Packet(run.device, float(len(mine) + i), "x", p) for i, p in enumerate(content)
            ]
    writer.set_meta(META, msgspec.json.encode(LogsMeta(100.0, 9.0, runs)).decode())
    for item in mine:
        writer.write(Mark(item.host_s, "between"))
        writer.write(item)
        writer.write(Packet(1 - item.device, item.host_s, "x", b"of the other shoe"))
    if finished:
        writer.close()
    else:
        writer.commit()
    return writer


def test_a_log_in_several_sessions_and_beside_them_comes_back_in_order(tmp_path):
    session(tmp_path / "a.gait", [Run(OTHER, 0, 0, 4), Run(KEY, 0, 0, 3), Run(KEY, 0, 8, 2)])
    assert not StoredLogs(tmp_path).whole(KEY)
    assert StoredLogs(tmp_path).whole(OTHER)
    session(tmp_path / "b.gait", [Run(KEY, 1, 5, 3), Run(KEY, 1, 3, 2, "between")])
    stored = StoredLogs(tmp_path)
    assert stored.whole(KEY)
    assert list(stored.packets(KEY)) == PACKETS[KEY]
    assert list(stored.packets(OTHER)) == PACKETS[OTHER]
    assert not stored.whole(LogKey("a", 7, 11, 5))
    assert list(stored.packets(LogKey("b", 7, 10, 5))) == []


def test_a_run_that_is_there_twice_counts_once(tmp_path):
    session(tmp_path / "a.gait", [Run(KEY, 0, 0, 6)])
    session(tmp_path / "b.gait", [Run(KEY, 0, 4, 6)])
    assert list(StoredLogs(tmp_path).packets(KEY)) == PACKETS[KEY]


def test_only_finished_sessions_made_of_logs_count(tmp_path):
    with SessionWriter(tmp_path / "plain.gait", started_at="", software="test") as writer:
        writer.add_sensor(SensorInfo(side=Side.LEFT, rate_hz=100))
    (tmp_path / "rubbish.gait").write_bytes(b"rubbish")
    (tmp_path / "empty.gait").touch()
    open_one = session(tmp_path / "open.gait", [Run(KEY, 0, 0, 10)], finished=False)
    assert StoredLogs(tmp_path).sessions == []
    open_one.close()
    assert StoredLogs(tmp_path).whole(KEY)


def test_packets_are_packed_one_after_the_other():
    assert unpacked(packed(PACKETS[KEY])) == PACKETS[KEY]
    assert unpacked(b"") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"first":0', '"first":-1'),
        ('"count":2', '"count":-2'),
        ('"count":2', f'"count":{10**30}'),
        ('"device":0', '"device":-5'),
        ('"attachment":"between"', '"attachment":"gone"'),
        ('"attachment":"between"', '"attachment":"other"'),
        ('"runs":[', '"runs":' + "[" * 100_000),
        ('"began_s":100.0', '"began_s":"x"'),
    ],
)
def test_what_is_said_of_logs_and_cannot_be_is_no_log(tmp_path, old, new):
    writer = session(tmp_path / "a.gait", [Run(KEY, 0, 0, 3), Run(KEY, 0, 3, 2, "between")], False)
    meta = msgspec.json.encode(
        LogsMeta(100.0, 9.0, [Run(KEY, 0, 0, 3), Run(KEY, 0, 3, 2, "between")])
    ).decode()
    assert old in meta
    writer.attach("other", b"\5")
    writer.set_meta(META, meta.replace(old, new))
    writer.close()
    assert StoredLogs(tmp_path).sessions == []
