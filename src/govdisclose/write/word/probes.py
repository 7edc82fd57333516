"""Made-up reports that show whether a template prints everything in its place.

One report has another number in every cell. If a template has conditions, others let each of them
come out otherwise: a blank report, and one for each value that a tag compares with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice, pairwise
from typing import Any, TypeAlias

from attrs import evolve

from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind
from govdisclose.form.outline import outline
from govdisclose.form.report import AnnualReport, Paragraph, Prose, blank_report
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.lazy_pattern import LazyPattern
from govdisclose.write.word.template import Template
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
    Value,
    operands,
)

_NO_DATA = frozenset(("loop", "draft", "findings"))
"""Names in templates that are no data of a report."""

_FIRST_NUMBER = 100_000
_DIGITS = len(str(_FIRST_NUMBER))
_LEVELS = (0, 2, 3, 4)
_MOST_VALUES = 20
"""Values of conditions that are tried; each takes a tenth of a second."""

_MOST_PARAGRAPHS = 50
_DATE = LazyPattern(r"(\d{4})年(\d{1,2})月(\d{1,2})日")

_Compared: TypeAlias = "tuple[str, str | int]"
"""A name, and the value that a tag compares it with: a text or a number of paragraphs."""


def probes(template: Template) -> Iterator[AnnualReport]:
    """The made-up reports for a template, that with all numbers first."""
    full = full_report(template.edition)
    yield full
    conditions: list[Expression] = []
    for body in template.parts.values():
        conditions += _conditions(body, _NO_DATA)
    if conditions:
        yield blank_report(template.edition, title=full.title)
    compared: dict[_Compared, None] = {}
    for condition in conditions:
        compared |= dict.fromkeys(_compared(condition))
    for path, value in islice(compared, _MOST_VALUES):
        changed = _changed(full, path, value)
        if changed is not None:
            yield changed


def full_report(edition: Edition) -> AnnualReport:
    """A report with another number in every cell, and prose of every level in every section."""
    prose: dict[str, Prose] = {}
    for key in PROSE_SHEETS:
        paragraphs = [Paragraph(f"（一）{key}{level}。其余", level) for level in _LEVELS]
        prose[key] = tuple(paragraphs)
    numbers: dict[str, int | Decimal] = {}
    cells = outline(edition).cells
    for number, cell in enumerate(cells.values(), _FIRST_NUMBER):
        numbers[cell.path] = Decimal(number) if cell.kind is Kind.MONEY else number
    report = blank_report(edition, title="标题", **prose)
    return report.with_values(numbers)


# --- what a template decides by -------------------------------------------------------------------


def _conditions(body: Body, own: frozenset[str]) -> Iterator[Expression]:
    """The expressions that decide on the printed text, except those on the ``own`` names of loops."""
    for node in body:
        if isinstance(node, Value):
            yield from _choices(node.expression, own)
        elif isinstance(node, If):
            for branch in node.branches:
                if not _is_about(branch.test, own):
                    yield branch.test
                yield from _conditions(branch.body, own)
            yield from _conditions(node.otherwise, own)
        elif isinstance(node, Each) and node.items.path not in own:
            if node.otherwise:
                yield node.items
            yield from _conditions(node.body, own | {node.item})
            yield from _conditions(node.otherwise, own)


def _choices(expression: Expression, own: frozenset[str]) -> Iterator[Expression]:
    """A printed expression if it chooses between values."""
    if isinstance(expression, Conditional | Logic) and not _is_about(expression, own):
        yield expression


def _is_about(expression: Expression, own: frozenset[str]) -> bool:
    """Whether an expression uses no names but those of loops."""
    if isinstance(expression, Name):
        first, _, _ = expression.path.partition(".")
        return first in own
    return all(_is_about(operand, own) for operand in operands(expression))


def _compared(expression: Expression) -> Iterator[_Compared]:
    """The names in an expression that are compared with a value, and that value."""
    if isinstance(expression, Compare):
        for one, other in pairwise(operands(expression)):
            yield from _pair(one, other)
            yield from _pair(other, one)
    for operand in operands(expression):
        yield from _compared(operand)


def _pair(data: Expression, constant: Expression) -> Iterator[_Compared]:
    if not isinstance(constant, Constant):
        return
    value = constant.value
    if isinstance(data, Name) and isinstance(value, str):
        yield data.path, value
        if value.isdecimal() and len(value) < _DIGITS:
            next_one = int(value) + 1  # for comparisons by order
            yield data.path, str(next_one)
    elif isinstance(data, Length) and isinstance(value, int):
        counted = data.operand
        if isinstance(counted, Name):
            yield counted.path, value


# --- a report with that value ---------------------------------------------------------------------


def _changed(report: AnnualReport, path: str, value: str | int) -> AnnualReport | None:
    """The report with that value, if a report can have it."""
    if isinstance(value, int):
        return _with_paragraphs(report, path, value)
    if path in _TEXTS:
        return _TEXTS[path](report, value)
    if path == "year" and value.isdecimal():
        return evolve(report, year=int(value))
    if path in ("published", "signed"):
        return _dated(report, path, value)
    if path in outline(report.edition).cells:
        return _with_number(report, path, value)
    return None


def _with_title(report: AnnualReport, value: str) -> AnnualReport:
    return evolve(report, title=value or "标题")


def _with_name(report: AnnualReport, value: str) -> AnnualReport:
    agency = evolve(report.agency, name=value)
    return evolve(report, agency=agency)


def _with_code(report: AnnualReport, value: str) -> AnnualReport:
    agency = evolve(report.agency, code=value or None)
    return evolve(report, agency=agency)


def _with_signature(report: AnnualReport, value: str) -> AnnualReport:
    return evolve(report, signature=value)


_TEXTS: Mapping[str, Callable[[AnnualReport, str], AnnualReport]] = {
    "title": _with_title,
    "agency.name": _with_name,
    "agency.code": _with_code,
    "signature": _with_signature,
}


def _with_paragraphs(report: AnnualReport, key: str, count: int) -> AnnualReport | None:
    if key not in PROSE_SHEETS or not 0 <= count <= _MOST_PARAGRAPHS:
        return None
    paragraphs = [Paragraph(f"{key}{number}") for number in range(count)]
    prose: dict[str, Any] = {key: tuple(paragraphs)}
    return evolve(report, **prose)


def _dated(report: AnnualReport, path: str, value: str) -> AnnualReport | None:
    found = _DATE.fullmatch(value)
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    try:
        return report.evolve(**{path: date(year, month, day)})
    except ValueError:
        return None


def _with_number(report: AnnualReport, path: str, value: str) -> AnnualReport | None:
    """The report with one number; ``None`` if the text is none."""
    if value == "":
        return report.with_values({path: None})
    digits = value.removeprefix("+")
    if not digits.removeprefix("-").isdecimal():
        return None
    kind = outline(report.edition).cells[path].kind
    number = Decimal(digits) if kind is Kind.MONEY else int(digits)
    return report.with_values({path: number})
