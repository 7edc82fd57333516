"""Both sides of every relation that a report allows to check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from govdisclose.form.fields import Value
from govdisclose.form.outline import Outline, Relation, outline
from govdisclose.form.reading import Reading
from govdisclose.rules.values import V105


class Weighed(NamedTuple):
    """A relation with both of its sides as the report has them."""

    relation: Relation
    left: int | Decimal
    right: int | Decimal

    @property
    def difference(self) -> int | Decimal:
        """How much the right side is too large; 0 when the relation holds."""
        return self.right - self.left


def weigh_relations(reading: Reading) -> Iterator[Weighed]:
    """Every relation of the report that can be checked, holding or not.

    A blank addend counts as 0 when another member is filled, and so does a placeholder. A relation whose total is blank, with a
    blank addend that is itself a total over filled cells, or with a cell that could not be read,
    cannot be checked: those cells have findings of their own.
    """
    form = outline(reading.report.edition)
    values = reading.report.values()
    unknown = {
        p for p, v in values.items() if v is None and implied_total(form, p, values) is not None
    }
    unknown |= reading.unread - {f.path for f in reading.findings if f.code == V105.code}
    for relation in form.relations:
        left, right = ([values[p] for p in side] for side in (relation.left, relation.right))
        blank = right == [None] or set(left + right) == {None}
        if not blank and (not unknown or unknown.isdisjoint(relation.paths)):
            yield Weighed(relation, _sum(left), _sum(right))


def _sum(values: Iterable[Value]) -> int | Decimal:
    return sum(filter(None, values))  # neither blanks nor zeros change it


def implied_total(form: Outline, path: str, values: dict[str, Value]) -> Value:
    """What a total has to be by the cells it adds; ``None`` when they are blank or ``path`` is no total."""
    for relation in form.totals.get(path, ()):
        addends = [a for a in (values[p] for p in relation.left) if a is not None]
        if addends:
            return sum(addends)
    return None
