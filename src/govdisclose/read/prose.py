"""Sheets of text → paragraphs, agency data and recorded reasons, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from attrs import define, field

from govdisclose.finding import Finding, Place
from govdisclose.form.explanation import Explanation
from govdisclose.form.report import SECTIONS, Agency, Level, Paragraph
from govdisclose.form.sheets import (
    BASICS,
    BASICS_SHEET,
    EXPLANATION_COLUMNS,
    EXPLANATIONS_SHEET,
    LEVEL_WORDS,
    PARAGRAPH_COLUMNS,
    PARAGRAPH_LEVELS,
    PREFACE_SHEET,
    PROSE_SHEETS,
)
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.labels import INVISIBLE, label, squeeze
from govdisclose.rules.structure import S109, S112
from govdisclose.rules.values import V111, V112

_TITLE = re.compile(r"(?P<name>.{2,}?)(?P<year>(?:19|20)\d\d)年(?:度)?政府信息公开(?:工作)?年度报告")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ORDINALS = (
    (2, re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]")),
    (3, re.compile(r"\d{1,2}[.．、](?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[)）]")),
)
_TEXT_LABELS = tuple(map(label, (PARAGRAPH_COLUMNS[1], "内容", "文字", "段落")))
YEARS = range(2008, 2101)
"""Report years that are possible: the Regulations took effect in 2008."""


@define
class Prose:
    """Everything but the tables, in the making."""

    attributes: dict[str, Any] = field(factory=dict)
    explanations: list[Explanation] = field(factory=list)
    places: dict[str, Place] = field(factory=dict)
    findings: list[Finding] = field(factory=list)
    edition_name: str | None = None


def read_prose(grids: Sequence[Grid], source: str | None) -> Prose:
    """Agency data, the preface, sections one, five and six, and the sheet 说明事项."""
    found = Prose()
    _read_basics(grids, found, source)
    for key, sheet in PROSE_SHEETS.items():
        grid = _prose_grid(grids, key, sheet)
        if grid is not None:
            found.attributes[key] = tuple(_paragraphs(grid, key, found))
        elif key != "preface":
            text = f"缺少“{sheet}”工作表，读不到这一部分的文字"
            found.findings.append(S109.finding(text, Place(source), path=key))
    found.explanations.extend(_explanations(grids))
    return found


def clean(text: str, place: Place, path: str, findings: list[Finding]) -> str:
    """Text as it may be written to a file; what had to be removed or cannot be kept is a finding."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    bad = _ILLEGAL.search(text)
    if bad is not None:
        around = _ILLEGAL.sub("□", text[max(0, bad.start() - 8) : bad.start() + 8])
        said = f"第 {bad.start() + 1} 个字是不能写入文件的字符 U+{ord(bad.group()):04X}（“{around}”）"
        findings.append(V111.finding(said, place, path=path))
        text = _ILLEGAL.sub("", text)
    if INVISIBLE.search(text):
        codes = "、".join(sorted({f"U+{ord(c):04X}" for c in INVISIBLE.findall(text)}))
        findings.append(V112.finding(f"去掉了看不见的字符 {codes}", place, path=path))
        text = INVISIBLE.sub("", text)
    return text


def paragraph_level(word: str, text: str) -> int | None:
    """The level that 层级 names, or for a blank one the level of the paragraph's own ordinal."""
    if not word:
        return next((level for level, ordinal in _ORDINALS if ordinal.match(text.lstrip())), 0)
    known = {squeeze(name): level for level, name in PARAGRAPH_LEVELS.items()}
    return known.get(squeeze(word))


def _text(raw: Raw) -> str:
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return raw if isinstance(raw, str) else str(raw)


# --- 基本信息 -----------------------------------------------------------------------------------


def _read_basics(grids: Sequence[Grid], found: Prose, source: str | None) -> None:
    grid, cells = _basics_grid(grids)
    raws = {key: grid.raw(*at) for key, at in cells.items()} if grid else {}
    for key, at in cells.items():
        assert grid is not None
        found.places["agency." + key if key in ("name", "code", "level") else key] = grid.place(*at)
    title = _find_title(grids) if "name" not in cells or "year" not in cells else None
    here = Place(source, grid.name if grid else None)

    def text(key: str) -> str:
        place = found.places.get("agency." + key) or found.places.get(key, here)
        return clean(_text(raws.get(key)), place, key, found.findings).strip()

    def fault(key: str, said: str) -> None:
        basic = next(b for b in BASICS if b.key == key)
        path = "agency." + key if key in ("name", "code", "level") else key
        found.findings.append(
            S112.finding(f"{basic.label}：{said}", found.places.get(path, here), path=path, hint=basic.help)
        )

    name = text("name") or (title["name"].strip() if title else "")
    if not name:
        fault("name", "没有填写")
    year = _year(raws.get("year") if raws.get("year") is not None else (title["year"] if title else None))
    if year is None:
        shown = text("year")
        fault("year", f"“{shown}”不是四位年份" if shown else "没有填写")
    published, readable = _date(raws.get("published"))
    if not readable:
        fault("published", f"“{text('published')}”不是日期")
    level = _level(text("level"))
    if level is None or ("level" in cells and not text("level")):
        fault("level", f"“{text('level')}”无法识别" if text("level") else "没有填写")
    agency = Agency(name, text("code") or None, level or "agency")
    found.attributes.update(agency=agency, year=year, published=published, title=text("title"))
    found.edition_name = text("edition") or None


