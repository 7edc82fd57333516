"""A clerk's own workbook with a few cells corrected, and nothing else changed.

The cells are replaced byte by byte in the XML of their sheets; every other part of the file is
copied as it is. So formats, comments, drawings and macros stay, which a library that writes
workbooks anew would lose. The result is read back and compared before it is given.
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
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.printed import FORBIDDEN
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport, Prose
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.read.workbook.opening import Book, load_bytes
from govdisclose.read.workbook.parts import BookParts
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


@frozen
class _CellName:
    """A cell of the workbook, by the name of its sheet."""

    sheet: str
    cell: str


def correct_workbook(data: bytes, name: str, changes: Mapping[str, str]) -> Corrected:
    """Correct cells of the workbook ``data``, whose file is called ``name``.

    ``changes`` maps paths (``requests.received.total``, ``overview.2``, ``agency.name``) to what is
    typed in their place. Totals that are formulas over changed cells get their new results, and the
    spreadsheet program calculates all others when it opens the file.

    Raises ``UsageError`` for what can only be corrected in the spreadsheet itself (a formula, a
    cell that is not there), ``InputError`` when the file cannot be read, ``OutputError`` when the
    result does not read back as it should.
    """
    path = Path(name)
    original = load_bytes(data, path)
    before = read_loaded(original, path)
    typed: dict[str, CellText] = {}
    for key, text in changes.items():
        typed[key] = _typed(before, key, text)
    totals = _new_totals(before, typed)
    changed = {**typed, **totals}
    cells: dict[_CellName, CellText] = {}
    for key, content in changed.items():
        cells[_cell_of(before, key)] = content
    made = _written(original, cells, name)
    corrected = load_bytes(made, path)
    after = read_loaded(corrected, path)
    _refuse_difference(before, after, changed)
    lost = tuple(_lost(original, cells))
    return Corrected(made, after, lost)


def _typed(reading: Reading, path: str, text: str) -> CellText:
    """The new content of a cell: a number if the form has one there and the text is one."""
    if FORBIDDEN.search(text):
        raise InputError("文字中含有不能写入工作簿的控制字符，请删去后再试")
    stripped = text.strip()
    if path in outline(reading.report.edition).cells:
        return _typed_figure(stripped)
    section, _, _ = path.partition(".")
    if section in PROSE_SHEETS and "\n" in stripped:
        raise UsageError(f"一段文字里不能换行；要分成几段，{_ELSEWHERE}")
    return CellText(stripped)


def _typed_figure(text: str) -> CellText:
    """A number, in whatever width it was typed; a text if it is none that a spreadsheet can hold."""
    plain = unicodedata.normalize("NFKC", text)
    if not _NUMBER.fullmatch(plain):
        return CellText(text)
    digits = sum(map(str.isdigit, plain))
    if digits > _EXACT_DIGITS:
        return CellText(text)
    unsigned = plain.removeprefix("+")
    return CellText(unsigned, is_number=True)


def _cell_of(reading: Reading, path: str) -> _CellName:
    """The cell that holds a value. Raises ``UsageError`` if there is none."""
    place = reading.places.get(path)
    if place is not None and place.sheet and place.cell:
        return _CellName(place.sheet, place.cell)
    label = _label(reading, path)
    raise UsageError(f"{label} 在工作簿里没有对应的单元格，{_ELSEWHERE}")


def _label(reading: Reading, path: str) -> str:
    """The label of a statutory cell; anything else goes by its path."""
    form = outline(reading.report.edition)
    cell = form.cells.get(path)
    if cell is None:
        return path
    return cell.label


# --- totals -------------------------------------------------------------------------------------


def _new_totals(reading: Reading, typed: Mapping[str, CellText]) -> dict[str, CellText]:
    """The results of the formulas that add changed cells. Raises ``UsageError`` for other formulas."""
    values = reading.report.values()
    figures: set[str] = set()
    for path, content in typed.items():
        if path in values:
            figures.add(path)
            values[path] = _value(content)
    if not figures:
        return {}
    formulas = reading.formulas()
    for path in typed:
        if path in formulas:
            place = reading.place(path)
            raise UsageError(f"{place} 是自动求和的公式，不要改；要改的在它所加的各格之中")
    for path, addends in formulas.items():
        if not addends:
            place = reading.place(path)
            raise UsageError(
                f"{place} 是公式，在这里算不出它的新结果；{_ELSEWHERE}数字，再检查一遍"
            )
    return _summed(reading, formulas, values, figures)


def _value(content: CellText) -> Value:
    """The value of a figure that was typed; a text is none."""
    if not content.is_number:
        return None
    return Decimal(content.text)


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
    unchanged_texts = _numbers_as_text(reading) - changed
    waiting = _depending(sums, changed)
    while waiting:
        ready = [path for path in waiting if waiting.isdisjoint(sums[path])]
        if not ready:
            raise UsageError(f"工作簿里的求和公式互相引用；{_ELSEWHERE}")
        for path in ready:
            addends = sums[path]
            _refuse_texts(reading, addends, unchanged_texts)
            numbers = [known[addend] for addend in addends]
            total = _total(numbers)
            known[path] = total
            found[path] = _result(total)
        waiting.difference_update(ready)
    return found


def _numbers_as_text(reading: Reading) -> set[str]:
    """The cells in which a number is stored as text."""
    paths: set[str] = set()
    for finding in reading.findings:
        if finding.code == V106.code and finding.path:
            paths.add(finding.path)
    return paths


def _result(total: Value) -> CellText:
    """The result of a sum as its cell holds it."""
    if total is None:
        return CellText("")
    return CellText(f"{total:f}", is_number=True)


def _refuse_texts(reading: Reading, addends: Sequence[str], texts: Set[str]) -> None:
    """Refuse a sum with a number stored as text, which Excel would not add."""
    for addend in addends:
        if addend in texts:
            place = reading.place(addend)
            raise UsageError(f"{place} 的数是文本，公式不会把它加进去：请把这一格也改成数字")


def _total(addends: Sequence[Value]) -> Value:
    """The sum of the filled addends; ``None`` if all are blank."""
    filled = [value for value in addends if value is not None]
    if not filled:
        return None
    return sum(filled)


def _depending(sums: Mapping[str, tuple[str, ...]], changed: set[str]) -> set[str]:
    """The sums that change with ``changed``, directly or through other sums."""
    found: set[str] = set()
    while True:
        touched = changed | found
        before = len(found)
        for path, addends in sums.items():
            if not touched.isdisjoint(addends):
                found.add(path)
        if len(found) == before:
            return found


# --- the file -----------------------------------------------------------------------------------


def _written(original: Book, cells: Mapping[_CellName, CellText], name: str) -> bytes:
    """The file with the cells replaced; every other member has the same content as before."""
    try:
        replaced = _new_parts(original.parts, cells)
    except SpliceError as error:
        raise UsageError(f"{name} {error}；{_ELSEWHERE}") from error
    file = io.BytesIO(original.data)
    made = io.BytesIO()
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(made, "w") as copy:
        for info in archive.infolist():
            part = info.filename.replace("\\", "/")
            content = replaced.get(part)
            if content is None:
                content = archive.read(info)
            member = _member(info)
            copy.writestr(member, content)
    return made.getvalue()


def _new_parts(parts: BookParts, cells: Mapping[_CellName, CellText]) -> dict[str, bytes]:
    """The parts that change: sheets with new cells, and the part that asks for a calculation.

    Raises ``SpliceError``.
    """
    found: dict[str, bytes] = {}
    for sheet in parts.sheets:
        wanted = _in_sheet(cells, sheet.name)
        if wanted:
            content = parts.content(sheet.part)
            found[sheet.part] = spliced(content, wanted)
    workbook = parts.content(parts.workbook)
    found[parts.workbook] = recalculated(workbook)
    return found


def _in_sheet(cells: Mapping[_CellName, CellText], sheet: str) -> dict[str, CellText]:
    """The new cells of one sheet."""
    found: dict[str, CellText] = {}
    for name, content in cells.items():
        if name.sheet == sheet:
            found[name.cell] = content
    return found


def _member(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A member's name, date and way of packing, without what belongs to its old content."""
    fresh = zipfile.ZipInfo(info.filename, info.date_time)
    fresh.compress_type = zipfile.ZIP_DEFLATED
    fresh.external_attr = info.external_attr
    fresh.create_system = info.create_system
    return fresh


