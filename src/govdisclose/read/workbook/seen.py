"""Whether the value of a cell is what a person sees there; where it is not, the finding that says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.fields import Kind, Value
from govdisclose.read.grid import Grid, Raw, a1, column_letters, position
from govdisclose.read.raised_figures import note_mark
from govdisclose.read.tables.match import Match
from govdisclose.read.tables.numbers import Problem, read_number, suggest
from govdisclose.read.workbook.cell_styles import LOWERED
from govdisclose.read.workbook.display import Appearance, Display, Position, Run, Unseen
from govdisclose.rules.structure import S115
from govdisclose.rules.values import V115, V116, V117

if TYPE_CHECKING:
    from govdisclose.read.workbook.number_formats import Shown

_THINGS = frozenset(
    ("件", "条", "个", "项", "次", "起", "宗", "份", "人", "人次", "件次", "例", "部", "家")
)
_UNITS: Mapping[Kind, frozenset[str]] = {
    Kind.COUNT: _THINGS,
    Kind.CHANGE: _THINGS,
    Kind.MONEY: frozenset(("万元",)),
}
"""Words in a number format that say what the header of the column says."""
_YEARS = frozenset(("年", "年度"))

_STRUCK = "删除线"
_IN_NUMBERS = r"[\d０-９.．,，%％万千百十亿]"
_DIGIT_BEFORE = re.compile(rf"{_IN_NUMBERS}\s*\Z")
_DIGIT_AFTER = re.compile(rf"\s*{_IN_NUMBERS}")
_ALL_SEEN = Unseen()
_LAST_DAY = 2_900_000
"""From here on a number in a cell formatted as a date is no date, and is read as a number."""
_SURELY_SHOWN = 10
"""Digits of a number with decimals that every format shows which shows decimals at all."""
_NAMED = 10
"""How many cells a finding lists before it gives their number only."""


@frozen
class Seen:
    """A value as far as a person sees it, and what is wrong with it."""

    raw: Raw
    findings: tuple[Finding, ...] = ()


# --- figures ------------------------------------------------------------------------------------


@frozen
class FigureView:
    """Answers the questions of the reader of tables; see ``read.tables.view.View``."""

    display: Display

    @property
    def hidden_sheets(self) -> frozenset[str]:
        """The names of the hidden sheets."""
        return self.display.hidden_sheets

    def figure_problems(
        self, match: Match, values: Mapping[str, Value]
    ) -> Iterator[tuple[str, Problem]]:
        """Path and problem of each figure that looks different from its value."""
        own = {path: match.cells[path] for path in values if path not in match.shared}
        decimals: list[Position] = []
        closely: list[Position] = []
        large: list[Position] = []
        for path, at in own.items():
            value = values[path]
            if value is None:
                continue
            if isinstance(value, int) and value > _LAST_DAY:
                large.append(at)
            elif _has_many_digits(value):
                closely.append(at)
            elif value != int(value):
                decimals.append(at)
        drawn = self.display.look(match.grid.name, own.values(), decimals, closely, large)
        if not drawn:
            return
        kinds = {cell.path: cell.kind for cell in match.table.cells}
        for path, at in own.items():
            if at in drawn:
                raw = match.grid.raw(*at)
                problem = figure_problem(raw, values[path], kinds[path], drawn[at])
                if problem is not None:
                    yield path, problem


def _has_many_digits(value: int | Decimal) -> bool:
    """Whether an amount has more digits than General surely shows."""
    fraction = value != int(value)
    return fraction and len(Decimal(value).as_tuple().digits) > _SURELY_SHOWN


def figure_problem(raw: Raw, value: Value, kind: Kind, drawn: Appearance) -> Problem | None:
    """Why the figure in a cell is not what a person sees there; ``value`` is what was read."""
    if raw is None:
        return None
    marked = _marked_figure(raw, kind, drawn)
    if marked is not None or value is None:
        return marked
    for code in drawn.formats:
        shown = _shown(code, raw, value, kind)
        if not shown.same:
            return Problem(V115, _otherwise(shown, value, f"单元格格式为 {code}"), str(value))
    for style in drawn.perhaps:
        for code in style.formats:
            shown = _shown(code, raw, value, kind)
            if not shown.same:
                said = _otherwise(shown, value, f"条件格式为 {code}，条件成立时")
                return Problem(V115, said, str(value))
    return None


def _shown(code: str, raw: Raw, value: int | Decimal, kind: Kind) -> Shown:
    from govdisclose.read.workbook.number_formats import (
        shown_number,
        shown_text,
    )  # few workbooks have such formats

    if isinstance(raw, str):
        return shown_text(code, raw, _UNITS[kind])
    return shown_number(code, value, _UNITS[kind])


def _otherwise(shown: Shown, stored: object, format_words: str) -> str:
    """``显示为 39.4，实际存的是 394000（单元格格式为 0!.0,）``."""
    if shown.text is None:
        return f"看到的可能与存的不同，实际存的是 {stored}（{format_words}）"
    seen = f"显示为 {shown.text}" if shown.text else "显示为空白"
    return f"{seen}，实际存的是 {stored}（{format_words}）"


def _marked_figure(raw: Raw, kind: Kind, drawn: Appearance) -> Problem | None:
    if drawn.runs and isinstance(raw, str):
        marked = [run for run in drawn.runs if _is_marked(run)]
        if not marked:
            return None
        kept = "".join(run.text for run in drawn.runs if not _is_marked(run)).strip()
        meant = read_number(kept, kind)[0]
        if meant is None:
            meant = suggest(kept, kind)
        hint = f"，可能是 {meant}" if meant is not None else ""
        said = "、".join(_mark_words(run) for run in marked)
        return Problem(V116, f"“{raw.strip()[:40]}”中{said}，不能当作数{hint}", raw.strip(), meant)
    words = _STRUCK if drawn.struck else drawn.raised
    if words:
        return Problem(
            V116, f"整格{'带' if drawn.struck else '是'}{words}，不能确定是否要公布", str(raw)
        )
    if any(style.struck for style in drawn.perhaps):
        return Problem(V116, f"条件格式可能给这一格加上{_STRUCK}，不能确定是否要公布", str(raw))
    return None


def _is_marked(run: Run) -> bool:
    return bool(run.text.strip()) and (run.struck or bool(run.raised))


def _mark_words(run: Run) -> str:
    if run.struck:
        return f"“{run.text.strip()[:20]}”带{_STRUCK}"
    return f"“{run.text.strip()[:20]}”是{run.raised}"


# --- texts --------------------------------------------------------------------------------------


def seen_text(raw: Raw, drawn: Appearance | None, place: Place, path: str, label: str = "") -> Seen:
    """A text without what is struck out in it; ``label`` is put before the words of a finding.

    A text that is struck out as a whole, or that its format hides, is left out as a whole.
    """
    if drawn is None or not isinstance(raw, str) or not raw.strip():
        return Seen(raw)
    name = f"{label}：" if label else ""
    if drawn.runs:
        return _seen_runs(raw, drawn.runs, place, path, name)
    if drawn.struck:
        said = f"{name}“{raw.strip()[:20]}”整格带{_STRUCK}，没有读取"
        return Seen(None, (V117.finding(said, place, path=path, found=raw.strip()),))
    if any(style.struck for style in drawn.perhaps):
        said = f"{name}条件格式可能给“{raw.strip()[:20]}”加上{_STRUCK}，没有读取"
        return Seen(None, (V117.finding(said, place, path=path, found=raw.strip()),))
    formats = [*drawn.formats, *(code for style in drawn.perhaps for code in style.formats)]
    from govdisclose.read.workbook.number_formats import shown_text

    for code in formats:
        shown = shown_text(code, raw)
        if not shown.same:
            said = f"{name}{_otherwise(shown, f'“{raw.strip()[:20]}”', f'单元格格式为 {code}')}，没有读取"
            return Seen(None, (V115.finding(said, place, path=path, found=raw.strip()),))
    return Seen(raw)


def _seen_runs(raw: str, runs: tuple[Run, ...], place: Place, path: str, name: str) -> Seen:
    findings = []
    struck = [run.text.strip() for run in runs if run.struck and run.text.strip()]
    if struck:
        words = "、".join(f"“{text[:20]}”" for text in struck)
        said = f"{name}{words}带{_STRUCK}，没有读取"
        findings.append(V117.finding(said, place, path=path, found="".join(struck)))
    kept = tuple(run for run in runs if not run.struck)
    for run in _within_numbers(kept):
        said = f"{name}“{run.text.strip()[:20]}”是{run.raised}，紧挨着数字，印出来会变成另一个数"
        findings.append(V116.finding(said, place, path=path, found=run.text.strip()))
    text = "".join(map(_printed, kept))
    return Seen(
        text if struck or text != "".join(run.text for run in kept) else raw, tuple(findings)
    )


def _printed(run: Run) -> str:
    """The text of a run; raised and lowered figures as the characters that look like them."""
    if not run.raised:
        return run.text
    return note_mark(run.text, lowered=run.raised == LOWERED)


def _within_numbers(runs: tuple[Run, ...]) -> Iterator[Run]:
    """The raised and lowered digits that would be read as part of a number beside them."""
    for index, run in enumerate(runs):
        if not run.raised or not re.search(_IN_NUMBERS, run.text):
            continue
        before = "".join(one.text for one in runs[:index])
        after = "".join(one.text for one in runs[index + 1 :])
        joins_before = _DIGIT_AFTER.match(run.text) and _DIGIT_BEFORE.search(before)
        joins_after = _DIGIT_BEFORE.search(run.text) and _DIGIT_AFTER.match(after)
        if joins_before or joins_after:
            yield run


def seen_basic(
    raw: Raw, key: str, drawn: Appearance | None, place: Place, path: str, label: str
) -> Seen:
    """A value of 基本信息, which may be a number or a date too; the value itself stays."""
    if drawn is None or raw is None or isinstance(raw, bool | str):
        return seen_text(raw, drawn, place, path, label)
    if drawn.struck or any(style.struck for style in drawn.perhaps):
        said = f"{label}：{_plain(raw)} 带{_STRUCK}，没有读取"
        return Seen(None, (V117.finding(said, place, path=path, found=_plain(raw)),))
    formats = [*drawn.formats, *(code for style in drawn.perhaps for code in style.formats)]
    for code in formats:
        shown = _shown_basic(code, raw, key)
        if not shown.same:
            said = f"{label}：{_otherwise(shown, _plain(raw), f'单元格格式为 {code}')}"
            return Seen(raw, (V115.finding(said, place, path=path, found=_plain(raw)),))
    return Seen(raw)


def _shown_basic(code: str, raw: Raw, key: str) -> Shown:
    from govdisclose.read.workbook.number_formats import Shown, shown_number, shows_whole_date

    if isinstance(raw, date):
        return Shown(None, shows_whole_date(code))
    if not isinstance(raw, int | float):
        return Shown(None, True)
    shown = shown_number(code, Decimal(_plain(raw)), _YEARS if key == "year" else frozenset())
    if key == "year":
        return shown
    return Shown(shown.text, shown.text == _plain(raw))


def _plain(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return raw.isoformat() if isinstance(raw, date) else str(raw)


# --- what is hidden -----------------------------------------------------------------------------


def hidden_findings(
    display: Display, matches: Iterable[Match], texts: Mapping[str, Place], grids: Iterable[Grid]
) -> Iterator[Finding]:
    """S115 for every sheet where figures or texts of the report are not drawn; ``texts`` are those that were read."""
    by_name = {grid.name: grid for grid in grids}
    cells: dict[str, set[Position]] = {}
    figures: dict[str, set[Position]] = {}
    for match in matches:
        figures.setdefault(match.grid.name, set()).update(match.cells.values())
        cells.setdefault(match.grid.name, set()).update(match.cells.values())
    for path, place in texts.items():
        if path == "edition" or place.sheet not in by_name or place.cell is None:
            continue
        at = position(place.cell)
        if by_name[place.sheet].raw(*at) is not None:
            cells.setdefault(place.sheet, set()).add(at)
    for sheet, read in cells.items():
        source = by_name[sheet].file
        if sheet in display.hidden_sheets:
            said = "工作表是隐藏的，其中的内容会写进报告，请核对"
            yield S115.finding(said, Place(source, sheet))
            continue
        unseen = display.unseen(sheet, read)
        if unseen == _ALL_SEEN:
            continue
        yield from _hidden_in(sheet, unseen, read, source)
        if unseen.zeros:
            yield from _hidden_zeros(by_name[sheet], figures.get(sheet, ()))


def _hidden_zeros(grid: Grid, figures: Collection[Position]) -> Iterator[Finding]:
    zeros = sorted(at for at in figures if grid.raw(*at) == 0)
    if zeros:
        said = f"视图设置为不显示零值，{len(zeros)} 格的 0 看不见，报告中会印出：{_listed(zeros)}"
        yield S115.finding(said, grid.place(*zeros[0]))


def _hidden_in(
    sheet: str, unseen: Unseen, cells: Collection[Position], source: str | None
) -> Iterator[Finding]:
    hidden = sorted(at for at in cells if at[0] in unseen.rows or at[1] in unseen.columns)
    if not hidden:
        return
    where = []
    if unseen.rows:
        where.append(f"第 {'、'.join(str(row + 1) for row in unseen.rows)} 行")
    if unseen.columns:
        where.append(f"{'、'.join(map(column_letters, unseen.columns))} 列")
    said = f"{'和'.join(where)}是隐藏的，其中 {len(hidden)} 格会写进报告，请核对：{_listed(hidden)}"
    yield S115.finding(said, Place(source, sheet, a1(*hidden[0])))


def _listed(cells: list[Position]) -> str:
    names = "、".join(a1(*at) for at in cells[:_NAMED])
    return f"{names} 等" if len(cells) > _NAMED else names
