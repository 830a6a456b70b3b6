"""How a virtual shoe is there for hosts: it can be found, one connects, and the link may break.

What a virtual shoe offers over GATT, and what it advertises.
"""

import asyncio
import contextlib
import math
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bumble.core import UUID, AdvertisingData, BaseBumbleError
from bumble.device import (
    AdvertisingEventProperties,
    AdvertisingParameters,
    AdvertisingSet,
    Connection,
    Device,
)
from bumble.gatt import (
    GATT_BATTERY_LEVEL_CHARACTERISTIC,
    GATT_BATTERY_SERVICE,
    GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
    GATT_DEVICE_INFORMATION_SERVICE,
    GATT_FIRMWARE_REVISION_STRING_CHARACTERISTIC,
    GATT_SERIAL_NUMBER_STRING_CHARACTERISTIC,
    Characteristic,
    CharacteristicValue,
    Descriptor,
    Service,
)
from bumble.hci import Address, HCI_LE_Set_Random_Address_Command

from gait.model import SensorInfo
from gait.sensors import running_pod, shoegait
from gait.sensors.shoegait import SMALLEST_MTU
from gait.sensors.shoegait_info import advertised_name
from gait.virtual.air import VirtualAir
from gait.virtual.bonds import Bonds, pair_with

_READ = Characteristic.Properties.READ
_WRITE = Characteristic.Properties.WRITE
_NOTIFY = Characteristic.Properties.NOTIFY

PACE_FEATURE_UUID = "00002a54-0000-1000-8000-00805f9b34fb"
_PACE_SERVICE = 0x1814
_TELLS_RUNNING = 4  # of the features of 0x1814
_LOCATIONS = {"laces": 1, "insole": 2, "midsole": 2}  # top of shoe, in shoe; else 0, other
_SUBSCRIBED = 1  # to notifications


class Attributes:
    """The services of one shoe.

    `on_command` is awaited with what is written to the control point; `info` and `battery` give
    the current bytes of theirs. `paired_only`: commands are taken over an encrypted link alone.
    `on_pace` is told when a host subscribes to the pace or does not any more, and `paced` says
    which it is, where the shoe tells it.
    """

    def __init__(
        self,
        sensor: SensorInfo,
        on_command: Callable[[Connection, bytes], Awaitable[None]],
        info: Callable[[], bytes],
        battery: Callable[[], bytes],
        *,
        paired_only: bool = False,
        on_pace: Callable[[bool], None] | None = None,
        paced: Callable[[], bool] = lambda: False,
    ) -> None:
        encrypted = Characteristic.WRITE_REQUIRES_ENCRYPTION if paired_only else 0
        self.stream = Characteristic(UUID(shoegait.STREAM_UUID), _NOTIFY, Characteristic.READABLE)
        self.control = Characteristic(
            UUID(shoegait.CONTROL_UUID),
            _WRITE | _NOTIFY,
            Characteristic.WRITEABLE | encrypted,
            CharacteristicValue(write=on_command),
        )
        self.battery = Characteristic(
            GATT_BATTERY_LEVEL_CHARACTERISTIC,
            _READ | _NOTIFY,
            Characteristic.READABLE,
            CharacteristicValue(read=lambda _: battery()),
        )
        own_info = Characteristic(
            UUID(shoegait.INFO_UUID),
            _READ,
            Characteristic.READABLE,
            CharacteristicValue(read=lambda _: info()),
        )
        self.pace: Characteristic | None = None
        texts = {
            GATT_SERIAL_NUMBER_STRING_CHARACTERISTIC: sensor.serial,
            GATT_FIRMWARE_REVISION_STRING_CHARACTERISTIC: sensor.firmware,
        }
        self.services = [
            Service(UUID(shoegait.SERVICE_UUID), [self.stream, self.control, own_info]),
            Service(GATT_BATTERY_SERVICE, [self.battery]),
            Service(
                GATT_DEVICE_INFORMATION_SERVICE,
                [
                    Characteristic(uuid, _READ, Characteristic.READABLE, text.encode())
                    for uuid, text in texts.items()
                ],
            ),
        ]
        if on_pace is not None:
            self.services.append(self._pace_service(sensor, on_pace, paced))

    def _pace_service(
        self, sensor: SensorInfo, on_pace: Callable[[bool], None], paced: Callable[[], bool]
    ) -> Service:
        """As a foot pod offers it, but to paired hosts alone."""

        def subscribe(_: Connection, value: bytes) -> None:
            on_pace(bool(value[:1] and value[0] & _SUBSCRIBED))

        configuration = Descriptor(
            GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
            Descriptor.READABLE
            | Descriptor.WRITEABLE
            | Descriptor.Permissions.WRITE_REQUIRES_ENCRYPTION,
            CharacteristicValue(read=lambda _: bytes([_SUBSCRIBED * paced(), 0]), write=subscribe),
        )
        self.pace = Characteristic(
            UUID(running_pod.MEASUREMENT_UUID),
            _NOTIFY,
            Characteristic.Permissions(0),
            descriptors=[configuration],
        )
        facts = {
            PACE_FEATURE_UUID: _TELLS_RUNNING.to_bytes(2, "little"),
            running_pod.LOCATION_UUID: bytes([_LOCATIONS.get(sensor.mounting, 0)]),
        }
        return Service(
            UUID(running_pod.SERVICE_UUID),
            [
                self.pace,
                *(
                    Characteristic(UUID(uuid), _READ, Characteristic.READABLE, value)
                    for uuid, value in facts.items()
                ),
            ],
        )


