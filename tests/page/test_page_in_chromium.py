"""The offline page in a real Chromium, opened from a file and from a web server with strict headers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from govdisclose.browser import answer
from support.browser import needs_axe, violations
from support.offline_page import (
    SAMPLES,
    ask,
    build_page,
    choose,
    launched,
    needs_page,
    open_page,
)

pytestmark = [pytest.mark.slow, needs_page]
MISTAKES = next(book for book in SAMPLES if book.stem == "with-mistakes")
GOOD = next(book for book in SAMPLES if book.stem == "huaian-2024")
MOST_BYTES = 14_000_000
FORMS = ("docx", "html", "html-fragment", "json", "csv")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as one file."""
    path = tmp_path_factory.mktemp("page") / "govdisclose.html"
    build_page("-o", path, "--folder", path.parent / "folder")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as started:
        yield started


@pytest.fixture(scope="module")
def page(browser: Any, file: Path) -> Any:
    """One page for all tests that only ask its Python."""
    return open_page(browser, file.as_uri())


@pytest.fixture
def fresh(browser: Any, file: Path) -> Iterator[Any]:
    """A page of one's own."""
    opened = open_page(browser, file.as_uri())
    yield opened
    opened.context.close()


def here(call: str, options: dict[str, Any], *files: tuple[str, str, bytes]) -> tuple[Any, Any]:
    """What this interpreter answers."""
    said, made = answer(call, json.dumps(options), files)
    return json.loads(said), tuple(made)


def test_the_file_is_small_enough_to_be_sent_around(file: Path) -> None:
    assert file.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize("book", SAMPLES, ids=lambda book: book.stem)
def test_every_form_has_the_bytes_of_the_command_line(page: Any, book: Path) -> None:
    given = ("book", book.name, book.read_bytes())
    draft = book == MISTAKES
    for to in FORMS:
        options = {"to": to, "draft": draft}
        there = ask(page, "make", options, [given])
        said, made = here("make", options, given)
        assert json.loads(there.said) == said
        assert there.files == made, to


@pytest.mark.parametrize("book", SAMPLES, ids=lambda book: book.stem)
def test_a_check_says_the_same(page: Any, book: Path) -> None:
    given = ("book", book.name, book.read_bytes())
    assert json.loads(ask(page, "check", {}, [given]).said) == here("check", {}, given)[0]


def test_the_blank_workbook_has_the_same_bytes(page: Any) -> None:
    options = {"agency": "某某局", "year": 2025, "level": "agency"}
    assert ask(page, "begin", options, []).files == here("begin", options)[1]
    last = ("last", GOOD.name, GOOD.read_bytes())
    options = {"agency": "", "year": 2025, "level": None}
    assert ask(page, "begin", options, [last]).files == here("begin", options, last)[1]


# --- as a person uses it ------------------------------------------------------------------------


def go(page: Any, area: str) -> None:
    page.locator(f"nav [data-area={area}]").click()


def check(page: Any, book: Path) -> None:
    go(page, "check")
    choose(page, "book", book)
    page.locator(f".head .file:has-text('{book.name}')").wait_for()


def downloaded(page: Any, press: Callable[[], None]) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        press()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_a_clerk_begins_checks_and_makes_the_report(fresh: Any) -> None:
    page = fresh
    go(page, "begin")
    page.get_by_label("机关名称").fill("某某局")
    name, data = downloaded(page, lambda: page.get_by_role("button", name="下载填报表").click())
    assert (name, data[:2]) == ("某某局2025年度报告填报表.xlsx", b"PK") or name.endswith(
        "填报表.xlsx"
    )
    check(page, MISTAKES)
    assert page.locator(".findings li").count() == 23
    page.locator(".finding", has_text="（七）总计／商业企业：应为 16").click()
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


def test_nothing_leaves_the_page(fresh: Any, file: Path) -> None:
    check(fresh, GOOD)
    go(fresh, "make")
    downloaded(fresh, lambda: fresh.locator("[data-form=html]").click())
    others = [url for url in fresh.asked if not url.startswith((file.as_uri(), "blob:"))]
    assert others == []
    tried = fresh.evaluate("fetch('https://example.com/').then(() => 'sent', () => 'refused')")
    assert tried == "refused"
    inside = fresh.workers[0].evaluate(
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


def test_a_worker_that_dies_is_replaced_and_the_page_says_so(fresh: Any) -> None:
    lost = fresh.evaluate(
        "() => { const asked = govdisclose.engine.ask('about', {today: '2026-01-01'}, [], 300);"
        " govdisclose.engine.worker.terminate();"
        " return asked.then(() => 'answered', (error) => error.constructor.name) }"
    )
    assert lost == "LostError"
    assert "重新启动" in fresh.locator("#notice").inner_text()
    check(fresh, GOOD)


AREAS = ("begin", "check", "correct", "make", "office")


@needs_axe
def test_axe_finds_nothing(fresh: Any) -> None:
    for book in (None, MISTAKES, GOOD):
        if book:
            check(fresh, book)
        for area in AREAS:
            go(fresh, area)
            assert violations(fresh) == [], (book, area)


def test_a_narrow_window_is_never_scrolled_sideways(fresh: Any) -> None:
    fresh.set_viewport_size({"width": 390, "height": 844})
    check(fresh, MISTAKES)
    for area in AREAS:
        go(fresh, area)
        assert fresh.evaluate("document.documentElement.scrollWidth") <= 390, area


# --- from a web server --------------------------------------------------------------------------


class _Strict(SimpleHTTPRequestHandler):
    """A server that allows as little as it can."""

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        super().end_headers()

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def served(file: Path) -> Iterator[str]:
    """Both forms of the page, from a server of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Strict, directory=str(file.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["govdisclose.html", "folder/index.html"])
def test_a_web_server_may_offer_it(browser: Any, served: str, name: str) -> None:
    page = open_page(browser, f"{served}/{name}")
    check(page, GOOD)
    others = [url for url in page.asked if not url.startswith((served, "blob:"))]
    assert (others, page.said) == ([], [])
    page.context.close()


def test_the_same_inputs_give_the_same_bytes(file: Path, tmp_path: Path) -> None:
    build_page("-o", tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == file.read_bytes()
