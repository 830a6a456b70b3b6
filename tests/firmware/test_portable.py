"""The portable C: strict, well defined, small, and byte for byte the Python codec."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import control_vectors
import numpy as np
import pytest
from compiling import (
    CORTEX_M4,
    PORTABLE,
    SANITIZERS,
    SOURCES,
    STRICT,
    STUBS,
    VECTORS,
    host_compiler,
    run,
    zig_compiler,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gait.model import Samples, SensorInfo, Side
from gait.sensors import shoegait
from gait.sensors import shoegait_control as control
from gait.sensors import shoegait_log as log
from gait.sensors.profile import LogState
from gait.sensors.shoegait_control import Answer, Opcode, Status
from gait.sensors.shoegait_info import MOUNTINGS, Feature, add_features, encode_info
from gait.virtual.memory import Ring

FRAME = re.compile(r"stack frame size \((\d+)\) exceeds limit \(0\) in '(\w+)'")
HERE = Path(__file__).parent
GENERATED = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
INT16 = st.integers(-32768, 32767) | st.sampled_from([-32768, 32767])
UINT16 = st.integers(0, 2**16 - 1)
UINT32 = st.integers(0, 2**32 - 1)


def test_vectors_under_the_sanitizers(tmp_path: Path) -> None:
    program = tmp_path / "test_portable"
    run(host_compiler(), *STRICT, *SANITIZERS, HERE / "test_portable.c", *SOURCES, "-o", program)
    said = run(program, *VECTORS).out
    counts = [path.read_text().count("\nname: ") for path in VECTORS]
    assert said == f"{counts[0]} vectors of the stream\n{counts[1]} vectors of the log\n"


def test_no_floating_point_and_no_allocation() -> None:
    for path in [*SOURCES, *PORTABLE.glob("*.h")]:
        code = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        words = "double|malloc|calloc|realloc|free|alloca"
        if path.stem != "shoegait_pace":  # which says so, and has a test of its own
            words += "|float"
        assert not re.search(rf"\b({words})\b", code), path.name


def test_size_and_stack_on_a_cortex_m4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prints what a maker has to reckon with; firmware_stubs/README.md has these figures."""
    zig = zig_compiler()
    for cache in ("ZIG_LOCAL_CACHE_DIR", "ZIG_GLOBAL_CACHE_DIR"):
        monkeypatch.setenv(cache, str(tmp_path / "cache"))  # from the cache it says no frame sizes
    small = ["-Os", "-fno-sanitize=all", "-Wframe-larger-than=0", "-Wno-error=frame-larger-than="]
    sizes, stacks = {}, {}
    for source in SOURCES:
        target = tmp_path / f"{source.stem}.o"
        said = run(*zig, *CORTEX_M4, *STRICT, *small, "-c", source, "-o", target).err
        sizes[source.stem] = sections(target.read_bytes())
        stacks[source.stem] = {name: int(size) for size, name in FRAME.findall(said)}
    total = totals(sizes)
    frames = {name: size for of_file in stacks.values() for name, size in of_file.items()}
    with capsys.disabled():
        print(f"\nCortex-M4, -Os: {total}, of which {sizes}\nstack: {frames}")  # noqa: T201
    hold_small(sizes, frames)
    readme = (STUBS / "README.md").read_text()
    for name, size in sizes.items():
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{name}`"))
        assert f"| {size['.text']} bytes | {max(stacks[name].values())}" in row
    assert f"| {total['.text']} bytes, no `.data`, no `.bss` |" in readme
    assert f"| {frames['sg_control'] + frames['sg_write_answer']}, of a command" in readme


def test_size_and_stack_by_the_makers_own_compiler(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same by arm-none-eabi-gcc, which Zephyr's SDK has too, where it is installed."""
    compiler = shutil.which("arm-none-eabi-gcc")
    if compiler is None:
        pytest.skip("no arm-none-eabi-gcc here; the figures are ziglang's alone")
    cortex = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]
    sizes, frames = {}, {}
    for source in SOURCES:
        target = tmp_path / f"{source.stem}.o"
        how = ["-Os", "-ffreestanding", "-fstack-usage"]
        run(compiler, *cortex, *STRICT, *how, "-c", source, "-o", target)
        sizes[source.stem] = sections(target.read_bytes())
        for line in target.with_suffix(".su").read_text().splitlines():
            place, size, _ = line.split("\t")
            frames[place.rpartition(":")[2]] = int(size)
    total = totals(sizes)
    with capsys.disabled():
        print(f"\narm-none-eabi-gcc, -Os: {total}\nstack: {frames}")  # noqa: T201
    hold_small(sizes, frames)


def hold_small(sizes: dict[str, dict[str, int]], frames: dict[str, int]) -> None:
    """What a shoe must have, and the pace that it may have beside it."""
    needed = {name: size for name, size in sizes.items() if name != "shoegait_pace"}
    assert totals(needed)[".text"] < 2500
    assert totals(sizes)[".text"] < 8000
    assert totals(sizes)[".data"] == totals(sizes)[".bss"] == 0
    assert max(size for name, size in frames.items() if not name.startswith("sg_pace")) <= 160
    assert max(frames.values()) <= 200


def totals(sizes: dict[str, dict[str, int]]) -> dict[str, int]:
    return {name: sum(size[name] for size in sizes.values()) for name in (".text", ".data", ".bss")}


def sections(elf: bytes) -> dict[str, int]:
    """Bytes of code and constants, of initialised and of zeroed memory in a 32-bit ELF object."""

    def number(at: int, size: int) -> int:
        return int.from_bytes(elf[at : at + size], "little")

    assert elf[:5] == b"\x7fELF\x01"
    first, entry, count = number(32, 4), number(46, 2), number(48, 2)
    total = {".text": 0, ".data": 0, ".bss": 0}
    for at in range(first, first + entry * count, entry):
        kind, flags, size = number(at + 4, 4), number(at + 8, 4), number(at + 20, 4)
        if not flags & 2 or kind == 0x70000001:  # takes no memory, or is an unwind table
            continue
        total[".bss" if kind == 8 else ".data" if flags & 1 else ".text"] += size
    return total


class Maker:
    """The encoder in C, with what it emits."""

    def __init__(self, portable, acc_only: bool, first_seq: int, mtu: int) -> None:
        self._ffi, self._lib = portable.ffi, portable.lib
        self.emitted: list[bytes] = []
        self._self = self._ffi.new_handle(self)
        self.encoder = self._ffi.new("sg_encoder *")
        self._ffi.def_extern("emit_packet")(_emit(self._ffi))
        self._lib.sg_encoder_init(
            self.encoder, acc_only, first_seq, self._lib.emit_packet, self._self
        )
        self.encoder.mtu = mtu

    def push(self, row: list[int], device_us: int, lost_before: bool) -> None:
        self._lib.sg_encoder_push(
            self.encoder, self._ffi.new("int16_t[]", row), device_us, lost_before
        )

    def flush(self) -> None:
        self._lib.sg_encoder_flush(self.encoder)


def _emit(ffi):
    def emit(context, data, length) -> None:
        ffi.from_handle(context).emitted.append(bytes(ffi.buffer(data, length)))

    return emit


@given(
    rows=st.lists(st.tuples(*[INT16] * 6), min_size=1, max_size=70),
    breaks=st.sets(st.integers(0, 69), max_size=5),
    mtu=st.integers(23, 247),
    acc_only=st.booleans(),
    first_seq=UINT16,
    start_us=st.integers(0, 2**32 - 1),
)
@GENERATED
def test_packets_are_the_codecs(portable, rows, breaks, mtu, acc_only, first_seq, start_us) -> None:
    info = SensorInfo(
        side=Side.LEFT,
        rate_hz=400.0,
        acc_range_g=16.0,
        gyr_range_dps=None if acc_only else 2000.0,
        has_gyroscope=not acc_only,
    )
    raw = np.array(rows, float)
    broken = np.isin(np.arange(len(rows)), list(breaks))
    samples = Samples(
        np.arange(len(rows)) / 400,
        raw[:, :3] / 32768 * 16 * 9.80665,
        raw[:, 3:] / 32768 * np.deg2rad(2000),
        broken,
    )
    maker = Maker(portable, acc_only, first_seq, mtu)
    for i, row in enumerate(rows):
        maker.push(list(row), (i * 2500 + start_us) % 2**32, bool(broken[i]))
    maker.flush()
    wanted = [payload for _, payload in shoegait.encode(samples, info, mtu, first_seq, start_us)]
    assert maker.emitted == wanted


def test_an_mtu_beyond_the_ends_is_taken_as_the_end(portable) -> None:
    for acc_only in (False, True):
        for mtu in (0, 22, 23, 65, 158, 185, 247):
            held = portable.lib.sg_samples_per_packet(mtu, acc_only)
            assert held == shoegait.samples_per_packet(max(23, mtu), acc_only)
        assert portable.lib.sg_samples_per_packet(517, acc_only) == held


@given(
    first=UINT16,
    counts=st.lists(st.sampled_from([1, 18, 19]), max_size=30),
    size=st.integers(1, 12),
    asked=st.lists(st.tuples(st.integers(-20, 40), st.integers(0, 50)), max_size=4),
    largest=st.sampled_from([20, 235, 244]),
)
@GENERATED
def test_the_ring_is_the_virtual_shoes(portable, first, counts, size, asked, largest) -> None:
    ffi, lib = portable.ffi, portable.lib
    ring, slots = ffi.new("sg_ring *"), ffi.new("sg_slot[]", size)
    lib.sg_ring_init(ring, slots, size)
    virtual = Ring(size - 0.5)  # a packet each second
    for i, count in enumerate(counts):
        packet = shoegait.encode_packet(np.zeros((count, 6), np.int16), first + i, 0)
        lib.sg_ring_add(ring, packet, len(packet))
        virtual.add((first + i) % 65536, float(i), packet)
    assert ring.count == len(virtual)
    resends, out = ffi.new("sg_resends *"), ffi.new("uint8_t[]", 244)
    wanted: list[bytes] = []
    for away, count in asked:
        begin = (first + away) % 65536
        place = ffi.new("uint16_t *", begin)
        found = lib.sg_ring_available(ring, place, count, largest)
        assert (place[0], found) == virtual.available(begin, count, largest)
        lib.sg_resends_add(resends, place[0], found)
        wanted += virtual.again(place[0], found)
    for packet in wanted:
        length = lib.sg_resends_next(resends, ring, out)
        again = bytes(ffi.buffer(out, length))
        assert again == bytes([packet[0] | 2]) + packet[1:]
    assert lib.sg_resends_next(resends, ring, out) == 0


def answer_of(
    portable, data: bytes, features: int, status: int, values: Sequence[int]
) -> tuple[bytes, list[int]]:
    """What the C answers whose shoe says `status` and `values`; and the values it was asked."""
    ffi, lib = portable.ffi, portable.lib
    asked: list[int] = []

    def act(_, command, answer) -> None:
        asked.extend(command.values)
        answer.status = status
        answer.has_values = bool(values)
        for i, value in enumerate(values):
            answer.values[i] = value

    ffi.def_extern("act")(act)
    out = ffi.new("uint8_t[]", 20)
    length = lib.sg_control(data, len(data), features, lib.act, ffi.NULL, out)
    return bytes(ffi.buffer(out, length)), asked


COMMANDS = st.binary(max_size=12) | st.tuples(st.integers(0, 16), st.binary(max_size=10)).map(
    lambda parts: bytes([parts[0]]) + parts[1]
)


@given(data=COMMANDS, status=st.sampled_from(list(Status)), told=st.data())
@GENERATED
def test_commands_and_answers_are_the_codecs(portable, data, status, told) -> None:
    try:
        command = control.decode_command(data)
    except control.RefusedError as refused:
        wanted = control.encode_answer(refused.answer)
        assert answer_of(portable, data, 15, 0, ())[0] == wanted
        return
    layout = control._ANSWERS[command.opcode]
    steps = [told.draw(st.integers(0, 256**width - 1)) for width in widths(layout.wire.format)]
    said, asked = answer_of(portable, data, 15, status, steps)
    assert said == bytes([command.opcode, status]) + layout.wire.pack(*steps)
    wire = control._COMMANDS[command.opcode].wire
    assert asked[: len(wire.unpack(data[1:]))] == list(wire.unpack(data[1:]))


def widths(layout: str) -> list[int]:
    return [{"B": 1, "H": 2, "I": 4, "Q": 8}[letter] for letter in layout.strip("<")]


def test_a_shoe_without_a_feature_does_not_know_its_commands(portable) -> None:
    for opcode in Opcode:
        data = bytes([opcode]) + bytes(control._COMMANDS[opcode].wire.size)
        said, _ = answer_of(portable, data, Feature.GYROSCOPE, 0, ())
        known = opcode < Opcode.RESEND
        status = Status.DONE if known else Status.UNKNOWN_OPCODE
        assert said == control.encode_answer(Answer(opcode, status))


@given(
    side=st.sampled_from([(1, Side.LEFT), (2, Side.RIGHT)]),
    mounting=st.sampled_from(list(MOUNTINGS.items())),
    rate=st.integers(1, 2**31),
    serial=st.text("abcXYZ0189-.", max_size=16),
    features=st.integers(0, 63),
)
@GENERATED
def test_info_is_the_codecs(portable, side, mounting, rate, serial, features) -> None:
    ffi = portable.ffi
    text, version = ffi.new("char[]", serial.encode()), ffi.new("char[]", b"2.0.1")
    values = [side[0], features, mounting[0], rate, 16_000, 2_000_000, text, version]
    out = ffi.new("uint8_t[]", 48)
    portable.lib.sg_write_info(ffi.new("sg_info *", values), out)
    info = SensorInfo(
        side=side[1],
        rate_hz=rate / 100,
        acc_range_g=16.0,
        gyr_range_dps=2000.0,
        mounting=mounting[1],
        serial=serial,
        firmware="2.0.1",
    )
    wanted = add_features(encode_info(info), Feature(features))
    assert bytes(ffi.buffer(out)) == wanted[:2] + bytes([features]) + wanted[3:]


@pytest.mark.parametrize("case", control_vectors.dialogues(), ids=lambda case: case["name"])
def test_the_c_answers_as_the_vectors_say(portable, case) -> None:
    values = control_vectors.numbers(case.get("values", ""))
    data, asked = bytes.fromhex(case["command"]), control_vectors.numbers(case.get("asked", ""))
    said, read = answer_of(portable, data, 63, int(case["status"]), values)
    assert said == bytes.fromhex(case["answer"])
    assert read[: len(asked)] == asked


@pytest.mark.parametrize("case", control_vectors.infos(), ids=lambda case: case["name"])
def test_the_c_describes_itself_as_the_vectors_say(portable, case) -> None:
    ffi = portable.ffi
    texts = [ffi.new("char[]", case[name].encode()) for name in ("serial", "firmware")]
    said = [int(case[name]) for name in ("side", "features", "mounting", "rate", "acc", "gyr")]
    out = ffi.new("uint8_t[]", 48)
    portable.lib.sg_write_info(ffi.new("sg_info *", [*said, *texts]), out)
    assert bytes(ffi.buffer(out)) == bytes.fromhex(case["bytes"])


@given(
    number=UINT16,
    index=UINT32,
    packet=st.binary(min_size=1, max_size=244),
    mtu=st.integers(23, 247),
)
@GENERATED
def test_parts_and_check_are_the_codecs(portable, number, index, packet, mtu) -> None:
    ffi, lib = portable.ffi, portable.lib
    kept = ffi.new("uint8_t[]", packet)
    parts = ffi.new("sg_parts *", [number, index, kept, len(packet), 0])
    out = ffi.new("uint8_t[]", 244)
    came = []
    while length := lib.sg_parts_next(parts, mtu, out):
        came.append(bytes(ffi.buffer(out, length)))
    assert came == list(log.split(number, index, packet, mtu))
    before = lib.sg_crc32(0, packet[:9], len(packet[:9]))
    assert lib.sg_crc32(before, packet[9:], len(packet[9:])) == log.crc([packet])


def test_the_c_knows_the_same_names(portable) -> None:
    lib = portable.lib
    for prefix, codes in (("", Opcode), ("", Status), ("", shoegait.Flag), ("LOG_", LogState)):
        for code in codes:
            assert getattr(lib, f"SG_{prefix}{code.name}") == code
    features = {bit.name: bit for bit in Feature}
    assert {name: getattr(lib, f"SG_{name}") for name in features} == features
