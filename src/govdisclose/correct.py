"""A clerk's own workbook with a few cells corrected, and nothing else changed.

The cells are replaced byte by byte in the XML of their sheets; every other part of the file is copied
as it is. So formats, comments, drawings and macros stay, which a library that writes workbooks anew
would lose. The result is read back and compared before it is given.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal
from pathlib import Path

from attrs import field, frozen

from govdisclose.errors import InputError, OutputError, UsageError
from govdisclose.finding import Place
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.printed import FORBIDDEN
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.read.workbook.opening import Book, load_bytes
from govdisclose.read.workbook.reader import read_loaded
from govdisclose.read.workbook.splice import (
    CellText,
    SpliceError,
    has_rich_text,
    recalculated,
    spliced,
)
from govdisclose.rules.values import V106

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_EXACT_DIGITS = 15
"""A spreadsheet holds no more digits of a number than these."""

_ELSEWHERE = "请在 Excel 或 WPS 中改正"


@frozen
class Corrected:
    """The corrected workbook, and in Chinese words what it could not keep."""

    data: bytes = field(repr=False)
    reading: Reading
    lost: tuple[str, ...] = ()


def correct_workbook(data: bytes, name: str, changes: Mapping[str, str]) -> Corrected:
    """Correct cells of the workbook ``data``, whose file is called ``name``.

    ``changes`` maps paths (``requests.received.total``, ``overview.2``, ``agency.name``) to what is
    typed in their place. Totals that are formulas over changed cells get their new results, and the
    spreadsheet program calculates all others when it opens the file.

    Raises ``UsageError`` for what can only be corrected in the spreadsheet itself (a formula, a cell
    that is not there), ``InputError`` when the file cannot be read, ``OutputError`` when the result
    does not read back as it should.
    """
    path = Path(name)
    original = load_bytes(data, path)
    before = read_loaded(original, path)
    typed = {key: _typed(before, key, text) for key, text in changes.items()}
    figures = {key: value for key, value in typed.items() if key in before.report.values()}
    totals = _new_totals(before, figures)
    cells = {_place(before, key): value for key, value in {**typed, **totals}.items()}
    made = _written(original, cells, name)
    after = read_loaded(load_bytes(made, path), path)
    _refuse_difference(before, after, typed, totals)
    return Corrected(made, after, tuple(_lost(original, cells)))


def _typed(reading: Reading, path: str, text: str) -> CellText:
    """The new content of a cell: a number if the form has one there and the text is one."""
    if FORBIDDEN.search(text):
        raise InputError("文字中含有不能写入工作簿的控制字符，请删去后再试")
    stripped = text.strip()
    if path not in outline(reading.report.edition).cells:
        if path.split(".")[0] in PROSE_SHEETS and "\n" in stripped:
            raise UsageError(f"一段文字里不能换行；要分成几段，{_ELSEWHERE}")
        return CellText(stripped)
    plain = unicodedata.normalize("NFKC", stripped)
    digits = sum(character.isdigit() for character in plain)
    if _NUMBER.fullmatch(plain) and digits <= _EXACT_DIGITS:
        return CellText(plain.removeprefix("+"), is_number=True)
    return CellText(stripped)


def _place(reading: Reading, path: str) -> tuple[str, str]:
    place = reading.places.get(path, Place())
    if not place.sheet or not place.cell:
        raise UsageError(f"{_label(reading, path)} 在工作簿里没有对应的单元格，{_ELSEWHERE}")
    return place.sheet, place.cell


def _label(reading: Reading, path: str) -> str:
    cell = outline(reading.report.edition).cells.get(path)
    return path if cell is None else cell.label


# --- totals -------------------------------------------------------------------------------------


def _new_totals(reading: Reading, figures: Mapping[str, CellText]) -> dict[str, CellText]:
    """The results of the formulas that add changed cells. Raises ``UsageError`` for other formulas."""
    formulas = reading.formulas() if figures else {}
    for path in figures:
        if path in formulas:
            raise UsageError(
                f"{reading.place(path)} 是自动求和的公式，不要改；要改的在它所加的各格之中"
            )
    for path, addends in formulas.items():
        if not addends:
            raise UsageError(
                f"{reading.place(path)} 是公式，在这里算不出它的新结果；{_ELSEWHERE}数字，再检查一遍"
            )
    values = reading.report.values()
    for path, typed in figures.items():
        values[path] = Decimal(typed.text) if typed.is_number else None
    return _summed(reading, formulas, values, set(figures))


def _summed(
    reading: Reading,
    sums: Mapping[str, tuple[str, ...]],
    values: Mapping[str, Value],
    changed: set[str],
) -> dict[str, CellText]:
    """The sums over changed cells, and the sums over these sums; each after its addends.

    Raises ``UsageError`` for a sum that cannot be calculated.
    """
    found: dict[str, CellText] = {}
    known = dict(values)
    texts = {finding.path for finding in reading.findings if finding.code == V106.code}
    unchanged_texts = texts - changed
    waiting = _depending(sums, changed)
    while waiting:
        ready = [path for path in waiting if waiting.isdisjoint(sums[path])]
        if not ready:
            raise UsageError(f"工作簿里的求和公式互相引用；{_ELSEWHERE}")
        for path in ready:
            _refuse_texts(reading, sums[path], unchanged_texts)
            total = _total([known[addend] for addend in sums[path]])
            known[path] = total
            found[path] = CellText("" if total is None else f"{total:f}", total is not None)
            waiting.discard(path)
    return found


def _refuse_texts(reading: Reading, addends: Sequence[str], texts: Set[str | None]) -> None:
    """Refuse a sum with a number stored as text, which Excel would not add."""
    for addend in addends:
        if addend in texts:
            place = reading.place(addend)
            raise UsageError(f"{place} 的数是文本，公式不会把它加进去：请把这一格也改成数字")


def _total(addends: Sequence[Value]) -> Value:
    """The sum of the filled addends; ``None`` if all are blank."""
    filled = [value for value in addends if value is not None]
    return sum(filled) if filled else None


def _depending(sums: Mapping[str, tuple[str, ...]], changed: set[str]) -> set[str]:
    """The sums that change with ``changed``, directly or through other sums."""
    found: set[str] = set()
    while True:
        touched = changed | found
        more = {path for path, addends in sums.items() if not touched.isdisjoint(addends)}
        if more <= found:
            return found
        found |= more


# --- the file -----------------------------------------------------------------------------------


def _written(original: Book, cells: Mapping[tuple[str, str], CellText], name: str) -> bytes:
    """The file with the cells replaced; every other member has the same content as before."""
    parts = original.parts
    replaced: dict[str, bytes] = {}
    try:
        for sheet in parts.sheets:
            wanted = {cell: text for (named, cell), text in cells.items() if named == sheet.name}
            if wanted:
                replaced[sheet.part] = spliced(parts.content(sheet.part), wanted)
        replaced[parts.workbook] = recalculated(parts.content(parts.workbook))
    except SpliceError as error:
        raise UsageError(f"{name} {error}；{_ELSEWHERE}") from error
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(original.data)) as archive,
        zipfile.ZipFile(made, "w") as copy,
    ):
        for info in archive.infolist():
            content = replaced.get(info.filename.replace("\\", "/"))
            copy.writestr(_member(info), archive.read(info) if content is None else content)
    return made.getvalue()


def _member(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A member's name, date and way of packing, without what belongs to its old content."""
    fresh = zipfile.ZipInfo(info.filename, info.date_time)
    fresh.compress_type = zipfile.ZIP_DEFLATED
    fresh.external_attr = info.external_attr
    fresh.create_system = info.create_system
    return fresh


