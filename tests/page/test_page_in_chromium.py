"""The offline page in a real Chromium, opened from a file: as a person uses it, and in states seldom reached.

One file for all: opening the page takes four seconds.
"""

from __future__ import annotations

import base64
import io
import json
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Error

from govdisclose.browser import year_to_fill
from govdisclose.roster import RosterUnit, make_roster, write_roster
from support.browser import needs_axe, violations
from support.offline_page import (
    ROOT,
    SAMPLES,
    ask,
    check,
    choose,
    choose_books,
    downloaded,
    go,
    here,
    needs_page,
)
from support.packages import repack

sys.path.insert(0, str(ROOT / "tools"))
import bounds_inputs  # a script for others, no package

pytestmark = [pytest.mark.slow, needs_page]
MISTAKES = next(book for book in SAMPLES if book.stem == "with-mistakes")
GOOD = next(book for book in SAMPLES if book.stem == "huaian-2024")
MOST_BYTES = 14_000_000
NOT_FINISHED = "检查程序停止了"


def test_the_file_is_small_enough_to_be_sent_around(file: Path) -> None:
    assert file.stat().st_size <= MOST_BYTES


# --- as a person uses it ------------------------------------------------------------------------

AREAS = ("begin", "check", "correct", "make", "office")


@needs_axe
def test_axe_finds_nothing(page: Any) -> None:
    """First of all, while nothing has been done on the page."""
    for area in AREAS:
        go(page, area)
        assert violations(page) == [], area
    for book, areas in ((MISTAKES, ("check", "correct", "make")), (GOOD, ("check", "make"))):
        check(page, book)
        for area in areas:
            go(page, area)
            assert violations(page) == [], (book, area)


def test_a_clerk_begins_checks_and_makes_the_report(page: Any) -> None:
    go(page, "begin")
    page.get_by_label("机关名称").fill("某某局")
    name, data = downloaded(page, lambda: page.get_by_role("button", name="下载填报表").click())
    year = year_to_fill(date.today())
    assert (name, data[:2]) == (f"某某局{year}年度报告填报表.xlsx", b"PK")
    check(page, MISTAKES)
    assert page.locator("#check-view .findings li").count() == 23
    page.locator("#check-view .finding", has_text="（七）总计／商业企业：应为 16").click()
    assert page.locator("#check-view td.side-one").count() == 1
    assert page.locator("#check-view td.side-other").count() == 21
    go(page, "make")
    assert page.locator("[data-form=docx]").is_disabled()
    page.get_by_label("先生成草稿").check()
    name, _ = downloaded(page, lambda: page.locator("[data-form=docx]").click())
    assert "草稿" in name
    check(page, GOOD)
    go(page, "make")
    name, data = downloaded(page, lambda: page.locator("[data-form=docx]").click())
    given = ("book", GOOD.name, GOOD.read_bytes())
    assert ((name, data),) == here("make", {"to": "docx"}, given)[1]
    assert page.said == []


def test_nothing_leaves_the_page(page: Any, file: Path) -> None:
    check(page, GOOD)
    go(page, "make")
    downloaded(page, lambda: page.locator("[data-form=html]").click())
    others = [url for url in page.asked if not url.startswith((file.as_uri(), "blob:"))]
    assert others == []
    tried = page.evaluate("fetch('https://example.com/').then(() => 'sent', () => 'refused')")
    assert tried == "refused"
    inside = page.workers[0].evaluate(
        "new Promise((done) => { const asked = new XMLHttpRequest();"
        " asked.onload = () => done('sent'); asked.onerror = () => done('refused');"
        " asked.open('GET', 'https://example.com/'); asked.send() })"
    )
    assert inside == "refused"


REFUSED = {
    "坏.xlsx": b"abc",
    "空.xlsx": b"",
    "大.xlsx": bytes(30_000_000),
    "旧.doc": b"\xd0\xcf\x11\xe0",
}


def test_a_file_that_cannot_be_read_is_refused_and_the_page_goes_on(
    page: Any, tmp_path: Path
) -> None:
    for name, data in REFUSED.items():
        (tmp_path / name).write_bytes(data)
        go(page, "check")
        choose(page, "book", tmp_path / name)
        page.locator(f".refused:has-text('{name}')").wait_for()
        said = here("check", {}, ("book", name, data))[0]["error"]
        assert said in page.locator(".refused").inner_text()
    check(page, GOOD)
    assert page.locator(".refused").count() == 0


