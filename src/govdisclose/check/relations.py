"""Family A: the sums and balances of one report, each broken one at its own cells only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govdisclose.check.sides import Weighed, weigh_relations
from govdisclose.finding import Finding
from govdisclose.form.fields import Value
from govdisclose.form.outline import Cell, Outline, Relation, outline
from govdisclose.form.reading import Reading
from govdisclose.rules.arithmetic import A101, A102, A103, A104, A105

if TYPE_CHECKING:
    from govdisclose.check.causes import Causes
    from govdisclose.check.rootcause import Mend

RULE_OF = {"applicants": A101, "outcomes": A102, "balance": A103, "disputes": A104}
"""Which rule states a relation, by the relation's name in the form."""

_LONG = 6
"""A sum of more addends than this is written without its zeros."""


def check_relations(reading: Reading) -> Iterator[Finding]:
    """A101 to A104 for each broken relation, A105 where two columns are off by opposite amounts, A106."""
    form = outline(reading.report.edition)
    weighed = list(weigh_relations(reading))
    broken = [item for item in weighed if item.difference]
    if not broken:
        return
    # Most reports have nothing to mend, and need not load this.
    from govdisclose.check.causes import find_causes
    from govdisclose.check.rootcause import find_mends

    causes = find_causes(reading)
    mends = find_mends(reading, weighed, causes)
    for item in broken:
        path = item.relation.right[-1]
        said = _sentence(form, item, reading.report.values())
        yield RULE_OF[item.relation.name].finding(
            said + causes.texts_said(causes.of(item.relation)),
            reading.place(path),
            path=path,
            expected=item.left,
            found=item.right,
            others=[p for p in item.relation.paths if p != path],
            hint=_hint(item.relation, causes, mends),
        )
    certain = [item for item in broken if not causes.of(item.relation).come_first]
    yield from _misplaced(form, certain, reading)
    yield from (mend.finding(reading) for mend in mends)


def _hint(relation: Relation, causes: Causes, mends: list[Mend]) -> str:
    """What to do about a broken relation."""
    found = causes.of(relation)
    first = causes.advice(found)
    if first:
        return first
    for mend in mends:
        if relation in mend.relations:
            return f"{mend.sentence}。先核对原始台账。"
    return RULE_OF[relation.name].fix + causes.sums_advice(found)


def _sentence(form: Outline, item: Weighed, values: dict[str, Value]) -> str:
    right = item.relation.right
    cell = form.cells[right[-1]]
    gap = f"差 {item.difference:+}"
    if len(right) == 1:
        return (
            f"{cell.label}：应为 {item.left}（各项之和：{_written(item.relation.left, values)}），"
            f"实为 {item.right}，{gap}"
        )
    sides = (
        "＋".join(f"{form.cells[p].row[-1]} {values[p] or 0}" for p in side)
        for side in (item.relation.left, right)
    )
    return f"{cell.column[-1]}列：{'，应等于 '.join(sides)}；前者为 {item.left}，后者为 {item.right}，{gap}"


def _written(paths: tuple[str, ...], values: dict[str, Value]) -> str:
    """The sum written out; of a long one, the addends that are not 0."""
    addends = [values[p] or 0 for p in paths]
    shown = addends if len(addends) <= _LONG else [a for a in addends if a]
    return "+".join(map(str, shown)) or "0"


def _misplaced(form: Outline, broken: list[Weighed], reading: Reading) -> Iterator[Finding]:
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
