"""Sessions made up for the tests of the report: summaries and the strides that belong to them."""

import numpy as np

from gait.measures.aggregate import Foot
from gait.measures.session import activity_seconds, count_strides, session_measures
from gait.measures.table import empty_strides
from gait.model import (
    Activity,
    Advice,
    Assessment,
    Beside,
    CauseKind,
    Citation,
    ConditionFinding,
    Level,
    Link,
    LocationEntry,
    QualityFlag,
    Reason,
    RedFlag,
    SensorInfo,
    SensorNote,
    Side,
    Strike,
    Study,
    Summary,
)

HOSTILE = (
    "</style><script>alert(1)</script>\"'><img src=http://x.test/a onerror=b> \x1b[2J {{ 7*7 }}"
)

# measure → left, right, spread between strides
TYPICAL = {
    "contact_ms": (251.0, 263.0, 7.0),
    "strike_angle_deg": (11.0, 4.0, 2.5),
    "roll_at_ic_deg": (-5.0, -6.0, 1.5),
    "pronation_excursion_deg": (9.0, 14.0, 1.4),
    "pronation_velocity_deg_s": (310.0, 480.0, 40.0),
    "time_to_pronation_ms": (92.0, 101.0, 9.0),
    "flight_ms": (98.0, 91.0, 8.0),
    "impact_g": (9.0, 10.5, 1.1),
    "axial_g": (7.0, 8.1, 0.9),
    "braking_g": (4.0, 4.4, 0.6),
    "swing_height_m": (0.31, 0.33, 0.02),
}


def foot_strides(side, *, seconds, cadence=167.0, walking=False, start=12.0, seed=3):
    """Strides of one foot, one after the other, `seconds` long."""
    random = np.random.default_rng(seed + (side is Side.RIGHT))
    stride_s = 120.0 / cadence
    n = int(seconds / stride_s)
    strides = empty_strides(n)
    strides["side"] = side is Side.RIGHT
    strides["activity"] = Activity.WALK if walking else Activity.RUN
    strides["valid"] = True
    strides["strike"] = Strike.UNKNOWN
    strides["ic_s"] = start + stride_s * (np.arange(n) + 0.5 * (side is Side.RIGHT))
    strides["stride_s"] = stride_s * (1.0 + 0.01 * random.standard_normal(n))
    strides["cadence_spm"] = 120.0 / strides["stride_s"]
    strides["speed_m_s"] = (1.2 if walking else 3.0) + 0.05 * random.standard_normal(n)
    strides["stride_length_m"] = strides["speed_m_s"] * strides["stride_s"]
    column = int(side is Side.RIGHT)
    for name, values in TYPICAL.items():
        if not walking or name == "contact_ms":
            strides[name] = values[column] + values[2] * random.standard_normal(n)
    if walking:
        strides["contact_ms"] += 400.0
    else:
        angle = strides["strike_angle_deg"]
        strides["strike"] = np.where(angle > 8, 0, np.where(angle < -1.6, 2, 1))
    strides["duty_factor_pct"] = 0.1 * strides["contact_ms"] / strides["stride_s"]
    strides["tc_s"] = strides["ic_s"] + 1e-3 * strides["contact_ms"]
    return strides


def strides_of(*sides, seconds=60.0, **more):
    return np.concatenate(
        [empty_strides(), *(foot_strides(s, seconds=seconds, **more) for s in sides)]
    )


def spoil(strides, rows, why=QualityFlag.GAP):
    """Mark some strides as left out, as the measures do."""
    strides["valid"][rows] = False
    strides["why"][rows] = int(why)
    strides["contact_ms"][rows] = np.nan
    return strides


def sensor(side, **more):
    info = SensorInfo(
        side=side, rate_hz=400, acc_range_g=16, gyr_range_dps=2000, name=f"shoe {side}"
    )
    basics = {
        "info": info,
        "samples": 24000,
        "rate_measured_hz": 399.8,
        "packets": 980,
        "packets_lost": 20,
        "packets_bad": 0,
        "lost_s": 1.2,
        "clipped_pct": 0.05,
        "battery_pct": 88,
        "mounting_quality": "good",
        "notes": [],
    }
    return SensorNote(**{**basics, **more})


def reason(text, **more):
    basics = {
        "factor": "f",
        "text": text,
        "direction": "up",
        "size": 0.3,
        "grade": "B",
        "cites": ["luedke2016"],
        "found": "more in one cohort",
        "but": "not in another",
        "read": "abstract",
        "in_score": True,
    }
    return Reason(**{**basics, **more})