def test_a_pdf_is_answered_with_what_to_do(page: Any) -> None:
    said = json.loads(ask(page, "check", {}, [("book", "x.pdf", b"%PDF-1.7")]).said)
    assert "x.pdf 在网页里读不了：请打开后另存为" in said["error"]


def test_a_figure_is_corrected_on_the_page_and_the_workbook_downloaded(page: Any) -> None:
    check(page, MISTAKES)
    go(page, "correct")
    page.locator("#correct-view td[data-path='disputes.review.total']").click()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="放进工作簿并重新检查").click()
    page.locator(".pending-box", has_text="已改正 1 处，还剩 22 处").wait_for()
    button = page.get_by_role("button", name="下载改正后的工作簿")
    got = downloaded(page, button.click)
    given = ("book", MISTAKES.name, MISTAKES.read_bytes())
    changes = {"disputes.review.total": "5"}
    assert (got,) == here("correct", {"changes": changes, "before": []}, given)[1]
    assert page.locator("#correct-view td.formula").count() > 20
    go(page, "check")
    assert page.locator("#check-view .findings li").count() == 22


def test_a_folder_of_many_units_is_worked_through(page: Any, tmp_path: Path) -> None:
    for book in SAMPLES:
        (tmp_path / book.name).write_bytes(book.read_bytes())
    others = {"坏.xlsx": b"abc", "说明.txt": b"abc", "年报.pdf": b"%PDF-1.7", "<b>旧.doc": b"x"}
    for name, data in others.items():
        (tmp_path / name).write_bytes(data)
    choose_books(page, sorted(tmp_path.iterdir()))
    chosen = page.locator("#office-view .chosen").first.inner_text()
    assert chosen == "已选 8 个文件，其中 1 个不是能读的文件，做完后列出原因"
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator("text=6 家处理完毕：3 家已生成报告，1 家未通过检查，2 家出错").wait_for()
    assert page.locator(".units tbody tr").count() == 6
    refused = page.locator(".units tr", has_text="年报.pdf").inner_text()
    assert "年报.pdf 在网页里读不了：请打开后另存为 Word（.docx）" in refused
    assert page.locator(".not-read li").all_inner_texts() == [
        "<b>旧.doc：这种文字文件读不了，请用 Word 或 WPS 另存为 .docx",
        "说明.txt：看过，不是年度报告",
    ]
    name, data = downloaded(page, page.get_by_role("button", name="下载全部报告").click)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        suffixes = sorted(Path(member).suffix for member in archive.namelist())
    assert (name, suffixes) == ("全部报告.zip", [".docx"] * 3 + [".jsonl", ".xlsx"])
    page.get_by_role("button", name="汇总成一个工作簿").click()
    page.locator("#office-view .bad", has_text="没有汇总").wait_for()


def test_the_keyboard_alone_suffices(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    check(page, MISTAKES)
    page.locator("#check-view .finding").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#check-view .findings li.chosen").count() == 1
    go(page, "correct")
    cell = page.locator("#correct-view td[data-path='disputes.review.upheld']")
    cell.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    assert cell.inner_text() == "2"
    assert page.evaluate("document.activeElement.dataset.path") == "disputes.review.upheld"
    paragraph = page.locator("#correct-view [data-path='overview.1'] [role=button]")
    paragraph.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.locator("#correct-view .pending li").count() == 1


def test_a_worker_that_dies_is_replaced_and_the_page_says_so(page: Any) -> None:
    lost = page.evaluate(
        "() => { const asked = govdisclose.engine.ask('about', {today: '2026-01-01'}, [], 300);"
        " govdisclose.engine.worker.terminate();"
        " return asked.then(() => 'answered', (error) => error.constructor.name) }"
    )
    assert lost == "LostError"
    assert "重新启动" in page.locator("#notice").inner_text()
    check(page, GOOD)


def test_a_narrow_window_is_never_scrolled_sideways(page: Any) -> None:
    before = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    check(page, MISTAKES)
    for area in AREAS:
        go(page, area)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, area
    page.set_viewport_size(before)


# --- published pages ----------------------------------------------------------------------------


def test_a_web_page_is_read_as_by_the_command_line(page: Any) -> None:
    made = here("make", {"to": "html"}, ("book", GOOD.name, GOOD.read_bytes()))[1]
    given = ("book", "r.html", made[0][1])
    assert json.loads(ask(page, "check", {}, [given]).said) == here("check", {}, given)[0]


def test_a_disorderly_web_page_is_refused(page: Any) -> None:
    given = ("book", "r.html", b"<p>\n<b>1<i>2</b>3</i></p>")
    said = json.loads(ask(page, "check", {}, [given]).said)
    assert "r.html 的代码不规范（第 2 行" in said["error"]
    assert said["exit_code"] == 3


# --- beginning ----------------------------------------------------------------------------------


def test_last_years_report_fills_in_the_form(page: Any, tmp_path: Path) -> None:
    go(page, "begin")
    choose(page, "last", GOOD)
    page.locator("[data-chosen=last]:has-text('上面三项已按它填好')").wait_for()
    filled = [page.locator(f"#begin-{name}").input_value() for name in ("agency", "year", "level")]
    assert filled == ["淮安市人民政府", "2025", "government"]
    name, data = downloaded(page, page.get_by_role("button", name="下载填报表").click)
    made = tmp_path / name
    made.write_bytes(data)
    assert load_workbook(made)["基本信息"]["B6"].value == "政府"
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"abc")
    choose(page, "last", broken)
    page.locator("[data-chosen=last] .bad:has-text('没有用 坏.docx')").wait_for()
    page.locator("#begin-agency").fill("某某局")
    page.locator("#begin-year").fill("2025")
    name, _ = downloaded(page, page.get_by_role("button", name="下载填报表").click)
    assert name == "某某局2025年度报告填报表.xlsx"


