"""The portable C as a Python module, compiled once for all tests."""

import importlib.util
import re
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from compiling import PORTABLE, SOURCES, STRICT, host_compiler, run

_NOT_FOR_CFFI = re.compile(r"^\s*#(?:include|ifndef|endif|define [A-Z_]+_H).*$", re.MULTILINE)


def declarations() -> str:
    """What the headers declare, as cffi reads it: without the preprocessor's lines, and with the
    sizes that they define by name."""
    text = "\n".join(
        (PORTABLE / f"shoegait_{part}.h").read_text()
        for part in ("packet", "ring", "control", "log")
    )
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = _NOT_FOR_CFFI.sub("", text)
    text = re.sub(r"#define (\w+) .*", r"#define \1 ...", text)
    text = re.sub(r"\[SG_\w+\](?=[,)])", "[]", text)
    return re.sub(r"\[SG_\w+\]", "[...]", text) + (
        '\nextern "Python" void emit_packet(void *, const uint8_t *, uint16_t);'
        '\nextern "Python" void act(void *, const sg_command *, sg_answer *);'
    )


@pytest.fixture(scope="session")
def portable(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The compiled module: `.ffi` and `.lib`."""
    cffi = pytest.importorskip("cffi", reason="cffi is not installed; pip install cffi")
    headers = Path(sysconfig.get_paths()["include"])
    if not (headers / "Python.h").exists():
        pytest.skip("Python.h is not installed; install python3-dev")
    compiler = host_compiler()
    folder = tmp_path_factory.mktemp("portable")
    builder = cffi.FFI()
    builder.cdef(declarations())
    builder.set_source(
        "shoegait_portable",
        "".join(f'#include "{header.name}"\n' for header in sorted(PORTABLE.glob("*.h"))),
    )
    glue = folder / "glue.c"
    builder.emit_c_code(str(glue))
    library = folder / f"shoegait_portable{sysconfig.get_config_var('EXT_SUFFIX')}"
    objects = []
    for source in SOURCES:
        objects.append(folder / f"{source.stem}.o")
        run(compiler, *STRICT, "-O1", "-fPIC", "-c", source, "-o", objects[-1])
    shared = ["-shared", "-fPIC", "-O1", f"-I{PORTABLE}", f"-I{headers}"]
    run(compiler, *shared, glue, *objects, "-o", library)
    spec = importlib.util.spec_from_file_location("shoegait_portable", library)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
