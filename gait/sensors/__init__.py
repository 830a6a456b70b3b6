"""Kinds of sensors: one module each, found by name or by what they advertise.

A new kind is one new module that makes a `Profile`, and its entry in `PROFILES`; docs/sensors.md
goes through one from beginning to end.
"""

from collections.abc import Sequence

from gait.model import InputError, SensorInfo
from gait.model.packets import Frames
from gait.sensors import movella_dot, movesense, polar, running_pod, shoegait_profile, witmotion
from gait.sensors.profile import Profile

# A running pod comes last: whoever sends motion as well is known by that.
PROFILES: dict[str, Profile] = {
    known.PROFILE.name: known.PROFILE
    for known in (shoegait_profile, movesense, movella_dot, witmotion, polar, running_pod)
}


def profile(name: str) -> Profile:
    """The profile called `name`, as in `SensorInfo.profile`. Raises InputError if unknown."""
    try:
        return PROFILES[name]
    except KeyError:
        raise InputError(
            f"The sensor profile {name!r} is not known here (known: {', '.join(PROFILES)}); "
            "update shoegait to read this recording."
        ) from None


def recognised(name: str, services: Sequence[str]) -> Profile | None:
    """The profile of a device that advertises this name and these services, or None."""
    return next((known for known in PROFILES.values() if known.recognises(name, services)), None)


def only_tells(info: SensorInfo) -> bool:
    """Whether this sensor sends readings of its own and no samples; a table's sends samples."""
    kind = PROFILES.get(info.profile)
    return kind is not None and kind.decoder is None


__all__ = ["PROFILES", "Frames", "Profile", "only_tells", "profile", "recognised"]
