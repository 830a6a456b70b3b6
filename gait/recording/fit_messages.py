"""The messages of a FIT file, read by Garmin's SDK once it is known how much work they are.

The SDK is plain Python and does whatever the file says: fields of no bytes cost it time and the
file nothing. So the structure is walked first, without decoding, as in the FIT protocol (record
headers, definition messages, developer fields).
"""

from collections.abc import Mapping
from typing import Any

from gait.model import InputError
from gait.model.limits import FIT_DESCRIPTIONS, FIT_MESSAGES, check_most

Messages = Mapping[str, Any]  # lists of messages by kind, as the SDK gives them

_HEADER_BYTES = (12, 14)
_CRC_BYTES = 2
_COMPRESSED, _DEFINITION, _DEVELOPER, _LOCAL = 0x80, 0x40, 0x20, 0x0F
_FIELD_DESCRIPTION = 206


def fit_messages(data: bytes, name: str) -> tuple[Messages, list[Exception]]:
    """Messages as far as they can be read, and what went wrong.

    Raises InputError where the file is made to take time, ImportError without the extra `fit`.
    """
    from garmin_fit_sdk import Decoder, Stream  # noqa: PLC0415

    _check_work(data, name)
    return Decoder(Stream.from_byte_array(bytearray(data))).read()


def _check_work(data: bytes, name: str) -> None:
    walk = _Walk(data, name)
    begin = 0
    try:
        while begin < len(data) and data[begin] in _HEADER_BYTES:
            size = int.from_bytes(data[begin + 4 : begin + 8], "little")
            end = begin + data[begin] + size
            walk.messages_between(begin + data[begin], min(end, len(data)))
            begin = end + _CRC_BYTES
    except IndexError:
        return  # cut off, or not to be followed further: the SDK ends there as well


class _Walk:
    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        self._messages = self._descriptions = 0
        self._known: dict[int, tuple[int, bool]] = {}  # local number: bytes, describes a field

    def messages_between(self, at: int, end: int) -> None:
        """Raises IndexError where a message goes on beyond the data, or is not known."""
        while at < end:
            head = self._data[at]
            self._messages += 1
            check_most(self._messages, FIT_MESSAGES, "messages", self._name)
            if head & _COMPRESSED:
                raise IndexError("not read by the SDK")
            if head & _DEFINITION:
                at = self._definition(at, head)
                continue
            if head & _LOCAL not in self._known:
                raise IndexError("not defined")
            length, describes = self._known[head & _LOCAL]
            self._descriptions += describes
            check_most(self._descriptions, FIT_DESCRIPTIONS, "fields of makers", self._name)
            at += 1 + length

    def _definition(self, at: int, head: int) -> int:
        data = self._data
        order = "big" if data[at + 2] else "little"
        kind = int.from_bytes(data[at + 3 : at + 5], order)
        fields = data[at + 5]
        at += 6
        sizes = [data[at + 3 * i + 1] for i in range(fields)]
        at += 3 * fields
        if head & _DEVELOPER:
            fields = data[at]
            at += 1
            sizes += [data[at + 3 * i + 1] for i in range(fields)]
            at += 3 * fields
        if 0 in sizes or not sizes:
            raise InputError(f"{self._name} is damaged: it has fields or messages of no bytes.")
        self._known[head & _LOCAL] = (sum(sizes), kind == _FIELD_DESCRIPTION)
        return at
