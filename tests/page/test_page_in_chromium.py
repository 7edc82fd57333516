"""The offline page in a real Chromium, opened from a file and used as a person uses it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govdisclose.browser import year_to_fill
from support.browser import needs_axe, violations
from support.offline_page import (
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

pytestmark = [pytest.mark.slow, needs_page]
MISTAKES = next(book for book in SAMPLES if book.stem == "with-mistakes")
GOOD = next(book for book in SAMPLES if book.stem == "huaian-2024")
MOST_BYTES = 14_000_000


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
