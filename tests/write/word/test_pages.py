"""The pages of the Word reports, measured: paper, fonts, lines, tables, and what stands beside what."""

from __future__ import annotations

import io
import re
import statistics
import sys
import zipfile
from collections import Counter
from decimal import Decimal
from itertools import accumulate, chain
from pathlib import Path
from xml.etree import ElementTree

import pytest

from govdisclose import (
    EDITIONS,
    Agency,
    AnnualReport,
    Paragraph,
    blank_report,
    check_report,
    outline,
)
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind
from govdisclose.form.report import SECTIONS
from govdisclose.read import read_book
from govdisclose.read.published.word.reader import read_document
from govdisclose.write.office_text import set_as_in_word
from govdisclose.write.web.label_words import words
from govdisclose.write.word import load_template, render
from support.office import needs_libreoffice
from support.pages import (  # fmt: skip
    BOTTOM,
    FIRST_BASELINE,
    HEIGHT,
    LEFT,
    MM,
    PITCH,
    RIGHT,
    TOP,
    TOP_MARGIN,
    WIDTH,
    Page,
    baseline,
    common,
    face,
    label_air,
    read_pages,
    set_pages,
    squeezed,
    stand_in,
)
from support.paths import ROOT
from support.reports import EDITION_2019, EDITION_2021
from support.validator import VALIDATOR, faults

sys.path.insert(0, str(ROOT / "tools"))
import build_pages  # a script, found through the line above

pytestmark = [pytest.mark.libreoffice, needs_libreoffice]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SAMPLES = ("tongliao-minwei-2021", "huaian-2024", "shili-2020")
LONG_NAME = "某某自治区某某自治州某某自治县经济技术开发区管理委员会综合行政执法与应急管理局政务服务数据管理办公室"
ASPECT = "全年主动公开政府信息数量较上年有所增长，"
NASTY = (
    "䶮镕喆𠮷😀 <script>alert('&')</script> &amp; 见 "
    "https://www.example.gov.cn/zwgk/zfxxgk/zfxxgknb/202401/t20240120_0123456789abcdefghijklmnopqrstuvwxyz.html 。"
)
MOST = 12345678
WIDEST = {
    Kind.COUNT: 9_999_999_999,
    Kind.CHANGE: -9_999_999_999,
    Kind.MONEY: Decimal("9999999999.123456"),
}
"""The longest values that are read, by the kind of their cell."""

YEARS = [f"{'字' * n}共收到2024年申请12345678件。" for n in range(14, 29)]


def hard(edition: Edition) -> AnnualReport:
    """The longest values, the longest name, every level of heading, 300 paragraphs and one of 5,000 characters."""
    headings = [
        Paragraph("（一）存在的主要问题", 2),
        Paragraph("1.解读方面", 3),
        Paragraph("（1）形式单一", 4),
    ]
    overview = [
        Paragraph("（一）主动公开情况。" + ASPECT * 4, 2),
        Paragraph("（二）依申请公开工作情况", 2),
    ]
    overview += [
        *map(Paragraph, YEARS),
        Paragraph("字" * 5000),
        *(Paragraph(f"第{i}段。{ASPECT * (i % 5)}") for i in range(300)),
    ]
    return blank_report(
        edition,
        agency=Agency(LONG_NAME),
        year=edition.last_year or 2024,
        preface=(Paragraph(NASTY),),
        overview=tuple(overview),
        problems=(*headings, Paragraph(ASPECT * 20)),
        other_matters=(Paragraph("没有收取信息处理费。"),),
    ).with_values({path: WIDEST[cell.kind] for path, cell in outline(edition).cells.items()})


NAMES = (*SAMPLES, *(f"{kind}-{edition}" for edition in EDITIONS for kind in ("hard", "empty")))
each = pytest.mark.parametrize("name", NAMES)
each_finished = pytest.mark.parametrize(
    "name", [name for name in NAMES if not name.startswith("empty")]
)
each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)


