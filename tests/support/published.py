"""One report in the many forms in which sites and offices publish it, for tests of importing.

A report is laid out once as lines and grids (by the packaged Word template); a ``Style`` says how tables
are cut up, how labels and headings are written, and as what the whole is rendered.
"""

from __future__ import annotations

import io
import pickle
import textwrap
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape

from attrs import evolve, frozen
from docx import Document

from govdisclose import AnnualReport
from govdisclose.finding import Place
from govdisclose.form.report import SECTIONS
from govdisclose.read.grid import Grid, Merge, Raw
from govdisclose.read.published.document import TextLine
from govdisclose.read.published.word.reader import read_docx
from support.webpages import site, table, word

Block = TextLine | Grid

HEADINGS = {
    "statutory": {},
    "unnumbered": {s.heading: s.heading.partition("、")[2] for s in SECTIONS},
    "with the year": {SECTIONS[0].heading: "一、2024年政府信息公开工作总体情况"},
    "in other words": {
        SECTIONS[1].heading: "二、行政机关主动公开政府信息的情况",
        SECTIONS[3].heading: "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        SECTIONS[4].heading: "五、政务公开工作存在问题及改进措施",
    },
    "other separators": {s.heading: s.heading.replace("、", "．", 1) for s in SECTIONS},
    "by parts": {s.heading: f"第{s.heading[0]}部分 {s.heading[2:]}" for s in SECTIONS},
}
LABELS: dict[str, dict[str, str]] = {
    "statutory": {},
    "half-width": {"（": "(", "）": ")"},
    "short": {"现行有效件数": "现行有效件", "行政规范性文件": "规范性文件"},
    "older": {
        "未经复议直接起诉": "未经复议直接诉讼",
        "复议后起诉": "复议后诉讼",
        "结果维持": "维持",
        "尚未审结": "未审结",
    },
    "spaced": {"总计": "总 计", "规章": "规 章", "自然人": "自 然 人"},
    "other ordinals": {"1.": "1、", "2.": "2、", "3.": "3、", "4.": "4、"},
}
CELLS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "paragraph": lambda text: f"<p>{text}</p>",
    "spans": lambda text: "<p>" + "".join(f"<span><font>{c}</font></span>" for c in text) + "</p>",
    "blanks": lambda text: f"<p>&nbsp;{text}\n </p><p>&nbsp;</p>",
}


@frozen
class Style:
    """How a report is published. ``tables``: merged, filled (every cell repeats its label), or bare.

    ``ragged`` leaves out the cells that a merged one covers, ``disputes`` is how table four is cut up.
    """

    tables: str = "merged"
    split: bool = False
    headings: str = "statutory"
    labels: str = "statutory"
    cells: str = "paragraph"
    framed: bool = False
    ragged: bool = False
    disputes: str = "together"
    encoding: str = "utf-8"


def layout(report: AnnualReport, style: Style) -> list[Block]:
    """The lines and grids of a published report."""
    blocks: tuple[Block, ...] = pickle.loads(_blocks(report))
    return [piece for block in blocks for piece in _styled(block, style)]


@lru_cache(64)
def _blocks(report: AnnualReport) -> bytes:
    """Writing and reading the Word file takes most of the time of a layout; it is copied instead."""
    return pickle.dumps(read_docx(word(report), "r.docx").blocks)


def _styled(block: Block, style: Style) -> Iterator[Block]:
    if isinstance(block, TextLine):
        yield evolve(block, text=HEADINGS[style.headings].get(block.text, block.text))
        return
    if len(block.rows[-1]) == 15 and style.disputes != "together":
        yield from DISPUTES[style.disputes](block)
        return
    for grid in _parts(block) if style.split else (block,):
        rows = [
            [_relabelled(v, style) if isinstance(v, str) else v for v in row] for row in grid.rows
        ]
        yield _merged(evolve(grid, rows=rows), style.tables)


def _relabelled(text: str, style: Style) -> str:
    for old, new in LABELS[style.labels].items() if not text[-1:].isdigit() else ():
        text = text.replace(old, new)
    return text


def _merged(grid: Grid, tables: str) -> Grid:
    if tables == "merged":
        return grid
    rows = [list(row) for row in grid.rows]
    # In table two a number is printed over several columns: repeating it would make columns of it.
    for m in (
        grid.merges if tables == "filled" and not str(rows[0][0]).startswith("第二十条") else ()
    ):
        for r in range(m.top, m.bottom + 1):
            rows[r][m.left : m.right + 1] = [grid.rows[m.top][m.left]] * (m.right - m.left + 1)
    return evolve(grid, rows=rows, merges=())


