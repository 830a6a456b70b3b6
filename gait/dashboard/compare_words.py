"""The words of the page that compares."""

LEAD = (
    "Two athletes, two periods of one athlete, or two sessions. Compared is only what both ran at "
    "the same speeds, so neither pace nor its mix makes a difference."
)
FIRST, SECOND = "First", "Second"
ATHLETE, FROM, TO = "{which} athlete", "{which} from day", "{which} to day"
SESSION, ALL_SESSIONS = "{which} session", "all sessions of these days"
ONE_SESSION = "{day}, {time}"
SHOW = "Show the differences"
NOBODY = "Nobody is in the roster yet."
CHOOSE = "Choose two athletes, or one athlete twice, and press “Show the differences”."
BAD_DAY = "{what} is no day; write it like 2026-05-31."
BETWEEN, ONE_DAY = "{name}, {since} to {until}", "{name}, {day}"
NO_SESSIONS = "{name}: there is no session in these days."
NOTHING_COMMON = (
    "There is no speed at which both have enough strides, so nothing can be compared. Choose "
    "more days, or sessions of a like pace."
)
RESULT = "At the same speeds"
WHICH = "First: {first}. Second: {second}."
RUNS = "{first} of the first, {second} of the second"
ONE_RUN, SOME_RUNS = "1 session", "{n} sessions"
HIGHER, LOWER = "higher", "lower"
BEYOND = "{label}{side} is {by} {word} in the second than in the first (± {uncertainty})."
NONE_BEYOND = (
    "No difference exceeds its uncertainty, which does not say that there is none: {count} "
    "measures were compared."
)
SIDE = ", {side},"
LABEL, DIFFERENCE, SPEEDS, IT_IS = "Measure", "Difference", "At m/s", "In words"
NO_MORE = "no difference beyond its uncertainty"
OTHER_GEAR = (
    "Not all of it was run in the same shoes with the same sensors in the same places. Angles and "
    "impact depend on these, so such a difference may come from them alone."
)
OTHER_PEOPLE = "Two people differ for many reasons; that one runs otherwise is not worse or better."
CURVES = "The average step, one over the other"
CURVES_OF = "First (lines): the session of {first}. Second (dotted): the session of {second}."
NO_CURVES = "There are too few running strides of both for an average step."
FIRST_FOOT, SECOND_FOOT = "first, {side}", "second, {side}"
