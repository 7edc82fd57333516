"""Good inputs of every kind, from which mutants are made: all made by the project itself."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve, frozen
from openpyxl import load_workbook

from govdisclose import AnnualReport, render_report
from govdisclose.read.json import read_data
from govdisclose.roster import RosterUnit, write_roster
from govdisclose.write.data import report_to_json
from govdisclose.write.web import page_html
from govdisclose.write.word.loading import template_folder
from govdisclose.write.workbook import workbook_bytes
from mutants_package import pack, unpack

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from support.published import RENDERERS, Style  # noqa: E402  # of the tests, whose folder is no package

_SAVED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@frozen
class Good:
    """One good input: the name of its file, and its content."""

    name: str
    data: bytes


def _reports() -> Iterator[tuple[str, AnnualReport]]:
    for source in sorted((ROOT / "tools" / "samples").glob("*.json")):
        data = json.loads(source.read_text(encoding="utf-8"), parse_float=Decimal)
        data.pop("as_typed", None)
        data.pop("mistakes", None)
        yield source.stem, read_data(data, source).report


def _with_other_figures(report: AnnualReport) -> AnnualReport:
    """The same report, every figure that is there one more: another unit's workbook of the same form."""
    values = {}
    for path, value in report.values().items():
        values[path] = None if value is None else value + 1
    return report.with_values(values)


def _saved_by_openpyxl(data: bytes) -> bytes:
    """The same workbook after a save that drops the results of formulas, always with the same bytes."""
    out = io.BytesIO()
    load_workbook(io.BytesIO(data)).save(out)
    members = []
    for member in unpack(out.getvalue()):
        members.append(
            evolve(member, content=_SAVED.sub(rb"\g<1>2025-01-20T09:00:00Z", member.content))
        )
    return pack(members)


def _workbooks() -> Iterator[Good]:
    for stem, report in _reports():
        yield Good(f"{stem}.xlsx", (ROOT / "sample_workbooks" / f"{stem}.xlsx").read_bytes())
        yield Good(f"{stem}-2.xlsx", workbook_bytes(_with_other_figures(report)))
        yield Good(f"{stem}-saved.xlsx", _saved_by_openpyxl(workbook_bytes(report)))


def _documents() -> Iterator[Good]:
    for stem, report in _reports():
        yield Good(f"{stem}.docx", render_report(report, draft=True).data)


def _pages() -> Iterator[Good]:
    for stem, report in _reports():
        yield Good(f"{stem}.html", page_html(report, draft=False, findings=()).encode())
        yield Good(f"{stem}-site.html", RENDERERS["html"](report, Style(framed=True)))


def _texts() -> Iterator[Good]:
    for stem, report in _reports():
        for ending in ("txt", "md", "rows.txt", "pages.txt"):
            yield Good(f"{stem}.{ending}", RENDERERS[ending](report, Style()))


def _prints() -> Iterator[Good]:
    for stem, report in _reports():
        yield Good(f"{stem}.pdf", render_report(report, "pdf", draft=True).data)


def _data() -> Iterator[Good]:
    for stem, report in _reports():
        yield Good(f"{stem}.json", report_to_json(report).encode())


def _rosters() -> Iterator[Good]:
    units = [RosterUnit("", "某某市人民政府", "11420100000000000X", level="市级")]
    units += [
        RosterUnit("", f"某某市第{n}局", f"1142010000000{n:04}X", "某某市人民政府", "部门")
        for n in range(1, 31)
    ]
    with TemporaryDirectory() as folder:
        yield Good("roster.xlsx", write_roster(Path(folder) / "roster.xlsx", units).read_bytes())


def _templates() -> Iterator[Good]:
    for path in sorted(template_folder().glob("*.docx")):
        yield Good(path.name, path.read_bytes())


MAKERS = {
    "xlsx": _workbooks,
    "docx": _documents,
    "html": _pages,
    "txt": _texts,
    "pdf": _prints,
    "json": _data,
    "roster": _rosters,
    "template": _templates,
}
"""By kind of input."""


def good_inputs(kind: str, most: int | None = None) -> list[Good]:
    """The good inputs of one kind, always the same: all, or the first ``most``."""
    return list(islice(MAKERS[kind](), most))
