"""Family A: the sums and balances of one report, each broken one at its own cells only."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from attrs import frozen

from govdisclose.finding import Finding
from govdisclose.form.fields import Value
from govdisclose.form.outline import Cell, Outline, Relation, outline
from govdisclose.form.reading import Reading
from govdisclose.rules.arithmetic import A101, A102, A103, A104, A105

RULE_OF = {"applicants": A101, "outcomes": A102, "balance": A103, "disputes": A104}
"""Which rule states a relation, by the relation's name in the form."""

_LONG = 6
"""A sum of more addends than this is written without its zeros."""


@frozen
class Broken:
    """A relation that does not hold: both sides and by how much (``right - left``)."""

    relation: Relation
    left: int | Decimal
    right: int | Decimal

    @property
    def difference(self) -> int | Decimal:
        """How much the right side is too large."""
        return self.right - self.left


def broken_relations(reading: Reading) -> Iterator[Broken]:
    """Every relation of the report that can be checked and does not hold.

    A blank addend counts as 0 when another member is filled. A relation whose total is blank, with a
    blank addend that is itself a total over filled cells, or with a cell that could not be read,
    cannot be checked: those cells have findings of their own.
    """
    form = outline(reading.report.edition)
    values = reading.report.values()
    unknown = {p for p, v in values.items() if v is None and implied_total(form, p, values) is not None}
    unknown |= reading.unread
    for relation in form.relations:
        blank_total = len(relation.right) == 1 and values[relation.right[0]] is None
        if blank_total or not unknown.isdisjoint(relation.paths) or all(values[p] is None for p in relation.paths):
            continue
        left, right = _sum(relation.left, values), _sum(relation.right, values)
        if left != right:
            yield Broken(relation, left, right)


def _sum(paths: tuple[str, ...], values: dict[str, Value]) -> int | Decimal:
    return sum((v for v in (values[p] for p in paths) if v is not None), start=0)


def implied_total(form: Outline, path: str, values: dict[str, Value]) -> Value:
    """What a total has to be by the cells it adds; ``None`` when they are blank or ``path`` is no total."""
    for relation in form.totals.get(path, ()):
        addends = [a for a in (values[p] for p in relation.left) if a is not None]
        if addends:
            return sum(addends)
    return None


def check_relations(reading: Reading) -> Iterator[Finding]:
    """A101 to A104 for each broken relation, A105 where two columns are off by opposite amounts."""
    form, broken = outline(reading.report.edition), list(broken_relations(reading))
    values = reading.report.values() if broken else {}
    for item in broken:
        rule = RULE_OF[item.relation.name]
        path = item.relation.right[-1]
        yield rule.finding(
            _sentence(form, item, values),
            reading.place(path),
            path=path,
            expected=item.left,
            found=item.right,
            others=[p for p in item.relation.paths if p != path],
        )
    yield from _misplaced(form, broken, reading)


def _sentence(form: Outline, item: Broken, values: dict[str, Value]) -> str:
    right = item.relation.right
    cell = form.cells[right[-1]]
    gap = f"差 {item.difference:+}"
    if len(right) == 1:
        return (
            f"{cell.label}：应为 {item.left}（各项之和：{_written(item.relation.left, values)}），"
            f"实为 {item.right}，{gap}"
        )
    sides = (
        "＋".join(f"{form.cells[p].row[-1]} {values[p] or 0}" for p in side) for side in (item.relation.left, right)
    )
    return f"{cell.column[-1]}列：{'，应等于 '.join(sides)}；前者为 {item.left}，后者为 {item.right}，{gap}"


def _written(paths: tuple[str, ...], values: dict[str, Value]) -> str:
    """The sum written out; of a long one, the addends that are not 0."""
    addends = [values[p] or 0 for p in paths]
    shown = addends if len(addends) <= _LONG else [a for a in addends if a]
    return "+".join(map(str, shown)) or "0"


def _misplaced(form: Outline, broken: list[Broken], reading: Reading) -> Iterator[Finding]:
    """The total column holds, two applicant columns are off by opposite amounts: one request too far left or right."""
    for rule in (A102, A103):
        items = [b for b in broken if RULE_OF[b.relation.name] is rule]
        if len(items) == 2 and items[0].difference == -items[1].difference:
            cells = [form.cells[b.relation.right[-1]] for b in items]
            if any(_is_total(form, cell) for cell in cells):
                continue
            names = "和".join(f"“{cell.column[-1]}”" for cell in cells)
            yield A105.finding(
                f"{names}两列一多一少，各差 {abs(items[0].difference)}，总计列相等：可能有申请归错了列",
                reading.place(cells[0].path),
                path=cells[0].path,
                others=[p for b in items for p in b.relation.paths if p != cells[0].path],
            )


def _is_total(form: Outline, cell: Cell) -> bool:
    """Whether a cell stands in the total column of its table."""
    return any(r.name == "applicants" for r in form.totals.get(cell.path, ()))
