"""The words of the dashboard's pages; those of measures and of the report are where they belong."""

NAME = "shoegait"
ATHLETES, COMPARE, LIVE = "Athletes", "Compare", "Live"
MAIN_NAVIGATION = "Main"
SKIP = "Skip to the content"
FIND = "Find an athlete ( / )"
UNDO = "Undo: {did}"
UNDONE = "Undone: {did}"
COLOURS, COLOURS_WHAT = "Colours: {which}", "Light or dark"
AS_SYSTEM, ALWAYS_LIGHT, ALWAYS_DARK = "as the system", "light", "dark"
NO_PAGE = "There is no page at this address."
NOT_HERE = "This cannot be shown"
TO_ATHLETES = "To the athletes"
WENT_WRONG = (
    "Something went wrong in the program, and nothing more was done; what it was is in the "
    "terminal that gait dashboard runs in."
)
CLOSE, CANCEL = "Close", "Cancel"

# The roster, and who needs a look.
NOBODY = "Nobody is in the roster yet. Add an athlete, or drop an archive of another coach below."
NOBODY_FOUND = "No athlete matches “{find}”. Clear the search to see everybody."
COUNT = "{looks} of {shown} athletes need a look today."
COUNT_NONE = "None of {shown} athletes needs a look today."
GROUP, EVERY_GROUP, MEMBERS = "Group", "Every group", "{name} ({count})"
ORDER = "Order"
BY_LOOK, BY_NAME, BY_LAST_RUN, BY_KM = (
    "who needs a look first",
    "name",
    "last run first",
    "most kilometres first",
)
NAME_COLUMN, GROUPS, LAST_RUN = "Name", "Groups", "Last run"
RECENT_KM, WHY_LOOK, STATUS = "km in 4 weeks", "Needs attention", "Against own runs"
EARLIER, LATER = "Previous", "Next"
PAGE_OF = "{first}–{last} of {all}"
ATHLETES_TABLE = "Athletes, with their last run and why to look at them"

KINDS = {"alarm": "Warning sign", "changed": "Changed", "look": "Look", "note": ""}
FLAGGED = "Checkup {day}: {signs} {do}"
TODAY = "today"
TODAY_PAGE, TODAY_TITLE = "Today", "Today, {day}"
NO_NEWS = "There was no run for four weeks."
OTHERS_TODAY = "Nothing to look at today ({count})"
TO_RUN = "The run of {day}"
SPARK = "{what}, as measured in the last {count} runs; the shaded band is the own range."
THIS_WEEK = "This week {km:.1f} km in {runs} runs"
LONGEST_30 = "; longest run of the 30 days before the last: {km:.1f} km"
TRY_EXAMPLES = "Try with example athletes"
EXAMPLES_LEAD = (
    "Three virtual runners with nine runs each, of whom one has changed. Delete them like anybody."
)
MAKING_EXAMPLES = "Making example runs; this takes about a minute …"
DIFFERENT = "{day}: {what}."
DIFFERENT_ONCE = "{day} alone: {what}. See whether it is there again."
FINDING = "{what} {value}, usually {usual}"
MUCH_LONGER = (
    "{day}: {km:.1f} km, {more:.0f} % longer than the longest of the {days} days before "
    "({longest:.1f} km)."
)
WORN = "{shoe}: {says}."
QUIET = "No run for {days} days."
UNANSWERED = "{count} warning signs are not answered in the checkup of {day}."

# Trends.
NEW_SHOES, PAIN_MARK, INJURY_MARK = "other shoes: {shoe}", "pain: {where}", "injury over: {what}"
OTHER_INJURY = "another one"
MARK = "{letter}: {day}, {what}"


def sided(what: str, side: str | None) -> str:
    """A place or an injury with its side, where that is known."""
    return f"{what}, {side}" if side else what


