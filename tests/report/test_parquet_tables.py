"""Strides and samples as Parquet, read with the library of the format."""

from pathlib import Path

import numpy as np
import pytest
from report_cases import spoil, strides_of

from gait.model import GaitError, Samples, Side, UsageError
from gait.recording import write_table
from gait.report.outputs import Outputs
from gait.report.tables import write_strides

parquet = pytest.importorskip("pyarrow.parquet")


def test_strides_have_words_truths_numbers_and_nulls(tmp_path: Path) -> None:
    strides = spoil(strides_of(Side.LEFT, Side.RIGHT), slice(0, 3))
    write_strides(tmp_path / "strides.parquet", strides)
    table = parquet.read_table(tmp_path / "strides.parquet")
    n = len(strides)
    assert table.num_rows == n
    assert table["side"].to_pylist() == ["right" if side else "left" for side in strides["side"]]
    assert set(table["activity"].to_pylist()) == {"run"}
    assert set(table["strike"].to_pylist()) >= {"rearfoot", "midfoot"}
    assert [bool(why) for why in table["why"].to_pylist()] == [True] * 3 + [False] * (n - 3)
    assert None in table["why"].to_pylist()
    assert table["valid"].to_pylist() == [False] * 3 + [True] * (n - 3)
    contact = table["contact_ms"].to_pylist()
    assert contact[:3] == [None] * 3
    np.testing.assert_allclose(contact[3:], strides["contact_ms"][3:])
    assert str(table.schema.field("valid").type) == "bool"
    assert str(table.schema.field("contact_ms").type) == "double"
    assert table["axial_g"].null_count == 0


def test_samples_are_in_si_units(tmp_path: Path) -> None:
    rows = np.arange(12.0).reshape(4, 3)
    samples = Samples(
        time_s=np.arange(4) / 100.0,
        acc=rows,
        gyr=rows / 10,
    )
    write_table(tmp_path / "samples.parquet", samples)
    table = parquet.read_table(tmp_path / "samples.parquet")
    assert table.num_rows == 4
    columns = np.column_stack([table[name].to_numpy() for name in table.column_names])
    np.testing.assert_allclose(columns[:, :7], np.column_stack([samples.time_s, rows, rows / 10]))


def test_a_taken_name_and_a_missing_extra_are_said(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "strides.parquet"
    write_strides(path, strides_of(Side.LEFT))
    with pytest.raises(UsageError, match="exists already"):
        write_strides(path, strides_of(Side.LEFT))
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(GaitError, match=r"shoegait\[parquet\]"):
        write_strides(tmp_path / "other.parquet", strides_of(Side.LEFT))


def test_a_missing_extra_is_said_before_any_work(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    Outputs(strides=tmp_path / "strides.csv").check()
    with pytest.raises(GaitError, match=r"shoegait\[parquet\]"):
        Outputs(strides=tmp_path / "strides.Parquet").check()
