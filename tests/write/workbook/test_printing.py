"""Every workbook on paper: letters that can be read, nothing cut off, so many pages as somebody reads.

The names and texts are as long as those of real agencies, and longer.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from govdisclose import Agency, AnnualReport, Paragraph
from govdisclose.check import check_reading
from govdisclose.comparison import compare_reports
from govdisclose.consolidate import aggregate_reports, write_consolidated
from govdisclose.finding import Severity
from govdisclose.form.edition import EDITION_2019, EDITION_2021, Edition
from govdisclose.form.explanation import Explanation
from govdisclose.form.report import blank_report
from govdisclose.form.sheets import (
    BASICS,
    BASICS_SHEET,
    EXPLANATIONS_SHEET,
    GUIDE_SHEET,
    PROSE_SHEETS,
    ROSTER_COLUMNS,
)
from govdisclose.form.status import HandedIn, SeasonStatus, Stray, StrayKind, UnitState, UnitStatus
from govdisclose.form.year_changes import UnitChange, YearChanges
from govdisclose.overview import make_overview
from govdisclose.read.workbook.reader import read_workbook
from govdisclose.roster import RosterUnit, make_roster
from govdisclose.workbooks import annotate_workbook
from govdisclose.write.comparison import FORMS
from govdisclose.write.overview import OVERVIEW_FORMS
from govdisclose.write.status.letter import Letter, LetterProblem
from govdisclose.write.status.mail_merge import Addressed, mail_merge
from govdisclose.write.status.workbook import status_workbook
from govdisclose.write.workbook import workbook_bytes
from govdisclose.write.workbook.roster import roster_bytes
from support.batches import run as run_batch
from support.batches import shelve
from support.long_tables import city, long_file
from support.printing import Print, clipped, printed
from support.reports import consistent_report, opened

LONG = "黔西南布依族苗族自治州兴义市桔山街道人力资源和社会保障服务中心"
SENTENCE = "健全依申请公开登记、审核、办理、答复、归档全流程工作机制，均在法定期限内答复。"
SMALLEST = 8.0
"""Points."""


def _name(number: int) -> str:
    return f"{LONG}第{number}分局"


def blank(edition: Edition, folder: Path) -> bytes:
    return workbook_bytes(
        blank_report(edition, agency=Agency(LONG), year=edition.first_year, title="")
    )


def filled(edition: Edition, folder: Path) -> bytes:
    """With last year's figures beside it, long paragraphs and a long reason."""
    prose = tuple(Paragraph(SENTENCE * times) for times in (1, 5, 20))
    report = consistent_report(edition).evolve(
        agency=Agency(LONG, "1" * 18), title=f"{LONG}年度报告", overview=prose
    )
    reason = Explanation("A101", "三、依申请公开!J6", "61/62", SENTENCE * 4)
    return workbook_bytes(report, explanations=[reason], last=report)


def consolidated(folder: Path) -> bytes:
    """60 units of 600."""
    prose = tuple(Paragraph(SENTENCE * 9) for _ in range(3))
    report = consistent_report().evolve(title="", overview=prose)
    reports = [report.evolve(agency=Agency(_name(n), f"U{n}")) for n in range(60)]
    units = [RosterUnit("", "某州人民政府", reports=False)]
    units += [RosterUnit("", _name(n), f"U{n}", "某州人民政府", "县直部门") for n in range(600)]
    made = aggregate_reports(reports, roster=make_roster(units))
    return write_consolidated(made, folder / "total.xlsx").read_bytes()


def overview(folder: Path) -> bytes:
    table = long_file(folder / "city.sqlite", city((2022, 2023), 30))
    return OVERVIEW_FORMS[".xlsx"](make_overview(table, agency=LONG))


def comparison(folder: Path, years: int = 2) -> bytes:
    prose = (Paragraph(SENTENCE * 3),)
    reports = [
        consistent_report(seed=year).evolve(
            agency=Agency(LONG), year=2021 + year, title="", overview=prose
        )
        for year in range(years)
    ]
    return FORMS[".xlsx"](compare_reports(*reports))


