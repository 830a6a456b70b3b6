"""The words of the sentences and of the HTML report. Names in braces are filled in."""

from gait.model.assessment import Level

# The feet as data; `SIDE` has the words for them.
FEET = LEFT, RIGHT = "left", "right"
BOTH = "both"
SIDE = {"left": "left", "right": "right", "both": "both"}
AND = " and "
NOT_MEASURED = "not measured"
SECONDS, MINUTES, HOURS = "{s} s", "{m} min", "{h} h {m:02d} min"

# What cannot be right, before everything else.
DOUBTS = "Check this first"

# The first screen of a session.
NO_STEPS, BECAUSE = "No steps were found in {time} of recording", ": {why}"
RAN = "{far}"
WALKED = "{far} of walking and no running"
AT_LEAST, IN_ALL = "at least ", " in all"
ROUGHLY = "roughly "
CADENCE = "cadence {cadence}"
CADENCE_UNKNOWN = "cadence not measured ({why})"
USUAL_CADENCE = "Usual at this pace: {low} to {high}."
TOLD = "These are the sensor's own figures; it sends nothing to measure."
AND_WALKED = "Walking: {time}."
NOTHING_OUT = "Nothing stands out against your own earlier runs or between left and right."
NOTHING_OUT_YET = (
    "Nothing stands out between left and right. From the fifth run on, your own runs are compared."
)
ONE_SHOE_YET = "One shoe only, and no earlier runs: there is nothing to compare with yet."
CADENCE_LOW = "Cadence {cadence} is low for this pace; {low} to {high} is nothing unusual."
CADENCE_HIGH = "Cadence {cadence} is high for this pace; {low} to {high} is nothing unusual."
LONGER_THAN = "{km} km is {pct} % longer than your longest of the 30 days before ({longest} km)."
SIDES_DIFFER = {
    "symmetry_contact_pct": "Ground contact is {by} % longer on the {side} (± {within}).",
    "symmetry_pronation_excursion_deg": (
        "The {side} shoe rolls in {by}° more than the {other} (± {within})."
    ),
    "symmetry_impact_pct": "Impact is {by} % higher on the {side} (± {within}).",
}
HURTS_SHORT = "Where it hurts ({places}), by how the signs fit:"
MORE_CAN_BE = "{count} more can be behind it."
MORE_NOTES = "{count} more remarks on the recording stand under “Data”."
ABOUT = "≈ "
FROM_STRIDES = "From {count} strides."
MORE_MISSING = "{count} more are missing."
FULL_HINT = "All of it, with reasons: --full"
LOAD_NAMES = {"achilles": "Achilles and calf", "shin": "shin"}
LOAD_OF = "{name} {counts}"
LOAD_SHORT = "Load, in easy km for each km run: {what}."
LOAD_EASY = "Load: like easy running for {names}."
DO_CHECK = "Put that right first; the numbers may be wrong."
DO_RECORD = "Put that right and record again."
DO_BONES = "A bone can hurt there: answer the bone questions first, with `gait checkup`."
DO_SHORTER = "Keep the next runs to {km} km or less: a tenth above your longest of 30 days."
DO_HURTS = (
    "Run less, or not, while it hurts; have it seen if it makes you limp or does not get better."
)
DO_LASTS = (
    "It has lasted: ask whether shoes, ground or training changed, and whether anything hurts."
)
DO_AGAIN = "Record the next two runs in the same shoes: what is there again counts."
DO_TELL = "Tell us about past injuries and training: `gait checkup`, 5 minutes."
DO_NOTHING = "Nothing to change. Build up gradually."
NOT_ASKED_YET = "Not asked yet: {count} warning signs (`gait checkup`, 2 minutes)."
DO_HEADING = "Next"
STRUCTURES = "What it asked of your body"
LOADED = "Load, {name}: {says}"
NOT_KNOWN_WHY = "not known ({why})."
NO_REASON = "no reason was given"

