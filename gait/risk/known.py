"""What a runner's profile says about each input of the evidence table. Unknown stays None."""

import datetime
from dataclasses import dataclass, field
from statistics import median

from gait.risk.load import distances, longest_before
from gait.risk.profile import History, RunnerProfile, TrainingSession

WINDOW_DAYS = 28
WINDOWS_BEFORE = 5  # windows of 28 days, so the log must reach back about half a year
LEAST_SPREAD = 0.10  # of the usual distance, so that a very even log does not flag a trifle


@dataclass(frozen=True, slots=True)
class Known:
    """`values` by input (bool, ratio, z or amount); `numbers` for the words of a reason."""

    values: dict[str, float | bool | None] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    earlier: frozenset[str | None] | None = None  # conditions of a complete list of injuries
    log_without_recent: bool = False  # a log is there, but no run in the 30 days before
    uncertain_km: float | None = None  # of this session's distance, where the sensor measured it
    at_least: bool = False  # this session was farther

    def value(self, name: str, condition: str) -> float | bool | None:
        """The value of an input, None where it is not known."""
        if name == "same_condition":
            return None if self.earlier is None else _listed(condition, self.earlier)
        return self.values.get(name)


def what_is_known(profile: RunnerProfile | None) -> Known:
    """The inputs that a profile answers."""
    if profile is None:
        return Known()
    values: dict[str, float | bool | None] = dict(_history(profile.history))
    numbers: dict[str, float] = {}
    shoes = profile.shoes
    values["shoe_changed"], values["shoe_rotation"] = (
        shoes.changed_within_4_weeks,
        shoes.several_models,
    )
    _amount("shoe_km", shoes.distance_km, values, numbers)
    body = profile.body
    if body.height_m and body.mass_kg:
        _amount("bmi", body.mass_kg / body.height_m**2, values, numbers)
    _load(profile, values, numbers)
    injuries = profile.history.injuries
    earlier = None if injuries is None else frozenset(injury.condition for injury in injuries)
    return Known(
        values,
        numbers,
        earlier,
        longest_before(profile) == 0.0,
        profile.session.uncertain_km,
        profile.session.at_least,
    )


def _amount(
    name: str,
    value: float | None,
    values: dict[str, float | bool | None],
    numbers: dict[str, float],
) -> None:
    values[name] = value
    if value is not None:
        numbers[name] = value


def _history(history: History) -> dict[str, bool | None]:
    """A yes, or an injury that says so, is a yes; a complete list without it is a no."""
    injuries = history.injuries
    if injuries is None:
        return {
            "injured_last_12_months": history.injured_last_12_months,
            "ankle_sprain": history.ankle_sprain,
            "bone_stress_injury": history.bone_stress_injury,
        }
    undated = any(injury.months_ago is None for injury in injuries)
    recent = any(i.months_ago is not None and i.months_ago <= 12.0 for i in injuries)
    named = frozenset(injury.condition for injury in injuries)
    return {
        "injured_last_12_months": _either(
            history.injured_last_12_months, True if recent else None if undated else False
        ),
        "ankle_sprain": _either(history.ankle_sprain, _listed("ankle_sprain", named)),
        "bone_stress_injury": _either(
            history.bone_stress_injury, _listed("stress_fracture", named)
        ),
    }


def _listed(condition: str, named: frozenset[str | None]) -> bool | None:
    """Whether a list of injuries names a condition; unknown where an entry names none."""
    if condition in named:
        return True
    return None if None in named else False


def _either(answer: bool | None, listed: bool | None) -> bool | None:
    if answer or listed:
        return True
    return listed if answer is None else answer


def _load(
    profile: RunnerProfile, values: dict[str, float | bool | None], numbers: dict[str, float]
) -> None:
    session, log = profile.session, profile.training
    if session.distance_km is None:
        return
    longest = longest_before(profile)
    if longest:
        values["session_ratio"] = session.distance_km / longest
        numbers["session_km"], numbers["longest_km"] = session.distance_km, longest
        numbers["more_pct"] = 100.0 * (session.distance_km / longest - 1.0)
    if session.date is None or log is None:
        return
    before = [run for run in log if run.date < session.date]
    if before:
        _own_load(
            [*before, TrainingSession(date=session.date, distance_km=session.distance_km)],
            values,
            numbers,
        )


def _own_load(
    runs: list[TrainingSession],
    values: dict[str, float | bool | None],
    numbers: dict[str, float],
) -> None:
    """The last 28 days against the windows of 28 days before, where the log reaches that far."""
    last = max(run.date for run in runs)
    ends = [last + datetime.timedelta(days=1 - WINDOW_DAYS * i) for i in range(WINDOWS_BEFORE + 1)]
    if not distances(runs, ends[-1], WINDOW_DAYS):
        return
    recent, *usual = (sum(distances(runs, end, WINDOW_DAYS)) for end in ends)
    middle = median(usual)
    spread = 1.4826 * median(abs(km - middle) for km in usual)
    if middle > 0.0:
        values["distance_z"] = (recent - middle) / max(spread, LEAST_SPREAD * middle)
        numbers["recent_km"], numbers["usual_km"] = recent, middle
