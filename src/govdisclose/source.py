"""Where a report comes from: whatever a function of the library takes for one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from govdisclose.errors import UsageError
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport
from govdisclose.read import read
from govdisclose.read.source import Readable, input_file
from govdisclose.session import Session

PathLike: TypeAlias = str | os.PathLike[str]

Template: TypeAlias = Readable
"""A user's own Word template: a path, the bytes of a file, or a file opened in binary mode."""

Source: TypeAlias = Readable | Reading | AnnualReport
"""A file, the reading of a file, or a report that was built in Python."""


def read_report(source: Readable) -> Reading:
    """Read a workbook, a JSON export, or a published report (.html .docx .txt .md .pdf).

    ``source`` is a path, the bytes of a file, or a file opened in binary mode. A path is read as
    its suffix says. The content of bytes and open files shows what they are; findings name them by
    the name of the open file, or as 内存中的文件.

    Raises ``InputError`` when the source can be read as none of these kinds.

    Examples:
        >>> from govdisclose import read_report
        >>> reading = read_report("sample_workbooks/huaian-2024.xlsx")
        >>> reading.report.agency.name, reading.report.year
        ('淮安市人民政府', 2024)
    """
    return read(source)


def reading_of(source: Source, session: Session | None = None) -> Reading:
    """The reading of any source. Raises ``InputError``."""
    if isinstance(source, AnnualReport):
        from govdisclose.read.from_python import read_built

        return read_built(source)
    if isinstance(source, Reading):
        return source
    return read(source, session.memory if session else None)


def template_of(template: Template) -> Path | bytes:
    """A template's path, or the content of one that is in memory. Raises ``InputError``."""
    if isinstance(template, str | os.PathLike):
        return Path(template)
    return input_file(template).content()


def real(path: PathLike) -> Path:
    """Return where a path leads. Unlike ``Path.resolve``, this takes a link that leads to itself."""
    return Path(os.path.realpath(path))


def place_of(given: object) -> Path | None:
    """The place on the disk of a source, as a path or opened; ``None`` for one in memory."""
    if isinstance(given, Reading):
        return given.source
    if isinstance(given, str | os.PathLike):
        return Path(given)
    name = getattr(given, "name", None)
    if not isinstance(name, str | os.PathLike):
        return None
    path = Path(name)
    return path if _is_same_file(path, given) else None


def refuse_input(output: Path, *inputs: object) -> None:
    """Raise ``UsageError`` for an output that is one of the inputs: writing would destroy it."""
    for given in inputs:
        file = given.source if isinstance(given, Reading) else given
        if _is_same_file(output, file):
            raise UsageError(f"输出 {output} 就是输入文件，请换一个名称")


def _is_same_file(output: Path, given: object) -> bool:
    """Whether an output is the file that was given, as a path or opened."""
    try:
        if isinstance(given, str | os.PathLike):
            return os.path.samefile(output, given)
        if hasattr(given, "fileno"):
            return os.path.samestat(output.stat(), os.fstat(given.fileno()))
    except (OSError, ValueError):  # a file that does not exist, is closed, or is in memory only
        return False
    return False
