"""Fill a template's tree with the data of a report."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import escape

from govdisclose.write.word.tree import (
    Body,
    Compare,
    Conditional,
    Constant,
    Each,
    Expression,
    If,
    Length,
    Logic,
    Name,
    Not,
    Text,
    Value,
)

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "in": lambda item, group: item in group,
    "not in": lambda item, group: item not in group,
}


def fill(body: Body, names: Mapping[str, Any]) -> str:
    """The XML of one part of a template, filled with ``names`` (``write/context.py``).

    Raises ``TypeError`` where a tag compares what cannot be compared.
    """
    printed: list[str] = []
    for node in body:
        if isinstance(node, Text):
            printed.append(node.xml)
        elif isinstance(node, Value):
            expression = node.expression
            if isinstance(expression, Name):  # nearly every tag
                printed.append(_escaped(names[expression.path]))
            else:
                printed.append(_escaped(evaluate(expression, names)))
        elif isinstance(node, If):
            printed.append(fill(_chosen(node, names), names))
        elif isinstance(node, Each):
            printed.append(_repeated(node, names))
        else:
            raise TypeError(node.words)
    return "".join(printed)


def _escaped(value: Any) -> str:
    """A value as XML holds it. Numbers and words have nothing to escape."""
    if type(value) is str and value.isalnum():
        return value
    return escape(value)


def _chosen(node: If, names: Mapping[str, Any]) -> Body:
    for branch in node.branches:
        if evaluate(branch.test, names):
            return branch.body
    return node.otherwise


def _repeated(node: Each, names: Mapping[str, Any]) -> str:
    items = names[node.items.path]
    if not items:
        return fill(node.otherwise, names)
    printed: list[str] = []
    scope = dict(names)  # one for all items: they have the same names
    for index, item in enumerate(items):
        scope.update({f"{node.item}.{name}": value for name, value in vars(item).items()})
        scope.update(_counted(index, len(items)))
        printed.append(fill(node.body, scope))
    return "".join(printed)


def _counted(index: int, length: int) -> dict[str, int | bool]:
    """What the names ``loop.…`` stand for at one item of a loop."""
    return {
        "loop.index": index + 1,
        "loop.index0": index,
        "loop.first": index == 0,
        "loop.last": index + 1 == length,
        "loop.length": length,
    }


LOOP_NAMES = tuple(name.removeprefix("loop.") for name in _counted(0, 1))
"""The names that are allowed after ``loop.``."""


def evaluate(expression: Expression, names: Mapping[str, Any]) -> Any:
    """The value of an expression, as Jinja and Python would give it."""
    if isinstance(expression, Name):
        return names[expression.path]
    if isinstance(expression, Constant):
        return expression.value
    if isinstance(expression, Not):
        return not evaluate(expression.operand, names)
    if isinstance(expression, Logic):
        return _joined(expression, names)
    if isinstance(expression, Compare):
        return _compared(expression, names)
    if isinstance(expression, Conditional):
        chosen = expression.yes if evaluate(expression.test, names) else expression.no
        return evaluate(chosen, names)
    if isinstance(expression, Length):
        return len(evaluate(expression.operand, names))
    raise TypeError(expression.words)


def _joined(expression: Logic, names: Mapping[str, Any]) -> Any:
    """The first operand that decides, else the last one."""
    value: Any = None
    for operand in expression.operands:
        value = evaluate(operand, names)
        if bool(value) is (expression.word == "or"):
            return value
    return value


def _compared(expression: Compare, names: Mapping[str, Any]) -> bool:
    """Whether every step of a chain of comparisons holds."""
    left = evaluate(expression.first, names)
    for word, operand in expression.steps:
        right = evaluate(operand, names)
        if not _COMPARE[word](left, right):
            return False
        left = right
    return True
