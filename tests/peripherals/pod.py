"""A foot pod with the Running Speed and Cadence service; numbers of the Bluetooth SIG."""

from collections.abc import Sequence

from bumble.core import UUID
from bumble.gatt import Service

from gait.virtual import VirtualAir
from peripherals.base import Peripheral, notified, readable

RUNNING_SPEED_AND_CADENCE = "1814"
MEASUREMENT, FEATURE, SENSOR_LOCATION = "2a53", "2a54", "2a5d"
TOP_OF_SHOE = 1


class Pod(Peripheral):
    name = "Stride 42"
    advertised = (RUNNING_SPEED_AND_CADENCE,)

    def __init__(self, air: VirtualAir, measurements: Sequence[bytes]) -> None:
        super().__init__(air)
        self.measurements = measurements
        self.data = notified(MEASUREMENT)

    def services(self) -> list[Service]:
        return [
            Service(
                UUID(RUNNING_SPEED_AND_CADENCE),
                [
                    self.data,
                    readable(FEATURE, b"\x07\0"),
                    readable(SENSOR_LOCATION, bytes([TOP_OF_SHOE])),
                ],
            )
        ]

    def on_connection(self, connection) -> None:
        super().on_connection(connection)
        self.data.on(
            "subscription",
            lambda bearer, notify, indicate: self.begin(connection) if notify else None,
        )

    def packets(self):
        for i, measurement in enumerate(self.measurements):
            yield 1.0 + i, self.data, measurement
