"""A template's trees as a JSON file, which is read without docxtpl, lxml and Jinja.

``template prepare`` writes this file, and the wheel holds one beside each packaged template.
Nothing in it can be run; ``prepared_file_check.py`` checks one that comes from a user.
"""

from __future__ import annotations

import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from govdisclose.errors import TemplateError
from govdisclose.write.word.tree import (
    OPERATORS,
    Body,
    Branch,
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
    Operator,
    Text,
    Value,
)

FORMAT = "govdisclose/template/1"
_DEEPEST = 60
"""Levels of tags within tags and of brackets within brackets."""

_MOST_OBJECTS = 200_000
"""Tags and parts of tags; the packaged templates have some 500."""

_LONGEST_NUMBER = 20
"""Digits of a whole number."""

Json: TypeAlias = Any
"""Whatever JSON can say; the functions below accept only what a tree can be."""


class Prepared(NamedTuple):
    """What a prepared file holds.

    ``base`` is the packed package without the parts that have trees and without ``core``, the core
    properties. ``made_from`` is the ``checksum`` of the .docx file.
    """

    main: str
    core: str | None
    parts: Mapping[str, Body]
    base: bytes
    made_from: tuple[int, int]


def checksum(data: bytes) -> tuple[int, int]:
    """Tells whether a .docx file is still the one that was prepared; a guard against edits."""
    return len(data), zlib.crc32(data)


