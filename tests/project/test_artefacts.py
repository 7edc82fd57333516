"""The artefacts of a release are complete, and the package index would take them."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from support.paths import ROOT

pytestmark = pytest.mark.slow


def run(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_is_one_wheel_and_one_source_archive(artefacts: list[Path]) -> None:
    assert [path.suffix for path in artefacts] == [".whl", ".gz"]


def test_the_package_index_would_take_them(artefacts: list[Path]) -> None:
    run("twine", "check", "--strict", *map(str, artefacts))


def test_the_wheel_holds_what_the_program_needs(artefacts: list[Path]) -> None:
    names = set(zipfile.ZipFile(artefacts[0]).namelist())
    needed = (
        "py.typed",
        "schema/report.json",
        "schema/status.json",
        "templates/2019.docx",
        "templates/2021.docx",
        "templates/layouts/2021-cover.docx",
        "templates/web.html",
    )
    assert {f"govdisclose/{name}" for name in needed} <= names


def test_the_source_archive_holds_what_the_tests_need(artefacts: list[Path]) -> None:
    with tarfile.open(artefacts[1]) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    needed = {
        "mkdocs.yml",
        "docs/index.md",
        "tools/site_pages.py",
        "tests/project/test_docs.py",
        "sample_workbooks/huaian-2024.xlsx",
    }
    assert needed <= inside
