"""What others rely on, written down once and by hand."""

# the first columns of the stride table, in this order
STRIDE_COLUMNS = [
    "side",
    "activity",
    "ic_s",
    "tc_s",
    "stride_s",
    "contact_ms",
    "flight_ms",
    "cadence_spm",
    "strike_angle_deg",
    "strike",
    "roll_at_ic_deg",
    "pronation_excursion_deg",
    "pronation_velocity_deg_s",
    "time_to_pronation_ms",
    "impact_g",
    "braking_g",
    "stride_length_m",
    "speed_m_s",
    "valid",
    "why",
]
