"""Summaries as the analysis makes them, for the roster to keep."""

from datetime import UTC, datetime, timedelta

from gait.model import Change, Distance, Measure, SensorInfo, SensorNote, Side, SpeedBin, Summary

START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
DIFFERS = Change(
    measure="cadence_spm",
    side="both",
    unit="spm",
    value=160.0,
    usual=172.0,
    difference=-12.0,
    smallest=3.0,
    z=-4.0,
    runs=10,
    speed_m_s=3.0,
    seen_in=2,
    counts=True,
    text="",
)


def sensor(side: Side, name: str = "shoe", mounting: str = "laces") -> SensorNote:
    info = SensorInfo(
        side=side, rate_hz=400.0, name=name, serial=f"{name}-{side}", mounting=mounting
    )
    return SensorNote(
        info=info,
        samples=1000,
        rate_measured_hz=400.0,
        packets=50,
        packets_lost=0,
        packets_bad=0,
        lost_s=0.0,
        clipped_pct=0.0,
        battery_pct=90,
        mounting_quality="good",
        notes=[],
    )


def summary(
    day: float = 0.0,
    *,
    km: float | None = 5.0,
    cadence: float | None = 172.0,
    source: str = "run.gait",
    mounting: str = "laces",
    undated: bool = False,
) -> Summary:
    """A session `day` days after the first of May's Sundays at noon, UTC."""
    measure = Measure(value=cadence, unit="spm", n=900, spread=2.0, uncertainty=0.5, quality="good")
    speeds = SpeedBin(
        from_m_s=3.0,
        n=400,
        medians={"cadence_spm": cadence or 0.0},
        spreads={"cadence_spm": 2.0},
        counts={"cadence_spm": 400},
    )
    return Summary(
        software="shoegait test",
        source=source,
        started_at=None if undated else (START + timedelta(days=day)).isoformat(),
        duration_s=1800.0,
        activity_s={"running": 1700.0},
        strides={},
        sensors=[sensor(Side.LEFT, mounting=mounting), sensor(Side.RIGHT, mounting=mounting)],
        clock_uncertainty_ms=1.0,
        measures={"left": {"cadence_spm": measure}, "right": {}, "both": {"cadence_spm": measure}},
        notes=[],
        assessment=None,
        distance=Distance(metres=None if km is None else 1000.0 * km, uncertainty=50.0),
        speed_bins={"left": [speeds]},
    )
