"""A template's syntax tree → a Python function: what a template may say is little, and plain code says it.

Jinja parses, ``lint`` refuses all but values, loops and conditions, and this turns what is left into
code that calls nothing but ``escape`` and ``len``. It can therefore be written into the wheel, and a
run that uses it starts without Jinja and fills a template in a third of Jinja's time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from attrs import frozen
from jinja2 import nodes

from govdisclose.write.context import flat_name
from govdisclose.write.word.template import Part, bind

_COMPARED = {
    "eq": "==",
    "ne": "!=",
    "gt": ">",
    "gteq": ">=",
    "lt": "<",
    "lteq": "<=",
    "in": "in",
    "notin": "not in",
}
_LOOP = {
    "index": "(index + 1)", "index0": "index", "first": "(index == 0)", "last": "(index + 1 == len(items))",
    "length": "len(items)",
}  # fmt: skip


def python_source(tree: nodes.Template, plain: Collection[str]) -> str:
    """The source of ``fill(c, escape)``; ``plain`` are the names of numbers, which need no escaping.

    Raises ``NotImplementedError`` for what ``lint`` refuses.
    """
    lines = _block(tree.body, _Scope(frozenset(plain), ""))
    return "\n".join(
        ["def fill(c, escape):", "    out = []", *lines, "    return ''.join(out)", ""]
    )


def load_part(source: str, name: str) -> Part:
    """The function that ``python_source`` wrote."""
    space: dict[str, Any] = {}
    exec(
        compile(source, name, "exec"), space
    )  # our own code: template text is in it as literals only
    return bind(space["fill"])


@frozen
class _Scope:
    """The names of numbers, and the name of the loop's item, if in a loop; loops do not nest."""

    plain: frozenset[str]
    item: str


def _block(body: Iterable[nodes.Node], scope: _Scope, depth: int = 1) -> list[str]:
    lines = [line for node in body for line in _statement(node, scope)]
    return [("    " * depth) + line for line in lines or ["pass"]]


def _statement(node: nodes.Node, scope: _Scope) -> Iterator[str]:
    if isinstance(node, nodes.Output):
        yield f"out += ({' '.join(_printed(child, scope) + ',' for child in node.nodes)})"
    elif isinstance(node, nodes.If):
        for word, branch in (("if", node), *(("elif", other) for other in node.elif_)):
            yield f"{word} {_value(branch.test, scope)}:"
            yield from _block(branch.body, scope)
        if node.else_:
            yield "else:"
            yield from _block(node.else_, scope)
    elif isinstance(node, nodes.For) and isinstance(node.target, nodes.Name) and not scope.item:
        yield f"items = {_value(node.iter, scope)}"
        yield "for index, item in enumerate(items):"
        yield from _block(node.body, _Scope(scope.plain, node.target.name))
        if node.else_:
            yield "if not items:"
            yield from _block(node.else_, scope)
    else:
        raise NotImplementedError(type(node).__name__)


def _printed(node: nodes.Node, scope: _Scope) -> str:
    if isinstance(node, nodes.TemplateData):
        return repr(node.data)
    value = _value(node, scope)
    return value if _path(node) in scope.plain else f"escape({value})"


def _value(node: nodes.Node | None, scope: _Scope) -> str:
    path = _path(node)
    if path:
        return _name(path, scope)
    if isinstance(node, nodes.Const):
        return repr(node.value)
    if isinstance(node, nodes.Not):
        return f"(not {_value(node.node, scope)})"
    if isinstance(node, nodes.And | nodes.Or):
        word = "and" if isinstance(node, nodes.And) else "or"
        return f"({_value(node.left, scope)} {word} {_value(node.right, scope)})"
    if isinstance(node, nodes.Compare):
        others = (f"{_COMPARED[operand.op]} {_value(operand.expr, scope)}" for operand in node.ops)
        return f"({_value(node.expr, scope)} {' '.join(others)})"
    if isinstance(node, nodes.CondExpr):
        other = _value(node.expr2, scope) if node.expr2 else "''"
        return f"({_value(node.expr1, scope)} if {_value(node.test, scope)} else {other})"
    if isinstance(node, nodes.Filter) and node.name == "length":
        return f"len({_value(node.node, scope)})"
    raise NotImplementedError(type(node).__name__)


def _path(node: nodes.Node | None) -> str:
    """The dotted name that ``node`` is, or nothing."""
    if isinstance(node, nodes.Name):
        return node.name
    before = _path(node.node) if isinstance(node, nodes.Getattr) else ""
    return f"{before}.{node.attr}" if before and isinstance(node, nodes.Getattr) else ""


def _name(path: str, scope: _Scope) -> str:
    first, _, rest = path.partition(".")
    if scope.item and first == scope.item:
        return f"item.{rest}"
    if scope.item and first == "loop":
        return _LOOP[rest]
    return f"c[{flat_name(path)!r}]"
