"""The results in plain words, every number from the results."""

from collections.abc import Sequence

import numpy as np

from benchmarks.accuracy.compare import GAITMAP, NAIVE, OURS, REAL_RUNNING, Comparison, mean_spread
from benchmarks.accuracy.refit import HeldOut
from benchmarks.accuracy.run import Results
from benchmarks.accuracy.summary import Line, counts, kinds, lines
from benchmarks.accuracy.verdict import DIGITS, TITLES, Grade, Outcome

# What is told of the real runners: measure, word, unit.
TOLD = (
    ("ic_ms", "landing", " ms"),
    ("tc_ms", "toe-off", " ms"),
    ("contact_ms", "contact time", " ms"),
    ("strike_angle_deg", "strike angle", "°"),
    ("speed_pct", "speed", " %"),
)


def in_plain_words(results: Results, comparison: Comparison, held: Sequence[HeldOut]) -> list[str]:
    """Paragraphs: how accurate, and where not."""
    good = [
        _left_out(held),
        _real(results.real),
        _simulated(results),
        _turned(results),
        _own(results),
    ]
    good.append(_others(comparison))
    good = [sentence for sentence in good if sentence]
    weak = [
        *_weak_kinds(results.simulated),
        *_weak_group("Simulated sprints", results.sprints),
        *_weak_group("The project's own recordings", results.project),
        *_walking(results),
        *_held_out(held),
    ]
    return [
        "**How accurate.** " + " ".join(good),
        "**Where it is not.**\n\n" + "\n".join(f"- {w}" for w in weak)
        if weak
        else "**Where it is not.** Nothing that is scored here misses what it must hold.",
        "**What is not scored.** Impact and braking have no independent truth here; flight time "
        "and symmetry need both shoes of a real runner, which these recordings do not have at "
        "once. Nothing here was measured outdoors, on slopes, or on people with an injury.",
        "**On bad data** (samples lost, clocks that jitter, values clipped, a side told wrong): "
        "[below](#on-bad-data).",
    ]


def _line(group: Sequence[Outcome], key: str) -> Line | None:
    return next((line for line in lines(group) if line.key == key), None)


def _real(group: Sequence[Outcome]) -> str:
    if not group:
        return "The recordings of real runners were not there when this was written."
    n = counts(group)
    found = [(what, unit, _line(group, key)) for key, what, unit in TOLD]
    errors = [f"{w} {line.typical:.1f}{u} ({line.worst:.1f}{u})" for w, u, line in found if line]
    return (
        "As shipped, chosen on these very recordings: on real treadmill running, of "
        f"{n.strides} contacts {n.missed} were missed and {n.invented} invented. Typically off "
        f"by, and in brackets in the worst recording: {', '.join(errors)}."
    )


def _simulated(results: Results) -> str:
    group = results.simulated
    if not group:
        return ""
    holding = sum(not o.misses for o in group)
    return (
        f"Of {len(group)} simulated recordings (2–5 m/s, from forefoot to strong heel strike, any "
        f"mounting) {holding} hold every requirement."
    )


def _turned(results: Results) -> str:
    holding = sum(not r.misses for r in results.rotation)
    return (
        f"How the sensor sits on the shoe makes no difference worth noting in {holding} of "
        f"{len(results.rotation)} recordings tried in several mountings."
    )


def _own(results: Results) -> str:
    if not results.project:
        return ""
    holding = sum(not o.misses for o in results.project)
    return (
        f"Of the {len(results.project)} running stretches in the project's own recordings, which "
        f"go through packets and clock repair, {holding} hold every requirement."
    )


def _weak_kinds(group: Sequence[Outcome]) -> list[str]:
    out = []
    for kind in kinds(group):
        if kind.by == "rate" or kind.holding == len(kind.group):
            continue
        ic, n = kind.line("ic_ms"), counts(kind.group)
        text = f"Simulated, {kind.name}: {kind.holding} of {len(kind.group)} hold everything"
        if ic:
            text += f"; landing is up to {ic.worst:.0f} ms off in a recording"
        if n.missed or n.invented or n.not_running:
            text += (
                f"; of {n.strides} strides {n.missed} missed, {n.invented} invented, "
                f"{n.not_running} taken for walking"
            )
        out.append(text + ".")
    return [*out, *_unmeasured("Simulated runners", group)]


