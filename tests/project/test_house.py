"""What the project promises of its own code: types, layers, and who may print."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

import govdisclose
from govdisclose.form.workbook_texts import FORMER
from support.paths import ROOT

TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
SOURCES = sorted((ROOT / "src" / "govdisclose").rglob("*.py"))
SCRIPTS = ROOT / "tests" / "typing"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax of a module, which several tests go through."""
    return ast.parse(path.read_text(encoding="utf-8"))


def tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def said_by_mypy() -> list[str]:
    """What mypy says of the package and of the two scripts that use it, one line an error.

    It looks at all of them at once: what it has learnt of the package serves for the scripts.
    """
    files = [*SCRIPTS.glob("*.py"), ROOT / "src" / "govdisclose"]
    done = tool("mypy", "--strict", *(path.relative_to(ROOT).as_posix() for path in files))
    said = done.stdout.splitlines()
    assert f"(checked {len(SOURCES) + 2} source files)" in said[-1], done.stdout + done.stderr
    return [line.replace("\\", "/") for line in said[:-1]]


@pytest.mark.slow
def test_the_package_passes_mypy_strict(said_by_mypy: list[str]) -> None:
    assert [line for line in said_by_mypy if not line.startswith("tests/typing/")] == []


@pytest.mark.slow
def test_a_users_script_passes_mypy_strict(said_by_mypy: list[str]) -> None:
    assert [line for line in said_by_mypy if line.startswith("tests/typing/user_script.py")] == []


@pytest.mark.slow
def test_a_users_mistakes_are_found_by_mypy(said_by_mypy: list[str]) -> None:
    file = SCRIPTS / "user_mistakes.py"
    said = [line for line in said_by_mypy if line.startswith("tests/typing/user_mistakes.py")]
    found = {int(line.split(":")[1]) for line in said if "error:" in line}
    lines = file.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "# error:" in line}
    assert found == marked, said


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


def test_every_library_but_attrs_has_a_fence() -> None:
    graph = grimp.build_graph("govdisclose", include_external_packages=True, cache_dir=None)
    packages = {name.partition(".")[0] for name in graph.modules}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(r"^forbidden_modules = \[(.*)\]$", project, re.MULTILINE)
    fenced = set(re.findall(r'"(\w+)"', " ".join(lists)))
    assert packages - fenced - sys.stdlib_module_names == {"attrs"}


ONE_TERM = {
    "没有填写|未填写": "没有填",
    "发布(?!日期|会|审核)": "公布",
    "去年": "上年",
    "今年": "本年",
    "目录[里中下]|子目录|源代码目录": "文件夹",
    "格子": "单元格",
    "留空": "空着",
    "删掉|(?<!“)删除(?!线)": "删去",
    "(?<!“)合计": "总计",
    "如何改|怎样改": "怎么改",
    "(?<!花)名册": "花名册",
    "收件箱": "收件文件夹",
    "校验(?!码|和)|核查|查验|校核": "检查",
    "等级|严重程度|严重性": "级别",
    "落盘": "写入",
    "更正|修正|订正": "改正",
}
"""Words that no text for users has, and the one that all of them have instead.

发布日期 is a label of the workbook; 发布会 and 发布审核 stand in sentences of reports, which the documentation shows. “删除”
and “插入” are what Word calls the marks of a revision. 校验码 and 校验和 are checksums.
"""

_SEARCH = re.compile(r"\(\?|\||\\")
"""What a pattern that searches in reports has, and a text for users has not."""

TEXTS = [
    *SOURCES,
    *(ROOT / "src").rglob("*.html"),
    *(ROOT / "page" / "app").glob("*.html"),
    *(ROOT / "page" / "app").glob("*.js"),
    *(ROOT / "docs").glob("*.md"),
    ROOT / "README.zh-CN.md",
]


def texts_of(path: Path) -> Iterator[str]:
    """The texts of a file that users may read; of a module its strings without the docstrings."""
    if path.suffix != ".py":
        yield from path.read_text(encoding="utf-8").splitlines()
        return
    nodes = list(ast.walk(tree_of(path)))
    docstrings = {node.value for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_search = _SEARCH.search(node.value) is not None
            if node not in docstrings and not is_search and node.value not in FORMER:
                yield node.value


def other_terms(text: str) -> list[str]:
    """What a text should say instead of its words; a word alone is one that reports have."""
    if text.isascii():
        return []
    return [
        f"{text.strip()[:60]} → {term}"
        for pattern, term in ONE_TERM.items()
        if re.search(pattern, text) and not re.fullmatch(pattern, text)
    ]


def test_messages_use_one_term_for_one_thing() -> None:
    found = {}
    for path in TEXTS:
        said = [line for text in texts_of(path) for line in other_terms(text)]
        if said:
            found[name_of(path)] = said
    assert found == {}


def test_a_second_term_for_a_thing_is_found() -> None:
    assert other_terms("B4 没有填写") == ["B4 没有填写 → 没有填"]
    assert other_terms("去年的数、有格子删掉了") != []
    assert other_terms("校验结果按等级排列") == [
        "校验结果按等级排列 → 检查",
        "校验结果按等级排列 → 级别",
    ]
    assert other_terms("B4 没有填，发布日期空着，数字带删除线") == []
    assert other_terms("SHA-256 校验码写在检查结果旁") == []


def calls(path: Path) -> set[str]:
    """What a module calls."""
    nodes = ast.walk(tree_of(path))
    return {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}


@pytest.mark.slow
def test_only_the_command_line_prints_or_exits() -> None:
    speaking = {"print", "exit", "quit", "sys.exit", "os._exit", "input"}
    found = {name_of(path): calls(path) & speaking for path in SOURCES if "cli" not in path.parts}
    assert {name: spoken for name, spoken in found.items() if spoken} == {}


def test_every_ignore_says_why() -> None:
    unexplained = []
    for path in SOURCES:
        for line in path.read_text(encoding="utf-8").splitlines():
            if ("type: ignore" in line or "noqa" in line) and not says_why(line):
                unexplained.append((name_of(path), line))
    assert unexplained == []


def says_why(line: str) -> bool:
    """Whether a second comment of some length follows the ignore."""
    return line.count("#") >= 2 and len(line.rpartition("#")[2]) > 8


def test_editions_are_told_apart_only_in_the_form() -> None:
    for path in SOURCES:
        if "form" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert "edition ==" not in text
            assert "edition.name ==" not in text
            assert not re.search("EDITION_[0-9]", text)


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


def imported(path: Path) -> set[str]:
    """The names of the modules that a test module imports, without their packages."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return {name.rpartition(".")[2] for name in names}


@pytest.mark.slow
def test_no_test_module_imports_another() -> None:
    others = {"conftest", *(test.stem for test in TESTS)}
    found = {name_of(path): imported(path) & others for path in TESTS}
    assert {name: modules for name, modules in found.items() if modules} == {}


def test_helpers_of_the_tests_hold_no_test() -> None:
    for path in sorted((ROOT / "tests" / "support").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        assert not [name for name in names if name.startswith("test_")], path.name


def words_of(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of docstrings and of whole-line comments, which the formatter leaves as they are."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(tree_of(path)):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text and isinstance(node, ast.Expr) and node.end_lineno is not None:
            for number in range(node.lineno, node.end_lineno + 1):
                yield number, lines[number - 1].removesuffix('"""')
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("#"):
            yield number, line


def test_docstrings_and_comments_are_at_most_100_columns_wide() -> None:
    wide = [
        f"{name_of(path)}:{number}"
        for path in SOURCES
        for number, line in words_of(path)
        if len(line) > 100
    ]
    assert not wide
