"""The results in plain words, every number from the results."""

from collections.abc import Sequence

import numpy as np

from benchmarks.accuracy.run import Results
from benchmarks.accuracy.summary import Line, counts, kinds, lines
from benchmarks.accuracy.verdict import Outcome


def in_plain_words(results: Results) -> list[str]:
    """Paragraphs: how accurate, and where not."""
    good = [_real(results.real), _simulated(results), _turned(results), _own(results)]
    good = [sentence for sentence in good if sentence]
    weak = [*_weak_kinds(results.simulated), *_weak_sprints(results.sprints), *_walking(results)]
    return [
        "**How accurate.** " + " ".join(good),
        "**Where it is not.**\n\n" + "\n".join(f"- {w}" for w in weak)
        if weak
        else "**Where it is not.** Nothing that is scored here misses what it must hold.",
        "**What is not scored.** Impact and braking have no independent truth here; flight time "
        "and symmetry need both shoes of a real runner, which these recordings do not have at "
        "once. Nothing here was measured outdoors, on slopes, or on people with an injury.",
    ]


def _line(group: Sequence[Outcome], key: str) -> Line | None:
    return next((line for line in lines(group) if line.key == key), None)


def _real(group: Sequence[Outcome]) -> str:
    if not group:
        return "The recordings of real runners were not there when this was written."
    n = counts(group)
    ic, tc, contact = (_line(group, key) for key in ("ic_ms", "tc_ms", "contact_ms"))
    angle, speed = _line(group, "strike_angle_deg"), _line(group, "speed_pct")
    assert ic
    assert tc
    assert contact
    assert angle
    assert speed
    return (
        f"On real treadmill running, of {n.strides} contacts {n.missed} were missed and "
        f"{n.invented} invented. Landing is typically {ic.typical:.0f} ms off (worst recording "
        f"{ic.worst:.0f} ms), toe-off {tc.typical:.0f} ms ({tc.worst:.0f} ms), contact time "
        f"{contact.typical:.0f} ms ({contact.worst:.0f} ms), the strike angle "
        f"{angle.typical:.1f}° ({angle.worst:.1f}°), speed {speed.typical:.1f} % "
        f"({speed.worst:.1f} %)."
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
    speed = _line(group, "speed_pct")
    if speed and speed.measured < 0.95:
        out.append(
            f"Speed and stride length are measured in {100 * speed.measured:.0f} % of simulated "
            "strides; the rest say why not."
        )
    return out


def _weak_sprints(group: Sequence[Outcome]) -> list[str]:
    holding = sum(not o.misses for o in group)
    if holding == len(group):
        return []
    return [f"Simulated sprints: {holding} of {len(group)} hold everything."]


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
