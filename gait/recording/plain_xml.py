"""XML of a stranger, looked through before anybody builds something of it.

The parser itself refuses, so no encoding and no comment hides anything from it: it is the one that
ElementTree, gpxpy and tcxreader read with afterwards.
"""

from xml.parsers import expat

from gait.model import InputError
from gait.model.limits import (
    TRACK_POINTS,
    XML_ATTRIBUTES,
    XML_DEPTH,
    XML_ELEMENTS,
    XML_NAMESPACES,
    check_most,
)

_POINTS = {"trkpt", "rtept", "wpt", "Trackpoint"}


def check_plain_xml(data: bytes, name: str) -> None:
    """Raise InputError for XML that swells or nests, or that has more points than any run.

    A document type declares what makes a few lines become millions (entities) and reads other
    files; no track needs one. Raises ExpatError where it is no XML.
    """
    depth = elements = points = 0

    def refuse(*_: object) -> None:
        raise InputError(
            f"{name} is no GPX, TCX or FIT file: it declares a document type or entities, which "
            "none of them needs."
        )

    def begin(tag: str, attributes: list[str]) -> None:
        nonlocal depth, elements, points
        depth += 1
        elements += 1
        points += tag.rpartition(":")[2] in _POINTS
        check_most(depth, XML_DEPTH, "elements within each other", name)
        check_most(elements, XML_ELEMENTS, "elements", name)
        check_most(points, TRACK_POINTS, "points", name)
        check_most(len(attributes) // 2, XML_ATTRIBUTES, "attributes of one element", name)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    # gpxpy looks for them in the text, once each through all of it
    check_most(data.count(b"xmlns"), XML_NAMESPACES, "namespaces", name)
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.Parse(data, True)
