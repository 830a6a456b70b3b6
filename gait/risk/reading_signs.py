"""The part of `evidence.yaml` about what a runner tells: signs, self-tests, other answers that
say the same as a red flag.
"""

from collections.abc import Collection, Mapping

from gait.risk.answer_predicates import Told
from gait.risk.fields import check_told
from gait.risk.table import OtherCause, SelfTest, Sign
from gait.risk.yaml_nodes import Located


def read_told(node: Located, tests: Mapping[str, SelfTest], more: Collection[str] = ()) -> Told:
    """`{of: pain.level, above: 5}`, `{of: pain.onset, is: sudden}`, `{of: pain.at_rest}` (a yes).

    more : further names that may stand beside these; they are the caller's

    Raises InputError with the line where no profile can answer so.
    """
    told = _told(node, more)
    check_told(node, told, tests)
    return told


def _told(node: Located, more: Collection[str]) -> Told:
    f = node.fields(("of",), ("is", "above", *more))
    if "is" in f and "above" in f:
        raise node.error("either is or above, not both")
    path = tuple(f["of"].text().split("."))
    if "above" in f:
        return Told(path, above=f["above"].number())
    if "is" not in f:
        return Told(path)
    wanted = f["is"].items() if f["is"].is_list else [f["is"]]
    return Told(path, tuple(item.flag() if item.is_flag else item.text() for item in wanted))


def read_sign(
    key: str, node: Located, citations: Collection[str], tests: Mapping[str, SelfTest]
) -> Sign:
    own = ("says", "asks", "note", "cite")
    f = node.fields(("of", "says"), ("is", "above", *own))
    return Sign(
        key=key,
        told=read_told(node, tests, own),
        says=f["says"].text(),
        asks=f["asks"].text() if "asks" in f else None,
        note=f["note"].text() if "note" in f else None,
        cites=(
            tuple(item.one_of(citations) for item in f["cite"].items())
            if "cite" in f
            else ("guide",)
        ),
    )


def read_self_test(key: str, node: Located) -> SelfTest:
    f = node.fields(("name", "results"))
    return SelfTest(key, f["name"].text(), tuple(r.text() for r in f["results"].items()))


def read_other_cause(node: Located, kinds: Collection[str]) -> OtherCause:
    f = node.fields(("name",), ("kind",))
    return OtherCause(f["name"].text(), f["kind"].one_of(kinds) if "kind" in f else None)
