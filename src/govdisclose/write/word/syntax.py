"""The source of one part of a template → a tree, through Jinja's own parser.

Jinja never runs anything of a template. What a tree cannot hold becomes a node that ``lint.py``
reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jinja2
from jinja2 import Environment, nodes

from govdisclose.write.context import FILTERS
from govdisclose.write.word.name_uses import not_a_loop
from govdisclose.write.word.parsed_template import Fault, Syntax
from govdisclose.write.word.tree import (
    Body,
    Branch,
    Compare,
    Conditional,
    Constant,
    Each,
    Expression,
    Forbidden,
    If,
    Length,
    Logic,
    Name,
    Node,
    Not,
    Operator,
    RefusedTag,
    Text,
    Value,
)

_NOT_ALLOWED = "含有不允许的表达式，模板中只能写数据名称、循环和条件"
_OPERATORS: dict[str, Operator] = {
    "eq": "==",
    "ne": "!=",
    "gt": ">",
    "gteq": ">=",
    "lt": "<",
    "lteq": "<=",
    "in": "in",
    "notin": "not in",
}
_PRINTED = re.compile(r"\{\{.{0,200}?\}\}")
_LOOP_NAME = re.compile(r"\{%-?\s*for\s+(\w+)\s+in\b")
_TOO_DEEP = "nested too deep"
_SYNTAX = (
    (_TOO_DEEP, "括号套得太深，读不懂"),
    ("Unexpected end of template", "有循环或条件没有结束，缺少 {% endfor %} 或 {% endif %}"),
    ("unknown tag 'end", "多出一个结束标签，或开始与结束标签不配对"),
    ("unknown tag 'el", "多出一个 elif 或 else 标签"),
    ("unknown tag", "有不能识别的标签"),
    ("expected token 'end of print statement'", "标签中的名称写法有误"),
    ("unexpected '}'", "标签的括号不配对"),
)


def read_source(source: str, *, broken: bool) -> Syntax:
    """Parse the source of a part; ``broken`` if it has tags that are known to be unfinished."""
    try:
        return Syntax(parse_source(source))
    except jinja2.TemplateSyntaxError as error:
        body, faults = _single_values(source)
        if not broken:
            faults += _block_faults(source)
            faults = faults or [_fault(error)]
        loops = dict.fromkeys(_LOOP_NAME.findall(source))
        return Syntax(body, whole=False, faults=tuple(faults), loops=tuple(loops))


def parse_source(source: str) -> Body:
    """The tree of a part. Raises ``TemplateSyntaxError``, also for brackets nested too deep."""
    try:
        parsed = Environment(keep_trailing_newline=True).parse(source)
        return tuple(_body(parsed.body))
    except RecursionError:
        raise jinja2.TemplateSyntaxError(_TOO_DEEP, 1) from None


def _single_values(source: str) -> tuple[Body, list[Fault]]:
    """Each tag that prints something, parsed by itself."""
    body: list[Node] = []
    faults: list[Fault] = []
    for found in _PRINTED.finditer(source):
        line = source.count("\n", 0, found.end()) + 1
        try:
            parsed = parse_source(found[0])
        except jinja2.TemplateSyntaxError as error:
            faults.append(Fault(line, _explained(error)))
        else:
            body += (Value(node.expression, line) for node in parsed if isinstance(node, Value))
    return tuple(body), faults


def _block_faults(source: str) -> list[Fault]:
    """The faults of loops and conditions, without the tags that print something."""
    try:
        parse_source(_PRINTED.sub("", source))
    except jinja2.TemplateSyntaxError as error:
        return [_fault(error)]
    return []


def _fault(error: jinja2.TemplateSyntaxError) -> Fault:
    return Fault(error.lineno, _explained(error))


def _explained(error: jinja2.TemplateSyntaxError) -> str:
    said = str(error.message)
    for mark, words in _SYNTAX:
        if mark in said:
            return words
    return "标签写法有误"


# --- statements -----------------------------------------------------------------------------------


def _body(statements: Sequence[nodes.Node]) -> Iterator[Node]:
    for node in statements:
        if isinstance(node, nodes.Output):
            yield from map(_printed, node.nodes)
        elif isinstance(node, nodes.If):
            yield _condition(node)
        elif isinstance(node, nodes.For):
            yield _loop(node)
        else:
            yield Forbidden(_NOT_ALLOWED, node.lineno)


def _printed(node: nodes.Node) -> Node:
    if isinstance(node, nodes.TemplateData):
        return Text(node.data)
    return Value(_expression(node), node.lineno)


def _condition(node: nodes.If) -> If:
    branches = []
    for branch in (node, *node.elif_):
        body = tuple(_body(branch.body))
        branches.append(Branch(_expression(branch.test), body, branch.lineno))
    return If(tuple(branches), tuple(_body(node.else_)))


def _loop(node: nodes.For) -> Each | Forbidden:
    items = _expression(node.iter)
    if node.test or not isinstance(items, Name) or not isinstance(node.target, nodes.Name):
        path = items.path if isinstance(items, Name) else ""
        return Forbidden(not_a_loop(path), node.lineno)
    body = tuple(_body(node.body))
    otherwise = tuple(_body(node.else_))
    return Each(items, node.target.name, body, otherwise, node.lineno)


# --- expressions ----------------------------------------------------------------------------------


def _expression(node: nodes.Node) -> Expression:
    """The expression of a tag; ``RefusedTag`` for one that a template must not contain."""
    made_by = _EXPRESSIONS.get(type(node))
    return RefusedTag(_NOT_ALLOWED) if made_by is None else made_by(node)


def _name(node: nodes.Name | nodes.Getattr) -> Expression:
    path = _dotted(node)
    return Name(path) if path else RefusedTag("没有 这样 的数据")


def _constant(node: nodes.Const) -> Constant:
    return Constant(node.value)


def _negation(node: nodes.Not) -> Not:
    return Not(_expression(node.node))


def _conjunction(node: nodes.And) -> Logic:
    return Logic("and", tuple(_joined(node, nodes.And)))


def _disjunction(node: nodes.Or) -> Logic:
    return Logic("or", tuple(_joined(node, nodes.Or)))


def _choice(node: nodes.CondExpr) -> Conditional:
    no = Constant("") if node.expr2 is None else _expression(node.expr2)
    return Conditional(_expression(node.test), _expression(node.expr1), no)


def _comparison(node: nodes.Compare) -> Compare:
    steps = []
    for step in node.ops:
        steps.append((_OPERATORS[step.op], _expression(step.expr)))
    return Compare(_expression(node.expr), tuple(steps))


def _joined(node: nodes.Node, kind: type[nodes.Node]) -> Iterator[Expression]:
    """The operands of ``a or b or c``, which Jinja nests to the left."""
    if isinstance(node, nodes.And | nodes.Or) and isinstance(node, kind):
        yield from _joined(node.left, kind)
        yield _expression(node.right)
    else:
        yield _expression(node)


def _filtered(node: nodes.Filter) -> Expression:
    if node.node is None:
        return RefusedTag(_NOT_ALLOWED)
    if node.name not in FILTERS:
        return RefusedTag(f"过滤器 {node.name} 不可用")
    return Length(_expression(node.node))


_EXPRESSIONS: Mapping[type[nodes.Node], Callable[[Any], Expression]] = {
    nodes.Name: _name,
    nodes.Getattr: _name,
    nodes.Const: _constant,
    nodes.Not: _negation,
    nodes.And: _conjunction,
    nodes.Or: _disjunction,
    nodes.Compare: _comparison,
    nodes.CondExpr: _choice,
    nodes.Filter: _filtered,
}
"""Everything that a tag may contain."""


def _dotted(node: nodes.Node) -> str:
    """The dotted name that ``node`` spells; empty for anything else."""
    if isinstance(node, nodes.Name):
        return node.name
    if not isinstance(node, nodes.Getattr):
        return ""
    before = _dotted(node.node)
    return f"{before}.{node.attr}" if before else ""
