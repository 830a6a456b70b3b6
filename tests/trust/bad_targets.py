"""Targets that misbehave, for the tests of what watches over them; see `test_watching.py`."""

import os
import time

from benchmarks.trust import fuzzing, targets, worker
from benchmarks.trust.target import Target

fuzzing.ENDLESS_CPU_S = worker.ENDLESS_CPU_S = 0.5
kept = bytearray()


def endless(inputs, folder) -> None:
    while len(inputs[0]) % 8 == 3:
        pass


def crash(inputs, folder) -> None:
    if len(inputs[0]) % 8 == 3:
        os.abort()


def swell(inputs, folder) -> None:
    kept.extend(bytes(100_000_000 if len(inputs[0]) % 7 == 0 else 0))


def slow(inputs, folder) -> None:
    until = time.process_time() + 0.2
    while time.process_time() < until:
        pass


for read in (endless, crash, swell, slow):
    name = read.__name__
    targets.TARGETS[name] = Target(name=name, corpus="info", read=read, quick=100, long=100)
