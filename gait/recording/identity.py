"""Which recording this is, whatever its file is called, wherever it lies and in whatever form.

A recording is told by how it began: so it stays the same when its end was cut off, repaired, or
came later, and when something was remarked in it.
"""

import hashlib
from collections.abc import Mapping
from itertools import islice

from gait.model import Packet, Samples, Side
from gait.recording.session import Session

PACKETS = 64
SAMPLES = 5000


def session_key(session: Session) -> str:
    """From the sensors, the start and the first packets; 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    for info in session.sensors:
        called = info.serial or info.address or info.name
        digest.update(f"{info.side} {info.profile} {called}\n".encode())
    digest.update(f"{session.started_at}\n".encode())
    packets = (item for item in session.items() if isinstance(item, Packet))
    for packet in islice(packets, PACKETS):
        digest.update(f"{packet.device} {len(packet.payload)}\n".encode())
        digest.update(packet.payload)
    return digest.hexdigest()


def samples_key(feet: Mapping[Side, Samples]) -> str:
    """From the first samples of IMU tables; 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    for side in sorted(feet):
        samples = feet[side][:SAMPLES]
        digest.update(f"{side} {len(samples)}\n".encode())
        for values in (samples.time_s, samples.acc, samples.gyr):
            digest.update(values.tobytes())
    return digest.hexdigest()
