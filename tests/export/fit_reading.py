"""A FIT file read by another library than the one that wrote it."""

import io

import fitdecode


def read(data: bytes) -> list[tuple[str, dict]]:
    """The messages with data: the name of each, and its fields by name."""
    with fitdecode.FitReader(
        io.BytesIO(data),
        check_crc=fitdecode.CrcCheck.RAISE,
        error_handling=fitdecode.ErrorHandling.RAISE,
    ) as frames:
        return [
            (f.name, {v.name: v.value for v in f.fields})
            for f in frames
            if isinstance(f, fitdecode.FitDataMessage)
        ]
