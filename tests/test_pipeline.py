"""The whole way through: blocks of any size, loss, truth, and what the summary says."""

import jsonschema
import msgspec
import numpy as np
import pytest
from virtual_run import same_strides, session, truth_of

from gait.model import InputError, Mark, Packet, QualityFlag, Side
from gait.model.packets import PAUSE, RESUME
from gait.pipeline import Pipeline, analyze_items, analyze_samples, summarise
from gait.recording import read_table, write_table
from gait.report.schema import summary_schema
from gait.risk import load_evidence


@pytest.mark.parametrize("block", [1, 7, 20])
def test_items_in_blocks_of_any_size_give_identical_strides(block: int) -> None:
    recording = session()
    items = list(recording.items())
    whole = analyze_items(recording.sensors, items)
    pipeline = Pipeline(recording.sensors)
    for start in range(0, len(items), block):
        pipeline.feed(items[start : start + block])
    same_strides(whole.strides, pipeline.finish().strides)


def test_every_stride_is_found_where_the_truth_has_it() -> None:
    recording = session()
    result = analyze_items(recording.sensors, recording.items())
    for side in (0, 1):
        found = result.strides[result.strides["side"] == side]
        rows = [r for r in truth_of(recording) if r["side"] == ("left", "right")[side]]
        running = [r for r in rows if r["activity"] == "run"][3:]
        for row in running:
            nearest = found[np.abs(found["ic_s"] - float(row["ic_s"])).argmin()]
            assert abs(nearest["ic_s"] - float(row["ic_s"])) < 0.015
            assert abs(nearest["contact_ms"] - float(row["contact_ms"])) < 30.0
            angle = nearest["strike_angle_deg"]
            assert np.isnan(angle) or abs(angle - float(row["strike_angle_deg"])) < 5.0
        first = float(running[0]["ic_s"]) - 0.05
        last = float(running[-1]["ic_s"]) + 0.05
        assert ((found["ic_s"] > first) & (found["ic_s"] < last)).sum() == len(running)


def test_both_shoes_meet_on_one_clock() -> None:
    recording = session()
    result = analyze_items(recording.sensors, recording.items())
    expected = [
        float(r["flight_ms"])
        for r in truth_of(recording)
        if r["activity"] == "run" and r["flight_ms"]
    ]
    found = result.strides["flight_ms"]
    assert np.nanmedian(found) == pytest.approx(np.median(expected), abs=12.0)
    assert result.clock_uncertainty_s is not None
    assert result.clock_uncertainty_s < 0.02


def test_a_drop_out_marks_the_strides_it_spoils_and_no_others() -> None:
    recording = session(drop=("left:12:13.5",))
    result = analyze_items(recording.sensors, recording.items())
    whole = analyze_items(session().sensors, session().items())
    left = result.strides[result.strides["side"] == 0]
    assert result.shoes[Side.LEFT].note().packets_lost > 20
    assert result.shoes[Side.LEFT].note().lost_s == pytest.approx(1.5, abs=0.1)
    complete = whole.strides[whole.strides["side"] == 0]
    inside = (complete["tc_s"] > 11.9) & (complete["ic_s"] < 13.6)
    for stride in complete[~inside]:
        assert np.abs(left["ic_s"] - stride["ic_s"]).min() < 0.005
    gap = left[(left["ic_s"] > 11.2) & (left["ic_s"] < 12.0)]
    assert not gap["valid"][-1]
    right = result.strides[result.strides["side"] == 1]
    assert len(right) == (whole.strides["side"] == 1).sum()


def test_walking_in_between_is_walking() -> None:
    recording = session("run_walk_run", 36.0)
    result = analyze_items(recording.sensors, recording.items())
    summary = summarise(result, source="run_walk_run")
    truth = [r for r in truth_of(recording) if r["steady"] == "true"]
    for row in truth:
        side = 0 if row["side"] == "left" else 1
        mine = result.strides[result.strides["side"] == side]
        nearest = mine[np.abs(mine["ic_s"] - float(row["ic_s"])).argmin()]
        if abs(nearest["ic_s"] - float(row["ic_s"])) < 0.1:
            assert nearest["activity"] == (row["activity"] == "walk")
    assert summary.measures["both"]["walking_cadence_spm"].value is not None
    assert summary.activity_s["walking"] > 6


