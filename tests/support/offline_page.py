"""The offline page in a real browser: built once, opened without a network, asked as its own scripts ask it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen
from filelock import FileLock

from govdisclose.browser import answer
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


def open_page(browser: Any, url: str, width: int = 1366, height: int = 768) -> Any:
    """The page, ready to be used; ``page.said`` is what it complained of, ``page.asked`` what it asked for."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, accept_downloads=True, offline=False
    )
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(url)
    wait_ready(page)
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


def choose(page: Any, role: str, *files: Path | dict[str, Any]) -> None:
    """Press the button that chooses files of a role, and choose them."""
    with page.expect_file_chooser() as chooser:
        page.locator(f"[data-choose={role}]:visible").first.click()
    chooser.value.set_files(list(files))
