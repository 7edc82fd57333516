"""The charts: every label and number is there, nothing leaves the picture, nothing is drawn of nothing."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from govdisclose import Agency, AnnualReport, blank_report, outline, read_report
from govdisclose.errors import InputError, OutputError, UsageError
from govdisclose.write.charts import Chart, charts_or_words, draw_charts, figures_html
from govdisclose.write.charts.figures import figures, short
from govdisclose.write.charts.png import chart_png
from govdisclose.write.charts.svg import (
    AXIS,
    INK,
    LAST_YEAR_EDGE,
    PAPER,
    SOFT,
    THIS_YEAR,
    draw,
    text_width,
    wrap,
)
from govdisclose.write.context import CHARTS
from support.reports import EDITION_2019, EDITION_2021, consistent_report, reports

SVG = "{http://www.w3.org/2000/svg}"
HUAIAN = read_report("sample_workbooks/huaian-2024.xlsx").report


def last_year(report: AnnualReport) -> AnnualReport:
    return report.evolve(year=(report.year or 0) - 1)


def words(chart: Chart) -> list[str]:
    return [
        "".join(text.itertext()) for text in ElementTree.fromstring(chart.svg).iter(f"{SVG}text")
    ]


def by_name(report: AnnualReport, previous: AnnualReport | None = None) -> dict[str, Chart]:
    return {chart.name: chart for chart in draw_charts(report, previous)}


# --- labels and numbers -------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHARTS)
def test_every_label_stands_in_its_chart(name: str) -> None:
    (figure,) = (f for f in figures(HUAIAN) if f.name == name)
    shown = "".join(words(by_name(HUAIAN)[name]))
    for text in (
        figure.heading,
        *(g.heading for g in figure.groups),
        *(bar.label for bar in figure.bars),
    ):
        assert text in shown


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("applicants", [3001, 53, 0, 0, 61, 4]),
        ("outcomes", [1362, 454, 178, 781, 88, 187]),
        ("refusals", [2, 31, 5, 6, 8, 12, 9, 105]),
        ("disputes", [72, 64, 178, 37, 13, 4, 8, 1, 12, 1, 1, 6]),
    ],
)
def test_the_numbers_are_those_of_the_report(name: str, counts: list[int]) -> None:
    shown = [word for word in words(by_name(HUAIAN)[name]) if re.fullmatch(r"\d+件", word)]
    assert shown == [f"{count}件" for count in counts]


@pytest.mark.parametrize(
    "report", [HUAIAN, consistent_report(EDITION_2019, 3)], ids=["2021", "2019"]
)
def test_the_outcomes_add_up_to_the_stated_total(report: AnnualReport) -> None:
    (figure,) = (f for f in figures(report) if f.name == "outcomes")
    assert len(figure.bars) == 6
    assert figure.total is not None
    assert sum(bar.amount.this.value or 0 for bar in figure.bars) == figure.total.amount.this.value


def test_bars_are_as_long_as_their_numbers_say() -> None:
    chart = by_name(HUAIAN)["outcomes"]
    lengths = [
        int(r.get("width", "0")) for r in ElementTree.fromstring(chart.svg).iter(f"{SVG}rect")
    ][1:]
    counts = [1362, 454, 178, 781, 88, 187]
    assert all(
        abs(a / lengths[0] - b / counts[0]) < 0.01 for a, b in zip(lengths, counts, strict=True)
    )


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开"),
        ("一、本年新收政府信息公开申请数量", "本年新收政府信息公开申请数量"),
        ("3.危及“三安全一稳定”", "危及“三安全一稳定”"),
        ("自然人", "自然人"),
    ],
)
def test_a_long_label_loses_its_number_and_its_remark(label: str, shown: str) -> None:
    assert short(label) == shown


def test_the_text_alternative_says_every_number_and_the_title() -> None:
    for chart in draw_charts(HUAIAN, last_year(HUAIAN)):
        counts = Counter(re.findall(r"\d+件", " ".join(words(chart))))
        assert Counter(re.findall(r"\d+件", chart.alt)) == counts
        assert chart.alt.startswith(chart.title)
        root = ElementTree.fromstring(chart.svg)
        assert root.findtext(f"{SVG}desc") == chart.alt
        assert root.get("role") == "img"
        assert set(root.get("aria-labelledby", "").split()) == {
            e.get("id") for e in root if e.tag in (f"{SVG}title", f"{SVG}desc")
        }


# --- last year ----------------------------------------------------------------------------------


def test_last_years_bars_stand_beside_this_years() -> None:
    before = last_year(HUAIAN).with_values({"requests.received.business": 77})
    chart = by_name(HUAIAN, before)["applicants"]
    assert "2023年 77件" in words(chart)
    assert "商业企业53件（2023年77件）" in chart.alt


def test_last_year_may_be_of_the_other_edition() -> None:
    report = consistent_report(EDITION_2021).evolve(year=2021)
    before = consistent_report(EDITION_2019)
    total = before.values()["requests.outcomes.other.total"]
    assert f"其他处理{sum(v or 0 for p, v in report.values().items() if re.match('requests.outcomes.other.*.total', p))}件（2020年{total}件）" in by_name(report, before)["outcomes"].alt  # fmt: skip


def test_the_year_before_last_is_refused() -> None:
    with pytest.raises(UsageError, match="2022 年度"):
        draw_charts(HUAIAN, HUAIAN.evolve(year=2022))


# --- nought, blank, nothing ---------------------------------------------------------------------


@pytest.mark.parametrize("edition", [EDITION_2021, EDITION_2019], ids=lambda e: e.name)
def test_nothing_is_drawn_of_a_blank_report_or_of_noughts(edition: object) -> None:
    blank = blank_report(edition, year=2020)  # type: ignore[arg-type]  # an edition, as parametrized
    noughts = blank.with_values(dict.fromkeys(outline(blank.edition).cells, 0))
    assert draw_charts(blank) == draw_charts(noughts) == ()
    assert {str(w).rpartition("：")[2] for w in charts_or_words(blank).values()} == {
        "各项都没有填。"
    }
    assert {str(w).rpartition("：")[2] for w in charts_or_words(noughts).values()} == {
        "各项均为0件。"
    }
    assert "<svg" not in figures_html(blank)
    assert figures_html(noughts).count("各项均为0件") == 4


def test_noughts_are_drawn_when_last_year_had_more() -> None:
    noughts = HUAIAN.with_values({p: 0 for p in HUAIAN.values() if p.startswith("disputes")})
    assert "2023年 72件" in words(by_name(noughts, last_year(HUAIAN))["disputes"])


def test_a_blank_is_said_and_a_nought_has_no_bar() -> None:
    report = blank_report(EDITION_2021, year=2024).with_values(
        {"requests.received.natural_person": 5, "requests.received.business": 0}
    )
    chart = by_name(report)["applicants"]
    assert Counter(words(chart))["未填"] == 4
    assert "0件" in words(chart)
    assert (
        len(list(ElementTree.fromstring(chart.svg).iter(f"{SVG}rect"))) == 2
    )  # the paper and one bar


def test_a_sum_of_cells_some_of_which_are_blank_says_so() -> None:
    report = blank_report(EDITION_2021).with_values(
        {"requests.outcomes.refused.state_secret.total": 3}
    )
    assert "3件（部分未填）" in words(by_name(report)["outcomes"])


def test_blanks_of_last_year_are_said_too() -> None:
    before = last_year(HUAIAN).with_values({"requests.outcomes.unable.not_held.total": None})
    chart = by_name(HUAIAN, before)["outcomes"]
    assert any(
        word.endswith("件（部分未填）") and word.startswith("2023年") for word in words(chart)
    )
    assert re.search(r"无法提供\d+件（2023年\d+件（部分未填））", chart.alt)
    assert "（部分未填）</td>" in figures_html(HUAIAN, before)


# --- geometry -----------------------------------------------------------------------------------


def boxes(chart: Chart) -> Iterator[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each text, in the widest font."""
    for text in ElementTree.fromstring(chart.svg).iter(f"{SVG}text"):
        size, x, y = (float(text.get(key, "nan")) for key in ("font-size", "x", "y"))
        wide = text_width(text.text or "", size)
        left = x - wide if text.get("text-anchor") == "end" else x
        yield left, y - size * 0.9, left + wide, y + size * 0.2