# Against the runner's own earlier runs, and the training.
CHANGES = "Against your own earlier runs"
CHANGES_LEAD = (
    "Only runs in the same shoes and with the same sensors are compared, at the same speeds. A "
    "difference counts once it was there in two of the last three runs and the three together "
    "are further off than chance makes them. Hills, heat and tiredness change how you run, too."
)
CHANGE_SEEN = "{text}; it was so in {seen} of the last three runs."
NOTHING_CHANGED = (
    "Nothing lasting differs: {count} measures were compared with up to {runs} earlier runs."
)
CHANGE_ALONE = (
    "{what}: outside your usual, but by chance something is in most runs; it does not count yet."
)
OWN_RANGE = "your own: {ranges}"
USUAL_COLUMN, THIS_RUN_COLUMN, VERDICT_COLUMN = "Usual for you", "This run", "Difference"
USUAL = "{usual} ± {around} {unit}"
AS_USUAL = "as usual"
HIGHER, LOWER = "higher", "lower"
LASTS = "{word}, in {seen} of the last {of} runs"
ALONE = "{word} in this run; not counted"
TRAINING = "Training"
WEEKS = "Kilometres by week, this one last: {weeks}."
WEEK, RUNS, KM = "Week of", "Runs", "km"

# Before and after: two runs, or two groups of runs, of one runner.
BEFORE_AFTER_TITLE = "Before and after"
SAYS_BEFORE_AFTER = "What is different"
BEFORE, AFTER = "Before", "After"
COMPARED_RUNS = "Before: {before}. After: {after}."
RUNS_DATED = "{count} runs, {first} to {last}"
RUNS_UNDATED = "{count} runs"
DIFFERS = "{what} than before."
NOTHING_DIFFERS = "None of {count} measures differs by more than its uncertainty."
AT_SPEEDS = (
    "{count} measures were compared where both were at the same speeds, {low}–{high} m/s; by "
    "chance alone about one in twenty of them stands out."
)
NO_COMMON_SPEED = (
    "Nothing can be compared: too few running strides before and after were at the same speeds."
)
SAME_SPEEDS = "At the same speeds"
SAME_SPEEDS_LEAD = (
    "The value before, the value after, and after minus before with its uncertainty (95 %). "
    "Without the first three minutes of a run and the last, where it is long enough."
)
DIFFERENCE = "{by} ± {doubt} {unit}"
BEYOND_DOUBT = "more than its uncertainty"
WITHIN_DOUBT = "within its uncertainty"
TO_KNOW = "To know with it"
OTHER_GEAR = (
    "The shoes, the sensors or their places were not the same before and after; angles and impact "
    "depend on them."
)
SINGLE_RUN = (
    "One run does not show how much your runs differ by themselves; the uncertainty then rests on "
    "the least that runs differ by."
)
FOOT_MISSING = "The {side} foot was not recorded in every run."
STEPS_BEFORE_AFTER = "The average step, before and after"
NOTE_BEFORE_AFTER = "Grey, dashed: before; in colour: after."
RUNS_COMPARED = "The runs"
RUNS_COMPARED_LEAD = "Medians of the whole run, at its own speed."
RUN_COLUMN, RUN_COLUMNS = "Run", ("Time", "Distance", "Pace", "Steps a minute")
READING_BEFORE_AFTER = (
    (
        "The same speeds",
        "only: how one runs depends on how fast, so other strides are left out of the comparison.",
    ),
    (
        "Uncertainty",
        "is how far the difference may be off, with 95 % confidence, from how much runs and "
        "strides differ among themselves.",
    ),
    (
        "A difference",
        "is not better or worse. Hills, surface, heat, tiredness and shoes change how one runs, "
        "too.",
    ),
    (
        "Pronation and impact",
        "are those of the shoe. The heel bone inside moves less, and acceleration is not load.",
    ),
)

