"""Any source → a reading: report, where every value came from, findings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from govdisclose.errors import InputError, unreadable
from govdisclose.form.reading import Reading
from govdisclose.infile import NotAFileError, read_input
from govdisclose.package import detect_type

if TYPE_CHECKING:
    from govdisclose.read.memory import Memory
    from govdisclose.read.published.document import Document

PUBLISHED = {
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".docx": "docx",
    ".txt": "text",
    ".md": "text",
    ".pdf": "pdf",
}
"""Suffixes of published reports, and what reads them."""

_MARKS = {"docx": b"PK", "pdf": b"%PDF"}
LIMIT = 20_000_000
"""Bytes of a published report; the largest real ones are below one million."""


def read_book(path: Path, memory: Memory | None = None) -> Reading:
    """Read a workbook or a JSON export, told apart by the file's name.

    Raises ``InputError`` when the file cannot be read as either.
    """
    if path.suffix.lower() == ".json":
        from govdisclose.read.json import read_json

        return read_json(path)
    from govdisclose.read.workbook.reader import read_workbook

    return read_workbook(path, memory)


def read_figures(path: Path, memory: Memory | None = None) -> Reading:
    """As ``read_any``, but the prose of a workbook is left unread: for sums over many of them."""
    if path.suffix.lower() == ".json" or path.suffix.lower() in PUBLISHED:
        return read_any(path, memory)
    from govdisclose.read.workbook.reader import read_workbook_figures

    return read_workbook_figures(path, memory)


def read_any(path: Path, memory: Memory | None = None) -> Reading:
    """Read a workbook, a JSON export or a published report (.html .docx .txt .md .pdf).

    The suffix says which; a published report whose content is something else is refused. Raises ``InputError``.
    """
    kind = PUBLISHED.get(path.suffix.lower())
    if kind is None:
        return read_book(path, memory)
    from govdisclose.read.published.reader import read_published

    return read_published(_reader(kind)(_load(path, kind), path.name), path)


def _load(path: Path, kind: str) -> bytes:
    try:
        data = read_input(path, LIMIT)
    except NotAFileError as error:
        raise InputError(f"{path} {error}") from error
    except OSError as error:
        raise unreadable(path, error) from error
    if not data.strip():
        raise InputError(f"{path.name} 是空文件，没有内容")
    _refuse_other(data, path.name, kind)
    return data


def _refuse_other(data: bytes, name: str, kind: str) -> None:
    """Refuse content that its suffix belies: a Word file saved as .html, a page saved as .txt."""
    actual = next((k for k, mark in _MARKS.items() if data.startswith(mark)), None)
    what = "Office 文档或压缩包" if actual == "docx" else detect_type(data)
    page = what.startswith("网页")
    plain = what.startswith("纯文本") or (what.startswith("单独的 XML") and kind == "html")
    fits = {"html": page or plain or _is_wide(data), "text": plain or _is_wide(data)}
    if not fits.get(kind, actual == kind):
        raise InputError(f"{name} 的内容与扩展名不符：内容是{what}，请改正扩展名，或另存为相应格式")


def _is_wide(data: bytes) -> bool:
    """Whether this is UTF-16 text, every other byte of which may be 0."""
    return data.startswith((b"\xff\xfe", b"\xfe\xff"))


def _reader(kind: str) -> Callable[[bytes, str], Document]:
    """The reader of one kind of file, imported only now: each brings its own engine."""
    if kind == "html":
        from govdisclose.read.published.html.page import read_html

        return read_html
    if kind == "docx":
        from govdisclose.read.published.word.reader import read_docx

        return read_docx
    if kind == "pdf":
        from govdisclose.read.published.pdf.reader import read_pdf

        return read_pdf
    from govdisclose.read.published.text.reader import read_text

    return read_text