TRENDS, MEASURE, VALUES, TIME = "Trends", "Measure", "Values", "Time"
AT_USUAL_SPEED, AS_IT_WAS = "at their usual speed", "at any speed"
WEEKS_12, WEEKS_26, WEEKS_52, WEEKS_104 = "12 weeks", "26 weeks", "1 year", "2 years"
NO_TRENDS = "There is no session yet, so there is nothing to show."
NO_VALUES = "No session of that time has a value."
SPEED_OF_TREND = (
    "Each run's value at {speed:.1f} m/s ({pace}), where half of their strides are slower."
)
BAND = (
    "The band is what is usual for them in the shoes and with the sensors of the last run; a "
    "single run outside of it is no change yet."
)
NO_BAND = (
    "There is no usual range yet: it takes five runs over two weeks in the same shoes and with "
    "the same sensors."
)
NOT_AT_SPEED = (
    "No run of that time has enough strides at one speed, so this is the median of each session "
    "at any speed."
)
OF_OTHERS = (
    "Hollow marks are what other makers' devices told. They measure in another way, so only their "
    "own course says something, not their distance from the other lines."
)
AS_MEASURED = "as measured"
MEASURED_OUTSIDE = (
    "{day}, {side}: as measured it is outside the own range, adjusted to pace inside. The pace "
    "explains part of it; look at the run."
)
ADJUSTED_OUTSIDE = (
    "{day}, {side}: as measured it is inside the own range, adjusted to pace outside. The pace "
    "hides part of it; look at the run."
)
AT_ANY_SPEED = "The median of each session, whatever its speed was; thin lines are its uncertainty."

# The athlete's page.
ATHLETE = "Athlete"
BODY_HEIGHT, BODY_MASS, BORN_IN, IN_GROUPS = "{:.2f} m", "{:g} kg", "born {}", "in {}"
NOTHING_KNOWN = "nothing more is known"
ADD, SAVE, EDIT, DELETE, LOG = "Add", "Save", "Edit", "Delete", "Log"
DO_WHAT = "{do}: {what}"
ADD_ATHLETE, EDIT_ATHLETE, EDIT_WHAT = "Add an athlete", "Edit {name}", "Edit {what}"
ADDED, EDITED, DELETED = "added {name}", "edited {name}", "deleted {what}"
NAME_FIELD, GROUPS_FIELD = "Name", "Groups, with commas between them"
BODY_OPTIONAL = (
    "All of the following is optional; it shifts what is expected at a speed, little else."
)
HEIGHT_FIELD, MASS_FIELD, BORN_FIELD = "Height in m", "Mass in kg", "Year of birth"
SEX_FIELD, UNKNOWN_SEX, FEMALE, MALE = "Norms for", "unknown", "female", "male"
DAY, NO_DAY = "Day", "Say which day, such as 2026-05-17."

TRAINING, LOG_RUN = "Weeks of training", "Log a run by hand"
WEEK_OF, KM, RUNS, LONGEST, KM_BAR = "Week of", "km", "Runs", "Longest", "km as a bar"
BAR_EXPLAINED = "The dark part of a bar is the longest run of that week."
AT_LEAST = "at least "
KM_FIELD, MINUTES_FIELD, SHOE, NO_SHOE = "Distance in km", "Time in minutes", "Shoes", "not said"
LOGGED, UNLOGGED = "logged the run of {day}", "deleted the logged run of {day}"
BY_MAKER = "from {maker}"
SOME_KM, SOME_MINUTES = "{km:g} km", "{minutes:g} min"
MORE_LOGGED = "and {count} logged before"
FROM_MAKER = "{maker}, from {source}"
NOT_COUNTED = "Its distance is not counted, as the same time is in a session or another file."

SESSIONS, DURATION, IT_WAS, NOTES = "Sessions", "Time", "It was", "Notes"
NO_SESSIONS = "No session yet. Drop some below."

SHOES, ADD_SHOE, NO_SHOES = "Shoes", "Add a pair", "No shoes yet."
MODEL_FIELD, SINCE_FIELD = "What they are called", "First run in them"
KM_BEFORE_FIELD, IN_USE = "km run in them before", "in use"
RETIRE, RETIRED = "Retire", "retired {shoe}"
SHOE_LINE, SHOE_SINCE, SHOE_RETIRED = "{shoe}: {km} km", "since {day}", "retired {day}"