def _lost(original: Book, cells: Mapping[_CellName, CellText]) -> Iterator[str]:
    """What a changed workbook cannot keep."""
    parts = original.parts
    members = parts.package.namelist()
    if any(name.startswith("_xmlsignatures/") for name in members):
        yield "数字签名（内容一改就失效）"
    strings = parts.content(parts.strings)
    for sheet in parts.sheets:
        changed = _in_sheet(cells, sheet.name)
        if not changed:
            continue
        content = parts.content(sheet.part)
        names = set(changed)
        if has_rich_text(content, strings, names):
            yield f"“{sheet.name}”改过的格里部分文字的格式"


# --- read back ----------------------------------------------------------------------------------


def _refuse_difference(before: Reading, after: Reading, changes: Mapping[str, CellText]) -> None:
    """Raises ``OutputError`` when the corrected workbook says anything else than it should."""
    expected = _said(before.report, changes)
    found = _said(after.report, {})
    if found != expected:
        raise OutputError(f"改正后的工作簿读回来与所改的不一致，没有给出；{_ELSEWHERE}")


def _said(report: AnnualReport, changes: Mapping[str, CellText]) -> dict[str, object]:
    """Figures and paragraphs of a report with ``changes`` in their place, for comparison."""
    said: dict[str, object] = dict(report.values())
    for path, content in changes.items():
        if path in said:
            said[path] = _value(content)
    for section in PROSE_SHEETS:
        prose: Prose = getattr(report, section)
        texts = _said_texts(section, prose, changes)
        said[section] = list(texts)
    return said


def _said_texts(section: str, prose: Prose, changes: Mapping[str, CellText]) -> Iterator[str]:
    """The texts of a section with ``changes`` in their place, without those that are blank."""
    for number, paragraph in enumerate(prose):
        path = f"{section}.{number}"
        change = changes.get(path)
        text = paragraph.text if change is None else change.text
        stripped = text.strip()
        if stripped:
            yield stripped
