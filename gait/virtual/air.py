"""The air between virtual shoes and the program: bumble's link, and a radio on it for bleak."""

import asyncio
import logging
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
from gait.virtual.run_time import RunTime


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
