"""Any source → a reading: the report, the place of every value, and the findings so far.

A source is a path, bytes, or a file that was opened in binary mode. Each kind of source has a room
of its own, which is imported only when it is needed: ``workbook``, ``published`` and ``json``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from attrs import evolve

from govdisclose.form.reading import Reading
from govdisclose.read.source import (
    InputFile,
    PublishedKind,
    Readable,
    input_file,
    refuse_other_kind,
)

if TYPE_CHECKING:
    from govdisclose.read.memory import Memory
    from govdisclose.read.published.document import Document


def read(source: Readable | InputFile, memory: Memory | None = None) -> Reading:
    """Read a workbook, a JSON export or a published report (.html .docx .txt .md .pdf).

    The suffix of a path says which of them it is; a published report with other content is refused.
    The content of bytes and open files shows what they are. ``memory`` makes reading many workbooks
    faster.

    Raises ``InputError`` if the source cannot be read, ``UsageError`` if it is no source.
    """
    file = input_file(source)
    if file.kind == "workbook" or file.kind == "json":
        return read_book(file, memory)
    return _of_source(file, _read_published(file, file.kind))


def read_book(source: Readable | InputFile, memory: Memory | None = None) -> Reading:
    """Read a workbook or a JSON export; anything else is refused with the reason.

    Raises ``InputError`` if the source cannot be read as either.
    """
    file = input_file(source)
    if file.kind == "json":
        from govdisclose.read.json import read_json

        return _of_source(file, read_json(file.filled_content(), file.path))
    from govdisclose.read.workbook.reader import read_workbook

    return _of_source(file, read_workbook(file, memory))


def read_figures(source: Readable | InputFile, memory: Memory | None = None) -> Reading:
    """As ``read``, but without the paragraphs of a workbook: for sums over many of them."""
    file = input_file(source)
    if file.kind != "workbook":
        return read(file, memory)
    from govdisclose.read.workbook.reader import read_workbook_figures

    return _of_source(file, read_workbook_figures(file, memory))


def _of_source(file: InputFile, reading: Reading) -> Reading:
    """The reading; one from memory has no path that could be written beside, or be overwritten."""
    if file.data is None:
        return reading
    return evolve(reading, source=None)


def _read_published(file: InputFile, kind: PublishedKind) -> Reading:
    from govdisclose.read.published.reader import read_published

    data = file.filled_content()
    refuse_other_kind(data, file.name, kind)
    document = _reader(kind)(data, file.name)
    return read_published(document, file.path)


def _reader(kind: PublishedKind) -> Callable[[bytes, str], Document]:
    """The reader of one kind of published report. Each brings its own engine."""
    if kind == "html":
        from govdisclose.read.published.html.page import read_html

        return read_html
    if kind == "docx":
        from govdisclose.read.published.word.reader import read_docx

        return read_docx
    if kind == "pdf":
        from govdisclose.read.published.pdf.reader import read_pdf

        return read_pdf
    if kind == "text":
        from govdisclose.read.published.text.reader import read_text

        return read_text
    raise _no_reader(kind)


def _no_reader(kind: NoReturn) -> ValueError:
    """Never called: the type checker finds a kind of published report that has no reader."""
    return ValueError(f"no reader for {kind}")
