"""Sheets of text → paragraphs, agency data and recorded reasons, each with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import cast

from attrs import define, field, frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.entry import YEARS
from govdisclose.form.explanation import Explanation
from govdisclose.form.report import SECTIONS, Agency, Level, Paragraph
from govdisclose.form.sheets import (
    BASICS,
    BASICS_SHEET,
    CONTINUED,
    EXPLANATION_COLUMNS,
    EXPLANATIONS_SHEET,
    LEVEL_WORDS,
    PARAGRAPH_COLUMNS,
    PARAGRAPH_LEVELS,
    PREFACE_SHEET,
    PREVIEW_COLUMN,
    PROSE_SHEETS,
)
from govdisclose.read.grid import ErrorValue, Grid, Picture, Raw, Uncalculated
from govdisclose.read.tables.labels import LONGEST, label, squeeze
from govdisclose.read.tables.match_cache import MatchCache
from govdisclose.read.tables.view import passed_over, visible_first
from govdisclose.read.texts import Prose, clean, one_line, paragraph_level
from govdisclose.read.workbook.beside import above, misplaced, previewed
from govdisclose.read.workbook.display import Appearance, Display, Position
from govdisclose.read.workbook.seen import seen_basic, seen_text
from govdisclose.rules.structure import S102, S109, S112, S121, S122
from govdisclose.rules.values import V107, V108, V109

_TITLE = re.compile(
    r"^(?P<name>.{2,}?)(?P<year>(?:19|20)\d\d)年(?:度)?政府信息公开(?:工作)?年度报告"
)
_COPY = re.compile(r"(?<!\s)\s*[(（]\d+[)）]\s*$")
"""What a spreadsheet adds to the name of a copied sheet."""
_TEXT_LABELS = tuple(map(label, (PARAGRAPH_COLUMNS[1], "内容", "文字", "段落")))
_BREAK = re.compile("[\n\u2028\u2029\x85]")
_EXACT = 10**15
"""From here on a spreadsheet no longer holds every digit."""


@define
class _Texts(Prose):
    """The texts of a workbook in the making."""

    cells: dict[str, set[tuple[int, int]]] = field(factory=dict)
    """Sheet → cells that hold agency data or recorded reasons."""
    sheets: set[str] = field(factory=set)
    """Sheets of paragraphs: what stands there is read or told."""
    display: Display | None = None
    layouts: MatchCache | None = None

    def drawn(
        self, grid: Grid, cells: Collection[Position], closely: Collection[Position] = ()
    ) -> Mapping[Position, Appearance]:
        """How those of ``cells`` look whose text may be seen otherwise than it is stored."""
        return {} if self.display is None else self.display.look(grid.name, cells, closely=closely)

    def is_hidden(self, grid: Grid) -> bool:
        """Whether a sheet is hidden."""
        return self.display is not None and grid.name in self.display.hidden_sheets

    def visible(self, grids: list[Grid], what: str) -> list[Grid]:
        """The sheets that are not hidden, or all where every one is; what is passed over is a finding."""
        hidden = frozenset() if self.display is None else self.display.hidden_sheets
        names = visible_first([grid.name for grid in grids], hidden)
        for grid in grids:
            if grid.name not in names:
                self.findings.append(passed_over(grid.name, names[0], what, grid.file))
        return [grid for grid in grids if grid.name in names]


def read_prose(
    grids: Sequence[Grid],
    source: str | None,
    *,
    prose: bool = True,
    display: Display | None = None,
    layouts: MatchCache | None = None,
) -> _Texts:
    """Agency data, the preface, sections one, five and six (not without ``prose``), and the sheet 说明事项.

    ``display`` says what a person sees of a workbook: nothing that is struck out is read.
    """
    found = _Texts(display=display, layouts=layouts)
    _read_basics(grids, found, source)
    for key, sheet in PROSE_SHEETS.items() if prose else ():
        grid = _prose_grid(grids, key, sheet, found)
        if grid is not None:
            found.attributes[key] = tuple(_paragraphs(grid, key, found))
        elif key != "preface":
            text = f"缺少“{sheet}”工作表，读不到这一部分的文字"
            found.findings.append(S109.finding(text, Place(source), path=key))
    found.explanations.extend(_explanations(grids, found))
    return found


def _written(raw: Raw, place: Place, path: str, findings: list[Finding]) -> str:
    """The text of a cell; what stands there without being text is a finding."""
    if isinstance(raw, Uncalculated):
        findings.append(
            V107.finding(f"公式没有计算结果（{raw.formula[:40]}），读不出文字", place, path=path)
        )
    elif isinstance(raw, ErrorValue):
        findings.append(V108.finding(f"公式结果是 {raw.text}，读不出文字", place, path=path))
    elif isinstance(raw, Picture):
        findings.append(V109.finding("是一张图片，读不出文字", place, path=path))
    else:
        return _text(raw)
    return ""


def _sentence(raw: Raw, place: Place, path: str, findings: list[Finding]) -> str:
    """The text of a cell of paragraphs. What a spreadsheet keeps as a number it may show in any way: a finding."""
    if isinstance(raw, bool | int | float | date | time | timedelta):
        kind = (
            "逻辑值"
            if isinstance(raw, bool)
            else "数字"
            if isinstance(raw, int | float)
            else "日期或时间"
        )
        said = f"是{kind} {_text(raw)}，不是文字，看到的和存的可能不同，请设为文本格式后重新输入"
        findings.append(V109.finding(said, place, path=path, found=_text(raw)))
        return ""
    return _written(raw, place, path, findings)


def _text(raw: Raw) -> str:
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, ErrorValue | Uncalculated | Picture):
        return (
            raw.text
            if isinstance(raw, ErrorValue)
            else raw.formula
            if isinstance(raw, Uncalculated)
            else "（图片）"
        )
    return raw if isinstance(raw, str) else str(raw)


# --- 基本信息 -----------------------------------------------------------------------------------


def _read_basics(grids: Sequence[Grid], found: _Texts, source: str | None) -> None:
    grid, cells = _basics_grid(grids, found)
    if grid is not None:
        found.cells.setdefault(grid.name, set()).update(cells.values())
    here = Place(source, grid.name if grid else None)
    found.places.update({_path(key): grid.place(*at) for key, at in cells.items()} if grid else {})
    raws = _seen_basics(grid, cells, found) if grid else {}
    texts = {key: _basic_text(raw, key, here, found) for key, raw in raws.items()}
    title = _find_title(grids) if "name" not in cells or "year" not in cells else None

    def fault(key: str, said: str) -> None:
        basic = next(b for b in BASICS if b.key == key)
        place = found.places.get(_path(key), here)
        found.findings.append(
            S112.finding(f"{basic.label}：{said}", place, path=_path(key), hint=basic.help)
        )

    name = texts.get("name") or (title["name"].strip() if title else "")
    if not name:
        fault("name", "没有填写")
    year = _year(
        raws["year"] if raws.get("year") is not None else (title["year"] if title else None)
    )
    if year is None:
        fault(
            "year",
            f"“{texts['year']}”不是 {YEARS[0]} 至 {YEARS[-1]} 之间的四位年份"
            if texts.get("year")
            else "没有填写",
        )
    published, readable = _date(raws.get("published"))
    if not readable and texts["published"]:
        fault("published", f"“{texts['published']}”不是日期")
    level = _level(texts.get("level", ""))
    if level is None or ("level" in cells and not texts["level"]):
        fault("level", f"“{texts['level']}”无法识别" if texts["level"] else "没有填写")
    code = raws.get("code")
    if isinstance(code, float) and code >= _EXACT:
        fault("code", f"以数字存放，第 16 位起已丢失（读作 {code:.0f}），请设为文本格式后重新输入")
    agency = Agency(name, texts.get("code") or None, level or "agency")
    found.attributes.update(
        agency=agency, year=year, published=published, title=texts.get("title", "")
    )
    found.edition_name = texts.get("edition") or None


def _seen_basics(grid: Grid, cells: Mapping[str, tuple[int, int]], found: _Texts) -> dict[str, Raw]:
    """The values of 基本信息 as far as a person sees them."""
    raws = {key: grid.raw(*at) for key, at in cells.items()}
    numbers = [cells[key] for key in cells if key != "year" and isinstance(raws[key], int | float)]
    drawn = found.drawn(grid, frozenset(cells.values()), numbers)
    for key, at in cells.items():
        basic = next(b for b in BASICS if b.key == key)
        seen = seen_basic(raws[key], key, drawn.get(at), grid.place(*at), _path(key), basic.label)
        found.findings.extend(seen.findings)
        raws[key] = seen.raw
    return raws


def _path(key: str) -> str:
    return f"agency.{key}" if key in ("name", "code", "level") else key


def _basic_text(raw: Raw, key: str, here: Place, found: _Texts) -> str:
    place = found.places.get(_path(key), here)
    text = clean(
        _written(raw, place, _path(key), found.findings), place, _path(key), found.findings
    )
    return one_line(text.strip(), place, _path(key), found.findings)


def _basics_grid(
    grids: Sequence[Grid], found: _Texts
) -> tuple[Grid | None, dict[str, tuple[int, int]]]:
    """The sheet named 基本信息, or that with the most of its labels, and the cell right of each label."""
    labelled = [
        (grid, cells) for grid in grids if len(cells := _labels_of(grid, found.layouts)) > 1
    ]
    filled = [
        grid
        for grid, cells in labelled
        if {"name", "year"} <= cells.keys() and grid.raw(*cells["name"]) is not None
    ]
    filled = found.visible(filled, BASICS_SHEET)
    if filled:
        labelled = [
            (grid, cells)
            for grid, cells in labelled
            if not found.is_hidden(grid) or grid is filled[0]
        ]
    if len(filled) > 1:
        names = "、".join(f"“{grid.name}”" for grid in filled)
        text = f"{names} 都写有机关名称和报告年度，不知以哪一张为准"
        found.findings.append(S102.finding(text, Place(filled[0].file), path="agency"))
    return max(
        labelled,
        key=lambda item: (squeeze(item[0].name) == BASICS_SHEET, len(item[1])),
        default=(None, {}),
    )


_BASIC_KEYS = {
    label(name): basic.key for basic in BASICS for name in (basic.label, *basic.variants)
}


@lru_cache(maxsize=1024)
def _basic_key(text: str) -> str | None:
    return _BASIC_KEYS.get(label(text))


def _labels_of(grid: Grid, layouts: MatchCache | None) -> dict[str, tuple[int, int]]:
    """The cell right of each label of 基本信息; looked for once a layout."""
    if grid.layout is None or layouts is None:
        return dict(_labelled(grid))
    known = layouts.answers(grid)
    if "basics" not in known:
        known["basics"] = dict(_labelled(grid))
    return cast("dict[str, tuple[int, int]]", known["basics"])


def _labelled(grid: Grid) -> Iterator[tuple[str, tuple[int, int]]]:
    seen = set()
    for row, line in enumerate(grid.rows):
        for column, raw in enumerate(line):
            key = _basic_key(raw) if isinstance(raw, str) and len(raw) <= LONGEST else None
            if key is not None and key not in seen:
                seen.add(key)
                right = (m.right for m in grid.merges if (m.top, m.left) == (row, column))
                yield key, (row, next(right, column) + 1)


def _find_title(grids: Iterable[Grid]) -> re.Match[str] | None:
    """A report title in the first rows of some sheet, for workbooks that are not ours."""
    for grid in grids:
        for line in grid.rows[:5]:
            for raw in line:
                match = _TITLE.search(squeeze(raw)) if isinstance(raw, str) else None
                if match:
                    return match
    return None


def _year(raw: Raw) -> int | None:
    match = re.fullmatch(r"(\d{4})(\.0)?(年|年度)?", squeeze(_text(raw)), re.ASCII)
    year = int(match[1]) if match else 0
    return year if year in YEARS else None


def _date(raw: Raw) -> tuple[date | None, bool]:
    """The date, and whether the cell could be read (a blank one can)."""
    if isinstance(raw, datetime):
        return raw.date(), True
    if isinstance(raw, date):
        return raw, True
    text = squeeze(_text(raw))
    match = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", text, re.ASCII)
    try:
        return (date(*map(int, match.groups())), True) if match else (None, not text)
    except ValueError:
        return None, False


def _level(text: str) -> Level | None:
    words: dict[str, Level] = {word: level for level, word in LEVEL_WORDS.items()}
    words |= {level: level for level in LEVEL_WORDS}
    return words.get(text) if text else "agency"


# --- paragraphs ---------------------------------------------------------------------------------


def _prose_grid(grids: Sequence[Grid], key: str, sheet: str, found: _Texts) -> Grid | None:
    """The sheet of one section: by its name, else by the section's heading in its name or first rows."""
    heading = next((s.heading for s in SECTIONS if s.key == key), PREFACE_SHEET)
    wanted = {label(sheet), label(heading)}
    named = [grid for grid in grids if label(_COPY.sub("", grid.name)) in wanted] or [
        grid for grid in grids if any(label(raw) in wanted for raw in _top_texts(grid))
    ]
    found.sheets.update(grid.name for grid in named)
    named = found.visible(named, heading)
    if len(named) > 1:
        names = "、".join(f"“{grid.name}”" for grid in named)
        text = f"{names} 都是“{heading}”的工作表，不知以哪一张为准"
        found.findings.append(S102.finding(text, Place(named[0].file), path=key))
    return named[0] if named else None


