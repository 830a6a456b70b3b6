"""The sentences of the evidence table by key, and what each may fill in.

Their text is in `evidence.yaml`; a key that is missing there, or a name that is not here, is
refused with the line.
"""

# A name in braces: something of the kind that is filled in.
_TEXT = "x"
_NUMBER = 1.0

_PLAIN = (
    *("one_run", "own_baseline", "no_profile", "no_running", "stop", "norms"),
    *("this_speed", "this_speed_and_height", "both_feet", "no_reason_given"),
    *("nothing_counts", "general_only", "general_only_here", "reading_same"),
    "helps_depends",
)
SENTENCES: dict[str, dict[str, str | float]] = {
    **{key: {} for key in _PLAIN},
    "provisional": {"name": _TEXT, "mean": _NUMBER, "sd": _NUMBER, "basis": _TEXT},
    "provisionals": {"references": _TEXT},
    "soon": {"urgency": _TEXT, "what_to_do": _TEXT},
    "why_unknown": {"missing": _TEXT, "why": _TEXT},
    "low_quality": {"missing": _TEXT, "why": _TEXT},
    "no_speed": {"missing": _TEXT},
    "other_foot": {"missing": _TEXT, "side": _TEXT},
    "no_session_before": {"missing": _TEXT},
    "more_runs": {"missing": _TEXT, "count": _NUMBER},
    "not_compared": {"missing": _TEXT},
    "session_at_least": {"text": _TEXT},
    "session_uncertain": {"text": _TEXT, "by": _NUMBER},
    "against": {"name": _TEXT, "found": _TEXT},
    "measured_foot": {"side": _TEXT, "value": _TEXT},
    "measured_own": {"value": _TEXT, "usual": _TEXT},
    "provisional_beside": {"mean": _NUMBER, "sd": _NUMBER},
    "norm_beside": {"expected": _NUMBER, "sd": _NUMBER, "situation": _TEXT},
    "measured": {"name": _TEXT, "values": _TEXT},
    "measured_beside": {"name": _TEXT, "values": _TEXT, "beside": _TEXT},
    "not_measured": {"name": _TEXT, "why": _TEXT},
    "one_foot": {"side": _TEXT},
    "known_not": {"name": _TEXT},
    "self_test": {"name": _TEXT, "results": _TEXT},
    "not_known": {"missing": _TEXT},
    "counts": {"parts": _TEXT},
    "counts_together": {"parts": _TEXT, "score": _NUMBER},
    "part": {"group": _TEXT, "size": _NUMBER},
    "part_capped": {"group": _TEXT, "size": _NUMBER, "cap": _NUMBER},
    "held": {"own": _NUMBER},
    "boundaries": {"watch": _NUMBER, "elevated": _NUMBER},
    "not_enough": {"pct": _NUMBER, "least": _NUMBER},
    "reading_low": {"low": _TEXT},
    "reading_high": {"high": _TEXT},
    "reading_both": {"low": _TEXT, "high": _TEXT},
    "helps_with": {"kind": _TEXT, "helps": _TEXT},
    "sign_elsewhere": {"sign": _TEXT},
    "sign_of_side": {"sign": _TEXT, "side": _TEXT},
}