def status(folder: Path) -> bytes:
    day = date(2025, 1, 20)
    file = HandedIn(
        f"{LONG}政府信息公开工作年度报告（2024年度）.xlsx", "0", day, datetime(2025, 1, 20)
    )
    units = [
        UnitStatus(
            f"U{n}", _name(n), f"U{n}", "县直部门", LONG, UnitState.RETURNED, day,
            files=(file,), person="联系人", phone="0859-3222222", remark=SENTENCE,
        )
        for n in range(300)
    ]  # fmt: skip
    change = UnitChange(LONG, "U1", file.file, "C101", Severity.WARNING, SENTENCE, 1, 2)
    changes = YearChanges((change,) * 300, 300, 300)
    strays = (Stray(StrayKind.UNKNOWN, file, SENTENCE),)
    return status_workbook(
        SeasonStatus("收件", "花名册.xlsx", 2024, day, tuple(units), strays, changes=changes)
    )


def roster(folder: Path) -> bytes:
    row = dict.fromkeys(ROSTER_COLUMNS, LONG) | {"代码": "1" * 18, "填报": "是"}
    return roster_bytes([tuple(row.values())] * 50)


def results(folder: Path) -> bytes:
    """The results of a batch with a message that no cell can show."""
    report = consistent_report().evolve(agency=Agency(LONG, "1" * 18), title="")
    cells = list(report.values())
    broken = report.with_values({path: 77_777 + n for n, path in enumerate(cells[20:60])})
    books = shelve(folder / "in", {f"{LONG}.xlsx": workbook_bytes(broken)})
    run_batch(books, folder / "out", to=("json",), jobs=1)
    return (folder / "out" / "结果.xlsx").read_bytes()


def merge(folder: Path) -> bytes:
    """The table for a mail merge: 40 units with 8 problems each, and one with very long texts."""
    problems = tuple(LetterProblem(n, SENTENCE * 2, SENTENCE, "二!C5") for n in range(8))
    very_long = (LetterProblem(1, SENTENCE * 40, SENTENCE * 20, "二!C5"),)
    letters = [_letter(_name(n), problems) for n in range(40)]
    return mail_merge([*letters, _letter(LONG, very_long)])


def _letter(unit: str, problems: tuple[LetterProblem, ...]) -> Addressed:
    title = ("关于退回修改2024年度", "政府信息公开工作年度报告的函")
    letter = Letter(title, unit, SENTENCE, problems, problems, SENTENCE, LONG, "2025年1月20日")
    contact = ("联系人", "0859-3222222", "lianxiren@example.cn", f"{LONG}一号楼")
    return Addressed(letter, f"{unit}.docx", "1" * 18, "2025年1月31日", contact)


def annotated(folder: Path) -> bytes:
    """A unit's workbook with its findings, a comment in each cell and a list."""
    cells = list(consistent_report().values())
    report = consistent_report().evolve(agency=Agency(LONG, "1" * 18), title="")
    broken = report.with_values({path: 77_777 + n for n, path in enumerate(cells[20:60])})
    (folder / "book.xlsx").write_bytes(workbook_bytes(broken))
    reading = read_workbook(folder / "book.xlsx")
    copy = folder / "annotated.xlsx"
    annotate_workbook(folder / "book.xlsx", check_reading(reading, None), copy)
    return copy.read_bytes()


WORKBOOKS: dict[str, tuple[Callable[[Path], bytes], int]] = {
    "blank 2021": (partial(blank, EDITION_2021), 10),
    "blank 2019": (partial(blank, EDITION_2019), 10),
    "filled, with last year": (partial(filled, EDITION_2021), 22),
    "consolidated": (consolidated, 60),
    "overview": (overview, 30),
    "comparison": (comparison, 25),
    "comparison of four years": (partial(comparison, years=4), 60),
    "status": (status, 60),
    "roster": (roster, 50),
    "results": (results, 8),
    "mail merge": (merge, 60),
    "annotated": (annotated, 30),
}
"""How a workbook is made, and the most pages of its print."""


@pytest.fixture(scope="module", params=WORKBOOKS)
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workbook, int]:
    make, pages = WORKBOOKS[request.param]
    data = make(tmp_path_factory.mktemp("printing"))
    return load_workbook(io.BytesIO(data)), pages