DIARY, GOALS = "Notes and goals", "Goals"
NOTE_FIELD, ADD_NOTE, GOAL_FIELD, SET_GOAL, DUE_FIELD = (
    "Something worth remembering",
    "Add the note",
    "What is aimed at",
    "Set the goal",
    "By when, if at all",
)
NOTED, NOTE_DELETED, MORE_NOTES = "added a note", "deleted a note", "and {count} older ones"
GOAL_SET, GOAL_DELETED, GOAL_REACHED = "set a goal", "deleted a goal", "reached a goal"
REACHED, GOAL_DUE, GOAL_REACHED_ON = "Reached", "by {day}", "reached {day}"

# The checkup.
CHECKUP, TAKE_CHECKUP = "Checkup", "Take a checkup"
NO_CHECKUP = (
    "No checkup yet. It asks for warning signs, pain, earlier injuries and training, and makes "
    "what a run says worth more."
)
CHECKUP_OF = "The latest is of {day}: {answered} of {asked} questions are answered."
CHECKUP_WHOSE, CHECKUP_TAKEN = "Checkup of {name}", "answered the checkup of {day}"
QUESTION_OF = "{section} · question {number} of about {about}"
ALL_QUESTIONS, NOT_ANSWERED = "All questions and answers", "– not answered"
SKIP_QUESTION, BACK, SKIP_SECTION = "Skip", "Back", "Skip the rest of this part"
TAKE_BACK, END_HERE = "Take the answer back", "Save and end here"
FIRST_OF_ALL = "First of all"
YES_TO = "{question} Yes."
OTHERS_CAN_WAIT = "The other questions can wait. Everything that was answered is kept."
GO_ON, LAST_QUESTION, BACK_TO = (
    "Go on with the questions",
    "That was the last question",
    "To {name}",
)
YES, NO, UNSURE = "Yes", "No", "Not sure"
THESE, THESE_ANSWERS, NO_TO_ALL, ANSWER = "These", "Keep these answers", "No to all", "Answer"
ONE_LINE, NUMBER_IN, OR = "One line", "A number in {units}", " or "
NUMBER_FROM = "A number from {low:g} to {high:g}"
RUN_A_LINE = "A run a line: date and distance"

# A person as a whole.
MORE, DOWNLOAD = "More", "Download an archive for another coach"
DOWNLOAD_ALL = "Download an archive with the recordings"
MERGE_MORE, DELETE_MORE = "Merge with another entry …", "Delete this person …"
MERGE, MERGE_INTO, SAME_PERSON = (
    "Merge",
    "Merge another entry into {name}",
    "Who is the same person",
)
MERGE_EXPLAINED = (
    "Everything of the other entry becomes that of {name}, who keeps their name and what is known "
    "of them. Shoes of the same name become one pair."
)
SAY_WHO, MERGED = "Choose who is the same person.", "merged {other} into {name}"
DELETE_PERSON, DELETE_FOR_GOOD = "Delete {name}", "Delete for good"
DELETES = "This deletes {name} with {what}."
NO_UNDO = (
    "It cannot be undone: no trace stays in the roster's file, and what could be undone so far is "
    "forgotten, too."
)
DELETE_FILES = "Delete their {count} session files, too"
TYPE_NAME, NAME_NOT_TYPED = (
    "Type {name} to do it",
    "The name was typed differently; nothing was done.",
)
DELETING, PERSON_DELETED = "Deleting every trace …", "Deleted: {name}."

