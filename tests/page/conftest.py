"""The offline page, built once in a run of the tests, and opened in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.offline_page import build_page, open_page


@pytest.fixture(scope="session")
def file(made_once: Callable[..., Path]) -> Path:
    """The page as one file; beside it as a folder."""

    def build(folder: Path) -> None:
        build_page("-o", folder / "govdisclose.html", "--folder", folder / "folder")

    return made_once("page", build) / "govdisclose.html"


@pytest.fixture(scope="module")
def page(browser: Any, file: Path) -> Any:
    """One page for all tests of a module that may share it."""
    return open_page(browser, file.as_uri())


@pytest.fixture
def fresh(browser: Any, file: Path) -> Iterator[Any]:
    """A page of one's own."""
    opened = open_page(browser, file.as_uri())
    yield opened
    opened.context.close()