def assert_sound(chart: Chart) -> None:
    root = ElementTree.fromstring(chart.svg)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    bars = [
        [float(r.get(key, "0")) for key in ("x", "y", "width", "height")]
        for r in root.iter(f"{SVG}rect")
    ]
    assert all(
        x >= 0 and y >= 0 and w > 0 and h > 0 and x + w <= width and y + h <= height
        for x, y, w, h in bars
    )
    texts = list(boxes(chart))
    assert all(
        left >= 0 and top >= 0 and right <= width and bottom <= height
        for left, top, right, bottom in texts
    )
    for i, (left, top, right, bottom) in enumerate(texts):
        assert not any(
            a < right - 0.5 and left < c - 0.5 and b < bottom - 0.5 and top < d - 0.5
            for a, b, c, d in texts[i + 1 :]
        )
        assert not any(
            x < right and left < x + w and y < bottom - 2 and top + 2 < y + h
            for x, y, w, h in bars[1:]
        )


@pytest.mark.slow
@given(reports(), st.booleans(), st.integers(0, 8))
def test_any_report_gives_sound_pictures(
    report: AnnualReport, compared: bool, blanked: int
) -> None:
    some = [path for i, path in enumerate(report.values()) if blanked and i % 9 < blanked]
    previous = last_year(report).with_values(dict.fromkeys(some)) if compared else None
    for figure in figures(report, previous):
        if not figure.is_empty:
            assert_sound(draw(figure, ""))
            assert_sound(draw(figure, "", on_page=True))


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_of_any_size_do_not_collide(first: int, second: int) -> None:
    report = blank_report(EDITION_2021, year=2024).with_values(
        {"requests.received.natural_person": first, "requests.received.other": second}
    )
    for figure in figures(report, last_year(report)):
        if not figure.is_empty:
            assert_sound(draw(figure, ""))
            assert_sound(draw(figure, "", on_page=True))


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=300))
def test_a_name_of_any_length_is_wrapped_and_escaped(name: str) -> None:
    chart = by_name(HUAIAN.evolve(agency=Agency(name)))["applicants"]
    assert_sound(chart)
    assert name in "".join(words(chart))