def _unmeasured(title: str, group: Sequence[Outcome]) -> list[str]:
    speed = _line(group, "speed_pct")
    share = 100 * speed.measured if speed else 0.0
    if not group or share >= 95:
        return []
    return [
        f"{title}: speed and stride length are measured in {share:.0f} % of the strides only; the "
        "others say why not."
    ]


def _weak_group(title: str, group: Sequence[Outcome]) -> list[str]:
    holding = sum(not o.misses for o in group)
    out = _unmeasured(title, group)
    if holding < len(group):
        missing = [
            f"{TITLES[line.key]} (worst {line.worst:.{DIGITS[line.key]}f})"
            for line in lines(group)
            if line.must < line.recordings
        ]
        n = counts(group)
        if n.grade is Grade.MISS:
            missing.append(f"{n.missed} of {n.strides} strides missed, {n.invented} invented")
        out.append(
            f"{title}: {holding} of {len(group)} hold everything. Not: {'; '.join(missing)}."
        )
    return out


def _others(comparison: Comparison) -> str:
    """What the others do on the real running."""
    methods = comparison.tallies.get(REAL_RUNNING, {})
    if GAITMAP not in methods:
        return ""
    other, naive = methods[GAITMAP], methods[NAIVE]
    return (
        f"On the same real running gaitmap, which is made for walking, finds "
        f"{other.strides - other.missed} of {other.strides} strides as it comes; a naive detector "
        f"finds {naive.strides - naive.missed}, with landings off by "
        f"{mean_spread(naive.landing_ms)} ms where ours are off by "
        f"{mean_spread(methods[OURS].landing_ms)} ms."
    )


def _left_out(held: Sequence[HeldOut]) -> str:
    """How the detector does on a runner it was not chosen on."""
    refitted = [o for one in held for o in one.refitted if "ic_ms" in o.score.errors]
    if not refitted:
        return ""
    landing, toe_off, contact = (
        max(abs(o.score.errors[key][0]) for o in refitted)
        for key in ("ic_ms", "tc_ms", "contact_ms")
    )
    holding = sum(not o.misses for o in refitted)
    stated = [one.holds for h in held for one in h.stated if one.holds is not None]
    return (
        "A few of the detector's numbers were chosen on real running. Chosen on one runner and "
        f"tried on the other, landing is up to {landing:.1f} ms off, toe-off {toe_off:.1f} ms and "
        f"contact time {contact:.1f} ms, {holding} of {len(refitted)} recordings hold every "
        f"requirement, and {sum(stated)} of {len(stated)} stated 95 % intervals hold the truth."
    )


def _held_out(held: Sequence[HeldOut]) -> list[str]:
    out = []
    for one in held:
        missed = sum(bool(o.misses) for o in one.refitted)
        if missed:
            out.append(
                f"With the fitted numbers chosen without {one.runner}, {missed} of "
                f"{len(one.refitted)} recordings of {one.runner} miss a requirement: two runners "
                "are too few to choose them on."
            )
    return out


def _walking(results: Results) -> list[str]:
    walks = results.walking
    if not any(w.misses for w in walks):
        return []
    missed, invented = (
        sum(len(w.missed_at_s) for w in walks),
        sum(len(w.invented_at_s) for w in walks),
    )
    off = np.abs(np.concatenate([w.landing_ms for w in walks]))
    return [
        f"Real walking with a U-turn and a stop: of {sum(w.swings for w in walks)} swings {missed} "
        f"missed and {invented} invented; half of the contacts are within {np.median(off):.0f} ms, "
        f"{100 * np.mean(off <= 20.0):.0f} % within 20 ms, the farthest {off.max():.0f} ms off. "
        f"{sum(w.running for w in walks)} steps were taken for running."
    ]
