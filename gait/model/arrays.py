"""Names of array types, for signatures."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

# (n,) of a structured dtype, which numpy's types cannot name: CLOSED, STRIDE, a kernel's state …
Records: TypeAlias = NDArray[np.void]
# One of them inside a kernel. numba gives its fields as attributes, which numpy's own type for it,
# np.void, does not have.
Record: TypeAlias = Any
