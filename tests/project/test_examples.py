"""Every example in a docstring runs, those of inner functions and of methods too."""

from __future__ import annotations

import doctest
import importlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.example_folder import make_example_folder
from support.paths import ROOT
from support.public_names import MODULES, names

SOURCES = ROOT / "src"
PUBLIC = (
    *(module.__name__ for module in MODULES.values()),
    *(
        f"{named.__module__}.{named.__qualname__}"
        for _, named in names()
        if hasattr(named, "__qualname__")
    ),
)
"""How the names of examples for users begin."""

SLOW = (
    "batch",
    "bundle",
    "compare",
    "consolidate",
    "decisions",
    "inbox",
    "overview",
    "own_templates",
    "status",
    "workbooks",
)
"""Words in the names of examples that take a third of a second: they read or write several files."""

Folder = Callable[[str, Callable[[Path], object]], Path]


def examples() -> Iterator[doctest.DocTest]:
    """The docstrings of the package that have an example."""
    finder = doctest.DocTestFinder()
    for path in sorted(SOURCES.rglob("*.py")):
        if ">>> " not in path.read_text(encoding="utf-8"):
            continue
        parts = path.relative_to(SOURCES).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        for example in finder.find(importlib.import_module(name), name):
            if example.examples:
                yield example


def parameters() -> Iterator[Any]:
    for example in examples():
        marks = []
        if ".pdf" in example.name:
            marks.append(pytest.mark.libreoffice)
        if any(word in example.name for word in SLOW):
            marks.append(pytest.mark.slow)
        yield pytest.param(example, id=example.name, marks=marks)


@pytest.mark.parametrize("example", list(parameters()))
def test_an_example_prints_what_it_shows(
    example: doctest.DocTest, made_once: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(made_once("examples", make_example_folder), folder)
    monkeypatch.chdir(folder)
    if example.name == "govdisclose" or example.name.startswith(PUBLIC):
        example.globs = {}  # a reader has nothing but what is shown
    printed: list[str] = []
    doctest.DocTestRunner().run(example, out=printed.append)
    assert not printed, "".join(printed)
