"""What the rest of the program needs to know of a kind of sensor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gait.model import SensorInfo, Side
from gait.model.frames import Frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A kind of sensor: its UUIDs, its codec and how it is told to start.

    Nothing here opens a connection. UUIDs are lower-case 128-bit strings. `stream_uuid` notifies
    with samples; `info_uuid` is read; `control_uuid` is written with what `start_commands` and
    `stop_commands` give, one write each, and notifies one answer to each.

    decode          : notifications and the sensor's info → Frames; bad ones are reported in it,
                      never raised; raises InputError where the info lacks a range it needs
    decode_info     : bytes of the info characteristic, advertised name, address → SensorInfo;
                      raises InputError
    advertised_side : advertised name → side, None where it does not say
    start_commands  : wanted rate in Hz, None for the sensor's own → settings, and last the write
                      that starts the stream
    stop_commands   : writes that stop it
    refusal         : bytes of an answer → why it was refused, None where it was not; raises
                      InputError where it is no answer
    """

    name: str
    service_uuid: str
    stream_uuid: str
    control_uuid: str
    info_uuid: str
    seq_modulo: int
    time_modulo_us: int
    decode: Callable[[Sequence[bytes], SensorInfo], Frames]
    decode_info: Callable[[bytes, str, str], SensorInfo]
    advertised_side: Callable[[str], Side | None]
    start_commands: Callable[[float | None], list[bytes]]
    stop_commands: Callable[[], list[bytes]]
    refusal: Callable[[bytes], str | None]
