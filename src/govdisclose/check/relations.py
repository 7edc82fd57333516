"""Family A: the sums and balances of one report, each broken one at its own cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from govdisclose.check.relation_sides import Sides, all_hold, relation_sides
from govdisclose.finding import Finding, quoted
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
    """A101 to A104 for each broken relation, A105 for two columns off by opposite amounts, A106."""
    if all_hold(reading):  # in nearly every report
        return
    sides = list(relation_sides(reading))
    broken = [item for item in sides if item.difference]
    if not broken:
        return
    # Most reports have nothing to mend, and need not load this.
    from govdisclose.check.causes import find_causes
    from govdisclose.check.rootcause import find_mends

    causes = find_causes(reading)
    mends = find_mends(reading, sides, causes)
    for item in broken:
        yield _broken(reading, item, causes, mends)
    certain: list[Sides] = []
    for item in broken:
        if not causes.come_first(item.relation):
            certain.append(item)
    yield from _misplaced(certain, reading)
    for mend in mends:
        yield mend.finding(reading)


def _broken(reading: Reading, item: Sides, causes: Causes, mends: list[Mend]) -> Finding:
    """The finding on one broken relation, at its total."""
    relation = item.relation
    path = relation.right[-1]
    form = outline(reading.report.edition)
    values = reading.report.values()
    said = _sentence(form, item, values)
    found = causes.of(relation)
    of_texts = causes.texts_said(found)
    return RULE_OF[relation.name].finding(
        said + of_texts,
        reading.place(path),
        path=path,
        expected=item.left,
        found=item.right,
        others=[other for other in relation.paths if other != path],
        hint=_hint(relation, causes, mends),
    )


def _hint(relation: Relation, causes: Causes, mends: list[Mend]) -> str:
    """Advice in Chinese on a broken relation."""
    found = causes.of(relation)
    first = causes.advice(found)
    if first:
        return first
    for mend in mends:
        if relation in mend.relations:
            return f"{mend.sentence}。先核对原始台账。"
    fix = RULE_OF[relation.name].fix
    advice = causes.sums_advice(found)
    return fix + advice


def _sentence(form: Outline, item: Sides, values: Mapping[str, Value]) -> str:
    """The broken relation in Chinese, with both sums."""
    relation = item.relation
    total = relation.right[-1]
    cell = form.cells[total]
    gap = f"差 {item.difference:+}"
    if len(relation.right) == 1:
        addends = _addends(relation.left, values)
        expected = f"应为 {item.left}（各项之和：{addends}）"
        found = f"实为 {item.right}，{gap}"
        return f"{cell.label}：{expected}，{found}"
    left = _named(form, relation.left, values)
    right = _named(form, relation.right, values)
    sums = f"前者为 {item.left}，后者为 {item.right}，{gap}"
    column = cell.column[-1]
    balance = f"{left}，应等于 {right}"
    return f"{column}列：{balance}；{sums}"


def _named(form: Outline, paths: Iterable[str], values: Mapping[str, Value]) -> str:
    """A side of a balance, each number after the label of its row."""
    terms: list[str] = []
    for path in paths:
        cell = form.cells[path]
        label = cell.row[-1]
        value = values[path] or 0
        terms.append(f"{label} {value}")
    return "＋".join(terms)


def _addends(paths: Sequence[str], values: Mapping[str, Value]) -> str:
    """The sum written out; of a long one, the addends that are not 0."""
    addends = [values[path] or 0 for path in paths]
    if len(addends) > _LONG:
        addends = [addend for addend in addends if addend]
    written = "+".join(map(str, addends))
    return written or "0"


def _misplaced(broken: list[Sides], reading: Reading) -> Iterator[Finding]:
    """A105: a request is one applicant too far left or right.

    The total column holds, and two applicant columns are off by opposite amounts.
    """
    for rule in (A102, A103):
        items: list[Sides] = []
        for item in broken:
            if RULE_OF[item.relation.name] is rule:
                items.append(item)
        if len(items) != 2:
            continue
        one, other = items
        are_opposite = one.difference == -other.difference
        if not are_opposite:
            continue
        found = _two_columns(reading, items)
        if found is not None:
            yield found


def _two_columns(reading: Reading, items: list[Sides]) -> Finding | None:
    """A105 for two relations of applicant columns; ``None`` if one is the total column."""
    form = outline(reading.report.edition)
    cells: list[Cell] = []
    paths: list[str] = []
    for item in items:
        total = item.relation.right[-1]
        cells.append(form.cells[total])
        paths.extend(item.relation.paths)
    if any(_is_total(form, cell) for cell in cells):
        return None
    first = cells[0]
    others = [path for path in paths if path != first.path]
    columns = [cell.column[-1] for cell in cells]
    names = quoted(columns, between="和")
    gap = abs(items[0].difference)
    return A105.finding(
        f"{names}两列一多一少，各差 {gap}，总计列相等：可能有申请归错了列",
        reading.place(first.path),
        path=first.path,
        others=others,
    )


def _is_total(form: Outline, cell: Cell) -> bool:
    """Whether a cell is in the total column of its table."""
    closed = form.totals.get(cell.path, ())
    return any(relation.name == "applicants" for relation in closed)
