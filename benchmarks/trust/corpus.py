"""The corpus: small good inputs, made here, that the fuzzers change; and what once went wrong.

Files whose name begins with `found-` are inputs that a fuzzer or a person found; they are kept by
hand and stay where the others are made again.
"""

import gzip
import io
import json
import sqlite3
import struct
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.trust.files import HAS_PARQUET, PART_LOG, SIZE
from benchmarks.trust.fuzzing import CORPUS, PACKED, ROOT
from benchmarks.trust.requests import PORT, TOKEN
from benchmarks.trust.sensor_packets import INFOS, packets_of, samples_of
from gait.cli.known_sensors import KnownShoe, KnownShoes
from gait.model import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    Exchange,
    Mark,
    SessionItem,
)
from gait.recording import SessionWriter, open_session, write_jsonl, write_table
from gait.recording.partial_download import PartialDownload
from gait.roster import Roster
from gait.sensors import shoegait, shoegait_control, shoegait_info, shoegait_log
from gait.sensors.shoegait_control import Answer, Command, Opcode, Status

# the files of other makers, and summaries, as the tests make them
sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "roster")]

FOUND = "found-"
PACKED_FROM = 50_000  # bytes
STARTED = "2026-05-17T08:30:00+02:00"
TRACK_POINTS = 12
# What a command or an answer may hold, by opcode; the longest layouts come first to mind.
VALUES: dict[Opcode, tuple[float, ...]] = {
    Opcode.SET_RATE: (208.0,),
    Opcode.SET_RANGES: (16.0, 2000.0),
    Opcode.IDENTIFY: (1,),
    Opcode.RESEND: (65530, 12),
    Opcode.LOG_START: (1_790_000_000_000,),
    Opcode.LOG_STATUS: (3,),
    Opcode.LOG_TIME: (3,),
    Opcode.LOG_READ: (3, 100, 50),
    Opcode.LOG_CHECK: (3, 0, 4096),
    Opcode.LOG_CLEAR: (3, 9000, 0xDEADBEEF),
}
ANSWERED: dict[Opcode, tuple[float, ...]] = {
    Opcode.SET_RATE: (208.0,),
    Opcode.SET_RANGES: (16.0, 2000.0),
    Opcode.QUERY_TIME: (4_294_967_000,),
    Opcode.RESEND: (65530, 12),
    Opcode.LOG_START: (3, 77),
    Opcode.LOG_STATUS: (3, 2, 4, 9000, 5, 4_000_000_000),
    Opcode.LOG_TIME: (3, 1_790_000_000_000, 12, 900),
    Opcode.LOG_READ: (100, 50),
    Opcode.LOG_CHECK: (0xDEADBEEF,),
    Opcode.LOG_ROOM: (100_000,),
}


def write_corpus(folder: Path = CORPUS) -> int:
    """Make it again in `folder`; returns how many bytes it has now, with what was found."""
    for name, seeds in made_corpus().items():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        for old in place.iterdir():
            if not old.name.startswith(FOUND):
                old.unlink()
        for number, seed in enumerate(seeds):
            path = place / f"{number:02d}"
            if len(seed) > PACKED_FROM:
                path.with_suffix(PACKED).write_bytes(gzip.compress(seed, mtime=0))
            else:
                path.write_bytes(seed)
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def made_corpus() -> dict[str, list[bytes]]:
    """Good inputs by the name of their target."""
    corpus: dict[str, list[bytes]] = {}
    for name in INFOS:
        packets = [packet.payload for packet in packets_of(name)]
        corpus[f"packets-{name}"] = packets[:4] + packets[100:102]
        if f"analysis-{name}" in _targets():
            corpus[f"analysis-{name}"] = packets[40:44]
    corpus |= dict(_answers())
    with tempfile.TemporaryDirectory() as place:
        corpus |= dict(_sessions(Path(place)))
        corpus |= dict(_tables(Path(place)))
        corpus |= dict(_rosters(Path(place)))
        corpus |= dict(_notes(Path(place)))
    corpus |= dict(_foreign())
    corpus |= dict(_profiles())
    corpus["request"] = _requests()
    return corpus


def _targets() -> set[str]:
    from benchmarks.trust.targets import TARGETS  # noqa: PLC0415 - it is made of all of these

    return set(TARGETS)


def _row(*answers: bytes) -> bytes:
    """Answers one behind the other, each behind its length."""
    return b"".join(bytes([len(answer)]) + answer for answer in answers)


