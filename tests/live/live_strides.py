"""Sensors and strides to show, for the tests of the live view."""

from gait.measures.table import empty_strides
from gait.model import Activity, SensorInfo, Side, Strike

LEFT = SensorInfo(side=Side.LEFT, rate_hz=400)
RIGHT = SensorInfo(side=Side.RIGHT, rate_hz=400)


def stride(side=Side.LEFT, *, activity=Activity.RUN, valid=True, why=0, **values):
    record = empty_strides(1)
    record["side"] = side is Side.RIGHT
    record["activity"], record["valid"], record["why"] = activity, valid, why
    record["strike"] = Strike.UNKNOWN
    for name, value in values.items():
        record[name] = value
    return record
