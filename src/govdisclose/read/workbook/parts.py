"""The parts of a workbook: its sheets, shared strings and styles, as its relationships name them.

A workbook that Excel would repair or refuse (a sheet without a part, two parts for one purpose) is
refused: a program that guesses reads one of two contents.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

from attrs import field, frozen

from govdisclose.finding import quoted
from govdisclose.package import Package, PackageError
from govdisclose.relationships import (
    Relationship,
    content_type,
    find_part,
    main_part,
    parse,
    relationships,
)

NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespaces of a workbook's elements: the transitional one and the strict one."""

_WORKBOOK_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
)
_OTHER_KINDS = (
    ("ms-excel.sheet.binary", "是 .xlsb 工作簿，请用 Excel 另存为 .xlsx"),
    ("wordprocessingml", "是 Word 文件，不是工作簿"),
    ("ms-word", "是 Word 文件，不是工作簿"),
    ("presentationml", "是演示文稿，不是工作簿"),
)
_WORKSHEET = "worksheet"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true")
_HIDDEN = ("hidden", "veryHidden")


class SheetPart(NamedTuple):
    """One worksheet: its name as Excel shows it, and the name of its part.

    ``hidden`` however deeply it is hidden.
    """

    name: str
    part: str
    hidden: bool = False


@frozen
class BookParts:
    """A workbook taken apart. ``strings`` and ``styles`` are ``None`` where it has none."""

    package: Package = field(repr=False)
    workbook: str
    sheets: tuple[SheetPart, ...]
    strings: str | None
    styles: str | None
    date1904: bool

    def content(self, part: str | None) -> bytes:
        """The bytes of a part, none for ``None``."""
        if part is None:
            return b""
        return self.package.parts[part]


def book_parts(package: Package, *, may_lack: str | None = None) -> BookParts:
    """The parts of a workbook. The sheet whose part is named ``may_lack`` need not be there.

    Raises ``PackageError`` with a Chinese clause that follows the file's name.
    """
    try:
        workbook = main_part(package)
    except PackageError as error:
        raise PackageError(_known_by_name(package) or str(error)) from error
    _refuse_other_kinds(package, workbook)
    content = package.parts[workbook]
    if not content.strip():
        raise PackageError("的工作簿部件是空的，文件已损坏")
    listed = _listed(content)
    related = relationships(package, workbook)
    sheets = _worksheets(package, listed, related, may_lack)
    _refuse_doubled(sheets)
    strings = _only(package, related, "sharedStrings")
    styles = _only(package, related, "styles")
    return BookParts(package, workbook, tuple(sheets), strings, styles, listed.date1904)


def _worksheets(
    package: Package,
    listed: _Listed,
    related: tuple[Relationship, ...],
    may_lack: str | None,
) -> list[SheetPart]:
    """The part of each worksheet. Sheets of charts, dialogs and old macros hold no cells."""
    sheets = []
    missing = []
    for sheet in listed.sheets:
        relation = _relation(related, sheet)
        target = relation.target
        part = None
        if target is not None:
            part = find_part(package, target)
        if part is None and (target is None or target != may_lack):
            missing.append(sheet.name)
        elif relation.kind == _WORKSHEET:
            name_of_part = part or target or ""
            sheets.append(SheetPart(sheet.name, name_of_part, sheet.hidden))
    if missing:
        names = quoted(missing)
        raise PackageError(
            f"缺少工作表{names}的内容，文件不完整，请用 Excel 或 WPS 打开原件另存一份"
        )
    return sheets


_USUAL_NAMES = (
    ("word/document.xml", "是 Word 文件，不是工作簿"),
    ("xl/workbook.bin", "是 .xlsb 工作簿，请用 Excel 另存为 .xlsx"),
    ("ppt/presentation.xml", "是演示文稿，不是工作簿"),
)


def _known_by_name(package: Package) -> str | None:
    """What a package without a main part is by the names of its parts; only to say what to do."""
    for name, words in _USUAL_NAMES:
        if name in package.parts:
            return words
    return (
        None
        if "xl/workbook.xml" in package.parts
        else "里没有工作簿（缺少 xl/workbook.xml），文件不完整或不是 .xlsx"
    )