def full(edition: Edition) -> AnnualReport:
    """As many digits in every cell as stand on one line of it: six in table four, elsewhere eight."""
    counts = dict.fromkeys(outline(edition).cells, MOST)
    disputes = [cell.path for cell in outline(edition).tables["disputes"].cells]
    counts.update(dict.fromkeys(disputes, MOST // 100))
    return blank_report(edition, agency=Agency("某局"), year=edition.last_year or 2024).with_values(
        counts
    )


FULL = tuple(f"full-{edition}" for edition in EDITIONS)
"""Documents for the geometry of tables."""


def document(name: str) -> bytes:
    kind, _, edition = name.partition("-")
    if name in SAMPLES:
        report = read_book(ROOT / "sample_workbooks" / f"{name}.xlsx").report
        return render(report, load_template(report.edition))
    template = load_template(EDITIONS[edition])
    if kind == "hard":
        return render(hard(EDITIONS[edition]), template)
    if kind == "full":
        return render(full(EDITIONS[edition]), template)
    empty = blank_report(EDITIONS[edition])
    return render(empty, template, draft=True, findings=check_report(empty))


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    return {name: document(name) for name in (*NAMES, *FULL)}


@pytest.fixture(scope="module")
def pdfs(documents: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The PDFs of these documents and of those in the documentation, by one start of LibreOffice."""
    folder = tmp_path_factory.mktemp("pages")
    shown = {path.stem: path.read_bytes() for path in build_pages.documents(folder)}
    assert [name for name in SAMPLES if shown[name] != documents[name]] == []
    return set_pages({**documents, **shown}, folder)


@pytest.fixture(scope="module", autouse=True)
def pages(documents: dict[str, bytes], pdfs: dict[str, Path]) -> dict[str, list[Page]]:
    return {name: read_pages(pdfs[name]) for name in documents}


# The file


@pytest.mark.validator
@pytest.mark.skipif(VALIDATOR is None, reason="no validator; test_validity fails for that in CI")
@pytest.mark.parametrize("name", ["hard-2021", "hard-2019", "empty-2021"])
def test_the_file_obeys_the_schemas(name: str, documents: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "r.docx").write_bytes(documents[name])
    assert faults(tmp_path / "r.docx") == []


# The paper


@each
def test_every_page_is_a4(name: str, pages: dict[str, list[Page]]) -> None:
    for page in pages[name]:
        assert (page.width, page.height) == pytest.approx((WIDTH, HEIGHT), abs=0.5)


@each
def test_nothing_leaves_the_text_area(name: str, pages: dict[str, list[Page]]) -> None:
    for page in pages[name]:
        for line in page.text:
            assert LEFT - 1 < line.left < line.right < RIGHT + 1, line.text
            assert TOP - 1 < line.top < BOTTOM, line.text
            assert max(c["bottom"] for c in line.chars) < BOTTOM + 1, line.text
        for edge in page.edges:
            assert LEFT - 1 < edge["x0"] <= edge["x1"] < RIGHT + 1
            assert TOP_MARGIN - 1 < edge["top"] <= edge["bottom"] < BOTTOM + 1


@each
def test_page_numbers_stand_outside_seven_millimetres_below_the_text(
    name: str, pages: dict[str, list[Page]]
) -> None:
    for number, page in enumerate(pages[name], 1):
        (line,) = page.footer
        assert line.text == f"—{number}—"
        assert {(c["size"], face(c["fontname"])) for c in line.chars} == {(14, stand_in("宋体"))}
        if number % 2:
            assert RIGHT - line.right == pytest.approx(14, abs=1)
        else:
            assert line.left - LEFT == pytest.approx(14, abs=1)
        dash = line.chars[0]
        assert ((dash["top"] + dash["bottom"]) / 2 - BOTTOM) / MM == pytest.approx(7, abs=1)


@each_edition
def test_a_full_page_has_22_lines_of_28_characters_on_156_by_225_millimetres(
    edition: Edition, pages: dict[str, list[Page]]
) -> None:
    full = [
        page
        for page in pages[f"hard-{edition.name}"]
        if {line.text for line in page.text} == {"字" * 28}
    ]
    assert len(full) >= 7
    for page in full:
        assert len(page.text) == 22
        pitch = (page.text[-1].top - page.text[0].top) / 21
        assert pitch * 22 / MM == pytest.approx(225, abs=0.5)
        assert {round(line.left - LEFT) for line in page.text} == {0}
        assert {round((line.right - line.left) / MM) for line in page.text} == {156}


@each_finished
def test_the_first_line_begins_37_millimetres_below_the_edge_of_the_paper(
    name: str, pages: dict[str, list[Page]]
) -> None:
    for page in pages[name]:
        tables = [min(box[1] for box in table) for table in page.tables]
        top = min([line.top for line in page.text[:1]] + tables)
        assert top / MM == pytest.approx(37, abs=1)


# Fonts and sizes

DECLARED = {
    "ReportTitle": ("方正小标宋简体", 22),
    "Heading1": ("黑体", 16),
    "Heading2": ("楷体_GB2312", 16),
    "Heading3": ("仿宋_GB2312", 16),
    "Heading4": ("仿宋_GB2312", 16),
    "Body": ("仿宋_GB2312", 16),
    "BodyLeft": ("仿宋_GB2312", 16),
    "BodyTight": ("仿宋_GB2312", 16),
    "BodyTighter": ("仿宋_GB2312", 16),
    "Signature": ("仿宋_GB2312", 16),
    "Signed": ("仿宋_GB2312", 16),
    "TableHead": ("黑体", 10.5),
    "TableHeadSmall": ("黑体", 9),
    "TableText": ("宋体", 10.5),
    "TableTextSmall": ("宋体", 9),
    "TableNumber": ("宋体", 9),
    "TableCount": ("宋体", 10.5),
    "TableStub": ("宋体", 9),
    "PageOdd": ("宋体", 14),
    "PageEven": ("宋体", 14),
}
"""Style → font and size in points, after GB/T 9704-2012; tables after what agencies publish."""


def member(data: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read(name))


@each_finished
def test_every_style_in_use_declares_its_font_and_size(
    name: str, documents: dict[str, bytes]
) -> None:
    styles = member(documents[name], "word/styles.xml")
    properties = {s.get(f"{W}styleId"): s for s in styles.iter(f"{W}style")}
    default = styles.find(f"{W}docDefaults")
    assert default is not None

    def declared(key: str, tag: str, attribute: str) -> str:
        at: str | None = key
        while at:
            found = properties[at].find(f"{W}rPr/{W}{tag}")
            if found is not None:
                return found.attrib[W + attribute]
            parent = properties[at].find(f"{W}basedOn")
            at = None if parent is None else parent.get(f"{W}val")
        return next(default.iter(W + tag)).attrib[W + attribute]

    parts = [
        member(documents[name], f"word/{part}.xml") for part in ("document", "footer1", "footer2")
    ]
    used = {node.attrib[f"{W}val"] for part in parts for node in part.iter(f"{W}pStyle")}
    assert used <= DECLARED.keys()
    for style in used:
        fonts = {declared(style, "rFonts", kind) for kind in ("eastAsia", "ascii", "hAnsi")}
        assert (fonts, int(declared(style, "sz", "val")) / 2) == (
            {DECLARED[style][0]},
            DECLARED[style][1],
        ), style
    local = {node.tag for part in parts for run in part.iter(f"{W}rPr") for node in run} - {
        *(f"{W}rStyle", f"{W}w", f"{W}sz")  # the last two make a long number narrower
    }
    assert not local, "formatting outside styles"


def shown(style: str) -> tuple[str, float]:
    return stand_in(DECLARED[style][0]), DECLARED[style][1]


@each_finished
def test_title_headings_and_body_are_set_in_their_fonts_and_sizes(
    name: str, documents: dict[str, bytes], pages: dict[str, list[Page]]
) -> None:
    expected = {squeezed(section.heading): "Heading1" for section in SECTIONS}
    title = squeezed(read_document(documents[name]).paragraphs[0])
    seen: Counter[str] = Counter()
    for page in pages[name]:
        for line in page.text:
            style = (
                "ReportTitle"
                if page.number == 1 and line.text in title
                else expected.get(line.text, "Body")
            )
            opening = re.match("（[一二三四五]）[^。]*。?", line.text)
            for i, char in enumerate(line.chars):
                own = "Heading2" if style == "Body" and opening and i < opening.end() else style
                if common(char["text"]):
                    assert (face(char["fontname"]), round(char["size"], 2)) == shown(own), line.text
            seen[style] += 1
    assert seen["Heading1"] == 6
    assert seen["ReportTitle"] >= 1
    assert seen["Body"] >= 10


@each_finished
def test_the_title_is_centred(name: str, pages: dict[str, list[Page]]) -> None:
    title = [line for line in pages[name][0].text if line.chars[0]["size"] == 22]
    assert title
    for line in title:
        assert (line.left + line.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=3)


# The tables


def printed(document: bytes) -> list[Counter[str]]:
    """The texts of the cells of each statutory table, as the document says them."""
    grids = read_document(document).grids
    return [
        Counter(squeezed(str(v)) for row in grid.rows for v in row if v not in (None, ""))
        for grid in grids
    ]


@pytest.mark.parametrize("name", [*NAMES, *FULL])
def test_every_table_stands_whole_on_a_page_with_all_of_every_cell_inside_its_box(
    name: str, documents: dict[str, bytes], pages: dict[str, list[Page]]
) -> None:
    found = []
    for page in pages[name]:
        for table in page.cells:
            texts: Counter[str] = Counter()
            for box, inside in table:
                assert all(c["x0"] > box[0] - 0.5 and c["x1"] < box[2] + 0.5 for c in inside), (
                    inside
                )
                assert all(
                    c["top"] > box[1] - 0.5 and c["bottom"] < box[3] + 0.5 for c in inside
                ), inside
                text = squeezed("".join(c["text"] for c in inside))
                if text:
                    texts[text] += 1
            found.append(texts)
    assert found == printed(documents[name])


@pytest.mark.parametrize("name", [*(f"hard-{edition}" for edition in EDITIONS), *FULL])
def test_every_number_stands_on_one_line_however_long_it_is(
    name: str, pages: dict[str, list[Page]]
) -> None:
    lines: list[int] = []
    for page in pages[name]:
        for _, chars in chain.from_iterable(page.cells):
            if re.fullmatch(r"[+−\d.]+", "".join(c["text"] for c in chars)):
                lines.append(len({round(c["bottom"]) for c in chars if c["text"].isdigit()}))
    edition = EDITIONS[name.partition("-")[2]]
    assert lines == [1] * len(outline(edition).cells)


@each_edition
def test_eight_digits_have_room_as_they_are_and_six_in_fifteen_columns(
    edition: Edition, documents: dict[str, bytes]
) -> None:
    margins = 2 * 3
    data = documents[f"hard-{edition.name}"]
    styles = {
        style.get(f"{W}styleId"): style
        for style in member(data, "word/styles.xml").iter(f"{W}style")
    }
    _, requests, disputes = member(data, "word/document.xml").iter(f"{W}tblGrid")
    rooms = []
    for grid, columns, name in ((requests, 7, "TableNumber"), (disputes, 15, "TableCount")):
        letters = {node.tag: node.get(f"{W}val", "") for node in styles[name].iter()}
        half = int(letters[f"{W}sz"]) * 5 + int(letters[f"{W}spacing"])
        widths = [int(column.attrib[f"{W}w"]) for column in grid]
        rooms.append({(width - margins) // half for width in widths[-columns:]})
    assert rooms == [{8}, {6}]


@pytest.mark.parametrize("name", [*SAMPLES, *FULL])
def test_a_number_that_fits_is_narrower_only_in_the_pdf_where_digits_are_wider(
    name: str, documents: dict[str, bytes]
) -> None:
    data = documents[name]
    assert not list(member(data, "word/styles.xml").iter(f"{W}w"))
    assert not list(member(data, "word/document.xml").iter(f"{W}w"))
    narrower = list(member(set_as_in_word(data), "word/document.xml").iter(f"{W}w"))
    cells = outline(EDITIONS["2019" if "2019" in name else "2021"]).tables
    wide = len(cells["requests"].cells) + len(cells["disputes"].cells)
    assert len(narrower) == (0 if name in SAMPLES else wide)


LEFT_OF_ROW_LABELS = 1.27
"""The millimetres between a rule and the row labels that begin beside it, which is a margin of 70 twips."""


@pytest.mark.parametrize("name", [*NAMES, *FULL])
def test_a_label_has_a_millimetre_of_air_on_either_side_and_one_in_the_middle_equal_air(
    name: str, pages: dict[str, list[Page]]
) -> None:
    labels = list(chain.from_iterable(label_air(page) for page in pages[name]))
    assert len(labels) > 60
    for label, left, right in labels:
        assert min(left, right) >= 1, label
        if left != pytest.approx(LEFT_OF_ROW_LABELS, abs=0.03):
            assert left == pytest.approx(right, abs=0.4), label


@pytest.mark.parametrize("name", [*SAMPLES, *FULL])
def test_every_line_below_the_title_is_on_the_grid_of_lines_headings_and_what_follows_table_four_too(
    name: str, pages: dict[str, list[Page]]
) -> None:
    found = set()
    for page in pages[name]:
        for line in page.text:
            if line.chars[0]["size"] == DECLARED["ReportTitle"][1]:
                continue
            lines = (baseline(page, line) - FIRST_BASELINE) / PITCH
            assert lines == pytest.approx(round(lines), abs=0.1 * MM / PITCH), line.text
            found.add(line.text)
    assert found >= {squeezed(section.heading) for section in SECTIONS}


@each_edition
def test_labels_beside_several_rows_break_after_their_ordinal(
    edition: Edition, pages: dict[str, list[Page]]
) -> None:
    found = set()
    for page in pages[f"hard-{edition.name}"]:
        for _, chars in chain.from_iterable(page.cells):
            text = "".join(c["text"] for c in chars)
            if re.fullmatch("（[三四五六]）....", text) and len({c["top"] for c in chars}) > 1:
                found.add((text[:3], sum(c["top"] == chars[0]["top"] for c in chars)))
    assert found >= {("（三）", 3), ("（四）", 3), ("（五）", 3)}


@each_edition
def test_row_labels_of_several_lines_break_between_words(
    edition: Edition, pages: dict[str, list[Page]]
) -> None:
    labels = {line.labels[-1] for line in outline(edition).tables["requests"].blocks[0].lines}
    broken = set()
    for page in pages[f"hard-{edition.name}"]:
        for _, chars in chain.from_iterable(page.cells):
            text = "".join(c["text"] for c in chars)
            lengths = Counter(round(c["top"]) for c in chars)
            if text in labels and len(lengths) > 1:
                broken.add(text)
                ends = set(accumulate(map(len, words(text))))
                assert set(accumulate(lengths.values())) <= ends, text
    assert broken >= {"5.要求行政机关确认或重新出具已获取信息"}


# What stands beside what


@each
def test_the_heading_of_a_section_stands_above_what_it_heads(
    name: str, pages: dict[str, list[Page]]
) -> None:
    tables = {squeezed(section.heading) for section in SECTIONS if section.is_table}
    found = set()
    for page in pages[name]:
        for line in page.text:
            if line.text in tables:
                below = [
                    table
                    for table in page.tables
                    if 0 < min(box[1] for box in table) - line.top < 40
                ]
                assert len(below) == 1, line.text
                found.add(line.text)
    assert found == tables


def is_heading(text: str) -> bool:
    return text in {squeezed(s.heading) for s in SECTIONS} or bool(
        re.fullmatch(r"(（.）|\d\.)[^，]{1,20}", text) and not text.endswith("。")
    )


@each_finished
def test_no_heading_is_the_last_line_of_a_page(name: str, pages: dict[str, list[Page]]) -> None:
    for page in pages[name][:-1]:
        bottoms = [max(box[3] for box in table) for table in page.tables]
        if page.text and page.text[-1].top > max(bottoms, default=0):
            assert not is_heading(page.text[-1].text)


def spread(paragraphs: tuple[str, ...], pages: list[Page]) -> list[tuple[str, Counter[int]]]:
    """Each paragraph with the number of its lines on every page; fails where a character is not in the PDF."""
    lines = ((line.text, page.number) for page in pages for line in page.text)
    found = []
    for paragraph in paragraphs:
        rest, where = squeezed(paragraph), Counter[int]()
        while rest:
            text, page = next(lines)
            assert rest.startswith(text), (rest[:40], text)
            rest = rest[len(text) :]
            where[page] += 1
        found.append((paragraph, where))
    assert next(lines, None) is None
    return found


@each
def test_every_character_of_the_text_is_on_the_pages_and_no_line_alone_begins_one(
    name: str, documents: dict[str, bytes], pages: dict[str, list[Page]]
) -> None:
    paragraphs = read_document(documents[name]).paragraphs
    assert len(paragraphs) > 6
    for paragraph, where in spread(paragraphs, pages[name]):
        if len(where) > 1:
            assert where[max(where)] > 1, f"last line alone: {paragraph[:40]}"


@each_edition
def test_no_number_is_broken_at_the_end_of_a_line(
    edition: Edition, pages: dict[str, list[Page]]
) -> None:
    text = "\n".join(line.text for page in pages[f"hard-{edition.name}"] for line in page.text)
    assert len(re.findall("12345678(?!9)", text)) == len(YEARS)
    assert text.count("2024") >= len(YEARS)
    assert len(re.findall("\n(?:2024|12345678)", text)) > 2


@each_edition
def test_a_page_is_full_unless_what_follows_has_no_room_on_it(
    edition: Edition, pages: dict[str, list[Page]]
) -> None:
    """Widow control takes one line at most, a heading with two lines two; a table takes what it needs."""
    short = [22 - len(page.text) for page in pages[f"hard-{edition.name}"][1:] if not page.tables]
    assert statistics.median(short) <= 1
    assert sum(lines > 2 for lines in short) <= 2, "the page before the tables, and the last"


def test_both_editions_are_measured() -> None:
    found = {
        read_book(ROOT / "sample_workbooks" / f"{name}.xlsx").report.edition for name in SAMPLES
    }
    assert found == {EDITION_2019, EDITION_2021}


def test_the_pictures_in_the_docs_show_these_pages(pdfs: dict[str, Path]) -> None:
    assert (
        build_pages.stale({name: build_pages.texts(pdfs[name]) for name in build_pages.SHOWN}) == []
    )