def _top_texts(grid: Grid) -> list[str]:
    return [raw for line in grid.rows[:3] for raw in line[:3] if isinstance(raw, str)]


@frozen
class _Columns:
    """Where a sheet of paragraphs has what; ``header`` is the row of column names, ``None`` without one."""

    text: int
    level: int | None = None
    preview: int | None = None
    header: int | None = None

    @property
    def start(self) -> int:
        """The first row of paragraphs."""
        return 1 if self.header is None else self.header + 1


@define
class _Block:
    """A paragraph in the making: its lines, its level, and where it begins."""

    lines: list[str]
    level: int
    place: Place


def _paragraphs(grid: Grid, key: str, found: _Texts) -> Iterator[Paragraph]:
    """The paragraphs of a sheet; every other text in it is a finding."""
    at = _paragraph_columns(grid)
    if at.header is None:
        found.findings.append(
            S121.finding("没有“正文”列标题，逐行读取", Place(grid.file, grid.name), path=key)
        )
    heading = next((s.heading for s in SECTIONS if s.key == key), PREFACE_SHEET)
    found.findings.extend(
        above(grid, key, (heading, PROSE_SHEETS[key]), at.start if at.header is None else at.header)
    )
    found.places[f"{key}.0"] = grid.place(at.start, at.text)
    blocks, texts = _blocks(grid, key, at, found)
    if at.preview is not None:
        found.findings.extend(previewed(grid, key, at.preview, at.start, texts))
    for index, block in enumerate(blocks):
        found.places[f"{key}.{index}"] = block.place
        yield Paragraph("\n".join(block.lines), block.level)