def _lost(original: Book, cells: Mapping[tuple[str, str], CellText]) -> Iterator[str]:
    """What a changed workbook cannot keep."""
    parts = original.parts
    if any(name.startswith("_xmlsignatures/") for name in parts.package.namelist()):
        yield "数字签名（内容一改就失效）"
    strings = parts.content(parts.strings)
    for sheet in parts.sheets:
        wanted = {cell for named, cell in cells if named == sheet.name}
        if wanted and has_rich_text(parts.content(sheet.part), strings, wanted):
            yield f"“{sheet.name}”改过的格里部分文字的格式"


# --- read back ----------------------------------------------------------------------------------


def _refuse_difference(
    before: Reading,
    after: Reading,
    typed: Mapping[str, CellText],
    totals: Mapping[str, CellText],
) -> None:
    """Raises ``OutputError`` when the corrected workbook says anything else than it should."""
    if _said(before.report, {**typed, **totals}) != _said(after.report, {}):
        raise OutputError(f"改正后的工作簿读回来与所改的不一致，没有给出；{_ELSEWHERE}")


def _said(report: AnnualReport, changes: Mapping[str, CellText]) -> dict[str, object]:
    """Figures and paragraphs of a report with ``changes`` in their place, for comparison."""
    said: dict[str, object] = dict(report.values())
    for path, text in changes.items():
        if path in said:
            said[path] = Decimal(text.text) if text.is_number else None
    for section in PROSE_SHEETS:
        texts = [paragraph.text for paragraph in getattr(report, section)]
        for number in range(len(texts)):
            change = changes.get(f"{section}.{number}")
            texts[number] = texts[number] if change is None else change.text
        said[section] = [text.strip() for text in texts if text.strip()]
    return said
