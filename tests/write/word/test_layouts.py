"""The packaged layouts besides the standard one: with cover, with charts, with table three across a page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from govdisclose import EDITIONS, AnnualReport, outline, read_report
from govdisclose.errors import UsageError
from govdisclose.own_templates import LAYOUTS, check_template, new_template
from govdisclose.write.office import convert
from govdisclose.write.word import load_template, render
from support.commands import Run
from support.office import needs_libreoffice
from support.pages import (
    FIRST_BASELINE,
    HEIGHT,
    MM,
    PITCH,
    WIDTH,
    Page,
    baseline,
    label_air,
    read_pages,
)
from support.reports import consistent_report
from support.validator import VALIDATOR, faults

CASES = [(layout, name) for layout in LAYOUTS for name in EDITIONS]
each = pytest.mark.parametrize(("layout", "name"), CASES)
VALIDATED = [("cover", "2019"), ("charts", "2021"), ("landscape", "2019")]
"""Each layout in one edition: the editions differ in labels and cells, which other files validate."""

MOST = 12345678


def report(name: str) -> AnnualReport:
    edition = EDITIONS[name]
    return consistent_report(edition).with_values(dict.fromkeys(outline(edition).cells, MOST))


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bytes]:
    folder = tmp_path_factory.mktemp("layouts")
    made = {}
    for layout, name in CASES:
        path = new_template(folder / f"{name}-{layout}.docx", edition=name, layout=layout)
        made[layout, name] = render(report(name), load_template(EDITIONS[name], path))
    return made


MEASURED: dict[str, Callable[[Any], bool]] = {
    "cover": lambda page: page.page_number <= 2,
    "charts": lambda page: page.page_number > 3,
    "landscape": lambda page: page.width > page.height,
}
"""The layouts whose pages are measured, and which pages."""


@pytest.fixture(scope="module")
def pages(documents: dict[tuple[str, str], bytes]) -> dict[tuple[str, str], list[Page]]:
    words = {case: word for case, word in documents.items() if case[0] in MEASURED}
    found = {}
    for case, pdf in zip(words, convert(list(words.values())), strict=True):
        assert isinstance(pdf, bytes), pdf
        found[case] = read_pages(io.BytesIO(pdf), MEASURED[case[0]])
    return found


@each
@pytest.mark.slow
def test_a_layout_passes_the_check_of_templates(layout: str, name: str, tmp_path: Path) -> None:
    path = new_template(tmp_path / "t.docx", edition=name, layout=layout)
    found = check_template(path)
    assert (found.problems, found.edition.name) == ((), name)
    assert ("charts.applicants" in found.names) == (layout == "charts")


@each
@pytest.mark.slow
def test_a_report_in_it_is_read_back(
    layout: str, name: str, documents: dict[tuple[str, str], bytes]
) -> None:
    found = read_report(documents[layout, name]).report
    assert found.values() == report(name).values()
    assert found.overview == report(name).overview
    assert found.other_matters == report(name).other_matters


@pytest.mark.validator
@pytest.mark.skipif(VALIDATOR is None, reason="no validator; test_validity fails for that in CI")
@pytest.mark.parametrize(("layout", "name"), VALIDATED)
def test_the_file_obeys_the_schemas(
    layout: str, name: str, documents: dict[tuple[str, str], bytes], tmp_path: Path
) -> None:
    (tmp_path / "r.docx").write_bytes(documents[layout, name])
    assert faults(tmp_path / "r.docx") == []


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize("name", EDITIONS)
def test_the_cover_has_agency_year_and_date_and_no_page_number(
    name: str, pages: dict[tuple[str, str], list[Page]]
) -> None:
    cover, first = pages["cover", name]
    texts = [line.text for line in cover.text]
    year, agency = report(name).year, report(name).agency.name
    assert texts[:3] == [agency, "政府信息公开工作年度报告", f"（{year}年度）"]
    assert cover.footer == []
    assert [line.text for line in first.footer] == ["—1—"]
    for line in cover.text:
        assert (line.left + line.right) / 2 == pytest.approx((WIDTH + 5.67) / 2, abs=3)


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize("name", EDITIONS)
def test_table_three_is_whole_on_one_landscape_page(
    name: str, pages: dict[tuple[str, str], list[Page]]
) -> None:
    (page,) = pages["landscape", name]
    assert (page.width, page.height) == pytest.approx((HEIGHT, WIDTH), abs=0.5)
    (table,) = page.cells
    digits = ["".join(c["text"] for c in chars) for _, chars in table]
    assert digits.count(str(MOST)) == len(outline(EDITIONS[name]).tables["requests"].cells)
    for box, chars in table:
        assert all(c["x0"] > box[0] - 0.5 and c["x1"] < box[2] + 0.5 for c in chars)
    for label, left, right in label_air(page):
        assert min(left, right) >= 1, label


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITIONS)
def test_charts_stand_below_their_tables(
    name: str, documents: dict[tuple[str, str], bytes]
) -> None:
    with zipfile.ZipFile(io.BytesIO(documents["charts", name])) as archive:
        xml = archive.read("word/document.xml").decode()
    below = xml.split("</w:tbl>")[2:]
    assert [part.count("<pic:pic") for part in below] == [3, 1]


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize("name", EDITIONS)
def test_what_follows_a_chart_is_on_the_grid_of_lines(
    name: str, pages: dict[tuple[str, str], list[Page]]
) -> None:
    found = []
    for page in pages["charts", name]:
        for line in page.text:
            if round(line.chars[0]["size"]) == 16:
                lines = (baseline(page, line) - FIRST_BASELINE) / PITCH
                assert lines == pytest.approx(round(lines), abs=0.1 * MM / PITCH), line.text
                found.append(line.text[:2])
    headings = [text for text in found if text in ("四、", "五、", "六、")]
    assert headings == ["四、", "五、", "六、"]
    assert len(found) > len(headings)


def test_the_command_names_the_file_after_the_layout(
    run: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert new_template(layout="cover").name == "报告模板-2021-封面.docx"
    assert new_template(layout="landscape", edition="2019").name == "报告模板-2019-横排.docx"
    done = run("template", "new", "--layout", "charts")
    assert (done.code, Path("报告模板-2021-图解.docx").exists()) == (0, True)
    with pytest.raises(UsageError, match="没有 poster 版式"):
        new_template("t.docx", layout="poster")
    with pytest.raises(UsageError, match="只能用一个"):
        new_template("t.docx", layout="cover", form="blank.docx")