# The report.
NEEDS_PACKAGES = "The HTML report needs packages that are not installed; get them with:"
TITLE = "Running report"
WALKING_TITLE = "Walking report"
NOTHING_TITLE = "Gait report"
STATEMENT = (
    "This is information, not a diagnosis. It says what a sensor on the shoe measured and what "
    "is published about it. It does not replace someone who examines you."
)
LONG = "{time} recorded"
DATE_UNKNOWN = "date not recorded"
SAYS = "What this run says"
SAYS_NO_RUN = "What this recording says"
STOP = "Before anything else: a warning sign was answered with yes"
YES = "You answered yes."
UNANSWERED_TERMINAL = (
    "{count} of {of} warning-sign questions are not answered. They come before every result; "
    "read them in the report, or answer them with `gait checkup` or in a profile."
)
KEY_NUMBERS = "Key numbers"
PICTURES = "The run in pictures"
NO_PICTURES = "There are no pictures, as no usable strides were found."
COMPARISON = "Left and right"
COMPARISON_WALKING = "Left and right, walking"
MORE_MEASURES = "More measures ({count})"
PRINTED = "Printed in short: every measure, reason and source is in the file itself."
ASSESSMENT = "Warning signs and conditions"
NO_ASSESSMENT = "No assessment was made of this recording."
RED_FLAGS = "Warning signs"
RED_FLAG_LEAD = (
    "These questions come before every result. Any yes: do what stands below it, whatever the "
    "rest of this page says. Most are general teaching; no clinician has reviewed them yet."
)
RED_FLAG_PRINTED = (
    "These questions come before every result. What to do for each is in the file; “same day” "
    "means a clinician today, at once where it is bad. Most are general teaching; no clinician "
    "has reviewed them yet."
)
ANSWERS = {True: "yes", False: "no", None: "not answered"}
URGENCY = "If yes: {urgency}"
CONDITIONS = "Conditions"
CONDITIONS_LEAD = (
    "For each condition: what speaks for it, what speaks against it, and what is not known. "
    "A signed number is how much a reason counts. A level is not a likelihood. How you run never "
    "reaches the highest level alone."
)
STOPPED = "A warning sign was answered with yes, so no condition carries a level."
ASK_FIRST = (
    "A bone can hurt there. Before anything is judged of it, answer these {count} (`gait checkup`):"
)
HURTS_AT = (
    "It hurts here: {places}. What can be behind it, first what fits the signs that tell one from "
    "the other, else in the guide's order:"
)
TELLS_APART = "Tells it from others: {what}."
FITS = "Fits as well: {what}."
SPEAKS_AGAINST = "Speaks against: {what}."
ANSWERED_NO = "no to “{what}”"
SPOT_ELSEWHERE = "it hurts elsewhere ({what})"
NOT_SO = "Not so: {what}."
NOT_ASKED = "Not asked: {what}."
ODDS = "What raises the odds of getting it, which says little about a pain that is there: {level}."
ODDS_UNKNOWN = "What raises the odds of getting it is not judged: too little is known."
NOT_JUDGED_ONE_LINE = "{count} conditions: not judged, {why}. `gait evidence` lists them."
NO_HISTORY, TOO_LITTLE = "no history", "too little is known"
LINKED_READING = "by our reading of the guide"
ALSO_TOLD = "You also told, and the field guide names it with none of these: {what}."
TOLD_STOPPED = "For whoever looks at it, you also told: {what}."
ELSEWHERE = "And elsewhere, in the field guide's order:"
WITH_LEVEL = "Worth watching, in the field guide's order:"
HURTS = "It hurts where this can be a cause: {places}."
THIS_RUN = "What this run shows of it"
REASONS = "Speaks for it"
AGAINST = "Speaks against it"
TESTED_HEADING = "Tested, with no clear link; never counted"
TESTED = "Tested, with no clear link, so never counted: {what}."
FOUND, BUT = "Found:", "but"
GENERAL = "any overuse injury"
GENERAL_ELSEWHERE = " (any overuse injury; see “Overuse in general”)"
STANDS_OUT = "stands out: {what}"
NOT_COUNTED = "not counted:"
MORE_REASONS = "and {count} more in the report"
LEVEL_BECAUSE = "How the level came about"
LEVELS_HEADING = "What the levels mean"
LEVEL_NAMES = {
    Level.NO_FLAG: "no flag",
    Level.WATCH: "watch",
    Level.ELEVATED: "elevated",
    Level.NOT_ENOUGH: "not enough information",
    Level.GENERAL_LOAD: "general load only",
    Level.CONTEXT: "context only",
}
LEVELS = {
    Level.NO_FLAG: "enough is known, and little of it speaks for it",
    Level.WATCH: "something speaks for it; worth watching",
    Level.ELEVATED: "well-supported reasons come together; worth acting on",
    Level.NOT_ENOUGH: "too little is known for a level",
    Level.GENERAL_LOAD: "load or earlier injuries hold, nothing about this condition itself",
    Level.CONTEXT: "nothing about running speaks for or against it",
}
OTHER_READING = "other readings of the same studies: {levels}"
LINKS = "What this run shows, and the conditions it is linked to"
LINKS_LEAD = (
    "A link is no finding: it says where the field guide, or a study, looks. Whether a value is "
    "unusual stands beside it; whether that matters stands under each condition."
)
LINKED_GUIDE = "the guide links it to"
LINKED_STUDIES = "studies looked at"
LINKED_TEACHING = "general teaching, not verified"
CAUSES = "The field guide's five kinds of causes, and what is known of you"
CAUSE_SAYS = "The guide: {says}."
CAUSE_HELPS = "What helps, as it says: {helps}."
CAUSE_FOUND = "Studies (grade {grade}): {found}; but {but}."
ADVICE = "What you can do"
ADVICE_LEAD = "Load, gradual change, comfort, shoes, and whom to see; nothing else."
LARGER_STUDIES = "What larger studies found of running measures"
KINDS = "Kinds of causes, in the field guide"
SIGNS_TERMINAL = "What you told, and where else the field guide names it (never counted)"
TOLD_SIGNS = "The field guide names with it (never counted) what you told: {what}."
MISSING_INPUT = "Not known"
HELPS_MOST = "What would help most to know: {what}"
COVERAGE = "{pct} % of the evidence that counts is known for this runner."
SITE = "Where"
CAUSE = "Cause, in the field guide"
SYMPTOMS = "Symptoms, in the field guide"
HELPS = "What usually helps, in the field guide"
LOCATION_HELPS = "for {cause}, the guide says: {helps}"
SIGNS = "What you told that the field guide names with it (never counted)"
GRADE = "grade {grade}"
CONTEXT_ONLY = "context only, not counted"
NOT_ENOUGH = Level.NOT_ENOUGH
GENERAL_LOAD = Level.GENERAL_LOAD  # its reasons stand under overuse in general
NO_REASONS = "Nothing that is known of this runner speaks for it."
LOCATIONS = "Where it hurts, and what can be behind it"
LOCATIONS_LEAD = "In the field guide's order. Not ranked by how you run."
LOCATION_SECTIONS = "in the guide's own section on it: {what}"
LOCATION_SAFETY = "added for safety: {what}"
LOCATION_HURTS = "it hurts here"
CITATIONS = "Sources"
DATA = "Sensors and data"
STRIDES_FOUND = "Strides found"
STRIDES_RUNNING = "usable, running"
STRIDES_WALKING = "usable, walking"
LEFT_OUT = "left out"
LEFT_OUT_WHY = "{count} × {why}"
SENSOR = "Sensor"
RATE = "Samples a second"
RATE_MEASURED = "{rate} ({measured} measured)"
RANGES = "Ranges"
RANGES_UNKNOWN = "the sensor does not say"
NO_GYROSCOPE = "no gyroscope"
PACKETS = "Packets lost"
PACKETS_LOST = "{lost} of {sent}"
PACKETS_BAD = "Packets not readable"
LOST_TIME = "Time missing"
CLIPPED = "At the end of its range"
BATTERY = "Battery"
MOUNTING = "How well the mounting is known"
REMARKS = "Remarks"
CLOCKS = "The clocks of the two shoes agree within ± {ms} ms."
UNNAMED = "unnamed"
NO_SENSORS = "No sensor was recorded."
HOW_TO_READ = "How to read this"
READING = (
    ("Values", "are medians over the strides of one foot; ± is how far they may be off (95 %)."),
    (
        "Uncertainty",
        "is how far the value may be off, with 95 % confidence, the method's own error included.",
    ),
    (
        "Quality",
        "is good with many strides and a well-known mounting, low with few strides or where the "
        "mounting is not known well.",
    ),
    (
        "“Not measured”",
        "means just that. It is neither zero nor normal, and the reason stands beside it.",
    ),
    (
        "A range beside a value",
        "is context, not a target: what most runners do, or what is published for this speed. "
        "“Provisional” means that no norm is published.",
    ),
    (
        "Pronation and impact",
        "are those of the shoe. The heel bone inside moves less, and acceleration is not load.",
    ),
)
MEASURES_EXPLAINED = "What each measure is"
MADE_BY = "Made by {software} from {source}. Everything stayed on this machine."

