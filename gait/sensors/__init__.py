"""Kinds of sensors: one codec module each, found by name or by the service they advertise.

A new kind is one new module that makes a `Profile`, and its entry in `PROFILES`.
"""

from collections.abc import Iterable

from gait.model import InputError
from gait.model.frames import Frames
from gait.sensors import shoegait
from gait.sensors.profile import Profile

PROFILES: dict[str, Profile] = {known.name: known for known in (shoegait.PROFILE,)}


def profile(name: str) -> Profile:
    """The profile called `name`, as in `SensorInfo.profile`. Raises InputError if unknown."""
    try:
        return PROFILES[name]
    except KeyError:
        raise InputError(
            f"The sensor profile {name!r} is not known here (known: {', '.join(PROFILES)}); "
            "update shoegait to read this recording."
        ) from None


def profile_of_services(uuids: Iterable[str]) -> Profile | None:
    """The profile whose service is among the advertised `uuids` (any case), or None."""
    advertised = {uuid.lower() for uuid in uuids}
    return next((known for known in PROFILES.values() if known.service_uuid in advertised), None)


__all__ = ["PROFILES", "Frames", "Profile", "profile", "profile_of_services"]
