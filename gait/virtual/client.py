"""bleak's client over a bumble host.

bleak's scanner over a bumble host, and what a scan does not find.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.uuids import normalize_uuid_str
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Device

if TYPE_CHECKING:
    from gait.virtual.air import VirtualAir
import asyncio
import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDBusError, BleakError, BleakGATTProtocolError
from bumble.att import ATT_Error
from bumble.core import BaseBumbleError
from bumble.device import Connection, Peer
from bumble.gatt import Characteristic
from bumble.hci import HCI_LE_Create_Connection_Cancel_Command
from bumble.keys import PairingKeys

_UUIDS = (
    AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
)
_NAME = AdvertisingData.Type.COMPLETE_LOCAL_NAME


class VirtualScanner(BaseBleakScanner):
    """Scans in `air`, which a subclass names."""

    air: ClassVar["VirtualAir"]

    def __init__(self, detection_callback, service_uuids, scanning_mode, **_: Any) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        self.seen_devices = {}
        central = self.air.central
        central.on(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        if not central.is_scanning:
            await central.start_scanning(scan_interval=20, scan_window=20)

    async def stop(self) -> None:
        central = self.air.central
        central.remove_listener(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        if central.is_scanning and not central.listeners(Device.EVENT_ADVERTISEMENT):
            await central.stop_scanning()

    def _on_advertisement(self, seen: Advertisement) -> None:
        said = AdvertisementData(
            local_name=next(iter(seen.data.get_all(_NAME)), None),
            manufacturer_data={},
            service_data={},
            service_uuids=[
                normalize_uuid_str(uuid.to_hex_str("-"))
                for kind in _UUIDS
                for uuids in seen.data.get_all(kind)
                for uuid in uuids
            ],
            tx_power=None,
            rssi=seen.rssi,
            platform_data=(seen,),
        )
        if self.is_allowed_uuid(said.service_uuids):
            address = self._known_address(seen)
            device = self.create_or_update_device(
                address, address, said.local_name, seen.address, said
            )
            self.call_detection_callbacks(device, said)

    def _known_address(self, seen: Advertisement) -> str:
        """Of a shoe that this host is paired with its own, whichever private one it has now."""
        resolver = self.air.central.address_resolver
        resolvable = resolver is not None and seen.address.is_resolvable
        own = resolver.resolve(seen.address) if resolver and resolvable else None
        return str(own or seen.address).split("/")[0]


class VirtualAdapter(BaseBleakAdapter):
    """The host in `air`, which a subclass names."""

    air: ClassVar["VirtualAir"]

    @classmethod
    async def get(cls, **_: Any) -> Self:
        return cls()

    async def get_connected_devices(self, service_uuids: frozenset[str]) -> list[BLEDevice]:
        connections = self.air.central.connections.values()
        addresses = [str(connection.peer_address).split("/")[0] for connection in connections]
        return [BLEDevice(address, None, None) for address in addresses]


_REFUSED = "org.bluez.Error.AuthenticationFailed"

_PROPERTIES: dict[Characteristic.Properties, Any] = {
    Characteristic.Properties.READ: "read",
    Characteristic.Properties.WRITE: "write",
    Characteristic.Properties.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Characteristic.Properties.NOTIFY: "notify",
    Characteristic.Properties.INDICATE: "indicate",
}


class VirtualClient(BaseBleakClient):
    """Connects in `air`, which a subclass names."""

    air: ClassVar["VirtualAir"]

    def __init__(self, address_or_ble_device, **kwargs: Any) -> None:
        super().__init__(address_or_ble_device, **kwargs)
        self._connection: Connection | None = None
        self._subscribed: dict[int, Any] = {}

    @property
    def name(self) -> str:
        return self.address

    @property
    def mtu_size(self) -> int:
        return self._connection.att_mtu if self._connection else 23

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        """With keys of an earlier pairing it is encrypted at once, as BlueZ does."""
        with self._failures():
            async with self.air.connecting:
                connection = await self._reach(kwargs.get("timeout", self._timeout))
            self._connection = connection
            connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
            try:
                peer = Peer(connection)
                await peer.request_mtu(self.air.mtu)
                if pair or await self._keys():
                    await self.pair()
                self.services = await self._discover(peer)
            except BaseException:
                await self.disconnect()
                raise

    async def disconnect(self) -> None:
        if self._connection is not None:
            with self._failures():
                await self._connection.disconnect()
        self._connection = None

    async def pair(self, *args: Any, **kwargs: Any) -> None:
        """Raises BleakDBusError where the shoe refuses or does not know the keys, as BlueZ does."""
        with self._link():
            connection = self._connection
            if connection is None or connection.is_encrypted:
                return
            try:
                if await self._keys():
                    await connection.encrypt()
                else:
                    await connection.pair()
                    self.address = str(connection.peer_address).split("/")[0]
            except BaseBumbleError as error:
                raise BleakDBusError(_REFUSED, [str(error)]) from error

    async def unpair(self) -> None:
        await self.disconnect()
        if await self._keys():
            await self.air.keys.delete(self.address)

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        with self._link():
            return bytearray(await characteristic.obj.read_value())

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        with self._link():
            await characteristic.obj.write_value(bytes(data), with_response=response)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_: Any
    ) -> None:
        def on_value(value: bytes) -> None:
            callback(bytearray(value))

        with self._link():
            self._subscribed[characteristic.handle] = on_value
            await characteristic.obj.subscribe(on_value)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        with self._link():
            await characteristic.obj.unsubscribe(self._subscribed.pop(characteristic.handle, None))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        with self._link():
            return bytearray(await descriptor.obj.read_value())

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        with self._link():
            await descriptor.obj.write_value(bytes(data), with_response=True)

    async def _reach(self, timeout_s: float) -> Connection:
        try:
            return await self.air.central.connect(self.address, timeout=timeout_s)
        except asyncio.CancelledError:
            await self.air.central.send_sync_command(HCI_LE_Create_Connection_Cancel_Command())
            raise

    async def _keys(self) -> PairingKeys | None:
        return await self.air.keys.get(self.address)

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        collection = BleakGATTServiceCollection()
        for service in await peer.discover_services():
            known = BleakGATTService(service, service.handle, _uuid(service.uuid))
            collection.add_service(known)
            for characteristic in await service.discover_characteristics():
                collection.add_characteristic(
                    BleakGATTCharacteristic(
                        characteristic,
                        characteristic.handle,
                        _uuid(characteristic.uuid),
                        [w for p, w in _PROPERTIES.items() if p & characteristic.properties],
                        lambda: self.mtu_size - 3,
                        known,
                    )
                )
        return collection

    def _on_disconnection(self, _: int) -> None:
        expected, self._connection = self._connection is None, None
        if self._disconnected_callback and not expected:
            self._disconnected_callback()

    @contextlib.contextmanager
    def _link(self) -> Iterator[None]:
        """For what needs a connection; bumble would wait for an answer that cannot come."""
        if not self.is_connected:
            raise BleakError("it is not connected")
        with self._failures():
            yield

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """As bleak's: bumble cancels what was waiting for an answer when the link goes down."""
        try:
            yield
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except BaseBumbleError as error:
            raise BleakError(str(error) or type(error).__name__) from error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if self.is_connected or (task and task.cancelling()):
                raise
            raise BleakError("the connection was lost") from error


def _uuid(uuid: Any) -> str:
    return normalize_uuid_str(uuid.to_hex_str("-"))