# --- templates ----------------------------------------------------------------------------------


def test_a_word_template_is_answered_and_a_prepared_one_used(page: Any, prepared: Path) -> None:
    check(page, GOOD)
    go(page, "make")
    choose(page, "template", ROOT / "templates" / "2021.docx")
    page.locator("[data-form=docx]").click()
    page.locator("#make-view .bad:has-text('是 Word 模板，网页里处理不了')").wait_for()
    choose(page, "template", prepared)
    name, data = downloaded(page, page.locator("[data-form=docx]").click)
    given = ("book", GOOD.name, GOOD.read_bytes())
    own = ("template", prepared.name, prepared.read_bytes())
    assert ((name, data),) == here("make", {"to": "docx"}, given, own)[1]
    page.locator("#make-view").get_by_role("button", name="不用了").click()
    page.locator("#make-view :text('用随带的标准模板')").wait_for()


# --- reading again ------------------------------------------------------------------------------

_DRIVEN = """(driven) => navigator.__proto__.__defineGetter__("webdriver", () => driven)"""
"""A browser that is driven by tests lets files be chosen without handles."""

_SAVED_BETWEEN = """([name, before, after]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  let asked = 0
  const getFile = async () => new File([bytes(asked++ < 2 ? before : after)], name)
  window.showOpenFilePicker = async () => [{ kind: "file", getFile }]
}"""
"""The file is opened, read, and once more read after it was saved."""


@pytest.fixture
def with_handles(page: Any) -> Iterator[Any]:
    """The page in a browser that gives handles of files."""
    page.evaluate(_DRIVEN, False)
    yield page
    page.evaluate(_DRIVEN, True)


def test_a_file_is_read_again_after_it_was_saved(with_handles: Any) -> None:
    page = with_handles
    mended = here(
        "correct",
        {"changes": {"disputes.review.total": "5"}, "before": []},
        ("book", MISTAKES.name, MISTAKES.read_bytes()),
    )[1][0][1]
    texts = [base64.b64encode(data).decode() for data in (MISTAKES.read_bytes(), mended)]
    page.evaluate(_SAVED_BETWEEN, [MISTAKES.name, *texts])
    go(page, "check")
    page.locator("#area-check [data-choose=book]:visible").first.click()
    page.locator("#check-view .findings li").nth(22).wait_for()
    page.get_by_role("button", name="重新读取").click()
    page.locator("#check-view .changed:has-text('已改正 1 处，还剩 22 处')").wait_for()


# --- many units ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Forty workbooks of different units."""
    folder = tmp_path_factory.mktemp("inbox")
    workbooks = [folder / f"{number:02}.xlsx" for number in range(40)]
    for number, workbook in enumerate(workbooks):
        workbook.write_bytes(of_unit(f"淮安市第{number}局"))
    return workbooks


def of_unit(name: str) -> bytes:
    """The sample as the report of another unit."""

    def renamed(part: str, data: bytes) -> bytes:
        if part != "xl/sharedStrings.xml":
            return data
        return data.replace("<t>淮安市人民政府</t>".encode(), f"<t>{name}</t>".encode())

    return repack(GOOD.read_bytes(), renamed)