def _answers() -> Iterator[tuple[str, list[bytes]]]:
    info = shoegait_info.encode_info(INFOS["shoegait"])
    able = shoegait_info.add_features(info, shoegait_info.Feature.LOGS)
    bonded = shoegait_info.add_features(able, shoegait_info.Feature.BONDS)
    yield "info", [info, bonded]
    commands = [
        shoegait_control.encode_command(Command(opcode, VALUES.get(opcode, ())))
        for opcode in Opcode
    ]
    answers = [
        shoegait_control.encode_answer(Answer(opcode, Status.DONE, ANSWERED.get(opcode, ())))
        for opcode in Opcode
    ]
    refused = [bytes([opcode, status]) for opcode in (3, 7, 12) for status in (1, 2, 4, 5)]
    yield "commands", commands
    yield "answers", [*answers, *refused]
    yield "exchanges", [_row(one) + other for one, other in zip(commands, answers, strict=True)]
    packet = packets_of("shoegait")[0].payload
    yield (
        "log-parts",
        [part for mtu in (23, 247) for part in shoegait_log.split(7, 3, packet, mtu)][:8],
    )
    done = {opcode: answers[i] for i, opcode in enumerate(Opcode)}
    yield (
        "setup-shoegait",
        [
            _row(info, done[Opcode.SET_RATE], info, done[Opcode.START]),
            _row(bonded, done[Opcode.QUERY_TIME], bonded, done[Opcode.START]),
            _row(info, bytes([3, 3]), info, bytes([1, 4])),
        ],
    )
    device = bytes(24) + struct.pack("<H", 60) + bytes(6)
    serial = bytes(6) + bytes([2, 4, 0]) + bytes(11) + struct.pack("<Q", 0xD422CD00ABCD)
    yield "setup-movella_dot", [_row(serial, device, device)]
    yield "setup-movesense", [_row(b"\1\1\0\1", b"\1\x63\0\xc8"), _row(b"\1\1", b"\1\x63\1\x94")]
    rate = b"\x55\x71\3\0\x0b\0" + bytes(14)
    motion = b"\x55\x61" + bytes(18)
    yield "setup-witmotion", [_row(rate), _row(*[motion] * 12, rate)]
    yield "setup-polar", [_polar_answers()]
    yield "setup-running_pod", [_row(b"\1"), _row(b"")]


def _polar_answers() -> bytes:
    def offered(measurement: int, reaches: tuple[int, ...]) -> bytes:
        rates = struct.pack("<BB5H", 0, 5, 26, 52, 104, 208, 416)
        reach = struct.pack(f"<BB{len(reaches)}H", 2, len(reaches), *reaches)
        return bytes([0xF0, 1, measurement, 0, 0]) + rates + b"\1\1\x10\0" + reach + b"\4\1\3"

    factor = b"\5\1" + struct.pack("<f", 0.07)
    acc, gyro = offered(2, (2, 4, 8, 16)), offered(5, (250, 500, 1000, 2000))
    stopped = [bytes([0xF0, 3, 2, 0]), bytes([0xF0, 3, 5, 0])]
    started = [bytes([0xF0, 2, 2, 0, 0]) + factor, bytes([0xF0, 2, 5, 0, 0]) + factor]
    return _row(*stopped, bytes([0xF0, 2, 9, 0]), acc, gyro, *started, *reversed(stopped))


def _items(count: int) -> Iterator[SessionItem]:
    yield ConnectionEvent(0, 0.0, Connection.CONNECTED)
    yield BatteryReading(0, 0.5, 87)
    yield Exchange(0, 0.75, 0.03, shoegait.CONTROL_UUID, b"\5", b"\5\0\0\1\2\3")
    yield from packets_of("shoegait")[:count]
    yield Mark(9.0, "hill é")
    yield ConnectionEvent(0, 9.5, Connection.LOST, "out of reach")


def _writer(path: Path) -> SessionWriter:
    writer = SessionWriter(path, started_at=STARTED, software="test 1", notes="easy")
    writer.add_sensor(INFOS["shoegait"])
    return writer


def _sessions(place: Path) -> Iterator[tuple[str, list[bytes]]]:
    whole, cut_off = place / "whole.gait", place / "killed.gait"
    with _writer(whole) as writer:
        writer.attach("truth.csv", b"ic_s\n1.0\n" * 600)  # in overflow pages
        for item in _items(24):
            writer.write(item)
    yield "session", [whole.read_bytes()]
    writer = _writer(cut_off)
    for item in _items(8):
        writer.write(item)
    writer.commit()
    database, log = cut_off.read_bytes(), cut_off.with_name("killed.gait-wal").read_bytes()
    writer.close()
    # what lies in the log of all pages that were written is enough
    yield "session-wal", [SIZE.pack(len(database)) + database + log[:25_000]]
    yield "session-rows", [_rows(whole)]
    lines = place / "run.jsonl"
    session = open_session(whole)
    session.attachments.clear()
    write_jsonl(session, lines)
    yield "session-jsonl", [lines.read_bytes()[:9000]]
    yield "session-jsonl-gz", [gzip.compress(lines.read_bytes(), mtime=0)]