# The table of measures.
MEASURE, BESIDE = "Measure", "Beside it"
STRIDES = "{n} strides"
UNCERTAINTY = "± {value}"
VARIES = "strides vary by {spread}"
QUALITIES = {
    "good": "good quality",
    "fair": "fair quality",
    "low": "low quality",
    "none": NOT_MEASURED,
}
REFERENCES = {
    "expectation": "expected",
    "usual range": "usual",
    "provisional": "provisional",
    "own baseline": "your own",
}
BETWEEN, FROM, UP_TO = "{low}–{high}", "from {low}", "up to {high}"
MEDIAN_NOTE_TERMINAL = "Typical stride ± accuracy (number of strides)."
ONE_MORE = "1 more measure is in the report and in the JSON summary."
MORE_MEASURED = "{count} more measures are in the report and in the JSON summary."
MEDIAN_NOTE = "Typical stride ± accuracy."
AGAINST_NOTE = (
    "“Left–right” is above zero where the left is larger. A difference or change within "
    "its uncertainty is none."
)
GROUPS = {
    "pace": "Pace",
    "contact": "Contact and flight",
    "foot": "Foot",
    "impact": "Impact",
    "spring": "Up and down",
    "symmetry": "Left against right",
    "variability": "From stride to stride",
    "drift": "Change over the run, at the same speed",
}

