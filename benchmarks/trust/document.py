"""`docs/trust.md`: what was tried, how often, and what held; written from what was measured."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.trust.fuzzing import CORPUS, MOST_CPU_S, MOST_MB, ROOT, Fuzzed
from benchmarks.trust.peers import PEERS
from benchmarks.trust.run import Results
from benchmarks.trust.trial import Trial

DOCUMENT = ROOT / "docs" / "trust.md"
COMMAND = "python -m benchmarks.trust"
MOST_SHOWN = 40
# What a target's name begins with → what that is, in the order of the page.
GROUPS = {
    "packets-": "notifications of each kind of sensor",
    "setup-": "answers of a sensor that is set up",
    "analysis-": "runs with hostile packets, the whole way to strides",
    "info": "our own shoe's description of itself",
    "answers": "its answers",
    "commands": "commands to it",
    "exchanges": "what is read from recorded exchanges",
    "log-parts": "parts of its logs",
    "session": "session files: flipped, with right checksums, with a log beside, as JSON lines",
    "table-": "IMU tables (CSV, Parquet)",
    "foreign-": "runs of other makers (FIT, TCX, GPX, CSV, packed)",
    "profile-": "profiles (YAML, TOML, JSON)",
    "known-shoes": "the list of known shoes",
    "part-of-a-log": "a log that was fetched in part",
    "archive": "athlete archives",
    "roster": "rosters: flipped, and sound with other values",
    "request": "requests to the dashboard",
}

# What stands here is said by docs/protocol.md, and tried by tests/virtual/test_version_2.py and
# tests/firmware: on the virtual shoe and on the C, not on hardware.
SHOE = """A shoe that speaks version 2 of [our protocol](protocol.md) serves the hosts that it is paired with, over an encrypted link, and nobody else: no stream, no log, no pace. It pairs for two minutes after it is switched on or tapped three times, and on a cable; it drops a link that nobody encrypts after 30 s, and shows an address that changes and tells strangers nothing. Its firmware meets hostile commands, packets and flash under the sanitizers (`pytest tests/firmware`; ten million with `-m long`).

