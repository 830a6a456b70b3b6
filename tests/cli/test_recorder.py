"""Whatever fails beside it, a recording holds all that came, and says what failed."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from shoes_on_air import noise, sensor
from virtual_run import session, session_path

from gait.cli.record import RecordOptions, record_from
from gait.cli.replay import slices
from gait.cli.source import Source
from gait.cli.warm import warm_up
from gait.live.recorder import Recorder
from gait.live.run import View
from gait.live.terminal import PlainView
from gait.model import GaitError, Samples, SensorInfo, SessionItem, Side
from gait.pipeline import Pipeline, Shoe, analyze_items
from gait.recording import SessionWriter, open_session
from gait.virtual import VirtualAir, VirtualShoe

posix = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
NOT_CONVERGED = np.linalg.LinAlgError("Eigenvalues did not converge")


def fails_after(monkeypatch, samples: int, side: Side | None = None) -> None:
    """The detector of one foot, or of both, fails on what comes after so many samples."""
    made = Shoe.__init__

    def with_bad_detector(shoe: Shoe, info: SensorInfo, **more) -> None:
        made(shoe, info, **more)
        push, seen = shoe._detector.push, 0

        def failing(block: Samples):
            nonlocal seen
            seen += len(block)
            if seen > samples and side in (None, info.side):
                raise NOT_CONVERGED
            return push(block)

        monkeypatch.setattr(shoe._detector, "push", failing)

    monkeypatch.setattr(Shoe, "__init__", with_bad_detector)


def recorded(path: Path, items: list[SessionItem], sensors, *views: View) -> tuple[Recorder, str]:
    """Record these items with a view that is printed."""
    out = io.StringIO()
    with (
        SessionWriter(path, started_at="2026-01-01T10:00:00Z", software="t") as writer,
        PlainView(sensors, file=out) as view,
    ):
        recorder = Recorder(sensors, writer, *views or (view,))
        for group in slices(items, 0.5):
            recorder.take(group, group[-1].host_s)
        recorder.close()
    return recorder, out.getvalue()


@pytest.mark.parametrize("side", [Side.LEFT, None])
def test_a_failing_stage_ends_the_numbers_of_its_foot_and_not_the_recording(
    tmp_path: Path, monkeypatch, gait, side: Side | None
) -> None:
    made = session()
    items = list(made.items())
    good = analyze_items(made.sensors, items).strides
    fails_after(monkeypatch, 6500, side)  # 16 s of 20
    path = tmp_path / "run.gait"
    recorder, shown = recorded(path, items, made.sensors)
    assert list(open_session(path).items()) == items
    assert open_session(path).problems == []
    failed = [side] if side else list(Side)
    assert list(recorder.pipeline.failures) == failed
    for of in failed:
        sentence = f"The {of} foot could not be analysed beyond "
        assert shown.count(f"! {sentence}") >= 1
        assert sum(sentence in trouble for trouble in recorder.troubles) == 1
    assert "LinAlgError: Eigenvalues did not converge" in shown
    strides = recorder.finish().strides
    for of in Side:
        found, whole = (s[s["side"] == (of is Side.RIGHT)] for s in (strides, good))
        if of in failed:
            assert 0 < len(found) < len(whole)  # those from before stay
        else:
            np.testing.assert_array_equal(found["ic_s"], whole["ic_s"])
    code, out, err = gait("analyze", path)
    assert code == 0
    assert "Traceback" not in out + err
    said = " ".join(out.split())
    assert said.count("could not be analysed beyond") == len(failed)
    code, out, err = gait("replay", path, "--speed", "0")
    assert code == 0
    assert "could not be analysed beyond" in err


@pytest.mark.parametrize("where", ["feed", "doubts", "nothing"])
def test_an_error_of_the_whole_analysis_ends_the_numbers_only(tmp_path, monkeypatch, where) -> None:
    made = session()
    items = list(made.items())

    def broken(*_):
        raise ZeroDivisionError("of a kind that nobody thought of")

    monkeypatch.setattr(Pipeline, where, broken if where == "feed" else property(broken))
    path = tmp_path / "run.gait"
    recorder, shown = recorded(path, items, made.sensors)
    assert list(open_session(path).items()) == items
    (trouble,) = recorder.troubles
    assert trouble.startswith("The analysis failed (ZeroDivisionError: of a kind that nobody")
    assert shown.count("! The analysis failed") > 1  # and it stays
    with pytest.raises(GaitError, match="The analysis failed"):
        recorder.finish()


def test_a_view_that_fails_ends_neither_recording_nor_analysis(tmp_path: Path) -> None:
    made = session()
    items = list(made.items())

    class Broken(PlainView):
        def on_strides(self, strides) -> None:
            raise IndexError("off the screen")

    path = tmp_path / "run.gait"
    recorder, _ = recorded(path, items, made.sensors, Broken(made.sensors))
    assert list(open_session(path).items()) == items
    assert "The live view failed (IndexError: off the screen)" in recorder.troubles[0]
    assert len(recorder.finish().strides) > 20


@posix
def test_a_file_that_is_gone_is_noticed_by_the_next_turn_also_where_nothing_comes(tmp_path) -> None:
    made = session()
    out = io.StringIO()
    path = tmp_path / "run.gait"
    writer = SessionWriter(path, started_at="2026-01-01T10:00:00Z", software="t")
    with PlainView(made.sensors, file=out) as view:
        recorder = Recorder(made.sensors, writer, view)
        path.unlink()
        recorder.take([], 0.05)
        recorder.close()
    assert "! run.gait was moved or deleted while it was being recorded" in out.getvalue()
    assert writer.path != path
    assert recorder.troubles == writer.remarks
    assert open_session(writer.path).sensors == made.sensors


@posix
@pytest.mark.parametrize("to", ["away", None])
async def test_a_recording_from_the_air_goes_on_where_its_file_is_taken(
    tmp_path: Path, monkeypatch, capsys, to: str | None
) -> None:
    monkeypatch.setattr("gait.cli.sensor_selection.SCAN_S", 0.5)
    path = tmp_path / "run.gait"
    came: list[SessionItem] = []
    take = Recorder.take

    def counted(recorder: Recorder, items, session_s: float) -> None:
        came.extend(items)
        if session_s > 3.0 and path.exists():
            path.rename(tmp_path / to) if to else path.unlink()
        take(recorder, items, session_s)

    monkeypatch.setattr(Recorder, "take", counted)
    async with VirtualAir(speed=4) as air, VirtualShoe(air, sensor(), noise(8000)):
        live = await record_from(Source(air.radio, air.clock), RecordOptions(path, 8.0))
    assert live.path == tmp_path / "run-2.gait"
    assert list(open_session(live.path).items()) == came
    assert open_session(live.path).problems == []
    assert "run.gait was moved or deleted" in live.troubles[0]
    assert "run.gait was moved or deleted" in " ".join(capsys.readouterr().err.split())


@pytest.fixture
def most_bytes():
    """Sets how large a file of this process may become, once the kernels are compiled: numba
    could not keep them under a limit."""
    resource = pytest.importorskip("resource")
    warm_up()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


LIMIT_SAID = "could not be written further: a file may be no larger than 0.1 MB here (ulimit -f"


def test_simulate_leaves_nothing_of_a_file_that_may_not_be_so_large(tmp_path, most_bytes, gait):
    path = tmp_path / "run.gait"
    assert gait("simulate", path, "--seconds", "20")[0] == 0
    made = path.read_bytes()
    most_bytes(100_000)
    for name, code in (("other.gait", 1), ("other.jsonl.gz", 1)):
        ended, _, err = gait("simulate", tmp_path / name, "--seconds", "20")
        said = " ".join(err.split())
        assert ended == code
        assert LIMIT_SAID in said
        assert "Made" not in said
        assert "saved" not in said
    ended, _, err = gait("simulate", path, "--seconds", "30", "--overwrite")
    assert (ended, path.read_bytes()) == (1, made)  # what was there before stays
    assert list(tmp_path.iterdir()) == [path]


async def test_record_says_the_limit_and_how_much_is_kept(tmp_path, monkeypatch, most_bytes):
    monkeypatch.setattr("gait.cli.sensor_selection.SCAN_S", 0.5)
    path = tmp_path / "run.gait"
    most_bytes(100_000)
    async with VirtualAir(speed=8) as air, VirtualShoe(air, sensor(), noise(20_000)):
        recording = record_from(Source(air.radio, air.clock), RecordOptions(path, 40.0))
        with pytest.raises(GaitError) as ended:
            await recording
    kept = len(list(open_session(path).items()))
    said = str(ended.value)
    assert LIMIT_SAID in said
    assert "disk I/O" not in said
    assert f" {kept:,} of " in said
    assert kept > 50


@posix
def test_record_does_not_take_what_another_recording_writes(tmp_path: Path, gait) -> None:
    path = tmp_path / "run.gait"
    with SessionWriter(path, started_at="2026-01-01T10:00:00Z", software="t") as writer:
        for command in (
            ("record", path, "--virtual", "--overwrite"),
            ("simulate", path, "--overwrite"),
            ("analyze", session_path(), "--json", path, "--overwrite"),
        ):
            code, _, err = gait(*command)
            assert code == 2
            assert "is being recorded just now" in " ".join(err.split())
        writer.set_meta("notes", "still mine")
    assert writer.remarks == []
    assert open_session(path).notes == "still mine"
