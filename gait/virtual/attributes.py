"""What a virtual shoe offers over GATT, and what it advertises."""

from collections.abc import Awaitable, Callable

from bumble.core import UUID, AdvertisingData
from bumble.device import Connection
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

from gait.model import SensorInfo
from gait.sensors import running_pod, shoegait
from gait.sensors.shoegait_info import advertised_name

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
