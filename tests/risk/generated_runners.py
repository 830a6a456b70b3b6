"""Runs, earlier runs and profiles of any kind, for the properties of an assessment."""

import datetime
import json

from hypothesis import strategies as st
from naive_score import RAW

from gait.compare.baseline import Comparison
from gait.model import Change, Measure
from gait.risk import parse_profile

DAY = datetime.date(2026, 5, 17)
SPANS = {  # measure → what it may be
    "cadence_spm": (140, 190),
    "contact_ms": (180, 400),
    "duty_factor_pct": (25, 50),
    "strike_angle_deg": (-10, 30),
    "roll_at_ic_deg": (-20, 5),
    "roll_at_ic_standing_deg": (-20, 5),
    "pronation_excursion_deg": (2, 30),
    "pronation_velocity_deg_s": (100, 1600),
    "everted_pct": (0, 100),
    "impact_g": (3, 20),
    "speed_m_s": (2, 5),
    "symmetry_contact_pct": (-15, 15),
    "drift_contact_ms": (-30, 30),
    "stride_time_dfa_alpha": (0.4, 1.2),
}
OF_RUNNER = ("cadence_spm", "speed_m_s", "symmetry_contact_pct", "stride_time_dfa_alpha")
COMPARED = (  # with the runner's own earlier runs
    *("cadence_spm", "contact_ms", "strike_angle_deg", "pronation_excursion_deg"),
    *("pronation_velocity_deg_s", "everted_pct", "impact_g", "roll_at_ic_standing_deg"),
    *("roll_variability_deg", "symmetry_contact_pct", "duty_factor_pct"),
)


def measure(value, quality="good", why_not=None):
    return Measure(value=value, unit="", n=50, uncertainty=0.0, quality=quality, why_not=why_not)


def run(left=None, right=None, both=None):
    """Session measures of good quality from plain values."""
    feet = {"left": left or {}, "right": right or {}, "both": both or {}}
    return {s: {k: measure(v) for k, v in foot.items()} for s, foot in feet.items()}


def change(name, side, z, *, difference=None, counts=True, value=10.0):
    difference = z * 2.0 if difference is None else difference
    return Change(
        measure=name,
        side=side,
        unit="",
        value=value,
        usual=value - difference,
        difference=difference,
        smallest=abs(difference) / 2.0,
        z=z,
        runs=10,
        speed_m_s=3.0,
        seen_in=2 if counts else 1,
        counts=counts,
        text=f"Your {side} foot did otherwise in {name} than in ten earlier runs.",
    )


def measures():
    def foot():
        kinds = {
            name: st.builds(
                measure,
                st.one_of(st.none(), st.floats(*span)),
                st.sampled_from(["good", "fair", "low"]),
                st.sampled_from([None, "no gyroscope"]),
            )
            for name, span in SPANS.items()
        }
        return st.fixed_dictionaries({}, optional=kinds)

    return st.fixed_dictionaries({"left": foot(), "right": foot(), "both": foot()})


def comparisons():
    """What differs from the runner's own earlier runs: of a foot, or of the runner."""

    def changes(given_):
        of_one = {(n, "both" if n in OF_RUNNER else side): rest for n, side, *rest in given_}
        return Comparison(
            [change(n, side, z, counts=counts) for (n, side), (z, counts) in of_one.items()], [], 0
        )

    one = st.tuples(
        st.sampled_from(COMPARED),
        st.sampled_from(["left", "right"]),
        st.floats(-6, 6),
        st.booleans(),
    )
    return st.builds(changes, st.lists(one, max_size=8))


def profiles():
    """A profile as plain names and values; `profile_from` reads it."""
    yes = st.one_of(st.none(), st.booleans())
    pains = st.lists(
        st.fixed_dictionaries(
            {"where": st.sampled_from(list(RAW["locations"]))},
            optional={
                "side": st.sampled_from(["left", "right", "both"]),
                "level": st.integers(0, 5),
                "morning": st.booleans(),
                "onset": st.sampled_from(["sudden", "gradual"]),
            },
        ),
        max_size=2,
    )
    tests = st.dictionaries(
        st.sampled_from(["heel_raise"]),
        st.fixed_dictionaries({}, optional={s: st.just("hard") for s in ("left", "right")}),
    )
    injury = st.fixed_dictionaries(
        {"condition": st.sampled_from([k for k in RAW["conditions"] if k != "overall_overuse"])},
        optional={"months_ago": st.integers(0, 40), "side": st.sampled_from(["left", "right"])},
    )
    log = st.lists(st.tuples(st.integers(1, 200), st.floats(1, 30)), max_size=8)
    return st.fixed_dictionaries(
        {},
        optional={
            "pain": pains,
            "self_tests": tests,
            "session": st.builds(
                lambda km: {"date": str(DAY), "distance_km": km}, st.floats(1, 40)
            ),
            "training": st.builds(
                lambda runs: [
                    {"date": str(DAY - datetime.timedelta(days=d)), "distance_km": km}
                    for d, km in runs
                ],
                log,
            ),
            "history": st.fixed_dictionaries(
                {},
                optional={
                    "injured_last_12_months": yes,
                    "ankle_sprain": yes,
                    "bone_stress_injury": yes,
                    "injuries": st.lists(injury, max_size=2),
                },
            ),
            "shoes": st.fixed_dictionaries(
                {},
                optional={
                    "distance_km": st.floats(0, 2000),
                    "changed_within_4_weeks": yes,
                    "several_models": yes,
                },
            ),
            "body": st.fixed_dictionaries(
                {}, optional={"height_m": st.floats(1.5, 2.0), "mass_kg": st.floats(45, 110)}
            ),
        },
    )


def flags():
    asked = [key for key, flag in RAW["red_flags"].items() if "asked_as" not in flag]
    return st.dictionaries(st.sampled_from(asked), st.booleans(), max_size=3)


def profile_from(plain):
    return parse_profile(json.dumps(plain), "json")
