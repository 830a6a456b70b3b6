"""The Zephyr skeleton, as far as it can be checked without its SDK."""

import ctypes
import random
import re
from pathlib import Path

from compiling import PORTABLE, STUBS, host_compiler, run

from gait.sensors import shoegait

APPLICATION = STUBS / "zephyr"
SOURCES = sorted((APPLICATION / "src").glob("*.c"))
STAND_INS = Path(__file__).parent / "zephyr_stubs"


def test_it_compiles_against_stand_ins_for_zephyrs_headers() -> None:
    strict = ["-std=gnu11", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wmissing-prototypes"]
    folders = [f"-I{STAND_INS}", f"-I{PORTABLE}", f"-I{APPLICATION / 'src'}"]
    run(host_compiler(), *strict, *folders, *SOURCES)


def test_the_build_names_every_source() -> None:
    build = (APPLICATION / "CMakeLists.txt").read_text()
    named = set(re.findall(r"(\w+)\.c\b", build))
    assert named == {path.stem for path in [*SOURCES, *PORTABLE.glob("*.c")]}


def test_every_setting_of_the_shoe_is_declared() -> None:
    declared = set(re.findall(r"^config (\w+)", (APPLICATION / "Kconfig").read_text(), re.M))
    used: set[str] = set()
    for source in SOURCES:
        used |= set(re.findall(r"CONFIG_(SHOE_\w+)", source.read_text()))
    assert used == declared


def test_the_uuids_are_the_protocols() -> None:
    radio = (APPLICATION / "src" / "radio.c").read_text()
    base = re.search(r"0x(\w+) \+ \(part\), 0x(\w+), 0x(\w+), 0x(\w+), 0x(\w+)\)", radio)
    assert base is not None
    first, *rest = base.groups()
    parts = dict(re.findall(r"(\w+)_uuid = BT_UUID_INIT_128\(UUID_BYTES\((\d)\)\)", radio))
    assert {
        name: "-".join([f"{int(first, 16) + int(part):08x}", *rest]) for name, part in parts.items()
    } == {
        "service": shoegait.SERVICE_UUID,
        "stream": shoegait.STREAM_UUID,
        "control": shoegait.CONTROL_UUID,
        "info": shoegait.INFO_UUID,
    }


class Clock(ctypes.Structure):
    _fields_ = (
        ("known", ctypes.c_bool),
        ("fine_us", ctypes.c_uint64),
        ("period", ctypes.c_uint32),
        ("nominal", ctypes.c_uint32),
    )


def test_sample_times_follow_a_sensor_whose_rate_is_off_and_whose_interrupts_jitter(
    tmp_path: Path,
) -> None:
    library = tmp_path / "sample_clock.so"
    strict = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-shared", "-fPIC"]
    run(host_compiler(), *strict, APPLICATION / "src" / "sample_clock.c", "-o", library)
    c = ctypes.CDLL(str(library))
    c.sample_clock_at.restype = ctypes.c_uint64
    c.sample_clock_tick.argtypes = (ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32)
    for off in (-0.03, 0.0, 0.03):
        period_us = 1e6 / 416 / (1 + off)
        clock, jitter = Clock(), random.Random(1)
        c.sample_clock_init(ctypes.byref(clock), 2404)
        taken, before, errors = 0, 0, []
        for tick in range(2000):
            count = 19 if tick % 7 else 25  # the reader came late, and took more
            taken += count
            now_us = 10**12 + taken * period_us + jitter.uniform(0, 300)
            c.sample_clock_tick(ctypes.byref(clock), int(now_us), count)
            first_us = c.sample_clock_at(ctypes.byref(clock), 1 - count)
            assert first_us > before
            before = c.sample_clock_at(ctypes.byref(clock), 0)
            errors.append(before - 10**12 - taken * period_us)
        settled = errors[400:]
        assert max(settled) - min(settled) < 250  # a tenth of a sample
        assert abs(clock.period / 256 / period_us - 1) < 2e-3