# Import by drop.
ADD_SESSIONS, ADD_ARCHIVE = "Add sessions", "Take in an archive"
DROP_SESSIONS = (
    "Session files (.gait, .jsonl, .jsonl.gz), IMU tables (.csv, .csv.gz, .parquet), runs of a "
    "watch, RunScribe or Stryd (.fit, .tcx, .gpx, .csv, or a .zip of them such as Garmin's and "
    "Strava's), or an archive of another coach; several at once. Session files are copied."
)
DROP_ARCHIVES = "Athlete file from another coach. To add runs, open the athlete."
DROP, CHOOSE = "Drop files here, or", "Choose files"
TABLES, TABLES_BEGAN = "IMU tables", "When the run of the tables began"
TABLES_EXPLAINED = (
    "A table does not say when it was made: say so here before you drop it. Its name must have "
    "left or right in it; two that are called alike otherwise are one run. Tables are analysed "
    "and not copied, so keep them."
)
PROGRESS = "How far the files are"
TOO_LARGE = "{name} is larger than {most} MB; it was not taken."
UPLOAD_FAILED = "A file did not come through; drop it again."
WHOSE = "{name} is a recording; drop it on the page of whose it is."
KEPT, KNOWN = "{name}: kept.", "{name}: was kept before."
RUNS_KEPT = "{name}: {kept} runs kept, {known} kept before."
IMPORTED, TOOK_IN = "added {count} sessions", "took in {name}"
ARCHIVE_NEW = "Added: {name}; {new} of {sessions} sessions are new."
ARCHIVE_KNOWN = "Brought up to date: {name}; {new} of {sessions} sessions are new."
NAMED_ANEW = (
    "Somebody else has that name here, so it is {name}. If it is the same person, merge them on "
    "their page."
)
ELSEWHERE = "{count} sessions are another athlete's here and were left out."
CHECKUP_ON, DELETE_CHECKUP = "Checkup of {day}", "Delete the checkup of {day}"
ASSESSED = "Of the last session, {day}, beside the latest checkup and all that is known of before."

# A session's page; the words of measures and of what a run says are the report's.
SESSION_TITLE = "{name}, {day}"
SESSION_OF = "{time} recorded{far}{worn}"
FAR, IN_SHOE = ", {km:.2f} km", ", in {shoe}"
STEP = "The average step"
STEP_MISSING = "There are too few running strides for an average step."
STEP_EXPLAINED = (
    "Tilt is how far the toes point up, roll how far the shoe is rolled inward, both against the "
    "middle of the stance; shaking is the acceleration of the shoe."
)

# What was told of it.
SESSION_NOTES = "What you say of it"
EFFORT = "Effort as felt, 0 to 10"
RUN_WHERE, INDOORS, OUTDOORS, NOT_SAID = "Where", "indoors", "outdoors", "not said"
SHOE_UNKNOWN = "not known"
SESSION_SAVED = "edited the session of {day}"

# Buttons.
EVERY_MEASURE = "Every measure that was compared"
SESSION_BEFORE, SESSION_AFTER = "← {day}", "{day} →"
FIRST_QUESTIONS = "{count} questions would change most"
FIRST_QUESTIONS_LEAD = "One key or one click each; what is left out stays unknown."
ANSWERED_FIRST = "answered: {question}"
REPORT = "Open the report"
PDF = "Report as PDF"
# GPX is made of places, and there is no track to take them from here.
EXPORTS = {
    **{"fit": "FIT file", "tcx": "TCX file"},
    **{"csv": "CSV", "parquet": "Parquet", "bids": "BIDS"},
}
WORKING = "Working on it …"
AGAIN = "Analyse again"
ANALYSED = "analysed the session of {day} again"
ANALYSED_NOW = "Analysed again."
DELETE_SESSION = "Delete this session"
SESSION_DELETED = "deleted the session of {day}"
FILE_STAYS = "The session is deleted; its recording stays where it is."
COMPARE_SESSION = "Compare with another"
NO_RECORDING = (
    "The recording of this session is not kept here, so strides, report and exports cannot be "
    "made. What was measured stands above."
)
GONE = (
    "The recording is no longer at {path}. Put it back there, or import it again from where it "
    "is now; what was measured stands above."
)

# Strides over time.
STRIDES_OVER_TIME = "Strides over time"
READING = "Reading the recording and finding its strides …"
NO_STRIDES = "No usable strides were found in this recording."
FROM_MINUTE, TO_MINUTE = "From minute", "To minute"
ZOOM, WHOLE = "Zoom in", "Whole run"
HOW_TO_BRUSH = (
    "Draw over the picture, or write from which minute to which, to see the medians of that span."
)
SPAN_TABLE = "Medians of the span beside those of the whole run"
WHOLE_COLUMN, SPAN_COLUMN = "{side}, whole", "{side}, span"
IN_SPAN = "{n} running strides are in the span from minute {start:.1f} to {end:.1f}."
IN_SPAN_WALKING = "{n} walking strides are in the span from minute {start:.1f} to {end:.1f}."
BAD_SPAN = "Write numbers of minutes, the first smaller than the second."

