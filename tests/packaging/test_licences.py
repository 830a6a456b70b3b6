"""docs/supply-chain.md names every package that comes with shoegait, and what it asks for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from docs.make_licences import EXTRAS, PAGE, has_conditions, rows, table_in

ROOT = Path(__file__).parents[2]
TEXT = PAGE.read_text(encoding="utf-8")
NAMED = table_in(TEXT)
WITH_CONDITIONS = set(
    re.findall(
        r"^\| ([\w-]+) \|", TEXT.partition("what works without it")[2].partition("\n\n")[0], re.M
    )
)
OTHER_SYSTEMS = ("pyobjc-", "winrt-", "colorama")
OF_TOOLS = {"pywin32-ctypes"}  # of development, on another system


def test_every_package_is_named_with_its_licence() -> None:
    now = rows()
    assert set(now) == set(NAMED), "run python docs/make_licences.py"
    for name, (stated, needed) in now.items():
        assert NAMED[name][1] == needed, name
        if stated is not None:  # not of an extra that is not installed here
            assert NAMED[name][0] == stated, name


def test_no_package_is_without_a_licence() -> None:
    assert not [name for name, (stated, _) in NAMED.items() if stated in ("", "not stated")]
    assert {extra for _, needed in NAMED.values() for extra in needed.split(", ")} == {
        "core",
        *EXTRAS,
    }


def test_what_asks_for_something_is_told_with_what_works_without_it() -> None:
    asking = {name for name, (stated, _) in NAMED.items() if has_conditions(stated)}
    assert {"garmin-fit-sdk", "libusb1", "certifi", "docutils"} <= asking
    # libusb-package says Apache-2.0, and has a library in it that is not
    assert asking | {"libusb-package"} == WITH_CONDITIONS


@pytest.mark.parametrize(
    ("stated", "asks"),
    [
        ("MIT", False),
        ("BSD-3-Clause AND 0BSD AND MIT", False),
        ("BSD-2-Clause AND Apache-2.0 WITH LLVM-exception", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("LGPL-2.1-or-later", True),
        ("LicenseRef-FIT-Protocol-License-Agreement", True),
        ("Public Domain, BSD, GPL", True),
        ("Some Licence of Their Own", True),
        ("not stated", True),
    ],
)
def test_what_counts_as_asking_for_something(stated: str, asks: bool) -> None:
    assert has_conditions(stated) is asks


def test_what_other_systems_bring_is_named_too() -> None:
    for pin in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        wanted = Requirement(pin)
        if re.search(r"sys_platform == '(?:darwin|win32)'", str(wanted.marker).replace('"', "'")):
            assert wanted.name.startswith(OTHER_SYSTEMS) or wanted.name in OF_TOOLS, pin
    for name in OTHER_SYSTEMS:
        assert f"`{name}" in TEXT


@pytest.mark.parametrize(
    ("without", "what"),
    [
        ("usb1 libusb_package usb", "import gait.virtual, bumble.device, bumble.controller"),
        ("orjson docutils certifi", "from nicegui import ui; ui.label('so').text"),
        (
            "garmin_fit_sdk",
            "from pathlib import Path\n"
            "from datetime import datetime, UTC\n"
            "from gait.model import GaitError\n"
            "from gait.recording.tracks import read_track\n"
            "from gait.export.fit import fit_activity\n"
            'gpx = \'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="t">\'\n'
            'point = \'<trkpt lat="1" lon="%d"><time>2026-01-01T00:00:%02dZ</time></trkpt>\'\n'
            "points = ''.join(point % (i, i) for i in range(9))\n"
            "gpx += f'<trk><trkseg>{points}</trkseg></trk></gpx>'\n"
            "Path('run.gpx').write_text(gpx)\n"
            "assert len(read_track(Path('run.gpx')).points) == 9\n"
            "try:\n"
            "    fit_activity(None, datetime.now(UTC))\n"
            "except GaitError as error:\n"
            "    assert 'shoegait[fit]' in str(error)\n"
            "else:\n"
            "    raise AssertionError\n",
        ),
    ],
    ids=["virtual shoes without USB", "NiceGUI without three", "everything but FIT"],
)
def test_what_is_said_to_work_without_a_package_does(
    without: str, what: str, tmp_path: Path
) -> None:
    missing = f"import sys\nfor name in '{without}'.split(): sys.modules[name] = None\n"
    done = subprocess.run(
        [sys.executable, "-c", missing + what],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
