"""The runner as a mass on a spring: the sine-wave model of Morin et al. 2005.

Force on the ground is taken as half a sine over contact, so contact and flight time are enough.
Against force plates stiffness came out 0.7–7 % low, from 3.3 m/s to sprints (Morin 2005). On
slopes the model does not hold (Meyer 2023). Stiffness was not linked to injury in 49 runners
over a year (Davis & Gruber 2021), so all of it is context.
"""

import math
from dataclasses import dataclass

from gait.model.units import STANDARD_GRAVITY_M_S2

G = STANDARD_GRAVITY_M_S2
LEG_PER_HEIGHT = 0.53


def vertical_oscillation_m(contact_s: float, flight_s: float) -> float:
    """How far the body's centre moves up and down in a step, m: sinking and flying together.

    flight_s : mean flight, half the stride time − contact. Where it is negative (both feet on
    the ground) the model does not hold, and the result is NaN.
    """
    if not flight_s >= 0.0:
        return math.nan
    # largest force in body weights: π/2 · (flight / contact + 1)
    sinks = G * contact_s * ((flight_s + contact_s) / (2.0 * math.pi) - contact_s / 8.0)
    return sinks + G * flight_s * flight_s / 8.0


@dataclass(frozen=True, slots=True)
class SpringMass:
    """Force in body weights, distances in m, stiffness in kN/m; NaN where the model fails."""

    force_bw: float
    compression_m: float
    vertical_kn_m: float
    leg_kn_m: float
    oscillation_m: float


def spring_mass(
    contact_s: float, flight_s: float, speed_m_s: float, mass_kg: float, height_m: float
) -> SpringMass:
    """The whole model for one runner. Leg length is taken as 0.53 × height."""
    force = 0.5 * math.pi * (flight_s / contact_s + 1.0)
    moves = vertical_oscillation_m(contact_s, flight_s)
    sinks = moves - G * flight_s**2 / 8.0
    weight_kn = 1e-3 * mass_kg * G
    leg = LEG_PER_HEIGHT * height_m
    sweep = leg**2 - (0.5 * speed_m_s * contact_s) ** 2
    shortens = leg - math.sqrt(sweep) + sinks if sweep > 0.0 else math.nan
    return SpringMass(
        force,
        sinks,
        weight_kn * force / sinks,
        weight_kn * force / shortens,
        moves,
    )
