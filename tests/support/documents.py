"""Word documents made for tests, and their PDFs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from govdisclose.form.report import AnnualReport
from govdisclose.write.office import convert
from govdisclose.write.word import load_template, render

_MAIN = "word/document.xml"
_TABLE = re.compile(b"<w:tbl>.*?</w:tbl>", re.DOTALL)


def made(report: AnnualReport, **options: Any) -> bytes:
    return render(report, load_template(report.edition), **options)


def without_tables(word: bytes) -> bytes:
    """A document with its prose alone: the tables take half the time of LibreOffice."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as source, zipfile.ZipFile(out, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(name, _TABLE.sub(b"", data) if name == _MAIN else data)
    return out.getvalue()


def as_pdfs(words: Sequence[bytes]) -> list[bytes]:
    """The PDFs of some documents, by one start of LibreOffice."""
    found = []
    for pdf in convert(words, seconds=300):
        assert isinstance(pdf, bytes), pdf
        found.append(pdf)
    return found
