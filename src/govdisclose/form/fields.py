"""The words in which an edition of the form is declared: fields of frozen attrs classes.

Each function returns an attrs field whose metadata hold the printed label and the kind of the cell.
``outline.py`` walks them; nothing else reads the metadata.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple, TypeAlias, TypeVar

import attrs
from attrs import Converter

from govdisclose.form.entry import entered, group_of, put_count, put_money

Count: TypeAlias = int | None
"""A count (件). ``None`` is a blank cell, which is not the same as 0."""

Money: TypeAlias = Decimal | None
"""An amount in 万元, exact. ``None`` is a blank cell."""

Change: TypeAlias = int | None
"""A signed difference to last year (2019 form, 本年增/减). ``None`` is a blank cell."""

Value: TypeAlias = int | Decimal | None
"""The value of any statutory cell."""

T = TypeVar("T")

KEY = "govdisclose"


class Kind(str, Enum):
    """The kind of number in a cell. It decides how the cell is read, checked and formatted."""

    COUNT = "count"
    MONEY = "money"
    CHANGE = "change"


class Axis(str, Enum):
    """Where a label is printed: beside the numbers (row) or above them (column)."""

    ROW = "row"
    COLUMN = "column"


class Mark(NamedTuple):
    """The declaration of a field: printed labels from the outside in, and its part in relations."""

    axis: Axis
    labels: tuple[str, ...]
    kind: Kind | None = None
    block: str | None = None
    variants: tuple[str, ...] = ()
    relation: str | None = None
    """For a total: the name of the relation "the sum of my siblings"."""


class Balance(NamedTuple):
    """Two sums of sibling rows that must be equal in every column (the 勾稽 note of table three)."""

    relation: str
    left: tuple[str, ...]
    right: tuple[str, ...]


def _leaf(
    kind: Kind, label: str, under: tuple[str, ...], variants: tuple[str, ...], relation: str | None
) -> Any:
    mark = Mark(
        axis=Axis.COLUMN, labels=(*under, label), kind=kind, variants=variants, relation=relation
    )
    convert = put_money if kind is Kind.MONEY else put_count
    converter = Converter(convert, takes_field=True)
    return attrs.field(default=None, converter=converter, metadata={KEY: mark})


def count(label: str, *, under: tuple[str, ...] = (), variants: tuple[str, ...] = ()) -> Any:
    """A column of whole numbers (件); ``under`` are the spanning headers above it."""
    return _leaf(Kind.COUNT, label, under, variants, None)


def money(label: str, *, variants: tuple[str, ...] = ()) -> Any:
    """A column of amounts in 万元."""
    return _leaf(Kind.MONEY, label, (), variants, None)


def change(label: str, *, variants: tuple[str, ...] = ()) -> Any:
    """A column of signed whole numbers."""
    return _leaf(Kind.CHANGE, label, (), variants, None)


def total(
    label: str, *, relation: str, under: tuple[str, ...] = (), variants: tuple[str, ...] = ()
) -> Any:
    """A column that must equal the sum of its sibling columns."""
    return _leaf(Kind.COUNT, label, under, variants, relation)


def row(
    cls: type[T],
    label: str,
    *,
    block: str | None = None,
    variants: tuple[str, ...] = (),
    relation: str | None = None,
) -> T:
    """A row, or a group of rows, holding ``cls``; with ``relation`` it must equal the sum of the
    rows before it.
    """
    mark = Mark(axis=Axis.ROW, labels=(label,), block=block, variants=variants, relation=relation)
    return _group(cls, mark)


def columns(cls: type[T], label: str, *, variants: tuple[str, ...] = ()) -> T:
    """A spanning header over the columns of ``cls``."""
    mark = Mark(axis=Axis.COLUMN, labels=(label,), variants=variants)
    return _group(cls, mark)


def _group(cls: type[T], mark: Mark) -> T:
    put = entered(group_of(cls))
    field: T = attrs.field(
        factory=cls, converter=put, metadata={KEY: mark}
    )  # typed as its value, as attrs itself does
    return field
