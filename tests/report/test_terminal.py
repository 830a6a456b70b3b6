"""The summary on a terminal: what is said, in which order, and that nothing steers the terminal."""

import io

import pytest
from msgspec.structs import replace
from report_cases import assessment
from rich.console import Console

from gait.model import (
    Doubt,
    FootCount,
    Measure,
    Reference,
    SensorInfo,
    SensorNote,
    Side,
    Summary,
)
from gait.model.history import Load, Week
from gait.report.terminal import summary_text

BAND = Reference(kind="usual range", low=160, high=180, text="most runners", source="field guide")
HOSTILE = "evil [bold red]x[/] \x1b[2J\x1b]0;title\x07 \u202e<script>"


def measure(value, unit, label, n=120, **more):
    return Measure(
        value=value, unit=unit, label=label, n=n, uncertainty=2.0, quality="good", **more
    )


def nothing(unit, label, why_not):
    return Measure(value=None, unit=unit, label=label, n=0, why_not=why_not)


def foot(contact):
    return {
        "cadence_spm": measure(167.2, "steps/min", "Cadence", reference=BAND),
        "contact_ms": measure(contact, "ms", "Contact time"),
        "flight_ms": nothing("ms", "Flight time", "the other foot was not recorded"),
        "everted_pct": nothing("%", "Time rolled in", "no quiet standing"),
        "impact_g": replace(
            measure(9.2, "g", "Impact", n=5), quality="low", why_not="only 5 strides"
        ),
    }


def summary(**more):
    left = SensorNote(
        info=SensorInfo(side=Side.LEFT, rate_hz=400, acc_range_g=16, name="shoe L"),
        samples=24000,
        rate_measured_hz=399.8,
        packets=980,
        packets_lost=20,
        packets_bad=0,
        lost_s=1.2,
        clipped_pct=0.05,
        battery_pct=88,
        mounting_quality="good",
        notes=["late start"],
    )
    basics = {
        "software": "shoegait 0",
        "source": "easy.gait",
        "started_at": None,
        "duration_s": 3725.0,
        "activity_s": {"running": 3600.0, "walking": 0.0},
        "strides": {
            "left": FootCount(
                found=130,
                running=120,
                walking=3,
                left_out=7,
                left_out_why={"samples are missing inside this stride": 7},
            )
        },
        "sensors": [left],
        "clock_uncertainty_ms": 1.4,
        "measures": {
            "left": foot(251.6),
            "right": foot(262.4),
            "both": {"symmetry_contact_pct": measure(-4.2, "%", "Contact, left against right")},
        },
        "notes": ["The recording ends early."],
        "assessment": assessment(),
    }
    return Summary(**{**basics, **more})


def printed(told, width=80, **console):
    out = io.StringIO()
    summary_text(told, Console(file=out, width=width, **console), full=True)
    return out.getvalue()


def flat(text):
    """Without line breaks, so that a sentence is found wherever it wraps."""
    return " ".join(text.split())


def test_the_first_screen_comes_first_and_alone_where_no_more_is_asked_for():
    out = io.StringIO()
    summary_text(summary(), Console(file=out, width=80))
    text, whole = flat(out.getvalue()), flat(printed(summary()))
    assert text.startswith("60 min, cadence not measured (no reason was given).")
    assert "Before anything else" not in text
    assert "--full" in text
    assert whole.startswith("60 min, cadence not measured (no reason was given).")
    assert "--full" not in whole
    assert whole.index("From 120 strides.") < whole.index("Before anything else")


DOUBT = Doubt(
    check="side",
    side="left",
    sentence="This looks like the right shoe; analyse it with --side right.",
    what="this looks like the right shoe",
    spoils=["pronation_excursion_deg"],
)


def test_what_cannot_be_right_comes_before_the_sentences_and_once() -> None:
    told = flat(printed(replace(summary(), doubts=[DOUBT])))
    assert told.startswith(f"! {DOUBT.sentence}")
    assert told.count(DOUBT.sentence) == 1


def test_measures_stand_left_right_and_beside_their_reference():
    text = printed(summary())
    (_, line) = (line for line in text.splitlines() if line.startswith("Contact time"))
    assert line.split("(120)")[0].split() == ["Contact", "time", "252", "±", "2"]
    assert line.split("(120)")[1].split() == ["262", "±", "2"]
    assert line.split("(120)")[2].split() == ["ms"]
    cadence = next(line for line in text.splitlines() if line.startswith("Cadence"))
    assert "usual 160–180" in cadence
    assert "Contact, left against right: -4.2 %" in flat(text)


def test_what_is_missing_or_uncertain_is_said_with_its_reason():
    text = flat(printed(summary()))
    assert "Flight time: the other foot was not recorded" in text
    assert "Time rolled in: no quiet standing" in text
    assert "9.2 ± 2.0 (5) ?" in text
    assert "Impact: only 5 strides" in text
    assert " 0 (" not in text


def test_a_foot_that_alone_is_missing_is_named():
    measures = {**summary().measures}
    measures["right"] = {
        **foot(262.4),
        "contact_ms": nothing("ms", "Contact time", "gyroscope clipped"),
    }
    text = flat(printed(summary(measures=measures)))
    assert "Contact time (right): gyroscope clipped" in text
    assert "252 ± 2 (120) –" in text