def _rows(path: Path) -> bytes:
    """What a session file holds, as JSON without its checksums."""

    def plain(cell: Any) -> Any:
        return {"hex": cell.hex()} if isinstance(cell, bytes) else cell

    with closing(sqlite3.connect(path)) as db:
        about = db.execute("SELECT id, kind, name, value FROM about WHERE length(value) < 900")
        items = db.execute("SELECT seq, kind, device, host_s, number, content FROM items LIMIT 12")
        rows = {
            "about": [[plain(cell) for cell in row] for row in about],
            "items": [[plain(cell) for cell in row] for row in items],
        }
    return json.dumps(rows).encode()


def _tables(place: Path) -> Iterator[tuple[str, list[bytes]]]:
    samples = samples_of(100.0)[:60]
    path = place / "left.csv"
    write_table(path, samples)
    text = path.read_text()
    head, *rows = text.splitlines()
    in_g = [[float(cell) for cell in row.split(",")] for row in rows]
    spelt = "\n".join(
        [
            head.replace("m_s2", "g").replace(",", ";"),
            *(
                ";".join(f"{v / 9.81:.4f}" if 1 <= i <= 3 else f"{v}" for i, v in enumerate(row))
                for row in in_g
            ),
        ]
    )
    movella = ",".join(
        ["SampleTimeFine", *(f"{sensor}_{axis}" for sensor in ("Acc", "Gyr") for axis in "XYZ")]
    )
    lines = [
        ",".join([str((2**32 - 200_000 + 10_000 * i) % 2**32), *row.split(",")[1:]])
        for i, row in enumerate(rows)
    ]
    preamble = "sep=,\nDeviceTag:,DOT\nOutputRate:,100Hz\n\n"
    dot = (preamble + "\n".join([movella, *lines])).encode("utf-16")
    dates = [f"2026-05-17T08:30:{i // 100:02d},{i % 100:02d}0000" for i in range(len(rows))]
    german = "\n".join(
        [
            head.replace(",", ";").replace("time_s", "Zeitstempel;timestamp"),
            *(
                ";".join(["", date, *row.split(",")[1:]]).replace(".", ",")
                for date, row in zip(dates, rows, strict=True)
            ),
        ]
    )
    yield "table-csv", [text.encode(), spelt.encode(), dot, german.encode()]
    if not HAS_PARQUET:
        return  # the seed stays as it is
    import pyarrow as pa  # noqa: PLC0415 - of an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    from gait.recording.tables import si_columns  # noqa: PLC0415

    file = io.BytesIO()
    pq.write_table(pa.table(si_columns(samples[:40])), file, compression="none")
    yield "table-parquet", [file.getvalue()]


