"""Workbooks with one damaged part: refused in a sentence that says what is damaged, or read without it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from attrs import frozen
from openpyxl.worksheet.formula import ArrayFormula

from govdisclose import check_report, read_report
from govdisclose.errors import InputError
from govdisclose.write.workbook import data_cells
from support.reports import EDITION_2021, consistent_report, opened, written
from support.sheets import repacked

REPORT = consistent_report()
BOOK = written(REPORT)
WORKBOOK = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet4.xml"
"""一、总体情况."""
TABLE = "xl/worksheets/sheet6.xml"
"""三、依申请公开."""
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
TYPES = "[Content_Types].xml"

Change = Callable[[bytes], bytes]


@frozen
class Damage:
    """A change of one part, and the words of the refusal."""

    part: str
    change: Change
    words: str = ""


def replace(old: bytes, new: bytes) -> Change:
    """Replace all that a pattern finds; it must be there."""

    def changed(part: bytes) -> bytes:
        made, count = re.subn(old, new, part, flags=re.DOTALL)
        assert count
        return made

    return changed


def first(old: bytes, new: bytes) -> Change:
    """As ``replace``, the first place only."""

    def changed(part: bytes) -> bytes:
        made, count = re.subn(old, new, part, count=1, flags=re.DOTALL)
        assert count
        return made

    return changed


def cut(length: int) -> Change:
    return lambda part: part[:length]


def cell(content: bytes) -> Change:
    """Another type and content for the first cell of a table that holds a number."""
    return first(
        rb'<c r="([D-I]\d+)"( s="\d+")><v>[^<]*</v></c>', rb'<c r="\1"\2 ' + content + b"</c>"
    )


REFUSED = {
    "a blank workbook part": Damage(WORKBOOK, lambda part: b" ", "工作簿部件是空的"),
    "a workbook part cut off": Damage(WORKBOOK, cut(200), "工作簿部件不是完好的 XML"),
    "another root": Damage(WORKBOOK, replace(rb"(</?)workbook(?=[ >])", rb"\1other"), "工作簿部件不是工作簿"),
    "two lists of sheets": Damage(WORKBOOK, first(b"</sheets>", b"</sheets><sheets/>"), "应有一份工作表清单"),
    "a strange element among the sheets": Damage(WORKBOOK, first(b"<sheets>", b"<sheets><x/>"), "工作表清单里有不认识的内容"),
    "a sheet that is not there": Damage("xl/_rels/workbook.xml.rels", first(rb"worksheets/sheet4.xml", b"worksheets/none.xml"), "缺少工作表“一、总体情况”的内容"),
    "the type of another document": Damage(TYPES, first(rb"application/[a-z.\-]+spreadsheetml.sheet.main\+xml", b"text/plain"), "主文档 xl/workbook.xml 不是工作簿"),
    "a strange element in a row": Damage(SHEET, first(rb"(<row [^>]*>)", rb"\1<x/>"), "一、总体情况”已损坏（第 1 行有不认识的内容 <x>"),
    "a sheet cut off": Damage(SHEET, cut(3000), "一、总体情况”已损坏（不是完好的 XML"),
    "no number of a row": Damage(SHEET, first(rb'<row r="\d+"', b'<row r="x"'), "行号“x”无法识别"),
    "a text where a number is stated": Damage(TABLE, cell(b't="n"><is><t>5</t></is>'), "的类型与内容不符"),
    "a logical value that is none": Damage(TABLE, cell(b't="b"><v>7</v>'), "存的“7”与它的类型（b）不符"),
    "an unknown type": Damage(TABLE, cell(b't="q"><v>7</v>'), "存的“7”与它的类型（q）不符"),
    "a string that is not there": Damage(SHEET, first(rb't="s"><v>\d+<', b't="s"><v>99999<'), "存的“99999”与它的类型（s）不符"),
    "a merged area beyond the sheet": Damage(SHEET, first(rb'mergeCell ref="[^"]*"', b'mergeCell ref="A1:XFE1"'), "超出工作表的范围"),
    "a merged area that is none": Damage(SHEET, first(rb'mergeCell ref="[^"]*"', b'mergeCell ref="A1:"'), "合并区域“A1:”无法识别"),
    "merged areas that overlap": Damage(SHEET, first(rb"(<mergeCells[^>]*>)", rb'\1<mergeCell ref="A1:A4"/>'), "合并区域互相重叠"),
    "another root of the texts": Damage(STRINGS, replace(rb"(</?)sst(?=[ >])", rb"\1other"), "不是文字清单"),
    "a strange element among the texts": Damage(STRINGS, first(b"<si>", b"<x/><si>"), "共享文字里有不认识的内容"),
    "texts cut off": Damage(STRINGS, cut(300), "共享文字的部件不是完好的 XML"),
    "texts in another encoding": Damage(STRINGS, first(b"<si><t>", b"<si><t>\xff"), "共享文字的部件不是完好的 XML"),
    "another root of the styles": Damage(STYLES, replace(rb"(</?)styleSheet(?=[ >])", rb"\1other"), "样式部件不是样式"),
    "no styles but a text": Damage(STYLES, lambda part: b"junk", "样式部件不是完好的 XML"),
    "styles cut off": Damage(STYLES, cut(600), "”在样式表里没有"),
}  # fmt: skip


@pytest.mark.parametrize("damage", REFUSED.values(), ids=REFUSED)
def test_a_damaged_part_is_named_in_the_refusal(damage: Damage) -> None:
    with pytest.raises(InputError) as refused:
        read_report(repacked(BOOK, {damage.part: damage.change}))
    assert damage.words in str(refused.value)


def test_letters_of_no_size_that_can_be_read_are_read_as_they_are() -> None:
    odd = repacked(BOOK, {STYLES: replace(rb'<sz val="[^"]*"', b'<sz val="big"')})
    assert read_report(odd).report == REPORT
    assert check_report(odd) == []


def test_a_format_whose_number_cannot_be_read_is_told_at_every_figure() -> None:
    odd = repacked(BOOK, {STYLES: replace(rb'numFmtId="\d+"', b'numFmtId="x"')})
    unread = read_report(odd).unread
    assert set(REPORT.values()) <= unread


# --- formulas -----------------------------------------------------------------------------------

CELLS = data_cells(EDITION_2021)
GROUP = "disputes.litigation.direct"
PARTS = tuple(f"{GROUP}.{leaf}" for leaf in ("upheld", "corrected", "other", "pending"))


def test_a_formula_that_several_cells_share_is_one_of_each_of_them() -> None:
    """Excel writes a formula that was filled to the right once, and its number in the other cells."""
    content = opened(BOOK)["四、复议诉讼"]
    column = {path: CELLS[path][2] for path in CELLS}
    totals = [f"{group}.total" for group in (GROUP, "disputes.litigation.after_review")]
    addresses = [content.cell(CELLS[p][1] + 1, column[p] + 1).coordinate for p in totals]
    values = [int(REPORT.values()[path] or 0) for path in totals]
    formula = str(content[addresses[0]].value).removeprefix("=")
    own = [rf'<c r="{a}"( s="\d+")[^>]*><f>[^<]*</f><v>[^<]*</v></c>'.encode() for a in addresses]
    head = f'<c r="{addresses[0]}"\\1><f t="shared" ref="{addresses[0]}:{addresses[1]}" si="0">'
    tail = f'<c r="{addresses[1]}"\\1><f t="shared" si="0"/><v>{values[1]}</v></c>'

    def shared(part: bytes) -> bytes:
        part = first(own[0], f"{head}{formula}</f><v>{values[0]}</v></c>".encode())(part)
        return first(own[1], tail.encode())(part)

    reading = read_report(repacked(BOOK, {"xl/worksheets/sheet7.xml": shared}))
    assert reading.report == REPORT
    assert reading.formulas() == read_report(BOOK).formulas()


def test_every_cell_that_an_array_formula_fills_is_a_formula() -> None:
    book = opened(BOOK)
    sheet = book["四、复议诉讼"]
    places = [sheet.cell(CELLS[path][1] + 1, CELLS[path][2] + 1) for path in PARTS]
    for place, path in zip(places, PARTS, strict=True):
        place.value = REPORT.values()[path]
    area = f"{places[0].coordinate}:{places[-1].coordinate}"
    places[0].value = ArrayFormula(area, "=A1:D1")
    stream = io.BytesIO()
    book.save(stream)
    formulas = read_report(io.BytesIO(stream.getvalue())).formulas()
    assert {path: formulas[path] for path in PARTS} == dict.fromkeys(PARTS, ())
