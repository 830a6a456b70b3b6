"""Files as devices of others write them: FIT with Garmin's own encoder, CSV as text."""

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from garmin_fit_sdk import Encoder, Profile

BEGIN = datetime(2026, 5, 17, 6, 30, 0, tzinfo=UTC)
FLOAT32 = 136
STRYD_HEADER = [
    *("Timestamp", "Power (w/kg)", "Form Power (w/kg)", "Air Power (w/kg)", "Watch Speed (m/s)"),
    *("Stryd Speed (m/s)", "Watch Distance (meters)", "Stryd Distance (meters)", "Stiffness"),
    *("Stiffness/kg", "Ground Time (ms)", "Cadence (spm)", "Vertical Oscillation (cm)"),
    "Heart Rate (bpm)",
]


def fit_file(
    records: Sequence[Mapping[str, Any]],
    *,
    begin: datetime = BEGIN,
    fields: Sequence[tuple[str, str]] = (),
    told: Sequence[Sequence[float]] = (),
    application_id: bytes = bytes([7] * 16),
    numbers: Sequence[int] = (),
    manufacturer: str = "garmin",
    product_name: str = "watch",
    **session: Any,
) -> bytes:
    """One record a second; `fields` are developer fields (name, unit), `told` their values.

    A field without a name bears only its number, of `numbers` where they are not in order.
    """
    application = {"developer_data_index": 0, "application_id": list(application_id)}
    described = [
        {
            "developer_data_index": 0,
            "field_definition_number": number,
            "fit_base_type_id": FLOAT32,
            **({"field_name": name} if name else {}),
            "units": unit,
        }
        for number, (name, unit) in zip(numbers or range(len(fields)), fields, strict=False)
    ]
    encoder = Encoder(
        {
            key: {"developer_data_id_mesg": application, "field_description_mesg": description}
            for key, description in enumerate(described)
        }
    )

    def write(kind: str, message: Mapping[str, Any]) -> None:
        encoder.on_mesg(Profile["mesg_num"][kind], dict(message))

    write("FILE_ID", {"type": "activity", "manufacturer": manufacturer, "time_created": begin})
    write("DEVICE_INFO", {"timestamp": begin, "product_name": product_name})
    if described:
        write("DEVELOPER_DATA_ID", application)
        for description in described:
            write("FIELD_DESCRIPTION", description)
    for i, record in enumerate(records):
        own = {"developer_fields": dict(enumerate(told[i]))} if told else {}
        write("RECORD", {"timestamp": begin + timedelta(seconds=i), **record, **own})
    end = begin + timedelta(seconds=len(records))
    write("SESSION", {"timestamp": end, "start_time": begin, "sport": "running", **session})
    return bytes(encoder.close())


def fit_of_messages(messages: Sequence[tuple[str, Mapping[str, Any]]]) -> bytes:
    """A FIT file of any messages, by the names of the profile."""
    encoder = Encoder()
    for kind, message in messages:
        encoder.on_mesg(Profile["mesg_num"][kind], dict(message))
    return bytes(encoder.close())


def fit_of_legs(
    legs: Sequence[tuple[str, str, int, float, int]],
    *,
    begin: datetime = BEGIN,
    offset_s: int | None = None,
    laps: bool = False,
    sessions: bool = True,
    **file_id: Any,
) -> bytes:
    """A FIT activity of legs one after the other: sport, sub-sport, seconds, m/s and heart rate.

    laps     : a lap each says its sport, too; `sessions` False leaves out the sessions
    offset_s : local time less UTC, in an activity message
    """
    made = {"type": "activity", "manufacturer": "garmin", "time_created": begin, **file_id}
    messages: list[tuple[str, dict[str, Any]]] = [("FILE_ID", made)]
    ends: list[tuple[str, dict[str, Any]]] = []
    at, metres = begin, 0.0
    for sport, sub_sport, seconds, speed, rate in legs:
        told = {"start_time": at, "sport": sport, "sub_sport": sub_sport}
        for i in range(seconds):
            record = {"distance": metres + speed * i, "enhanced_speed": speed, "heart_rate": rate}
            messages.append(("RECORD", {"timestamp": at + timedelta(seconds=i), **record}))
        metres += speed * seconds
        at += timedelta(seconds=seconds)
        times = {"total_elapsed_time": float(seconds), "total_timer_time": float(seconds)}
        session = {"timestamp": at, **told, **times, "total_distance": speed * seconds}
        if laps:
            messages.append(("LAP", {"timestamp": at, **told, **times}))
        if sessions:
            ends.append(("SESSION", session))
    if offset_s is not None:
        local = at + timedelta(seconds=offset_s)
        ends.append(("ACTIVITY", {"timestamp": at, "local_timestamp": local, "num_sessions": 1}))
    return fit_of_messages([*messages, *ends])


