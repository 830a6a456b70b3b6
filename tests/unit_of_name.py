"""The unit that the name of a measure ends in, wherever it comes from."""

UNIT_OF_ENDING = {
    "_bpm": "beats/min",
    "_spm": "steps/min",
    "_ms": "ms",
    "_s": "s",
    "_m_s": "m/s",
    "_m_s2": "m/s²",
    "_m": "m",
    "_mm": "mm",
    "_cm": "cm",
    "_deg": "°",
    "_deg_s": "°/s",
    "_g": "g",
    "_g_s": "g/s",
    "_w": "W",
    "_w_kg": "W/kg",
    "_kn_m": "kN/m",
    "_bw_s": "BW/s",
    "_pct": "%",
    "_type": "",
}


def unit_of(name: str) -> str:
    """By the longest ending: metres a second are no seconds."""
    return UNIT_OF_ENDING[max((e for e in UNIT_OF_ENDING if name.endswith(e)), key=len)]
