"""The names that a template uses: those that it prints, and those that it must not use there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from math import isfinite
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.form.printed import FORBIDDEN
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.write.context import PARAGRAPH, Schema, known_names, schema
from govdisclose.write.word.fill import LOOP_NAMES
from govdisclose.write.word.parsed_template import Fault, Syntax
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
    RefusedTag,
    Text,
    Value,
    operands,
)

_LOOP: dict[str, Schema] = dict.fromkeys(LOOP_NAMES)
_Kind: TypeAlias = Literal["text", "list", "group", "missing"]


@frozen
class Printed:
    """A name whose value a part prints; a list is printed by a loop that prints its text."""

    path: str


@frozen
class Unknown:
    """A name that the report does not have, at the paragraph ``line``."""

    path: str
    line: int


NameUse: TypeAlias = Printed | Unknown | Fault


def name_uses(syntax: Syntax, edition: Edition) -> Iterator[NameUse]:
    """How one part of a template for ``edition`` uses names, in the order of its text."""
    groups = dict(schema(edition))
    if not syntax.whole:
        groups |= dict.fromkeys(syntax.loops, PARAGRAPH)
        groups["loop"] = _LOOP
    return _of_body(syntax.body, _NamesInScope(groups, foreign_names(edition)))


def not_a_loop(path: str) -> str:
    """The message about a loop over anything other than the paragraphs of a section."""
    named = path or "这个表达式"
    allowed = "、".join(PROSE_SHEETS)
    return f"不能对 {named} 循环：只能对 {allowed} 各自循环"


@cache
def foreign_names(edition: Edition) -> frozenset[str]:
    """The cells that only other editions have."""
    found: set[str] = set()
    for other in EDITIONS.values():
        if other != edition:
            found.update(outline(other).cells)
    return frozenset(found.difference(known_names(edition)))


@frozen
class _NamesInScope:
    """The names known at one point of a template.

    ``foreign`` are those that only other editions have.
    """

    groups: Mapping[str, Schema]
    foreign: Collection[str]
    in_loop: bool = False

    def kind(self, path: str) -> _Kind:
        """The meaning of a dotted name."""
        found: Schema = dict(self.groups)
        for name in path.split("."):
            if not isinstance(found, dict) or name not in found:
                return "missing"
            found = found[name]
        if found is None:
            return "text"
        return "list" if isinstance(found, list) else "group"

    def inside(self, loop: Each) -> _NamesInScope:
        """The names known in the body of a loop."""
        items: dict[str, Schema] = {loop.item: PARAGRAPH, "loop": _LOOP}
        return evolve(self, groups={**self.groups, **items}, in_loop=True)


@frozen
class _UsePlace:
    """The place of an expression: its paragraph, if it is printed, if it may be a list."""

    line: int
    printed: bool = False
    may_be_list: bool = False


# --- statements -----------------------------------------------------------------------------------


def _of_body(body: Body, scope: _NamesInScope) -> Iterator[NameUse]:
    for node in body:
        if isinstance(node, Text):
            continue
        if isinstance(node, Value):
            yield from _of_value(node, scope)
        elif isinstance(node, If):
            yield from _of_condition(node, scope)
        elif isinstance(node, Each):
            yield from _of_loop(node, scope)
        else:
            yield Fault(node.line, node.words)


def _of_value(node: Value, scope: _NamesInScope) -> Iterator[NameUse]:
    if _is_no_text(node.expression, scope):
        yield Fault(node.line, "{{ }} 中是判断或一组数据，不能直接填入")
    place = _UsePlace(node.line, printed=True)
    yield from _of_expression(node.expression, place, scope)


def _of_condition(node: If, scope: _NamesInScope) -> Iterator[NameUse]:
    for branch in node.branches:
        place = _UsePlace(branch.line, may_be_list=True)
        yield from _of_expression(branch.test, place, scope)
        yield from _of_body(branch.body, scope)
    yield from _of_body(node.otherwise, scope)


def _of_loop(node: Each, scope: _NamesInScope) -> Iterator[NameUse]:
    path = node.items.path
    if scope.in_loop or scope.kind(path) != "list":
        yield Fault(node.line, not_a_loop(path))
        return
    inside = list(_of_body(node.body, scope.inside(node)))
    yield from inside
    if Printed(f"{node.item}.text") in inside:
        yield Printed(path)
    yield from _of_body(node.otherwise, scope)


# --- expressions ----------------------------------------------------------------------------------


def _of_expression(
    expression: Expression, place: _UsePlace, scope: _NamesInScope
) -> Iterator[NameUse]:
    if isinstance(expression, Name):
        yield from _of_name(expression.path, place, scope)
    elif isinstance(expression, RefusedTag):
        yield Fault(place.line, expression.words)
    elif isinstance(expression, Constant):
        yield from _constant_faults(expression, place)
    else:
        if isinstance(expression, Compare) and _mixes_number_and_text(expression, scope):
            words = "数据都是文字，不能与数比较，数要加引号，如 == '0'"
            yield Fault(place.line, words)
        for operand in operands(expression):
            below = _place_below(expression, operand, place)
            yield from _of_expression(operand, below, scope)


def _place_below(expression: Expression, operand: Expression, place: _UsePlace) -> _UsePlace:
    """The place of an operand: only the alternatives of ``or`` and ``if`` are printed themselves."""
    is_test = isinstance(expression, Conditional) and operand is expression.test
    chosen = isinstance(expression, Logic | Conditional) and not is_test
    may_be_list = is_test or isinstance(expression, Not | Logic | Length)
    return _UsePlace(place.line, printed=place.printed and chosen, may_be_list=may_be_list)


def _of_name(path: str, place: _UsePlace, scope: _NamesInScope) -> Iterator[NameUse]:
    kind = scope.kind(path)
    if path in scope.foreign or kind == "missing":
        yield Unknown(path, place.line)
    elif kind == "text":
        if place.printed:
            yield Printed(path)
    elif not (kind == "list" and place.may_be_list):
        yield Fault(place.line, f"{path} 是一组数据，不能直接填入")


def _constant_faults(constant: Constant, place: _UsePlace) -> Iterator[NameUse]:
    value = constant.value
    if isinstance(value, str) and FORBIDDEN.search(value):
        yield Fault(place.line, "引号中有不能写入文件的字符")
    if isinstance(value, float) and not isfinite(value):
        yield Fault(place.line, "数太大")


def _mixes_number_and_text(comparison: Compare, scope: _NamesInScope) -> bool:
    sides = operands(comparison)
    if not any(map(_is_number, sides)):
        return False
    return any(_is_text(side, scope) for side in sides)


def _is_number(expression: Expression) -> bool:
    return isinstance(expression, Constant) and isinstance(expression.value, int | float)


def _is_text(expression: Expression, scope: _NamesInScope) -> bool:
    """Whether a name stands for text; levels of paragraphs and counters of loops are numbers."""
    if not isinstance(expression, Name):
        return False
    path = expression.path
    if path.startswith("loop.") or path.endswith(".level"):
        return False
    return scope.kind(path) == "text"


def _is_no_text(expression: Expression, scope: _NamesInScope) -> bool:
    """Whether a printed value may be a truth value, nothing, or a list."""
    if isinstance(expression, Logic):
        return any(
            _is_no_text(side, scope) or _is_list(side, scope) for side in expression.operands
        )
    if isinstance(expression, Conditional):
        return _is_no_text(expression.yes, scope) or _is_no_text(expression.no, scope)
    if isinstance(expression, Constant):
        return expression.value is None or isinstance(expression.value, bool)
    return isinstance(expression, Compare | Not)


def _is_list(expression: Expression, scope: _NamesInScope) -> bool:
    return isinstance(expression, Name) and scope.kind(expression.path) == "list"
