"""Fill a template's tree with the data of a report."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

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
    Node,
    Not,
    Text,
    Value,
    operands,
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
    return "".join(_printed(body, names))


def fill_encoded(body: Body, names: Mapping[str, Any]) -> bytes:
    """As ``fill``, in UTF-8.

    Most pieces are ASCII. Joined with Chinese ones they would take twice the memory, and another
    three times to be encoded.
    """
    return b"".join([piece.encode() for piece in _printed(body, names)])


def _printed(body: Body, names: Mapping[str, Any]) -> list[str]:
    """The pieces of a filled part, in order."""
    printed: list[str] = []
    for node in body:
        if type(node) is Text:  # a document has hundreds of texts and values; this needs no call
            printed.append(node.xml)
        elif type(node) is Value:
            expression = node.expression
            if type(expression) is Name:  # nearly every tag
                printed.append(_escaped(names[expression.path]))
            else:
                printed.append(_escaped(evaluate(expression, names)))
        elif isinstance(node, If):
            printed.append(fill(_chosen(node, names), names))
        elif isinstance(node, Each):
            printed.append(_repeated(node, names))
        else:
            raise TypeError(node.words)
    return printed


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
    questions = _questions(node)
    settled: dict[tuple[Any, ...], Body] = {}
    printed: list[str] = []
    scope = dict(names)  # one for all items: they have the same names
    for index, item in enumerate(items):
        scope.update({f"{node.item}.{name}": value for name, value in vars(item).items()})
        scope.update(_counted(index, len(items)))
        answers = questions.answers(scope)
        if answers not in settled:
            settled[answers] = _joined_texts(_settled(node.body, scope))
        printed.append(fill(settled[answers], scope))
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


# --- the conditions in a loop ---------------------------------------------------------------------


class _Questions(NamedTuple):
    """What the conditions in a loop ask of an item: the truth of some names, the values of others.

    Most paragraphs of a section answer alike, so the conditions are decided once for all of these.
    """

    truths: tuple[str, ...]
    values: tuple[str, ...]

    def answers(self, names: Mapping[str, Any]) -> tuple[Any, ...]:
        """The answers of an item: equal answers decide every condition alike."""
        truths = [bool(names[name]) for name in self.truths]
        values = [names[name] for name in self.values]
        return (*truths, *values)


@lru_cache(maxsize=64)
def _questions(loop: Each) -> _Questions:
    """What the conditions of a loop ask of its items; names from outside are the same for all."""
    own = (f"{loop.item}.", "loop.")
    truths: list[str] = []
    values: list[str] = []
    for test in _tests(loop.body):
        truths.extend(name for name in _truths(test) if name.startswith(own))
        values.extend(name for name in _values(test) if name.startswith(own))
    return _Questions(tuple(dict.fromkeys(truths)), tuple(dict.fromkeys(values)))


def _tests(body: Body) -> Iterator[Expression]:
    """Every condition of a body; those of loops in it are asked of other items."""
    for node in body:
        if not isinstance(node, If):
            continue
        for branch in node.branches:
            yield branch.test
            yield from _tests(branch.body)
        yield from _tests(node.otherwise)


def _truths(test: Expression) -> Iterator[str]:
    """The names of which a condition asks only whether they hold."""
    if isinstance(test, Name):
        yield test.path
    elif isinstance(test, Not | Logic):
        for operand in operands(test):
            yield from _truths(operand)


def _values(test: Expression) -> Iterator[str]:
    """The names whose values a condition asks for."""
    if isinstance(test, Not | Logic):
        for operand in operands(test):
            yield from _values(operand)
    elif not isinstance(test, Name):
        yield from _names_in(test)


def _names_in(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Name):
        yield expression.path
    for operand in operands(expression):
        yield from _names_in(operand)


def _settled(body: Body, names: Mapping[str, Any]) -> list[Node]:
    """A body with its conditions decided: texts, values and loops."""
    settled: list[Node] = []
    for node in body:
        if isinstance(node, If):
            settled.extend(_settled(_chosen(node, names), names))
        else:
            settled.append(node)
    return settled


def _joined_texts(body: Iterable[Node]) -> Body:
    """A body in which no text follows another text."""
    joined: list[Node] = []
    texts: list[str] = []
    for node in body:
        if isinstance(node, Text):
            texts.append(node.xml)
            continue
        joined.append(Text("".join(texts)))
        texts.clear()
        joined.append(node)
    joined.append(Text("".join(texts)))
    return tuple(joined)


# --- expressions ----------------------------------------------------------------------------------


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
