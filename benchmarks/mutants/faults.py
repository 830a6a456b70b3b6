"""The faults: what in a source file can be made wrong, and how; one line each.

What people only read is left alone (docstrings, comments, sentences), as are types, log lines,
assertions and decorators: a fault there is none, or says nothing of the tests.
"""

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# What stands for something in the code, as opposed to words for people.
CODE_STRING = re.compile(r"[\w./:+%#<>-]+")
LOGS = re.compile(r"_?log(ger|ging)?")
TOLERANCE = 1e-6  # for rounding; twice as much no data can show (on the other side of it, it can)
LARGE = 10  # from here on one more would be too little to mean anything
# Dropped or changed, these change nothing that a test on one system could see.
NEUTRAL_KEYWORDS = {"encoding", "strict", "slots", "stacklevel", "newline"}

COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">="),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<="),
    ast.GtE: (">", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.LShift: ">>",
    ast.RShift: "<<",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}
NAMES = {
    **{"left": "right", "right": "left", "LEFT": "RIGHT", "RIGHT": "LEFT"},
    **{"min": "max", "max": "min", "any": "all", "all": "any"},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One change of one place.

    file     : from the root of the tree
    line     : where it begins, from 1 on
    kind     : what is done to it
    old, new : the first line that changes, before and after, without its indentation
    source   : the whole file with it
    function : first line (its decorators counted) of the function it is in; None outside of all
    compiled : it is in a kernel
    """

    file: str
    line: int
    kind: str
    old: str
    new: str
    source: str
    function: int | None
    compiled: bool

    @property
    def key(self) -> str:
        return f"{self.old} → {self.new}"


def faults_of(source: str, file: str) -> list[Fault]:
    """Every fault of a file that still is Python and another program."""
    found = (_fault(source, file, place) for place in _places(ast.parse(source)))
    return [fault for fault in found if fault]


def sample(root: Path, folder: str, number: int, seed: int) -> tuple[list[Fault], int]:
    """So many faults of a folder, no two on one line; and how many lines could have one.

    A line is drawn by what stands in it, so that a module which is renamed, or merged with
    another, changes little about which ones are.
    """
    drawn: list[tuple[str, str, str, list[_Place]]] = []
    alike: Counter[str] = Counter()
    for path in sorted((root / folder).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        lines = source.splitlines()
        by_line: dict[int, list[_Place]] = {}
        for place in _places(ast.parse(source)):
            by_line.setdefault(place.line, []).append(place)
        for line, places in by_line.items():
            text = lines[line - 1].strip()
            alike[text] += 1
            draw = hashlib.sha256(f"{seed}|{text}|{alike[text]}".encode()).hexdigest()
            drawn.append((draw, source, path.relative_to(root).as_posix(), places))
    faults: list[Fault] = []
    for draw, source, file, places in sorted(drawn, key=lambda one: one[0]):
        if len(faults) == number:
            break
        first = int(draw[:8], 16) % len(places)
        tried = (_fault(source, file, place) for place in places[first:] + places[:first])
        faults += [fault for fault in tried if fault][:1]
    return faults, len(drawn)


def _fault(source: str, file: str, place: "_Place") -> Fault | None:
    """None where nothing changes, or where it is no Python any more."""
    text = _changed(source, place)
    try:
        if ast.dump(ast.parse(text)) == ast.dump(ast.parse(source)):
            return None
    except SyntaxError:
        return None
    old, new = _first_difference(source, text)
    return Fault(file, place.line, place.kind, old, new, text, place.function, place.compiled)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the text is replaced: lines from 1, columns in bytes from 0, as `ast` counts them."""

    line: int
    begin: tuple[int, int]
    end: tuple[int, int]
    new: str
    kind: str
    function: int | None
    compiled: bool


def _changed(source: str, place: _Place) -> str:
    (first, start), (last, stop) = place.begin, place.end
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    head, tail = lines[first - 1][:start], lines[last - 1][stop:]
    lines[first - 1 : last] = [head + place.new.encode() + tail]
    return b"".join(lines).decode()


def _first_difference(before: str, after: str) -> tuple[str, str]:
    for old, new in zip(before.splitlines(), after.splitlines(), strict=False):
        if old != new:
            return old.strip(), new.strip()
    return "", ""


def _places(tree: ast.Module) -> Iterator[_Place]:
    yield from _Walk().body(tree.body)


class _Walk:
    """Goes through the code and tells what can be changed; knows which function it is in."""

    def __init__(self, function: int | None = None, *, compiled: bool = False) -> None:
        self._function = function
        self._compiled = compiled

    def body(self, statements: Sequence[ast.stmt]) -> Iterator[_Place]:
        for statement in statements:
            yield from self.statement(statement)

    def statement(self, node: ast.stmt) -> Iterator[_Place]:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                decorators = [ast.unparse(one) for one in node.decorator_list]
                if "overload" in decorators:
                    return
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                inner = _Walk(
                    self._function or first, compiled=self._compiled or "kernel" in decorators
                )
                defaults = [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]
                for default in defaults:
                    yield from self.expression(default)
                yield from inner.body(node.body)
            case ast.ClassDef():
                yield from self.body(node.body)
            case ast.Import() | ast.ImportFrom() | ast.Assert():
                return
            case ast.Expr(value=ast.Constant()):
                return  # a docstring
            case ast.Expr(value=ast.Call() as call) if _is_log(call):
                return
            case ast.AnnAssign(value=value):
                if value is not None:
                    yield from self.expression(value)
            case ast.Assign(targets=[ast.Name(id="__all__")]):
                return
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                return
            case _:
                yield from self._whole(node)
                yield from self._parts(node)

    def _whole(self, node: ast.stmt) -> Iterator[_Place]:
        """What is done to a statement as a whole."""
        match node:
            case ast.Expr() | ast.AugAssign():
                yield self._place(node, "pass", "statement dropped")
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
                yield self._place(node, "pass", "statement dropped")
            case ast.Raise():
                yield self._place(node, "pass", "error not raised")
            case ast.Return(value=ast.expr() as value) if not self._compiled:
                if not (isinstance(value, ast.Constant) and value.value is None):
                    yield self._place(node, "return None", "nothing returned")
            case ast.If(test=test):
                for truth in ("True", "False"):
                    yield self._place(test, truth, "condition forced")
            case ast.While(test=test):
                yield self._place(test, "False", "condition forced")
            case ast.Break():
                yield self._place(node, "continue", "break and continue")
            case ast.Continue():
                yield self._place(node, "break", "break and continue")

    def _parts(self, node: ast.AST) -> Iterator[_Place]:
        words = isinstance(node, ast.Raise)
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.expr():
                    yield from self.expression(child, words=words)
                case ast.stmt():
                    yield from self.statement(child)
                case ast.excepthandler() | ast.match_case() | ast.withitem():
                    yield from self._parts(child)

    def expression(self, node: ast.expr, *, words: bool = False) -> Iterator[_Place]:
        """`words`: its texts are a sentence for people."""
        match node:
            case ast.JoinedStr() | ast.Lambda(body=ast.Constant()):
                return
            case ast.Call(func=ast.Name(id="cast" | "TypeVar" | "NewType")):
                for argument in node.args[1:]:
                    yield from self.expression(argument)
                return
            case ast.Constant():
                yield from self._constant(node, words=words)
                return
            case ast.Compare(ops=[operator], comparators=[right]):
                for new in COMPARISONS[type(operator)]:
                    yield self._between(node.left, right, new, "comparison changed")
            case ast.BoolOp(op=operator):
                new = "or" if isinstance(operator, ast.And) else "and"
                yield self._between(node.values[0], node.values[1], new, "and and or")
            case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
                kind = "not dropped" if isinstance(node.op, ast.Not) else "sign changed"
                yield self._place(node, f"({ast.unparse(operand)})", kind)
            case ast.Call(func=ast.Attribute(attr="reshape")):
                # any negative length is the one that is not known
                yield from self.expression(node.func)
                return
            case ast.BinOp(op=operator) if type(operator) in OPERATORS and not _is_type(node):
                new = OPERATORS[type(operator)]
                yield self._between(node.left, node.right, new, "operator changed")
            case ast.IfExp(test=test):
                for truth in ("True", "False"):
                    yield self._place(test, truth, "condition forced")
            case ast.Name(id=name) if name in NAMES and name not in ("left", "right"):
                yield self._place(node, NAMES[name], "other one of two")
            case ast.Attribute(attr=name) if name in NAMES:
                end = (node.end_lineno or 0, node.end_col_offset or 0)
                begin = (end[0], end[1] - len(name))
                yield self._at(node, begin, end, NAMES[name], "other one of two")
            case ast.Call():
                yield from self._keywords(node)
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.expr():
                    yield from self.expression(child, words=words)
                case ast.keyword(arg=name, value=value) if name not in NEUTRAL_KEYWORDS:
                    yield from self.expression(value, words=words)
                case ast.comprehension():
                    for test in child.ifs:
                        yield self._place(test, "True", "condition forced")
                        yield from self.expression(test)
                    yield from self.expression(child.iter)

    def _constant(self, node: ast.Constant, *, words: bool) -> Iterator[_Place]:
        match node.value:
            case bool():
                yield self._place(node, str(not node.value), "constant changed")
            case int():
                new = node.value + 1 if abs(node.value) < LARGE else 2 * node.value
                yield self._place(node, str(new), "constant changed")
            case float() if not 0.0 < abs(node.value) <= TOLERANCE:
                new = 2 * node.value if node.value else 1.0
                yield self._place(node, repr(new), "constant changed")
            case str() if not words and CODE_STRING.fullmatch(node.value):
                if node.lineno == node.end_lineno:
                    new = NAMES.get(node.value, f"{node.value}x")
                    yield self._place(node, repr(new), "constant changed")

    def _keywords(self, node: ast.Call) -> Iterator[_Place]:
        """Each keyword argument left away, with the comma before it."""
        previous: ast.AST | None = node.args[-1] if node.args else None
        for keyword in node.keywords:
            if keyword.arg is not None and keyword.arg not in NEUTRAL_KEYWORDS and previous:
                end_of_previous = (previous.end_lineno or 0, previous.end_col_offset or 0)  # pyright: ignore[reportAttributeAccessIssue]
                end = (keyword.value.end_lineno or 0, keyword.value.end_col_offset or 0)
                if end_of_previous[0] == end[0]:
                    yield self._at(keyword, end_of_previous, end, "", "argument dropped")
            previous = keyword

    def _between(self, left: ast.expr, right: ast.expr, new: str, kind: str) -> _Place:
        """Another operator between two; in brackets, which `ast` does not keep."""
        begin = (left.lineno, left.col_offset)
        end = (right.end_lineno or 0, right.end_col_offset or 0)
        text = f"({ast.unparse(left)}) {new} ({ast.unparse(right)})"
        return self._at(left, begin, end, text, kind)

    def _place(self, node: ast.expr | ast.stmt, new: str, kind: str) -> _Place:
        begin = (node.lineno, node.col_offset)
        end = (node.end_lineno or 0, node.end_col_offset or 0)
        return self._at(node, begin, end, new, kind)

    def _at(
        self,
        node: ast.expr | ast.stmt | ast.keyword,
        begin: tuple[int, int],
        end: tuple[int, int],
        new: str,
        kind: str,
    ) -> _Place:
        return _Place(node.lineno, begin, end, new, kind, self._function, self._compiled)


def _is_log(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=name)):
            return LOGS.fullmatch(name) is not None
    return False


def _is_type(node: ast.BinOp) -> bool:
    """`int | None` outside of an annotation, as in `isinstance` or the name of a type."""
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
    nothing = any(isinstance(one, ast.Constant) and one.value is None for one in ast.walk(node))
    types = {"int", "float", "str", "bool", "bytes", "dict", "list", "tuple", "set"}
    return isinstance(node.op, ast.BitOr) and (nothing or not types.isdisjoint(names))
