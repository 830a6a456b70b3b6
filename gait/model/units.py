"""Units and frames of reference. SI inside; field units (deg, g, km/h) only at the edge.

Frames: *sensor*, as the device's own axes are; *foot*, x forward, y left, z up along the shoe, the
same sign of y for both feet; *world*, x along the way, z up.
"""

import math

STANDARD_GRAVITY_M_S2 = 9.80665


RAD_PER_DEG = math.pi / 180.0


DEG_PER_RAD = 180.0 / math.pi
