"""The way through: packets → samples → strides → measures → assessment → summary.

Live, replay, batch and tests all come through here, with the same functions in the same order:

    session = Pipeline(sensors)
    for items in stream:
        fresh = session.feed(items)      # strides that closed just now, for a live view
    result = session.finish()            # all strides on one clock, feet paired
    summary = summarise(result, ...)

Feeding the same items gives the same strides bit for bit, one at a time or all at once.
"""

import logging
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, TypeVar

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from gait import __version__
from gait.compare.baseline import compare, with_own_baseline, without_own_baseline
from gait.measures.aggregate import Foot, median_known
from gait.measures.bins import CONTACT_SYMMETRY, Bins, speed_bins
from gait.measures.clocks import FootRecording, from_own_start, why_apart
from gait.measures.curves import SHOWS, StepCurves
from gait.measures.distance import distance, distance_told
from gait.measures.landing import changes_by, landings, no_landings
from gait.measures.no_steps import Recording, why_nothing
from gait.measures.plausibility import Evidence, FootEvidence, Verdict, judge, take_away
from gait.measures.readings import seconds_told, with_readings
from gait.measures.session import (
    Comparison,
    activity_seconds,
    count_strides,
    for_body,
    session_measures,
)
from gait.measures.signals import Signals
from gait.measures.strides import leave_out_pauses, measure_strides, pair_feet
from gait.measures.table import empty_strides, joined
from gait.measures.variability import spoiled_by_loss
from gait.model import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    Distance,
    Doubt,
    Exchange,
    GaitError,
    InputError,
    Mark,
    Packet,
    PastRun,
    Reading,
    Samples,
    SensorInfo,
    SensorNote,
    SessionItem,
    Side,
    StepCurve,
    Summary,
)
from gait.model.errors import reason_of
from gait.model.history import gear_text
from gait.model.packets import pauses_of
from gait.model.strides import of_side
from gait.model.summary import Clocks, alone
from gait.risk import (
    EvidenceTable,
    RunnerProfile,
    assess,
    load_evidence,
    training_load,
    with_session,
)
from gait.risk.structure_load import Run, run_load, structure_loads
from gait.sensors import PROFILES, Profile, only_tells, profile
from gait.sensors.profile import Decoder, DeviceTime, PacketsGone
from gait.steps.alignment import MOST_EPOCHS, DeliveryClock
from gait.steps.clock import PacketClock, Timed
from gait.steps.detector import StepDetector, count_clipped

Strides = NDArray[np.void]
T = TypeVar("T")
APART = "they were not recorded at the same time"
LIVE_STRIDES = 40  # of a foot, in which a live view looks for what cannot be right …
JUDGE_EVERY_STRIDES = 10  # … each time so many have closed
NOTHING_AFTER_S = 15.0  # of motion without a stride, after which a live view says why
_log = logging.getLogger(__name__)
BATCH = 2048  # items fed at once from a recording: what they hold fits into the processor's cache


