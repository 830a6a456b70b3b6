"""What a virtual shoe offers over GATT, and what it advertises."""

from collections.abc import Awaitable, Callable

from bumble.core import UUID, AdvertisingData
from bumble.device import Connection
from bumble.gatt import (
    GATT_BATTERY_LEVEL_CHARACTERISTIC,
    GATT_BATTERY_SERVICE,
    GATT_DEVICE_INFORMATION_SERVICE,
    GATT_FIRMWARE_REVISION_STRING_CHARACTERISTIC,
    GATT_SERIAL_NUMBER_STRING_CHARACTERISTIC,
    Characteristic,
    CharacteristicValue,
    Service,
)

from gait.model import SensorInfo
from gait.sensors import shoegait
from gait.sensors.shoegait_info import advertised_name

_READ = Characteristic.Properties.READ
_WRITE = Characteristic.Properties.WRITE
_NOTIFY = Characteristic.Properties.NOTIFY


class Attributes:
    """The services of one shoe.

    `on_command` is awaited with what is written to the control point; `info` and `battery` give
    the current bytes of theirs. `paired_only`: commands are taken over an encrypted link alone.
    """

    def __init__(
        self,
        sensor: SensorInfo,
        on_command: Callable[[Connection, bytes], Awaitable[None]],
        info: Callable[[], bytes],
        battery: Callable[[], bytes],
        *,
        paired_only: bool = False,
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


def advertisement(sensor: SensorInfo) -> bytes:
    """Service and name. Both fit, as the shoe uses an extended advertisement of Bluetooth 5."""
    general = AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE
    flags = general | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
    service = AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
    name = advertised_name(sensor.side, sensor.serial).encode()
    return bytes(
        AdvertisingData(
            [
                (AdvertisingData.Type.FLAGS, bytes([flags])),
                (service, bytes(UUID(shoegait.SERVICE_UUID))),
                (AdvertisingData.Type.COMPLETE_LOCAL_NAME, name),
            ]
        )
    )