def _basics_grid(grids: Sequence[Grid]) -> tuple[Grid | None, dict[str, tuple[int, int]]]:
    """The sheet with the most of the labels of 基本信息, and the cell right of each label."""
    best: tuple[Grid | None, dict[str, tuple[int, int]]] = (None, {})
    for grid in grids:
        cells = dict(_labelled(grid))
        named = squeeze(grid.name) == BASICS_SHEET
        if cells and (named or len(cells) > max(1, len(best[1]))):
            best = (grid, cells)
            if named:
                break
    return best


def _labelled(grid: Grid) -> Iterator[tuple[str, tuple[int, int]]]:
    names = {label(n): basic.key for basic in BASICS for n in (basic.label, *basic.variants)}
    right = {(m.top, m.left): m.right for m in grid.merges}
    seen = set()
    for row, line in enumerate(grid.rows[:60]):
        for column, raw in enumerate(line[:12]):
            key = names.get(label(raw)) if isinstance(raw, str) else None
            if key is not None and key not in seen:
                seen.add(key)
                yield key, (row, right.get((row, column), column) + 1)


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


def _prose_grid(grids: Sequence[Grid], key: str, sheet: str) -> Grid | None:
    """The sheet of one section: by its name, else by the section's heading in its name or first rows."""
    heading = next((s.heading for s in SECTIONS if s.key == key), PREFACE_SHEET)
    wanted = {label(sheet), label(heading)}
    for grid in grids:
        if label(grid.name) in wanted:
            return grid
    for grid in grids:
        top = [raw for line in grid.rows[:3] for raw in line[:3] if isinstance(raw, str)]
        if any(label(raw) in wanted for raw in top):
            return grid
    return None


def _paragraphs(grid: Grid, key: str, found: Prose) -> Iterator[Paragraph]:
    start, level_at, text_at = _paragraph_columns(grid)
    index = 0
    for row in range(start, len(grid.rows)):
        place, path = grid.place(row, text_at), f"{key}.{index}"
        text = clean(_text(grid.raw(row, text_at)), place, path, found.findings)
        if not text.strip():
            continue
        word = _text(grid.raw(row, level_at)).strip() if level_at is not None else ""
        level = paragraph_level(word, text)
        if level is None:
            said = f"层级“{word}”无法识别，应为{'、'.join(PARAGRAPH_LEVELS.values())}之一"
            found.findings.append(S112.finding(said, grid.place(row, level_at), path=path))
        found.places[path] = place
        yield Paragraph(text, level or 0)
        index += 1


def _paragraph_columns(grid: Grid) -> tuple[int, int | None, int]:
    """First row of text, the column of levels if there is one, and the column of text."""
    for row, line in enumerate(grid.rows[:10]):
        names = [label(raw) if isinstance(raw, str) else "" for raw in line]
        text_at = next((i for i, n in enumerate(names) if n in _TEXT_LABELS), None)
        if text_at is not None:
            level = label(PARAGRAPH_COLUMNS[0])
            return row + 1, names.index(level) if level in names else None, text_at
    return 1, None, next((c for line in grid.rows[1:] for c, raw in enumerate(line) if raw is not None), 0)


# --- 说明事项 -----------------------------------------------------------------------------------


def _explanations(grids: Sequence[Grid]) -> Iterator[Explanation]:
    grid = next((g for g in grids if squeeze(g.name) == EXPLANATIONS_SHEET), None)
    if grid is None:
        return
    wanted = [label(name) for name in EXPLANATION_COLUMNS]
    for row, line in enumerate(grid.rows):
        names = [label(raw) if isinstance(raw, str) else "" for raw in line]
        if set(wanted) <= set(names):
            columns = [names.index(name) for name in wanted]
            for below in range(row + 1, len(grid.rows)):
                code, cell, value, reason = (_text(grid.raw(below, c)).strip() for c in columns)
                if code or cell or reason:
                    yield Explanation(code.upper(), cell, value, reason, grid.place(below, columns[0]))
            return
