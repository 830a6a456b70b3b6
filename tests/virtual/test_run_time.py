"""The time that virtual shoes share."""

import time

import pytest

from gait.virtual.air import LATE_S, RunTime

SPEED = 20.0


async def begun(*shoes: str) -> RunTime:
    run = RunTime(SPEED)
    for shoe in shoes:
        run.expect(shoe)
    for shoe in reversed(shoes):
        run.withdraw(shoe)
        await run.begin(shoe)
    return run


async def test_time_goes_on_at_its_speed_while_nobody_is_late():
    run = await begun("left")
    began_s = time.monotonic()
    for due_s in (0.5, 1.0, 4.0):
        await run.until("left", due_s)
        assert run.run_s >= due_s
    assert time.monotonic() - began_s >= 4.0 / SPEED
    assert run.clock() >= run.run_s


async def test_a_machine_that_is_too_slow_holds_the_run():
    run = await begun("left", "right")
    await run.until("left", 1.0)
    await run.until("right", 1.2)
    time.sleep(0.5)  # noqa: ASYNC251 - it does something else for 10 s of the run
    held_s = run.run_s
    assert held_s <= 1.0 + LATE_S * SPEED
    await run.until("left", 1.4)
    time.sleep(0.3)  # noqa: ASYNC251
    assert held_s <= run.run_s <= 1.2 + LATE_S * SPEED  # the later of the two counts
    run.leave("right")
    await run.until("left", 8.0)
    assert run.run_s >= 8.0


async def test_nobody_waits_for_a_shoe_that_sends_nothing():
    run = await begun("left")
    await run.until("left", 0.1)
    run.leave("left")
    time.sleep(0.5)  # noqa: ASYNC251
    assert run.run_s >= 0.5 * SPEED


def test_a_speed_is_more_than_nothing():
    with pytest.raises(ValueError, match="more than 0"):
        RunTime(0.0)
