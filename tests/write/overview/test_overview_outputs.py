"""What an overview looks like: on the terminal, as a page, a workbook, JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from attrs import evolve
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from govdisclose.errors import UsageError
from govdisclose.form.overview import Absentee
from govdisclose.overview import INDICATORS, Grouping, Overview, make_overview, write_overview
from govdisclose.write.aligned import width
from govdisclose.write.overview import OVERVIEW_FORMS, as_html, as_json, as_text
from govdisclose.write.overview.display import value_text
from govdisclose.write.overview.page import MOST_UNITS
from support.browser import (
    LINES_OF_HEADINGS,
    TOO_WIDE,
    broken_inside,
    needs_axe,
    needs_browser,
    opened,
    violations,
)
from support.long_tables import city, long_file, report_of

ATTACK = "<script>alert(1)</script>&amp;“引号”\"'=1+1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Overview:
    """Three years, a report that is left out, a missing unit, a name that would run on a careless page."""
    reports = [
        *city((2019, 2022, 2023), 6),
        report_of(ATTACK, 2023, seed=5, code="A"),
        report_of("有错局", 2023, seed=6, status="errors"),
    ]
    table = long_file(tmp_path_factory.mktemp("overview") / "city.sqlite", reports)
    missing = (Absentee(2023, "缺报局", "123", "清河县", "县级"),)
    return evolve(make_overview(table, agency="某市"), missing=missing)


# --- terminal -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_terminal_shows_every_indicator_of_every_year_in_columns(made: Overview) -> None:
    text = as_text(made)
    lines = text[text.index("【全部】") :].splitlines()[2 : 2 + len(INDICATORS)]
    assert [line.split()[0] for line in lines] == [indicator.name for indicator in INDICATORS]
    assert len({width(line) for line in lines}) == 1
    for line, indicator in zip(lines, INDICATORS, strict=True):
        for standing in made.of(Grouping.ALL):
            assert value_text(standing.measure(indicator)) in line


def test_the_terminal_names_what_is_not_in_the_figures(made: Overview) -> None:
    text = as_text(made)
    assert "【没有计入】1 份" in text
    assert "【缺报】1 家次" in text
    assert "缺报局" in text


# --- web page -----------------------------------------------------------------------------------


def page_of(made: Overview) -> Any:
    return lxml.html.fromstring(as_html(made))


def test_texts_are_escaped_on_the_page_and_the_page_is_whole_in_itself(made: Overview) -> None:
    page = page_of(made)
    assert page.xpath("//script | //*[@src or @srcset] | //link | //a[@href]") == []
    assert any(ATTACK in cell.text_content() for cell in page.xpath("//th"))
    assert page.get("lang") == "zh-CN"


def test_every_table_has_a_caption_and_every_header_a_scope(made: Overview) -> None:
    page = page_of(made)
    assert page.xpath("//table[not(caption)] | //th[not(@scope)]") == []


def test_the_page_has_every_figure_of_every_unit_beside_its_cases(made: Overview) -> None:
    (table,) = page_of(made).xpath("//table[starts-with(caption, '各单位')]")
    rows = table.xpath("tbody/tr")
    units = made.of(Grouping.UNIT, 2023)
    assert len(rows) == len(units) == 7
    for row, unit in zip(rows, units, strict=True):
        cells = [cell.text for cell in row.xpath("td[@class='number']")]
        assert cells[1:] == [value_text(measure) for measure in unit.measures()]


def test_a_bar_is_as_long_as_its_number_says(made: Overview) -> None:
    (chart,) = page_of(made).xpath(
        "//table[starts-with(@class, 'chart')][starts-with(caption, '新收申请')][1]"
    )[:1]
    lengths = [float(rect.get("width")) for rect in chart.xpath(".//rect")]
    counts = [line.parts[0] or 0 for line in made.of(Grouping.ALL)]
    assert lengths == [pytest.approx(100 * count / max(counts), abs=0.01) for count in counts]


def test_more_units_than_a_page_can_show_are_said_to_be_in_the_workbook(made: Overview) -> None:
    unit = made.of(Grouping.UNIT, 2023)[0]
    many = tuple(evolve(unit, key=str(n)) for n in range(MOST_UNITS + 1))
    whole = evolve(made, standings=(*made.of(Grouping.ALL), *many))
    assert f"共 {MOST_UNITS + 1} 家" in as_html(whole)


@pytest.mark.slow
@needs_browser
@needs_axe
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    made: Overview, browser: Any, tmp_path: Path
) -> None:
    path = write_overview(made, tmp_path / "overview.html")
    with opened(browser, path) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert violations(page) == []
        page.set_viewport_size({"width": 390, "height": 900})
        assert page.evaluate(TOO_WIDE) == []
        assert violations(page) == []
        assert broken_inside(page.evaluate(LINES_OF_HEADINGS)[0], "政府信息公开 年度 数据") == []
        assert page.said == []


# --- workbook -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sheets(made: Overview) -> dict[str, Worksheet]:
    workbook = load_workbook(BytesIO(OVERVIEW_FORMS[".xlsx"](made)))
    return {sheet.title: sheet for sheet in workbook.worksheets}


def test_the_workbook_begins_with_a_readable_face(
    made: Overview, sheets: dict[str, Worksheet]
) -> None:
    assert list(sheets) == ["概览", "县区", "层级", "排名", "单位数据", "没有计入", "缺报", "指标"]
    texts = [cell.value for row in sheets["概览"].iter_rows() for cell in row if cell.value]
    assert texts[0] == made.title
    assert all(f"{notice}。" in texts for notice in made.notices)
    header = next(cell.row for cell in sheets["概览"]["A"] if cell.value == "指标")
    assert sheets["概览"].print_title_rows == f"${header}:${header}"


def test_the_rows_of_units_can_be_added_up_in_a_pivot_table(
    made: Overview, sheets: dict[str, Worksheet]
) -> None:
    header, *rows = list(sheets["单位数据"].iter_rows(min_row=3, values_only=True))
    assert len(rows) == len(made.of(Grouping.UNIT))
    for standing in made.of(Grouping.ALL):
        for indicator in INDICATORS:
            measure = standing.measure(indicator)
            name = f"{indicator.name}分子" if indicator.is_rate else indicator.name
            column = header.index(name)
            year = header.index("年度")
            amounts = [row[column] or 0 for row in rows if row[year] == standing.year]
            assert sum(amounts) == (measure.part or 0)  # type: ignore[arg-type]  # numbers, as read


def test_a_name_that_looks_like_a_formula_stays_text(sheets: dict[str, Worksheet]) -> None:
    cells = [cell for row in sheets["单位数据"].iter_rows() for cell in row if cell.value == ATTACK]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)


def test_every_sheet_prints_on_a4(sheets: dict[str, Worksheet]) -> None:
    for sheet in sheets.values():
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0


# --- JSON ---------------------------------------------------------------------------------------


def test_the_json_has_the_definitions_and_every_line(made: Overview) -> None:
    data = json.loads(as_json(made), parse_float=Decimal)
    assert data["schema"] == "govdisclose/overview/1"
    assert [each["key"] for each in data["indicators"]] == [each.key for each in INDICATORS]
    assert len(data["lines"]) == len(made.standings)
    for line, standing in zip(data["lines"], made.standings, strict=True):
        for measure in standing.measures():
            figure = line["figures"][measure.indicator.key]
            if measure.indicator.is_rate:
                assert (figure["part"], figure["whole"]) == (measure.part, measure.whole)
                assert figure["percent"] == measure.percent
            else:
                assert figure["value"] == measure.part


# --- what a figure cannot say -------------------------------------------------------------------


def few_cases(made: Overview) -> set[tuple[int, str, str]]:
    """The year, the unit and the name of each rate that rests on few cases."""
    found: set[tuple[int, str, str]] = set()
    for line in made.of(Grouping.UNIT):
        for measure in line.measures():
            if measure.percent is not None and (measure.whole or 0) < made.at_least:
                found.add((line.year, line.name, measure.indicator.name))
    return found


def test_every_output_says_which_rates_rest_on_few_cases(
    made: Overview, sheets: dict[str, Worksheet]
) -> None:
    expected = few_cases(made)
    assert expected
    names = {indicator.key: indicator.name for indicator in INDICATORS}
    in_json = set()
    for line in json.loads(as_json(made))["lines"]:
        for key, figure in line["figures"].items():
            if line["grouping"] == "unit" and figure.get("few_cases"):
                in_json.add((line["year"], line["name"], names[key]))
    assert in_json == expected
    header, *rows = list(sheets["单位数据"].iter_rows(min_row=3))
    in_workbook = set()
    for row in rows:
        for title, cell in zip(header, row, strict=True):
            if cell.number_format == '0.0%"*"':
                in_workbook.add((row[0].value, row[1].value, title.value))
    assert in_workbook == expected
    table = lxml.html.fromstring(as_html(made)).xpath("//details//table")[-1]
    last_year = [each for each in expected if each[0] == made.years[-1]]
    assert table.text_content().count("件数少") == len(last_year)


def test_the_ranking_says_how_many_have_no_place(
    made: Overview, sheets: dict[str, Worksheet]
) -> None:
    rows = [row[:4] for row in sheets["排名"].iter_rows(min_row=4, values_only=True)]
    for indicator in INDICATORS:
        ranking = made.ranking(indicator, 2023, Grouping.UNIT)
        if indicator.is_rate and ranking.too_small:
            said = f"分母不足 30 件等不排的 {ranking.too_small} 家"
            assert (2023, indicator.name, None, said) in rows


def test_another_ending_is_refused(made: Overview, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_overview(made, tmp_path / "overview.docx")
    assert list(tmp_path.iterdir()) == []
