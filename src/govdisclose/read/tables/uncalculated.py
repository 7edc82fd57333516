"""Totals whose formula was never calculated, as in a workbook that a script filled.

A formula that is the statutory sum itself is worked out, and a note says so. Any other formula is
an error, and so is a total that Excel would show otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.fields import Value
from govdisclose.read.grid import Uncalculated
from govdisclose.read.tables.cells import Cells
from govdisclose.read.tables.formulas import (
    Addends,
    SheetPosition,
    fill_totals,
    own_totals,
    spreadsheet_totals,
)
from govdisclose.read.tables.numbers import read_number
from govdisclose.rules.values import V113, V115

_CONVERT = "选中按文本存放的各格，点“转换为数字”，保存后再检查。"


@frozen
class _WorkedOutTotals:
    """The totals that were worked out: each with the cells it adds.

    ``texts`` are the cells whose number is stored as text, and where they are.
    """

    addends: Addends
    texts: Mapping[str, Place]


def work_out_totals(cells: Cells) -> None:
    """Work out the totals without a stored result in ``cells``, and report what cannot be."""
    positions = _positions(cells)
    own = own_totals(cells.form, cells.formulas, positions)
    others = cells.formulas.keys() - own.keys()
    for path in sorted(others):
        _refuse_formula(cells, path)
    unseen = cells.unread - cells.formulas.keys()
    worked_out = fill_totals(cells.values, own, others | unseen)
    cells.values.update(worked_out)
    cells.unread.difference_update(worked_out)
    addends = {path: own[path] for path in worked_out}
    texts = _numbers_as_text(cells)
    totals = _WorkedOutTotals(addends, texts)
    shown: Mapping[str, Value] = {}
    if texts:
        shown = spreadsheet_totals(cells.values, addends, cells.formulas, texts)
    notes = _notes(cells, totals)
    cells.findings.extend(notes)
    for match in cells.places.matches:
        own_paths = worked_out.keys() & match.cells.keys()
        cells.compare_with_view(match, own_paths)
    _refuse_shown_otherwise(cells, totals, shown)


def _refuse_shown_otherwise(
    cells: Cells, totals: _WorkedOutTotals, shown: Mapping[str, Value]
) -> None:
    """Leave the totals unread for which Excel would show (``shown``) another number."""
    for path, seen in shown.items():
        value = cells.values[path]
        if value is None or value == seen:
            continue
        finding = _shown_otherwise(cells, totals, path, shown)
        cells.leave_unread(path, finding)


def _positions(cells: Cells) -> dict[str, SheetPosition]:
    found: dict[str, SheetPosition] = {}
    for match in cells.places.matches:
        for path, (row, column) in match.cells.items():
            found[path] = SheetPosition(match.grid.name, row, column)
    return found


def _refuse_formula(cells: Cells, path: str) -> None:
    """Report a formula that is no statutory sum."""
    formula = Uncalculated(cells.formulas[path])
    kind = cells.form.cells[path].kind
    value, problem = read_number(formula, kind)
    cells.values[path] = value
    if problem is not None:
        cells.report(path, problem)


def _numbers_as_text(cells: Cells) -> dict[str, Place]:
    texts: dict[str, Place] = {}
    for match in cells.places.matches:
        for path, at in match.cells.items():
            raw = match.grid.raw(*at)
            if not isinstance(raw, str):
                continue
            if cells.values[path] is not None:
                texts[path] = cells.places[path]
    return texts


def _notes(cells: Cells, totals: _WorkedOutTotals) -> Iterator[Finding]:
    """V113, one for each table with totals that were worked out."""
    for table in cells.form.tables.values():
        paths = []
        for cell in table.cells:
            if cell.path not in totals.addends:
                continue
            if cells.values[cell.path] is not None:
                paths.append(cell.path)
        if not paths:
            continue
        first = paths[0]
        label = cells.form.cells[first].label
        value = cells.values[first]
        example = f"{label}为 {value}"
        more = ""
        if len(paths) > 1:
            more = "，等"
        count = len(paths)
        said = f"{count} 个总计公式尚未计算，已照公式求得（{example}{more}）"
        said += _texts_added(cells, totals, paths)
        place = cells.places[first]
        yield V113.finding(said, place, path=first, others=paths[1:])


def _texts_added(cells: Cells, totals: _WorkedOutTotals, paths: Sequence[str]) -> str:
    """A clause that names the text cells that some totals add; empty without any."""
    added: set[str] = set()
    for path in paths:
        added.update(totals.addends[path])
    named: list[str] = []
    for path, place in totals.texts.items():
        if path in added:
            label = cells.form.cells[path].label
            named.append(f"{label} {place.cell}")
    if not named:
        return ""
    listed = "、".join(named)
    return f"；其中按文本存放的 {len(named)} 格也已计入：{listed}"


def _shown_otherwise(
    cells: Cells, totals: _WorkedOutTotals, path: str, shown: Mapping[str, Value]
) -> Finding:
    """V115: Excel would show another total, because ``SUM`` leaves numbers in texts out."""
    value = shown[path]
    sees = "空白"
    if value is not None:
        sees = str(value)
    addends = totals.addends[path]
    to_blame = [addend for addend in addends if addend in totals.texts]
    if not to_blame:  # the texts are behind the totals that this one adds
        to_blame = [addend for addend in addends if addend in shown]
    places = [cells.places[addend] for addend in to_blame]
    listed = "、".join([str(place.cell) for place in places])
    label = cells.form.cells[path].label
    worked_out = cells.values[path]
    said = (
        f"{label}：公式尚未计算，照公式求得 {worked_out}，"
        f"Excel 打开后却会显示 {sees}：{listed} 的数字按文本存放，不参加求和"
    )
    place = cells.places[path]
    return V115.finding(said, place, path=path, found=sees, others=to_blame, hint=_CONVERT)