def _refuse_other_kinds(package: Package, workbook: str) -> None:
    kind = content_type(package, workbook)
    for mark, words in _OTHER_KINDS:
        is_binary = mark == "ms-excel.sheet.binary" and workbook.endswith(".bin")
        if is_binary or mark in kind:
            raise PackageError(words)
    if "word/" in workbook.lower() and kind not in _WORKBOOK_TYPES:
        raise PackageError("是 Word 文件，不是工作簿")
    if kind and kind not in _WORKBOOK_TYPES and not kind.endswith("/xml"):
        raise PackageError(f"的主文档 {workbook} 不是工作簿，文件已损坏或不是 .xlsx")


def _relation(related: tuple[Relationship, ...], sheet: _ListedSheet) -> Relationship:
    found = [relation for relation in related if relation.id == sheet.relation_id]
    if len(found) == 1:
        return found[0]
    state = "不止一份" if found else "找不到"
    raise PackageError(
        f"的工作表“{sheet.name}”的内容{state}，文件已损坏，请用 Excel 或 WPS 打开原件另存一份"
    )


def _refuse_doubled(sheets: list[SheetPart]) -> None:
    names = [sheet.name for sheet in sheets]
    parts = [sheet.part.lower() for sheet in sheets]
    for sheet in sheets:
        if names.count(sheet.name) > 1:
            raise PackageError(
                f"有两张同名的工作表“{sheet.name}”，文件已损坏，请用 Excel 或 WPS 打开后另存一份"
            )
        if parts.count(sheet.part.lower()) > 1:
            raise PackageError(f"有两张工作表的内容是同一个部件 {sheet.part}，文件已损坏")


def _only(package: Package, related: tuple[Relationship, ...], kind: str) -> str | None:
    """The one part of a kind; Excel looks for no other if the relationship leads nowhere."""
    named: set[str] = set()
    for relation in related:
        if relation.kind == kind and relation.target:
            named.add(relation.target)
    if not named:
        return None
    parts: set[str] = set()
    for target in named:
        part = find_part(package, target)
        if part is not None:
            parts.add(part)
    if len(parts) > 1:
        raise PackageError(f"里有两个 {kind} 部件，不知以哪一个为准，文件已损坏")
    if not parts:
        first = min(named)
        raise PackageError(f"缺少部件 {first}，文件不完整")
    return parts.pop()


# --- the workbook part --------------------------------------------------------------------------


class _ListedSheet(NamedTuple):
    """A sheet as the workbook part lists it."""

    name: str
    relation_id: str
    hidden: bool


class _Listed(NamedTuple):
    """The sheets and the date system that the workbook part states."""

    sheets: tuple[_ListedSheet, ...]
    date1904: bool


def _listed(content: bytes) -> _Listed:
    try:
        root = parse(content)
    except PackageError as error:
        raise PackageError("的工作簿部件不是完好的 XML，文件已损坏") from error
    namespace = root.tag.removesuffix("workbook")
    if namespace not in [f"{{{known}}}" for known in NAMESPACES]:
        raise PackageError("的工作簿部件不是工作簿，文件已损坏")
    lists = root.findall(f"{namespace}sheets")
    if len(lists) != 1:
        raise PackageError("的工作簿部件应有一份工作表清单，文件已损坏")
    sheets = []
    for element in lists[0]:
        if element.tag != f"{namespace}sheet":
            raise PackageError("的工作表清单里有不认识的内容，文件已损坏")
        sheets.append(_listed_sheet(element))
    properties = root.find(f"{namespace}workbookPr")
    date1904 = properties is not None and properties.get("date1904") in _TRUE
    return _Listed(tuple(sheets), date1904)


def _listed_sheet(element: Element) -> _ListedSheet:
    written_name = element.get("name", "")
    state = element.get("state", "visible")
    return _ListedSheet(
        name=_shown(written_name),
        relation_id=_relation_id(element),
        hidden=state in _HIDDEN,
    )


def _relation_id(sheet: Element) -> str:
    """The attribute ``r:id`` in any namespace: no other attribute of a sheet has a namespace."""
    found = []
    for key, value in sheet.attrib.items():
        if key.endswith("}id"):
            found.append(value)
    if len(found) == 1:
        return found[0]
    return ""


def _shown(name: str) -> str:
    """A sheet's name as Excel shows it: ``_x4E00_`` is 一; control characters stay as written."""

    def character(match: re.Match[str]) -> str:
        found = chr(int(match[1], 16))
        if found.isprintable():
            return found
        return match[0]

    return _ESCAPE.sub(character, name)
