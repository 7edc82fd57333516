"""A note that an office writes behind a label of a statutory table is told, whatever the file is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from govdisclose import Reading
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.text.reader import read_text
from support.published import RENDERERS, Style
from support.reports import consistent_report

READERS = {"html": read_html}
REPORT = consistent_report()
NOTE = "（记号甲）"
LABELS = (
    "规章",
    "行政强制",
    "自然人",
    "总计",
    "1.属于国家秘密",
    "（一）予以公开",
    "行政规范性文件",
)


def import_as(kind: str, data: bytes) -> Reading:
    source = READERS.get(kind, read_text)(data, f"r.{kind}")
    return read_published(source, Path(f"r.{kind}"))


def with_note(text: str, label: str) -> str:
    """The text with the note behind a label that is a whole cell."""
    cell = re.compile(rf"(?m)(?<![^\s>|])({re.escape(label)})(?=[\s<|]|$)")
    return cell.sub(rf"\1{NOTE}", text, count=1)


@pytest.mark.parametrize("kind", ["html", "md", "txt", "rows.txt"])
@pytest.mark.parametrize("label", LABELS)
def test_a_note_behind_a_label_is_told(kind: str, label: str) -> None:
    text = RENDERERS[kind](REPORT, Style()).decode()
    noted = with_note(text, label)
    assert noted.count(NOTE) == 1
    reading = import_as(kind, noted.encode())
    said = "\n".join(f"{finding.message}\n{finding.found}" for finding in reading.findings)
    assert NOTE in said
