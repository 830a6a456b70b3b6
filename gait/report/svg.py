"""A matplotlib figure as inline SVG for a web page: its colours follow the page, it has words.

The drawing uses the colours of `INK`; in the page they are the CSS variables of these names, so
that light, dark and print are the page's own affair. Text stays text.
"""

import io
import re
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

# name of the CSS variable → colour to draw with
INK = {
    "ink": "#010101",
    "faint": "#010102",
    "left": "#010103",
    "right": "#010104",
    "band": "#010105",
}
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "shoegait",  # the same run gives the same bytes
    "font.size": 11.0,
    "text.color": INK["ink"],
    "axes.labelcolor": INK["ink"],
    "axes.edgecolor": INK["faint"],
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": INK["faint"],
    "grid.alpha": 0.45,
    "grid.linewidth": 0.5,
    "xtick.color": INK["faint"],
    "ytick.color": INK["faint"],
    "xtick.labelcolor": INK["ink"],
    "ytick.labelcolor": INK["ink"],
    "axes.unicode_minus": True,
}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_FONT_FAMILY = re.compile(r"font-family:[^;]*;?\s*|(?<=px) '[^;]*(?=;|$)")
_REFERENCE = re.compile(r"#([\w.-]+)")


def inline_svg(figure: Figure, key: str, title: str, description: str) -> str:
    """The figure as an `<svg>` element for HTML; `key` keeps its ids apart from other pictures'."""
    raw = io.BytesIO()
    canvas = FigureCanvasSVG(figure)
    with mpl.rc_context(STYLE):
        canvas.print_svg(raw, metadata={"Date": None, "Creator": None, "Format": None})
    root = ElementTree.fromstring(raw.getvalue())  # noqa: S314 - written two lines above
    _drop_wrapping(root)
    used = _referenced(root)
    for element in root.iter():
        element.tag = element.tag.partition("}")[2] or element.tag
        element.attrib = {
            name.partition("}")[2] or name: _attribute(name, value, key, used)
            for name, value in element.attrib.items()
            if name != "id" or value in used
        }
        element.text = (element.text or "").strip() or None
        element.tail = None
    view = root.attrib["viewBox"]
    root.attrib = {
        "viewBox": view,
        "role": "img",
        "aria-labelledby": f"{key}-title {key}-words",
        "class": "picture",
    }
    for place, (tag, name, words) in enumerate(
        (("title", "title", title), ("desc", "words", description))
    ):
        element = ElementTree.Element(tag, {"id": f"{key}-{name}"})
        element.text = words
        root.insert(place, element)
    return ElementTree.tostring(root, encoding="unicode")


def _drop_wrapping(root: ElementTree.Element) -> None:
    """Metadata and the style sheet, which in a page would hold for the whole page."""
    for parent in list(root.iter()):
        for child in list(parent):
            name = child.tag.partition("}")[2]
            if name in ("metadata", "style") or (name == "defs" and _only_style(child)):
                parent.remove(child)


def _only_style(defs: ElementTree.Element) -> bool:
    return all(child.tag.endswith("}style") for child in defs)


def _referenced(root: ElementTree.Element) -> set[str]:
    values = (v for e in root.iter() for n, v in e.attrib.items() if n != "id")
    return {name for value in values for name in _REFERENCE.findall(value)}


def _attribute(name: str, value: str, key: str, used: set[str]) -> str:
    if name == "id":
        return f"{key}-{value}"
    for variable, colour in INK.items():
        value = value.replace(colour, f"var(--{variable})")
    value = _REFERENCE.sub(lambda m: f"#{key}-{m[1]}" if m[1] in used else m[0], value)
    value = _LONG_NUMBER.sub(lambda m: f"{float(m[0]):.2f}", value)
    return _FONT_FAMILY.sub("", value).replace("\n", " ").strip()
