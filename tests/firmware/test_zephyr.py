"""The Zephyr application, as far as it can be checked without its SDK: compiled against stand-ins
for Zephyr's headers, and run over a stand-in for Zephyr, the sensor, the flash and the radio."""

import ctypes
import random
import re
from pathlib import Path

import pytest
import yaml
from compiling import PORTABLE, STUBS, host_compiler, run
from compiling import SOURCES as PORTABLE_SOURCES

from gait.sensors import shoegait

APPLICATION = STUBS / "zephyr"
SOURCES = sorted((APPLICATION / "src").glob("*.c"))
HERE = Path(__file__).parent
STAND_INS = HERE / "zephyr_stubs"
FOLDERS = [f"-I{STAND_INS}", f"-I{PORTABLE}", f"-I{APPLICATION / 'src'}"]
WARNINGS = ["-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"]
CASES = re.findall(r"^    CASE\((\w+)\),", (HERE / "test_shoe.c").read_text(), re.M)


def settings(name: str) -> dict[str, str]:
    """What a file of Kconfig says; a comment stands on a line of its own."""
    said: dict[str, str] = {}
    for line in (APPLICATION / name).read_text().splitlines():
        if line and not line.startswith("#"):
            key, value = line.split("=", 1)
            assert key not in said, key
            said[key] = value
    return said


def from_settings() -> list[str]:
    """The numbers of prj.conf, as the build hands them to the sources."""
    return [f"-D{key}={value}" for key, value in settings("prj.conf").items() if value.isdigit()]


def test_it_compiles_against_stand_ins_for_zephyrs_headers() -> None:
    checked = ["-fsyntax-only", "-Wmissing-prototypes", *from_settings()]
    run(host_compiler(), *WARNINGS, *checked, *FOLDERS, *SOURCES)


@pytest.fixture(scope="module")
def shoe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole application as a program of this computer."""
    folder = tmp_path_factory.mktemp("shoe")
    sanitizer = ["-g", "-O1", "-fsanitize=undefined", "-fno-sanitize-recover=all"]
    how = [*WARNINGS, *sanitizer, *from_settings(), *FOLDERS, f"-I{HERE}"]
    beside = [HERE / "zephyr_sim.c", HERE / "test_shoe.c", *PORTABLE_SOURCES]
    main = APPLICATION / "src" / "main.c"
    others = [path for path in SOURCES if path != main]
    run(host_compiler(), *how, "-Dmain=shoe_main", "-c", main, "-o", folder / "main.o")
    run(host_compiler(), *how, *others, *beside, folder / "main.o", "-lm", "-o", folder / "shoe")
    return folder / "shoe"


@pytest.mark.parametrize("case", CASES)
def test_it_runs(shoe: Path, case: str) -> None:
    said = run(shoe, case).out
    assert said == ("rebooted\n" if case == "a_fault_begins_anew" else "done\n")


def test_a_log_that_lost_its_power_is_kept_and_does_not_go_on(shoe: Path, tmp_path: Path) -> None:
    flash = tmp_path / "flash"
    for case in ("log_until_the_power_goes", "after_the_power_came_back"):
        assert run(shoe, case, flash).out == "done\n"


def test_the_stack_has_buffers_for_all_that_may_be_in_flight() -> None:
    radio = (APPLICATION / "src" / "radio.c").read_text()
    counts = {name: int(n) for name, n in re.findall(r"^#define (\w+) (\d+)\b", radio, re.M)}
    said = settings("prj.conf")
    assert int(said["CONFIG_BT_ATT_TX_COUNT"]) >= counts["MOST_IN_FLIGHT"] + counts["BESIDE"]
    assert "CONFIG_BT_CONN_TX_MAX" not in said  # deprecated in 4.2


def test_who_may_pair_and_who_may_follow_is_set() -> None:
    said = settings("prj.conf")
    assert {key: said[f"CONFIG_BT_{key}"] for key in PRIVACY} == PRIVACY


PRIVACY = {
    "SMP_SC_PAIR_ONLY": "y",
    "SMP_ALLOW_UNAUTH_OVERWRITE": "y",  # within the window alone, which the next line asks for
    "SMP_APP_PAIRING_ACCEPT": "y",
    "PRIVACY": "y",
    "RPA_TIMEOUT": "900",
    "DEVICE_NAME_GATT_WRITABLE": "n",
}


def test_two_slots_fill_the_flash_of_the_processor() -> None:
    partitions = (APPLICATION / "ota_partitions.dtsi").read_text()
    places = {
        label: (int(at, 16), int(size, 16))
        for label, at, size in re.findall(
            r"(\w+_partition): partition@\w+ \{[^}]*reg = <(0x\w+) (0x\w+)>", partitions
        )
    }
    assert list(places) == [
        "boot_partition",
        "slot0_partition",
        "slot1_partition",
        "storage_partition",
    ]
    end = 0
    for at, size in places.values():
        assert (at, size % 0x1000) == (end, 0)
        end = at + size
    assert end == 0x100000
    assert places["slot0_partition"][1] == places["slot1_partition"][1]
    assert settings("ota.conf")["CONFIG_MCUMGR_TRANSPORT_BT_PERM_RW_ENCRYPT"] == "y"
    assert settings("sysbuild.conf")["SB_CONFIG_BOOTLOADER_MCUBOOT"] == "y"
    assert not any("KEY_FILE" in key for key in settings("sysbuild.conf"))  # the maker's own


def test_zephyr_is_pinned() -> None:
    manifest = yaml.safe_load((APPLICATION / "west.yml").read_text())["manifest"]
    (zephyr,) = manifest["projects"]
    assert zephyr["revision"] == "v4.2.0"
    assert zephyr["path"] != APPLICATION.name  # west puts it beside this folder
    assert f"{zephyr['revision'][1:4]}. Every" in (APPLICATION / "prj.conf").read_text()


class Taps(ctypes.Structure):
    _fields_ = (("count", ctypes.c_uint8), ("ms", ctypes.c_int64 * 2))


def test_three_taps_within_two_seconds(tmp_path: Path) -> None:
    """Against all tap times of the last two seconds, in a long row of random ones."""
    library = tmp_path / "taps.so"
    run(host_compiler(), *SHARED, APPLICATION / "src" / "taps.c", "-o", library)
    add = ctypes.CDLL(str(library)).taps_add
    add.restype = ctypes.c_bool
    add.argtypes = (ctypes.c_void_p, ctypes.c_int64)
    taps, chance = Taps(), random.Random(2)
    times: list[int] = []
    now, found = 10**6, 0
    for _ in range(20000):
        now += chance.choice([20, 79, 80, 200, 700, 1000, 1001, 1500, 2001])
        if times and now - times[-1] < 80:
            expected = False
        else:
            times = [at for at in times if now - at <= 2000] + [now]
            expected = len(times) == 3
            if expected:
                times = []
        assert add(ctypes.byref(taps), now) == expected
        found += expected
    assert found > 100


SHARED = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-shared", "-fPIC"]


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
    run(host_compiler(), *SHARED, APPLICATION / "src" / "sample_clock.c", "-o", library)
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
