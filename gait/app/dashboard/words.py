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
NOT_HERE = "This cannot be shown"
TO_ATHLETES = "To the athletes"
WENT_WRONG = (
    "Something went wrong in the program, and nothing more was done; what it was is in the "
    "terminal that gait dashboard runs in."
)
CLOSE, CANCEL = "Close", "Cancel"

# The roster, and who needs a look.
NOBODY = "Nobody is in the roster yet. Add an athlete, or drop an archive of another coach below."
NOBODY_FOUND = "Nobody here is called so. Leave the search empty to see everybody."
COUNT = "{shown} of {all} athletes; {looks} need a look today."
COUNT_NONE = "{shown} of {all} athletes; nobody needs a look today."
GROUP, EVERY_GROUP, MEMBERS = "Group", "Every group", "{name} ({count})"
ORDER = "Order"
BY_LOOK, BY_NAME, BY_LAST_RUN, BY_KM = (
    "who needs a look first",
    "name",
    "last run first",
    "most kilometres first",
)
NAME_COLUMN, GROUPS, LAST_RUN = "Name", "Groups", "Last run"
RECENT_KM, WHY_LOOK = "km in 4 weeks", "Why to look today"
EARLIER, LATER = "Previous", "Next"
PAGE_OF = "{first}–{last} of {all}"
UNKNOWN = "–"
ATHLETES_TABLE = "Athletes, with their last run and why to look at them"

FLAGGED = "A warning sign was answered with yes in the checkup of {day}; it comes before all else."
DIFFERENT = "The last run ({day}) was different from earlier ones: {what}."
IN_ONE_WAY = "in 1 way"
IN_WAYS = "in {count} ways"
HIGHER, LOWER = "{what} higher", "{what} lower"
MUCH_LONGER = (
    "The last run ({day}, {km:.1f} km) was {more:.0f} % longer than the longest of the {days} "
    "days before ({longest:.1f} km)."
)
WORN = "{shoe}: {says}."
QUIET = "No run for {days} days."
UNANSWERED = "{count} warning signs are not answered in the checkup of {day}."