What that does not give: pairing without a display or keys (*just works*) protects from who listens later, **not from who answers in the middle of the pairing itself**. A shoe tells its name, what it is and its battery to all who connect. Whoever has it in the hand can pair with it. LOG_CHECK and LOG_CLEAR guard a log against mistakes of a host that is paired, not against that host. Sensors of other makers protect what they send as their makers chose, which is mostly not at all. Nothing of this was tried on hardware."""  # noqa: E501


def print_table(console: Console, results: Results) -> None:
    """Everything on the screen, with what did not hold below."""
    table = Table("what", "times", "held", "slowest", box=None, pad_edge=False)
    for trial in results.trials:
        held = (trial.left_out and "left out") or f"{trial.times - len(trial.failures):,}"
        table.add_row(trial.name, f"{trial.times:,}", held, "")
    for one in results.fuzzed:
        slowest = f"{1e3 * one.slowest_s:.0f} ms"
        table.add_row(one.name, f"{one.inputs:,}", _held(one), slowest)
    console.print(table)
    for failure in results.failures():
        console.print(f"✗ {failure}", markup=False)
    console.print(f"{results.inputs:,} inputs, {results.took_s:.0f} s.")


def write_document(results: Results, path: Path = DOCUMENT) -> None:
    """Write the page."""
    path.write_text(document(results), encoding="utf-8")


def document(results: Results) -> str:
    """The page as Markdown."""
    failures = results.failures()
    parts = [
        "# What can be trusted",
        f"<!-- Made by `{COMMAND} --write`; change benchmarks/trust instead. -->",
        _findings(results, failures),
        "## What was tried",
        _trials(results.trials),
        "### Hostile inputs",
        "Each input must give a value, or the product's own error in one sentence: no other, "
        f"no more than {MOST_CPU_S:.0f} s of CPU time, no more than {MOST_MB} MB beyond what good "
        "inputs take. A call that takes 10 s is ended by the system, and counts as one that fails. "
        "Inputs come from "
        f"{_corpus()} good ones and what once went wrong (`tests/trust/corpus`), changed in one to "
        "four ways: bits, numbers at the ends of their range, lengths, cuts, splices, and in text "
        "words, numbers and nesting. Where a format has checksums, they are made right again "
        "after the change (session rows, FIT, the members of an archive), so that what lies behind "
        "them is reached. The number of a call gives the same input on every machine.",
        _fuzzed(results.fuzzed),
        "### What did not hold",
        _failures(failures),
        "## Who can reach a shoe",
        SHOE,
        "## How others do it",
        PEERS,
        "## Do it again",
        "\n".join(
            [
                f"- `{COMMAND}`: the quick form, a minute or two; CI does the same as tests.",
                f"- `{COMMAND} --long --write`: the long form, and this page; the tests "
                "`pytest -m long tests/trust` do the same.",
                f"- `{COMMAND} --again table-csv 17`: one call once more, with its traceback.",
                f"- `{COMMAND} --guided session --seconds 600`: guided by coverage, where atheris "
                "is installed (`pip install atheris`). What it finds belongs into the corpus.",
            ]
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _findings(results: Results, failures: Sequence[str]) -> str:
    trials = [trial for trial in results.trials if not trial.left_out]
    tried = sum(trial.times for trial in trials)
    broken = sum(len(trial.failures) for trial in trials)
    bad_inputs = sum(len(one.findings) for one in results.fuzzed)
    verdict = "Everything held." if not failures else f"{len(failures)} things did not hold."
    left_out = "".join(
        f"\n- Left out here: {t.name} ({t.left_out})." for t in results.trials if t.left_out
    )
    return (
        f"**{verdict}** The {results.form.name} form of {results.day:%d %B %Y}, "
        f"{results.took_s / 60:.0f} minutes; {results.where}.\n\n"
        f"- {results.inputs:,} hostile inputs to {len(results.fuzzed)} readers and codecs: "
        f"{bad_inputs or 'none'} ended in anything but a value or a sentence; the slowest call "
        f"took {max((one.slowest_s for one in results.fuzzed), default=0.0):.1f} s.\n"
        f"- {tried:,} kills, torn files, writers, full disks and checks of chaos: "
        f"{broken or 'none'} lost what was said to be stored, or said what is not so.{left_out}"
    )


def _trials(trials: Sequence[Trial]) -> str:
    rows = [
        (
            trial.name,
            f"{trial.times:,}",
            trial.must,
            (trial.left_out and f"left out: {trial.left_out}") or _share(trial),
        )
        for trial in trials
    ]
    return table(("tried", "times", "what must hold", "held"), rows)


def _share(trial: Trial) -> str:
    held = max(0, trial.times - len(trial.failures))
    mark = "✗ " if trial.failures else ""
    return f"{mark}{held:,} of {trial.times:,}{trial.detail and f'; {trial.detail}'}"


def _fuzzed(fuzzed: Sequence[Fuzzed]) -> str:
    rows = []
    for start, what in GROUPS.items():
        members = [one for one in fuzzed if _group(one.name) == start]
        if not members:
            continue
        inputs = sum(one.inputs for one in members)
        bad = sum(len(one.findings) for one in members)
        slowest = max(one.slowest_s for one in members)
        held = f"✗ {bad} findings" if bad else "all"
        rows.append((what, str(len(members)), f"{inputs:,}", f"{1e3 * slowest:.0f} ms", held))
    return table(("what reads", "targets", "inputs", "slowest call (CPU)", "held"), rows)


def _group(name: str) -> str:
    return max((start for start in GROUPS if name.startswith(start)), key=len, default="")


def _held(one: Fuzzed) -> str:
    return "all" if not one.findings else f"{len(one.findings)} findings"


def _failures(failures: Sequence[str]) -> str:
    if not failures:
        return "Everything held."
    shown = [f"- ✗ {_plain(failure)}" for failure in failures[:MOST_SHOWN]]
    more = len(failures) - len(shown)
    return "\n".join([*shown, *([f"- and {more} more."] if more else [])])


def _corpus() -> int:
    return sum(1 for file in CORPUS.rglob("*") if file.is_file())


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_plain(cell) for cell in line) + " |" for line in lines)


def _plain(text: str) -> str:
    """Nothing of it is taken for Markdown, and no path of a machine stays in it."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")[:400]
