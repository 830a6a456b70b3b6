"""Which files, and which parts of them, are runs; the others are refused by what they are."""

from datetime import datetime, timedelta

import pytest
from foreign_files import (
    BEGIN,
    GPX,
    TCX,
    fit_file,
    fit_of_legs,
    fit_of_messages,
    gpx,
    gpx_point,
    tcx,
    watch_records,
)

from gait.model.history import ForeignRun
from gait.recording.foreign import NoRunError, read_foreign


def runs_of(tmp_path, content: str | bytes) -> list[ForeignRun]:
    path = tmp_path / "file"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_foreign(path)


def rates(runs: list[ForeignRun]) -> list[float]:
    return [m.value for run in runs for m in run.measures if m.name == "heart_rate_bpm"]


@pytest.mark.parametrize(
    ("sport", "sub_sport", "what"),
    [
        ("training", "yoga", "yoga"),
        ("training", "strength_training", "strength training"),
        ("training", "cardio_training", "cardio training"),
        ("training", "pilates", "pilates"),
        ("rowing", "generic", "rowing"),
        ("fitness_equipment", "indoor_rowing", "indoor rowing"),
        ("cycling", "indoor_cycling", "indoor cycling"),
        ("fitness_equipment", "indoor_cycling", "indoor cycling"),
        ("generic", "spin", "spinning"),
        ("fitness_equipment", "elliptical", "elliptical trainer"),
        ("fitness_equipment", "stair_climbing", "stair climbing"),
        ("cycling", "generic", "cycling"),
        ("swimming", "lap_swimming", "swimming"),
        ("cross_country_skiing", "generic", "cross-country skiing"),
        ("transition", "generic", "transition"),
    ],
)
def test_another_sport_is_called_by_its_name(tmp_path, sport, sub_sport, what):
    data = fit_of_legs([(sport, sub_sport, 600, 2.5, 120)])
    with pytest.raises(NoRunError) as caught:
        runs_of(tmp_path, data)
    assert f"is not on foot ({what}), so it is no run to keep" in str(caught.value)
    assert caught.value.what == what


@pytest.mark.parametrize(
    ("sport", "sub_sport"),
    [
        *(
            ("running", sub)
            for sub in ("generic", "treadmill", "trail", "track", "virtual_activity")
        ),
        *(("walking", "generic"), ("hiking", "generic"), ("fitness_equipment", "treadmill")),
        *(("training", "generic"), ("generic", "generic")),
    ],
)
def test_what_is_on_foot_or_can_be_is_kept(tmp_path, sport, sub_sport):
    (run,) = runs_of(tmp_path, fit_of_legs([(sport, sub_sport, 600, 2.5, 120)]))
    assert (run.duration_s, run.distance_m) == (600.0, 1500.0)
    untold = any("does not say what sport" in note for note in run.notes)
    assert untold == (sport in ("training", "generic") and sub_sport == "generic")


def test_a_sport_told_by_laps_only(tmp_path):
    data = fit_of_legs([("cycling", "generic", 600, 4.0, 120)], laps=True, sessions=False)
    with pytest.raises(NoRunError, match="not on foot \\(cycling\\)"):
        runs_of(tmp_path, data)
    data = fit_of_legs([("running", "generic", 600, 3.0, 120)], laps=True, sessions=False)
    (run,) = runs_of(tmp_path, data)
    assert run.distance_m == pytest.approx(3.0 * 599)


def test_a_sport_told_by_the_sport_message_only(tmp_path):
    records = [
        ("RECORD", {"timestamp": BEGIN + timedelta(seconds=i), "distance": 4.0 * i})
        for i in range(600)
    ]
    for sport in ("cycling", "running"):
        messages = [("FILE_ID", {"type": "activity"}), ("SPORT", {"sport": sport}), *records]
        end = {"timestamp": BEGIN + timedelta(seconds=600), "start_time": BEGIN}
        for session in ([], [("SESSION", end)], [("SESSION", {**end, "sport": "generic"})]):
            data = fit_of_messages([*messages, *session])
            if sport == "running":
                assert len(runs_of(tmp_path, data)) == 1
                continue
            with pytest.raises(NoRunError, match="not on foot \\(cycling\\)"):
                runs_of(tmp_path, data)


