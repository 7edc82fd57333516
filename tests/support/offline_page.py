"""The offline page in a real browser: built once, opened without a network, asked as its own scripts ask it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen
from filelock import FileLock

from govdisclose.browser import answer
from support.archives import zipped
from support.browser import CHROMIUM

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "sample_workbooks").glob("*.xlsx"))

needs_page = pytest.mark.skipif(
    (CHROMIUM is None or shutil.which("npm") is None) and "CI" not in os.environ,
    reason="needs Chromium, and npm to build the page",
)

_ASK = """async ([call, options, files]) => {
  const given = files.map(([role, name, text]) => ({
    role, name, data: Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),
  }))
  const answer = await govdisclose.engine.ask(call, options, given)
  const packed = answer.files.map((file) => {
    let text = ""
    for (let at = 0; at < file.data.length; at += 32768) {
      text += String.fromCharCode(...file.data.subarray(at, at + 32768))
    }
    return [file.name, btoa(text)]
  })
  return [JSON.stringify(answer.said), packed, answer.took, answer.heap]
}"""


def build_page(*arguments: str | Path) -> None:
    """Run the build script; what it downloads is kept in the user's cache between runs."""
    cache = Path.home() / ".cache" / "govdisclose-page"
    cache.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, ROOT / "page" / "build.py", "--cache", cache, *arguments]
    with FileLock(cache / "lock"):  # tests in other processes build the same
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@frozen
class Asked:
    """What the page's Python said to a call: the text of the JSON, and the files.

    ``seconds`` is how long it took, ``memory`` how many bytes Python has in all.
    """

    said: str
    files: tuple[tuple[str, bytes], ...]
    seconds: float = field(eq=False)
    memory: int = field(eq=False)


def ask(
    page: Any, call: str, options: Mapping[str, Any], files: Sequence[tuple[str, str, bytes]]
) -> Asked:
    """Call Python inside the page; ``files`` are triples of role, name and content."""
    packed = [(role, name, base64.b64encode(data).decode()) for role, name, data in files]
    said, made, took, memory = page.evaluate(_ASK, [call, dict(options), packed])
    unpacked = tuple((name, base64.b64decode(text)) for name, text in made)
    return Asked(json.dumps(json.loads(said), ensure_ascii=False), unpacked, took / 1000, memory)


def open_page(context: Any, url: str) -> Any:
    """The page, ready to be used; ``page.said`` is what it complained of, ``page.asked`` what it asked for."""
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(url)
    wait_ready(page)
    assert page.said == []
    return page


_START_OVER = """() => {
  govdisclose.previous = null
  govdisclose.setBook(null, null)
  govdisclose.quiet()
  location.hash = ""
  document.body.tabIndex = -1
  document.body.focus()
  document.body.removeAttribute("tabindex")
}"""


def start_over(page: Any) -> Any:
    """The page without a workbook, in its first area: starting Python anew takes five seconds.

    What was chosen for many units, a template and what stands in the first area remain.
    """
    page.evaluate(_START_OVER)
    page.said.clear()
    return page


def here(call: str, options: Mapping[str, Any], *files: tuple[str, str, bytes]) -> tuple[Any, Any]:
    """What this interpreter answers to the same call: the JSON, and the files."""
    said, made = answer(call, json.dumps(dict(options)), files)
    return json.loads(said), tuple(made)


def wait_ready(page: Any, seconds: float = 60) -> None:
    """Wait until Python has started. The page forbids the evaluation that Playwright's own waiting needs."""
    until = time.monotonic() + seconds
    while page.evaluate("document.documentElement.dataset.state") != "ready":
        assert time.monotonic() < until, page.said
        time.sleep(0.05)


# --- as a person uses it ------------------------------------------------------------------------


def go(page: Any, area: str) -> None:
    """Show an area."""
    page.locator(f"nav [data-area={area}]").click()


def choose(page: Any, role: str, *files: Path | dict[str, Any]) -> None:
    """Press the button that chooses files of a role, and choose them."""
    with page.expect_file_chooser() as chooser:
        page.locator(f"[data-choose={role}]:visible").first.click()
    chooser.value.set_files(list(files))


_MARK_OLD = "document.querySelector('#check-view .head')?.setAttribute('data-old', '')"


def check(page: Any, book: Path) -> None:
    """Choose a workbook to be checked, and wait until what was found in it is shown."""
    page.evaluate(_MARK_OLD)
    go(page, "check")
    choose(page, "book", book)
    page.locator(f"#check-view .head:not([data-old]) .file:has-text('{book.name}')").wait_for()


def choose_books(page: Any, books: Sequence[Path]) -> None:
    """Choose the workbooks of many units."""
    go(page, "office")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="选择几个文件").click()
    chooser.value.set_files(list(books))


def downloaded(page: Any, press: Callable[[], None]) -> tuple[str, bytes]:
    """The file that is offered when something is pressed."""
    with page.expect_download() as waiting:
        press()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def office_inbox() -> dict[str, bytes]:
    """What units send to their office: reports in every kind that the page reads, and what is none."""
    good = next(book for book in SAMPLES if book.stem == "huaian-2024")
    given = ("book", good.name, good.read_bytes())
    forms = {to: here("make", {"to": to}, given)[1][0][1] for to in ("html", "json", "docx")}
    inner = zipped({"丙局.json": forms["json"], "最里.zip": zipped({"甲.xlsx": b"x"})})
    outer = zipped(
        {"县/乙局.html": forms["html"], "县/里.zip": inner, "照片.jpg": b"x", "../外.xlsx": b"x"},
        "gbk",
    )
    return {
        **{book.name: book.read_bytes() for book in SAMPLES},
        "坏.xlsx": b"abc",
        "旧.xls": b"abc",
        "县区/丁局.docx": forms["docx"],
        "县.zip": outer,
        "坏.zip": b"PK",
        "通知.txt": "关于报送年度报告的通知".encode(),
        "说明.doc": b"abc",
        "照片.JPG": b"abc",
        "没有扩展名": b"abc",
        "~$甲局.xlsx": b"abc",
    }


NOT_READ = {
    "县.zip/照片.jpg": "图片读不了，请向报送单位索取工作簿",
    "没有扩展名": "没有扩展名，不知是什么文件",
    "照片.JPG": "图片读不了，请向报送单位索取工作簿",
    "说明.doc": "这种文字文件读不了，请用 Word 或 WPS 另存为 .docx",
    "通知.txt": "看过，不是年度报告",
}
"""The files of ``office_inbox`` that are no reports, and why."""


def sent(files: Mapping[str, bytes], wanted: Sequence[str]) -> list[tuple[str, str, bytes]]:
    """Files as the page hands them to Python: those that nobody looks into without content."""
    suffixes = tuple(wanted)
    return [
        ("book", name, data if name.lower().endswith(suffixes) else b"")
        for name, data in sorted(files.items())
    ]
