"""Runs in an environment of its own that has gaitmap: `python gaitmap_worker.py IN.npz OUT.json`.

The npz holds, for each recording number i: `time_i` (n,) s, `acc_i` (n, 3) m/s², `gyr_i` (n, 3)
rad/s, `side_i`, and `aligned_i`, True where the axes are the foot's. gaitmap's sensor frame is
ours (x to the toes, y to the left, z up), in m/s² and deg/s. Where the axes are not the foot's,
gaitmap's own alignment is used. Written: for each recording and setting the number of strides
segmented, and the landings and toe-offs (s).
"""

import json
import sys
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np

# As it comes, and with its limits of similarity and of shortest stride (s) loosened.
SETTINGS = {"gaitmap": {}, "gaitmap, loosened": {"max_cost": 8.0, "min_match_length_s": 0.4}}
AXES = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]


def aligned(frame, rate_hz: float):
    """gaitmap's own way to the foot's axes: gravity, principal axis, direction of travel."""
    preprocessing = import_module("gaitmap.preprocessing")
    alignment = import_module("gaitmap.preprocessing.sensor_alignment")
    data = {"foot": frame}
    data = preprocessing.align_dataset_to_gravity(data, sampling_rate_hz=rate_hz)
    data = alignment.PcaAlignment().align(data).aligned_data_
    signs = alignment.ForwardDirectionSignAlignment().align(data, sampling_rate_hz=rate_hz)
    return signs.aligned_data_["foot"]


def strides(body, rate_hz: float, start_s: float, setting: dict) -> dict:
    """Strides of one foot in gaitmap's body frame."""
    segmentation = import_module("gaitmap.stride_segmentation").BarthDtw(**setting)
    found = segmentation.segment(body, sampling_rate_hz=rate_hz).stride_list_
    if len(found) == 0:
        return {"segmented": 0, "landing_s": [], "toe_off_s": []}
    detection = import_module("gaitmap.event_detection").RamppEventDetection()
    detection = detection.detect(data=body, stride_list=found, sampling_rate_hz=rate_hz)
    events = detection.annotated_original_event_list_
    return {
        "segmented": len(found),
        "landing_s": [start_s + float(i) / rate_hz for i in events["ic"].dropna()],
        "toe_off_s": [start_s + float(i) / rate_hz for i in events["tc"].dropna()],
    }


def main(source: Path, target: Path) -> None:
    pandas = import_module("pandas")
    conversion = import_module("gaitmap.utils.coordinate_conversion")
    to_body = {
        "left": conversion.convert_left_foot_to_fbf,
        "right": conversion.convert_right_foot_to_fbf,
    }
    warnings.simplefilter("ignore")
    version = import_module("importlib.metadata").version("gaitmap")
    recorded = np.load(source)
    out: dict = {"version": version, "found": []}
    for i in range(int(recorded["count"])):
        time_s = recorded[f"time_{i}"]
        rate_hz = float((len(time_s) - 1) / (time_s[-1] - time_s[0]))
        values = np.hstack([recorded[f"acc_{i}"], np.degrees(recorded[f"gyr_{i}"])])
        frame = pandas.DataFrame(values, columns=AXES)
        row = {}
        try:
            if not recorded[f"aligned_{i}"]:
                frame = aligned(frame, rate_hz)
            body = to_body[str(recorded[f"side_{i}"])](frame)
            for name, setting in SETTINGS.items():
                row[name] = strides(body, rate_hz, float(time_s[0]), setting)
        except Exception as error:
            row = {name: {"error": f"{type(error).__name__}: {error}"} for name in SETTINGS}
        out["found"].append(row)
        print(i + 1, flush=True)
    target.write_text(json.dumps(out))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