def _rosters(place: Path) -> Iterator[tuple[str, list[bytes]]]:
    from summaries import summary  # noqa: PLC0415  # pyright: ignore[reportMissingImports]

    recording = place / "short.gait"
    with _writer(recording) as writer:
        for item in _items(2):
            writer.write(item)
    archive = io.BytesIO()
    with Roster(place / "roster.db") as roster:
        anna = roster.athletes.add(
            "Anna", height_m=1.68, mass_kg=60.0, birth_year=1990, sex="female"
        )
        roster.athletes.join(anna, "Club")
        shoe = roster.shoes.add(anna, "Pacer 3", since=date(2026, 4, 1), km_before=12.0)
        roster.sessions.register(
            anna, summary(), key="0123456789abcdef", recording=recording, shoe=shoe
        )
        roster.diary.log(anna, date(2026, 5, 4), km=8.0, minutes=50.0)
        roster.diary.note(anna, date(2026, 5, 5), "calf tight")
        roster.diary.set_goal(anna, "10 km", date(2026, 9, 1))
        roster.checkups.keep(anna, taken_on=date(2026, 5, 1), answers={"pain": []}, version="1")
        roster.export(anna, archive, recordings=True)
    yield "archive", [archive.getvalue()]
    yield "archive-members", [_members(archive)]
    with closing(sqlite3.connect(place / "roster.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("VACUUM")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    roster_bytes = (place / "roster.db").read_bytes()
    yield "roster", [roster_bytes]


def _members(archive: io.BytesIO) -> bytes:
    import zipfile  # noqa: PLC0415

    with zipfile.ZipFile(archive) as file:
        named = {
            name: file.read(name).decode("latin-1" if "recordings" in name else "utf-8")
            for name in file.namelist()
        }
    return json.dumps({n: t[:1500] if "recordings" in n else t for n, t in named.items()}).encode()


def _notes(place: Path) -> Iterator[tuple[str, list[bytes]]]:
    known = KnownShoes(place / "known.json")
    known.remember(
        [
            KnownShoe(
                address="00:11:22:33:44:55",
                name="shoegait L 0042",
                last_seen="2026-05-17T06:30:00+00:00",
                info=INFOS["shoegait"],
                battery_pct=80,
            )
        ]
    )
    yield "known-shoes", [(place / "known.json").read_bytes()]
    part = PartialDownload(place / "log.part", PART_LOG)
    part.set_note("told", json.dumps({"log": 7}))
    for index, packet in enumerate(packets_of("shoegait")[:6]):
        part.keep(index, packet.payload)
    part.close()
    yield "part-of-a-log", [(place / "log.part").read_bytes()]


def _foreign() -> Iterator[tuple[str, list[bytes]]]:
    from foreign_files import (  # noqa: PLC0415  # pyright: ignore[reportMissingImports]
        GPX,
        STRYD_HEADER,
        TCX,
        TCX_POINT,
        fit_by_hand,
        fit_file,
        fit_of_legs,
        gpx_point,
        runscribe_csv,
        stryd_rows,
        table,
        watch_records,
    )

    powers = [[250.0 + i, 60.0, 5.0, 10.0] for i in range(8)]
    fields = [
        ("Power", "W"),
        ("Form Power", "W"),
        ("Air Power", "W"),
        ("Leg Spring Stiffness", "kN/m"),
    ]
    watch, pod = fit_file(watch_records(12)), fit_file(watch_records(8), fields=fields, told=powers)
    sports = ("running", "cycling", "running")
    legs = fit_of_legs([(sport, "generic", 6, 3.0, 150) for sport in sports], offset_s=7200)
    # times of five bits, in the header of a message
    short = bytes.fromhex("400000140002fd0486030102410000140001030102")
    short += b"\0\0\xab\x90\x41\x8c" + b"".join(bytes([0xA0 | n, 140 + n]) for n in range(1, 30))
    yield "foreign-fit", [watch, pod, legs, fit_by_hand(short, length=0)]
    points = "".join(TCX_POINT.format(i=i, m=3.0 * i, hr=150) for i in range(TRACK_POINTS))
    tcx = TCX.format(sport="Running", points=points).encode()
    points = "".join(gpx_point(i) for i in range(TRACK_POINTS))
    gpx = GPX.format(kind="<type>running</type>", points=points).encode()
    utf16 = (
        tcx.decode().replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16")
    )
    yield "foreign-xml", [tcx, gpx, utf16]
    stryd = table(STRYD_HEADER, stryd_rows(30)).encode()
    runscribe = runscribe_csv(30).encode()
    german = table(STRYD_HEADER, stryd_rows(20), ";", comma=True).encode()
    yield "foreign-csv", [stryd, runscribe, german]
    yield "foreign-gz", [stryd, gpx]
    inner = _zipped({"3.tcx": tcx})
    yield "foreign-zip", [_zipped({"a/1.fit": watch, "2.gpx": gpx, "b.zip": inner})]


def _zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive that is the same each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 5, 17, 8, 30, 0)), content)
    return packed.getvalue()


PROFILE = {
    "answered_on": "2026-05-17",
    "body": {"height_m": 1.78, "mass_kg": 70, "age_years": 35, "sex": "male"},
    "session": {"distance_km": 8.2, "date": "2026-05-17"},
    "training": [{"date": "2026-05-10", "distance_km": 10.0}],
    "training_in_short": {"weekly_km": 30, "longest_30_days_km": 14},
    "shoes": {"distance_km": 420},
}


def _profiles() -> Iterator[tuple[str, list[bytes]]]:
    import yaml  # noqa: PLC0415

    dated = yaml.safe_dump(PROFILE, sort_keys=False).replace("'", "")
    yield "profile-yaml", [dated.encode(), b"body:\n  height_m: 1.7\nshoes: {distance_km: 3}\n"]
    yield "profile-json", [json.dumps(PROFILE, indent=1).encode()]
    toml = [
        'answered_on = 2026-05-17\n[body]\nheight_m = 1.78\nmass_kg = 70\nsex = "male"\n',
        "[shoes]\ndistance_km = 420\n[[training]]\ndate = 2026-05-10\ndistance_km = 10.0\n",
    ]
    yield "profile-toml", ["".join(toml).encode(), *(text.encode() for text in toml)]


def _requests() -> list[bytes]:
    host = f"host: 127.0.0.1:{PORT}"
    return [
        "\n".join(lines).encode("latin-1")
        for lines in (
            ("/", f"token={TOKEN}", host),
            (
                "/athlete/1",
                "",
                host,
                f"cookie: gait_token={TOKEN}; a=b",
                f"origin: http://127.0.0.1:{PORT}",
            ),
            ("/ws", "token=x", host, "cookie: gait_token=wrong", "origin: http://[::1]:1"),
            ("/", "token=é", host, 'cookie: gait_token="a\\351"', "content-length: 12"),
            ("/_nicegui/a.js", "", "host: evil.example", "transfer-encoding: chunked"),
        )
    ]
