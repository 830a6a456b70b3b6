"""What others' files tell has the unit of its name, and one row of the names that only they use."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from unit_of_name import unit_of

from gait.measures.table import BY_NAME
from gait.model.history import ONLY_FOREIGN
from gait.recording import foreign
from gait.recording.foreign.maker import Column


def columns() -> Iterator[Column]:
    for module in pkgutil.iter_modules(foreign.__path__):
        for value in vars(importlib.import_module(f"{foreign.__name__}.{module.name}")).values():
            for one in value.values() if isinstance(value, dict) else [value]:
                for column in one if isinstance(one, tuple) else [one]:
                    if isinstance(column, Column):
                        yield column


TOLD = sorted({(column.measure, column.unit) for column in columns()})


def test_every_maker_is_looked_at() -> None:
    assert len(TOLD) >= 16
    assert {"heart_rate_bpm", "power_w", "leg_stiffness_kn_m"} <= {name for name, _ in TOLD}


@pytest.mark.parametrize(("name", "unit"), TOLD)
def test_the_unit_is_that_of_the_name(name: str, unit: str) -> None:
    assert unit == unit_of(name)
    if name in ONLY_FOREIGN:
        assert ONLY_FOREIGN[name][1] == unit
    else:
        assert name in BY_NAME or name == "leg_stiffness_kn_m"


@pytest.mark.parametrize("name", ONLY_FOREIGN)
def test_what_only_others_tell_has_the_unit_of_its_name(name: str) -> None:
    label, unit, decimals = ONLY_FOREIGN[name]
    assert unit == unit_of(name)
    assert label == label.strip() != ""
    assert 0 <= decimals <= 2
