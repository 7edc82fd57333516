"""The offline page, built once for each process of tests, and opened in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.offline_page import build_page, launched, open_page


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as one file; beside it as a folder."""
    path = tmp_path_factory.mktemp("page") / "govdisclose.html"
    build_page("-o", path, "--folder", path.parent / "folder")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a page."""
    with launched() as started:
        yield started


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