def test_a_batch_is_stopped(page: Any, inbox: list[Path]) -> None:
    choose_books(page, inbox)
    page.evaluate(
        """() => {
          const { engine } = govdisclose
          const ask = engine.ask.bind(engine)
          let asked = 0
          engine.ask = (call, ...rest) => {
            if (call === "next" && ++asked === 3) {
              delete engine.ask
              for (const button of document.querySelectorAll("#office-view button"))
                if (button.textContent === "停止") button.click()
            }
            return ask(call, ...rest)
          }
        }"""
    )
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator("#office-view :text('已停止：处理了')").wait_for()
    assert page.locator("#office-view tbody tr").count() < len(inbox)
    assert page.get_by_role("button", name="下载结果.xlsx").count() == 0
    check(page, GOOD)


def test_a_batch_goes_on_after_the_workbook_that_ends_the_worker(
    page: Any, inbox: list[Path], tmp_path: Path
) -> None:
    choose_books(page, [*inbox[:4], MISTAKES])
    page.evaluate(
        """() => {
          const { engine } = govdisclose
          const ask = engine.ask.bind(engine)
          let asked = 0
          engine.ask = (call, ...rest) => {
            const answer = ask(call, ...rest)
            if (call === "next" && ++asked === 3) {
              delete engine.ask
              engine.worker.onerror({ message: "ended by a test" })
            }
            return answer
          }
        }"""
    )
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator("text=5 家处理完毕：3 家已生成报告，1 家未通过检查，1 家出错").wait_for(
        timeout=60_000
    )
    failed = page.locator("#office-view tbody tr[data-status=failed]")
    assert failed.count() == 1
    assert f"02.xlsx 处理时{NOT_FINISHED}，已跳过" in failed.inner_text()
    assert page.locator("#office-view tbody tr").count() == 5
    page.get_by_label("只列没有通过的").check()
    visible = page.locator("#office-view tbody tr:visible")
    assert visible.count() == 2


