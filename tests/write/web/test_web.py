"""The web page and the fragment: what they say, how they are built, and that they give the report back."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from govdisclose import (
    EDITIONS,
    Agency,
    AnnualReport,
    FindingsError,
    Paragraph,
    blank_report,
    outline,
    render_report,
)
from govdisclose.errors import InputError
from govdisclose.form.edition import Edition
from govdisclose.form.printed import format_value
from govdisclose.form.report import SECTIONS
from govdisclose.write.web import fragment_html, page_html
from govdisclose.write.web.label_words import words
from govdisclose.write.web.tables import web_tables
from support.commands import Run
from support.reports import EDITION_2021, consistent_report, write_book
from support.web_reports import FORMS, GOOD, HARD, read_back

WRONG = GOOD.with_values({"disputes.review.total": 999})
EDITION_IDS = list(EDITIONS)

both_forms = pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
both_editions = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITION_IDS)


def prose(*texts: str | tuple[str, int]) -> AnnualReport:
    """A report whose section one has these paragraphs."""
    return GOOD.evolve(overview=[Paragraph(*((t,) if isinstance(t, str) else t)) for t in texts])


def tree(text: str) -> Any:
    return html.document_fromstring(text)


def elements(text: str, path: str) -> list[str]:
    return [node.text_content() for node in tree(text).xpath(path)]


# --- every cell with its labels -----------------------------------------------------------------


@both_forms
@both_editions
def test_every_cell_names_all_its_labels_in_order_and_holds_its_value(
    edition: Edition, make: Any
) -> None:
    report = consistent_report(edition)
    page = tree(make(report))
    ids = {node.get("id"): node.text_content() for node in page.iter("th") if node.get("id")}
    found = [
        ([ids[i] for i in td.get("headers").split()], td.text)
        for td in page.xpath("//td[@headers]")
    ]
    cells, values = outline(edition).cells, report.values()
    assert found == [
        (
            [*filter(None, [cell.block]), *cell.row, *cell.column],
            format_value(values[path], cell.kind),
        )
        for path, cell in cells.items()
    ]
    assert len(found) == {"2021": 200, "2019": 198}[edition.name]


def grid(table: Any) -> dict[tuple[int, int], Any]:
    """The cells of a table by every row and column that they cover."""
    taken: dict[tuple[int, int], Any] = {}
    for r, row in enumerate(table.iter("tr")):
        column = 0
        for cell in row:
            while (r, column) in taken:
                column += 1
            rows, columns = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            area = [(i, j) for i in range(r, r + rows) for j in range(column, column + columns)]
            assert not taken.keys() & area
            taken |= dict.fromkeys(area, cell)
    return taken


@both_forms
@both_editions
def test_every_row_of_a_table_covers_every_column_once(edition: Edition, make: Any) -> None:
    for table in tree(make(consistent_report(edition))).iter("table"):
        width, height = len(table.xpath("colgroup/col")), len(table.xpath(".//tr"))
        assert grid(table).keys() == {(i, j) for i in range(height) for j in range(width)}


@both_forms
@both_editions
def test_scope_alone_says_the_same_where_a_table_has_one_header(
    edition: Edition, make: Any
) -> None:
    for table in tree(make(consistent_report(edition))).xpath("//table[thead]"):
        cells = grid(table)
        for (r, c), cell in cells.items():
            if cell.get("headers"):
                beside = [th for j in range(c) if (th := cells[r, j]).get("scope") == "row"]
                above = [th for i in range(r) if (th := cells[i, c]).get("scope") == "col"]
                ids = list(dict.fromkeys(th.get("id") for th in [*beside, *above]))
                assert ids == cell.get("headers").split()


@both_forms
def test_a_blank_cell_is_blank_and_a_nought_is_a_nought(make: Any) -> None:
    report = blank_report(EDITION_2021).with_values({"requests.received.total": 0})
    texts = elements(make(report), "//td[@headers]")
    assert (texts.count("0"), texts.count("")) == (1, 199)


@both_forms
def test_the_note_on_the_relations_stands_in_the_corner_of_table_three(make: Any) -> None:
    note = next(section.note for section in SECTIONS if section.note)
    assert elements(make(GOOD), "//table[@id='gd-3']/thead/tr[1]/*[1]") == [note]
    assert html.fromstring(make(GOOD)).text_content().count(note) == 1


# --- the rest of the page -----------------------------------------------------------------------


def test_the_page_describes_itself() -> None:
    page = tree(page_html(GOOD))
    said = {meta.get("name"): meta.get("content") for meta in page.iter("meta")}
    assert page.get("lang") == "zh-CN"
    assert page.findtext(".//title") == said["ArticleTitle"] == GOOD.title
    assert said["author"] == said["ContentSource"] == "某某市示范局"
    assert said["date"] == said["PubDate"] == "2025-01-20"
    assert said["description"].startswith("（一）主动公开情况。全年按时公开。")


@both_forms
def test_nothing_is_fetched_and_nothing_runs(make: Any) -> None:
    page = tree(make(prose("见 http://example.com/a?b=1&c=2 和 https://example.com/")))
    outside = {"href", "src", "srcset", "action", "data", "background", "poster", "cite"}
    assert not [
        (node.tag, name)
        for node in page.iter()
        for name in node.attrib
        if name in outside or name[:2] == "on"
    ]
    assert not page.xpath("//script|//link|//iframe|//object|//form")
    assert not re.search(r"url\(|@import|expression\(", make(GOOD))


def test_the_page_has_one_title_and_the_fragment_none() -> None:
    assert elements(page_html(GOOD), "//h1") == [GOOD.title]
    assert (
        elements(page_html(GOOD), "//h2")
        == elements(fragment_html(GOOD), "//h2")
        == [s.heading for s in SECTIONS]
    )
    assert elements(fragment_html(GOOD), "//h1|//title|//style") == []
    assert GOOD.title not in elements(fragment_html(GOOD), "//p")


@both_forms
def test_all_ids_and_classes_of_the_report_have_its_prefix(make: Any) -> None:
    page = tree(make(GOOD))
    names = [
        n for node in page.iter() for key in ("id", "class") for n in (node.get(key) or "").split()
    ]
    assert names
    assert all(name.startswith("gd-") for name in names)
    ids = [node.get("id") for node in page.iter() if node.get("id")]
    assert len(ids) == len(set(ids))


HEADINGS: dict[str, tuple[list[tuple[str, int]], list[tuple[str, str]]]] = {
    "a heading of its own": (
        [("（一）主动公开", 2), ("全年", 0)],
        [("h3", "（一）主动公开"), ("p", "全年")],
    ),
    "two levels": (
        [("（一）公开。", 2), ("1.网站", 3)],
        [("h3", "（一）公开。"), ("h4", "1.网站")],
    ),
    "the upper level left out": ([("1.网站", 3)], [("h3", "1.网站")]),
    "an opening that text follows": (
        [("（一）公开。全年公开。", 2)],
        [("p", "（一）公开。全年公开。")],
    ),
    "an opening of its own among such with text": (
        [("（一）公开。", 2), ("1.网站", 3), ("（二）申请。收到。", 2)],
        [("p", "（一）公开。"), ("p", "1.网站"), ("p", "（二）申请。收到。")],
    ),
    "a third level of both kinds": (
        [("（一）公开", 2), ("1.网站", 3), ("2.平台。更新。", 3)],
        [("h3", "（一）公开"), ("p", "1.网站"), ("p", "2.平台。更新。")],
    ),
    "the third level with text": ([("1.网站。更新。", 3)], [("p", "1.网站。更新。")]),
    "the fourth level": ([("（1）网站", 4)], [("p", "（1）网站")]),
    "a heading too long for one": ([("（一）" + "长" * 80, 2)], [("p", "（一）" + "长" * 80)]),
    "a line break": (
        [("（一）公开\n全年\n公开", 2)],
        [("h3", "（一）公开"), ("p", "全年"), ("p", "公开")],
    ),
    "blanks before a paragraph": ([("\u3000\u3000全年", 0)], [("p", "全年")]),
    "blank paragraphs": ([(" \n\u3000", 0), ("", 2)], []),
}


@both_forms
@pytest.mark.parametrize("case", HEADINGS)
def test_paragraphs_become(case: str, make: Any) -> None:
    given_, expected = HEADINGS[case]
    section = tree(make(prose(*given_))).xpath("//section[1]")[0]
    assert [(node.tag, node.text_content()) for node in section][1:] == expected


def test_the_opening_of_a_paragraph_is_set_off() -> None:
    page = page_html(prose(("（一）公开。全年公开。", 2), ("（二）申请。", 2)))
    assert elements(page, "//section[1]//strong") == ["（一）公开。", "（二）申请。"]


def test_figures_stand_below_section_one_and_are_no_part_of_its_text() -> None:
    figure = "<figure><p>图中的字</p><table><tr><td>1</td><td>2</td></tr></table></figure>"
    for make in FORMS.values():
        text = make(GOOD, figures=figure)
        assert tree(text).xpath("//section[1]//figure/p/text()") == ["图中的字"]
        assert figure in text
        assert read_back(text) == GOOD
        assert "aside" not in make(GOOD)


@both_forms
def test_an_empty_report_is_a_page_of_the_six_sections(make: Any) -> None:
    text = make(AnnualReport())
    assert elements(text, "//h2") == [section.heading for section in SECTIONS]
    assert "None" not in text


# --- hard text ----------------------------------------------------------------------------------


@both_forms
@pytest.mark.parametrize("name", HARD)
def test_hard_text_is_exact(name: str, make: Any) -> None:
    text = HARD[name]
    report = prose(text).evolve(agency=Agency(text), title=text, preface=[Paragraph(text)])
    page = make(report)
    marks = ("name", "preface 0", "overview 0")
    assert [elements(page, f"//*[@data-govdisclose='{mark}']") for mark in marks] == [
        [text],
        [text],
        [text],
    ]
    assert "<script" not in page
    if make is page_html:
        assert elements(page, "//h1|//title") == [text, text]


@both_forms
def test_a_control_character_is_refused(make: Any) -> None:
    for report in (
        prose("公\x00开"),
        GOOD.evolve(title="公\x0b"),
        GOOD.evolve(agency=Agency("局\ud800")),
    ):
        with pytest.raises(InputError, match=r"U\+(0000|000B|D800)"):
            make(report)


def test_a_report_of_300_paragraphs_stays_light() -> None:
    report = prose(*["本机关依法公开政府信息。"] * 300)
    assert len(elements(page_html(report), "//section[1]/p")) == 300
    for make in FORMS.values():
        assert len(make(GOOD).encode()) < 120_000
        assert len(make(report).encode()) < 200_000


# --- export -------------------------------------------------------------------------------------


def test_quotes_are_filled_as_in_the_word_file(tmp_path: Path) -> None:
    quoted = prose("新收{表三.本年新收.总计}件，上年{requests.received.total|上年}件。")
    last = quoted.evolve(year=2023)
    text = render_report(quoted, "html", previous=last).data.decode()
    total = GOOD.values()["requests.received.total"]
    assert f"新收{total}件，上年{total}件。" in text
    with pytest.raises(FindingsError):
        render_report(quoted, "html")


@pytest.mark.parametrize("to", ["html", "html-fragment"])
def test_a_page_with_errors_is_not_made_but_as_a_draft_that_says_so(
    to: str, tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, WRONG)
    refused = run("export", book, "--to", to)
    assert refused.code == 1
    assert "A104" in refused.err
    assert list(tmp_path.iterdir()) == [book]
    assert run("export", book, "--to", to, "--draft").code == 0
    suffix = ".html" if to == "html" else ".fragment.html"
    text = (tmp_path / f"book（草稿）{suffix}").read_text(encoding="utf-8")
    assert "草稿　尚未通过检查，不得公布" in text
    assert "【错误 A104】" in text
    assert ("noindex" in text) is (to == "html")
    assert read_back(text) == WRONG


def test_the_page_stands_beside_the_workbook_and_nothing_is_overwritten(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, GOOD)
    assert run("export", book, "--to", "html").code == 0
    assert run("export", book, "--to", "html").code == 2
    assert run("export", book, "--to", "html", "--force").code == 0
    assert (tmp_path / "book.html").read_text(encoding="utf-8") == render_report(
        GOOD, "html"
    ).data.decode()
    assert (
        run("export", book, "--to", "html", "-o", "-").out
        == render_report(GOOD, "html").data.decode()
    )
    assert run("export", book, "--to", "html-fragment", "-o", "-").out == fragment_html(GOOD)


def test_warnings_are_said(tmp_path: Path, run: Callable[..., Run]) -> None:
    book = write_book(
        tmp_path, GOOD.evolve(other_matters=[Paragraph("无其他事项需要报告，特此说明。")])
    )
    done = run("export", book, "--to", "html")
    assert done.code == 0
    assert "N104" in done.err


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_every_label_is_divided_between_words(edition: Edition) -> None:
    labels = set()
    for table in web_tables(edition).values():
        for row in chain(table.head, *table.bodies):
            labels |= {cell.text for cell in row if cell.kind != "value"}
    assert len(labels) > 40
    for label in labels:
        pieces = words(label)
        assert "".join(pieces) == label
        for piece in pieces:
            assert len(piece.strip("0123456789.（）“”、，：。")) <= 4, f"{piece} of {label}"
            assert piece[0] not in "）”、，：。"
            assert piece[-1] not in "（“."


def test_a_sentence_with_a_number_is_no_heading() -> None:
    prose = [
        Paragraph("（一）主要问题", 2),
        Paragraph("1.公开不够及时。", 3),
        Paragraph("2.解读形式单一。", 3),
    ]
    tree = html.fromstring(page_html(consistent_report().evolve(problems=prose)))
    marked = {node.text_content(): node.tag for node in tree.xpath("//*[@data-govdisclose]")}
    assert marked["（一）主要问题"] == "h3"
    assert marked["1.公开不够及时。"] == marked["2.解读形式单一。"] == "p"


@pytest.mark.parametrize("make", [page_html, fragment_html])
def test_a_number_with_its_unit_is_marked_whole_and_the_text_stays(make: Any) -> None:
    text = "全年收到申请3119件，已于2022年1月17日公布，见www.gov.cn。"
    page = make(consistent_report().evolve(preface=[Paragraph(text)]))
    tree = html.fromstring(page)
    (paragraph,) = [p for p in tree.iter("p") if p.text_content() == text]
    whole = [span.text_content() for span in paragraph.iter("span")]
    assert whole == ["3119件", "2022年1月17日", "www.gov.cn"]


def test_the_charts_can_be_left_out(run: Callable[..., Run], tmp_path: Path) -> None:
    book = write_book(tmp_path, consistent_report())
    whole, bare = tmp_path / "whole.html", tmp_path / "bare.html"
    assert run("export", book, "--to", "html", "-o", whole).code == 0
    assert run("export", book, "--to", "html", "-o", bare, "--no-charts").code == 0
    assert "<figure" in whole.read_text("utf-8")
    assert "<figure" not in bare.read_text("utf-8")
    refused = run("export", book, "--to", "json", "--no-charts")
    assert refused.code == 2
    assert "--no-charts 只用于" in refused.err
