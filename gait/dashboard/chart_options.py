"""What pictures for ECharts are made of, in the colours of the page."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

BAND = "var(--band)"

Floats = NDArray[np.float64]
Options = dict[str, Any]
Points = list[list[Any]]


def frame(x: Options, y: Options, series: list[Options], decimals: int) -> Options:
    """What all pictures have: axes in the page's colours, and the numbers under the pointer."""
    return {
        "animation": False,
        "toolbox": {"show": False},
        "legend": {
            "data": list(dict.fromkeys(s["name"] for s in series if "name" in s and s["data"])),
            "right": 16,
            "top": 0,
            "itemGap": 16,
            "textStyle": {"color": "var(--ink)"},
            "inactiveColor": "var(--faint)",
        },
        "textStyle": {"fontFamily": "system-ui, sans-serif", "fontSize": 13},
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 28, "containLabel": True},
        "xAxis": _axis(x | {"nameLocation": "middle", "nameGap": 28}),
        "yAxis": _axis(y | {"nameTextStyle": {"color": "var(--ink)", "align": "left"}}),
        "tooltip": {
            "trigger": "axis",
            "confine": True,
            "backgroundColor": "var(--card)",
            "borderColor": "var(--faint)",
            "textStyle": {"color": "var(--ink)"},
            ":valueFormatter": f"(v) => typeof v === 'number' ? v.toFixed({decimals}) : v",
        },
        "series": series,
    }


def _axis(options: Options) -> Options:
    return {
        "nameTextStyle": {"color": "var(--ink)"},
        "axisLabel": {
            "color": "var(--ink)",
            "hideOverlap": True,
            "showMinLabel": "min" not in options or options["min"] == 0,
            "showMaxLabel": options.get("max", 100) == 100,
        },
        "axisLine": {"lineStyle": {"color": "var(--faint)"}},
        "axisTick": {"lineStyle": {"color": "var(--faint)"}},
        "splitLine": {"lineStyle": {"color": "var(--rule)"}},
        "splitNumber": 5,
        **options,
    }


def plain_line(name: str, points: Points, ink: str) -> Options:
    return {
        "type": "line",
        "name": name,
        "data": points,
        "showSymbol": False,
        "itemStyle": {"color": ink},
        "emphasis": {"disabled": True},
    }


def area(name: str, x: Floats, low: Floats, high: Floats, ink: str, decimals: int) -> list[Options]:
    """The space between two lines: the lower one, and the rest stacked upon it."""
    bare = {
        "type": "line",
        "stack": f"around {name}",
        "stackStrategy": "all",
        "showSymbol": False,
        "silent": True,
        "lineStyle": {"opacity": 0},
        "itemStyle": {"color": ink},
        "emphasis": {"disabled": True},
        "tooltip": {"show": False},
    }
    upper = bare | {"areaStyle": {"color": ink, "opacity": 0.16}}
    rest = points_of(x, high - low, decimals + 2)
    return [bare | {"data": points_of(x, low, decimals + 2)}, upper | {"data": rest}]


def points_of(x: Floats, y: Floats, decimals: int) -> Points:
    """None where there is no value, which breaks the line."""
    return [
        [round(float(a), 4), round(float(b), decimals) if np.isfinite(b) else None]
        for a, b in zip(x, y, strict=True)
        if np.isfinite(a) or not np.isfinite(b)
    ]


def level_band(band: Sequence[float], ink: str = BAND) -> Options:
    low, high = band
    return {
        "type": "line",
        "data": [],
        "silent": True,
        "markArea": {
            "silent": True,
            "itemStyle": {"color": ink, "opacity": 0.13},
            "data": [[{"yAxis": low}, {"yAxis": high}]],
        },
    }


def day_marks(marks: Sequence[tuple[date, str]]) -> Options:
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": "var(--ink)", "type": "dotted"},
        "label": {"color": "var(--ink)", "formatter": "{b}", "position": "end"},
        "data": [{"xAxis": day.isoformat(), "name": what} for day, what in marks],
    }
