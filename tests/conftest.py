"""Shared fixtures."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from support.batches import folder_of, left
from support.batches import run as run_batch
from support.browser import launched
from support.commands import Run

MakeFolder: TypeAlias = Callable[[Path], object]

settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever starts LibreOffice or the validator is slow."""
    for item in items:
        if item.get_closest_marker("libreoffice") or item.get_closest_marker("validator"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """PNG pictures a few pixels wide, where what they show does not matter: they take the time."""
    from govdisclose.write.charts import png

    draw = png._render
    monkeypatch.setattr(png, "_render", lambda svg, width: draw(svg, min(width, 64)))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The books of a batch: four good ones, one refused, and one that is none."""
    return folder_of(tmp_path_factory.mktemp("books"))


@pytest.fixture(scope="session")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a batch of them leaves."""
    out = tmp_path_factory.mktemp("batch") / "out"
    run_batch(folder, out)
    return left(out)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, MakeFolder], Path]:
    """What is dear to make, made once for all processes of tests: ``made_once(name, make)`` is a folder.

    ``make`` is called with the empty folder by the first process that asks; the others wait for it.
    """
    common = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent

    def made(name: str, make: MakeFolder) -> Path:
        folder = common / name
        with FileLock(common / f"{name}.lock"):
            if not folder.exists():
                beginning = Path(tempfile.mkdtemp(prefix=name, dir=common))
                make(beginning)
                beginning.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once in each process of tests."""
    with launched() as started:
        yield started


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Run the command line in this process, as the console script does."""
    from govdisclose.cli import main

    def call(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["govdisclose", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capfd.readouterr()
        return Run(int(stop.value.code or 0), out, err)

    return call