def test_wrapped_lines_lose_nothing_and_begin_with_no_closing_mark() -> None:
    text = "行政机关不再处理，其政府信息公开申请（包括逾期）。" * 3
    lines = wrap(text, 14, 170)
    assert "".join(lines) == text
    assert all(text_width(line, 14) <= 170 and line[0] not in "，。）" for line in lines)


@given(st.integers(0, 10**8), st.integers(0, 10**8), st.floats(40, 200))
def test_no_number_is_torn_from_its_unit(now: int, before: int, room: float) -> None:
    lines = wrap(f"　总计 {now}件（2023年 {before}件（部分未填））", 14, room)
    text = "\n".join(lines)
    if room > text_width(f"{max(now, before)}件（", 14) + 14:
        assert f"{now}件" in text
        assert f"{before}件" in text
        assert "2023年" in text


def test_no_character_of_a_label_stands_alone_on_a_line_of_the_narrow_chart() -> None:
    (figure,) = (f for f in figures(HUAIAN) if f.name == "refusals")
    shown = words(draw(figure, "", on_page=True))
    assert "".join(bar.label for bar in figure.bars) in "".join(
        t for t in shown if not t.endswith("件")
    )
    assert min(map(len, shown)) > 1


# --- for everybody ------------------------------------------------------------------------------


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_and_marks_stand_out_from_the_paper() -> None:
    assert min(contrast(colour, PAPER) for colour in (INK, SOFT)) >= 4.5
    assert min(contrast(colour, PAPER) for colour in (THIS_YEAR, LAST_YEAR_EDGE, AXIS)) >= 3


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>局", "甲&乙局", "\"引'号局", "䶮镕喆局"]
)
def test_an_agencys_name_is_text_and_nothing_else(name: str) -> None:
    for chart in draw_charts(HUAIAN.evolve(agency=Agency(name))):
        assert "<script" not in chart.svg
        assert name in "".join(words(chart))


def test_a_character_no_file_can_hold_is_refused() -> None:
    with pytest.raises(InputError, match="U\\+0001"):
        draw_charts(HUAIAN.evolve(agency=Agency("甲\x01局")))


def test_the_page_has_a_figure_with_a_caption_and_a_table_of_the_same_numbers() -> None:
    page = html.fromstring(f"<div>{figures_html(HUAIAN, last_year(HUAIAN))}</div>")
    drawn = page.xpath("figure")
    assert [figure.xpath("string(figcaption)") for figure in drawn] == [
        c.title for c in draw_charts(HUAIAN)
    ]
    for figure in drawn:
        assert figure.xpath("count(.//svg[@role='img'])") == 1
        rows = figure.xpath(".//tbody/tr[td]")
        assert all(
            row.xpath("count(th[@scope='row'])") == 1 and len(row.xpath("td")) == 2 for row in rows
        )
        assert figure.xpath("count(.//thead//th[@scope='col'])") == 3
    assert [td.text for td in drawn[0].xpath(".//tbody/tr/td[1]")] == ["3001件", "53件", "0件", "0件", "61件", "4件", "3119件"]  # fmt: skip


def test_nothing_comes_from_outside() -> None:
    page = figures_html(HUAIAN)
    assert not re.search(r"(?:href|src)=|url\(|@import|<style|<script| on\w+=", page)


# --- PNG ----------------------------------------------------------------------------------------


def test_a_png_is_as_wide_as_asked() -> None:
    data = chart_png(draw_charts(HUAIAN)[0], width=800)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", data[16:20]) == (800,)


def test_a_character_that_no_font_has_is_named() -> None:
    with pytest.raises(OutputError, match="\U000323b0"):
        chart_png(by_name(HUAIAN.evolve(agency=Agency("甲\U000323b0局")))["applicants"])


def test_without_the_extra_the_way_to_install_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(OutputError, match=r"govdisclose\[charts\]"):
        chart_png(draw_charts(HUAIAN)[0])


def test_the_pictures_in_the_docs_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "tools/build_charts.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