# The pictures: title, axes, and what a reader who does not see it is told.
MINUTES_AXIS = "minutes since the first step"
SECONDS_AXIS = "seconds since the first step"
SHARE_AXIS = "% of strides"
RUNNING_PICTURES = {
    "cadence_spm": ("Cadence over time", "steps a minute"),
    "contact_ms": ("Contact time over time", "ms"),
    "speed_m_s": ("Speed over time", "m/s"),
    "pronation_excursion_deg": ("Pronation", "degrees the shoe rolled inward"),
    "impact_g": ("Impact", "largest acceleration after contact, g"),
    "strike_angle_deg": ("Foot strike", "degrees the toes pointed up at contact"),
}
WALKING_PICTURES = {
    "cadence_spm": ("Walking cadence over time", "steps a minute"),
    "contact_ms": ("Walking contact time over time", "ms"),
    "speed_m_s": ("Walking speed over time", "m/s"),
}
BAND_LABEL = "Green: {low}–{high}, where most runners are."
EXPECTED_LABEL = "Dashed: {low}–{high}, {whom}."
STRIKES = {0: "rearfoot", 1: "midfoot", 2: "forefoot"}
STRIKE_SHARES = "{side}: {shares}."
STRIKE_BOUNDS = "Dashed: forefoot below {low}°, rearfoot above {high}°."
STRIKE_SHARE = "{pct} % {strike}"
ALT_OVER_TIME = "Line over {time}. {feet}."
ALT_DISTRIBUTION = "Distribution over strides. {feet}."
ALT_FOOT = "{side} foot: median {median}, nine in ten from {low} to {high}, {n} strides"
NOTE_BINNED = "A point is the median of {seconds} s, the shade its middle half."
NOTE_STRIDES = "A point is a stride."
NOTE_DISTRIBUTION = "The marks on top are the medians."
NOTE_OUTSIDE = "Strides outside the picture: {n}."
NOTE_OWN = "The bars above: usual in your own earlier runs."
ALT_OWN = "Usual for you, {side}: {low} to {high}."
STEP_PICTURES = {
    "tilt": ("Average step: tilt", "degrees, toes up +"),
    "roll": ("Average step: roll", "degrees, inward +"),
    "shake": ("Average step: shaking", "g, in all directions"),
}
STEP_AXIS = "% of the way from one contact to the next"
NOTE_STEP = "Line: mean; shade: ± one standard deviation. Strides: {strides}."
NOTE_STANCE = "While the foot is on the ground; in swing a roll angle means nothing."
NOTE_TOE_OFF = "Dashed: foot off the ground."
ALT_STEP = "Line over one stride, from contact to contact. {curves}."
OF_FOOT = "{what}, {foot}"
NUMBERS, FROM_TIME, FROM_TO = "Numbers", "from", "from {start} to {end}"
RECORDED_AXIS = "minutes since the recording began"
SHARE_OF = "{side}, %"
DAY = "Day"
ALT_TREND = "{side} from {first} ({since}) to {last} ({until}), {n} sessions"
ALT_CURVE = "{name}: highest {high} at {high_at} %, lowest {low} at {low_at} %"
