"""Athletes with all that is kept of them, in one SQLite file. Nothing here is needed to analyse
one recording.
"""

from gait.roster.archive import ArchivedSession, zip_directory_bytes
from gait.roster.athletes import Athlete
from gait.roster.checkups import Checkup
from gait.roster.diary import Goal, LoggedRun, Note
from gait.roster.foreign import ForeignPoint, KeptRun
from gait.roster.history import Lately, Standing, TrainingRun, TrainingWeek, TrendPoint
from gait.roster.restore import Health, Restored
from gait.roster.roster import Roster, roster_path
from gait.roster.sessions import Session, UsedSensor
from gait.roster.shoes import Shoe
from gait.roster.transfer import TakenIn
from gait.roster.undo import Change

__all__ = [
    "ArchivedSession",
    "Athlete",
    "Change",
    "Checkup",
    "ForeignPoint",
    "Goal",
    "Health",
    "KeptRun",
    "Lately",
    "LoggedRun",
    "Note",
    "Restored",
    "Roster",
    "Session",
    "Shoe",
    "Standing",
    "TakenIn",
    "TrainingRun",
    "TrainingWeek",
    "TrendPoint",
    "UsedSensor",
    "roster_path",
    "zip_directory_bytes",
]