def fit_by_hand(body: bytes, *, header: int = 14, length: int | None = None, crc: bytes = b"\0\0"):
    """A FIT file of these messages; `length` is what its header says of them."""
    told = len(body) if length is None else length
    head = bytes([header, 32, 0, 0]) + struct.pack("<I", told) + b".FIT"
    return head + bytes(header - 12) + body + crc


def watch_records(n: int = 120) -> list[dict[str, Any]]:
    """A steady run as a watch has it: 3 m/s, 172 steps a minute."""
    return [
        {
            "distance": 3.0 * i,
            "enhanced_speed": 3.0,
            "heart_rate": 140 + i % 3,
            "cadence": 86,
            "fractional_cadence": 0.0,
            "stance_time": 248.0,
            "vertical_oscillation": 82.0,
            "step_length": 1046.0,
        }
        for i in range(n)
    ]


def stryd_rows(n: int = 120, cadence: float = 174.0) -> list[list[float]]:
    start = BEGIN.timestamp()
    return [
        [start + i, 3.6, 0.9, 0.0, 3.0, 3.1, 3.0 * i, 3.1 * i, 10.5, 0.15, 231, cadence, 6.5, 150]
        for i in range(n)
    ]


def table(
    header: Sequence[str], rows: Sequence[Sequence[Any]], separator: str = ",", comma: bool = False
) -> str:
    """`comma`: with decimal commas."""

    def cell(value: Any) -> str:
        text = "" if value is None else str(value)
        return text.replace(".", ",") if comma else text

    lines = [separator.join(header), *(separator.join(map(cell, row)) for row in rows)]
    return "\n".join(lines) + "\n"


RUNSCRIBE_HEADER = [
    *("datetime", " time (s)", " active_status", " active_dist (mi)", " active_time (s)"),
    *(" step_rate (s/min)", " stride_length (ft)", " contact_time (ms)", " braking_gs"),
    *(" impact_gs", " footstrike_type", " max_pronation_vel", " pronation_fs_mp"),
]


def runscribe_csv(n: int = 100) -> str:
    """One stride a row, after a second header line; the last ten were a pause."""
    rows = [["datetime", *[""] * (len(RUNSCRIBE_HEADER) - 1)]]
    for i in range(n):
        when = datetime(2026, 5, 17, 8, 30, 0) + timedelta(seconds=0.7 * i)
        going = i < n - 10
        rows.append(
            [
                when.isoformat(" ", "milliseconds"),
                0.7 * i,
                int(going),
                round(0.0015 * min(i, n - 10), 4),
                round(0.7 * min(i, n - 10), 1),
                *(
                    [168, 8.0, 290, 8.5, 11.5, 5, 640, -10.5]
                    if going
                    else [90, 2, 600, 1, 1, 1, 50, -1]
                ),
            ]
        )
    return table(RUNSCRIBE_HEADER, rows)


TCX = """<?xml version="1.0"?><TrainingCenterDatabase
 xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>
<Activity Sport="{sport}"><Id>2026-05-17T06:30:00Z</Id><Lap StartTime="2026-05-17T06:30:00Z">
<Track>{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"""
TCX_POINT = (
    "<Trackpoint><Time>2026-05-17T06:30:{i:02d}Z</Time><DistanceMeters>{m}</DistanceMeters>"
    "<HeartRateBpm><Value>{hr}</Value></HeartRateBpm></Trackpoint>"
)
GPX = """<?xml version="1.0"?><gpx version="1.1" creator="test"
 xmlns="http://www.topografix.com/GPX/1/1"><trk>{kind}<trkseg>{points}</trkseg></trk></gpx>"""
GPX_POINT = '<trkpt lat="{lat}" lon="11.5"><time>2026-05-17T06:{m:02d}:{s:02d}Z</time></trkpt>'


def tcx(sport: str = "Running") -> str:
    points = [TCX_POINT.format(i=i, m=3.0 * i, hr=150) for i in range(40)]
    return TCX.format(sport=sport, points="".join(points))


def gpx(kind: str = "") -> str:
    """Due north at 4.6 m/s, a point in 10 s; a minute of arc is a nautical mile."""
    return GPX.format(kind=kind, points="".join(gpx_point(i) for i in range(41)))


def gpx_point(i: int) -> str:
    m, s = divmod(10 * i, 60)
    return GPX_POINT.format(m=30 + m, s=s, lat=48.0 + i / 60 / 40)
