"""The colours of pages, by what they are for, on light and on dark ground.

Left and right are blue and orange of the Okabe–Ito palette, told apart by colour-blind eyes; they
never stand alone, a mark (● ▲) goes with them. Text has a contrast of at least 4.5 to 1.
"""

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "ink": "#1b1f23",
    "faint": "#626b74",
    "page": "#ffffff",
    "card": "#f4f6f8",
    "rule": "#d5dae0",
    "left": "#0072b2",
    "right": "#b94c00",
    "band": "#009e73",
    "warn": "#9c1c1c",
    "warn-page": "#fdeeee",
    "link": "#005a8d",
}
DARK: Mapping[str, str] = {
    "ink": "#e8eaed",
    "faint": "#a0a8b0",
    "page": "#14171a",
    "card": "#1f2428",
    "rule": "#3a4148",
    "left": "#56b4e9",
    "right": "#e69f00",
    "band": "#2fc79b",
    "warn": "#ff9d94",
    "warn-page": "#3a1b1b",
    "link": "#7cc4f0",
}


def css_variables(colours: Mapping[str, str]) -> str:
    """The colours as CSS variables, such as `--ink: #1b1f23;`."""
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())
