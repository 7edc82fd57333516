"""Shared fixtures."""

from __future__ import annotations

import gc
import os
import subprocess
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
from support.copied import copies
from support.paths import ROOT

MakeFolder: TypeAlias = Callable[[Path], object]

FIRST = "test_page_equals_the_command_line.py"
"""The longest file. It builds the offline page, for which other files would have to wait."""

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
    """Whatever starts LibreOffice or the validator is slow; files with slow tests come first.

    So no process of tests is left alone with a long file at the end. The longest file is the very first.
    """
    for item in items:
        if item.get_closest_marker("libreoffice") or item.get_closest_marker("validator"):
            item.add_marker(pytest.mark.slow)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path.name != FIRST, item.path not in slow))


def pytest_collection_finish() -> None:
    """The thousands of collected tests stay to the end: the garbage collector need not visit them.

    It comes more seldom, too: hardly any garbage of a test needs it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture(scope="session", autouse=True)
def copied_processes() -> Iterator[None]:
    """Commands read workbooks in copied processes here too.

    A command copies its own process (``Isolation.quick``). The process of the tests has threads, so it
    would start Python anew instead, which takes longer than most tests: here another process is copied.
    Where coverage is measured it does start Python anew, since a copy ends without writing what it ran.
    """
    from govdisclose.many.isolation import Isolation

    if sys.platform != "linux" or "COVERAGE_PROCESS_CONFIG" in os.environ:
        yield
        return
    own = vars(Isolation)["start_method"]

    def start_method(isolation: Isolation) -> str:
        method: str = own.__get__(isolation)
        if isolation.quick and method == "spawn":
            return copies().get_start_method()
        return method

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Isolation, "start_method", property(start_method))
        yield


@pytest.fixture(scope="module")
def small_pictures() -> Iterator[None]:
    """PNG pictures a few pixels wide, where what they show does not matter: they take the time."""
    import resvg_py

    draw = resvg_py.svg_to_bytes

    def small(*, width: int, **more: Any) -> Any:
        return draw(width=min(width, 64), **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resvg_py, "svg_to_bytes", small)
        yield


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbooks of a batch: four good ones, one refused, and one that is none."""
    return folder_of(tmp_path_factory.mktemp("books"))


@pytest.fixture(scope="session")
def made_batch(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a batch of them, for copies."""
    out = tmp_path_factory.mktemp("batch") / "out"
    run_batch(folder, out)
    return out


@pytest.fixture(scope="session")
def undisturbed(made_batch: Path) -> dict[str, bytes]:
    """What a batch of them leaves."""
    return left(made_batch)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, MakeFolder], Path]:
    """Make a folder once for all processes of tests: ``made_once(name, make)`` returns it.

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
def conformance_books(made_once: Callable[[str, MakeFolder], Path]) -> Path:
    """The folder of the workbooks that ``conformance/build.py`` makes."""

    def build(folder: Path) -> None:
        script = ROOT / "conformance" / "build.py"
        subprocess.run([sys.executable, script, folder], check=True, capture_output=True)

    return made_once("conformance", build)


@pytest.fixture(scope="session")
def artefacts(made_once: Callable[[str, MakeFolder], Path]) -> list[Path]:
    """The wheel and the source archive of a release."""

    def build(folder: Path) -> None:
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    return sorted(made_once("artefacts", build).iterdir())


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
