"""The words of a session's page; those of measures and of what a run says are the report's."""

TITLE = "{name}, {day}"
OF = "{time} recorded{far}{worn}"
FAR, WORN = ", {km:.2f} km", ", in {shoe}"
MORE_MEASURES = "{count} more measures"
STEP = "The average step"
STEP_MISSING = "There are too few running strides for an average step."
WHICH_CURVE = "Curve"

# What was told of it.
TOLD = "What you say of it"
NOTES = "Notes"
EFFORT = "Effort as felt, 0 to 10"
WHERE, INDOORS, OUTDOORS, NOT_SAID = "Where", "indoors", "outdoors", "not said"
SHOE, NO_SHOE = "Shoes", "not known"
SAVE = "Save"
SAVED = "edited the session of {day}"
NOTHING_NEW = "Nothing was changed."

# Buttons.
DO = "Do with it"
REPORT = "Open the report"
PDF = "Report as PDF"
EXPORTS = {"fit": "FIT file", "csv": "CSV", "parquet": "Parquet", "bids": "BIDS"}
WORKING = "Working on it …"
AGAIN = "Analyse again"
ANALYSED = "analysed the session of {day} again"
ANALYSED_NOW = "Analysed again."
DELETE = "Delete this session"
DELETED = "deleted the session of {day}"
FILE_STAYS = "The session is deleted; its recording stays where it is."
COMPARE = "Compare with another"
NO_RECORDING = (
    "The recording of this session is not kept here, so strides, report and exports cannot be "
    "made. What was measured stands above."
)
GONE = (
    "The recording is no longer at {path}. Put it back there, or import it again from where it "
    "is now; what was measured stands above."
)

# Strides over time.
STRIDES = "Strides over time"
READING = "Reading the recording and finding its strides …"
NO_STRIDES = "No usable strides were found in this recording."
MEASURE = "Measure"
FROM, TO = "From minute", "To minute"
ZOOM, WHOLE = "Zoom in", "Whole run"
HOW_TO_BRUSH = (
    "Draw over the picture, or write from which minute to which, to see the medians of that span."
)
SPAN = "{start:.1f} to {end:.1f} min"
SPAN_TABLE = "Medians of the span beside those of the whole run"
WHOLE_COLUMN, SPAN_COLUMN = "{side}, whole", "{side}, span"
IN_SPAN = "{n} running strides are in the span from minute {start:.1f} to {end:.1f}."
IN_SPAN_WALKING = "{n} walking strides are in the span from minute {start:.1f} to {end:.1f}."
BAD_SPAN = "Write numbers of minutes, the first smaller than the second."

# The map of quality.
QUALITY = "What was measured when"
QUALITY_LEAD = "Second by second from the first sample to the last, {time}."
STATES = (
    "no steps",
    "running, measured",
    "walking, measured",
    "steps that were left out",
    "no samples",
    "paused",
)
FOOT, MAP_TABLE = "Foot", "How long each foot was in which state"
SESSION = "Session"
TO_ATHLETE = "To {name}"
NO_CHANGES_YET = "There is no earlier run to compare this one with."
