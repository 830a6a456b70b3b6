"""An accelerometer alone, the whole way through: from a table on disk to the summary."""

import numpy as np
import pytest

from gait.measures.table import STRIDE_MEASURES
from gait.model import QualityFlag, Samples, SensorInfo, Side, Summary
from gait.model.strides import WHY_TEXT, why_sentence
from gait.pipeline import Result, analyze_samples, summarise
from gait.recording import read_table, write_table
from gait.risk import load_evidence
from gait.simulate import Sensor, measure, simulate
from gait.simulate.runner import Runner, Segment

SEGMENTS = [
    Segment(kind="run", duration_s=40.0, speed_m_s=3.0),
    Segment(kind="walk", duration_s=20.0, speed_m_s=1.3),
]


def worn(rate_hz: float, gyr_range_dps: float | None = None) -> tuple[Samples, np.ndarray]:
    motion = simulate(Runner(), SEGMENTS, seed=3)[Side.LEFT]
    sensor = Sensor(rate_hz=rate_hz, acc_range_g=8.0, gyr_range_dps=gyr_range_dps)
    return measure(motion, sensor, seed=3), motion.truth


def analysed(samples: Samples, info: SensorInfo) -> tuple[Result, Summary]:
    result = analyze_samples({Side.LEFT: (samples, info)})
    return result, summarise(result, source="run.csv", evidence=load_evidence())


@pytest.mark.parametrize("rate_hz", [100.0, 400.0])
def test_a_table_without_gyroscope_gives_cadence_and_reasons(tmp_path, rate_hz: float) -> None:
    samples, truth = worn(rate_hz)
    write_table(tmp_path / "left.csv", samples)
    table = read_table(tmp_path / "left.csv", side=Side.LEFT)
    result, summary = analysed(table.samples, table.info)
    left = summary.measures["left"]
    steady = truth[truth["steady"]]
    for name, activity in (("cadence_spm", 0), ("walking_cadence_spm", 1)):
        true = np.median(steady["cadence_spm"][steady["activity"] == activity])
        assert left[name].value == pytest.approx(true, abs=0.6)
        assert left[name].quality in ("fair", "good")
    for row in STRIDE_MEASURES:
        if row.name != "cadence_spm":
            assert np.isnan(result.strides[row.name]).all(), row.name
            assert left[row.name].value is None
            assert left[row.name].why_not == WHY_TEXT[QualityFlag.NO_GYROSCOPE]
    assert result.strides["valid"].sum() > 60
    assert all("no gyroscope" in why_sentence(why) for why in result.strides["why"])
    assert summary.activity_s["running"] == pytest.approx(40.0, abs=3.0)
    assert summary.activity_s["walking"] == pytest.approx(20.0, abs=3.0)


def test_standing_alone_gives_no_cadence_and_says_that_no_steps_were_found() -> None:
    samples, _ = worn(100.0)
    info = SensorInfo(side=Side.LEFT, rate_hz=100.0, acc_range_g=8.0, has_gyroscope=False)
    _, summary = analysed(samples[:250], info)
    cadence = summary.measures["left"]["cadence_spm"]
    assert cadence.value is None
    assert "only 2 s were recorded" in (cadence.why_not or "")


@pytest.mark.parametrize("nothing", [0.0, np.nan])
def test_a_dead_gyroscope_is_told_and_the_rest_goes_on(nothing: float) -> None:
    samples, _ = worn(200.0, gyr_range_dps=2000.0)
    dead = Samples(samples.time_s, samples.acc, np.full_like(samples.acc, nothing))
    info = SensorInfo(side=Side.LEFT, rate_hz=200.0, acc_range_g=8.0, gyr_range_dps=2000.0)
    _, summary = analysed(dead, info)
    assert summary.measures["left"]["cadence_spm"].value is not None
    assert summary.measures["left"]["contact_ms"].why_not == WHY_TEXT[QualityFlag.NO_GYROSCOPE]
    assert any("gyroscope gave no values" in note for note in summary.sensors[0].notes)
