"""What must be known to read the figures; printed and written with them."""

NOTES: tuple[str, ...] = (
    "The real running is two people (runner A at 3 and 5 m/s, runner B at 2 m/s) on a treadmill "
    "with force plates, with two real strides per trial and foot, repeated into a longer run. So "
    "there are few really different strides, and their spread says nothing of how strides vary.",
    "Their motion was captured at 100 Hz and smoothed at 22 Hz, so the sharp shock of landing is "
    "not in it: it tests events, angles, speed and stride length, but not impact.",
    "A few numbers of the step detector were chosen on these very recordings, so the figures on "
    "them flatter it. What it does on a runner that it was not chosen on is told by leaving one "
    "runner out (`--loro`).",
    "They are rigid bodies fitted to markers on the shoe, with sensor noise and bias added: not "
    "recorded with a real IMU.",
    "Real walking is real IMUs at 100 Hz, mounting unknown, with swings that people marked by "
    "hand to the nearest sample, a U-turn and a stop included.",
    "The simulated runners are ours. Their truth is exact, but how their feet move is a model: "
    "what holds there is not proven for people.",
    "The first three true strides of each recording are not scored.",
)
