"""The blank Word form of the notice, as its annex is: headings, empty tables, and prompts where text belongs."""

from __future__ import annotations

import io
from functools import cache

from docx import Document

from govdisclose import Agency, blank_report
from govdisclose.form.edition import Edition
from govdisclose.read.grid import Grid
from govdisclose.read.published.word.reader import read_docx
from support.webpages import word


@cache
def blank_form(edition: Edition) -> bytes:
    """The annex of the notice: its title, six headings, three empty tables, and prompts for text."""
    report = blank_report(
        edition, agency=Agency("", None, "agency"), year=None, title="年度报告格式"
    )
    document = Document()
    document.add_paragraph("中华人民共和国政府信息公开工作年度报告格式")
    for block in read_docx(word(report), "r.docx").blocks:
        if isinstance(block, Grid):
            table = document.add_table(len(block.rows), max(map(len, block.rows)))
            cells = [row.cells for row in table.rows]  # ``table.cell`` looks at the whole table
            for r, row in enumerate(block.rows):
                for c, value in enumerate(row):
                    cells[r][c].text = str(value or "")
            for m in block.merges:
                cells[m.top][m.left].merge(cells[m.bottom][m.right])
        elif "、" in block.text[:2]:
            document.add_paragraph(block.text)
            if block.text[0] in "一五六":
                document.add_paragraph("（文字描述）")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()
