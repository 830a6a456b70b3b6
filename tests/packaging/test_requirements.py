"""The lists of what is installed: one set of versions, with hashes, above known holes."""

import re
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "supply-chain.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HOLE = re.compile(r"^\| ([\w-]+) \| ([\d.]+) \| (.+) \|$", re.MULTILINE)
HOLES = {name: (Version(bound), why) for name, bound, why in HOLE.findall(PAGE)}


def pins(text: str) -> dict[str, str]:
    """Requirement without hashes → its lines, where it has any."""
    whole = text.replace("\\\n", " ")
    found = {}
    for line in whole.splitlines():
        pin, _, hashes = line.partition(" --hash=")
        found[pin.strip()] = hashes
    return found


CONSTRAINTS = pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))
HASHED = pins((ROOT / "requirements.txt").read_text(encoding="utf-8"))


def own_requirements() -> list[Requirement]:
    lines = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    return [Requirement(line) for line in lines if not line.startswith("shoegait[")]


def test_both_lists_have_the_same_versions_and_one_has_their_hashes() -> None:
    assert set(HASHED) == set(CONSTRAINTS)
    assert not any(CONSTRAINTS.values())
    for pin, hashes in HASHED.items():
        assert re.fullmatch(r"sha256:[0-9a-f]{64}( +--hash=sha256:[0-9a-f]{64})*", hashes), pin


def test_the_lists_name_packages_and_not_where_they_come_from() -> None:
    for name in ("constraints.txt", "requirements.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"://|^\s*-|\.whl|\.tar", text.replace("    --hash=", ""), re.M)
    for pin in CONSTRAINTS:
        assert re.fullmatch(r"==[^*,]+", str(Requirement(pin).specifier)), pin


def test_every_requirement_of_ours_is_pinned_within_its_bounds() -> None:
    pinned: dict[str, list[Version]] = {}
    for pin in map(Requirement, CONSTRAINTS):
        version = Version(str(pin.specifier).removeprefix("=="))
        pinned.setdefault(canonicalize_name(pin.name), []).append(version)
    for wanted in own_requirements():
        versions = pinned[canonicalize_name(wanted.name)]
        assert all(version in wanted.specifier for version in versions), wanted


def test_what_the_pinned_need_is_pinned_too() -> None:
    """Also what nobody here asks for by name: with hashes pip takes nothing that is not listed."""
    pinned = {canonicalize_name(Requirement(pin).name): Requirement(pin) for pin in CONSTRAINTS}
    lacking = set()
    waiting = [(wanted.name, tuple(wanted.extras)) for wanted in own_requirements()]
    seen = set(waiting)
    while waiting:
        name, extras = waiting.pop()
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # of an extra that is not here
        for need in map(Requirement, needs):
            markers = (
                [need.marker.evaluate({"extra": e}) for e in ("", *extras)]
                if need.marker
                else [True]
            )
            one = (need.name, tuple(need.extras))
            if not any(markers) or one in seen:
                continue
            seen.add(one)
            waiting.append(one)
            if canonicalize_name(need.name) not in pinned:
                lacking.add(f"{need.name}, for {name}")
    assert not lacking


def test_what_is_installed_is_within_our_bounds() -> None:
    for wanted in own_requirements():
        try:
            installed = distribution(wanted.name).version
        except PackageNotFoundError:
            continue  # of an extra that is not here
        assert Version(installed) in wanted.specifier, wanted


@pytest.mark.parametrize("name", HOLES)
def test_a_known_hole_is_kept_out(name: str) -> None:
    """Something that is installed with us asks for the version above it, and the lists have one."""
    bound, why = HOLES[name]
    assert re.search(r"(CVE|GHSA)-[\w-]+", why)
    pinned = [
        Version(str(pin.specifier).removeprefix("=="))
        for pin in map(Requirement, CONSTRAINTS)
        if canonicalize_name(pin.name) == name
    ]
    assert pinned
    assert min(pinned) >= bound
    asking = asked_for()[name]
    assert any(lowest(specifiers) >= bound for specifiers in asking), asking


def test_the_page_has_the_holes_that_the_bounds_are_for() -> None:
    assert len(HOLES) >= 15
    assert HOLES["nicegui"][0] >= Version("3.18")


@cache
def asked_for() -> dict[str, list[SpecifierSet]]:
    """What we ask of each package, and what the packages do that we ask for."""
    ours = own_requirements()
    asked: dict[str, list[SpecifierSet]] = {}
    for wanted in ours:
        asked.setdefault(canonicalize_name(wanted.name), []).append(wanted.specifier)
    for name in {wanted.name for wanted in ours}:
        try:
            lines = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        for wanted in map(Requirement, lines):
            if "extra" not in str(wanted.marker):
                asked.setdefault(canonicalize_name(wanted.name), []).append(wanted.specifier)
    return asked


def lowest(specifiers: SpecifierSet) -> Version:
    bounds = [Version(one.version) for one in specifiers if one.operator in (">=", "==", "~=")]
    return max(bounds, default=Version("0"))