def test_a_bike_computer_that_says_nothing(tmp_path):
    data = fit_of_legs([("generic", "generic", 600, 4.0, 120)], product=1036)
    with pytest.raises(NoRunError, match="bike computer"):
        runs_of(tmp_path, data)
    data = fit_of_legs([("running", "generic", 600, 4.0, 120)], product=1036)
    assert len(runs_of(tmp_path, data)) == 1


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("course", "a planned course"),
        ("workout", "a planned workout"),
        ("settings", "settings of a device"),
        ("monitoring_b", "monitoring of a day"),
        ("weight", "of a scale"),
    ],
)
def test_a_file_that_is_no_activity(tmp_path, kind, what):
    data = fit_of_legs([("running", "generic", 60, 3.0, 120)], type=kind)
    with pytest.raises(NoRunError, match=f"is {what}, so there is no run in it"):
        runs_of(tmp_path, data)


PACE = [  # seconds, m/s, whether somebody can
    (7740, 42_000 / 7740, False),  # 42 km in 2:09:00
    (129, 42_000 / 129, False),
    (3 * 3600, 42_195 / (3 * 3600), True),
    (8400, 42_195 / 8400, True),  # 2:20
    (3660, 21_097 / 3660, True),  # 1:01
    (900, 5_000 / 900, True),
    (700, 5_000 / 700, False),
    (230, 1_500 / 230, True),
    (52, 400 / 52, True),
    (30, 400 / 30, False),
]


@pytest.mark.parametrize(("seconds", "speed", "can"), PACE)
def test_faster_than_anybody_is_no_run(tmp_path, seconds, speed, can):
    data = fit_of_legs([("running", "generic", seconds, speed, 150)])
    if can:
        assert len(runs_of(tmp_path, data)) == 1
        return
    with pytest.raises(NoRunError, match=r"km in [\d:]+, faster than anybody"):
        runs_of(tmp_path, data)


def test_a_ride_with_long_stops_told_as_a_run(tmp_path):
    """20 minutes at 9 m/s among an hour of standing: the whole would be slow enough."""
    legs = [("running", "generic", n, v, 120) for n, v in ((1800, 0.0), (1200, 9.0), (1800, 0.0))]
    data = fit_of_legs(legs, sessions=False)
    with pytest.raises(NoRunError, match=r"5\.4 km in 10:00"):
        runs_of(tmp_path, data)


def test_a_ride_that_does_not_say_so(tmp_path):
    with pytest.raises(NoRunError, match="moves as fast as a ride"):
        runs_of(tmp_path, fit_of_legs([("generic", "generic", 3600, 5.2, 120)]))
    downhill = [("generic", "generic", 3400, 3.0, 120), ("generic", "generic", 200, 10.0, 120)]
    with pytest.raises(NoRunError, match="moves as fast as a ride"):
        runs_of(tmp_path, fit_of_legs(downhill, sessions=False))
    with pytest.raises(NoRunError, match="neither distance nor steps"):
        runs_of(tmp_path, fit_of_legs([("generic", "generic", 600, 0.0, 120)]))


@pytest.mark.parametrize("cadence", [165, 86])
def test_steps_are_not_doubled_twice(tmp_path, cadence):
    records = [{**record, "cadence": cadence} for record in watch_records()]
    (run,) = runs_of(tmp_path, fit_file(records))
    (found,) = (m.value for m in run.measures if m.name == "cadence_spm")
    assert found == {165: 165.0, 86: 172.0}[cadence]
    assert any("was not doubled" in note for note in run.notes) == (cadence == 165)


RUN, BIKE, SWIM = "running", "cycling", "swimming"


def test_run_bike_run_is_two_runs(tmp_path):
    legs = [
        *((RUN, "generic", 600, 3.0, 150), ("transition", "generic", 60, 1.0, 130)),
        *((BIKE, "generic", 1800, 9.0, 120), ("transition", "generic", 60, 1.0, 131)),
        (RUN, "generic", 900, 2.5, 160),
    ]
    first, second = runs = runs_of(tmp_path, fit_of_legs(legs))
    assert rates(runs) == [150.0, 160.0]
    assert [(r.duration_s, r.distance_m) for r in runs] == [(600.0, 1800.0), (900.0, 2250.0)]
    assert [r.points for r in runs] == [600, 900]
    assert datetime.fromisoformat(first.started_at) == BEGIN
    assert datetime.fromisoformat(second.started_at) == BEGIN + timedelta(seconds=2520)
    assert first.key != second.key
    for run in runs:
        assert run.notes == ["Left out, as no run: transition, cycling."]


