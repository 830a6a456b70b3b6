"""The air between virtual shoes and the program: bumble's link, and a radio on it for bleak.

bumble's controller, with what it leaves out.

The time that all shoes of an air share, at any speed.
"""

import asyncio
import contextlib
import logging
import math
import time
from typing import Self

from bumble import hci
from bumble.controller import Controller
from bumble.device import Device
from bumble.hci import Address
from bumble.host import Host
from bumble.keys import KeyStore, MemoryKeyStore
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

from gait.ble.radio import Radio
from gait.sensors.shoegait import SMALLEST_MTU
from gait.virtual.bonds import pair_with
from gait.virtual.client import VirtualAdapter, VirtualClient, VirtualScanner

GRACE_S = 1.0
LATE_S = 0.2  # of real time: by how much shoes may be behind the run


class RunTime:
    """Seconds of the run, which begins when every shoe was started once.

    Where some are never started, it begins `GRACE_S` of real time after the first. Where the
    machine is too slow for `speed`, so is the run: its time stands until the shoes have caught up.
    With `speed` None time is not real: it goes on as fast as the shoes send, which take turns.
    """

    def __init__(self, speed: float | None) -> None:
        if speed is not None and not speed > 0:
            raise ValueError(f"speed must be more than 0, or None, is {speed}")
        self.speed = speed
        self._created_s = time.monotonic()
        self._reached_s = 0.0
        self._held_s = 0.0  # what the run lost on the machine's clock
        self._began_s: float | None = None
        self._begun = asyncio.Event()
        self._awaited: set[object] = set()
        self._due: dict[object, float] = {}
        self._moved = asyncio.Event()

    def clock(self) -> float:
        """Seconds at the run's speed, monotonic; for whoever times what arrives."""
        if self.speed is not None:
            now_s = (time.monotonic() - self._created_s) * self.speed - self._held_s
            late_s = LATE_S * max(1.0, self.speed)
            latest_s = min(self._due.values(), default=math.inf) + late_s + (self._began_s or 0.0)
            self._held_s += max(0.0, now_s - latest_s)
            self._reached_s = max(self._reached_s, min(now_s, latest_s))
        return self._reached_s

    @property
    def run_s(self) -> float:
        """Seconds since the run began; 0 before."""
        return 0.0 if self._began_s is None else self.clock() - self._began_s

    def expect(self, shoe: object) -> None:
        """The run is not to begin without this shoe."""
        self._awaited.add(shoe)

    def withdraw(self, shoe: object) -> None:
        self._awaited.discard(shoe)

    async def begin(self, shoe: object) -> None:
        """This shoe was started; wait until the run has begun."""
        self._awaited.discard(shoe)
        if self._awaited and not self._begun.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GRACE_S):
                    await self._begun.wait()
        if self._began_s is None:
            self._began_s = self.clock()
        self._begun.set()

    async def until(self, shoe: object, due_s: float) -> None:
        """Wait for this second of the run."""
        self._due[shoe] = due_s
        if self.speed is not None:
            await self.pass_by(due_s)
            return
        self._wake_others()
        while due_s > min(self._due.values()):
            await self._moved.wait()
        self._reached_s = max(self._reached_s, due_s)

    async def pass_by(self, run_s: float) -> None:
        """Wait for this second of a run that goes on by itself; `speed` must not be None."""
        assert self.speed is not None
        while (left_s := run_s - self.run_s) > 0:  # noqa: ASYNC110 - time may be held meanwhile
            await asyncio.sleep(left_s / self.speed)

    def leave(self, shoe: object) -> None:
        """This shoe sends no more for now; the others need not wait for it."""
        self._due.pop(shoe, None)
        self._wake_others()

    def _wake_others(self) -> None:
        self._moved.set()
        self._moved.clear()


class VirtualController(Controller):
    """Gives up an attempt to connect when it is told to, as every controller must."""

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Bluetooth Core, volume 4, part E, 7.8.13."""
        attempt, self.pending_le_connection = self.pending_le_connection, None
        if attempt is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=attempt.peer_address.address_type,
                peer_address=attempt.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)


LARGEST_MTU = 247

_ACL_BYTES = 251  # with data length extension: a notification at MTU 247 is one packet


class VirtualAir:
    """Everything in reach of each other; an async context manager.

        async with VirtualAir() as air, VirtualShoe(air, info, samples):
            found = await scan(radio=air.radio, enough=1)

    speed : how many times faster than real time the shoes run; None for as fast as they can send
    mtu   : the largest that the host asks for as it connects, from 23 on
    keys  : those of the shoes it is paired with, where it was before
    """

    def __init__(
        self, speed: float | None = 1.0, *, mtu: int = LARGEST_MTU, keys: KeyStore | None = None
    ) -> None:
        if mtu < SMALLEST_MTU:
            raise ValueError(f"the MTU is at least {SMALLEST_MTU}, not {mtu}")
        self.time = RunTime(speed)
        self.mtu = mtu
        self.keys = keys or MemoryKeyStore()
        self.connecting = asyncio.Lock()
        # bleak makes the backends itself, so each air has classes of its own.
        members = {"air": self}
        self.radio = Radio(
            type("AirScanner", (VirtualScanner,), members),
            type("AirClient", (VirtualClient,), members),
            type("AirAdapter", (VirtualAdapter,), members),
        )
        self._link = LocalLink()
        self._hosts = 0
        self._central: Device | None = None
        self._log_level = logging.NOTSET

    def clock(self) -> float:
        """Seconds at the run's speed, for `ShoeStream(clock=air.clock)`."""
        return self.time.clock()

    @property
    def central(self) -> Device:
        """The host that scans and connects."""
        if self._central is None:
            raise RuntimeError("the air is not there yet; use `async with`")
        return self._central

    async def __aenter__(self) -> Self:
        log = logging.getLogger("bumble")
        self._log_level = log.level
        if log.level == logging.NOTSET:
            log.setLevel(logging.ERROR)  # it warns of links that end, as they do here
        self._central = await self.add_host("shoegait host")
        self._central.keystore = self.keys
        await self._central.refresh_resolving_list()
        pair_with(self._central, lambda: False)  # it is always the one that asks
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.remove_host(self.central)
        logging.getLogger("bumble").setLevel(self._log_level)

    async def add_host(self, name: str) -> Device:
        """A Bluetooth host with its controller, switched on."""
        self._hosts += 1
        address = Address(f"C0:DE:5A:1C:E0:{self._hosts:02X}")
        controller = VirtualController(name, link=self._link, public_address=str(address))
        controller.le_acl_data_packet_length = _ACL_BYTES
        host = Host(controller, AsyncPipeSink(controller))
        device = Device(name=name, address=address, host=host)
        await device.power_on()
        return device

    async def remove_host(self, device: Device) -> None:
        """Disconnect it, switch it off and take it out of the air."""
        for connection in list(device.connections.values()):
            await connection.disconnect()
        await device.power_off()
        for controller in list(self._link.controllers):
            if controller.host is device.host:
                self._link.remove_controller(controller)