def _parts(grid: Grid) -> Iterator[Grid]:
    """Table two by the items of article 20; table three over a page break, its header repeated."""
    starts = [r for r, row in enumerate(grid.rows) if str(row[0]).startswith("第二十条")]
    if starts:
        for top, end in zip(starts, [*starts[1:], len(grid.rows)], strict=True):
            yield _cut(grid, [*range(top, end)])
    elif len(grid.rows) > 20:
        yield _cut(grid, [*range(12)])
        yield _cut(grid, [0, 1, 2, *range(12, len(grid.rows))])
    else:
        yield grid


# --- table four in parts ------------------------------------------------------------------------

GROUPS = ("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")


def _line(text: str) -> TextLine:
    return TextLine(text, Place("r", "正文"))


def _leaves(grid: Grid) -> list[Raw]:
    return grid.rows[-2][-5:]


def _fives(grid: Grid) -> list[list[Raw]]:
    return [grid.rows[-1][start : start + 5] for start in (0, 5, 10)]


def _tables_named(grid: Grid) -> Iterator[Block]:
    for name, values in zip(GROUPS, _fives(grid), strict=True):
        yield _line(name)
        yield evolve(grid, rows=[_leaves(grid), values], merges=())


def _tables_titled(grid: Grid) -> Iterator[Block]:
    for name, values in zip(GROUPS, _fives(grid), strict=True):
        yield evolve(
            grid,
            rows=[[name, None, None, None, None], _leaves(grid), values],
            merges=(Merge(0, 0, 0, 4),),
        )


def _tables_unnamed(grid: Grid) -> Iterator[Block]:
    for values in _fives(grid):
        yield evolve(grid, rows=[_leaves(grid), values], merges=())


def _two_tables(grid: Grid) -> Iterator[Block]:
    first, *others = _fives(grid)
    yield evolve(
        grid,
        rows=[["行政复议", None, None, None, None], _leaves(grid), first],
        merges=(Merge(0, 0, 0, 4),),
    )
    heads = [
        ["行政诉讼", *[None] * 9],
        ["未经复议直接起诉", *[None] * 4, "复议后起诉", *[None] * 4],
    ]
    merges = (Merge(0, 0, 0, 9), Merge(1, 0, 1, 4), Merge(1, 5, 1, 9))
    yield evolve(grid, rows=[*heads, _leaves(grid) * 2, others[0] + others[1]], merges=merges)


def _one_a_row(grid: Grid) -> Iterator[Block]:
    rows = [[name, *values] for name, values in zip(GROUPS, _fives(grid), strict=True)]
    yield evolve(grid, rows=[["类别", *_leaves(grid)], *rows], merges=())


def _stacked(grid: Grid) -> Iterator[Block]:
    rows: list[list[Raw]] = []
    for name, values in zip(GROUPS, _fives(grid), strict=True):
        rows += [[name, None, None, None, None], _leaves(grid), values]
    yield evolve(grid, rows=rows, merges=tuple(Merge(top, 0, top, 4) for top in (0, 3, 6)))


DISPUTES: dict[str, Callable[[Grid], Iterator[Block]]] = {
    "tables, each under a line": _tables_named,
    "tables with a title": _tables_titled,
    "tables in the printed order": _tables_unnamed,
    "two tables": _two_tables,
    "a row for each": _one_a_row,
    "one below another": _stacked,
}
"""How offices cut up table four."""


def _cut(grid: Grid, kept: list[int]) -> Grid:
    """Some rows of a grid; a merged area that is cut is printed again in the next part."""
    rows = [list(grid.rows[r]) for r in kept]
    merges = []
    for m in grid.merges:
        inside = [i for i, r in enumerate(kept) if m.top <= r <= m.bottom]
        if inside:
            rows[inside[0]][m.left] = grid.rows[m.top][m.left]
            merges.append(Merge(inside[0], m.left, inside[-1], m.right))
    return evolve(grid, rows=rows, merges=tuple(merges))


# --- as what ------------------------------------------------------------------------------------


def as_html(report: AnnualReport, style: Style) -> bytes:
    """The report as a web page."""
    dress = CELLS[style.cells]
    parts = [
        table(block).replace("<p>", "\0").replace("</p>", "\1")
        if isinstance(block, Grid)
        else _html(block)
        for block in layout(report, style)
    ]
    article = "\n".join(parts)
    pieces = article.split("\0")
    article = pieces[0] + "".join(
        dress(p.split("\1", 1)[0]) + p.split("\1", 1)[1] for p in pieces[1:]
    )
    return (site(article) if style.framed else article).encode(style.encoding)


def _html(line: TextLine) -> str:
    tag = f"h{line.heading}" if line.heading else "p"
    return f"<{tag}>{escape(line.text)}</{tag}>"


