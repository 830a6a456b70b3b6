"""What a profile may say: each number at the ends of what can be, and just beyond them."""

from contextlib import nullcontext

import pytest

from gait.model import InputError
from gait.risk.profile_reader import parse_profile

# the field → a profile with it, its least and its most, what is just beyond either
BOUNDS = {
    "body.height_m": ("body: {{height_m: {}}}", 1.0, 2.5),
    "body.mass_kg": ("body: {{mass_kg: {}}}", 20, 300),
    "body.age_years": ("body: {{age_years: {}}}", 5, 110),
    "session.distance_km": ("session: {{distance_km: {}}}", 0, 500),
    "shoes.distance_km": ("shoes: {{distance_km: {}}}", 0, 20_000),
    "longest_30_days_km": ("training_in_short: {{longest_30_days_km: {}}}", 0, 500),
    "weekly_km": ("training_in_short: {{weekly_km: {}}}", 0, 1000),
    "training.distance_km": ("training: [{{date: 2026-05-01, distance_km: {}}}]", 0, 500),
    "pain.level": ("pain: [{{where: heel, level: {}}}]", 0, 10),
    "months_ago": (
        "history: {{injuries: [{{condition: achilles_tendinopathy, months_ago: {}}}]}}",
        0,
        1200,
    ),
}


def parsed(text: str):
    return parse_profile(text, "yaml")


@pytest.mark.parametrize("name", BOUNDS)
def test_numbers_are_taken_to_their_ends_and_no_further(name: str) -> None:
    form, least, most = BOUNDS[name]
    for value in (least, most):
        parsed(form.format(value))
    for value in (least - 0.01, most + 0.01, -1000, 1e9):
        whole = name in ("body.age_years", "pain.level", "months_ago")
        beyond = round(value + (0.5 if value > most else -0.5)) if whole else value
        with pytest.raises(InputError, match=rf"\b{name.rpartition('.')[2]} is "):
            parsed(form.format(beyond))


@pytest.mark.parametrize(
    ("year", "taken"), [(1969, False), (1970, True), (2200, True), (2201, False)]
)
def test_years_of_dates(year: int, taken: bool) -> None:
    for form in (
        "training: [{{date: {}-05-01, distance_km: 8}}]",
        "answered_on: {}-05-01",
        "session: {{date: {}-05-01}}",
    ):
        said = nullcontext() if taken else pytest.raises(InputError, match="year")
        with said:
            parsed(form.format(year))