def _blocks(grid: Grid, key: str, at: _Columns, found: _Texts) -> tuple[list[_Block], list[str]]:
    """The paragraphs below the header, and the texts of their cells as they stand there."""
    blocks: list[_Block] = []
    texts: list[str] = []
    opened: _Block | None = (
        None  # a row with a level and no text: the first, empty line of a paragraph at most
    )
    first = at.start if at.header is None else at.header
    drawn = found.drawn(grid, [(row, at.text) for row in range(at.start, len(grid.rows))])
    for row in range(first, len(grid.rows)):
        line = grid.rows[row]
        if line.count(None) == len(line):
            continue
        found.findings.extend(_elsewhere(grid, row, key, at))
        if row == at.header:
            continue
        place, path = grid.place(row, at.text), f"{key}.{len(blocks)}"
        stored = grid.raw(row, at.text)
        seen = seen_text(stored, drawn.get((row, at.text)), place, path)
        found.findings.extend(seen.findings)
        text = clean(_sentence(seen.raw, place, path, found.findings), place, path, found.findings)
        whole = text if seen.raw is stored else _text(stored)
        word = _text(grid.raw(row, at.level)).strip() if at.level is not None else ""
        if squeeze(word) == CONTINUED and (blocks or opened is not None):
            if opened is not None:
                blocks.append(opened)
            opened = None
            blocks[-1].lines.extend(text.split("\n"))
            texts.append(whole)
            continue
        opened = None
        level = paragraph_level(word, text)
        if not text.strip():
            if word and level is None:
                found.findings.append(misplaced(grid, row, at.level or 0, word, key))
            elif word:
                opened = _Block([text], level or 0, place)
            continue
        if level is None:
            said = f"层级“{word}”无法识别，应为{'、'.join(PARAGRAPH_LEVELS.values())}之一"
            found.findings.append(
                S112.finding(said, grid.place(row, at.level), path=path, found=word)
            )
        texts.append(whole)
        pieces = list(_pasted(text, level or 0, place))
        if len(pieces) > 1:
            others = [f"{key}.{len(blocks) + index}" for index in range(1, len(pieces))]
            said = f"一格里用换行写了几段，已分成 {len(pieces)} 段"
            found.findings.append(
                S122.finding(said, place, path=path, found=len(pieces), others=others)
            )
        blocks.extend(pieces)
    return blocks, texts


