"""What a run asks of each structure: summed landing by landing, told in easy kilometres.

Estimates of grade D from speed, contact and flight as on level ground, never from impact: the
acceleration of a shoe is not the load of a bone. Both ends of the published views stand side by
side, as the exponent decides which run was harder (assessment review, 5).
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from gait.compare.baseline import Comparison
from gait.measures.bins import WIDTH_M_S, Bins
from gait.measures.references import norm
from gait.model import Body, Distance, PastRun, Side
from gait.model.arrays import Floats, Records
from gait.model.assessment import StructureLoad, StructureLoads
from gait.model.history import LandingSum, RunLoad, SpeedBin
from gait.model.strides import Activity, Strike, is_running, of_side
from gait.model.summary import Measure
from gait.risk.load import LONGEST_DAYS
from gait.risk.profile import RunnerProfile
from gait.risk.structure_table import Landings, Structure, StructureTable
from gait.text import number, pace

LEAST_KM = 0.5  # a run shorter than this is told by the kilometre alone
LEAST = 20  # landings of a foot, for a sum to say something
LEAST_FOREFOOT = 0.5  # share of landings, from where on a runner lands on the forefoot
FASTER = 1.05  # times the easy speed, from where on a run counts as faster than easy
SAME_KM = 0.05  # of a logged run and a recorded one, for them to be one run (share of the distance)
ROLL_SYMMETRY = "symmetry_pronation_excursion_deg"

Measures = Mapping[str, Mapping[str, Measure]]


def run_load(strides: Records, distance: Distance, table: StructureTable) -> RunLoad:
    """What the running strides of a session add up to, by foot and structure.

    Parameters
    ----------
    strides : Records
        (n,) of dtype STRIDE.
    distance : Distance
        Of the session; the part that was run is taken from the strides' lengths.
    table : StructureTable
        Formulas and views.

    Returns
    -------
    RunLoad
        Without a foot of which no stride has a speed.
    """
    feet = {
        str(side): {s.key: _landing_sum(s, of_foot) for s in table.each.values() if s.formula}
        for side in Side
        if len(of_foot := _usable(of_side(strides, side)))
    }
    share = _running_share(strides)
    metres = distance.metres
    return RunLoad(
        table=table.version,
        km=None if metres is None or share is None else share * metres / 1000.0,
        at_least=distance.at_least,
        forefoot=_forefoot_share(strides),
        feet=feet,
    )


def _usable(strides: Records) -> Records:
    known = np.isfinite(strides["speed_m_s"]) & np.isfinite(strides["stride_length_m"])
    return strides[is_running(strides) & known]


def _running_share(strides: Records) -> float | None:
    """Of the distance, by the lengths that are known; None without any."""
    known = strides[np.isfinite(strides["stride_length_m"])]
    total = float(known["stride_length_m"].sum())
    run = float(known["stride_length_m"][known["activity"] == Activity.RUN].sum())
    return run / total if total > 0.0 else None


def _forefoot_share(strides: Records) -> float | None:
    strikes = strides[is_running(strides)]["strike"]
    known = int(np.count_nonzero(strikes != Strike.UNKNOWN))
    return float(np.count_nonzero(strikes == Strike.FOREFOOT)) / known if known else None


def landings_of(strides: Records) -> Landings:
    """Speed, contact and flight of each stride; flight is half the stride without its contact."""
    contact_s = 1e-3 * strides["contact_ms"]
    return Landings(strides["speed_m_s"], contact_s, 0.5 * strides["stride_s"] - contact_s)


def _landing_sum(structure: Structure, strides: Records) -> LandingSum:
    landings = landings_of(strides)
    peaks = structure.peaks(landings)
    added = {name: v.of(peaks, landings.contact_s) for name, v in structure.views.items()}
    counted = np.isfinite(peaks) & np.all([np.isfinite(a) for a in added.values()], axis=0)
    lengths: Floats = strides["stride_length_m"]
    km = float(lengths[counted].sum()) / 1000.0
    return LandingSum(
        n=int(counted.sum()),
        outside=int((~structure.holds_at(landings.speed_m_s)).sum()),
        peak=float(np.median(peaks[counted])) if counted.any() else None,
        per_km={name: float(a[counted].sum()) / km for name, a in added.items()} if km else {},
    )


@dataclass(frozen=True, slots=True)
class Run:
    """A run and what is known around it: all that its load is told with.

    bins, measures : of this run, by side
    earlier        : runs of the same runner before it, in any order and shoes
    """

    landings: RunLoad
    bins: Bins
    measures: Measures
    profile: RunnerProfile
    earlier: Sequence[PastRun]
    compared: Comparison


def structure_loads(run: Run, table: StructureTable) -> StructureLoads:
    """The load of each structure of the table, in the table's order."""
    easy = _easy_pace(run, table)
    form = table.words["own_easy" if easy.runs else "assumed_easy"]
    return StructureLoads(
        statement=table.statement,
        easy=form.format(pace=pace(easy.speed_m_s), runs=easy.runs),
        easy_m_s=easy.speed_m_s,
        easy_own=easy.runs > 0,
        each=[_load(structure, run, easy, table) for structure in table.each.values()],
    )


