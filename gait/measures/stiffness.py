"""Leg stiffness of a session, from its contact time, stride time and speed and the body."""

import math

from msgspec.structs import replace

from gait.measures.aggregate import Z95, worst
from gait.measures.session_table import LEG_STIFFNESS
from gait.measures.spring import spring_mass
from gait.model.history import Body
from gait.model.summary import Measure

MODEL_SD_PCT = 3.5  # 0.7–7 % below force plates (Morin 2005)


def leg_stiffness(contact: Measure, cadence: Measure, speed: Measure, body: Body | None) -> Measure:
    """From one foot's contact time (ms), cadence (steps/min), the runner's speed and body.

    The errors of contact time and speed are carried through the model.
    """
    blank = LEG_STIFFNESS.blank(contact.n)
    if body is None or body.mass_kg is None or body.height_m is None:
        return replace(blank, why_not="needs body mass and height")
    mass, height = body.mass_kg, body.height_m
    values = contact.value, cadence.value, speed.value
    if values[0] is None or values[1] is None or values[2] is None:
        missing = next(m for m in (contact, cadence, speed) if m.value is None)
        return replace(blank, why_not=missing.why_not)
    contact_s, step_s, speed_m_s = 1e-3 * values[0], 60.0 / values[1], values[2]

    def stiffness(more_contact_s: float = 0.0, more_speed: float = 0.0) -> float:
        longer = contact_s + more_contact_s
        return spring_mass(longer, step_s - longer, speed_m_s + more_speed, mass, height).leg_kn_m

    value = stiffness()
    off = (
        stiffness(1e-3 * (contact.uncertainty or 0.0)) - value,
        stiffness(more_speed=speed.uncertainty or 0.0) - value,
        Z95 * 0.01 * MODEL_SD_PCT * value,
    )
    uncertainty = math.hypot(*off)
    if not math.isfinite(uncertainty):
        return replace(blank, why_not="the model does not hold: there is no flight between steps")
    worse = worst([contact, cadence, speed])
    return replace(
        blank, value=value, uncertainty=uncertainty, quality=worse.quality, why_not=worse.why_not
    )