def _pasted(text: str, level: int, place: Place) -> Iterator[_Block]:
    """The paragraphs of one cell: a line break ends one, as it does in pasted text."""
    lines = [line for line in _BREAK.split(text) if line.strip()]
    if len(lines) == 1:
        yield _Block([_BREAK.sub("", text)], level, place)
        return
    for index, line in enumerate(lines):
        own = line.strip(" \t\u3000\xa0")
        yield _Block([own], level if index == 0 else paragraph_level("", own) or 0, place)


def _elsewhere(grid: Grid, row: int, key: str, at: _Columns) -> Iterator[Finding]:
    """Texts of a row in other columns than those of the header."""
    for column, raw in enumerate(grid.rows[row]):
        if raw is not None and column not in (at.text, at.level, at.preview) and _text(raw).strip():
            yield misplaced(grid, row, column, _text(raw), key)


def _paragraph_columns(grid: Grid) -> _Columns:
    """The columns of text, levels and previews, by their header in the first rows."""
    for row, line in enumerate(grid.rows[:10]):
        names = [label(raw) if isinstance(raw, str) else "" for raw in line]
        text_at = next((i for i, n in enumerate(names) if n in _TEXT_LABELS), None)
        if text_at is None:
            continue
        # 正文 is also the word for a level: only what has 层级 before it, or no text beside it, is a header.
        known = label(PARAGRAPH_COLUMNS[0]) in names[:text_at]
        if known or not {*names[text_at + 1 :]} - {"", label(PREVIEW_COLUMN)}:
            return _Columns(
                text_at, _index(names, PARAGRAPH_COLUMNS[0]), _index(names, PREVIEW_COLUMN), row
            )
    return _Columns(
        next((c for line in grid.rows[1:] for c, raw in enumerate(line) if raw is not None), 0)
    )


def _index(names: Sequence[str], name: str) -> int | None:
    return names.index(label(name)) if label(name) in names else None


# --- 说明事项 -----------------------------------------------------------------------------------


def _explanations(grids: Sequence[Grid], found: _Texts) -> Iterator[Explanation]:
    grid = next((g for g in grids if squeeze(g.name) == EXPLANATIONS_SHEET), None)
    if grid is None:
        return
    wanted = [label(name) for name in EXPLANATION_COLUMNS]
    for row, line in enumerate(grid.rows):
        names = [label(raw) if isinstance(raw, str) else "" for raw in line]
        if set(wanted) <= set(names):
            columns = [names.index(name) for name in wanted]
            for below in range(row + 1, len(grid.rows)):
                found.cells.setdefault(grid.name, set()).update(
                    (below, column) for column in columns
                )
                code, cell, value, reason = (_text(grid.raw(below, c)).strip() for c in columns)
                if isinstance(grid.raw(below, columns[-1]), ErrorValue | Uncalculated | Picture):
                    reason = ""  # nobody has given that one
                if code or cell or value or reason:
                    yield Explanation(
                        code.upper(), cell, value, reason, grid.place(below, columns[0])
                    )
            return