def prints(workbook: Workbook) -> list[Print]:
    return [printed(sheet) for sheet in workbook]


@pytest.mark.slow
def test_letters_on_paper_can_be_read(written: tuple[Workbook, int]) -> None:
    book, _ = written
    assert {one.sheet: one.smallest for one in prints(book) if one.smallest < SMALLEST} == {}


@pytest.mark.slow
def test_no_text_is_cut_off(written: tuple[Workbook, int]) -> None:
    book, _ = written
    assert {sheet.title: clipped(sheet) for sheet in book if clipped(sheet)} == {}


def test_no_more_is_printed_than_somebody_reads(written: tuple[Workbook, int]) -> None:
    book, most = written
    assert sum(one.pages for one in prints(book)) <= most


def _parts(sheet: Worksheet) -> tuple[Any, ...]:
    return sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right


def test_every_page_says_which_it_is_and_when_it_was_printed(
    written: tuple[Workbook, int],
) -> None:
    book, _ = written
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        footer = "".join(str(part.text) for part in _parts(sheet))
        assert all(code in footer for code in ("&P", "&N", "&A", "&D"))


def test_a_list_of_several_pages_repeats_its_header(written: tuple[Workbook, int]) -> None:
    book, _ = written
    long = [one.sheet for one in prints(book) if one.pages > 1]
    assert [name for name in long if not book[name].print_title_rows] == []


# --- the blank workbook -------------------------------------------------------------------------


def fixed_rows(data: bytes, sheet: str) -> set[int]:
    """The rows whose height a program leaves as it is, whatever is typed."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        number = opened(data).sheetnames.index(sheet) + 1
        part = package.read(f"xl/worksheets/sheet{number}.xml").decode()
    rows = re.findall(r'<row r="(\d+)"([^>]*)>', part)
    return {int(number) for number, attributes in rows if "customHeight" in attributes}


INPUT_SHEETS = (BASICS_SHEET, *PROSE_SHEETS.values(), EXPLANATIONS_SHEET)
_ABOVE = {1, 2, 3}
"""Title, advice and header."""


@pytest.mark.slow
@pytest.mark.parametrize("make", [blank, filled])
def test_rows_to_write_in_grow_with_their_text(
    make: Callable[[Edition, Path], bytes], tmp_path: Path
) -> None:
    data = make(EDITION_2021, tmp_path)
    for sheet in INPUT_SHEETS:
        assert fixed_rows(data, sheet) <= _ABOVE, sheet


@pytest.mark.parametrize(
    ("year", "due"), [(2025, "2026年1月31日前"), (2020, "2021年1月31日前"), (None, "次年1月31日前")]
)
def test_the_first_sheet_says_until_when_the_report_is_due(year: int | None, due: str) -> None:
    data = workbook_bytes(blank_report(EDITION_2021, agency=Agency("甲局"), year=year, title=""))
    assert due in load_workbook(io.BytesIO(data), data_only=True)[GUIDE_SHEET]["B3"].value


def test_the_deadline_follows_the_year_that_is_typed() -> None:
    data = workbook_bytes(blank_report(EDITION_2021, agency=Agency("甲局"), year=2025, title=""))
    workbook = load_workbook(io.BytesIO(data))
    labels = [str(cell.value) for cell in workbook[BASICS_SHEET]["A"]]
    year = next(basic.label for basic in BASICS if basic.key == "year")
    place = f"'{BASICS_SHEET}'!B{labels.index(year) + 1}"
    formula = workbook[GUIDE_SHEET]["B3"].value
    assert formula.count(f"ISNUMBER({place})") == formula.count(f"{place}+1") == 2


def test_a_deadline_that_no_program_has_calculated_is_nobodys_note(tmp_path: Path) -> None:
    """openpyxl keeps no values of formulas."""
    report: AnnualReport = consistent_report()
    path = tmp_path / "saved.xlsx"
    load_workbook(io.BytesIO(workbook_bytes(report))).save(path)
    about_guide = [f for f in read_workbook(path).findings if f.place.sheet == GUIDE_SHEET]
    assert about_guide == []
