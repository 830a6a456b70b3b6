"""Writes the table of licences into supply-chain.md, from what is installed here:

    pip install -c constraints.txt -e '.[virtual,report,parquet,dashboard,fit]'
    python docs/make_licences.py

A package of these extras that is not installed keeps the line it has.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).parent / "supply-chain.md"
BEGIN, END = "<!-- licences -->\n", "<!-- end of licences -->\n"
EXTRAS = ("virtual", "report", "parquet", "dashboard", "fit")
CORE = "core"

# As SPDX writes them; where a package says only "BSD", so do we.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "GNU General Public License (GPL)": "GPL",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "PSFL": "PSF-2.0",
}
OPEN_AND_FREE_OF_CONDITIONS = {
    *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC"),
    *("LLVM-exception", "MIT", "MIT-0", "PSF-2.0", "Public Domain", "Zlib"),
}


def licence(package: Distribution) -> str:
    """What the package says of itself: an SPDX expression, or names with commas between them."""
    told = package.metadata
    for field in ("License-Expression", "License"):
        stated = str((told.get_all(field) or [""])[0])
        if stated and "\n" not in stated and len(stated) < 60:
            return SPDX.get(stated, stated)
    classifiers = map(str, told.get_all("Classifier") or [])
    names = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License")]
    return ", ".join(SPDX.get(name, name) for name in names) or "not stated"


def has_conditions(stated: str) -> bool:
    """Whether any part of it is not open source, or passes on to what is built with it."""
    names = re.split(r"\s+(?:AND|OR|WITH)\s+|,\s*|[()]", stated)
    return not {name.strip() for name in names if name.strip()} <= OPEN_AND_FREE_OF_CONDITIONS


def packages_of(extra: str) -> dict[str, Distribution | None]:
    """Everything that shoegait with this extra stands on, by name; None where not installed."""
    found: dict[str, Distribution | None] = {}
    walked: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(f"shoegait[{extra}]" if extra != CORE else "shoegait")]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        place = (name, frozenset(wanted.extras))
        if place in walked:
            continue
        walked.add(place)
        try:
            package = distribution(name)
        except PackageNotFoundError:
            found[name] = None
            continue
        found[name] = package
        waiting += _needed(package, wanted.extras)
    del found["shoegait"]
    return found


def _needed(package: Distribution, extras: Iterable[str]) -> Iterator[Requirement]:
    for line in package.requires or []:
        needed = Requirement(line)
        if needed.marker is None or any(
            needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ):
            yield needed


def rows() -> dict[str, tuple[str | None, str]]:
    """Package → its licence, None where it is not installed, and what it is needed for."""
    core = packages_of(CORE)
    table: dict[str, tuple[str | None, str]] = {}
    for extra in (CORE, *EXTRAS):
        for name, package in packages_of(extra).items():
            if extra != CORE and name in core:
                continue
            before = table[name][1] + ", " if name in table else ""
            table[name] = (licence(package) if package else None, before + extra)
    return dict(sorted(table.items()))


def table_in(page: str) -> dict[str, tuple[str, str]]:
    """The table that the page has, as `rows` gives it."""
    text = page.partition(BEGIN)[2].partition(END)[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    return {name: (stated, needed) for name, stated, needed in cells[2:]}


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before = table_in(page)
    lines = ["| package | licence | for |", "|---|---|---|"]
    for name, (stated, needed) in rows().items():
        if stated is None and name not in before:
            sys.exit(f"{name} is not installed; install shoegait with the extra {needed}.")
        lines.append(f"| {name} | {stated or before[name][0]} | {needed} |")
    head, _, rest = page.partition(BEGIN)
    tail = rest.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}" + "\n".join(lines) + f"\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
