"""What others report of sensors on the foot, and where; read in the abstracts of these papers."""

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

REFERENCES: dict[str, str] = {
    "bailey2015": "Bailey GP, Harle RK. Measuring temporal parameters of gait with foot mounted "
    "IMUs in steady state running. icSPORTS 2015 (SciTePress)",
    "blauberger2021": "Detection of ground contact times with inertial sensors in elite 100-m "
    "sprints under competitive field conditions. Sensors 2021;21:7331, doi:10.3390/s21217331",
    "brahms2018": "Brahms CM et al. Stride length determination during overground running using a "
    "single foot-mounted IMU. J Biomech 2018;71:302, doi:10.1016/j.jbiomech.2018.02.003",
    "falbriard2017": "Contact time and foot strike angles estimation using foot worn inertial "
    "sensors in running. ISBS Proceedings 2017;35:504",
    "falbriard2018": "Falbriard M et al. Accurate estimation of running temporal parameters using "
    "foot-worn inertial sensors. Front Physiol 2018;9:610, doi:10.3389/fphys.2018.00610",
    "falbriard2020": "Falbriard M et al. Drift-free foot orientation estimation in running using "
    "wearable IMU. Front Bioeng Biotechnol 2020;8:65, doi:10.3389/fbioe.2020.00065",
    "falbriard2021": "Falbriard M, Soltani A, Aminian K. Running speed estimation using shoe-worn "
    "inertial sensors. Front Sports Act Living 2021, doi:10.3389/fspor.2021.585809",
    "garciapinillos2019": "García-Pinillos F et al. Agreement between the spatiotemporal gait "
    "parameters from two different wearable devices and high-speed video analysis. PLoS ONE "
    "2019;14:e0222872, doi:10.1371/journal.pone.0222872",
    "mochow2018": "Mo S, Chow DHK. Accuracy of three methods in gait event detection during "
    "overground running. Gait Posture 2018;59:93, doi:10.1016/j.gaitpost.2017.10.009",
    "prijot2020": "Prijot L et al. Algorithm for extracting initial and terminal contact timings "
    "during treadmill running using inertial sensors. BIOSIGNALS 2020 (SciTePress)",
    "rossanigo2025": "Rossanigo R et al. A speed-invariant template-based approach for estimating "
    "running temporal parameters using inertial sensors. IEEE Access 2025;13, "
    "doi:10.1109/ACCESS.2025.3530687",
    "runscribe_fst2020": "Validation of foot-strike assessment using wearable sensors during "
    "running. J Athl Train 2020;55:1307",
    "schmidt2016": "Schmidt M et al. IMU-based determination of stance duration during sprinting. "
    "Procedia Eng 2016",
    "zrenner2018": "Zrenner M et al. Comparison of different algorithms for calculating velocity "
    "and stride length in running using IMUs. Sensors 2018;18:4194, doi:10.3390/s18124194",
}
