"""Workbooks read in both ways: as known sheets and by a parser."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from govdisclose import Agency, AnnualReport
from govdisclose.errors import InputError
from govdisclose.form.reading import Reading
from govdisclose.read.memory import Memory
from govdisclose.read.workbook import reader as workbook
from support.reports import consistent_report

Said = str | tuple[object, ...]


RELATIONS = "xl/_rels/workbook.xml.rels"


class Known:
    """The memory that ``quickly`` and ``wholly`` read with."""

    memory = Memory()


def forget() -> None:
    Known.memory = Memory()


def unit(seed: int) -> AnnualReport:
    return consistent_report(seed=seed).evolve(
        agency=Agency(f"某某市第{seed}局", f"1142010000000{seed:05}"), title=""
    )


def said(read: Callable[[Path], Reading], path: Path) -> Said:
    """Everything a reading says, or the words in which the file is refused."""
    try:
        found = read(path)
    except InputError as error:
        return str(error)
    report = found.report
    kinds = [type(value) for value in report.values().values()]
    return report, kinds, dict(found.places), found.findings, found.unread, found.explanations


def by_parser(path: Path) -> Reading:
    """As ``quickly`` reads, without any memory."""
    return workbook.read_workbook_figures(path)


def quickly(path: Path) -> Reading:
    return workbook.read_workbook_figures(path, Known.memory)


def wholly(path: Path) -> Reading:
    return workbook.read_workbook(path, Known.memory)


def repacked(data: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, changes.get(name, bytes)(before.read(name)))
    return stream.getvalue()


def swap(old: bytes | str, new: bytes | str, count: int = 1) -> Callable[[bytes], bytes]:
    pattern, into = (part.encode() if isinstance(part, str) else part for part in (old, new))
    return lambda content: re.sub(pattern, into, content, count=count)
