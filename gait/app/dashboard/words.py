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
