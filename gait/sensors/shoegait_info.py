"""The info characteristic and the advertised name of our own sensor, both directions.

48 bytes, little endian; the byte table is in docs/protocol.md. Its first byte is the version of
the protocol that the shoe speaks. Bytes after the 48 are ignored, so that a later firmware can say
more without breaking older readers.
"""

import struct
from enum import IntFlag

from gait.model import InputError, SensorInfo, Side

VERSION = 2  # of the protocol; a shoe that speaks it takes commands over an encrypted link alone
FIRST_VERSION = 1
VERSIONS = (FIRST_VERSION, VERSION)
PROFILE_NAME = "shoegait"

SIDES = {1: Side.LEFT, 2: Side.RIGHT}
MOUNTINGS = {0: "unknown", 1: "heel", 2: "laces", 3: "insole", 4: "midsole", 5: "side", 6: "ankle"}


class Feature(IntFlag):
    """What a shoe can do; other bits may come and are ignored."""

    GYROSCOPE = 1
    RESENDS = 2  # keeps the last packets and sends them again
    LOGS = 4  # to its flash
    VIBRATES = 8
    BONDS = 16  # pairs with a host, with LE Secure Connections, and remembers it
    PACE = 32  # tells watches its cadence and speed, as a foot pod (service 0x1814)


_FEATURES_BYTE = 2

# version, side, features, mounting, rate (0.01 Hz), acc range (mg), gyr range (mdeg/s), texts
_INFO = struct.Struct("<BBBBIII16s16s")
INFO_BYTES = _INFO.size
_NAME_LETTERS = {"L": Side.LEFT, "R": Side.RIGHT}


def encode_info(info: SensorInfo, version: int = VERSION) -> bytes:
    """The 48 bytes of the characteristic. Raises ValueError where something does not fit."""
    if version not in VERSIONS:
        raise ValueError(f"there is no version {version} of the protocol")
    codes = {word: code for code, word in MOUNTINGS.items()}
    if info.mounting not in codes:
        raise ValueError(f"mounting must be one of {', '.join(codes)}, is {info.mounting!r}")
    if not info.acc_range_g or (info.has_gyroscope and not info.gyr_range_dps):
        raise ValueError("the ranges must be known")
    gyr_range_dps = (info.gyr_range_dps or 0.0) if info.has_gyroscope else 0.0
    try:
        return _INFO.pack(
            version,
            next(code for code, side in SIDES.items() if side is info.side),
            (Feature.GYROSCOPE if info.has_gyroscope else 0)
            | (Feature.RESENDS if info.resends else 0)
            | (Feature.BONDS if version >= VERSION else 0),
            codes[info.mounting],
            round(info.rate_hz * 100),
            round(info.acc_range_g * 1000),
            round(gyr_range_dps * 1000),
            _text_bytes(info.serial),
            _text_bytes(info.firmware),
        )
    except struct.error as error:
        raise ValueError(f"a value of {info} does not fit the message") from error


def decode_info(data: bytes, name: str = "", address: str = "") -> SensorInfo:
    """The sensor as it describes itself; `name` and `address` are those it was found by.

    Raises InputError where the bytes are not this characteristic or contradict themselves.
    """
    who = f"The sensor {name or address or 'found'}"
    if version(data) is None:
        said = f"version {data[0]}" if data else "nothing"
        newer = len(data) > 0 and data[0] > VERSION
        raise InputError(
            f"{who} describes itself with {said}, where versions {FIRST_VERSION} to {VERSION} are "
            "understood; "
            + ("update shoegait." if newer else "its firmware is too old; update it.")
        )
    if len(data) < INFO_BYTES:
        raise InputError(
            f"{who} describes itself in {len(data)} bytes, where {INFO_BYTES} are needed; "
            "connect again, and update its firmware if this stays."
        )
    _, side, features, mounting, rate, acc_range, gyr_range, serial, firmware = _INFO.unpack_from(
        data
    )
    if side not in SIDES:
        raise InputError(f"{who} does not say on which foot it is; set its side first.")
    has_gyroscope = bool(features & Feature.GYROSCOPE)
    if not rate or not acc_range or (has_gyroscope and not gyr_range):
        raise InputError(f"{who} does not say its rate or ranges; update its firmware.")
    return SensorInfo(
        side=SIDES[side],
        rate_hz=rate / 100,
        acc_range_g=acc_range / 1000,
        gyr_range_dps=gyr_range / 1000 if has_gyroscope else None,
        has_gyroscope=has_gyroscope,
        profile=PROFILE_NAME,
        name=name,
        address=address,
        mounting=MOUNTINGS.get(mounting, "unknown"),
        serial=_text(serial),
        firmware=_text(firmware),
        resends=bool(features & Feature.RESENDS),
    )


def version(data: bytes) -> int | None:
    """Of the protocol that the sensor which describes itself with `data` speaks; None for one that
    is not understood."""
    return data[0] if data[:1] and data[0] in VERSIONS else None


def features(data: bytes) -> Feature:
    """What the sensor that describes itself with `data` can do; nothing where it does not say. One
    that speaks version 2 bonds in any case, as nobody else is served."""
    if len(data) < INFO_BYTES or version(data) is None:
        return Feature(0)
    bonds = Feature.BONDS if data[0] >= VERSION else Feature(0)
    return Feature(data[_FEATURES_BYTE] & sum(Feature)) | bonds


def add_features(data: bytes, more: Feature) -> bytes:
    """What `encode_info` made, with `more` features; it sets GYROSCOPE, RESENDS and, in version
    2, BONDS itself."""
    changed = bytearray(data)
    changed[_FEATURES_BYTE] |= more
    return bytes(changed)


def advertised_name(side: Side, serial: str) -> str:
    """The local name a shoe advertises, e.g. `shoegait L 0042`: at most 20 bytes."""
    letter = next(letter for letter, known in _NAME_LETTERS.items() if known is side)
    return f"{PROFILE_NAME} {letter} {serial[-4:]}".strip()


def advertised_side(name: str) -> Side | None:
    """The side in an advertised name, or None where it does not say."""
    words = name.split()
    if len(words) < 2 or words[0] != PROFILE_NAME:
        return None
    return _NAME_LETTERS.get(words[1])


def _text_bytes(text: str) -> bytes:
    data = text.encode("ascii", errors="replace")
    if len(data) > 16:
        raise ValueError(f"{text!r} is longer than 16 characters")
    return data


def _text(data: bytes) -> str:
    shown = data.split(b"\0", 1)[0].decode("ascii", errors="replace")
    return "".join(letter if letter.isprintable() else "?" for letter in shown).strip()