def test_a_triathlon_has_one_run(tmp_path):
    legs = [
        (SWIM, "open_water", 900, 0.9, 140),
        (BIKE, "generic", 3600, 10.0, 150),
        (RUN, "generic", 1200, 3.5, 170),
    ]
    (run,) = runs_of(tmp_path, fit_of_legs(legs))
    assert rates([run]) == [170.0]
    assert run.distance_m == 4200.0
    assert run.notes == ["Left out, as no run: open-water swimming, cycling."]


def test_chained_files_are_each_their_own(tmp_path):
    data = b"".join(
        fit_of_legs([(sport, "generic", 300, 3.0, rate)], begin=BEGIN + timedelta(hours=hour))
        for hour, (sport, rate) in enumerate([(RUN, 150), (BIKE, 120), (RUN, 160)])
    )
    runs = runs_of(tmp_path, data)
    assert rates(runs) == [150.0, 160.0]
    assert [datetime.fromisoformat(r.started_at) - BEGIN for r in runs] == [
        timedelta(0),
        timedelta(hours=2),
    ]


def test_a_leg_without_moments_is_kept_by_its_summary(tmp_path):
    when = {"timestamp": BEGIN + timedelta(seconds=600), "start_time": BEGIN}
    session = {**when, "sport": RUN, "total_timer_time": 580.0, "total_elapsed_time": 600.0}
    data = fit_of_messages(
        [("FILE_ID", {"type": "activity"}), ("SESSION", {**session, "total_distance": 1800.0})]
    )
    (run,) = runs_of(tmp_path, data)
    assert (run.duration_s, run.distance_m, run.measures) == (580.0, 1800.0, [])


def test_tcx_of_several_sports(tmp_path):
    one, other = (tcx(sport) for sport in ("Biking", "Running"))
    inner = other[other.index("<Activity ") : other.index("</Activities>")]
    both = one.replace("</Activities>", f"{inner}</Activities>")
    (run,) = runs_of(tmp_path, both)
    assert run.distance_m == 117.0
    assert run.notes == ["Left out, as no run: Biking."]
    multi = both.replace("<Activities>", "<Activities><MultiSportSession><FirstSport>")
    multi = multi.replace("</Activity><Activity", "</Activity></FirstSport><NextSport><Activity")
    multi = multi.replace("</Activities>", "</NextSport></MultiSportSession></Activities>")
    assert [r.distance_m for r in runs_of(tmp_path, multi)] == [117.0]


def test_gpx_of_several_tracks(tmp_path):
    ride, run = gpx("<type>cycling</type>"), gpx("<type>running</type>")
    track = run[run.index("<trk>") : run.index("</gpx>")]
    (found,) = runs_of(tmp_path, ride.replace("</gpx>", f"{track}</gpx>"))
    assert found.distance_m == pytest.approx(1852.0, rel=0.003)
    assert "Left out, as no run: cycling." in found.notes


def test_stravas_numbers_of_sports(tmp_path):
    assert len(runs_of(tmp_path, gpx("<type>9</type>"))) == 1
    with pytest.raises(NoRunError, match="not on foot \\(cycling\\)"):
        runs_of(tmp_path, gpx("<type>1</type>"))


def test_plans_in_xml(tmp_path):
    route = GPX.format(kind="", points="".join(gpx_point(i) for i in range(9)))
    route = route.replace("trkpt", "rtept").replace("<trk>", "<rte>").replace("</trk>", "</rte>")
    course = tcx().replace("Activities", "Courses").replace("Activity", "Course")
    untimed = GPX.format(kind="", points='<trkpt lat="48" lon="11"></trkpt>' * 9)
    for plan in (route.replace("trkseg", "x"), course, untimed):
        with pytest.raises(NoRunError, match="is a plan"):
            runs_of(tmp_path, plan)
    assert "<Course" in course
    assert TCX


@pytest.mark.parametrize(
    ("hours", "day"), [(9, "2026-05-18"), (-7, "2026-05-17"), (5.75, "2026-05-18")]
)
def test_the_time_is_that_of_the_place(tmp_path, hours, day):
    """At 20:00 UTC it is the next day in Japan and in Nepal."""
    begin = BEGIN.replace(hour=20)
    legs = [(RUN, "generic", 300, 3.0, 150)]
    (run,) = runs_of(tmp_path, fit_of_legs(legs, begin=begin, offset_s=round(3600 * hours)))
    began = datetime.fromisoformat(run.started_at)
    assert began == begin
    assert began.utcoffset() == timedelta(hours=hours)
    assert began.date().isoformat() == day