def as_cell_a_line(report: AnnualReport, style: Style) -> bytes:
    """The text of a web page: a cell a line, long header labels broken, blank lines and stray blanks between."""
    lines: list[str] = []
    for block in layout(report, style):
        if isinstance(block, TextLine):
            lines += [block.text, ""]
            continue
        for number, row in enumerate(block.rows):
            for value in row:
                text = str(value) if value is not None else ""
                broken = (
                    [text[:2], text[2:]]
                    if len(text) == 4 and number < 4 and not text.isdigit()
                    else [text]
                )
                lines += [
                    f" {line} " if line.isdigit() else line
                    for piece in broken
                    for line in (piece, "")
                    if piece
                ]
    return "\n".join(lines).encode(style.encoding)


def as_pipes(report: AnnualReport, style: Style) -> bytes:
    """Markdown with pipe tables."""
    lines: list[str] = []
    for block in layout(report, style):
        if isinstance(block, TextLine):
            lines += [f"{'#' * block.heading} {block.text}" if block.heading else block.text, ""]
            continue
        for number, row in enumerate(block.rows):
            # A row is one line: a label printed on two is written on one.
            shown = [v for v in row if v is not None] if style.ragged and len(row) < 6 else row
            cells = (
                str("" if value is None else value).replace("|", "\\|").replace("\n", "")
                for value in shown
            )
            lines.append("| " + " | ".join(cells) + " |")
            lines += ["|" + "---|" * len(shown)] if number == 0 else []
        lines.append("")
    return "\n".join(lines).encode(style.encoding)


def as_rows(report: AnnualReport, style: Style) -> bytes:
    """One row a line, its cells with single blanks between."""
    lines = [
        line
        for block in layout(report, style)
        for line in (
            [block.text, ""]
            if isinstance(block, TextLine)
            else [" ".join(str(v) for v in row if v is not None) for row in block.rows]
        )
    ]
    return "\n".join(lines).encode(style.encoding)


def as_pages(report: AnnualReport, style: Style) -> bytes:
    """The text layer of a PDF: wrapped lines and cells, numbers on the middle line, page numbers."""
    lines: list[str] = []
    for block in layout(report, style):
        if isinstance(block, Grid):
            lines += ["", *_canvas(block), ""]
        elif block.heading:
            lines.append(f"   {block.text}")
        else:
            lines += textwrap.wrap("\u3000\u3000" + block.text, 28, drop_whitespace=False)
    pages = [lines[i : i + 30] for i in range(0, len(lines), 30)]
    numbered = ("\n".join([*page, "", f"{'':30}-{n}-"]) for n, page in enumerate(pages, 1))
    return "\n\f".join(numbered).encode(style.encoding)


def _canvas(grid: Grid) -> list[str]:
    """A grid drawn with characters, each cell wrapped and centred from top to bottom."""
    width = len(grid.rows[0])
    widths = {10: [6, 9, 17, *[8] * 7], 15: [6] * 15}.get(width, [16] * width)
    spans = {(m.top, m.left): m for m in grid.merges}
    cells = [
        (spans.get((r, c), Merge(r, c, r, c)), str(value))
        for r, row in enumerate(grid.rows)
        for c, value in enumerate(row)
        if value is not None
    ]
    wrapped = [(m, textwrap.wrap(text, sum(widths[m.left : m.right + 1]) - 3)) for m, text in cells]
    heights = [
        max((len(t) for m, t in wrapped if m.top == m.bottom == r), default=1) + 1
        for r in range(len(grid.rows))
    ]
    lines = [[" "] * sum(widths) for _ in range(sum(heights))]
    for m, texts in wrapped:
        top, height = sum(heights[: m.top]), sum(heights[m.top : m.bottom + 1])
        start, left = top + max(0, height - len(texts)) // 2, sum(widths[: m.left])
        for line, text in zip(lines[start:], texts, strict=False):
            line[left : left + len(text)] = text
    return ["".join(line).rstrip() for line in lines]


def as_word(report: AnnualReport, style: Style) -> bytes:
    """A Word document made of plain paragraphs and merged tables."""
    document = Document()
    for block in layout(report, style):
        if isinstance(block, TextLine):
            document.add_paragraph(block.text)
            continue
        made = document.add_table(len(block.rows), max(map(len, block.rows)))
        # Table.cell would look at all cells of the table each time.
        cells = [row.cells for row in made.rows]
        for r, row in enumerate(block.rows):
            for c, value in enumerate(row):
                if value is not None:
                    cells[r][c].text = str(value)
        for m in block.merges:
            cells[m.top][m.left].merge(cells[m.bottom][m.right])
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


RENDERERS: dict[str, Callable[[AnnualReport, Style], bytes]] = {
    "html": as_html,
    "txt": as_cell_a_line,
    "md": as_pipes,
    "rows.txt": as_rows,
    "pages.txt": as_pages,
    "docx": as_word,
}
"""By the ending of the file's name."""
