"""Sheets read without a parser say what they say when a parser reads them, whatever was done to the book."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from govdisclose import AnnualReport, Paragraph
from govdisclose.form.reading import Reading
from govdisclose.form.sheets import GUIDE_SHEET, LAST_YEAR_SHEET, NEVER_READ, PROSE_SHEETS
from govdisclose.read.tables import match_cache as layout
from govdisclose.read.workbook import parts_memory
from govdisclose.read.workbook import reader as workbook
from govdisclose.read.workbook import sheet_memory as stencil
from govdisclose.read.workbook.opening import load, sheet_names
from govdisclose.read.workbook.sheets import strings_of
from govdisclose.write.workbook import workbook_bytes
from support.reports import EDITION_2019, consistent_report, reports, write_book
from support.sheets import (
    RELATIONS,
    Known,
    Said,
    by_parser,
    forget,
    quickly,
    repacked,
    said,
    swap,
    unit,
    wholly,
)

BOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
SHEETS = tuple(f"xl/worksheets/sheet{number}.xml" for number in (2, 5, 6, 7, 10))
"""基本信息, the three tables, 说明事项."""


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    forget()
    yield
    forget()


PROSE = frozenset(PROSE_SHEETS.values())
NO_FIGURES = NEVER_READ | PROSE | {GUIDE_SHEET, LAST_YEAR_SHEET}


def wholly_by_parser(path: Path) -> Reading:
    return workbook.read_workbook(path)


def recalled(path: Path, without: frozenset[str] = NO_FIGURES) -> bool:
    """Whether all sheets but some are known; what is known comes in the order of the workbook."""
    names = [name for name in sheet_names(path) if name not in without]
    parts = load(path).parts
    strings = strings_of(parts, path.name)
    known = Known.memory.sheets.recall(parts, strings, path.name, without)
    found = [grid.name for grid in known.beside([])]
    assert found == [name for name in names if name in found]
    return bool(names) and found == names


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("books")
    for seed in range(4):
        (made / f"{seed}.xlsx").write_bytes(workbook_bytes(unit(seed)))
    return made


@pytest.fixture(scope="module")
def alone(folder: Path) -> dict[Path, tuple[Said, Said]]:
    """What a parser makes of each workbook: of the figures, and of the whole."""
    return {
        path: (said(by_parser, path), said(wholly_by_parser, path)) for path in folder.iterdir()
    }


# --- what is read without a parser ----------------------------------------------------------------


@pytest.mark.slow
def test_the_second_of_two_workbooks_from_one_blank_needs_no_parser(folder: Path) -> None:
    quickly(folder / "0.xlsx")
    for seed in range(1, 4):
        path = folder / f"{seed}.xlsx"
        assert recalled(path)
        assert said(quickly, path) == said(by_parser, path)
        assert quickly(path).report.agency == unit(seed).agency
        assert quickly(path).report.values() == unit(seed).values()


@pytest.mark.slow
def test_of_a_workbook_with_its_prose_only_the_paragraphs_need_a_parser(
    folder: Path, tmp_path: Path
) -> None:
    for number in range(4):
        report = unit(number).evolve(problems=(Paragraph("问题。"),) * number)
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(workbook_bytes(report))
        assert recalled(path, NEVER_READ | PROSE) == (number > 0)
        assert said(wholly, path) == said(wholly_by_parser, path)
        assert wholly(path).report.problems == report.problems
        assert list(wholly(path).report.values()) == list(report.values())


SAVED = {
    "with the cursor elsewhere": {
        name: swap(' activeCell="[A-Z0-9]+"', ' activeCell="F9"') for name in SHEETS
    },
    "on another machine": {
        BOOK: swap("<workbookView [^>]*/>", '<workbookView xWindow="9" yWindow="8"/>')
    },
    "by Excel for Chinese": {
        STRINGS: swap("</t></si>", '</t><phoneticPr fontId="1" type="noConversion"/></si>', 0)
    },
}


@pytest.mark.parametrize("how", SAVED)
def test_a_workbook_saved_otherwise_still_needs_no_parser(
    folder: Path, tmp_path: Path, how: str
) -> None:
    quickly(folder / "0.xlsx")
    path = tmp_path / "book.xlsx"
    path.write_bytes(repacked((folder / "1.xlsx").read_bytes(), SAVED[how]))
    assert recalled(path)
    assert said(quickly, path) == said(by_parser, path)


@pytest.mark.slow
def test_workbooks_that_write_the_type_of_a_number_need_no_parser_either(
    folder: Path, tmp_path: Path
) -> None:
    """LibreOffice and openpyxl write it, and Excel does not."""
    typed = swap('(<c r="[A-Z]+[0-9]+" s="[0-9]+")(?=>(<f>[^<]*</f>)?<v>)', r'\1 t="n"', 0)
    for seed in range(3):
        path = tmp_path / f"{seed}.xlsx"
        data = (folder / f"{seed}.xlsx").read_bytes()
        path.write_bytes(repacked(data, dict.fromkeys(SHEETS, typed)))
        assert recalled(path) == (seed > 0)
        assert said(quickly, path) == said(by_parser, path)
        assert quickly(path).report.values() == unit(seed).values()


@pytest.mark.slow
def test_every_number_and_date_and_light_is_that_of_its_own_workbook(
    folder: Path, tmp_path: Path
) -> None:
    quickly(folder / "0.xlsx")
    report = unit(7)
    wrong = report.with_values({"requests.received.total": 999}).evolve(published=None)
    for number, one in enumerate((report, wrong, report.evolve(year=2023), wrong, report)):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(workbook_bytes(one))
        assert said(quickly, path) == said(by_parser, path)
        assert quickly(path).report.values() == one.values()
        assert (quickly(path).report.year, quickly(path).report.published) == (
            one.year,
            one.published,
        )


def test_a_string_is_never_that_of_another_workbook_however_its_cell_is_written(
    folder: Path, tmp_path: Path
) -> None:
    for seed in (1, 2, 3):
        path = tmp_path / f"{seed}.xlsx"
        data = (folder / f"{seed}.xlsx").read_bytes()
        path.write_bytes(repacked(data, {SHEETS[0]: swap(' t="s"', " t='s'", 0)}))
        assert quickly(path).report.agency == unit(seed).agency


@pytest.mark.slow
def test_a_date_cell_is_one_whatever_the_workbook_before_had_typed_into_it(
    folder: Path, tmp_path: Path
) -> None:
    """20220117 is no day of any calendar that a spreadsheet has, and read as a number; 44578 is a day."""
    for number, typed in enumerate((44578, 20220117, 44578, 44579, -700_000, 44580)):
        path = tmp_path / f"{number}.xlsx"
        change = swap(r'(?<=<c r="B8" s="\d\d"><v>)\d+|(?<=<c r="B8" s="\d"><v>)\d+', str(typed))
        path.write_bytes(repacked((folder / "1.xlsx").read_bytes(), {SHEETS[0]: change}))
        assert said(quickly, path) == said(by_parser, path)
        assert said(wholly, path) == said(wholly_by_parser, path)
        assert (quickly(path).report.published is None) == (typed in (20220117, -700_000))


ODD_FIGURES = [
    (2 / 3, 55),
    (1 / 3, 5),
    (2e10, 7),
    ("#", "5"),
    ("float", 5.0),
    ("5", "#"),
    ("99999999999", "5"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pair", "cell"), [*zip(ODD_FIGURES, cycle(("B17", "E5", "C9")), strict=False)], ids=str
)
def test_a_figure_where_none_belongs_is_reported_whatever_stood_there_in_the_workbook_before(
    pair: tuple[object, object], cell: str, tmp_path: Path
) -> None:
    def edit(value: object) -> Callable[[Any], None]:
        def put(book: Any) -> None:
            sheet = book["二、主动公开"]
            for area in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(str(area))
            sheet["A17"], sheet[cell] = "办结率", value

        return put

    fresh = []
    for number, value in enumerate(pair):
        forget()
        (tmp_path / str(number)).mkdir()
        path = write_book(tmp_path / str(number), unit(1), edit(value))
        fresh.append(said(by_parser, path))
    assert [said(quickly, tmp_path / str(n) / "book.xlsx") for n in (0, 1, 0, 1)] == fresh * 2


@pytest.mark.parametrize("index", ["-1", " 1", "1_0", "+1", "9999", ""])
def test_the_number_of_a_string_is_a_plain_number(folder: Path, tmp_path: Path, index: str) -> None:
    quickly(folder / "0.xlsx")
    path = tmp_path / "book.xlsx"
    change = swap('(?<=t="s"><v>)\\d+(?=</v>)', index, 0)
    path.write_bytes(repacked((folder / "1.xlsx").read_bytes(), {SHEETS[0]: change}))
    assert said(quickly, path) == said(by_parser, path)


@pytest.mark.parametrize("cell", ["XFD9", "A9999"])
def test_a_blank_value_far_from_all_others_says_nothing(
    folder: Path, tmp_path: Path, cell: str
) -> None:
    row = re.sub("[A-Z]", "", cell)
    blank = f'<row r="{row}"><c r="{cell}"><v></v></c></row>'
    change = swap('<row r="9" .*?</row>', blank)
    path = tmp_path / "book.xlsx"
    path.write_bytes(repacked((folder / "1.xlsx").read_bytes(), {SHEETS[0]: change}))
    first = said(quickly, path)
    assert first == said(quickly, path) == said(by_parser, path)


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(reports(), min_size=2, max_size=3))
def test_any_workbooks_read_one_after_the_other_say_what_each_says_alone(
    tmp_path_factory: pytest.TempPathFactory, several: list[AnnualReport]
) -> None:
    folder = tmp_path_factory.mktemp("several")
    alone: dict[Path, Said] = {}
    for number, report in enumerate(several):
        path = folder / f"{number}.xlsx"
        path.write_bytes(workbook_bytes(report))
        alone[path] = said(by_parser, path)
    for path in [*alone, *alone]:
        assert said(quickly, path) == alone[path]


# --- what was done to a workbook ------------------------------------------------------------------

_ODD = ["", "0", "-3", "1e3", "1E-2", "12.50", " 7", "7 ", "0x1", "٣", "1234567890123456", "99999999999", "abc", "1,2",
        "NaN", "inf", "-", ".5", "5.", "007", "-0", "&amp;", "&#49;", "1<!-- -->2", "<![CDATA[3]]>"]  # fmt: skip
_TEXTS = ["", "5", " 某局 ", "某&amp;局", "某&lt;局", "_x0041_局", "某\n局", "某\r\n局", "\u200b某局", "\u3000某局", "总计",
          "<b/>", "A>B", "<![CDATA[某局]]>", "某<!-- x -->局", "&bogus;", "\udcff"]  # fmt: skip
_RICH = ["<si><r><t>某</t></r><r><t>局</t></r></si>", "<si/>", "<si><t/></si>", "<si><t>a</t><rPh><t>b</t></rPh></si>",
         "<si> <t>a</t></si>", '<si><t xml:space="preserve">a</t></si>', "<si><t>a</t></si><si><t>b</t></si>"]  # fmt: skip
_CODES = ["0%", "0!.0,", ";;;", "0.0", "@", "yyyy/m/d"]
_TYPES = [
    ' t="str"',
    ' t="s"',
    ' t="b"',
    ' t="e"',
    ' t="d"',
    ' t="n"',
    ' t="inlineStr"',
    "",
    " t='s'",
]


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, Callable[[bytes], bytes]]:
    """One change to the bytes of one part."""
    sheet = draw(st.sampled_from(SHEETS))
    place = draw(st.integers(0, 400))

    def nth(pattern: str, new: str) -> Callable[[bytes], bytes]:
        def change(content: bytes) -> bytes:
            found = list(re.finditer(pattern.encode(), content))
            if not found:
                return content
            one = found[place % len(found)]
            return (
                content[: one.start()] + new.encode(errors="surrogateescape") + content[one.end() :]
            )

        return change

    number, text = draw(st.sampled_from(_ODD)), draw(st.sampled_from(_TEXTS))
    return draw(
        st.sampled_from(
            [
                (sheet, nth(r"(?<=<v>)[^<]*(?=</v>)", number)),
                (sheet, nth(r"(?<=<v>)[^<]*(?=</v>)", str(place))),
                (sheet, nth(r' t="\w+"', draw(st.sampled_from(_TYPES)))),
                (sheet, nth(r"(?<= s=\")\d+", str(place % 40))),
                (sheet, nth(r"<c [^>]*/>", "")),
                (sheet, nth(r"<c [^>]*><v>[^<]*</v></c>", "")),
                (sheet, nth(r"(?<=<row r=\")\d+", str(place))),
                (sheet, nth(r"(?<=<c r=\")[A-Z]+\d+", f"C{place + 1}")),
                (sheet, nth(r"<row .*?</row>", "")),
                (sheet, nth(r"<row ", '<row hidden="1" ')),
                (sheet, nth(r"<mergeCell [^>]*/>", "")),
                (sheet, nth(r"(?<=mergeCell ref=\")[A-Z0-9:]+", "D7:E8")),
                (sheet, nth(r"<v>[^<]*</v>", "<!-- <v>1</v> -->")),
                (sheet, nth(r"<v>[^<]*</v>", "<x:v>1</x:v>")),
                (sheet, nth(r"</row>", "")),
                (sheet, nth(r"<f>[^<]*</f>", "")),
                (sheet, nth(r"encoding=\"UTF-8\"", 'encoding="GBK"')),
                (sheet, nth(r"<sheetData>", "<sheetData/><sheetData>")),
                (STRINGS, nth(r"(?<=<si><t>)[^<]*(?=</t></si>)", text)),
                (STRINGS, nth(r"<si>.*?</si>", draw(st.sampled_from(_RICH)))),
                (
                    STRINGS,
                    nth(r"</t></si>", draw(st.sampled_from(["</si></t>", "</t>", "</t></si> "]))),
                ),
                (
                    BOOK,
                    nth(
                        r"(?<=sheet name=\")[^\"]*",
                        draw(st.sampled_from(["表", "说明事项", "A&amp;B", "基本信息"])),
                    ),
                ),
                (BOOK, nth(r"(?<=r:id=\")rId\d+", f"rId{place % 12}")),
                (BOOK, nth(r"<workbookPr ", '<workbookPr date1904="1" ')),
                (RELATIONS, nth(r"sheet\d+\.xml", f"sheet{place % 12}.xml")),
                (
                    STYLES,
                    nth(r"(?<=numFmtId=\")\d+", draw(st.sampled_from(["14", "0", "49", "22"]))),
                ),
                (STYLES, nth(r"(?<=formatCode=\")[^\"]*", draw(st.sampled_from(_CODES)))),
                (STYLES, nth(r"<font>", "<font><strike/>")),
                (sheet, lambda content: content[: place * 7]),
                (sheet, lambda content: b""),
            ]
        )
    )


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@example([(STRINGS, swap("某某市第1局", "总计"))])
@example([(BOOK, swap("<workbookPr ", '<workbookPr date1904="1" '))])
@given(st.lists(edits(), min_size=1, max_size=2))
def test_a_changed_workbook_says_or_is_refused_for_what_a_parser_makes_of_it(
    tmp_path_factory: pytest.TempPathFactory,
    folder: Path,
    alone: dict[Path, tuple[Said, Said]],
    changes: list[tuple[str, Callable[[bytes], bytes]]],
) -> None:
    forget()
    quickly(folder / "0.xlsx")
    data = (folder / "1.xlsx").read_bytes()
    for name, change in changes:
        data = repacked(data, {name: change})
    path = tmp_path_factory.getbasetemp() / "changed.xlsx"
    path.write_bytes(data)
    figures, whole = said(by_parser, path), said(wholly_by_parser, path)
    for when in ("before", "once it has been learned"):
        assert said(quickly, path) == figures, when
        assert said(wholly, path) == whole, when
    for seed in (2, 0):
        other = folder / f"{seed}.xlsx"
        assert (said(quickly, other), said(wholly, other)) == alone[other], "after it"


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 40_000), st.integers(0, 255))
def test_a_damaged_file_is_refused_in_the_same_words(
    tmp_path_factory: pytest.TempPathFactory, folder: Path, at: int, byte: int
) -> None:
    quickly(folder / "0.xlsx")
    data = bytearray((folder / "1.xlsx").read_bytes())
    data[at % len(data)] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.xlsx"
    path.write_bytes(data)
    assert said(quickly, path) == said(by_parser, path)
    assert said(wholly, path) == said(wholly_by_parser, path)


# --- what offices do --------------------------------------------------------------------------------

OFFICES = {
    "a sheet renamed": lambda book: setattr(book["三、依申请公开"], "title", "表三"),
    "rows moved down": lambda book: book["三、依申请公开"].insert_rows(6, 3),
    "a sheet of their own": lambda book: book.create_sheet("工作底稿", 0).append(["随手记", 12]),
    "a table twice": lambda book: book.copy_worksheet(book["四、复议诉讼"]),
    "a number as text": lambda book: book["三、依申请公开"].__setitem__("D6", "１２"),
    "merged data": lambda book: book["三、依申请公开"].merge_cells("D7:E7"),
    "a formula without a result": lambda book: book["三、依申请公开"].__setitem__("D6", "=1+1"),
    "a placeholder": lambda book: book["二、主动公开"].__setitem__("C5", "/"),
    "a table deleted": lambda book: book.remove(book["四、复议诉讼"]),
    "nothing but a save": lambda book: None,
}


@pytest.mark.slow
@pytest.mark.parametrize("what", OFFICES)
def test_what_an_office_does_to_its_workbook_reads_the_same(
    folder: Path, tmp_path: Path, what: str
) -> None:
    quickly(folder / "0.xlsx")
    for seed in (1, 2):
        path = write_book(tmp_path, unit(seed), OFFICES[what])
        assert said(quickly, path) == said(by_parser, path)
        assert said(wholly, path) == said(wholly_by_parser, path)


@pytest.mark.slow
def test_an_office_with_one_sheet_of_its_own_reads_the_same(tmp_path: Path) -> None:
    for seed in range(3):
        workbook = load_workbook(io.BytesIO(workbook_bytes(unit(seed))), data_only=True)
        one = workbook["三、依申请公开"]
        for name in workbook.sheetnames:
            if name != one.title:
                for row in workbook[name].iter_rows(values_only=True):
                    one.append(row)
                workbook.remove(workbook[name])
        for area in list(one.merged_cells.ranges):
            one.unmerge_cells(str(area))
        path = tmp_path / f"{seed}.xlsx"
        workbook.save(path)
        assert said(quickly, path) == said(by_parser, path)


@pytest.mark.slow
def test_both_editions_in_one_folder_are_kept_apart(tmp_path: Path) -> None:
    trial = (consistent_report(EDITION_2019, 2), consistent_report(EDITION_2019, 4))
    for number, report in enumerate((unit(1), trial[0], unit(3), trial[1])):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(workbook_bytes(report))
        assert quickly(path).report.values() == report.values()
        assert said(quickly, path) == said(by_parser, path)


# --- the parts of a workbook ------------------------------------------------------------------------

TYPES = "[Content_Types].xml"
PACKAGES: dict[str, dict[str, Callable[[bytes], bytes]]] = {
    "a table is hidden": {
        BOOK: swap('(<sheet name="三、依申请公开"[^>]*?)( sheetId)', '\\1 state="hidden"\\2')
    },
    "a table has another name": {BOOK: swap('name="三、依申请公开"', 'name="表三"')},
    "two sheets exchange their parts": {
        RELATIONS: lambda part: (
            part.replace(b"sheet5.xml", b"sheet-.xml")
            .replace(b"sheet6.xml", b"sheet5.xml")
            .replace(b"sheet-.xml", b"sheet6.xml")
        )
    },
    "days are counted from 1904": {BOOK: swap("<workbookPr", '<workbookPr date1904="1"')},
    "no relationship leads to the strings": {RELATIONS: swap("/sharedStrings", "/otherStrings")},
    "a sheet has no part": {RELATIONS: swap("sheet6.xml", "sheet66.xml")},
    "it is no workbook": {
        TYPES: swap(r"spreadsheetml\.sheet\.main", "wordprocessingml.document", 0)
    },
    "the workbook part is broken": {BOOK: swap("</workbook>", "")},
}


@pytest.mark.parametrize("what", PACKAGES)
def test_a_package_that_differs_in_its_parts_alone_is_taken_apart_anew(
    folder: Path, tmp_path: Path, what: str
) -> None:
    wholly(folder / "0.xlsx")
    data = (folder / "1.xlsx").read_bytes()
    changed = repacked(data, PACKAGES[what])
    assert changed != repacked(data, {})
    path = tmp_path / "book.xlsx"
    path.write_bytes(changed)
    for _ in range(2):
        assert said(wholly, path) == said(wholly_by_parser, path)
        assert said(quickly, path) == said(by_parser, path)
    assert said(wholly, folder / "2.xlsx") == said(wholly_by_parser, folder / "2.xlsx")


@pytest.mark.parametrize("name", ["xl/SharedStrings.xml", "xl/texts.xml"])
def test_a_package_whose_parts_have_other_names_is_taken_apart_anew(
    folder: Path, tmp_path: Path, name: str
) -> None:
    """The relationships are the same; of a name, only the case of the letters does not matter."""
    wholly(folder / "0.xlsx")
    path = tmp_path / "book.xlsx"
    with (
        zipfile.ZipFile(folder / "1.xlsx") as before,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.namelist():
            after.writestr(name if part == STRINGS else part, before.read(part))
    assert said(wholly, path) == said(wholly_by_parser, path)
    assert said(quickly, path) == said(by_parser, path)


def test_no_more_packages_are_remembered_than_the_limit(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_memory, "LIMIT", 3)
    data = (folder / "1.xlsx").read_bytes()
    for number in range(7):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(
            repacked(data, {BOOK: swap("</workbook>", f"</workbook><!-- {number} -->")})
        )
        assert said(quickly, path) == said(by_parser, path)
        assert 0 < len(Known.memory.parts) <= 3


def test_of_the_members_of_workbooks_only_those_in_common_are_remembered(folder: Path) -> None:
    members = Known.memory.parts.members
    found = []
    for number in range(4):
        wholly(folder / f"{number}.xlsx")
        found.append(len(members))
    with zipfile.ZipFile(folder / "0.xlsx") as archive:
        count = len(archive.namelist())
    first, second, *others = found
    assert first == 0
    assert 0 < second < count
    assert others == [second, second]


# --- the look of a known sheet ----------------------------------------------------------------------

FORMATS: dict[str, dict[str, Callable[[bytes], bytes]]] = {
    "another number is shown": {STYLES: swap('formatCode="[^"]*"', 'formatCode="0!.0,"', 0)},
    "everything is struck out": {STYLES: swap("<font>", "<font><strike/>", 0)},
    "a row is hidden": {SHEETS[2]: swap('<row r="7"', '<row hidden="1" r="7"')},
    "a text is struck out": {
        STRINGS: swap("<si><t>([^<]*)</t>", r"<si><r><rPr><strike/></rPr><t>\1</t></r>", 0)
    },
}


@pytest.mark.parametrize("what", FORMATS)
@pytest.mark.slow
def test_what_is_known_of_the_look_of_a_sheet_holds_for_its_own_layout_alone(
    folder: Path, alone: dict[Path, tuple[Said, Said]], tmp_path: Path, what: str
) -> None:
    data = (folder / "1.xlsx").read_bytes()
    path = tmp_path / "book.xlsx"
    path.write_bytes(repacked(data, FORMATS[what]))
    assert path.read_bytes() != repacked(data, {})
    expected = {**alone, path: (said(by_parser, path), said(wholly_by_parser, path))}
    for known in (folder / "0.xlsx", folder / "2.xlsx", path, path, folder / "3.xlsx"):
        assert (said(quickly, known), said(wholly, known)) == expected[known], known


# --- threads and memory -----------------------------------------------------------------------------


def test_no_more_sheets_are_remembered_than_the_limit(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stencil, "LIMIT", 6)
    forget()
    data = (folder / "1.xlsx").read_bytes()
    for number in range(5):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(
            repacked(data, {name: swap("<v>[^<]*</v>", "", number + 1) for name in SHEETS[1:4]})
        )
        assert said(quickly, path) == said(by_parser, path)
        assert 0 < len(Known.memory.sheets) <= 6


@pytest.mark.slow
def test_no_more_results_of_formulas_are_remembered_than_the_limit(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A formula may give another text in every workbook of a city."""
    monkeypatch.setattr(stencil, "MOST_MEANINGS", 45)
    data = (folder / "1.xlsx").read_bytes()
    needed_parser = []
    for number in range(10):
        path = tmp_path / f"{number}.xlsx"
        light = swap('(?<= t="str">)(<f>[^<]*</f>)<v>[^<]*', rf"\1<v>{number}")
        changed = repacked(data, {SHEETS[2]: light})
        assert changed != repacked(data, {})
        path.write_bytes(changed)
        if not recalled(path):
            needed_parser.append(number)
        assert said(quickly, path) == said(by_parser, path)
    assert recalled(tmp_path / "0.xlsx")
    assert not recalled(tmp_path / "9.xlsx")
    assert needed_parser == list(range(10))


@pytest.mark.slow
def test_threads_that_read_at_once_read_what_each_would_alone(
    folder: Path, alone: dict[Path, tuple[Said, Said]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "LIMIT", 2)
    monkeypatch.setattr(stencil, "LIMIT", 2)
    forget()
    paths = sorted(folder.iterdir())
    with ThreadPoolExecutor(4) as pool:
        for path, found in zip(
            paths * 10, pool.map(partial(said, wholly), paths * 10), strict=True
        ):
            _, whole = alone[path]
            assert found == whole
