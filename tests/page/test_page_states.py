"""The offline page in states that are seldom reached: own templates, re-reading, stopping, a roster, a dying worker."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from govdisclose.own_templates import prepare_template
from support.browser import needs_axe, violations
from support.offline_page import ROOT, SAMPLES, ask, build_page, choose, here, needs_page, open_page
from support.packages import repack

pytestmark = [pytest.mark.slow, needs_page]
MISTAKES = next(book for book in SAMPLES if book.stem == "with-mistakes")
GOOD = next(book for book in SAMPLES if book.stem == "huaian-2024")
NOT_FINISHED = "检查程序停止了"


def go(page: Any, area: str) -> None:
    page.locator(f"nav [data-area={area}]").click()


def check(page: Any, book: Path) -> None:
    go(page, "check")
    choose(page, "book", book)
    page.locator(f"#check-view .head .file:has-text('{book.name}')").wait_for()


def choose_books(page: Any, books: list[Path]) -> None:
    go(page, "office")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="选择几个文件").click()
    chooser.value.set_files(books)


def downloaded(page: Any, press: Callable[[], None]) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        press()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared template, made of the packaged one."""
    path = tmp_path_factory.mktemp("template") / "own.prepared.json"
    return prepare_template(ROOT / "templates" / "2021.docx", path)


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


def test_an_offices_template_is_inside_the_page(
    browser: Any, prepared: Path, tmp_path: Path
) -> None:
    built = tmp_path / "own.html"
    build_page("-o", built, "--template", prepared, "--year", "2024")
    opened = open_page(browser, built.as_uri())
    given = ("book", GOOD.name, GOOD.read_bytes())
    own = ("template", prepared.name, prepared.read_bytes())
    assert opened.evaluate("govdisclose.about.own_template") is True
    assert (
        ask(opened, "make", {"to": "docx"}, [given]).files
        == here("make", {"to": "docx"}, given, own)[1]
    )
    opened.context.close()
    blank = load_workbook(tmp_path / "政府信息公开工作年度报告-2024-空白.xlsx")["基本信息"]
    assert [blank["B4"].value, blank["B7"].value] == [None, 2024]


# --- reading again ------------------------------------------------------------------------------

_WITH_HANDLE = """([name, before, after]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  let asked = 0
  const getFile = async () => new File([bytes(asked++ ? after : before)], name)
  navigator.__proto__.__defineGetter__("webdriver", () => false)
  window.showOpenFilePicker = async () => [{ kind: "file", getFile }]
}"""


def test_a_file_is_read_again_after_it_was_saved(fresh: Any) -> None:
    mended = here(
        "correct",
        {"changes": {"disputes.review.total": "5"}, "before": []},
        ("book", MISTAKES.name, MISTAKES.read_bytes()),
    )[1][0][1]
    texts = [base64.b64encode(data).decode() for data in (MISTAKES.read_bytes(), mended)]
    # The first getFile gives the file that is shown, the second the one that is read for it.
    script = _WITH_HANDLE.replace("asked++ ?", "asked++ > 1 ?")
    fresh.evaluate(script, [MISTAKES.name, *texts])
    go(fresh, "check")
    fresh.locator("#area-check [data-choose=book]:visible").first.click()
    fresh.locator("#check-view .findings li").nth(22).wait_for()
    fresh.get_by_role("button", name="重新读取").click()
    fresh.locator("#check-view .changed:has-text('已改正 1 处，还剩 22 处')").wait_for()


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
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator("#office-view tbody tr").nth(1).wait_for()
    page.get_by_role("button", name="停止").click()
    page.locator("#office-view :text('已停止：处理了')").wait_for()
    assert page.locator("#office-view tbody tr").count() < len(inbox)
    assert page.get_by_role("button", name="下载结果.xlsx").count() == 0
    check(page, GOOD)


def test_a_batch_goes_on_after_the_workbook_that_ends_the_worker(
    fresh: Any, inbox: list[Path], tmp_path: Path
) -> None:
    choose_books(fresh, [*inbox[:4], MISTAKES])
    fresh.evaluate(
        """() => {
          const { engine } = govdisclose
          const ask = engine.ask.bind(engine)
          let asked = 0
          engine.ask = (call, ...rest) => {
            const answer = ask(call, ...rest)
            if (call === "next" && ++asked === 3) engine.worker.onerror({ message: "ended by a test" })
            return answer
          }
        }"""
    )
    fresh.get_by_role("button", name="开始检查并生成").click()
    fresh.locator("text=5 家处理完毕：3 家已生成报告，1 家未通过检查，1 家出错").wait_for(
        timeout=60_000
    )
    failed = fresh.locator("#office-view tbody tr[data-status=failed]")
    assert failed.count() == 1
    assert f"02.xlsx 处理时{NOT_FINISHED}，已跳过" in failed.inner_text()
    assert fresh.locator("#office-view tbody tr").count() == 5
    fresh.get_by_label("只列没有通过的").check()
    visible = fresh.locator("#office-view tbody tr:visible")
    assert visible.count() == 2


def test_the_same_file_twice_is_made_once(page: Any, inbox: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / "另存.xlsx"
    copy.write_bytes(inbox[0].read_bytes())
    choose_books(page, [inbox[0], copy])
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator(
        "text=2 家处理完毕：1 家已生成报告，0 家未通过检查，0 家出错，1 份不采用"
    ).wait_for()


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


# --- what ends Python ---------------------------------------------------------------------------


def nested_sheet(tmp_path: Path) -> Path:
    """A workbook whose worksheet nests deeper than the stack of a browser."""
    import zipfile

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
    fresh: Any, tmp_path: Path
) -> None:
    offered: list[object] = []
    fresh.on("download", lambda download: offered.append(download))
    go(fresh, "check")
    choose(fresh, "book", nested_sheet(tmp_path))
    fresh.locator(".refused:has-text('深.xlsx')").wait_for(timeout=60_000)
    check(fresh, GOOD)
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


# --- looks --------------------------------------------------------------------------------------


@pytest.fixture
def finished(page: Any, tmp_path: Path) -> Iterator[Any]:
    """The list of units of a finished batch, some of which failed."""
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"abc")
    choose_books(page, [GOOD, MISTAKES, broken])
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator("text=3 家处理完毕").wait_for()
    yield page
    page.emulate_media(media="screen")


@needs_axe
def test_axe_finds_nothing_in_a_list_of_units(finished: Any) -> None:
    assert violations(finished) == []


def test_a_list_of_units_is_printed_without_what_can_be_pressed(finished: Any) -> None:
    finished.emulate_media(media="print")
    assert finished.locator("#office-view button:visible").count() == 0
    assert finished.locator("#office-view tbody tr:visible").count() == 3


def test_a_list_of_findings_is_printed_with_the_title_of_its_report(page: Any) -> None:
    check(page, MISTAKES)
    page.emulate_media(media="print")
    printed = page.locator("#check-view .side").inner_text()
    assert "示例县农业农村局2025年政府信息公开工作年度报告" in printed
    assert page.locator("#check-view button.plain:visible").count() == 0
    page.emulate_media(media="screen")
