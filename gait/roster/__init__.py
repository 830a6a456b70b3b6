"""Athletes with all that is kept of them, in one SQLite file. Nothing here is needed to analyse
one recording.
"""

from gait.roster.athletes import Athlete
from gait.roster.checkups import Checkup
from gait.roster.roster import Roster, roster_path

__all__ = ["Athlete", "Checkup", "Roster", "roster_path"]
