"""A PDF with a text layer → a document: ruled tables by pdfplumber, the rest as any text."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from attrs import frozen

from govdisclose.errors import InputError, NoTextError
from govdisclose.finding import Place
from govdisclose.read.published.document import Document, DocumentBlock
from govdisclose.read.published.pdf.confined import ProcessLimits, run_confined
from govdisclose.read.published.pdf.pages import ExtractedText, extract
from govdisclose.read.published.text.page_numbers import without_page_numbers
from govdisclose.read.published.text.paragraphs import BREAK, paragraphs
from govdisclose.read.published.text.statutory import find_tables

IN_BROWSER = sys.platform == "emscripten"

LIMITS = ProcessLimits(seconds=8, seconds_per_megabyte=20, megabytes=400)
"""What reading a PDF may take; a report of forty pages takes five seconds."""


def read_pdf(data: bytes, file: str) -> Document:
    """The lines and tables of a PDF.

    Raises ``InputError`` when pdfplumber is missing, and for a PDF that is encrypted, broken or too
    long, ``NoTextError`` for one without a text layer.
    """
    if find_spec("pdfplumber") is None:
        raise InputError(_without_pdfplumber(file))
    text = _extracted(data, file)
    if text.is_empty:
        raise NoTextError(
            f"{file} 没有文字层（多半是扫描件），程序读不出文字，请向公布报告的机关索取 Word 原稿"
        )
    return _document(text, file)


def _without_pdfplumber(file: str) -> str:
    """What to do where pdfplumber is not installed; in a browser it cannot be."""
    if not IN_BROWSER:
        return "读取 PDF 需要先安装：pip install govdisclose[pdf-import]"
    return (
        f"{file} 在网页里读不了：请打开后另存为 Word（.docx）或纯文本（.txt）再放进来，"
        "或在装有 Python 的电脑上用 govdisclose import 导入"
    )


@frozen
class _LayerBlock:
    """A block of the document, and the line of the text layer where it begins."""

    first: int
    content: DocumentBlock


def _first(block: _LayerBlock) -> int:
    return block.first


def _extracted(data: bytes, file: str) -> ExtractedText:
    """The text, read in a process with limits where processes can be started."""
    if sys.executable:
        return run_confined(extract, data, file, LIMITS)
    return extract(data, file)


def _document(text: ExtractedText, file: str) -> Document:
    """The ruled tables, the tables known by their labels, and the prose, in order."""
    lines = without_page_numbers(text.lines)
    blocks: list[_LayerBlock] = []
    for index, grid in text.grids.items():
        blocks.append(_LayerBlock(index, grid))
    found = find_tables(lines, file)
    for table in found.tables:
        blocks.append(_LayerBlock(table.first, table.grid))
        end = table.last + 1
        count = end - table.first
        lines[table.first : end] = [BREAK] * count

    def place(index: int) -> Place:
        return Place(file, None, text.places[index])

    for first, line in paragraphs(lines, place, text.margin):
        blocks.append(_LayerBlock(first, line))
    blocks.sort(key=_first)
    contents = [block.content for block in blocks]
    return Document(file, tuple(contents), found.findings)
