"""What the outputs are made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from govdisclose import compile_report, export_report, read_report, render_report
from govdisclose.errors import InputError
from support.paths import ROOT

SAMPLE = ROOT / "sample_workbooks" / "tongliao-minwei-2021.xlsx"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report as it was published."""
    return export_report(SAMPLE, tmp_path_factory.mktemp("site") / "page.html", to="html").path


def test_the_word_report_is_not_made_of_the_file_of_a_published_report(published: Path) -> None:
    for source in (published, published.read_bytes()):
        with pytest.raises(InputError, match="请提供"):
            compile_report(source, published.with_name("report.docx"))
        with pytest.raises(InputError, match="请提供"):
            render_report(source)


def test_the_other_outputs_are_made_of_the_file_of_a_published_report(published: Path) -> None:
    expected = read_report(SAMPLE).report
    for source in (published, published.read_bytes()):
        rendered = render_report(source, "json")
        assert read_report(rendered.data).report.values() == expected.values()


def test_the_word_report_is_made_of_the_reading_of_a_published_report(published: Path) -> None:
    reading = read_report(published)
    word = render_report(reading).data
    assert read_report(word).report.values() == reading.report.values()
