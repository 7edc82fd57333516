"""Pages and texts that offices have published, with invented figures: every cell of the three tables is read."""

from __future__ import annotations

import pytest

from govdisclose import Paragraph, read_report
from support.paths import DATA

PAGES = DATA / "pages"
FILES = sorted(path.name for path in PAGES.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_every_cell_of_a_published_report_is_read(name: str) -> None:
    reading = read_report(PAGES / name)
    assert [path for path, value in reading.report.values().items() if value is None] == []
    assert [finding.message for finding in reading.findings if finding.stops] == []


@pytest.mark.parametrize("name", FILES)
def test_every_section_of_a_published_report_is_read(name: str) -> None:
    report = read_report(PAGES / name).report
    assert [len(part) for part in (report.preface, report.overview, report.problems, report.other_matters)] == [
        1, 6, 2, 1,
    ]  # fmt: skip  # one paragraph of preface, six of section one
    assert report.preface[0].text.startswith("本报告依据")


def test_the_report_is_the_same_however_it_was_published() -> None:
    first, *others = (read_report(PAGES / name).report for name in FILES)
    for other in others:
        assert other.evolve(published=None) == first.evolve(published=None)
    assert first.other_matters == (
        Paragraph(
            "按照《政府信息公开信息处理费管理办法》，全市2024年收取政府信息公开信息处理费3940元。"
        ),
    )
