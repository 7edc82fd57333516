"""Sending back: a letter to whoever must correct something, and to nobody else."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from govdisclose import Finding, Severity
from govdisclose.errors import UsageError
from govdisclose.form.status import HandedIn, UnitState, UnitStatus
from govdisclose.many.status.letters import FORMER_FOLDER, LETTERS_FILE, MERGE_FILE
from govdisclose.status import Letters, check_inbox, write_letters
from govdisclose.write.line_fit import TIGHT, TIGHTER, fit
from govdisclose.write.status.letter import LetterTerms, letter_bytes, return_letter
from govdisclose.write.status.mail_merge import Addressed, mail_merge
from govdisclose.write.workbook.writer import TEXT_LIMIT
from support import seasons
from support.paths import ROOT
from support.seasons import Place, workbook

sys.path.insert(0, str(ROOT / "tools"))
import build_letter  # a script, found through the line above

DAY = date(2025, 1, 20)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """One unit in order, two with errors, one whose file cannot be read, one missing."""
    made = seasons.place(tmp_path, *map(seasons.unit, range(1, 6)))
    made.put("1.xlsx", workbook("甲市第1局", "U1"))
    made.put("2.xlsx", workbook("甲市第2局", "U2", wrong=1))
    made.put("3.xlsx", workbook("甲市第3局", "U3", wrong=2))
    made.put("甲市第4局.xlsx", b"no workbook")
    return made


def send(place: Place, today: date = DAY, **more: object) -> Letters:
    status = check_inbox(place.inbox, place.roster, today=today, year=2024)
    return write_letters(status, place.roster, place.root / "退回", **more)  # type: ignore[arg-type]  # as given


def text(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_whoever_must_correct_something_gets_a_letter_and_nobody_else(place: Place) -> None:
    made = send(place)
    assert set(made.written) == {"甲市第2局.docx", "甲市第3局.docx", "甲市第4局.docx"}
    assert names(made.folder) == {*made.written, MERGE_FILE, LETTERS_FILE}


def test_a_letter_says_what_where_how_and_until_when(place: Place) -> None:
    said = text(send(place).folder / "甲市第3局.docx")
    status = check_inbox(place.inbox, place.roster, today=DAY, year=2024)
    (unit,) = [unit for unit in status.units if unit.name == "甲市第3局"]
    for finding in unit.findings:
        assert finding.message in said
        assert finding.hint is None or finding.hint in said
    assert "2025年1月31日（法定期限）前" in said
    assert said.startswith("关于退回修改2024年度\n政府信息公开工作年度报告的函\n甲市第3局：")
    assert said.endswith("甲市人民政府办公室\n2025年1月20日")


def test_sender_and_date_stand_as_below_a_report_and_never_alone_on_a_page(place: Place) -> None:
    *_, closing, sender, day = Document(str(send(place).folder / "甲市第3局.docx")).paragraphs
    assert closing.text.startswith("请于")
    assert closing.paragraph_format.keep_with_next
    assert [paragraph.style.name for paragraph in (sender, day)] == ["落款", "成文日期"]


def test_a_file_that_cannot_be_opened_came_once_and_has_one_letter(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, *map(seasons.unit, (1, 2, 4)))
    place.put("甲市第1局.zip", b"PK no archive")
    place.put("甲市第2局.zip", b"PK no archive", "2042-01-01")
    first = send(place)
    assert len(first.written) == 2
    for day in (date(2025, 1, 22), date(2025, 1, 25)):
        again = send(place, day)
        assert (again.written, set(again.kept)) == ((), set(first.written))
    place.put("甲市第1局.zip", b"PK none again", "2025-01-26")
    assert send(place, date(2025, 1, 27)).written == ("甲市第1局.docx",)
    assert "2025年1月26日收到" in text(first.folder / "甲市第1局.docx")


def test_sender_and_day_can_be_given(place: Place) -> None:
    said = text(send(place, sender="甲市数据局", until=date(2025, 1, 25)).folder / "甲市第2局.docx")
    assert "请于2025年1月25日前" in said
    assert said.endswith("甲市数据局\n2025年1月20日")


def test_after_the_deadline_a_letter_asks_for_haste(place: Place) -> None:
    made = send(place, date(2025, 2, 10))
    assert "（2025年1月31日）已过，请尽快" in text(made.folder / "甲市第2局.docx")


def test_a_corrected_report_has_its_letter_put_away(place: Place) -> None:
    folder = send(place).folder
    place.put("2.xlsx", workbook("甲市第2局", "U2"))
    made = send(place, date(2025, 1, 22))
    assert (made.moved, made.written) == (("甲市第2局.docx",), ())
    assert "甲市第2局.docx" not in names(folder)
    assert names(folder / FORMER_FOLDER) == {"甲市第2局（2025-01-22 移入）.docx"}


def test_two_letters_put_away_on_one_day_are_both_kept(place: Place) -> None:
    folder = send(place).folder
    for wrong in (2, 1):
        place.put("2.xlsx", workbook("甲市第2局", "U2", wrong=wrong))
        assert send(place, date(2025, 1, 22)).written == ("甲市第2局.docx",)
    away = {"甲市第2局（2025-01-22 移入）.docx", "甲市第2局（2025-01-22 移入，2）.docx"}
    assert names(folder / FORMER_FOLDER) == away


@pytest.mark.parametrize("damaged", [b"no list", b'{"schema": 99, "letters": {}}', b"[]"])
def test_a_list_of_letters_that_cannot_be_read_stops_before_any_is_written(
    damaged: bytes, place: Place
) -> None:
    folder = send(place).folder
    (folder / LETTERS_FILE).write_bytes(damaged)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(UsageError, match="读不出，不知道哪些退回函是以前生成的"):
        send(place)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_unchanged_letter_stays_as_the_office_has_left_it(place: Place) -> None:
    letter = send(place).folder / "甲市第2局.docx"
    letter.write_bytes(b"signed by hand")
    assert "甲市第2局.docx" in send(place, date(2025, 1, 22)).kept
    assert letter.read_bytes() == b"signed by hand"


def test_a_letter_for_other_reasons_replaces_the_former_one(place: Place) -> None:
    folder = send(place).folder
    place.put("2.xlsx", workbook("甲市第2局", "U2", wrong=2))
    assert send(place, date(2025, 1, 22)).written == ("甲市第2局.docx",)
    assert names(folder / FORMER_FOLDER) == {"甲市第2局（2025-01-22 移入）.docx"}


def test_a_file_of_somebody_is_never_touched(place: Place) -> None:
    folder = place.root / "退回"
    folder.mkdir()
    (folder / "甲市第3局.docx").write_bytes(b"theirs")
    with pytest.raises(UsageError, match="不是以前生成的退回函"):
        send(place)
    assert names(folder) == {"甲市第3局.docx"}
    assert (folder / "甲市第3局.docx").read_bytes() == b"theirs"


def test_nothing_to_return_makes_no_folder(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    assert send(place) == Letters(place.root / "退回")
    assert not (place.root / "退回").exists()


def test_two_units_of_one_name_get_a_letter_each(tmp_path: Path) -> None:
    twins = [seasons.unit(number) for number in (1, 2)]
    twins = [type(unit)("", "区财政局", unit.code, "C0", "市级") for unit in twins]
    place = seasons.place(tmp_path, *twins)
    for code in ("U1", "U2"):
        place.put(f"{code}.xlsx", workbook("区财政局", code, wrong=1))
    assert set(send(place).written) == {"区财政局（U1）.docx", "区财政局（U2）.docx"}


def test_last_years_report_in_the_inbox_is_not_returned(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1), seasons.unit(2))
    place.put("旧.xlsx", workbook("甲市第1局", "U1", year=2023), "2024-01-15")
    place.put("错.xlsx", workbook("甲市第2局", "U2", year=2023), "2025-01-15")
    made = send(place)
    assert made.written == ("甲市第2局.docx",)
    assert "是2023年度的报告" in text(made.folder / "甲市第2局.docx")


# --- the table ----------------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_letter_with_its_contact(place: Place) -> None:
    sheet = load_workbook(send(place).folder / MERGE_FILE)["邮件合并"]
    header, *rows = sheet.iter_rows(values_only=True)
    lines = [dict(zip(header, row, strict=True)) for row in rows]
    assert [line["文件"] for line in lines] == [
        "甲市第2局.docx",
        "甲市第3局.docx",
        "甲市第4局.docx",
    ]
    second = lines[0]
    assert (second["联系人"], second["电话"]) == ("第2人", "0517-0002")
    assert (second["邮箱"], second["地址"]) == ("u2@x.cn", "某路2号")
    assert "请于2025年1月31日" in second["简短说明"]


def unit_with(*findings: Finding) -> UnitStatus:
    file = HandedIn("1.xlsx", "", DAY, datetime(2025, 1, 10))
    return UnitStatus(
        "U1", "甲局", "U1", "", "", UnitState.RETURNED, DAY, files=(file,), findings=findings
    )


@pytest.mark.parametrize(("count", "length"), [(1, 3 * TEXT_LIMIT), (200, 40), (3, 1_500)], ids=str)
def test_nothing_of_an_opinion_is_cut_off(count: int, length: int, tmp_path: Path) -> None:
    texts = [f"第{number}处" + "错" * length for number in range(count)]
    findings = [Finding("A101", Severity.ERROR, text, hint="改" * length) for text in texts]
    letter = return_letter(unit_with(*findings), LetterTerms(2024, "甲市", DAY))
    path = tmp_path / "l.docx"
    path.write_bytes(letter_bytes(letter))
    said = text(path)
    assert all(one in said for one in texts)
    path = tmp_path / "m.xlsx"
    path.write_bytes(mail_merge([Addressed(letter, "l.docx", "U1", "", ("", "", "", ""))]))
    sheet = load_workbook(path)["逐条意见"]
    rows = [
        [str(cell or "") for cell in row] for row in sheet.iter_rows(min_row=4, values_only=True)
    ]
    assert "".join(row[3] for row in rows) == "".join(f"{one}（A101）" for one in texts)
    assert "".join(row[4] for row in rows) == "改" * length * count
    heights = [sheet.row_dimensions[row].height for row in range(4, 4 + len(rows))]
    assert max(heights) < 409


@pytest.mark.parametrize(("code", "may"), [("A104", True), ("S112", False), ("S116", False)])
def test_a_reason_is_asked_for_only_where_one_may_be_recorded(code: str, may: bool) -> None:
    unit = unit_with(Finding(code, Severity.ERROR, "有问题"))
    letter = return_letter(unit, LetterTerms(2024, "某某办公室", DAY))
    assert ("说明事项" in letter.closing) is may


STYLES = {"": "Body", TIGHT: "BodyTight", TIGHTER: "BodyTighter"}


def test_no_line_of_a_letter_is_stretched(tmp_path: Path) -> None:
    findings = []
    for before in range(10, 30):
        said = f"{'字' * before}应为12345678件，实为87654321件，请核对后改正。"
        findings.append(Finding("A101", Severity.ERROR, said, hint=f"{said}见www.example.gov.cn。"))
    letter = return_letter(unit_with(*findings), LetterTerms(2024, "某某办公室", DAY))
    path = tmp_path / "l.docx"
    path.write_bytes(letter_bytes(letter))
    found = set()
    for paragraph in Document(str(path)).paragraphs:
        assert paragraph.style is not None
        if paragraph.style.style_id.startswith("Body") and len(paragraph.text) > 28:
            wanted = fit(paragraph.text)
            usual = "BodyLeft" if wanted.ragged else "Body"
            style = STYLES[wanted.spacing] if wanted.spacing else usual
            assert paragraph.style.style_id == style
            found.add(style)
    assert found >= {"Body", "BodyTight", "BodyLeft"}


def test_the_template_is_what_its_script_writes() -> None:
    assert build_letter.main(["--check"]) == 0
