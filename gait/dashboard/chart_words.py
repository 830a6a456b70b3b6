"""The words of the pictures to look into; those shared with the report are its own."""

MINUTES = "minutes since the recording began"
MINUTE = "from minute"
SPAN = "from {start} to {end}"
NO_STRIDES = "No stride of this span has it."
PERCENT_OF_STRIDE = "% of the stride, from contact to contact"
CURVES = {
    "tilt": ("Tilt", "how far the toes point up, against the middle of the stance."),
    "roll": ("Roll", "how far the shoe is rolled inward, against the middle of the stance."),
    "shake": ("Shaking", "the acceleration of the shoe."),
}
CURVE = "{name} between {low} and {high} {unit}, highest at {at} % of the stride, {n} strides"
DAY = "Day"
UNCERTAINTY = "uncertainty"
TREND = "{side} from {first} {unit} ({since}) to {last} {unit} ({until}), {n} sessions"
