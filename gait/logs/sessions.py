"""Which stretches of logs belong together in time, and so into one session."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from gait.logs.times import PAUSE_S, SHORT_S, Stretch, TimedLog
from gait.model import SensorInfo, Side
from gait.recording.stored_logs import LogKey, StoredSession

DOUBT_S = 5.0  # about the times of two logs of one shoe, as after a reboot


@dataclass(slots=True)
class Group:
    """What becomes one session: stretches in motion, short ones that are only kept with them, and
    sessions made before that they belong to."""

    stretches: list[Stretch] = field(default_factory=list)
    short: list[Stretch] = field(default_factory=list)
    stored: list[StoredSession] = field(default_factory=list)
    feet: dict[Side, str] = field(default_factory=dict)
    ended_s: dict[str, float] = field(default_factory=dict)  # by address
    last_s: float = -math.inf

    def takes(self, first_s: float, feet: Mapping[Side, str]) -> bool:
        """Whether what begins then belongs to it: there is no pause, no second sensor on a foot,
        none that changed feet, and none that would be at two times at once."""
        both = {*self.feet.items(), *feet.items()}
        fit = len({side for side, _ in both}) == len({address for _, address in both}) == len(both)
        over = all(first_s >= self.ended_s.get(a, first_s) - DOUBT_S for a in feet.values())
        return fit and over and first_s <= self.last_s + PAUSE_S

    def add(self, last_s: float, feet: Mapping[Side, str]) -> None:
        self.last_s = max(self.last_s, last_s)
        self.ended_s |= {a: max(last_s, self.ended_s.get(a, last_s)) for a in feet.values()}
        self.feet.update(feet)


def grouped(logs: Sequence[TimedLog], stored: Sequence[StoredSession]) -> list[Group]:
    """The sessions to be made of `logs`; those of `stored` that go into one are to be replaced."""
    short: list[Stretch] = []
    spans: list[tuple[float, float, Stretch | StoredSession]] = []
    groups: list[Group] = []
    for log in logs:
        moving, still = _told_apart(log.stretches())
        short += still
        if log.dated:
            spans += [(s.first_s, s.last_s, s) for s in moving]
        else:
            groups.append(Group(stretches=moving))
    for session in stored:
        began_s = session.logs.began_s
        if began_s is not None:
            spans.append((began_s, began_s + session.logs.lasts_s, session))
    spans.sort(key=lambda span: span[:2])
    groups += _joined(spans, {log.told.key for log in logs})
    groups = [group for group in groups if group.stretches]
    for stretch in short:
        _nearest(stretch, groups).short.append(stretch)
    return groups


def _told_apart(stretches: Sequence[Stretch]) -> tuple[list[Stretch], list[Stretch]]:
    """Those in motion, and the short ones; the longest is never taken for a short one."""
    longest = max(s.last_s - s.first_s for s in stretches)
    least = min(SHORT_S, longest)
    moving = [s for s in stretches if s.last_s - s.first_s >= least]
    return moving, [s for s in stretches if s not in moving]


def _sensors(what: Stretch | StoredSession, fresh: Set[LogKey]) -> list[SensorInfo]:
    """Whose packets it holds, but for those that were fetched once more."""
    if isinstance(what, Stretch):
        return [what.log.told.info]
    devices = {run.device for run in what.logs.runs if run.key not in fresh}
    return [what.session.sensors[device] for device in devices]


def _joined(
    spans: Sequence[tuple[float, float, Stretch | StoredSession]], fresh: Set[LogKey]
) -> list[Group]:
    groups: list[Group] = []
    for first_s, last_s, what in spans:
        feet = {info.side: info.address for info in _sensors(what, fresh)}
        group = next((g for g in reversed(groups) if g.takes(first_s, feet)), None)
        if group is None:
            group = Group()
            groups.append(group)
        group.add(last_s, feet)
        if isinstance(what, StoredSession):
            group.stored.append(what)
        else:
            group.stretches.append(what)
    return groups


def _nearest(short: Stretch, groups: Sequence[Group]) -> Group:
    """Where the stretch of the same log is that it lies next to."""
    others = [
        (abs(stretch.indices.start - short.indices.start), number)
        for number, group in enumerate(groups)
        for stretch in group.stretches
        if stretch.log is short.log
    ]
    return groups[min(others)[1]]