def is_prepared(data: bytes) -> bool:
    """Whether bytes are meant to be a prepared template rather than a .docx file."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


# --- writing --------------------------------------------------------------------------------------


def write_prepared(prepared: Prepared) -> bytes:
    """The JSON of a prepared template; the same template gives the same bytes."""
    parts = {name: _body_json(body) for name, body in prepared.parts.items()}
    content = {
        "format": FORMAT,
        "made_from": list(prepared.made_from),
        "main": prepared.main,
        "core": prepared.core,
        "parts": parts,
        "base": binascii.b2a_base64(prepared.base, newline=False).decode(),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _body_json(body: Body) -> list[Json]:
    return [_node_json(node) for node in body]


def _node_json(node: Node) -> Json:
    if isinstance(node, Text):
        return node.xml
    if isinstance(node, Value):
        return {"print": _expression_json(node.expression), "line": node.line}
    if isinstance(node, If):
        branches = [_branch_json(branch) for branch in node.branches]
        return {"if": branches, "else": _body_json(node.otherwise)}
    if isinstance(node, Each):
        return {
            "each": node.items.path,
            "item": node.item,
            "body": _body_json(node.body),
            "else": _body_json(node.otherwise),
            "line": node.line,
        }
    raise TypeError(node.words)


def _branch_json(branch: Branch) -> Json:
    return {
        "test": _expression_json(branch.test),
        "body": _body_json(branch.body),
        "line": branch.line,
    }


def _expression_json(expression: Expression) -> Json:
    if isinstance(expression, Name):
        return expression.path
    if isinstance(expression, Constant):
        return {"constant": expression.value}
    if isinstance(expression, Not):
        return {"not": _expression_json(expression.operand)}
    if isinstance(expression, Logic):
        return {expression.word: [_expression_json(operand) for operand in expression.operands]}
    if isinstance(expression, Compare):
        steps = [[word, _expression_json(operand)] for word, operand in expression.steps]
        return {"compare": _expression_json(expression.first), "steps": steps}
    if isinstance(expression, Conditional):
        return {
            "choose": _expression_json(expression.test),
            "yes": _expression_json(expression.yes),
            "no": _expression_json(expression.no),
        }
    if isinstance(expression, Length):
        return {"length": _expression_json(expression.operand)}
    raise TypeError(expression.words)


# --- reading --------------------------------------------------------------------------------------


class _NoTemplateError(ValueError):
    """JSON that is no prepared template."""


def read_prepared(data: bytes, name: str) -> Prepared:
    """The prepared template in a file. Raises ``TemplateError`` for anything else."""
    if data.count(b"{") + data.count(b"[") > _MOST_OBJECTS:
        raise TemplateError(f"模板 {name} 里的标签太多，不像 template prepare 生成的文件")
    try:
        return _prepared(json.loads(data, parse_constant=_refused, parse_int=_short_int))
    except (ValueError, RecursionError) as error:  # binascii.Error is a ValueError
        raise TemplateError(
            f"模板 {name} 不是完好的预处理模板，请用 govdisclose template prepare 重新生成"
        ) from error


def _refused(word: str) -> None:
    raise _NoTemplateError(word)


def _short_int(digits: str) -> int:
    """A number; to read a very long one takes minutes."""
    if len(digits) > _LONGEST_NUMBER:
        raise _NoTemplateError(digits[:_LONGEST_NUMBER])
    return int(digits)


def _prepared(content: Json) -> Prepared:
    match content:
        case {
            "format": str(written),
            "made_from": [int(size), int(digest)],
            "main": str(main),
            "core": str() | None as core,
            "parts": dict(parts),
            "base": str(base),
            **rest,
        } if written == FORMAT and main in parts and not rest:
            bodies = {str(name): _body(body, _DEEPEST) for name, body in parts.items()}
            packed = binascii.a2b_base64(base)
            return Prepared(main, core, bodies, packed, (size, digest))
    raise _NoTemplateError("content")


def _body(content: Json, depth: int) -> Body:
    if not isinstance(content, list) or depth == 0:
        raise _NoTemplateError("body")
    return tuple(_node(node, depth - 1) for node in content)


def _node(content: Json, depth: int) -> Node:
    if isinstance(content, str):
        return Text(content)
    match content:
        case {"print": shown, "line": int(line), **rest} if not rest:
            return Value(_expression(shown, depth), line)
        case {"if": [_, *_] as branches, "else": otherwise, **rest} if not rest:
            tested = tuple(_branch(branch, depth) for branch in branches)
            return If(tested, _body(otherwise, depth))
        case {
            "each": str(items),
            "item": str(item),
            "body": body,
            "else": otherwise,
            "line": int(line),
            **rest,
        } if item.isidentifier() and not rest:
            return Each(Name(items), item, _body(body, depth), _body(otherwise, depth), line)
    raise _NoTemplateError("node")


def _branch(content: Json, depth: int) -> Branch:
    match content:
        case {"test": test, "body": body, "line": int(line), **rest} if not rest:
            return Branch(_expression(test, depth), _body(body, depth), line)
    raise _NoTemplateError("branch")


def _expression(content: Json, depth: int) -> Expression:
    if depth == 0:
        raise _NoTemplateError("depth")
    if isinstance(content, str):
        return Name(content)
    match content:
        case {"constant": str() | int() | float() | None as value, **rest} if not rest:
            return Constant(value)
        case {"not": operand, **rest} if not rest:
            return Not(_expression(operand, depth - 1))
        case {"length": operand, **rest} if not rest:
            return Length(_expression(operand, depth - 1))
        case {"compare": first, "steps": [_, *_] as steps, **rest} if not rest:
            compared = tuple(_step(step, depth - 1) for step in steps)
            return Compare(_expression(first, depth - 1), compared)
        case {"choose": test, "yes": yes, "no": no, **rest} if not rest:
            chosen = (_expression(part, depth - 1) for part in (test, yes, no))
            return Conditional(*chosen)
    return _logic(content, depth)


def _logic(content: Json, depth: int) -> Logic:
    match content:
        case {"and": [_, _, *_] as operands, **rest} if not rest:
            return Logic("and", tuple(_expression(operand, depth - 1) for operand in operands))
        case {"or": [_, _, *_] as operands, **rest} if not rest:
            return Logic("or", tuple(_expression(operand, depth - 1) for operand in operands))
    raise _NoTemplateError("expression")


def _step(content: Json, depth: int) -> tuple[Operator, Expression]:
    match content:
        case [word, operand] if word in OPERATORS:
            return word, _expression(operand, depth)
    raise _NoTemplateError("step")