class Shoe:
    """One sensor: its packets or samples in, its strides on its own clock out.

    An error of ours in one of the stages ends the analysis of this foot and nothing else: `failure`
    is the sentence on it, what was found before stays, and nothing more is found.
    """

    def __init__(self, info: SensorInfo, *, foot_frame: bool = False) -> None:
        self.info = info
        self.failure = ""
        self.battery_pct: int | None = None
        self.connection_losses = 0
        self.problems: Counter[str] = Counter()
        self.bad_packets = 0
        self.samples = 0
        self.clipped = 0
        self.missing_s = 0.0  # of samples, within the recording …
        self.gaps = 0  # … in so many places
        self.signals = Signals(info.rate_hz, with_gyroscope=info.has_gyroscope)
        self.first_s = self.last_s = np.nan
        self._readings: list[Reading] = []
        kind = PROFILES.get(info.profile)  # a table's sensor may be of any
        self._counts = kind.counts() if kind and kind.counts else None
        self.delivery = DeliveryClock()
        self.clock: PacketClock | None = None
        self.on_samples: Callable[[Samples], None] | None = None  # each block, for an export
        self._decoder: Decoder | None = None
        self._times: list[tuple[int, float, float]] = []  # told in µs, asked, answered
        self._detector = StepDetector(info, foot_frame=foot_frame)
        self.closed = 0  # strides so far
        self._strides: list[Strides] = []
        self._landings: list[NDArray[np.void]] = []
        self._curves = StepCurves()

    def packets(self, packets: Sequence[Packet]) -> Strides:
        """Strides closed by these notifications."""
        return self._unless_failed(lambda: self._packets(packets), empty_strides())

    def on_exchange(self, exchange: Exchange) -> PacketsGone | None:
        """What the sensor answered: its time is kept, and packets that are gone are returned."""
        return self._unless_failed(lambda: self._heard(exchange), None)

    def skip_missing(self, gone: PacketsGone) -> Strides:
        """Strides that waited for packets which will not come."""
        return self._unless_failed(lambda: self._gone(gone), empty_strides())

    def take(self, samples: Samples) -> Strides:
        """Strides closed by these samples."""
        return self._unless_failed(lambda: self._samples(samples), empty_strides())

    def finish(self) -> Strides:
        """Strides still open at the end; then `strides` has them all."""
        return self._unless_failed(self._finish, empty_strides())

    def _unless_failed(self, analyse: Callable[[], T], otherwise: T) -> T:
        """What `analyse` gives; `otherwise` from the first error of ours on."""
        if self.failure:
            return otherwise
        try:
            return analyse()
        except GaitError:
            raise
        except Exception as error:
            _log.exception("the analysis of the %s foot failed", self.info.side)
            after_s = self.last_s - self.first_s if self.samples else 0.0
            self.failure = (
                f"The {self.info.side} foot could not be analysed beyond {after_s:.0f} s "
                f"({type(error).__name__}: {reason_of(error)}); nothing of the recording is lost, "
                "so please report this, and analyse it again after an update."
            )
            return otherwise

    def _packets(self, packets: Sequence[Packet]) -> Strides:
        kind = profile(self.info.profile)
        stream = [p for p in packets if p.characteristic in kind.streams]
        if kind.decoder is None:
            self._read(kind, stream)
            return empty_strides()
        if self.clock is None or self._decoder is None:
            self.clock = PacketClock(
                self.info.rate_hz,
                kind.seq_modulo,
                kind.time_modulo_us,
                resends=self.info.resends,
            )
            self._decoder = kind.decoder(self.info)
        frames = self._decoder.push(stream)
        self.bad_packets += len(frames.bad)
        self.problems.update(reason for _, reason in frames.bad)
        host_s = np.array([p.host_s for p in stream], dtype=np.float64)[frames.packet]
        return self._take(self.clock.push(frames, host_s))

    def _heard(self, exchange: Exchange) -> PacketsGone | None:
        asked = profile(self.info.profile).asked
        told = asked.told(exchange) if asked else None
        if isinstance(told, DeviceTime):
            asked_s = exchange.host_s - exchange.took_s
            self._times.append((told.us, asked_s, exchange.host_s))
        return told if isinstance(told, PacketsGone) else None

    def _gone(self, gone: PacketsGone) -> Strides:
        return self._take(self.clock.gone(*gone)) if self.clock else empty_strides()

    def _take(self, timed: Timed) -> Strides:
        self.delivery.push(timed.last_s, timed.host_s, timed.restarted)
        return self._samples(timed.samples)

    def _read(self, kind: Profile, stream: Sequence[Packet]) -> None:
        """What the sensor found out by itself; there are no samples to find strides in."""
        for packet in stream:
            reading = kind.reader(packet) if kind.reader else None
            if reading is None:
                self.bad_packets += 1
            else:
                self._readings.append(reading)
                if self._counts:
                    self._counts.add(reading)

    def _samples(self, samples: Samples) -> Strides:
        if len(samples) == 0:
            return empty_strides()
        if not self.samples:
            self.first_s = self.last_s = float(samples.time_s[0])
        self.missing_s += _missing_seconds(samples, self.last_s, self.info.rate_hz)
        self.gaps += int(samples.breaks.sum())
        self.samples += len(samples)
        self.last_s = float(samples.time_s[-1])
        self.clipped += count_clipped(samples, self.info)
        self.signals.push(samples)
        if self.on_samples is not None:
            self.on_samples(samples)
        return self._keep(self._detector.push(samples))

    def _finish(self) -> Strides:
        fresh = []
        if self.clock is not None:
            fresh.append(self._take(self.clock.flush()))
            for told_us, asked_s, answered_s in self._times:
                device_s = self.clock.device_s(told_us, answered_s)
                if device_s is not None:
                    self.delivery.answered(device_s, asked_s, answered_s)
        fresh.append(self._keep(self._detector.finish()))
        return joined(fresh)

    @property
    def lost_s(self) -> float:
        """Seconds of which no samples came, and none will."""
        return self.clock.lost_s if self.clock else 0.0

    @property
    def lost_pct(self) -> float | None:
        """Of the time from the first sample to the last, that of which none came, %."""
        if self.clock is None or not self.samples:
            return None
        return 100.0 * self.lost_s / (self.last_s - self.first_s + 1.0 / self.info.rate_hz)

    @property
    def strides(self) -> Strides:
        return joined(self._strides)

    @property
    def landings(self) -> NDArray[np.void]:
        """How the foot landed and swung, of each stride that closed."""
        return np.concatenate([no_landings(), *self._landings])

    def evidence(self, strides: Strides, *, last: int | None = None) -> FootEvidence:
        """What is known of this foot, with its strides as they are by now; of the last few only."""
        landed = self.landings
        if last is not None:
            landed = np.concatenate([no_landings(), *_last_parts(self._landings, last)])
        first_s, last_s = self.on_session_clock(np.array([self.first_s, self.last_s]))
        return FootEvidence(
            self.info,
            strides,
            landed,
            self.signals,
            float(first_s),
            float(last_s),
            clipped_share=self.clipped / self.samples if self.samples else 0.0,
            missing_share=self._missing_share,
            wrong_share=self._detector.gaps.wrong / self.samples if self.samples else 0.0,
        )

    @property
    def moved_s(self) -> float:
        """For about how long the foot moved."""
        return (self.last_s - self.first_s) * self.signals.moving_share if self.samples else 0.0

    def recent(self, count: int) -> Strides:
        """The last strides, or a few more."""
        return joined(_last_parts(self._strides, count))

    @property
    def nothing_because(self) -> str:
        """Why no strides were found; empty where some were."""
        if self.closed:
            return ""
        if self.failure:
            return "its analysis failed"
        gaps, came = self._detector.gaps, max(1, self.samples)
        lasts_s = self.last_s - self.first_s if self.samples else 0.0
        return why_nothing(
            Recording(
                lasts_s=lasts_s,
                rate_hz=self.info.rate_hz,
                samples=self.samples,
                moving_share=self.signals.moving_share,
                missing_share=self._missing_share,
                gaps=self.gaps,
                wrong_share=(gaps.wrong + gaps.repeated) / came,
                gyroscope=self._gyroscope_trouble,
            )
        )

    @property
    def _missing_share(self) -> float:
        """Of its samples, those that never came."""
        lasts_s = self.last_s - self.first_s if self.samples else 0.0
        return self.missing_s / lasts_s if lasts_s > 0.0 else 0.0

    @property
    def _gyroscope_trouble(self) -> str:
        if self._detector.gyroscope_dead:
            return "the gyroscope gives nothing"
        if self.signals.turns_the_other_way:
            return "the gyroscope turns the other way than the accelerometer says"
        axes = self.signals.stuck_axes
        return f"{' and '.join(axes)} stands still while the foot moves" if axes else ""

    @property
    def curves(self) -> dict[str, StepCurve]:
        """The average running step so far."""
        return self._curves.curves()

    def on_session_clock(self, device_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Times of the sensor's clock on that of the session; as they are for a table."""
        clock = self.delivery.clock()
        return device_s if clock is None else clock.host(device_s)

    @property
    def readings(self) -> list[Reading]:
        """What the sensor found out by itself, with what is known by now of how it counts."""
        settled = self._counts.settled if self._counts else None
        return [settled(r) for r in self._readings] if settled else list(self._readings)

    @property
    def last_reading(self) -> Reading | None:
        if not self._readings:
            return None
        last = self._readings[-1]
        return self._counts.settled(last) if self._counts else last

    @property
    def used_info(self) -> SensorInfo:
        """The sensor as its strides were found: without a gyroscope that gives nothing."""
        if self._detector.gyroscope_dead:
            return replace(self.info, has_gyroscope=False, gyr_range_dps=None)
        return self.info

    @property
    def mounting_quality(self) -> str:
        mounting = self._detector.mounting
        return mounting.quality if mounting else "unknown"

    def _keep(self, closed: Iterable) -> Strides:
        fresh = []
        for part in closed:
            strides, landed = measure_strides(part, self.info.sees_hz), landings(part)
            self._curves.add(part, strides)
            self._strides.append(strides)
            self._landings.append(landed)
            self.closed += len(strides)
            fresh.append(strides)
        return joined(fresh)

    def _cannot(self) -> tuple[str, ...]:
        """What this kind of sensor can never show; nothing for samples that came from a table."""
        return profile(self.info.profile).cannot if self.clock or self._readings else ()

    def note(self) -> SensorNote:
        """What this sensor delivered, in numbers and in sentences."""
        counts = self.clock.counts if self.clock else None
        notes = [f"{count} packets: {reason}" for reason, count in self.problems.most_common(3)]
        if counts and counts.repeated:
            notes.append(f"{counts.repeated} packets came twice or too late and were left out")
        if counts and counts.again:
            notes.append(f"{counts.again} packets were lost on the way and had again")
        if counts and counts.lost and self.info.resends:
            notes.append(f"{counts.lost} packets could not be had again and are missing")
        if self._detector.gaps.wrong:
            notes.append(
                f"{self._detector.gaps.wrong} samples were no measurement (not finite, all zero or "
                "far beyond the sensor's range) and count as missing"
            )
        if counts and counts.restarts:
            notes.append(f"the sensor's clock began anew {counts.restarts} times")
        if counts and counts.restarts >= MOST_EPOCHS:
            notes.append(
                f"after {MOST_EPOCHS} of these beginnings the two shoes are on one clock only to "
                "within what the radio takes; a sensor that does this is broken, or not yours"
            )
        notes += getattr(self._decoder, "notes", ())  # what it had to assume
        if self._counts and self._readings and self._counts.note:
            notes.append(self._counts.note)
        notes += self._cannot()
        if self.connection_losses:
            notes.append(f"the connection was lost {self.connection_losses} times")
        if self._detector.remounted:
            notes.append(
                f"the sensor was found to sit differently {self._detector.remounted} times "
                "during the recording; a few strides around that are missing"
            )
        if self._detector.gyroscope_dead:
            notes.append(
                "the gyroscope gave no values while the foot moved; only the accelerometer was used"
            )
        return SensorNote(
            info=self.info,
            samples=self.samples,
            rate_measured_hz=self.clock.rate_hz if self.clock and self.samples else None,
            packets=counts.packets if counts else 0,
            packets_lost=counts.lost if counts else 0,
            packets_bad=self.bad_packets,
            lost_s=self.lost_s,
            lost_pct=self.lost_pct,
            samples_wrong=self._detector.gaps.wrong,
            clipped_pct=100.0 * self.clipped / self.samples if self.samples else None,
            battery_pct=self.battery_pct,
            mounting_quality=self.mounting_quality,
            notes=notes,
        )


def _last_parts(parts: Sequence[NDArray[np.void]], count: int) -> list[NDArray[np.void]]:
    """From the end, until they hold so many."""
    found: list[NDArray[np.void]] = []
    for part in reversed(parts):
        if count <= 0:
            break
        found.insert(0, part)
        count -= len(part)
    return found


@dataclass(slots=True)
class Result:
    """All that was found in a session: `strides` of dtype STRIDE in order of contact.

    clocks   : where two feet are on clocks of their own, each foot's times are on its own
    together : from and to, when both feet were recorded; None where they were all along
    verdict  : what of it cannot be right; the strides are without it
    """

    strides: Strides
    shoes: dict[Side, Shoe]
    duration_s: float
    clock_uncertainty_s: float | None = None
    notes: list[str] = field(default_factory=list)
    begins_s: float = 0.0  # the first sample, on the session's clock
    marks: list[Mark] = field(default_factory=list)
    clocks: Clocks = "one"
    together: tuple[float, float] | None = None
    verdict: Verdict = field(default_factory=Verdict)


def _missing_seconds(samples: Samples, after_s: float, rate_hz: float) -> float:
    """How long samples are missing before those that come after a break."""
    apart = np.diff(samples.time_s, prepend=after_s)[samples.breaks]
    return float(np.maximum(0.0, apart - 1.0 / rate_hz).sum())


class Pipeline:
    """One or two shoes from packets to strides, incrementally."""

    def __init__(self, sensors: Sequence[SensorInfo]) -> None:
        sides = [info.side for info in sensors]
        if len(set(sides)) < len(sides):
            twice = Counter(sides).most_common(1)[0][0]
            raise InputError(
                f"More than one sensor says it is on the {twice} shoe; set one of them to the "
                f"{twice.other} and record again."
            )
        self.shoes = [Shoe(info) for info in sensors]
        self._unknown = 0
        self._marks: list[Mark] = []
        self._doubts: list[Doubt] = []
        self._judged = 0  # strides that had closed when they were found

    def feed(self, items: Sequence[SessionItem]) -> Strides:
        """Strides that these items close, each on its own sensor's clock."""
        packets: list[list[Packet]] = [[] for _ in self.shoes]
        fresh: list[Strides] = []
        for item in items:
            if isinstance(item, Packet):
                if 0 <= item.device < len(packets):
                    packets[item.device].append(item)
                else:
                    self._unknown += 1
            elif isinstance(item, BatteryReading) and item.device < len(self.shoes):
                self.shoes[item.device].battery_pct = item.percent
            elif isinstance(item, ConnectionEvent) and item.device < len(self.shoes):
                self.shoes[item.device].connection_losses += item.event is Connection.LOST
            elif isinstance(item, Exchange) and item.device < len(self.shoes):
                shoe, before = self.shoes[item.device], packets[item.device]
                if gone := shoe.on_exchange(item):
                    fresh += [shoe.packets(before), shoe.skip_missing(gone)]
                    before.clear()
            elif isinstance(item, Mark):
                self._marks.append(item)
        fresh += [shoe.packets(p) for shoe, p in zip(self.shoes, packets, strict=True) if p]
        return joined(fresh)

    @property
    def lost_pct(self) -> dict[int, float | None]:
        """Share of lost time so far, %, by device."""
        return {i: shoe.lost_pct for i, shoe in enumerate(self.shoes)}

    @property
    def failures(self) -> dict[Side, str]:
        """The feet whose analysis has failed, and the sentence on each."""
        return {shoe.info.side: shoe.failure for shoe in self.shoes if shoe.failure}

    @property
    def told(self) -> dict[Side, Reading]:
        """The last reading of each sensor that sends no samples."""
        return {s.info.side: last for s in self.shoes if (last := s.last_reading) is not None}

    def finish(self) -> Result:
        """Close what is open, put both shoes on the session's clock, pair the feet."""
        parts: dict[Side, Strides] = {}
        doubts_s: list[float] = []
        first, last = [], []
        for shoe in self.shoes:
            shoe.finish()
            strides = shoe.strides
            clock = shoe.delivery.clock()
            if clock is not None:
                strides["ic_s"] = clock.host(strides["ic_s"])
                strides["tc_s"] = clock.host(strides["tc_s"])
                doubts_s.append(math.hypot(clock.uncertainty_s, shoe.info.timed_within_s))
                first.append(float(clock.host(np.array(shoe.first_s))))
                last.append(float(clock.host(np.array(shoe.last_s))))
            elif readings := shoe.readings:
                first.append(readings[0].host_s)
                last.append(readings[-1].host_s)
            if not only_tells(shoe.info):
                parts[shoe.info.side] = strides
        notes = []
        if self._unknown:
            notes.append(f"{self._unknown} packets came from a sensor that did not say what it is.")
        uncertainty = None
        if len(doubts_s) == 2:
            uncertainty = math.hypot(*doubts_s)
        result = Result(
            empty_strides(),
            {shoe.info.side: shoe for shoe in self.shoes},
            max(last) - min(first) if first else 0.0,
            uncertainty,
            notes,
            min(first, default=0.0),
            self._marks,
        )
        overlap = len(doubts_s) < 2 or max(first) <= min(last)
        if len(parts) == 2:
            result.clocks = "shared" if overlap else "separate"
        _conclude(result, parts, "" if overlap else APART, overlap=overlap, of_session=True)
        return result

    @property
    def doubts(self) -> list[Doubt]:
        """What cannot be right in the last strides of each foot; looked at anew now and then."""
        closed = sum(shoe.closed for shoe in self.shoes)
        if closed - self._judged >= JUDGE_EVERY_STRIDES:
            self._judged = closed
            self._doubts = self._judge_recent()
        return self._doubts

    @property
    def nothing(self) -> dict[Side, str]:
        """Why no strides were found so far, of each foot that moved for long enough."""
        return {
            shoe.info.side: shoe.nothing_because
            for shoe in self.shoes
            if not shoe.closed and shoe.moved_s >= NOTHING_AFTER_S
        }

    def _judge_recent(self) -> list[Doubt]:
        parts = {}
        for shoe in self.shoes:
            if shoe.samples:
                strides = shoe.recent(LIVE_STRIDES)
                strides["ic_s"] = shoe.on_session_clock(strides["ic_s"])
                strides["tc_s"] = shoe.on_session_clock(strides["tc_s"])
                parts[shoe] = strides
        paired = pair_feet(list(parts.values()))
        feet = {
            shoe.info.side: shoe.evidence(of_side(paired, shoe.info.side), last=LIVE_STRIDES)
            for shoe in parts
        }
        clocks = "shared" if len(feet) == 2 else "one"
        return judge(Evidence(feet, clocks, of_session=True), live=True).doubts


def _conclude(
    result: Result,
    parts: Mapping[Side, Strides],
    apart: str,
    *,
    overlap: bool,
    of_session: bool,
) -> None:
    """Put the strides of both feet together, and take away what cannot be right.

    parts : strides of each foot, on the session's clock or, where clocks are separate, its own
    apart : why the clocks are separate, "" where that was said
    """
    result.notes += [shoe.failure for shoe in result.shoes.values() if shoe.failure]
    separate = result.clocks == "separate"
    strides = pair_feet(list(parts.values()), apart=separate)
    leave_out_pauses(strides, pauses_of(result.marks))
    result.strides = strides
    feet = {
        side: result.shoes[side].evidence(of_side(strides, side))
        for side in parts
        if result.shoes[side].samples
    }
    if len(feet) == 2 and result.clocks == "shared":
        begin_s = max(foot.first_s for foot in feet.values())
        end_s = min(foot.last_s for foot in feet.values())
        result.together = begin_s, end_s
    evidence = Evidence(feet, result.clocks, apart, overlap=overlap, of_session=of_session)
    result.verdict = judge(evidence)
    take_away(strides, result.verdict.spoiled)


def analyze_items(sensors: Sequence[SensorInfo], items: Iterable[SessionItem]) -> Result:
    """A whole recording at once."""
    pipeline = Pipeline(sensors)
    feed_all(pipeline, items)
    return pipeline.finish()


def feed_all(pipeline: Pipeline, items: Iterable[SessionItem]) -> None:
    """Feed a recording in batches, so memory does not grow with it."""
    stream = iter(items)
    while batch := list(islice(stream, BATCH)):
        pipeline.feed(batch)


def analyze_samples(
    feet: Mapping[Side, tuple[Samples, SensorInfo]],
    clock: Literal["shared", "separate"] | None = None,
) -> Result:
    """IMU tables of one or two feet.

    clock : whether two tables are on one clock; None where nobody said so: then they are where
        their own data prove it, and flight and step time are left out where they do not
    """
    shoes = {
        side: Shoe(info, foot_frame=info.mounting == "foot") for side, (_, info) in feet.items()
    }
    for side, (samples, _) in feet.items():
        shoes[side].take(samples)
        shoes[side].finish()
    parts = {side: shoe.strides for side, shoe in shoes.items()}
    clocks, apart, overlap = _clocks_of(shoes, parts, clock)
    spans = [(shoe.first_s, shoe.last_s) for shoe in shoes.values() if shoe.samples]
    if clocks == "separate":
        duration_s = max((last - first for first, last in spans), default=0.0)
    else:
        duration_s = max((last for _, last in spans), default=0.0)
        duration_s -= min((first for first, _ in spans), default=0.0)
    result = Result(empty_strides(), shoes, duration_s, clocks=clocks)
    _conclude(result, parts, apart, overlap=overlap, of_session=False)
    return result


def _clocks_of(
    shoes: Mapping[Side, Shoe],
    parts: Mapping[Side, Strides],
    said: Literal["shared", "separate"] | None,
) -> tuple[Clocks, str, bool]:
    """Whether two tables are on one clock; why not, where nobody said so; whether they overlap."""
    if sum(len(strides) > 0 for strides in parts.values()) < 2:
        return "one", "", True
    left, right = (
        FootRecording(
            shoes[side].first_s, shoes[side].last_s, shoes[side].info.rate_hz, parts[side]
        )
        for side in Side
    )
    if said == "separate":
        return "separate", "", True
    if said == "shared":
        overlap = max(left.first_s, right.first_s) <= min(left.last_s, right.last_s)
        return ("shared", "", True) if overlap else ("separate", APART, False)
    apart = why_apart(left, right)
    return ("shared", "", True) if apart is None else ("separate", apart, True)


def summarise(
    result: Result,
    *,
    source: str,
    started_at: str | None = None,
    notes: Sequence[str] = (),
    runner: RunnerProfile | None = None,
    evidence: EvidenceTable | None = None,
    earlier: Sequence[PastRun] = (),
    pair: str = "",
) -> Summary:
    """The session in numbers; with `evidence` also what they speak for, and the training load.

    earlier : earlier runs of the same runner, in any order and any shoes, to compare with
    pair    : the name of the pair of shoes, where it is known
    """
    measured = _measured(result, source, started_at, [*notes, *result.notes], pair)
    return reassess(measured, runner=runner, evidence=evidence, earlier=earlier)


def reassess(
    summary: Summary,
    *,
    runner: RunnerProfile | None = None,
    evidence: EvidenceTable | None = None,
    earlier: Sequence[PastRun] = (),
) -> Summary:
    """What a measured session means beside what is known of the runner; the recording is not read.

    Whatever was said of it before is put aside, so the answer depends on these arguments alone:

    runner   : body, answers and training as of that day
    evidence : what the findings are weighed with; None for no assessment and no training load
    earlier  : earlier runs of the same runner, in any order and any shoes, to compare with
    """
    measured = as_measured(summary)
    compared = compare(
        measured.speed_bins, earlier, gear=measured.gear, started_at=measured.started_at
    )
    measures = for_body(measured.measures, runner.body if runner else None)
    measures = with_own_baseline(measures, compared.changes)
    measured = replace(
        measured,
        measures=measures,
        changes=compared.changes if earlier else None,
        change_notes=compared.notes if earlier else [],
    )
    if evidence is None:
        return measured
    profile = with_session(runner or RunnerProfile(), measured.distance, measured.started_at)
    structures = None
    if measured.landings is not None:
        run = Run(measured.landings, measured.speed_bins, measures, profile, earlier, compared)
        structures = structure_loads(run, evidence.structures)
    return replace(
        measured,
        assessment=assess(measures, runner and profile, evidence, compared),
        load=training_load(profile, evidence),
        structures=structures,
    )


def as_measured(summary: Summary) -> Summary:
    """The session alone, without all that `reassess` says of it."""
    measures = for_body(without_own_baseline(summary.measures), None)
    return replace(alone(summary), measures=measures)


def _measured(
    result: Result, source: str, started_at: str | None, notes: list[str], pair: str
) -> Summary:
    strides = result.strides
    feet = {side: _foot(result, side) for side in result.shoes}
    uncertainty_s = result.clock_uncertainty_s
    told = {
        side: (shoe.readings, shoe.info)
        for side, shoe in result.shoes.items()
        if only_tells(shoe.info)
    }
    verdict = result.verdict
    far = _distance(result)
    comparison = Comparison(uncertainty_s or 0.0, result.together, verdict.not_compared)
    return Summary(
        software=f"shoegait {__version__}",
        source=source,
        started_at=started_at,
        duration_s=result.duration_s,
        activity_s=_activity_seconds(result),
        strides={str(side): count_strides(of_side(strides, side)) for side in result.shoes},
        sensors=[shoe.note() for shoe in result.shoes.values()],
        clock_uncertainty_ms=None if uncertainty_s is None else 1e3 * uncertainty_s,
        measures=with_readings(session_measures(strides, feet, None, comparison), told),
        notes=notes,
        assessment=None,
        distance=far,
        gear=gear_text((shoe.info for shoe in result.shoes.values()), pair),
        speed_bins=_speed_bins(result),
        curves={
            str(side): {
                name: curve
                for name, curve in shoe.curves.items()
                if SHOWS[name] not in verdict.spoiled.get(side, {})
            }
            for side, shoe in result.shoes.items()
        },
        doubts=verdict.doubts,
        clocks=result.clocks,
        landings=run_load(strides, far, load_evidence().structures),
    )


def _foot(result: Result, side: Side) -> Foot:
    shoe = result.shoes[side]
    by_ms, by_deg = changes_by(shoe.landings)
    other = of_side(result.strides, side.other)
    kind = PROFILES.get(shoe.info.profile)
    lossy = spoiled_by_loss(shoe.lost_pct, timed=kind is None or kind.timed)
    return Foot(
        shoe.used_info,
        shoe.mounting_quality,
        nothing=shoe.nothing_because,
        spoiled=result.verdict.spoiled.get(side, {}),
        lowered={**lossy, **result.verdict.lowered.get(side, {})},
        by_ms=by_ms,
        by_deg=by_deg,
        other_landing_ms=median_known(other["ic_sd_ms"]),
    )


def _speed_bins(result: Result) -> Bins:
    """What later runs are compared with; left against right only where that can be."""
    apart = result.clocks == "separate"
    bins = speed_bins(from_own_start(result.strides) if apart else result.strides)
    if CONTACT_SYMMETRY in result.verdict.not_compared:
        for of_both in bins.get("both", []):
            for of in (of_both.medians, of_both.spreads, of_both.counts):
                of.pop(CONTACT_SYMMETRY, None)
    return bins


def _distance(result: Result) -> Distance:
    """From strides; where no sensor sends samples, from what one says by itself."""
    lost_s = {s: shoe.missing_s for s, shoe in result.shoes.items() if not only_tells(shoe.info)}
    if lost_s or not result.shoes:
        return distance(result.strides, lost_s, _why_no_distance(result))
    return distance_told(next(iter(result.shoes.values())).readings)


def _why_no_distance(result: Result) -> str:
    reasons = [shoe.nothing_because for shoe in result.shoes.values()]
    reasons += [of.get("stride_length_m", "") for of in result.verdict.spoiled.values()]
    return next((reason for reason in reasons if reason), "")


def _activity_seconds(result: Result) -> dict[str, float]:
    """From strides; where there are none, from what the sensors say by themselves."""
    seconds = activity_seconds(result.strides, result.duration_s)
    if len(result.strides) == 0:
        for shoe in result.shoes.values():
            seconds |= seconds_told(shoe.readings)
        seconds["other"] = max(0.0, result.duration_s - seconds["running"] - seconds["walking"])
    return seconds
