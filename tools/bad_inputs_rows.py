"""The rows of tools/bad_inputs.py: how each bad input is made, and the right result."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from attrs import Factory, frozen
from docx import Document
from openpyxl import Workbook, load_workbook

from govdisclose import Agency, AnnualReport, Paragraph, read_report, render_report
from govdisclose.write.data import report_to_json
from govdisclose.write.web import page_html
from govdisclose.write.word.loading import template_folder
from govdisclose.write.workbook import workbook_bytes
from mutants_package import Member, pack, unpack

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from support.reports import EDITION_2019, consistent_report  # noqa: E402  # of the tests, whose folder is no package

BOOK = "某某局.xlsx"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DTD = b'?><!DOCTYPE x [<!ENTITY a "b">]>'
LAUGHS = (
    b'?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;">' % (c + 1, c, c, c) for c in range(97, 115))
    + b"]>"
)
XXE = b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

IN_FORCE = "proactive.regulations.in_force"
GRANTED = "requests.outcomes.granted.natural_person"
TOTAL = "requests.received.total"
FEES = "proactive.fees.amount"


@frozen
class Row:
    """One bad input.

    ``make`` puts the files into a folder, ``command`` is run there. ``codes`` are the exit codes that are right,
    ``names`` the file that a message must name, ``says`` other words of it, ``makes`` patterns of the files that
    may, and with exit code 0 must, be there afterwards,
    ``keeps`` of those that are also right to be there when it fails. ``quick`` rows also run in the tests.
    """

    name: str
    make: Callable[[Path], object]
    command: tuple[str, ...]
    codes: tuple[int, ...]
    names: str = BOOK
    says: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    quick: bool = False
    environment: Mapping[str, str] = Factory(dict)
    before: tuple[str, ...] = ()
    encoding: str = "utf-8"


NOT_HERE = {
    "output open in Word": "needs the locks of Windows",
    "input open in Excel": "needs the locks of Windows",
    "no permission": "the superuser may read and write everything"
    if os.geteuid() == 0
    else "made by the tests",
    "internal fault": "there is none to make from outside; the tests raise one",
    "LibreOffice hanging": "takes the two minutes of its limit; the tests have a shorter one",
}
"""Rows that this machine cannot make, and why."""


# --- good files ---------------------------------------------------------------------------------


@cache
def report() -> AnnualReport:
    """A report without findings."""
    return consistent_report()


@cache
def book() -> bytes:
    """Its workbook."""
    return workbook_bytes(report())


@cache
def places() -> dict[str, tuple[str, str]]:
    """Sheet and address of everything in that workbook, by path."""
    path = ROOT / "sample_workbooks" / "huaian-2024.xlsx"
    reading = read_report(path)
    return {key: (place.sheet or "", place.cell or "") for key, place in reading.places.items()}


def _word(of: AnnualReport | None = None) -> bytes:
    return render_report(of or report()).data


# --- ways to make a bad one ---------------------------------------------------------------------


def as_file(name: str, data: bytes | Callable[[], bytes]) -> Callable[[Path], object]:
    """One file with these bytes."""
    return lambda folder: (folder / name).write_bytes(data() if callable(data) else data)


def nothing(_folder: Path) -> None:
    """No file at all."""


def parts(
    change: Callable[[list[Member]], list[Member]], base: Callable[[], bytes] = book
) -> Callable[[], bytes]:
    """The good workbook with other members."""
    return lambda: pack(change(unpack(base())))


def without(*names: str) -> Callable[[], bytes]:
    """Without some of its parts."""
    return parts(lambda members: [member for member in members if member.name not in names])


def replaced(name: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    """With other words in the parts whose name ends so."""

    def change(members: list[Member]) -> list[Member]:
        changed = []
        for member in members:
            content = (
                member.content.replace(old, new, 1)
                if member.name.endswith(name)
                else member.content
            )
            changed.append(Member(member.name, content))
        return changed

    return parts(change)


def with_member(name: str, content: bytes) -> Callable[[], bytes]:
    """With a member more."""
    return parts(lambda members: [*members, Member(name, content)])


def edited(edit: Callable[[Workbook], Any]) -> Callable[[], bytes]:
    """The good workbook after a change in a spreadsheet program."""

    def data() -> bytes:
        opened = load_workbook(io.BytesIO(book()))
        edit(opened)
        out = io.BytesIO()
        opened.save(out)
        return out.getvalue()

    return data


def typed(path: str, value: Any, number_format: str | None = None) -> Callable[[], bytes]:
    """The good workbook with something typed into one place."""

    def edit(opened: Workbook) -> None:
        sheet, address = places()[path]
        cell = opened[sheet][address]
        cell.value = value
        if number_format is not None:
            cell.number_format = number_format

    return edited(edit)


def stored(path: str, cell: bytes) -> Callable[[], bytes]:
    """The good workbook with other XML in one cell: what follows its address and style."""
    sheet, address = places()[path]
    number = list(load_workbook(io.BytesIO(book()), read_only=True).sheetnames).index(sheet) + 1

    def change(members: list[Member]) -> list[Member]:
        changed = []
        for member in members:
            content = member.content
            if member.name == f"xl/worksheets/sheet{number}.xml":
                pattern = rb'<c r="' + address.encode() + rb'"( s="\d+")?[^>]*?(?:/>|>.*?</c>)'
                content = re.sub(
                    pattern,
                    lambda found: b'<c r="' + address.encode() + b'"' + (found[1] or b"") + cell,
                    content,
                    count=1,
                )
            changed.append(Member(member.name, content))
        return changed

    return parts(change)


def own_text(path: str, dress: Callable[[str], str]) -> Callable[[], bytes]:
    """The good workbook with a number that is there as a text."""
    return lambda: typed(path, dress(str(report().values()[path])))()


def with_prose(text: str) -> Callable[[], bytes]:
    """The good workbook with another paragraph."""
    return lambda: workbook_bytes(report().evolve(problems=(Paragraph(text),)))


def long_text(length: int) -> str:
    """A text that does not repeat itself, as no real one does: what repeats itself looks like a bomb."""
    rng = Random(1)
    return "".join(chr(rng.randint(0x4E00, 0x9FA5)) for _ in range(length))


def from_agency(name: str) -> Callable[[], bytes]:
    """The good workbook of an agency called so."""
    return lambda: workbook_bytes(report().evolve(agency=Agency(name, None, "agency"), title=""))


def template(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """The good workbook, and a template whose text is changed."""

    def make(folder: Path) -> None:
        (folder / BOOK).write_bytes(book())
        members = []
        for member in unpack((template_folder() / "2021.docx").read_bytes()):
            content = (
                change(member.content) if member.name == "word/document.xml" else member.content
            )
            members.append(Member(member.name, content))
        (folder / "模板.docx").write_bytes(pack(members))

    return make


def beside(*files: tuple[str, bytes | Callable[[], bytes]]) -> Callable[[Path], None]:
    """The good workbook with other files beside it, or in folders below."""

    def make(folder: Path) -> None:
        (folder / BOOK).write_bytes(book())
        for name, data in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data() if callable(data) else data)

    return make


def books(
    *names: str, agency: str = "某某市第{}局", bad: Mapping[str, bytes] | None = None
) -> Callable[[Path], None]:
    """A folder of good workbooks, and of bad ones."""

    def make(folder: Path) -> None:
        inbox = folder / "收件"
        inbox.mkdir()
        for number, name in enumerate(names):
            (inbox / name).write_bytes(from_agency(agency.format(number))())
        for name, data in (bad or {}).items():
            (inbox / name).write_bytes(data)

    return make


def _encrypted() -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(book())).encrypt("对的密码", out)
    return out.getvalue()


def _zipped(**members: bytes) -> bytes:
    return pack([Member(name, content) for name, content in members.items()])


def _flipped() -> bytes:
    data = book()
    middle = data.index(b"xl/worksheets/sheet6.xml") + 200
    return (
        data[:middle]
        + bytes(byte ^ 0xFF for byte in data[middle : middle + 40])
        + data[middle + 40 :]
    )


def _bomb() -> bytes:
    return replaced("sheet6.xml", b"</sheetData>", b"</sheetData>" + b" " * 60_000_000)()


def _strict() -> bytes:
    strict = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    relations = (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )

    def change(members: list[Member]) -> list[Member]:
        return [Member(m.name, m.content.replace(*strict).replace(*relations)) for m in members]

    return parts(change)()


def _second_table(opened: Workbook) -> None:
    copy = opened.copy_worksheet(opened["四、复议诉讼"])
    copy.title = "四、复议诉讼 (2)"


def _rename(old: str, new: str) -> Callable[[Workbook], None]:
    def edit(opened: Workbook) -> None:
        opened[old].title = new

    return edit


def _relabel(opened: Workbook) -> None:
    for row in opened["二、主动公开"].iter_rows():
        for cell in row:
            if cell.value == "规章":
                cell.value = "其他内容"


def _merge(opened: Workbook) -> None:
    sheet, address = places()[GRANTED]
    row = opened[sheet][address].row
    opened[sheet].merge_cells(
        start_row=row,
        end_row=row,
        start_column=opened[sheet][address].column,
        end_column=opened[sheet][address].column + 1,
    )


def _hide(opened: Workbook) -> None:
    opened["四、复议诉讼"].sheet_state = "veryHidden"


def _protect(opened: Workbook) -> None:
    for sheet in opened.worksheets:
        sheet.protection.sheet = True


def _epoch(opened: Workbook) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    opened.epoch = CALENDAR_MAC_1904


def _published_page(charset: str, declared: bool) -> bytes:
    page = page_html(report())
    return (page if declared else re.sub(r"<meta charset=[^>]*>", "", page)).encode(charset)


def _page_of_pictures() -> bytes:
    return re.sub(
        r"<table.*?</table>", "<img src='a.png'>", page_html(report()), flags=re.DOTALL
    ).encode()


def _tracked() -> bytes:
    document = Document(io.BytesIO(_word()))
    paragraph = document.add_paragraph("新增一段")
    out = io.BytesIO()
    document.save(out)
    run = paragraph.runs[0].text.encode()
    members = []
    for member in unpack(out.getvalue()):
        content = re.sub(
            rb"<w:r>(<w:t>" + run + rb"</w:t>)</w:r>",
            rb'<w:ins w:id="9" w:author="a"><w:r>\1</w:r></w:ins>',
            member.content,
        )
        members.append(Member(member.name, content))
    return pack(members)


def _wrong_sums() -> bytes:
    values = report().values()
    return page_html(report().with_values({**values, TOTAL: int(values[TOTAL] or 0) + 1})).encode()


def _text_report() -> bytes:
    return "某某市示范局2024年政府信息公开工作年度报告\n\n一、总体情况\n平稳。\n二、主动公开政府信息情况\n规章\t1 0\n\t5\n".encode()


def _last_year() -> bytes:
    return report_to_json(
        report().evolve(
            year=2023,
            title="某某市示范局2023年政府信息公开工作年度报告",
            published=date(2024, 1, 20),
        )
    ).encode()


def _full(folder: Path) -> None:
    (folder / BOOK).write_bytes(book())


SMALL_DISK = ("prlimit", "--fsize=4096")
"""No file may grow beyond four kilobytes: what a full disk does, without one."""

CHECK, COMPILE = ("check", BOOK), ("compile", BOOK, "-o", "报告.docx")
DOCX = ("报告.docx",)
OWN = ("compile", BOOK, "--template", "模板.docx", "-o", "报告.docx")


def checked(name: str, data: bytes | Callable[[], bytes], *codes: int, **more: Any) -> Row:
    """A row of ``check`` on one workbook."""
    return Row(name, as_file(BOOK, data), CHECK, codes, **more)


def given(name: str, file: str, data: bytes | Callable[[], bytes], *codes: int, **more: Any) -> Row:
    """A row of ``check`` on a file of another name."""
    return Row(name, as_file(file, data), ("check", file), codes, names=file, **more)


def own(name: str, change: Callable[[bytes], bytes], **more: Any) -> Row:
    """A row of ``compile`` with a template of one's own."""
    return Row(name, template(change), OWN, (4,), names="模板.docx", **more)


