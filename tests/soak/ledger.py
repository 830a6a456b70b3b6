"""Every packet a shoe made, noted at the shoe, and what of it is in a session file.

Nothing of the product reads here: packets are known by their bytes, and the file is opened as the
SQLite database that it is.
"""

import json
import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RESENT = 0x02  # the flag in the first byte
_ENTRY = struct.Struct("<IH")  # the first sample's number, length of the payload


class Ledger:
    """Notes packets on the disk, so that an hour of them takes no memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")

    def note(self, first_sample: int, payload: bytes) -> None:
        self._file.write(_ENTRY.pack(first_sample, len(payload)) + payload)

    def close(self) -> None:
        self._file.close()

    def read(self) -> tuple[NDArray[np.int64], list[bytes]]:
        """(n,) number of each packet's first sample, and the packets, in the order made."""
        data = self._path.read_bytes()
        firsts, payloads = [], []
        at = 0
        while at < len(data):
            first, length = _ENTRY.unpack_from(data, at)
            at += _ENTRY.size
            firsts.append(first)
            payloads.append(data[at : at + length])
            at += length
        return np.array(firsts, dtype=np.int64), payloads


def packets_in(session: Path) -> dict[str, list[bytes]]:
    """The payloads that a session file holds, by side, in the order they arrived."""
    with closing(sqlite3.connect(f"file:{session}?mode=ro", uri=True)) as db:
        about = db.execute("SELECT name, value FROM about WHERE kind = 'sensor' ORDER BY id")
        side = {int(name): json.loads(value)["side"] for name, value in about}
        found: dict[str, list[bytes]] = {name: [] for name in side.values()}
        rows = db.execute("SELECT device, content FROM items WHERE kind = 0 ORDER BY seq")
        for device, content in rows:
            found[side[device]].append(content)
    return found


@dataclass(frozen=True)
class Account:
    """What became of the packets of one shoe.

    first   : (n,) number of the first sample of each packet, in the order made
    count   : (n,) its samples
    boot    : (n,) how often the shoe had rebooted before
    came    : number of each packet in the file, in the file's order
    foreign : what the file holds and the shoe never made
    """

    first: NDArray[np.int64]
    count: NDArray[np.int64]
    boot: NDArray[np.int64]
    came: NDArray[np.int64]
    foreign: list[bytes]

    @cached_property
    def arrived(self) -> NDArray[np.int64]:
        """Numbers of the packets that are in the file, each once, in the order made."""
        return np.unique(self.came)

    @property
    def repeated(self) -> int:
        return len(self.came) - len(self.arrived)

    @cached_property
    def missing(self) -> NDArray[np.int64]:
        """Numbers of the packets that were made and are not in the file."""
        return np.setdiff1d(np.arange(len(self.first)), self.arrived)

    @property
    def never_last(self) -> int:
        """How many were made after the last one that arrived."""
        return len(self.first) - 1 - int(self.arrived[-1])

    @property
    def between(self) -> int:
        """How many are missing between packets of the same boot: sequence numbers show these."""
        return sum(
            int(last - first + 1) - len(here)
            for boot in np.unique(self.boot)
            if len(here := self.arrived[self.boot[self.arrived] == boot])
            for first, last in [(here[0], here[-1])]
        )

    @property
    def restarts(self) -> int:
        """How often packets of a new boot follow those of an older one."""
        return len(np.unique(self.boot[self.arrived])) - 1

    @cached_property
    def holes(self) -> NDArray[np.int64]:
        """(h, 2) first and one past the last sample that is in no packet of the file."""
        first = self.first[self.arrived]
        end = first + self.count[self.arrived]
        gap = first[1:] > end[:-1]
        return np.stack([end[:-1][gap], first[1:][gap]], axis=1)


def account(ledger: Ledger, came: list[bytes]) -> Account:
    """Hold what came against what was made."""
    first, made = ledger.read()
    number = {payload: i for i, payload in enumerate(made)}
    assert len(number) == len(made), "packets can be told apart"
    found = [number.get(as_sent_first(payload)) for payload in came]
    new_boot = [False, *((_seq(b) - _seq(a)) % 65536 != 1 for a, b in pairwise(made))]
    return Account(
        first,
        np.array([payload[1] for payload in made], dtype=np.int64),
        np.cumsum(new_boot),
        np.array([i for i in found if i is not None], dtype=np.int64),
        [payload for payload, i in zip(came, found, strict=True) if i is None],
    )


def as_sent_first(payload: bytes) -> bytes:
    return bytes([payload[0] & ~RESENT]) + payload[1:] if payload else payload


def _seq(payload: bytes) -> int:
    return int.from_bytes(payload[2:4], "little")
