"""The makers whose files are known. A new one is a module beside this one and a name here."""

from gait.recording.foreign.maker import Maker
from gait.recording.foreign.runscribe import RUNSCRIBE
from gait.recording.foreign.stryd import STRYD

MAKERS: tuple[Maker, ...] = (RUNSCRIBE, STRYD)
