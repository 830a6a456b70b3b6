"""What a norm needs to know of a body. Everything is optional: unknown stays unknown."""

from typing import Literal

import msgspec


class Body(msgspec.Struct, frozen=True, kw_only=True):
    height_m: float | None = None
    mass_kg: float | None = None
    age_years: float | None = None
    sex: Literal["female", "male"] | None = None