def finding(name, level, **more):
    basics = {
        "key": name,
        "name": name,
        "level": level,
        "level_low": None,
        "level_high": None,
        "uncertain": False,
        "score": 0.3,
        "explained": ["How you run +0.30."],
        "reasons": [],
        "against": [],
        "missing": ["training log", "previous injuries"],
        "would_help_most": "training log",
        "coverage": 0.4,
        "hurts_at": [],
        "site": "behind the heel",
        "cause_per_guide": "repeated load",
        "symptoms_per_guide": "stiff in the morning",
        "kinds_per_guide": ["Overuse"],
        "beside": [Beside(measure="impact_g", text="impact 14.0 g right", by="guide")],
        "signs": ["pain on tiptoe (left)"],
        "helps_per_guide": "what helps depends on the cause",
        "always_show": None,
        "summary_only": False,
    }
    return ConditionFinding(**{**basics, **more})


def assessment(answer=None, **more):
    questions = ("Did you feel a pop?", "Can you not take four steps?", "Is the calf hot?")
    flags = [
        RedFlag(
            key=f"q{i}",
            question=question,
            urgency="same day",
            what_to_do=f"See a clinician today about {i}.",
            cites=["pohl2009"],
            answer=answer if i == 0 else None,
        )
        for i, question in enumerate(questions)
    ]
    stop = answer is True
    level = Level.CONTEXT if stop else Level.WATCH
    watched = finding(
        "Achilles tendinopathy",
        level,
        level_low=None if stop else Level.NO_FLAG,
        level_high=None if stop else Level.WATCH,
        uncertain=not stop,
        reasons=[reason("cadence lower than expected", side="left")],
        against=[
            reason(
                "no link in a large study",
                direction="none",
                grade="N",
                cites=["gone2020"],
                in_score=False,
            )
        ],
        always_show="Also the shoe's heel counter.",
    )
    names = ("Ankle sprain", "Plantar fasciitis", "Shin splints", "Bursitis", "Stress fracture")
    basics = {
        "statement": "Information, not a diagnosis.",
        "table_version": "0.1",
        "red_flags": flags,
        "stop": stop,
        "first": ["See a clinician the same day."] if stop else [],
        "conditions": [watched, *(finding(n, Level.NOT_ENOUGH) for n in names)],
        "locations": [
            LocationEntry(
                key="heel",
                name="Back of the heel",
                hurts=False,
                causes=["bursitis"],
                from_sections=["nerve"],
                for_safety=["bone"],
                helps={"tight shoes": "other shoes"},
            )
        ],
        "links": [
            Link(
                measure="impact_g",
                text="impact of the shoe: 14.0 g",
                stands_out=["it is high"],
                guide=["Stress fracture"],
                studies=[],
                teaching=[],
            )
        ],
        "causes": [
            CauseKind(
                key="overuse",
                name="Overuse",
                says_per_guide="too much too soon",
                helps_per_guide="build up",
                known=["a session longer than usual: no"],
                grade="B",
                cites=["luedke2016"],
                found="seen",
                but="once",
            )
        ],
        "advice": [Advice(text="Build up gradually.", cites=["luedke2016"])],
        "larger_studies": [
            Study(topic="Stiffness", found="no link", but="few runners", cites=["luedke2016"])
        ],
        "citations": [
            Citation(key="luedke2016", ref="Luedke 2016", doi="10.1249/x", where="", read="part"),
            Citation(key="pohl2009", ref="Pohl 2009", doi=None, where="memory", read="unread"),
        ],
        "notes": ["One run is one run."],
    }
    return Assessment(**{**basics, **more})


def summary_of(strides, *sides, **more):
    """The summary as the way through makes it, around these strides."""
    notes = {side: sensor(side) for side in sides}
    duration_s = float(np.ptp(strides["ic_s"])) + 20.0 if len(strides) else 20.0
    feet = {side: Foot(note.info, note.mounting_quality) for side, note in notes.items()}
    basics = {
        "software": "shoegait 0",
        "source": "easy.gait",
        "started_at": "2026-05-03T07:30:00+02:00",
        "duration_s": duration_s,
        "activity_s": activity_seconds(strides, duration_s),
        "strides": {
            str(s): count_strides(strides[strides["side"] == (s is Side.RIGHT)]) for s in sides
        },
        "sensors": list(notes.values()),
        "clock_uncertainty_ms": 1.4 if len(sides) == 2 else None,
        "measures": session_measures(strides, feet),
        "notes": [],
        "assessment": assessment(),
    }
    return Summary(**{**basics, **more})
