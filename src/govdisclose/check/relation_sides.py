"""Both sides of every relation that a report allows to check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, cast

from govdisclose.form.fields import Value
from govdisclose.form.outline import Outline, Relation, outline
from govdisclose.form.reading import Reading
from govdisclose.rules.values import V105


class Sides(NamedTuple):
    """A relation and the sums of both of its sides, as the report states them."""

    relation: Relation
    left: int | Decimal
    right: int | Decimal

    @property
    def difference(self) -> int | Decimal:
        """How much the right side is too large; 0 when the relation holds."""
        return self.right - self.left


def relation_sides(reading: Reading) -> Iterator[Sides]:
    """Every relation of the report that can be checked, holding or not.

    A blank addend counts as 0 when another member is filled, and so does a placeholder. Three kinds
    of relations cannot be checked, because their cells have findings of their own: one with a blank
    total, one with a blank addend that is itself a total over filled cells, and one with a cell
    that could not be read.
    """
    form = outline(reading.report.edition)
    values = reading.report.values()
    if not reading.unread and None not in values.values():
        for relation in form.relations:
            yield _sides(relation, values)
        return
    unknown = _unknown_totals(form, values) | unread_cells(reading)
    for relation in form.relations:
        left = [values[path] for path in relation.left]
        right = [values[path] for path in relation.right]
        if right == [None]:
            continue
        if _are_blank(left + right):
            continue
        if not unknown or unknown.isdisjoint(relation.paths):
            yield Sides(relation, _sum(left), _sum(right))


def all_hold(reading: Reading) -> bool:
    """Whether every cell is filled and every relation holds."""
    values = reading.report.values()
    if reading.unread or None in values.values():
        return False
    value = cast("Callable[[str], int]", values.__getitem__)
    for relation in outline(reading.report.edition).relations:
        if sum(map(value, relation.left)) != sum(map(value, relation.right)):
            return False
    return True


def _sides(relation: Relation, values: Mapping[str, Value]) -> Sides:
    """Both sides of a relation without blanks."""
    value = values.__getitem__
    return Sides(relation, _sum(map(value, relation.left)), _sum(map(value, relation.right)))


def unread_cells(reading: Reading) -> set[str]:
    """The cells that could not be read; a placeholder such as “/” counts as 0 and is none."""
    return set(reading.unread - placeholder_cells(reading))


def placeholder_cells(reading: Reading) -> set[str]:
    """The cells that hold a sign such as “/” instead of 0."""
    paths: set[str] = set()
    for finding in reading.findings:
        if finding.code == V105.code and finding.path:
            paths.add(finding.path)
    return paths


def implied_total(form: Outline, path: str, values: Mapping[str, Value]) -> Value:
    """The value that a total must have by the cells it adds.

    ``None`` when these are blank, or when ``path`` is no total.
    """
    for relation in form.totals.get(path, ()):
        addends = [values[addend] for addend in relation.left]
        if not _are_blank(addends):
            return _sum(addends)
    return None


def _unknown_totals(form: Outline, values: Mapping[str, Value]) -> set[str]:
    """Blank totals over filled cells."""
    unknown: set[str] = set()
    for path in form.totals:
        if values[path] is not None:
            continue
        if implied_total(form, path, values) is not None:
            unknown.add(path)
    return unknown


def _are_blank(values: Iterable[Value]) -> bool:
    return all(value is None for value in values)


def _sum(values: Iterable[Value]) -> int | Decimal:
    return sum(filter(None, values))  # neither blanks nor zeros change it
