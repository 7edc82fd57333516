"""The documentation says what the program does: nothing missing, nothing out of date."""

from __future__ import annotations

import copy
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

import govdisclose
from govdisclose.cli import cli
from govdisclose.form.outline import outline
from govdisclose.rules import RULES
from govdisclose.write.data import report_to_json
from support.paths import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
SHORT = [*READMES, ROOT / "docs" / "clerk.md"]
OPTIONS = [(name, o) for name, c in cli.every().items() for o in c.params] + [
    ("govdisclose", o) for o in cli.params
]
CHINESE = re.compile("[\u4e00-\u9fff]")


def name_of(path: object) -> str:
    return path.relative_to(ROOT).as_posix() if isinstance(path, Path) else ""


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.mark.slow
def test_nothing_generated_is_out_of_date_and_every_example_prints_what_is_shown() -> None:
    script = [sys.executable, "tools/build_docs.py", "--check"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# --- rules, commands, names ---------------------------------------------------------------------


def test_every_rule_has_a_page_that_the_index_links_to() -> None:
    index = text("docs/rules.md")
    for code, rule in RULES.items():
        assert rule.page in text(f"docs/rules/{code}.md"), code
        assert f"(rules/{code}.md)" in index, code


def test_every_command_is_documented_in_chinese() -> None:
    page = text("docs/commands.md")
    for name, command in cli.every().items():
        assert CHINESE.search(command.help or ""), name
        assert f"## {name}\n\n{command.help}" in page, name


def test_every_option_is_documented_in_chinese() -> None:
    page = text("docs/commands.md")
    for name, option in OPTIONS:
        part = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
        if isinstance(option, click.Option):
            assert option.help, (name, option)
            assert CHINESE.search(option.help) or option.name == "form", (name, option)
            assert all(f"`{flag}`" in part for flag in option.opts), (name, option)
        else:
            assert f"`{option.metavar}`" in part, (name, option)


def test_every_public_name_is_explained() -> None:
    page = text("docs/library.md")
    for name in govdisclose.__all__:
        assert re.search(rf"`[^`\n]*\b{name}\b|\b{name}\b[^`]*```", page), name


@pytest.mark.parametrize("path", SHORT, ids=name_of)
def test_the_first_pages_of_a_reader_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


def test_exit_codes_are_the_same_everywhere() -> None:
    codes = {
        error.exit_code
        for error in vars(govdisclose.errors).values()
        if hasattr(error, "exit_code")
    }
    expected = {0, 130, *codes}
    assert {
        int(code) for code in re.findall(r"^\| (\d+) \|", text("docs/commands.md"), re.MULTILINE)
    } == expected
    listed = re.findall(r"^\| `\w+Error` \|[^|]*\| (\d+) \|", text("docs/library.md"), re.MULTILINE)
    assert {int(code) for code in listed} == codes


# --- what a reader can follow -------------------------------------------------------------------


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def links(path: Path) -> list[str]:
    """What a document links to."""
    prose = re.sub(
        r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    return re.findall(r"\]\(([^)\s]+)\)", prose)


def leads_somewhere(link: str, path: Path) -> bool:
    """Whether there is what a document links to; sites are not asked."""
    if link.startswith("https://"):
        return True
    file, _, anchor = link.partition("#")
    target = (path.parent / file).resolve() if file else path
    return target.exists() and (not anchor or anchor in anchors(target))


def test_links_lead_somewhere() -> None:
    shown = [(link, path) for path in DOCUMENTS for link in links(path)]
    assert len(shown) > len(DOCUMENTS)
    lost = [(name_of(path), link) for link, path in shown if not leads_somewhere(link, path)]
    assert lost == []


def test_every_python_file_that_a_page_names_exists() -> None:
    folders = ("src", "tests", "tools", "benchmarks", "page", "conformance")
    files = {"/" + name_of(path) for folder in folders for path in (ROOT / folder).rglob("*.py")}
    files.add("/hatch_build.py")
    lost = []
    for page in DOCUMENTS:
        if page.name != "CHANGELOG.md":
            for named in re.findall(r"`([\w/]+\.py)`", page.read_text(encoding="utf-8")):
                if not any(file.endswith(f"/{named}") for file in files):
                    lost.append((name_of(page), named))
    assert lost == []


def test_the_index_links_to_every_document() -> None:
    linked = set(re.findall(r"\]\((?:\.\./)?([^)]+)\)", text("docs/index.md")))
    assert {p.name for p in DOCUMENTS if p.parent.name != "rules"} - {"index.md"} <= linked


def commands_shown() -> Iterator[list[str]]:
    """The words of every command of ours that the documents show."""
    shown = [
        block for path in DOCUMENTS for kind in ("console", "sh") for block in blocks(path, kind)
    ]
    for line in "\n".join(shown).splitlines():
        for part in line.removeprefix("$ ").split("&&"):
            words = shlex.split(part.partition(";")[0])
            if words[:3] == ["python", "-m", "govdisclose"]:
                yield words[3:]


def test_every_command_line_shown_is_one_the_program_has() -> None:
    shown = list(commands_shown())
    assert len(shown) > 50
    every = cli.every()
    for words in shown:
        command = every.get(" ".join(words[:2])) or every[words[0]]
        flags = {flag for option in command.params for flag in option.opts}
        assert {word for word in words[1:] if re.match("--?[a-z]", word)} <= flags, words


@pytest.mark.parametrize("path", READMES, ids=name_of)
def test_the_readme_opens_with_the_two_commands(path: Path) -> None:
    sample = "sample_workbooks/tongliao-minwei-2021.xlsx"
    assert blocks(path, "sh")[:2] == [
        f"python -m pip install . && python -m govdisclose compile {sample}\n",
        'python -m pip install ".[test]" && python -m pytest\n',
    ]
    assert (ROOT / sample).is_file()


def test_every_script_shown_is_run() -> None:
    for path in DOCUMENTS:
        run = "".join(blocks(path, "console"))
        for script in blocks(path, "python"):
            name = re.match(r"# (\w+\.py)\n", script)
            assert name, (path, script)
            assert f"$ python {name[1]}" in run, path


# --- words --------------------------------------------------------------------------------------

DIALECT = [
    r"\bbooks?\b", r"\bnoughts?\b", r"\bof which\b", r"\bis to be had\b", r"\bwithout a word\b", r"\bthat bears?\b"
]  # fmt: skip
ENGLISH = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"] + [
    ROOT / "docs" / f"{name}.md" for name in ("api", "example", "performance", "releasing")
]


def prose(path: Path) -> str:
    """A document without its code."""
    fenced = re.sub(
        r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    return re.sub(r"`[^`\n]*`", "", fenced)


@pytest.mark.parametrize("path", ENGLISH, ids=name_of)
def test_english_pages_use_the_usual_words(path: Path) -> None:
    assert not [found for word in DIALECT for found in re.findall(word, prose(path), re.IGNORECASE)]


def test_chinese_pages_use_one_term_for_one_thing() -> None:
    for path in DOCUMENTS:
        assert not re.findall("落盘|严重程度|严重性", prose(path)), path


# --- the schema ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(text("src/govdisclose/schema/report.json"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    book = ROOT / "sample_workbooks" / "tongliao-minwei-2021.xlsx"
    data: dict[str, Any] = json.loads(report_to_json(govdisclose.read_report(book).report))
    return data


@pytest.mark.parametrize("book", sorted((ROOT / "sample_workbooks").glob("*.xlsx")), ids=name_of)
def test_the_schema_accepts_the_export_of_every_sample_without_a_negative(
    book: Path, validator: Draft202012Validator
) -> None:
    report = govdisclose.read_report(book).report
    negative = [path for path, value in report.values().items() if value is not None and value < 0]
    assert validator.is_valid(
        json.loads(report_to_json(report.with_values(dict.fromkeys(negative))))
    )


@pytest.mark.parametrize("edition", govdisclose.EDITIONS.values(), ids=govdisclose.EDITIONS)
def test_the_schema_accepts_blank_and_filled_reports(
    edition: govdisclose.form.edition.Edition, validator: Draft202012Validator
) -> None:
    blank = govdisclose.blank_report(edition)
    filled = blank.with_values(dict.fromkeys(outline(edition).cells, 3))
    for report in (blank, filled):
        assert validator.is_valid(json.loads(report_to_json(report)))


MUTATIONS: list[tuple[tuple[str, ...], Any]] = [
    (("schema",), "govdisclose/report/2"),
    (("edition",), "2019"),
    (("year",), "2021"),
    (("title",), None),
    (("published",), 20220117),
    (("agency", "level"), "部门"),
    (("agency", "extra"), 1),
    (("overview",), "text"),
    (("overview",), [{"text": "without a level"}]),
    (("requests", "received", "total"), -1),
    (("requests", "received", "total"), 1.5),
    (("requests", "received", "total"), "1"),
    (("requests", "received", "unknown"), 1),
    (("proactive", "fees", "amount"), "0.394"),
    (("disputes", "litigation"), None),
]


@pytest.mark.parametrize(("path", "value"), MUTATIONS, ids=str)
def test_the_schema_rejects_what_is_no_export(
    path: tuple[str, ...], value: Any, validator: Draft202012Validator, exported: dict[str, Any]
) -> None:
    changed = copy.deepcopy(exported)
    node = changed
    for name in path[:-1]:
        node = node[name]
    node[path[-1]] = value
    assert not validator.is_valid(changed)


def test_the_schema_rejects_a_missing_cell(
    validator: Draft202012Validator, exported: dict[str, Any]
) -> None:
    changed = copy.deepcopy(exported)
    del changed["requests"]["outcomes"]["granted"]["other"]
    assert not validator.is_valid(changed)
