"""A real browser for tests: Chromium without a network, and what is measured in its pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--process-per-site",
]  # fmt: skip
"""The last lets pages of one context and origin share what they compile."""


def axe_file() -> Path | None:
    """npm's axe-core, beside the Open XML validator."""
    validator = shutil.which("ooxml-validator")
    modules = Path(validator).parents[1] if validator else Path("node_modules")
    file = modules / "axe-core/axe.min.js"
    return file if file.exists() else None


needs_browser = pytest.mark.skipif(
    CHROMIUM is None and "CI" not in os.environ, reason="needs Chromium"
)
needs_axe = pytest.mark.skipif(
    axe_file() is None and "CI" not in os.environ, reason="needs npm's axe-core"
)


@contextmanager
def launched() -> Iterator[Any]:
    """A browser; every context and every page of it starts afresh. Tests have one in the fixture ``browser``."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "CI must have Chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Any, file: Path, width: int = 1280) -> Iterator[Any]:
    """A file shown in a window of a width; what it asked for and complained of is on ``page.said``.

    One window shows one file after the other: each new one would compile everything anew.
    """
    page = _window(browser)
    page.emulate_media(media="null")
    size = {"width": width, "height": 900}
    if page.viewport_size != size:
        page.set_viewport_size(size)
    page.said.clear()
    page.file = file.as_uri()
    page.goto(page.file)
    yield page


@cache
def _window(browser: Any) -> Any:
    """The window of a browser in which files are shown."""
    page = browser.new_page()
    page.said, page.file = [], ""
    page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on(
        "request", lambda asked: page.said.append(asked.url) if asked.url != page.file else None
    )
    return page


def put(page: Any, text: str) -> None:
    """Show another document in the place of the one that is open: axe stays, and is quick by now."""
    page.evaluate(
        "text => document.documentElement.replaceWith("
        "new DOMParser().parseFromString(text, 'text/html').documentElement)",
        text,
    )


def load_axe(page: Any) -> None:
    """Put axe into a page that does not have it."""
    if page.evaluate("'axe' in window"):
        return
    file = axe_file()
    assert file, "CI must have axe-core"
    page.evaluate(file.read_text(encoding="utf-8"))


def violations(page: Any) -> list[str]:
    """What axe finds against WCAG 2 A and AA and good practice: the rule and the first element at fault."""
    load_axe(page)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate(_VIOLATIONS, tags)
    assert found["passes"] > 10
    return list(map(str, found["violations"]))


_VIOLATIONS = """async (tags) => {
  const found = await axe.run({runOnly: tags, resultTypes: ['violations']})
  const said = found.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`)
  return {passes: found.passes.length, violations: said}
}"""
"""What passes is only counted: axe would take most of its time to describe every element of it."""


HEADERS = """() => {
  axe.setup(document.body)
  const cells = [...document.querySelectorAll('td[headers]')]
  const found = cells.map(td => axe.commons.table.getHeaders(td).map(th => th.textContent))
  axe.teardown()
  return found
}"""
"""The texts of the header cells of every cell of numbers, as axe finds them."""

TOO_WIDE = """() => {
  const wide = []
  if (document.documentElement.scrollWidth > innerWidth) wide.push(`page ${document.documentElement.scrollWidth}`)
  for (const node of document.querySelectorAll('main *, article *')) {
    const box = node.closest('[role=region]')
    const cell = /^(TD|TH|P|H1|H2|H3|H4|DD|CAPTION)$/.test(node.tagName)
    if (cell && node.scrollWidth > node.clientWidth + 1) wide.push('text cut in ' + node.outerHTML.slice(0, 150))
    const right = node.getBoundingClientRect().right
    if (!box && right > innerWidth + 1) wide.push('beyond the window: ' + node.outerHTML.slice(0, 150))
  }
  for (const box of document.querySelectorAll('[role=region]')) {
    box.scrollLeft = 1e6
    const edge = box.getBoundingClientRect().right
    const last = Math.max(...[...box.querySelectorAll('td')].map(td => td.getBoundingClientRect().right))
    if (last > edge + 1) wide.push('out of reach: ' + box.querySelector('caption').textContent)
    box.focus()
    if (document.activeElement !== box) wide.push('no focus: ' + box.querySelector('caption').textContent)
  }
  return wide
}"""
"""What a window cuts off: text in its cell, elements outside the tables, columns that cannot be scrolled to."""


LINES_OF_HEADINGS = """
() => [...document.querySelectorAll("h1, h2")].map((heading) => {
  const lines = [];
  let top = null;
  const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let i = 0; i < node.length; i++) {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = range.getClientRects()[0];
      if (!box) continue;
      if (top === null || Math.abs(box.top - top) > 5) { lines.push(""); top = box.top; }
      lines[lines.length - 1] += node.data[i];
    }
  }
  return lines;
})
"""
"""The lines on which each heading of a page is shown."""


def broken_inside(lines: list[str], words: str) -> list[str]:
    """The words, divided by blanks, inside which one of the lines of a heading ends."""
    ends, done = set(), 0
    for line in lines[:-1]:
        done += len(line)
        ends.add(done)
    text = "".join(lines)
    broken = []
    for word in words.split():
        start = text.find(word)
        inside = range(start + 1, start + len(word)) if start >= 0 else range(0)
        if ends.intersection(inside):
            broken.append(word)
    return broken