def test_the_same_file_twice_is_made_once(page: Any, inbox: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / "另存.xlsx"
    copy.write_bytes(inbox[0].read_bytes())
    choose_books(page, [inbox[0], copy])
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator(
        "text=2 家处理完毕：1 家已生成报告，0 家未通过检查，0 家出错，1 份不采用"
    ).wait_for()


def test_no_file_takes_the_place_of_another_and_a_huge_one_is_told(
    page: Any, inbox: list[Path], tmp_path: Path
) -> None:
    namesake, huge = tmp_path / inbox[0].name, tmp_path / "影像.zip"
    namesake.write_bytes(inbox[1].read_bytes())
    with open(huge, "wb") as file:
        file.truncate(101_000_000)
    choose_books(page, [inbox[0], namesake, huge])
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator(
        "text=3 家处理完毕：2 家已生成报告，0 家未通过检查，1 家出错。"
        "有 1 个出错的文件网页没能处理，结果.xlsx 里没有。"
    ).wait_for()
    rows = page.locator("#office-view tbody tr").all_inner_texts()
    assert "影像.zip 有 101 MB，太大" in rows[0]
    names = [row.split("\t")[-1] for row in rows]
    assert names == ["影像.zip", "00.xlsx", "00（2）.xlsx"]
    page.get_by_role("button", name="汇总成一个工作簿").click()
    told = page.locator("#office-view .result")
    told.locator(".bad", has_text="没有汇总：下面的文件没有处理").wait_for()
    assert "没有计入：影像.zip 有 101 MB" in told.inner_text()


def test_a_roster_says_who_is_missing(page: Any, tmp_path: Path) -> None:
    roster = Workbook()
    roster.active.append(["代码", "名称"])
    roster.active.append(["11320800000000001A", "淮安市人民政府"])
    roster.active.append(["11320800000000002B", "缺报县人民政府"])
    roster.save(tmp_path / "花名册.xlsx")
    choose_books(page, [GOOD])
    choose(page, "roster", tmp_path / "花名册.xlsx")
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator("text=1 家处理完毕").wait_for()
    page.locator("#office-agency").fill("某市")
    name, _ = downloaded(page, page.get_by_role("button", name="汇总成一个工作簿").click)
    assert name.endswith("年度汇总.xlsx")
    page.locator("#office-view .warn:has-text('缺报 1 家：缺报县人民政府')").wait_for()


def test_a_roster_that_has_gone_before_the_sum_is_told(page: Any, tmp_path: Path) -> None:
    roster = tmp_path / "花名册.xlsx"
    write_roster(roster, make_roster([RosterUnit("", "淮安市人民政府")]).units)
    choose_books(page, [GOOD])
    choose(page, "roster", roster)
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator("text=1 家处理完毕").wait_for()
    roster.unlink()
    page.get_by_role("button", name="汇总成一个工作簿").click()
    told = page.locator("#office-view .bad", has_text="没有汇总：读不了花名册 花名册.xlsx")
    told.wait_for()
    assert "请重新选择" in told.inner_text()


# --- what ends Python ---------------------------------------------------------------------------


def nested_sheet(tmp_path: Path) -> Path:
    """A workbook whose worksheet nests deeper than the stack of a browser."""
    path = tmp_path / "深.xlsx"
    with zipfile.ZipFile(GOOD) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            data = given.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = data.replace(b"<sheetData>", b"<a>" * 1_000_000 + b"<sheetData>")
            made.writestr(name, data)
    return path


def test_json_nested_too_deep_is_refused_before_it_ends_the_worker(page: Any) -> None:
    for data in (b"[" * 1_000_000, b'{"a":' * 100_000, b'{"a": "\\"' + b"[" * 99):
        said = json.loads(ask(page, "check", {}, [("book", "a.json", data)]).said)
        assert said["exit_code"] == 3, data[:9]


def test_a_sheet_that_ends_the_worker_is_told_and_the_page_goes_on(
    page: Any, tmp_path: Path
) -> None:
    offered: list[object] = []
    page.on("download", lambda download: offered.append(download))
    go(page, "check")
    choose(page, "book", nested_sheet(tmp_path))
    page.locator(".refused:has-text('深.xlsx')").wait_for(timeout=60_000)
    check(page, GOOD)
    assert offered == []


def test_what_is_refused_offers_nothing_for_download(page: Any, tmp_path: Path) -> None:
    offered: list[object] = []
    page.on("download", lambda download: offered.append(download))
    large = tmp_path / "大.xlsx"
    large.write_bytes(bytes(40_000_000))
    go(page, "check")
    begun = time.monotonic()
    choose(page, "book", large)
    page.locator(".refused:has-text('大.xlsx 有 40 MB')").wait_for()
    assert time.monotonic() - begun < 20
    assert offered == []
    check(page, GOOD)


HOSTILE = [
    hostile
    for hostile in bounds_inputs.INPUTS
    if hostile.ending in ("xlsx", "json", "txt", "rows.txt", "docx")
    and (hostile.quick or any(word in hostile.name for word in ("members", "nested", "blanks")))
    and hostile.name not in ("a sheet nested a million deep", "a header a thousand times")
]
"""What may ask too much of a browser: of its stack, of its memory.

The nested sheet ends the worker: what the page does then is seen above. The header takes time alone, as
everywhere.
"""


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_a_hostile_file_is_answered_and_the_page_goes_on(page: Any, hostile: Any) -> None:
    given = ("book", f"x.{hostile.ending}", hostile.make())
    there = _answered(page, given)
    # What nests too deep for the browser's stack ends the worker, which is replaced.
    assert there is not None or "nested" in hostile.name
    if there is not None:
        assert "error" in there or "findings" in there
        assert there.get("exit_code") != 70
    good = ask(page, "check", {}, [("book", GOOD.name, GOOD.read_bytes())])
    assert "findings" in json.loads(good.said)


def _answered(page: Any, given: tuple[str, str, bytes]) -> dict[str, Any] | None:
    """What a check of a file says; nothing when it ends the worker."""
    try:
        found: dict[str, Any] = json.loads(ask(page, "check", {}, [given]).said)
    except Error as lost:
        if "LostError" in str(lost):
            return None
        raise
    return found


# --- looks --------------------------------------------------------------------------------------


@needs_axe
def test_a_list_of_units_is_accessible_and_printed_without_what_can_be_pressed(
    page: Any, tmp_path: Path
) -> None:
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"abc")
    choose_books(page, [GOOD, MISTAKES, broken])
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator("text=3 家处理完毕").wait_for()
    assert violations(page) == []
    page.emulate_media(media="print")
    assert page.locator("#office-view button:visible").count() == 0
    assert page.locator("#office-view tbody tr:visible").count() == 3
    page.emulate_media(media="screen")


def test_a_list_of_findings_is_printed_with_the_title_of_its_report(page: Any) -> None:
    check(page, MISTAKES)
    page.emulate_media(media="print")
    printed = page.locator("#check-view .side").inner_text()
    assert "示例县农业农村局2025年政府信息公开工作年度报告" in printed
    assert page.locator("#check-view button.plain:visible").count() == 0
    page.emulate_media(media="screen")