@dataclass(frozen=True, slots=True)
class _Easy:
    """The pace of an easy kilometre and its words; `runs`: own ones it comes from, 0: assumed."""

    speed_m_s: float
    runs: int
    words: str


def _easy_pace(run: Run, table: StructureTable) -> _Easy:
    day = run.profile.session.date
    recent = [r for r in run.earlier if r.speed_bins and _days_before(r, day) <= table.easy_days]
    if len(recent) < table.easy_runs:
        assumed = table.easy_speed_m_s
        return _Easy(assumed, 0, table.words["easy_of_others"].format(pace=pace(assumed)))
    of_feet = [b for r in recent for side in Side for b in r.speed_bins.get(side, ())]
    speeds = np.array([b.from_m_s + 0.5 * WIDTH_M_S for b in of_feet])
    order = np.argsort(speeds, kind="stable")
    part: Floats = np.cumsum(np.array([b.n for b in of_feet], dtype=np.float64)[order])
    at = int(np.searchsorted(part, table.easy_share * float(part[-1])))
    return _Easy(float(speeds[order][at]), len(recent), table.words["easy_of_own"])


def _days_before(run: PastRun, day: datetime.date | None) -> float:
    """0 where one of the two days is not known."""
    try:
        began = datetime.datetime.fromisoformat(run.started_at).date()
    except ValueError:
        return 0.0
    return 0.0 if day is None else float((day - began).days)


def _load(structure: Structure, run: Run, easy: _Easy, table: StructureTable) -> StructureLoad:
    load = StructureLoad(
        key=structure.key,
        name=structure.name,
        says=[],
        grade=table.grade,
        found=structure.found,
        but=structure.but,
        cites=list(structure.cites),
        unit=structure.unit,
    )
    if not run.landings.feet:
        why = "no_speed" if _ran(run.measures) else "no_run"
        return replace(load, why_not=table.words[why])
    if structure.formula:
        return _estimated(load, structure, run, easy, table)
    if structure.rises_with:
        return replace(load, says=[_arrow(structure, run, easy, table)])
    return replace(load, says=_followed(structure, run, table))


def _ran(measures: Measures) -> bool:
    cadence = measures.get("both", {}).get("cadence_spm")
    return cadence is not None and cadence.value is not None


def _estimated(
    load: StructureLoad, structure: Structure, run: Run, easy: _Easy, table: StructureTable
) -> StructureLoad:
    feet = {side: of[structure.key] for side, of in run.landings.feet.items()}
    if (why := _why_not(structure, feet, table)) is not None:
        return replace(load, why_not=why)
    low, high = structure.speeds_m_s
    at_m_s = min(max(easy.speed_m_s, low), high)
    of_easy = {side: _easy_km(structure, side, at_m_s, run) for side in feet}
    peak = float(np.mean([of.peak for of in feet.values() if of.peak is not None]))
    easy_peak = float(np.mean([one.peak for one in of_easy.values()]))
    per_km = _against(feet, of_easy, structure)
    km = run.landings.km
    people = structure.between_people_pct
    of_people = None if people is None else 0.01 * people * peak
    load = replace(
        load,
        peak=peak if structure.unit else None,
        peak_low=None if of_people is None else peak - of_people,
        peak_high=None if of_people is None else peak + of_people,
        per_km=per_km,
        easy_km={} if km is None else {view: km * by for view, by in per_km.items()},
    )
    most, logged = _most_of_30_days(structure, run, of_easy, table)
    load = replace(load, most_km=most, more=_more(load.easy_km, most, table))
    step = _step(load, structure, peak / easy_peak, easy, table.words)
    said = [*step, *_added_up(load, run, logged, table)]
    if at_m_s != easy.speed_m_s:
        said.append(table.words["easy_again"].format(pace=pace(at_m_s)))
    return replace(load, says=said)


def _why_not(
    structure: Structure, feet: Mapping[str, LandingSum], table: StructureTable
) -> str | None:
    """Why a structure's load is not known, None where it is."""
    n, outside = sum(of.n for of in feet.values()), sum(of.outside for of in feet.values())
    if outside > table.most_outside * (n + outside):
        low, high = structure.speeds_m_s
        return table.words["outside"].format(
            pct=f"{100.0 * outside / (n + outside):.0f}",
            low=low,
            high=high,
        )
    return table.words["too_few"].format(n=n, least=LEAST) if n < LEAST else None


