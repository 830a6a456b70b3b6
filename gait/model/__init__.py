"""The vocabulary every room shares: sides, samples, packets, strides, summaries, errors.

Imports no sibling, does no I/O, reads no clock.
"""

from gait.model.assessment import (
    Advice,
    Assessment,
    Beside,
    CauseKind,
    Citation,
    ConditionFinding,
    Level,
    Link,
    LinkedBy,
    LocationEntry,
    Read,
    Reason,
    RedFlag,
    SignAnswer,
    SignFit,
    Study,
)
from gait.model.errors import GaitError, InputError, UsageError
from gait.model.history import Body, Change, Distance, Load, PastRun, SpeedBin, Week, gear_text
from gait.model.packets import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    Exchange,
    Frames,
    Mark,
    Packet,
    SessionItem,
)
from gait.model.samples import Reading, Samples
from gait.model.sensor import SensorInfo
from gait.model.strides import Activity, QualityFlag, Side, Strike
from gait.model.summary import (
    Doubt,
    FootCount,
    Measure,
    Reference,
    SensorNote,
    StepCurve,
    Summary,
)

__all__ = [
    "Activity",
    "Advice",
    "Assessment",
    "BatteryReading",
    "Beside",
    "Body",
    "CauseKind",
    "Change",
    "Citation",
    "ConditionFinding",
    "Connection",
    "ConnectionEvent",
    "Distance",
    "Doubt",
    "Exchange",
    "FootCount",
    "Frames",
    "GaitError",
    "InputError",
    "Level",
    "Link",
    "LinkedBy",
    "Load",
    "LocationEntry",
    "Mark",
    "Measure",
    "Packet",
    "PastRun",
    "QualityFlag",
    "Read",
    "Reading",
    "Reason",
    "RedFlag",
    "Reference",
    "Samples",
    "SensorInfo",
    "SensorNote",
    "SessionItem",
    "Side",
    "SignAnswer",
    "SignFit",
    "SpeedBin",
    "StepCurve",
    "Strike",
    "Study",
    "Summary",
    "UsageError",
    "Week",
    "gear_text",
]
