"""bleak's scanner over a bumble host, and what a scan does not find."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.uuids import normalize_uuid_str
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Device

if TYPE_CHECKING:
    from gait.virtual.air import VirtualAir

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