def test_tables_give_what_the_samples_give(tmp_path) -> None:
    recording = session()
    from gait.cli.simulate import SimulateOptions, virtual_feet

    feet = virtual_feet(SimulateOptions("easy_run", 20.0))
    read = {}
    for side, foot in feet.items():
        path = tmp_path / f"{side}.csv.gz"
        write_table(path, foot.samples)
        table = read_table(path, side=side)
        read[side] = (table.samples, table.info)
    from_tables = analyze_samples(read)
    from_session = analyze_items(recording.sensors, recording.items())
    assert len(from_tables.strides) == len(from_session.strides)
    np.testing.assert_allclose(
        from_tables.strides["contact_ms"], from_session.strides["contact_ms"], atol=6.0
    )


def test_the_summary_follows_its_schema() -> None:
    recording = session()
    result = analyze_items(recording.sensors, recording.items())
    summary = summarise(result, source="easy_run.gait", evidence=load_evidence())
    as_json = msgspec.json.decode(msgspec.json.encode(summary))
    jsonschema.validate(as_json, summary_schema())
    for side in ("left", "right", "both"):
        for measure in as_json["measures"][side].values():
            assert {"value", "unit", "n", "spread", "quality", "reference", "why_not"} <= set(
                measure
            )
            assert measure["value"] is not None or measure["why_not"]


def test_one_shoe_says_what_it_cannot_know() -> None:
    recording = session()
    left = recording.sensors[0]
    only = [item for item in recording.items() if not isinstance(item, Mark) and item.device == 0]
    summary = summarise(analyze_items([left], only), source="left only")
    both = summary.measures["both"]
    assert both["cadence_spm"].value is not None
    assert both["flight_ms"].value is None
    assert both["flight_ms"].why_not
    assert summary.measures["right"] == {}


def test_two_left_feet_are_refused() -> None:
    left = session().sensors[0]
    with pytest.raises(InputError, match="left shoe"):
        Pipeline([left, left])


def test_nothing_recorded_says_so() -> None:
    sensors = session().sensors
    summary = summarise(analyze_items(sensors, []), source="empty", evidence=load_evidence())
    assert summary.measures["both"]["cadence_spm"].value is None
    assert summary.measures["both"]["cadence_spm"].why_not
    assert summary.duration_s == 0.0


def test_hostile_packets_are_counted_and_the_rest_is_kept() -> None:
    recording = session()
    rng = np.random.default_rng(5)
    items = []
    for number, item in enumerate(recording.items()):
        items.append(item)
        if number % 25 == 0 and isinstance(item, Packet):
            junk = bytes(rng.integers(0, 256, rng.integers(0, 300), dtype=np.uint8))
            items.append(Packet(item.device, item.host_s, item.characteristic, junk))
            items.append(Packet(9, item.host_s, item.characteristic, item.payload))
    whole = analyze_items(recording.sensors, recording.items())
    result = analyze_items(recording.sensors, items)
    same_strides(whole.strides, result.strides)
    assert result.shoes[Side.LEFT].note().packets_bad > 3
    assert result.notes


def test_strides_while_the_runner_paused_do_not_count() -> None:
    recording = session()
    items = list(recording.items())
    marks = [Mark(10.0, PAUSE), Mark(10.5, PAUSE), Mark(14.0, RESUME), Mark(14.2, RESUME)]
    with_pause = sorted([*items, *marks], key=lambda item: item.host_s)
    before = analyze_items(recording.sensors, items).strides
    after = analyze_items(recording.sensors, with_pause).strides
    paused = (before["ic_s"] >= 10.0) & (before["ic_s"] < 14.0)
    assert paused.any()
    assert not after["valid"][paused].any()
    assert np.isnan(after["contact_ms"][paused]).all()
    assert ((after["why"][paused] & QualityFlag.PAUSED) != 0).all()
    same_strides(before[~paused], after[~paused])
