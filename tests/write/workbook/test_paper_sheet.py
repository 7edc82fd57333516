"""The sheet to fill by hand: one page with all tables, and nothing on it is taken for a report."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from govdisclose import EDITIONS, check_report, new_paper_sheet, outline, read_report
from govdisclose.errors import UsageError
from govdisclose.finding import Severity
from govdisclose.write.office import convert
from support.commands import Run
from support.office import needs_libreoffice
from support.pages import HEIGHT, MM, WIDTH, read_pages
from support.validator import VALIDATOR, faults

each_edition = pytest.mark.parametrize("edition", EDITIONS)
LOWEST_ROW = 4.5 * MM


@pytest.mark.libreoffice
@needs_libreoffice
def test_all_tables_stand_on_one_page_with_room_to_write(tmp_path: Path) -> None:
    sheets = [new_paper_sheet(tmp_path / f"{name}.docx", edition=name) for name in EDITIONS]
    pdfs = convert([sheet.read_bytes() for sheet in sheets])
    for name, pdf in zip(EDITIONS, pdfs, strict=True):
        assert isinstance(pdf, bytes), pdf
        (page,) = read_pages(io.BytesIO(pdf))
        assert (page.width, page.height) == pytest.approx((WIDTH, HEIGHT), abs=0.5)
        assert len(page.tables) == 3
        empty = [box for table in page.cells for box, chars in table if not chars]
        assert len(empty) == len(outline(EDITIONS[name]).cells)
        assert min(box[3] - box[1] for box in empty) > LOWEST_ROW
        assert min(box[2] - box[0] for box in empty) > 11 * MM
        for box, chars in [cell for table in page.cells for cell in table]:
            assert all(c["x0"] > box[0] - 0.5 and c["x1"] < box[2] + 0.5 for c in chars)
        assert all(c["x0"] > 8 * MM and c["x1"] < WIDTH - 8 * MM for c in page.chars)


@each_edition
def test_an_empty_sheet_has_no_figures_and_is_no_report(edition: str, tmp_path: Path) -> None:
    reading = read_report(new_paper_sheet(tmp_path / "手填表.docx", edition=edition))
    assert reading.report.edition.name == edition
    assert set(reading.report.values().values()) == {None}
    assert [f for f in check_report(reading) if f.severity is Severity.ERROR]


def test_what_is_typed_into_it_is_read_and_the_rest_is_called_missing(tmp_path: Path) -> None:
    path = new_paper_sheet(tmp_path / "手填表.docx", year=2025)
    typed = docx.Document(str(path))
    typed.tables[1].rows[3].cells[4].paragraphs[0].add_run("12")
    typed.paragraphs[1].add_run("某某局")
    typed.save(str(path))
    reading = read_report(path)
    assert reading.report.requests.received.business == 12
    found = list(check_report(reading))
    assert {"S117", "S118"} <= {finding.code for finding in found}
    assert reading.report.preface[0].text.endswith("某某局")


def test_the_command_writes_the_sheet_of_the_year(
    run: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "--paper", "--year", "2020").code == 0
    assert Path("手填表-2019.docx").exists()
    assert new_paper_sheet().name == "手填表-2021.docx"
    with pytest.raises(UsageError, match="已存在"):
        new_paper_sheet()
    with pytest.raises(UsageError, match="没有 2008 版格式"):
        new_paper_sheet(edition="2008")
    refused = run("new", "--paper", "--agency", "某某局")
    assert (refused.code, "--agency" in refused.err) == (2, True)


@pytest.mark.validator
@pytest.mark.skipif(VALIDATOR is None, reason="no validator; test_validity fails for that in CI")
@each_edition
def test_the_file_obeys_the_schemas(edition: str, tmp_path: Path) -> None:
    assert faults(new_paper_sheet(tmp_path / "p.docx", edition=edition)) == []