@dataclass(frozen=True, slots=True)
class _EasyKm:
    """What one easy kilometre adds for one foot, by view, and a landing of it."""

    peak: float
    per_km: dict[str, float]


def _easy_km(structure: Structure, side: str, easy_m_s: float, run: Run) -> _EasyKm:
    """From own strides at the nearest speed, carried to the easy one by the published slopes.

    So a sensor that reads contact short does so on both sides of the comparison.
    """
    body = run.profile.body
    own = [b for r in run.earlier for b in r.speed_bins.get(side, ())]
    near = _nearest([*run.bins.get(side, ()), *own], easy_m_s)
    cadence = _carried("cadence_spm", near, easy_m_s, body)
    contact_s = 1e-3 * _carried("contact_ms", near, easy_m_s, body)
    landing = Landings(
        np.array([easy_m_s]), np.array([contact_s]), np.array([60.0 / cadence - contact_s])
    )
    peaks = structure.peaks(landing)
    strides_a_km = 1000.0 / (easy_m_s * 120.0 / cadence)
    return _EasyKm(
        float(peaks[0]),
        {
            name: float(view.of(peaks, landing.contact_s)[0]) * strides_a_km
            for name, view in structure.views.items()
        },
    )


def _nearest(bins: Sequence[SpeedBin], speed_m_s: float) -> SpeedBin | None:
    known = [b for b in bins if {"cadence_spm", "contact_ms"} <= b.medians.keys()]
    return min(known, key=lambda b: abs(_middle(b) - speed_m_s), default=None)


def _middle(of: SpeedBin) -> float:
    return of.from_m_s + 0.5 * WIDTH_M_S


def _carried(measure: str, near: SpeedBin | None, to_m_s: float, body: Body) -> float:
    """The own value at a speed nearby, changed as the published line changes until `to_m_s`."""
    expected = norm(measure, to_m_s, body)
    assert expected is not None
    if near is None:
        return expected.expected
    here = norm(measure, _middle(near), body)
    assert here is not None
    return near.medians[measure] * expected.expected / here.expected


def _against(
    feet: Mapping[str, LandingSum], easy: Mapping[str, _EasyKm], structure: Structure
) -> dict[str, float]:
    """By view, how many easy kilometres a kilometre counts like; the mean of the feet."""
    return {
        view: float(np.mean([of.per_km[view] / easy[s].per_km[view] for s, of in feet.items()]))
        for view in structure.views
    }


def _most_of_30_days(
    structure: Structure, run: Run, easy: Mapping[str, _EasyKm], table: StructureTable
) -> tuple[dict[str, float] | None, int]:
    """By view, the most easy kilometres of one run of the 30 days before; None without a run.

    A run without an estimate counts as so many easy kilometres as it was long; how many those
    were is the second.
    """
    day = run.profile.session.date
    if day is None:
        return None, 0
    of_runs: list[dict[str, float]] = []
    logged = [r for r in run.profile.training or () if 0 < (day - r.date).days <= LONGEST_DAYS]
    alone = 0
    for past in run.earlier:
        if not 0 < _days_before(past, day) <= LONGEST_DAYS or past.distance.metres is None:
            continue
        km = past.distance.metres / 1000.0
        same = (r for r in logged if abs(r.distance_km - km) <= SAME_KM * km)
        if (found := next(same, None)) is not None:
            logged.remove(found)
        estimate = _easy_of(structure, past.landings, easy, table)
        alone += estimate is None
        of_runs.append(estimate or dict.fromkeys(structure.views, km))
    of_runs += [dict.fromkeys(structure.views, r.distance_km) for r in logged]
    if not of_runs:
        return None, 0
    most = {view: max(of[view] for of in of_runs) for view in structure.views}
    return most, alone + len(logged)


def _easy_of(
    structure: Structure,
    landings: RunLoad | None,
    easy: Mapping[str, _EasyKm],
    table: StructureTable,
) -> dict[str, float] | None:
    if landings is None or landings.table != table.version or landings.km is None:
        return None
    feet = {s: of[structure.key] for s, of in landings.feet.items() if structure.key in of}
    feet = {s: of for s, of in feet.items() if s in easy}
    if not feet or _why_not(structure, feet, table) is not None:
        return None
    per_km = _against(feet, easy, structure)
    return {view: by * landings.km for view, by in per_km.items()}


def _more(
    now: Mapping[str, float], most: Mapping[str, float] | None, table: StructureTable
) -> bool | None:
    if not now or most is None:
        return None
    above = {now[view] > table.spike * most[view] for view in now}
    return above.pop() if len(above) == 1 else None


