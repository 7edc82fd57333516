"""The wheel works with the oldest and the newest Python it is meant for, not only with this one."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from govdisclose import render_report
from support.paths import ROOT

pytestmark = pytest.mark.slow

OLDEST, NEWEST = "3.10", "3.13"
THIS = "{}.{}".format(*sys.version_info)
SAMPLE = ROOT / "sample_workbooks" / "tongliao-minwei-2021.xlsx"

IMPORT_ALL = """
import importlib, pkgutil, govdisclose
for module in pkgutil.walk_packages(govdisclose.__path__, "govdisclose."):
    if not module.name.endswith((".__main__", ".dask_worker")):
        importlib.import_module(module.name)
"""
"""Of all modules only one needs a library that is an extra: the one that runs on the workers of Dask."""


def interpreter(version: str) -> str | None:
    """A Python of this version: of pyenv, whose commands on the path may be none, else on the path."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for python in sorted(pyenv.glob(f"versions/{version}.*/bin/python")):
        return str(python)
    return shutil.which(f"python{version}")


def install(python: str, wheel: Path, libraries: Path, *options: str) -> str:
    """Install a wheel for another Python into a folder; return why it failed, or nothing."""
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    only_wheels = (
        "--no-compile",
        "--only-binary",
        ":all:",
        "--upgrade",
        "--target",
        str(libraries),
    )
    done = subprocess.run(
        [*command, *only_wheels, *options, str(wheel)], capture_output=True, text=True, check=False
    )
    return done.stderr.strip() if done.returncode else ""


def installed(version: str, python: str, wheel: Path, libraries: Path) -> None:
    """Install the wheel. The libraries it needs are those of the tests, if Python is the same."""
    if version == THIS:
        assert install(python, wheel, libraries, "--no-deps") == ""
        return
    reason = install(python, wheel, libraries)
    if reason and "CI" not in os.environ:
        assert install(python, wheel, libraries, "--no-deps") == ""
        pytest.skip(
            f"the libraries for Python {version} are not to hand: {reason.splitlines()[-1]}"
        )
    assert reason == ""


def document(word: bytes) -> bytes:
    """The text of a Word file with its layout, before it is compressed."""
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        return package.read("word/document.xml")


@pytest.mark.parametrize("version", sorted({OLDEST, NEWEST, THIS}))
def test_the_wheel_works_with(version: str, artefacts: list[Path], tmp_path: Path) -> None:
    python = sys.executable if version == THIS else interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    libraries = tmp_path / "libraries"
    installed(version, python, artefacts[0], libraries)

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [python, "-s", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(libraries), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    tried = run("-c", "import sys, govdisclose; print(sys.version, govdisclose.__file__)")
    print(f"the wheel was tried with Python {tried}")  # pytest -rP shows it
    assert tried.startswith(f"{version}.")
    assert str(libraries) in tried
    run("-W", "error", "-c", IMPORT_ALL)
    assert "compile" in run("-m", "govdisclose", "--help")
    run("-m", "govdisclose", "compile", str(SAMPLE), "--output", "there.docx")
    there = (tmp_path / "there.docx").read_bytes()
    assert document(there) == document(render_report(SAMPLE, to="docx").data)
