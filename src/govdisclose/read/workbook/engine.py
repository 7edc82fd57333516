"""Asks calamine whether a number is a date, by the format of its cell.

calamine gets a workbook of one column, written here from checked cells. So it can neither read
another part than Excel would nor reserve memory for cells that are not there.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import cast
from xml.etree.ElementTree import Element, SubElement, tostring

from govdisclose.read.grid import Raw
from govdisclose.read.workbook.cells import Formatted
from govdisclose.read.workbook.parts import NAMESPACES
from govdisclose.read.workbook.styles import Styles

_MAIN = NAMESPACES[0]
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_ROOT = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SPREADSHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SPREADSHEET}.styles+xml"/>'
    f'<Override PartName="/xl/sheet.xml" ContentType="{_SPREADSHEET}.worksheet+xml"/></Types>'
)
_RELATIONSHIPS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="sheet.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)


class UnreadableError(Exception):
    """calamine cannot read the formats or the values."""


def understood(cells: Sequence[Formatted], styles: Styles, *, date1904: bool) -> list[Raw]:
    """The value of each of ``cells`` by its format: a number, a date, a time, a duration.

    Raises ``UnreadableError``.
    """
    from python_calamine import CalamineWorkbook

    data = _book(cells, _styles_part(styles), date1904)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a dozen types; when it panics, one that is no Exception
        raise UnreadableError from error
    found: list[Raw] = []
    for row in rows:
        value = row[0]
        found.append(None if value == "" else cast(Raw, value))
    return found


def _styles_part(styles: Styles) -> bytes:
    """The formats as an engine reads them, without fonts, fills and counts."""
    root = Element("styleSheet", xmlns=_MAIN)
    numbers = SubElement(root, "numFmts")
    for key, code in styles.own.items():
        SubElement(numbers, "numFmt", numFmtId=key, formatCode=code)
    cells = SubElement(root, "cellXfs")
    for cell in styles.formats:
        SubElement(cells, "xf", numFmtId=cell.number)
    written: bytes = tostring(root, "utf-8")
    return written


def _book(cells: Sequence[Formatted], styles: bytes, date1904: bool) -> bytes:
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT,
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(date1904)}"/>'
            '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _RELATIONSHIPS,
        "xl/styles.xml": styles,
        "xl/sheet.xml": _sheet(cells),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _sheet(cells: Sequence[Formatted]) -> str:
    rows = []
    for number, cell in enumerate(cells, 1):
        rows.append(
            f'<row r="{number}"><c r="A{number}" s="{cell.style}" t="{cell.kind}"><v>{cell.text}</v></c></row>'
        )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'
