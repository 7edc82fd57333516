"""The offline page, built once in a run of the tests, and opened in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from govdisclose.own_templates import prepare_template
from support.offline_page import ROOT, build_page, open_page, start_over

YEAR = "2024"
"""The year of the blank workbook beside the page with an office's own template."""


@pytest.fixture(scope="session")
def file(made_once: Callable[..., Path], artefacts: list[Path]) -> Path:
    """The page as one file, with the library of the wheel of a release."""
    wheel = artefacts[0]

    def build(folder: Path) -> None:
        build_page("-o", folder / "govdisclose.html", "--wheel", wheel)

    return made_once("page", build) / "govdisclose.html"


@pytest.fixture(scope="session")
def prepared(made_once: Callable[..., Path]) -> Path:
    """The template that an office has prepared."""

    def prepare(folder: Path) -> None:
        prepare_template(ROOT / "templates" / "2021.docx", folder / "own.prepared.json")

    return made_once("prepared", prepare) / "own.prepared.json"


@pytest.fixture(scope="session")
def own(made_once: Callable[..., Path], prepared: Path) -> Path:
    """The page built once more, with this template inside: as one file, and as separate files in ``folder``.

    Its library is that of the checkout, as where nothing else is said.
    """

    def build(folder: Path) -> None:
        more = ("--template", prepared, "--year", YEAR)
        build_page("-o", folder / "own.html", "--folder", folder / "folder", *more)

    return made_once("own_page", build)


@pytest.fixture(scope="session")
def windows(browser: Any) -> Iterator[Any]:
    """Where pages are opened: those of one origin share a process, which compiles Python once."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened_file(windows: Any, file: Path) -> Any:
    """The page of all tests of a module."""
    return open_page(windows, file.as_uri())


@pytest.fixture
def page(opened_file: Any) -> Any:
    """The page, with nothing chosen for the areas of a single report."""
    return start_over(opened_file)
