"""Source archive and wheel: built, checked, and the wheel at work where no work tree is.

Long, since it installs everything anew; CI runs it after the other tests.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from gait.model.compiled import KERNEL_ROOMS, cache_folder

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
SECONDS = 900  # for one command to take, on a slow machine whose kernels are compiled anew
CACHES = "caches"  # of the fresh environment, beside its commands
# What tells Python or pip of another place must not reach the fresh environment.
LEFT_OUT = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_REQUIRE_VIRTUALENV")


def run(*command: object, cwd: Path = ROOT, **more: str) -> str:
    """What it printed, with `more` in its environment; fails with that where it failed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name not in LEFT_OUT} | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def tool(name: str) -> Path:
    found = Path(sys.executable).parent / name
    if not found.exists():
        pytest.skip(f"{name} is not installed; pip install -c constraints.txt -e '.[dev]'")
    return found


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the archive of the sources, and the wheel that is built from it."""
    tool("pyproject-build")
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (made,) = dist.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that has the wheel, and what it stands on."""
    folder = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", folder)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [commands / "python", "-m", "pip", "install", "--quiet", "--no-compile"]
    run(*pip, "-c", ROOT / "constraints.txt", f"{wheel}[demo]", cwd=folder)
    run(commands / "python", "-m", "pip", "check", cwd=folder)
    take_over_kernels(Path(where_is_gait(commands, folder)), folder / CACHES)
    return commands


def where_is_gait(commands: Path, folder: Path) -> str:
    say = "import gait; print(gait.__path__[0])"
    return run(commands / "python", "-c", say, cwd=folder).strip()


def take_over_kernels(installed: Path, caches: Path) -> None:
    """Give the wheel the kernels that are compiled for the work tree, which saves two minutes.

    Their folder is named for the source of all of them, so others are never taken; in it numba
    knows a source by its folder, time and size.
    """
    compiled = cache_folder()
    for room in KERNEL_ROOMS:
        tree = ROOT / "gait" / room
        kernels = compiled / place_of_kernels(tree)
        if kernels.exists():
            to = caches / "shoegait" / compiled.name / place_of_kernels(installed / room)
            shutil.copytree(kernels, to)
        for source in tree.glob("*.py"):
            times = source.stat()
            os.utime(installed / room / source.name, ns=(times.st_atime_ns, times.st_mtime_ns))


def place_of_kernels(folder: Path) -> str:
    return f"{folder.name}_{hashlib.sha1(str(folder).encode()).hexdigest()}"


def files_of_ours() -> Iterator[str]:
    """What the repository holds below gait/, whatever else lies there."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "gait")
    return (name for name in listed.splitlines() if (ROOT / name).exists())


def test_an_index_would_take_both(dist: Path) -> None:
    archives = sorted(dist.iterdir())
    assert [path.suffix for path in archives] == [".whl", ".gz"]
    run(tool("twine"), "check", "--strict", *archives)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    run(tool("check-wheel-contents"), wheel)
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    inside = {name for name in names if name.startswith("gait/")}
    assert inside == set(files_of_ours())
    assert {name.split("/")[0].partition("-")[0] for name in names - inside} == {"shoegait"}
    kinds = {Path(name).suffix for name in inside}
    assert kinds >= {".py", ".yaml", ".css", ".j2", ".json", ".typed"}


def test_the_archive_of_the_sources_has_what_the_tests_need(dist: Path) -> None:
    (made,) = dist.glob("*.tar.gz")
    with tarfile.open(made) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "constraints.txt"} <= names
    assert {"requirements.txt", "tests/conftest.py", "docs/supply-chain.md"} <= names
    assert not [name for name in names if name.startswith((".venv", ".ci", "dist"))]


def test_the_wheel_works_where_no_work_tree_is(fresh: Path, tmp_path: Path) -> None:
    assert not Path(where_is_gait(fresh, tmp_path)).is_relative_to(ROOT)
    gait = fresh / "gait"
    assert run(gait, "--version", cwd=tmp_path).startswith("gait ")
    assert "plantar" in run(gait, "evidence", "plantar fasciitis", cwd=tmp_path).lower()
    run(gait, "simulate", "run.gait", "--seconds", "12", cwd=tmp_path)
    results = ["--json", "run.json", "--strides", "run.csv", "--report", "run.html"]
    caches = str(fresh.parent / CACHES)
    run(gait, "analyze", "run.gait", *results, cwd=tmp_path, XDG_CACHE_HOME=caches)
    measures = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["measures"]
    assert measures["left"]["cadence_spm"]["n"] > 5
    assert len((tmp_path / "run.csv").read_text(encoding="utf-8").splitlines()) > 10
    assert "<svg" in (tmp_path / "run.html").read_text(encoding="utf-8")


def test_the_bill_of_materials_lists_what_is_installed(fresh: Path, tmp_path: Path) -> None:
    bill = tmp_path / "shoegait.cdx.json"
    make = [tool("cyclonedx-py"), "environment", fresh / "python"]
    run(*make, "--pyproject", ROOT / "pyproject.toml", "--output-file", bill)
    told = json.loads(bill.read_text(encoding="utf-8"))
    assert told["bomFormat"] == "CycloneDX"
    listed = {(canonicalize_name(one["name"]), one["version"]) for one in told["components"]}
    root = told["metadata"]["component"]
    assert root["name"] == "shoegait"
    say = (
        "import json; from importlib.metadata import distributions as all;"
        "print(json.dumps([[one.name, one.version] for one in all()]))"
    )
    installed = {
        (canonicalize_name(name), version)
        for name, version in json.loads(run(fresh / "python", "-c", say, cwd=tmp_path))
    }
    assert {name for name, _ in installed} >= {"shoegait", "numpy", "numba", "bumble", "jinja2"}
    assert listed | {("shoegait", next(v for n, v in installed if n == "shoegait"))} == installed
    unknown = [one["name"] for one in told["components"] if not one.get("licenses")]
    assert not unknown