def test_one_foot_and_walking_only():
    walking = {"walking_contact_ms": measure(640.0, "ms", "Contact time")}
    lines = printed(summary(measures={"left": walking, "right": {}, "both": {}})).splitlines()
    table = lines[next(i for i, line in enumerate(lines) if line.startswith("Walking")) :]
    assert table[1].split() == ["left", "unit", "typical"]
    assert "640 ± 2 (120)" in table[2]
    assert not any(line.startswith("Running") for line in lines)


def test_nothing_found():
    told = summary(
        measures={"left": {}, "right": {}, "both": {}},
        strides={},
        sensors=[],
        notes=[],
        activity_s={},
        assessment=None,
        duration_s=0.0,
    )
    text = printed(told)
    assert "easy.gait, 00:00 long" in text


def test_a_red_flag_comes_first_and_no_condition_carries_a_level():
    text = flat(printed(summary(assessment=assessment(answer=True))))
    assert "! Did you feel a pop? You answered yes." in text
    assert text.index("See a clinician the same day.") < text.index("Contact time")
    assert "Achilles" not in text
    assert "no condition carries a level" in text


def test_data_and_its_gaps():
    text = flat(printed(summary()))
    assert "1:02:05 long: running 1:00:00" in text
    assert "7 left out (7 because samples are missing inside this stride)" in text
    assert "400 Hz (measured 399.8), ±16 g, 20 of 1000 packets lost, 1.2 s missing" in text
    assert "± 1.4 ms" in text
    assert "! The recording ends early." in text


def lines_of(told):
    """Without the line that a heading is drawn with."""
    return [line.rstrip(" ─").strip() for line in printed(told).splitlines()]


def test_training_has_its_own_heading_and_weeks_only_where_there_are_two():
    weeks = [
        Week(begins=f"2026-05-{day:02d}", km=km, runs=2)
        for day, km in ((4, 21.04), (11, 30.0), (18, 8.5))
    ]
    load = Load(session_km=8.5, weeks=weeks, sentences=["You ran 8.5 km."])
    lines = lines_of(summary(load=load))
    heading = lines.index("Training")
    assert lines[heading + 1] == "· You ran 8.5 km."
    assert "21.0, 30.0, 8.5" in lines[heading + 2]
    one = printed(summary(load=replace(load, weeks=weeks[2:])))
    assert "Kilometres by week" not in one
    assert "Training" in one
    without = printed(summary())
    assert "Training" not in without
    assert "Against your own earlier runs" not in without
    compared = lines_of(summary(changes=[], change_notes=["Only one earlier run."]))
    heading = compared.index("Against your own earlier runs")
    assert compared[heading + 1] == "· Only one earlier run."


@pytest.mark.parametrize(
    ("more", "said", "not_said"),
    [
        ({"packets_bad": 3}, "3 packets not readable", "no gyroscope"),
        ({"packets_bad": 0}, "20 of 1000 packets lost", "not readable"),
        ({"packets": 0}, "mounting quality good", "packets lost"),
        ({"lost_s": 0.0}, "mounting quality good", "missing,"),
        ({"clipped_pct": 0.0}, "battery 88 %", "end of its range"),
        ({"clipped_pct": 1.26}, "1.3 % at the end of its range", "no gyroscope"),
        ({"battery_pct": None}, "mounting quality good", "battery"),
        ({"battery_pct": 0}, "battery 0 %", "no gyroscope"),
        ({"rate_measured_hz": None}, "400 Hz, ±16 g", "measured 4"),
    ],
)
def test_what_a_sensor_did_is_said_where_it_is_known(more, said, not_said):
    sensor = replace(summary().sensors[0], **more)
    text = flat(printed(summary(sensors=[sensor])))
    line = text[text.index("left sensor shoe L") : text.index("late start")]
    assert said in line
    assert not_said not in line


def test_a_sensor_says_its_ranges_or_that_it_has_no_gyroscope():
    info = SensorInfo(side=Side.RIGHT, rate_hz=104, acc_range_g=8, gyr_range_dps=500, name="")
    told = replace(summary().sensors[0], info=info)
    assert "right sensor, 104 Hz (measured 399.8), ±8 g, ±500 °/s," in flat(
        printed(summary(sensors=[told]))
    )
    blind = replace(told, info=replace(info, has_gyroscope=False))
    assert "±8 g, no gyroscope, 20 of 1000" in flat(printed(summary(sensors=[blind])))


@pytest.mark.parametrize("width", [60, 80, 200])
def test_lines_stay_within_the_width(width):
    text = printed(summary(), width=width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= min(width, 100)
    assert "\x1b" not in text


def test_no_colour_and_colour():
    environment = {"TERM": "xterm-256color"}
    plain = printed(summary(), force_terminal=True, no_color=True, _environ=environment)
    colour = printed(summary(), force_terminal=True, _environ=environment)
    assert "\x1b[3" not in plain.replace("\x1b[3m", "")
    assert "\x1b[" in colour


def test_hostile_text_is_printed_as_text():
    info = SensorInfo(side=Side.LEFT, rate_hz=400, name=HOSTILE)
    sensor = replace(summary().sensors[0], info=info, notes=[HOSTILE], mounting_quality=HOSTILE)
    measures = {"left": {"x": nothing("ms", HOSTILE, HOSTILE)}, "right": {}, "both": {}}
    text = printed(summary(source=HOSTILE, notes=[HOSTILE], sensors=[sensor], measures=measures))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[bold red]x[/]" in text


def test_words_that_must_not_be_said():
    text = flat(printed(summary())).lower().replace("not a diagnosis", "")
    for word in ("you have", "diagnos", "probability", "% risk"):
        assert word not in text
