"""The wheel works with the oldest and the newest Python it is meant for, not only with this one."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from govdisclose import render_report
from support.paths import ROOT

pytestmark = pytest.mark.slow

OLDEST, NEWEST = "3.10", "3.13"
THIS = "{}.{}".format(*sys.version_info)
VERSIONS = sorted({OLDEST, NEWEST, THIS})
SAMPLE = ROOT / "sample_workbooks" / "tongliao-minwei-2021.xlsx"

IMPORT_ALL = """
import importlib, pkgutil, sys, govdisclose
from govdisclose.cli import cli
print(sys.version, govdisclose.__file__)
for module in pkgutil.walk_packages(govdisclose.__path__, "govdisclose."):
    if not module.name.endswith((".__main__", ".dask_worker")):
        importlib.import_module(module.name)
cli(["--help"])
"""
"""Of all modules only one needs a library that is an extra: the one that runs on the workers of Dask."""


def interpreter(version: str) -> str | None:
    """A Python of this version: of pyenv, whose commands on the path may be none, else on the path."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for python in sorted(pyenv.glob(f"versions/{version}.*/bin/python")):
        return str(python)
    return shutil.which(f"python{version}")


@frozen
class Installing:
    """pip at work for one Python, which puts the wheel into a folder."""

    python: str
    libraries: Path
    pip: subprocess.Popen[str]

    def failure(self) -> str:
        """Why it failed, or nothing, once it has come to its end."""
        _, said = self.pip.communicate()
        return said.strip() if self.pip.returncode else ""


def install(python: str, wheel: Path, libraries: Path, *options: str) -> Installing:
    """Begin to install a wheel for another Python into a folder."""
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    command += ["--no-compile", "--only-binary", ":all:", "--upgrade", "--no-warn-conflicts"]
    command += options
    command += ["--target", str(libraries), str(wheel)]
    pip = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return Installing(python, libraries, pip)


@pytest.fixture(scope="module")
def installing(
    artefacts: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Installing]]:
    """The wheel is installed for every Python at once: pip waits for the index most of the time.

    The libraries it needs are those of the tests, if Python is the same.
    """
    begun = {}
    for version in VERSIONS:
        python = sys.executable if version == THIS else interpreter(version)
        if python is not None:
            options = ["--no-deps"] if version == THIS else []
            folder = tmp_path_factory.mktemp("libraries")
            begun[version] = install(python, artefacts[0], folder, *options)
    yield begun
    for one in begun.values():
        with one.pip:  # it may still be at work, when its test was not among those that ran
            one.pip.kill()


def document(word: bytes) -> bytes:
    """The text of a Word file with its layout, before it is compressed."""
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        return package.read("word/document.xml")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_wheel_works_with(
    version: str, artefacts: list[Path], installing: dict[str, Installing], tmp_path: Path
) -> None:
    if version not in installing:
        pytest.skip(f"no Python {version} on this machine")
    python, libraries = installing[version].python, installing[version].libraries
    reason = installing[version].failure()
    if reason and version != THIS and "CI" not in os.environ:
        assert install(python, artefacts[0], libraries, "--no-deps").failure() == ""
        pytest.skip(
            f"the libraries for Python {version} are not to hand: {reason.splitlines()[-1]}"
        )
    assert reason == ""

    # Where coverage is measured, it is that of the source, not of the library installed here.
    kept = {name: said for name, said in os.environ.items() if not name.startswith("COVERAGE_")}
    environment = {**kept, "PYTHONPATH": str(libraries), "PYTHONUTF8": "1"}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [python, "-s", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    tried = run("-W", "error", "-c", IMPORT_ALL)
    print(f"the wheel was tried with Python {tried.splitlines()[0]}")  # pytest -rP shows it
    assert tried.startswith(f"{version}.")
    assert str(libraries) in tried.splitlines()[0]
    assert "compile" in tried
    run("-m", "govdisclose", "compile", str(SAMPLE), "--output", "there.docx")
    there = (tmp_path / "there.docx").read_bytes()
    assert document(there) == document(render_report(SAMPLE, to="docx").data)
