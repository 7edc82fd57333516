"""A text at any place of a report in plain text or Markdown is in what is read, or a finding has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from govdisclose import read_report
from support.importing import says
from support.published import RENDERERS, Style
from support.reports import consistent_report

MARK = "MK标记文字"
MARKDOWN = {
    "a line": "{}\n",
    "an item": "\n- {}\n\n",
    "a quote": "\n> {}\n\n",
    "code": "\n```\n{}\n```\n\n",
    "indented code": "\n    {}\n\n",
    "a footnote": "\n[^1]: {}\n\n",
    "a heading": "\n### {}\n\n",
}
PLACES = 12
"""Places of a text that are tried, the beginning and the end among them."""


def lost_at(kind: str, form: str, folder: Path) -> list[int]:
    """The lines before which a marker is neither read nor told."""
    lines = RENDERERS[kind](consistent_report(), Style()).decode().split("\n")
    path = folder / f"r.{kind.rpartition('.')[2]}"
    step = max(1, len(lines) // PLACES)
    lost = []
    for at in (*range(0, len(lines), step), len(lines)):
        before = "".join(f"{line}\n" for line in lines[:at])
        path.write_text(before + form.format(MARK) + "\n".join(lines[at:]), encoding="utf-8")
        if MARK not in says(read_report(path)):
            lost.append(at)
    return lost


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["txt", "rows.txt", "pages.txt"])
def test_a_line_at_any_place_of_a_text_is_read_or_told(kind: str, tmp_path: Path) -> None:
    assert lost_at(kind, "{}\n", tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("form", MARKDOWN.values(), ids=MARKDOWN)
def test_a_block_at_any_place_of_markdown_is_read_or_told(form: str, tmp_path: Path) -> None:
    assert lost_at("md", form, tmp_path) == []
