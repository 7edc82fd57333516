"""A template as a tree: text, values, conditions and loops.

``syntax.py`` builds trees from a template's tags, ``lint.py`` and ``fill.py`` walk them, and
``prepared_file.py`` writes them as JSON. A tree is data: nothing in it can be called. Its nodes are
named tuples because every start of the program makes these classes, and attrs takes three times as
long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple, TypeAlias, final

Operator: TypeAlias = Literal["==", "!=", ">", ">=", "<", "<=", "in", "not in"]
OPERATORS: Final[tuple[Operator, ...]] = ("==", "!=", ">", ">=", "<", "<=", "in", "not in")

TOP_MARK = "<!--draft top-->"
BOTTOM_MARK = "<!--draft bottom-->"
"""Where a draft is marked as one, above and below the text of the main part."""


@final
class Name(NamedTuple):
    """Data of the report by its dotted name (``agency.name``), or of a loop (``p.text``)."""

    path: str


class Constant(NamedTuple):
    """A text, a number, a truth value or nothing, written in the template itself."""

    value: str | int | float | bool | None


class Not(NamedTuple):
    """The negation of ``operand``."""

    operand: Expression


class Logic(NamedTuple):
    """Two or more operands joined by ``and`` or ``or``."""

    word: Literal["and", "or"]
    operands: tuple[Expression, ...]


class Compare(NamedTuple):
    """``first`` compared with the operand of the first step, that with the next one, and so on."""

    first: Expression
    steps: tuple[tuple[Operator, Expression], ...]


class Conditional(NamedTuple):
    """``yes`` if ``test`` holds, else ``no``."""

    test: Expression
    yes: Expression
    no: Expression


class Length(NamedTuple):
    """The number of items of a list, or of characters of a text."""

    operand: Expression


class RefusedTag(NamedTuple):
    """A tag that a template must not contain; ``words`` say in Chinese why."""

    words: str


Expression: TypeAlias = Name | Constant | Not | Logic | Compare | Conditional | Length | RefusedTag


@final
class Text(NamedTuple):
    """XML that is printed unchanged."""

    xml: str


@final
class Value(NamedTuple):
    """An expression whose value is printed. ``line`` counts the paragraphs of the part, from 1."""

    expression: Expression
    line: int


class Branch(NamedTuple):
    """One condition of an ``If``, and the body that is printed if it is the first that holds."""

    test: Expression
    body: Body
    line: int


class If(NamedTuple):
    """The first branch whose test holds, else ``otherwise``."""

    branches: tuple[Branch, ...]
    otherwise: Body


class Each(NamedTuple):
    """``body`` once for each item of the list ``items``, else ``otherwise``."""

    items: Name
    item: str
    body: Body
    otherwise: Body
    line: int


class Forbidden(NamedTuple):
    """A statement that a template must not contain; ``words`` say in Chinese why."""

    words: str
    line: int


Node: TypeAlias = Text | Value | If | Each | Forbidden
Body: TypeAlias = tuple[Node, ...]


def operands(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly below one."""
    if isinstance(expression, Not | Length):
        return (expression.operand,)
    if isinstance(expression, Logic):
        return expression.operands
    if isinstance(expression, Compare):
        others = [operand for _, operand in expression.steps]
        return (expression.first, *others)
    if isinstance(expression, Conditional):
        return (expression.test, expression.yes, expression.no)
    return ()


def source_of(body: Body, quote: Callable[[str], str] = str) -> str:
    """A tree as a template's author would write it; ``quote`` is applied to every tag."""
    return "".join(_written(body, quote))


def _written(body: Body, quote: Callable[[str], str]) -> Iterator[str]:
    for node in body:
        if isinstance(node, Text):
            yield node.xml
        elif isinstance(node, Value):
            value = spelt(node.expression)
            yield quote(f"{{{{ {value} }}}}")
        elif isinstance(node, If):
            yield from _written_if(node, quote)
        elif isinstance(node, Each):
            yield quote(f"{{% for {node.item} in {node.items.path} %}}")
            yield from _written(node.body, quote)
            yield from _written_else(node.otherwise, quote)
            yield "{% endfor %}"


def _written_if(node: If, quote: Callable[[str], str]) -> Iterator[str]:
    word = "if"
    for branch in node.branches:
        test = spelt(branch.test)
        yield quote(f"{{% {word} {test} %}}")
        yield from _written(branch.body, quote)
        word = "elif"
    yield from _written_else(node.otherwise, quote)
    yield "{% endif %}"


def _written_else(body: Body, quote: Callable[[str], str]) -> Iterator[str]:
    if body:
        yield "{% else %}"
        yield from _written(body, quote)


def spelt(expression: Expression) -> str:
    """An expression as it is written in a tag, with brackets around every part."""
    if isinstance(expression, Name):
        return expression.path
    if isinstance(expression, Constant):
        return repr(expression.value)
    parts = list(map(_bracketed, operands(expression)))
    if isinstance(expression, Not):
        return f"not {parts[0]}"
    if isinstance(expression, Logic):
        return f" {expression.word} ".join(parts)
    if isinstance(expression, Compare):
        first, *others = parts
        words = [word for word, _ in expression.steps]
        steps = [f" {word} {operand}" for word, operand in zip(words, others, strict=True)]
        return first + "".join(steps)
    if isinstance(expression, Conditional):
        test, yes, no = parts
        return f"{yes} if {test} else {no}"
    if isinstance(expression, Length):
        return f"{parts[0]}|length"
    return "?"


def _bracketed(expression: Expression) -> str:
    """An expression as part of another one."""
    written = spelt(expression)
    if isinstance(expression, Name | Constant):
        return written
    return f"({written})"
