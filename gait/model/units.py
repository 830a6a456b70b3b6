"""Constants and conversions. SI inside; field units only at the edge."""

import math

STANDARD_GRAVITY_M_S2 = 9.80665
RAD_PER_DEG = math.pi / 180.0
DEG_PER_RAD = 180.0 / math.pi
