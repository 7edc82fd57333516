"""The documentation site builds without a warning, finds Chinese words, and asks the network for nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from govdisclose.rules import RULES
from support.paths import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    # jieba compiles the patterns of its older self, which warns: that is not for us to mend.
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages_by_word(site: Path) -> dict[str, set[str]]:
    """The words of the search index → the pages that have them."""
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    separator = re.compile(index["config"]["separator"])
    found: dict[str, set[str]] = {}
    for entry in index["docs"]:
        page = entry["location"].partition("#")[0]
        for word in separator.split(re.sub("<[^>]*>", " ", entry["text"])):
            found.setdefault(word, set()).add(page)
    return found


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("抵消", "coverage/"),
        ("花名册", "aggregate/"),
        ("撤回", "clerk/"),
        ("封面", "own-template/"),
        ("申请人", "rules/A101/"),
        ("parser", "architecture/"),
    ],
)
def test_a_word_inside_a_sentence_is_found(
    word: str, page: str, pages_by_word: dict[str, set[str]]
) -> None:
    assert page in pages_by_word[word]


def test_every_rule_has_a_page_under_its_code_with_its_name_as_title(site: Path) -> None:
    for code, rule in RULES.items():
        page = (site / "rules" / code / "index.html").read_text(encoding="utf-8")
        assert f"<title>{code} {rule.name}" in page, code


def test_the_api_reference_has_the_docstrings(site: Path) -> None:
    page = (site / "api" / "index.html").read_text(encoding="utf-8")
    assert "Read a workbook, a JSON export, or a published report" in page
    assert 'id="govdisclose.source.read_report"' in page


def test_no_page_fetches_anything_from_the_network(site: Path) -> None:
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        fetched = re.findall(r'<(?:script|img|iframe)\b[^>]*\bsrc="(https?:[^"]*)"', html)
        fetched += re.findall(
            r'<link\b[^>]*\brel="(?:stylesheet|preconnect)"[^>]*\bhref="(https?:[^"]*)"', html
        )
        assert not fetched, page
