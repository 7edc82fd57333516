"""What the project promises of its own code: types, layers, and who may print."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import govdisclose
from support.paths import ROOT

TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
SOURCES = sorted((ROOT / "src" / "govdisclose").rglob("*.py"))


def tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_package_passes_mypy_strict() -> None:
    done = tool("mypy")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_users_script_passes_mypy_strict() -> None:
    done = tool("mypy", "--strict", "tests/typing/user_script.py")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_users_mistakes_are_found_by_mypy() -> None:
    file = ROOT / "tests" / "typing" / "user_mistakes.py"
    done = tool("mypy", "--strict", str(file.relative_to(ROOT)))
    found = {
        int(line.split(":")[1])
        for line in done.stdout.splitlines()
        if "error:" in line and file.name in line
    }
    marked = {
        n
        for n, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if "# error:" in line
    }
    assert found == marked, done.stdout


def test_ruff_is_clean() -> None:
    assert tool("ruff", "check", ".").stdout.strip().endswith("All checks passed!")
    assert tool("ruff", "format", "--check", ".").returncode == 0


def test_layers_and_fences_hold() -> None:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "src", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    if "cli" in path.parts:
        return
    calls = {
        ast.unparse(n.func)
        for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(n, ast.Call)
    }
    assert not calls & {"print", "exit", "quit", "sys.exit", "os._exit", "input"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_ignore_says_why(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        if "type: ignore" in line or "noqa" in line:
            assert line.count("#") >= 2, line
            assert len(line.rpartition("#")[2]) > 8, line


def test_editions_are_told_apart_only_in_the_form() -> None:
    for path in SOURCES:
        if "form" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert "edition ==" not in text
            assert "edition.name ==" not in text


def test_public_names_are_sorted_documented_and_importable() -> None:
    names = govdisclose.__all__
    assert names == sorted(names, key=lambda n: (not n.isupper(), n[0].islower(), n))
    for name in names:
        assert getattr(govdisclose, name).__doc__


def test_importing_the_library_loads_no_heavy_engine() -> None:
    heavy = ("openpyxl", "docxtpl", "docx", "lxml", "xlsxwriter", "click", "jinja2")
    code = f"import sys, govdisclose; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_is_typed() -> None:
    assert (Path(govdisclose.__file__).parent / "py.typed").exists()


@pytest.mark.slow
@pytest.mark.parametrize("path", TESTS, ids=lambda p: p.stem)
def test_no_test_module_imports_another(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
        elif isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
    modules = {name.rpartition(".")[2] for name in imported}
    assert not modules & {"conftest", *(test.stem for test in TESTS)}


def test_helpers_of_the_tests_hold_no_test() -> None:
    for path in sorted((ROOT / "tests" / "support").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        assert not [name for name in names if name.startswith("test_")], path.name