def advertisement(sensor: SensorInfo, *, pace: bool = False) -> bytes:
    """Services and name, with that of `pace` for watches. They fit, as the shoe uses an extended
    advertisement of Bluetooth 5."""
    general = AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE
    flags = general | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
    service = AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
    name = advertised_name(sensor.side, sensor.serial).encode()
    short = AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS
    said = [
        (AdvertisingData.Type.FLAGS, bytes([flags])),
        (service, bytes(UUID(shoegait.SERVICE_UUID))),
        (AdvertisingData.Type.COMPLETE_LOCAL_NAME, name),
    ]
    if pace:
        said.append((short, UUID.from_16_bits(_PACE_SERVICE).to_bytes()))
    return bytes(AdvertisingData(said))


ADVERTISING_MS = 30.0
INTERVAL_MS = (15.0, 30.0)  # between connection events, asked for as it begins to stream
SUPERVISION_MS = 4000.0
UNENCRYPTED_S = 30.0  # then a link is broken off that nobody encrypted
ADDRESS_S = 900.0  # a private address is used for so long, and as long as a link lasts


class Presence:
    """The shoe `info` describes, in `air`. `mtu`, `bonds` and `unencrypted_s` are those of
    `VirtualShoe`; `on_lost` is called when its link ends. `pace`: it offers that to watches.

    A shoe that serves paired hosts alone has a private address, which it changes, and those hosts
    know it by.
    """

    def __init__(
        self,
        air: VirtualAir,
        info: SensorInfo,
        largest_mtu: int,
        bonds: Bonds | None,
        on_lost: Callable[[], None],
        unencrypted_s: float = UNENCRYPTED_S,
        *,
        pace: bool = False,
    ) -> None:
        self.name = advertised_name(info.side, info.serial)
        self.link: Connection | None = None
        self._air = air
        self._info = info
        self._largest_mtu = largest_mtu
        self._bonds = bonds
        self._paired_only = bonds is not None and bonds.required
        self._on_lost = on_lost
        self._unencrypted_s = unencrypted_s
        self._pace = pace
        self._address_since_s = -math.inf
        self._hidden_until_s = 0.0  # second of the run; until then it cannot be found
        self._later: set[asyncio.Task[None]] = set()
        self._device: Device | None = None
        self._advertising: AdvertisingSet | None = None

    @property
    def host(self) -> Device:
        if self._device is None:
            raise RuntimeError("the shoe is not switched on; use `async with`")
        return self._device

    @property
    def address(self) -> str:
        """By which paired hosts know it."""
        return str(self.host.static_address).split("/")[0]

    @property
    def advertised_address(self) -> str:
        """By which strangers see it."""
        return str(self.host.random_address).split("/")[0]

    @property
    def mtu(self) -> int:
        return self.link.att_mtu if self.link else SMALLEST_MTU

    @property
    def interval_ms(self) -> float | None:
        """Between the connection events of its link, as the host grants it."""
        return self.link.parameters.connection_interval if self.link else None

    async def switch_on(self, attributes: Attributes) -> None:
        bonds = self._bonds
        device = self._device = await self._air.add_host(self.name)
        device.gatt_server.max_mtu = self._largest_mtu
        device.keystore = bonds
        pair_with(device, lambda: bonds is not None and bonds.takes_new(self._air.clock()))
        if bonds is not None:
            bonds.open_window(self._air.clock())
        device.add_services(attributes.services)
        device.on(Device.EVENT_CONNECTION, self._on_connection)
        await self._change_address()
        self._advertising = await device.create_advertising_set(
            advertising_parameters=AdvertisingParameters(
                advertising_event_properties=AdvertisingEventProperties(is_connectable=True),
                primary_advertising_interval_min=ADVERTISING_MS,
                primary_advertising_interval_max=ADVERTISING_MS,
            ),
            random_address=device.random_address,
            advertising_data=advertisement(self._info, pace=self._pace),
        )

    async def tap_three_times(self) -> None:
        """Hosts may pair now; on a cable it forgets those that did."""
        if self._bonds is None:
            return
        if self._bonds.usb_power:
            self._bonds.forget()
        self._bonds.open_window(self._air.clock())

    async def switch_off(self) -> None:
        for advertising in list(self.host.extended_advertising_sets.values()):
            await advertising.remove()
        await self._air.remove_host(self.host)

    async def break_link(self, until_s: float) -> None:
        """End the connection, and advertise from this second of the run on."""
        self._hidden_until_s = until_s
        if self.link is not None:
            await self.link.disconnect()
        elif self._advertising is not None and self._advertising.enabled:
            await self._advertising.stop()
            self.after(self._advertise())

    async def notify(
        self,
        characteristic: Characteristic,
        payload: bytes | None = None,
        *,
        subscribed: bool = False,
    ) -> None:
        """To the host, if there is one and it wants it, as it does where it is `subscribed`;
        without `payload` what can be read.

        Returns when the controller has taken it, so that nothing piles up.
        """
        link = self.link
        if link is None:
            return
        await self.host.notify_subscriber(link, characteristic, payload, force=subscribed)
        queue = self.host.host.le_acl_packet_queue
        if queue is not None and queue.pending and link.handle in self.host.connections:
            await queue.drain(link.handle)

    def ask_for_interval(self) -> None:
        if self.link is not None:
            self.after(self._ask_for_interval(self.link))

    def after(self, what: Coroutine[Any, Any, None]) -> None:
        """Do this as soon as whoever is at work has finished."""
        task = asyncio.create_task(what)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def forget_plans(self) -> None:
        """What was to be done after something else is not done any more."""
        for task in list(self._later):
            task.cancel()

    def _on_connection(self, connection: Connection) -> None:
        self.link = connection
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
        if self._paired_only:
            self.after(self._break_unless_encrypted(connection))

    async def _break_unless_encrypted(self, link: Connection) -> None:
        """A host that neither pairs nor has the keys would keep others away."""
        await asyncio.sleep(self._unencrypted_s)
        if link is self.link and not link.is_encrypted:
            await link.disconnect()

    async def _change_address(self) -> None:
        """A private one that strangers cannot follow, where its time is over."""
        now_s = self._air.clock()
        if self._bonds is None or not self._paired_only:
            return
        if now_s - self._address_since_s < ADDRESS_S:
            return
        self._address_since_s = now_s
        host = self.host
        host.irk = self._bonds.irk
        host.random_address = Address.generate_private_address(host.irk)
        await host.send_sync_command(
            HCI_LE_Set_Random_Address_Command(random_address=host.random_address)
        )
        if self._advertising is not None:
            await self._advertising.set_random_address(host.random_address)

    def _on_disconnection(self, _: int) -> None:
        self.link = None
        self.after(self._advertise())
        self._on_lost()

    async def _advertise(self) -> None:
        time = self._air.time
        if self._hidden_until_s == math.inf or self._advertising is None:
            return
        if time.speed is not None:
            await time.pass_by(self._hidden_until_s)
        if self._hidden_until_s < math.inf:  # it may be gone meanwhile
            await self._change_address()
            await self._advertising.start()

    async def _ask_for_interval(self, link: Connection) -> None:
        low_ms, high_ms = INTERVAL_MS
        with contextlib.suppress(BaseBumbleError):  # the host may have its reasons, or be gone
            await link.cancel_on_disconnection(
                link.update_parameters(low_ms, high_ms, 0, SUPERVISION_MS, use_l2cap=True)
            )
