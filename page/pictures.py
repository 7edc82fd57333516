"""Take the pictures of the offline page that the documentation shows.

    python page/pictures.py dist/govdisclose.html docs/images

Needs Chromium, Playwright and Pillow.
"""

from __future__ import annotations

import io
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_workbooks"
_WIDTH = 1000
_COLOURS = 64


def main(html: str, folder: str) -> None:
    """Open the page and take one picture of each step."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(Path(html).resolve().as_uri())
        while page.evaluate("document.documentElement.dataset.state") != "ready":
            time.sleep(0.1)
        for name, prepare in STEPS.items():
            prepare(page)
            time.sleep(0.8)
            _save(page.screenshot(), Path(folder) / f"page-{name}.png")
        browser.close()


def _save(data: bytes, path: Path) -> None:
    """A smaller picture in few colours."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    height = picture.height * _WIDTH // picture.width
    picture.resize((_WIDTH, height)).quantize(_COLOURS).save(path, optimize=True)
    print(path, path.stat().st_size)


def _choose(page: Any, role: str, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator(f"[data-choose={role}]:visible").last.click()
    chooser.value.set_files(list(files))


def _check(page: Any) -> None:
    page.locator("nav [data-area=check]").click()
    _choose(page, "book", SAMPLES / "with-mistakes.xlsx")
    page.locator("#check-view .finding", has_text="商业企业：应为 16").click()


def _correct(page: Any) -> None:
    page.locator("nav [data-area=correct]").click()
    page.locator("#correct-view td[data-path='disputes.review.total']").click()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.evaluate("scrollTo(0, 0)")


def _office(page: Any) -> None:
    page.locator("nav [data-area=office]").click()
    _choose(page, "books", *sorted(SAMPLES.glob("*.xlsx")))
    page.get_by_role("button", name="开始检查并生成").click()
    page.locator("text=家处理完毕").wait_for()
    page.evaluate("scrollTo(0, 420)")


STEPS: dict[str, Callable[[Any], None]] = {"check": _check, "correct": _correct, "office": _office}


if __name__ == "__main__":
    main(*sys.argv[1:3])