# The map of quality.
MEASURED_WHEN = "What was measured when"
MEASURED_WHEN_LEAD = "Second by second from the first sample to the last, {time}."
QUALITIES = (
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

# The page that compares.
COMPARE_LEAD = (
    "Two athletes, two periods of one athlete, or two sessions. Compared is only what both ran at "
    "the same speeds, so neither pace nor its mix makes a difference."
)
FIRST, SECOND = "First", "Second"
GROUP_ATHLETE, GROUP_FROM, GROUP_TO = "{which} athlete", "{which} from day", "{which} to day"
GROUP_SESSION, ALL_SESSIONS = "{which} session", "all sessions of these days"
ONE_SESSION = "{day}, {time}"
SHOW_DIFFERENCES = "Show the differences"
COMPARE_NOBODY = "Nobody is in the roster yet."
COMPARE_CHOOSE = "Choose two athletes, or one athlete twice, and press “Show the differences”."
BAD_DAY = "{what} is no day; write it like 2026-05-31."
BETWEEN_DAYS, ONE_DAY = "{name}, {since} to {until}", "{name}, {day}"
GROUP_EMPTY = "{name}: there is no session in these days."
NOTHING_COMMON = (
    "There is no speed at which both have enough strides, so nothing can be compared. Choose "
    "more days, or sessions of a like pace."
)
AT_SAME_SPEEDS = "At the same speeds"
COMPARED = "First: {first}. Second: {second}."
COMPARED_RUNS = "{first} of the first, {second} of the second"
ONE_RUN, SOME_RUNS = "1 session", "{n} sessions"
IS_HIGHER, IS_LOWER = "higher", "lower"
BEYOND = "{label}{side} is {by} {word} in the second than in the first (± {uncertainty})."
NONE_BEYOND = (
    "No difference exceeds its uncertainty, which does not say that there is none: {count} "
    "measures were compared."
)
OF_SIDE = ", {side},"
DIFFERENCE, SPEEDS, IT_IS = "Difference", "At m/s", "In words"
NO_MORE = "no difference beyond its uncertainty"
OTHER_GEAR = (
    "Not all of it was run in the same shoes with the same sensors in the same places. Angles and "
    "impact depend on these, so such a difference may come from them alone."
)
OTHER_PEOPLE = "Two people differ for many reasons; that one runs otherwise is not worse or better."
CURVES = "The average step, one over the other"
CURVES_OF = (
    "First (grey, dashed): the session of {first}. Second (in colour): the session of {second}."
)
NO_CURVES = "There are too few running strides of both for an average step."

# Runs that are being recorded.
LIVE_LEAD = "Recordings that are being made now in {folders}; they appear here by themselves."
LIVE_NOTHING = (
    "Nothing is being recorded there now. Start one on this machine, such as "
    "gait record {folder}/run.gait, and it appears here."
)
LOADING = "Loading the step detector …"
WAITING = "waiting for the first packets"
STEPS_A_MINUTE = "steps a minute"
NOT_YET = "no cadence yet"
ELAPSED, DISTANCE, PACE = "Time", "Distance", "Pace"
SO_MANY_KM, AT_LEAST_KM = "{km:.2f} km", "at least {km:.2f} km"
PAUSED = "paused"
LINK = "Link"
LOST = "{state}, {pct:.1f} % lost"
BATTERY = "Battery"
PERCENT = "{pct} %"
DRIFT = "Since the first minutes: {what}."
FINISHED = "This recording has ended."
CUT_OFF = "Nothing was written to this recording for {seconds} s; it may have been cut off."
KEEP = "Keep it in the roster"
LIVE_WHOSE = "Whose run it was"
LIVE_NOBODY = "Add an athlete first, then keep it from here."
LIVE_CHOOSE = "Say whose run it was."
LIVE_KEPT = "kept the session of {day}"
LIVE_KEPT_ALREADY = "It is in the roster."
TO_SESSION = "To the session"
CANNOT_SHOW = "It cannot be shown: {why}"