def insert(text: str) -> Callable[[bytes], bytes]:
    """A paragraph more in a template."""
    paragraph = f"<w:p><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>".encode()
    return lambda content: content.replace(b"<w:sectPr", paragraph + b"<w:sectPr", 1)


ROWS: Sequence[Row] = (
    # no workbooks
    checked("empty file", b"", 3, says=("空文件",), quick=True),
    checked("text named .xlsx", "本年新收,3\n".encode(), 3),
    checked("web page named .xlsx", b"<!DOCTYPE html><html><table></table></html>", 3, says=("网页",)),
    given("CSV", "某某局.csv", "项目,数量\n规章,3\n".encode(), 3),
    given("old Excel", "某某局.xls", OLE + "Workbook".encode("utf-16-le"), 3, says=("另存为 .xlsx",)),
    checked("old Excel named .xlsx", OLE + "Workbook".encode("utf-16-le"), 3, says=("另存为 .xlsx",)),
    given("old Word", "某某局.doc", OLE + "WordDocument".encode("utf-16-le"), 3),
    given("WPS .et", "某某局.et", OLE, 3, says=("另存为",)),
    given("WPS .wps", "某某局.wps", OLE, 3),
    given("binary workbook", "某某局.xlsb", lambda: _zipped(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"}), 3, says=(".xlsb",)),
    given("OpenDocument", "某某局.ods", lambda: _zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"<a/>"}), 3),
    given("Numbers", "某某局.numbers", lambda: _zipped(**{"Index/Document.iwa": b"x"}), 3),
    given("zip of workbooks", "收件.zip", lambda: _zipped(**{"a.xlsx": book(), "b.xlsx": book()}), 3, quick=True),
    given("picture", "某某局.png", b"\x89PNG\r\n\x1a\n" + bytes(200), 3),
    given("picture named .xlsx", BOOK, b"\x89PNG\r\n\x1a\n" + bytes(200), 3, says=("图片",)),
    given("Word file named .xlsx", BOOK, _word, 3, says=("Word",)),
    given("good workbook without suffix", "某某局", book, 0, quick=True),
    given("good workbook named .et", "某某局.et", book, 0),
    checked("encrypted", _encrypted, 3, says=("密码",)),
    checked("encrypted, password given", _encrypted, 0, environment={"GOVDISCLOSE_PASSWORD": "对的密码"}),
    checked("encrypted, wrong password", _encrypted, 3, says=("密码",), environment={"GOVDISCLOSE_PASSWORD": "错的密码"}),
    checked("truncated download", lambda: book()[: len(book()) * 2 // 3], 3, says=("不完整",), quick=True),
    checked("flipped bytes", _flipped, 3),
    given("owner file of Excel", "~$某某局.xlsx", b"\x06 clerk", 3, says=("临时文件",)),
    Row("owner file in a batch", books("一.xlsx", "二.xlsx", bad={"~$一.xlsx": b"\x06 clerk"}), ("batch", "收件", "-o", "出"), (0,), makes=("出/*",)),
    Row("folder given for a workbook", lambda folder: (folder / BOOK).mkdir(), CHECK, (3,)),
    Row("missing path", nothing, CHECK, (3,), quick=True),
    Row("named pipe", lambda folder: os.mkfifo(folder / BOOK), CHECK, (3,), quick=True),
    Row("device", nothing, ("check", "/dev/zero"), (3,), names="zero"),
    # packages
    checked("no content types", without("[Content_Types].xml"), 3),
    checked("no workbook part", without("xl/workbook.xml"), 3),
    checked("no relationships of the package", without("_rels/.rels"), 0, 3),
    checked("missing sheet part", without("xl/worksheets/sheet7.xml"), 3),
    checked("missing styles", without("xl/styles.xml"), 0, 1, 3),
    checked("style index out of range", replaced("sheet6.xml", b' s="', b' s="9999'), 0, 1, 3),
    checked("empty fill", replaced("styles.xml", b'<fill><patternFill patternType="none"/></fill>', b"<fill/>"), 0, 3),
    checked("bad date in the properties", replaced("core.xml", b"T", b"x"), 0),
    checked("broken sheet", replaced("sheet6.xml", b"</sheetData>", b""), 3),
    checked("strict Office Open XML", _strict, 0, 3),
    checked("zip bomb", _bomb, 3, says=("压缩炸弹",)),
    checked("merge bomb", replaced("sheet6.xml", b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'), 3),
    checked("value in the last cell of a sheet", replaced("sheet6.xml", b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>'), 0, 1),
    checked("document type in the workbook part", replaced("xl/workbook.xml", b"?>", DTD), 3, says=("DTD",)),
    checked("external entity in a sheet", replaced("sheet6.xml", b"?>", XXE), 3, says=("DTD",)),
    checked("billion laughs in the strings", replaced("sharedStrings.xml", b"?>", LAUGHS), 3, says=("DTD",)),
    checked("two members of one name", with_member("xl/workbook.xml", b"<a/>"), 3),
    checked("member outside the package", with_member("../../evil.txt", b"x"), 3),
    given("macros", "某某局.xlsm", with_member("xl/vbaProject.bin", b"x"), 0),
    checked("count of strings that is a lie", replaced("sharedStrings.xml", b'count="', b'count="1000000'), 0, 3),
    # sheets and tables
    checked("external command as a formula", typed(IN_FORCE, "=cmd|'/c calc'!A1"), 1),
    checked("required sheet missing", edited(lambda opened: opened.remove(opened["四、复议诉讼"])), 1),
    checked("sheet renamed by a blank", edited(_rename("四、复议诉讼", "四、复议诉讼 ")), 0),
    checked("two sheets for one table", edited(_second_table), 1),
    checked("row label changed", edited(_relabel), 1),
    checked("form of another year", lambda: workbook_bytes(consistent_report(EDITION_2019).evolve(year=2024)), 0, 1),
    checked("data cells merged", edited(_merge), 1),
    checked("sheet hidden", edited(_hide), 0, 1),
    checked("sheets protected", edited(_protect), 0),
    checked("date system of 1904", edited(_epoch), 0, 1),
    # values
    checked("blank cell", typed(IN_FORCE, None), 0, 1),
    Row("blank cell, strict", as_file(BOOK, typed(IN_FORCE, None)), (*CHECK, "--strict"), (1,)),
    checked("formula never calculated", typed(IN_FORCE, "=1+1"), 1, quick=True),
    checked("error value", stored(IN_FORCE, b' t="e"><v>#DIV/0!</v></c>'), 1),
    checked("total overwritten", typed(TOTAL, 99999), 1),
    checked("number as text", own_text(IN_FORCE, lambda text: f" {text} "), 0),
    checked("full-width digits", own_text(IN_FORCE, lambda text: text.translate({ord("0") + n: 0xFF10 + n for n in range(10)})), 0),
    checked("thousands grouped", typed(IN_FORCE, "1,234"), 0),
    checked("thousands grouped wrongly", typed(IN_FORCE, "1,23,4"), 1),
    checked("number with its unit", typed(IN_FORCE, "12件"), 1),
    checked("letter O", typed(IN_FORCE, "O"), 1),
    checked("Chinese number", typed(IN_FORCE, "一百二十"), 1),
    checked("circled number", typed(IN_FORCE, "①"), 1),
    checked("raised number", typed(IN_FORCE, "²"), 1),
    checked("Arabic digits", typed(IN_FORCE, "٣"), 1),
    checked("thousands of digits", typed(IN_FORCE, "9" * 6000 + "件"), 1),
    checked("negative count", typed(IN_FORCE, -1), 1),
    checked("count that is not whole", typed(IN_FORCE, 3.5), 1),
    checked("count that is nearly whole", typed(IN_FORCE, 3.0000000001), 0),
    checked("fees in 元", typed(FEES, 96000), 0, 1),
    checked("TRUE in a count", typed(IN_FORCE, True), 1),
    checked("count with the format of a date", typed(IN_FORCE, 12, "yyyy-mm-dd"), 1),
    checked("count with the format of a percentage", typed(IN_FORCE, 12, "0%"), 1),
    checked("infinity", stored(IN_FORCE, b"><v>1E400</v></c>"), 1, 3),
    checked("not a number", stored(IN_FORCE, b"><v>NaN</v></c>"), 1, 3),
    checked("word in a number cell", stored(IN_FORCE, b"><v>abc</v></c>"), 1, 3),
    checked("two values in a cell", stored(IN_FORCE, b"><v>1</v><v>2</v></c>"), 1, 3),
    checked("number beyond all bounds", typed(IN_FORCE, 10**20), 1),
    checked("year missing", typed("year", None), 1),
    checked("year with its unit", typed("year", "2024年"), 0),
    checked("year of two digits", typed("year", 24), 1),
    checked("year of another century", typed("year", 2204), 1),
    checked("picture for a number", typed(IN_FORCE, '=DISPIMG("ID_1",1)'), 1),
    # texts
    checked("control character in a text", stored("problems.0", b' t="inlineStr"><is><t>_x0001_abc</t></is></c>'), 0, 1, 3),
    checked("lone surrogate in a text", stored("problems.0", b' t="inlineStr"><is><t>_xD800_abc</t></is></c>'), 0, 1, 3),
    checked("invisible characters in the name", from_agency("某\u200b某\ufeff市\u202e局"), 0, 1),
    Row("markup in the prose", as_file(BOOK, with_prose("A & B < C > \"D\" ]]> <script>alert(1)</script>")), COMPILE, (0,), makes=DOCX, quick=True),
    Row("template tags in the prose", as_file(BOOK, with_prose("{{7*7}}，{% for %}，{_{x}_}")), COMPILE, (0, 1), makes=DOCX),
    Row("formula as text in the prose", as_file(BOOK, with_prose("=cmd|'/c calc'!A1")), COMPILE, (0,), makes=DOCX),
    Row("500 line breaks in a cell", as_file(BOOK, typed("problems.0", "\n".join(["一段"] * 500))), COMPILE, (0, 1), makes=DOCX),
    Row("paragraph of 32,000 characters", as_file(BOOK, typed("problems.0", long_text(32_000))), COMPILE, (0, 1), makes=DOCX),
    Row("rare characters", as_file(BOOK, with_prose("龘䶮镕𠮷，😀。")), COMPILE, (0,), makes=DOCX),
    Row("long run of digits in the prose", as_file(BOOK, typed("problems.0", "1" * 32000)), COMPILE, (0, 1), makes=DOCX),
    Row("name that is a path", as_file(BOOK, from_agency("../../x")), ("compile", BOOK), (0,), makes=("*.docx",)),
    Row("name of a device", as_file(BOOK, from_agency("CON")), ("compile", BOOK), (0,), makes=("*.docx",)),
    Row("name with a slash", as_file(BOOK, from_agency("a/b")), ("compile", BOOK), (0,), makes=("*.docx",)),
    Row("name of 200 characters", as_file(BOOK, from_agency("局" * 200)), ("compile", BOOK), (0,), makes=("*.docx",)),
    Row("no name", as_file(BOOK, typed("agency.name", None)), COMPILE, (1,)),
    Row("two agencies of one name", books("一.xlsx", "二.xlsx", agency="某某局"), ("batch", "收件", "-o", "出"), (0,), makes=("出/*",)),
    checked("one cell off by one", lambda: typed(GRANTED, int(report().values()[GRANTED] or 0) + 1)(), 1),
    Row("carried over otherwise than last year", beside(("上年.json", _last_year)), (*CHECK, "--previous", "上年.json"), (0, 1)),
    Row("last year's file is another year's", beside(("上年.xlsx", book)), (*CHECK, "--previous", "上年.xlsx"), (2, 3), names="上年.xlsx"),
    # templates
    Row("template missing", as_file(BOOK, book), OWN, (4,), names="模板.docx"),
    Row("template that is a workbook", beside(("模板.docx", book)), OWN, (4,), names="模板.docx"),
    Row("template cut short", beside(("模板.docx", lambda: _word()[:5000])), OWN, (4,), names="模板.docx"),
    Row("template encrypted", beside(("模板.docx", _encrypted)), OWN, (4,), names="模板.docx"),
    own("template with an unknown tag", insert("{{ agency.nmae }}")),
    own("template with an open loop", insert("{% for p in overview %}")),
    own("template with full-width braces", insert("｛｛ year ｝｝")),
    own("template that attacks", insert("{{ ''.__class__.__mro__[1].__subclasses__() }}"), quick=True),
    own("template without a required cell", lambda content: content.replace(b"requests.received.total", b"year", 1)),
    own("template with a thousand open braces", insert("{{" * 50_000)),
    # outputs
    Row("output folder that does not exist", as_file(BOOK, book), ("compile", BOOK, "-o", "没有/报告.docx"), (5,), names="没有"),
    Row("output folder that is a file", beside(("没有", b"x")), ("compile", BOOK, "-o", "没有/报告.docx"), (2, 5), names="没有"),
    Row("disk full", _full, COMPILE, (5,), names="报告.docx", before=SMALL_DISK, quick=True),
    Row("disk full, JSON", _full, ("export", BOOK, "--to", "json", "-o", "报告.json"), (5,), names="报告.json", before=SMALL_DISK),
    Row("output exists", beside(("报告.docx", b"x")), COMPILE, (2,), quick=True),
    Row("output is the input", _full, ("compile", BOOK, "-o", BOOK), (2,)),
    Row("no LibreOffice", _full, ("export", BOOK, "--to", "pdf", "-o", "报告.pdf"), (5,), keeps=("报告.docx",), names="LibreOffice", environment={"PATH": "/nowhere"}),
    Row("batch with a bad workbook", books("一.xlsx", "二.xlsx", "三.xlsx", bad={"坏.xlsx": b"x"}), ("batch", "收件", "-o", "出"), (6,), names="坏.xlsx", makes=("出/*",)),
    Row("batch of nothing", lambda folder: (folder / "收件").mkdir(), ("batch", "收件", "-o", "出"), (2, 3), names="收件"),
    # published reports
    Row("page in GBK that does not say so", as_file("年报.html", lambda: _published_page("gbk", False)), ("import", "年报.html"), (0, 1), names="年报.html", makes=("年报.xlsx",)),
    Row("page that says another encoding", as_file("年报.html", lambda: _published_page("gbk", True)), ("import", "年报.html"), (0, 1, 3), names="年报.html", makes=("年报.xlsx",)),
    Row("page whose tables are pictures", as_file("年报.html", _page_of_pictures), ("import", "年报.html"), (1, 3), names="年报.html"),
    Row("document with a tracked insertion", as_file("年报.docx", _tracked), ("import", "年报.docx"), (0, 1), names="年报.docx", makes=("年报.xlsx",)),
    Row("text with tabs and blanks mixed", as_file("年报.txt", _text_report), ("import", "年报.txt"), (1, 3), names="年报.txt"),
    Row("published sums that are wrong", as_file("年报.html", _wrong_sums), ("import", "年报.html"), (0, 1), names="年报.html", makes=("年报.xlsx",)),
    Row("page deeply nested", as_file("年报.html", b"<div>" * 100_000), ("import", "年报.html"), (3,), names="年报.html"),
    Row("page with a cell over all rows", as_file("年报.html", b"<table><tr><td rowspan=99999999999 colspan=99999999>1</table>" * 200), ("import", "年报.html"), (3,), names="年报.html"),
    # JSON
    given("JSON that is none", "报告.json", b"{", 3),
    given("JSON of something else", "报告.json", b"[1, 2]", 3),
    given("JSON nested a hundred thousand deep", "报告.json", b"[" * 100_000, 3),
    given("JSON with a huge number", "报告.json", lambda: re.sub(rb'"in_force": \d+', b'"in_force": ' + b"9" * 5000, report_to_json(report()).encode()), 1, 3),
    given("JSON in GBK", "报告.json", lambda: report_to_json(report()).encode("gbk"), 3),
    given("JSON with a negative number", "报告.json", lambda: re.sub(rb'"in_force": \d+', b'"in_force": -4', report_to_json(report()).encode(), count=1), 1),
    given("JSON with a lone surrogate", "报告.json", lambda: json.dumps({**json.loads(report_to_json(report())), "title": "\ud800"}).encode(), 0, 1, 3),
    # the command itself
    Row("unknown option", nothing, ("check", "--nonsense", BOOK), (2,), quick=True),
    Row("unknown command", nothing, ("chekc", BOOK), (2,)),
    Row("unknown format", _full, ("export", BOOK, "--to", "word"), (2,)),
    Row("year out of range", nothing, ("new", "--agency", "某某局", "--year", "24"), (2,)),
    Row("arguments that are no UTF-8", nothing, ("check", b"\xff\xfe.xlsx".decode("utf-8", "surrogateescape")), (3,), names=".xlsx"),
    Row("console in GBK", _full, CHECK, (0,), environment={"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}, encoding="gbk"),
    Row("console in ASCII", as_file(BOOK, typed(IN_FORCE, "😀")), CHECK, (1,), names="", environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}, quick=True),
    Row("output closed early", as_file(BOOK, typed(IN_FORCE, "12件")), ("check", BOOK, "--format", "json"), (0, 1), names="", before=("sh", "-c", '"$@" | true', "sh")),
    Row("odd time zone", _full, COMPILE, (0,), makes=DOCX, environment={"TZ": "XXX-99:99", "LC_ALL": "C"}),
)  # fmt: skip
"""Every row."""
