"""A foot pod with the Running Speed and Cadence service."""

from collections.abc import Sequence

from bumble.core import UUID
from bumble.gatt import Service

from gait.sensors import running_pod
from gait.virtual import VirtualAir
from peripherals.base import Peripheral, notified, readable


class Pod(Peripheral):
    name = "Stride 42"
    advertised = ("1814",)

    def __init__(self, air: VirtualAir, measurements: Sequence[bytes]) -> None:
        super().__init__(air)
        self.measurements = measurements
        self.data = notified(running_pod.MEASUREMENT_UUID)

    def services(self) -> list[Service]:
        return [
            Service(
                UUID("1814"),
                [self.data, readable("2a54", b"\x07\0"), readable("2a5d", b"\1")],
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
