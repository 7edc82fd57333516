"""Reports as the web pages that sites make of them, for tests of importing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape

from govdisclose import AnnualReport
from govdisclose.read.grid import Grid
from govdisclose.read.published.document import TextLine
from govdisclose.read.published.word.reader import read_docx
from govdisclose.write.word import load_template, render
from support.word_parts import DOCUMENT, members, packed


@lru_cache(16)
def word(report: AnnualReport) -> bytes:
    """The report as the packaged Word template prints it."""
    return render(report, load_template(report.edition, None))


@lru_cache(16)
def page(report: AnnualReport) -> str:
    """The article as plain HTML: paragraphs, and tables with the merges of the Word file."""
    return "\n".join(map(_block, read_docx(word(report), "r.docx").blocks))


def short_page(report: AnnualReport) -> str:
    """The article up to its first table: where one cell matters, the others take most of the time."""
    end = "</table>"
    head, _, _ = page(report).partition(end)
    return head + end


@lru_cache(16)
def short_word(report: AnnualReport) -> bytes:
    """The Word file up to its first table."""
    parts = members(word(report))
    text = parts[DOCUMENT].decode()
    end = "</w:tbl>"
    head, _, _ = text.partition(end)
    last_section = text[text.rindex("<w:sectPr") :]
    return packed({**parts, DOCUMENT: f"{head}{end}<w:p/>{last_section}".encode()})


def _block(block: TextLine | Grid) -> str:
    if isinstance(block, Grid):
        return table(block)
    tag = f"h{block.heading}" if block.heading else "p"
    return f"<{tag}>{escape(block.text).replace(chr(10), '<br>')}</{tag}>"


def table(grid: Grid) -> str:
    """A grid as an HTML table."""
    rows = ("<tr>" + "".join(cells) + "</tr>" for cells in _rows(grid))
    return "<table>" + "".join(rows) + "</table>"


def _rows(grid: Grid) -> Iterator[Iterator[str]]:
    spans = {(m.top, m.left): (m.bottom - m.top + 1, m.right - m.left + 1) for m in grid.merges}
    covered = {
        (r, c)
        for m in grid.merges
        for r in range(m.top, m.bottom + 1)
        for c in range(m.left, m.right + 1)
        if (r, c) != (m.top, m.left)
    }
    for r, row in enumerate(grid.rows):
        yield (
            f'<td rowspan="{high}" colspan="{wide}"><p>{escape(str("" if value is None else value))}</p></td>'
            for c, value in enumerate(row)
            if (r, c) not in covered
            for high, wide in [spans.get((r, c), (1, 1))]
        )


def site(article: str) -> str:
    """The article in the frame of a government site: navigation, metadata, share bar, footer."""
    return (
        "<!DOCTYPE html><html><head><title>年报</title><style>p{}</style></head><body>"
        "<div class=nav><ul><li><a href=/>首页</a></li><li>政府信息公开</li></ul></div>"
        "<table><tr><td><div>当前位置：首页 &gt; 年报</div></td></tr><tr><td><div id=article>"
        f"{article}</div><div>分享到：<span style='display:none'>五、存在的主要问题及改进情况</span></div></td></tr></table>"
        "<div class=footer><p>主办单位：某某市人民政府办公室</p><p>网站标识码 0000000000</p></div>"
        "<script>var a = '<p>一、总体情况</p>'</script></body></html>"
    )
