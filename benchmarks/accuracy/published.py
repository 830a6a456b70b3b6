"""What others report, from science/biomechanics.md 1.2, 1.3 and 1.5; every key is cited there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """One figure of one study: `keys` are our measures that it stands beside."""

    key: str
    keys: tuple[str, ...]
    what: str
    figure: str
    sprint: bool = False


PUBLISHED: tuple[Published, ...] = (
    Published(
        "falbriard2018",
        ("ic_ms", "tc_ms"),
        "foot, 41 runners, treadmill; precision, median ± IQR",
        "landing 2 ± 1 ms, toe-off 4 ± 2 ms, after removing each one's bias",
    ),
    Published(
        "prijot2020",
        ("ic_ms", "tc_ms"),
        "foot, 10 runners, 3 speeds, 4 strikes; median [IQR]",
        "landing 5 ms [−5; 15], toe-off 0 ms [−5; 5]",
    ),
    Published("bailey2015", ("tc_ms",), "foot, steady running", "toe-off 0.47 ± 3.84 ms"),
    Published(
        "mochow2018",
        ("ic_ms",),
        "foot, 11 runners, force plate; mean absolute difference",
        "landing 4.7 ± 4.1 ms",
    ),
    Published(
        "falbriard2018",
        ("contact_ms",),
        "foot, 41 runners",
        "bias below 12 ± 10 ms, precision below 4 ± 3 ms",
    ),
    Published(
        "falbriard2017", ("contact_ms",), "foot, 35 runners, uncorrected", "−10.5 ± 2.2 % (short)"
    ),
    Published(
        "schmidt2016",
        ("contact_ms",),
        "ankles, sprint, 12 runners",
        "−2.5 ± 4.8 ms; 364 of 380 contacts found",
        sprint=True,
    ),
    Published(
        "blauberger2021",
        ("contact_ms",),
        "ankles, elite sprint, 5 runners",
        "−3.55 ms; RMSE 7.97 ms; 863 of 889 steps found",
        sprint=True,
    ),
    Published("garciapinillos2019", ("contact_ms",), "Stryd, 49 runners", "−5.2 %"),
    Published(
        "rossanigo2025", ("contact_ms",), "foot, 30 runners, 8–30 km/h", "stance 7–19 % of error"
    ),
    Published("prijot2020", ("cadence_spm",), "foot, 10 runners; stride time", "−1.56 ± 3.00 %"),
    Published("rossanigo2025", ("cadence_spm",), "foot, 30 runners; stride time", "below 0.1 %"),
    Published(
        "falbriard2017", ("strike_angle_deg",), "foot, 35 runners, uncorrected", "3.9 ± 5.3°"
    ),
    Published(
        "falbriard2020",
        ("strike_angle_deg",),
        "foot, 26 runners, just before contact",
        "2.0 ± 5.9°, precision 1.6 ± 1.1°",
    ),
    Published(
        "runscribe_fst2020",
        ("strike_angle_deg",),
        "heel, 20 runners; class of strike",
        "78 % right (midfoot 55 %)",
    ),
    Published(
        "zrenner2018",
        ("speed_pct", "stride_length_pct"),
        "sole, 27 runners, 2,377 strides, trajectory",
        "speed 0.032 ± 0.274 m/s, stride 0.022 ± 0.157 m",
    ),
    Published(
        "falbriard2021",
        ("speed_pct",),
        "foot, 33 runners outdoors, direct integration",
        "0.08 ± 0.10 m/s; personalised 0.00 ± 0.01 m/s",
    ),
    Published("brahms2018", ("stride_length_pct",), "foot, overground", "ICC(3,1) = 0.955"),
)