def _step(
    load: StructureLoad,
    structure: Structure,
    of_easy: float,
    easy: _Easy,
    words: Mapping[str, str],
) -> list[str]:
    """What a landing asks, in one sentence; nothing where landings are only counted."""
    said: list[str] = []
    if load.peak is not None:
        ends = (load.peak_low, load.peak_high)
        low, high = (number(end, 1) if end is not None else "" for end in ends)
        form = words["peak" if load.peak_low is not None else "peak_alone"]
        said.append(form.format(peak=number(load.peak, 1), unit=load.unit, low=low, high=high))
    if structure.formula != "landings":
        pct = round(100.0 * (of_easy - 1.0))
        form = words["same" if pct == 0 else "more" if pct > 0 else "less"]
        said.append(form.format(pct=abs(pct), easy=easy.words))
    text = ", ".join(said)
    return [f"{text[:1].upper()}{text[1:]}."] if text else []


def _added_up(load: StructureLoad, run: Run, logged: int, table: StructureTable) -> list[str]:
    """What a kilometre and the run count like, and against the 30 days before."""
    said = [_per_km(load.per_km, table.words)]
    if load.easy_km and max(load.easy_km.values()) >= LEAST_KM:
        form = table.words["run_at_least" if run.landings.at_least else "run"]
        said.append(form.format(total=_span(load.easy_km.values())))
    return said + _beside_most(load, logged, table)


def _per_km(per_km: Mapping[str, float], words: Mapping[str, str]) -> str:
    low, high = (f"{end:.1f}" for end in (min(per_km.values()), max(per_km.values())))
    if low == high == "1.0":
        return words["per_km_one"] + "."
    if low == high:
        return words["per_km"].format(counts=low) + "."
    return words["per_km"].format(counts=f"{low} to {high}") + words["by_view"] + "."


def _beside_most(load: StructureLoad, logged: int, table: StructureTable) -> list[str]:
    if load.most_km is None or not load.easy_km:
        return []
    words, most = table.words, f"{_span(load.most_km.values())} easy km"
    ratios = [load.easy_km[v] / load.most_km[v] for v in load.easy_km if load.most_km[v] > 0.0]
    if load.more and ratios:
        said = words["above"].format(times=_times(ratios), most=most)
    elif load.more is None and ratios:
        said = words["above_by_one"].format(times=f"{max(ratios):.1f}", most=most)
    else:
        said = words["within"].format(most=most)
    return [said, *([words["with_logged"].format(runs=logged)] if logged else [])]


def _times(ratios: Sequence[float]) -> str:
    low, high = f"{min(ratios):.1f}", f"{max(ratios):.1f}"
    return low if low == high else f"{low} to {high}"


def _span(values: Collection[float]) -> str:
    low, high = min(values), max(values)
    decimals = 0 if high >= 20.0 else 1
    ends = f"{low:.{decimals}f}", f"{high:.{decimals}f}"
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _arrow(structure: Structure, run: Run, easy: _Easy, table: StructureTable) -> str:
    """What asks more of it than easy running, where nobody knows how much."""
    words, because = table.words, list[str]()
    speed = run.measures.get("both", {}).get("speed_m_s")
    fast = speed is not None and speed.value is not None and speed.value > FASTER * easy.speed_m_s
    if "speed" in structure.rises_with and fast:
        because.append(words["because_speed"])
    forefoot = run.landings.forefoot or 0.0
    if "forefoot" in structure.rises_with and forefoot >= LEAST_FOREFOOT:
        because.append(words["because_forefoot"].format(pct=f"{100.0 * forefoot:.0f}"))
    if not because:
        return words["arrow_same"]
    said = words["arrow_more"].format(because="; ".join(because), easy=easy.words)
    return said[:1].upper() + said[1:]


def _followed(structure: Structure, run: Run, table: StructureTable) -> list[str]:
    """The measures it is told by: left against right now, and against own earlier runs."""
    words, changes = table.words, run.compared.changes
    apart = _left_right(run.measures, table)
    followed = [c for c in changes if c.measure in structure.follows]
    if not followed:
        return [*apart, words["no_own"]]
    lasting = [change.text for change in followed if change.counts]
    return [*apart, *(lasting or [words["own_same"]])]


def _left_right(measures: Measures, table: StructureTable) -> list[str]:
    """In a sentence where the two shoes differ by more than that is uncertain."""
    by = measures.get("both", {}).get(ROLL_SYMMETRY)
    if by is None or by.value is None or by.uncertainty is None or by.quality == "low":
        return []
    if abs(by.value) <= by.uncertainty:
        return []
    side = Side.LEFT if by.value > 0.0 else Side.RIGHT
    return [
        table.words["left_right"].format(
            side=side,
            by=f"{abs(by.value):.0f}",
            other=side.other,
            within=f"{by.uncertainty:.0f}",
        )
    ]
