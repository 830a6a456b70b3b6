"""Stryd: the CSV of its PowerCenter, and the developer fields its data field writes into FIT.

The CSV has one row a second; `Timestamp` is Unix time in seconds, power is by body mass, vertical
oscillation in cm, stiffness in kN/m. Columns as in public readers of these files (gchris79/Stryder
on GitHub), measures as in help.stryd.com, "Stryd Metrics". Which foot the "Balance" columns count
is said nowhere, so they are not taken.
"""

from collections.abc import Sequence

from gait.recording.foreign.maker import Column, Maker, RunTold, Table, last_known, steps_per_min

CADENCE = "cadence (spm)"
_COLUMNS = {
    "power (w/kg)": Column("power_w_kg", "W/kg"),
    "form power (w/kg)": Column("form_power_w_kg", "W/kg"),
    "air power (w/kg)": Column("air_power_w_kg", "W/kg", zero_is=True),
    "stryd speed (m/s)": Column("speed_m_s", "m/s"),
    "stiffness": Column("leg_stiffness_kn_m", "kN/m"),
    "ground time (ms)": Column("contact_ms", "ms"),
    CADENCE: Column("cadence_spm", "steps/min"),
    "vertical oscillation (cm)": Column("vertical_oscillation_mm", "mm", factor=10.0),
    "heart rate (bpm)": Column("heart_rate_bpm", "beats/min"),
}
_OWN = ("stryd speed (m/s)", "stryd distance (meters)", "form power (w/kg)", "stiffness/kg")


def _knows(header: Sequence[str]) -> bool:
    return "timestamp" in header and any(name in header for name in _OWN)


def _read(table: Table) -> RunTold:
    values = {name: column.factor * table.numbers(name) for name, column in _COLUMNS.items()}
    values[CADENCE], notes = steps_per_min(values[CADENCE], "Stryd's file")
    distance = last_known(table.numbers("stryd distance (meters)")) or last_known(
        table.numbers("watch distance (meters)")
    )
    return RunTold(
        "Stryd",
        table.numbers("timestamp"),
        [(column, values[name]) for name, column in _COLUMNS.items()],
        distance_m=distance,
        on_foot=True,
        notes=notes,
    )


STRYD = Maker(
    "Stryd",
    _knows,
    _read,
    fit_fields={
        "power": Column("power_w", "W"),
        "formpower": Column("form_power_w", "W"),
        "airpower": Column("air_power_w", "W", zero_is=True),
        "legspringstiffness": Column("leg_stiffness_kn_m", "kN/m"),
        "groundtime": Column("contact_ms", "ms"),
        "verticaloscillation": Column("vertical_oscillation_mm", "mm", factor=10.0),
        "cadence": Column("cadence_spm", "steps/min"),
    },
    fit_signs=frozenset({"formpower", "legspringstiffness", "groundtime"}),
    fit_applications=frozenset(
        (
            "660a581e5301460c8f2f034c8b6dc90f",  # Stryd
            "18fb2cf01a4b430dad66988c847421f4",  # Stryd Zones
        )
    ),
)
