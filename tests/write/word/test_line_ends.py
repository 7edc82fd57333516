"""Where lines and pages of the Word report end, measured in the PDF that ``export --to pdf`` makes."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from itertools import accumulate, pairwise

import pytest

from govdisclose import EDITIONS, Agency, AnnualReport, Paragraph, blank_report
from govdisclose.write.context import printed_lines
from govdisclose.write.line_breaks import NOT_FIRST, NOT_LAST, pieces
from govdisclose.write.line_fit import NORMAL, TIGHT, TIGHTER, Fit, fit
from govdisclose.write.office import convert
from govdisclose.write.office_lines import office_lines
from support.documents import made
from support.office import needs_libreoffice
from support.pages import LEFT, RIGHT, Line, Page, squeezed, text_pages

GROUPS = (
    *("3119件", "3,119件", "100%", "96171.6万元", "12345678件", "0.5亿元", "30余人", "20个"),
    *("31日", "12月", "2021年", "0475-8313213", "〔2021〕30号", "第711号"),
    *("Government", "www.example.gov.cn", "zwgk@example.gov.cn"),
)
"""What must stay whole at the end of a line."""

ROUGH = {"30余人": "30"}
"""Rough numbers, and where a line may end in them if it were ragged otherwise."""

AFTER = "，并且把全部内容及时向社会公布，接受社会公众监督。"
WIDEST_GAP = 1.5
"""Points between two Chinese characters of a line that nobody calls stretched: a tenth of one."""


def report() -> AnnualReport:
    """Every group at every place of a line, and headings of every level at every place of a page."""
    prose = []
    for group in GROUPS:
        for before in range(13, 27):
            prose.append(Paragraph("字" * before + group + AFTER))
    headings = []
    for lines in range(1, 60):
        level = (2, 3, 4)[lines % 3]
        ordinal = {2: "（一）", 3: "1.", 4: "（1）"}[level]
        headings.append(Paragraph(f"{ordinal}小标题", level))
        headings.append(Paragraph("文" * (28 * (lines % 5 + 1))))
    return blank_report(
        EDITIONS["2021"],
        agency=Agency("某某市示范局"),
        year=2025,
        overview=tuple(prose),
        problems=tuple(headings),
    )


DAY = "2022年11月17日"


def dated() -> AnnualReport:
    """The date at every place of a line."""
    paragraphs = [Paragraph("字" * before + DAY + AFTER) for before in range(13, 27)]
    return report().evolve(overview=tuple(paragraphs), problems=())


@pytest.fixture(scope="module")
def printed() -> list[list[Page]]:
    """The pages of both reports, by one start of LibreOffice."""
    found = []
    for pdf in convert([made(report()), made(dated())]):
        assert isinstance(pdf, bytes), pdf
        found.append(text_pages(pdf, slice(None)))
    return found


@pytest.fixture(scope="module")
def pages(printed: list[list[Page]]) -> list[Page]:
    return printed[0]


def body(pages: list[Page]) -> list[Line]:
    """The lines of text, those of headings and tables left out."""
    return [line for page in pages for line in page.text if round(line.chars[0]["size"]) == 16]


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize("group", GROUPS)
def test_a_number_with_its_unit_a_date_and_a_latin_word_stay_on_one_line(
    group: str, pages: list[Page]
) -> None:
    lines = [line.text for line in body(pages)]
    text = "".join(lines)
    assert text.count(f"字{group}，") == 14
    whole = sum(line.count(group) for line in lines)
    if group in ROUGH:
        divided = sum(line.endswith("字" + ROUGH[group]) for line in lines)
        assert whole + divided == text.count(group)
        assert divided <= 2
    else:
        assert whole == text.count(group)
    starts = [line for line in lines if line.startswith(group)]
    assert starts, "it was carried to the next line at least once"


@pytest.mark.libreoffice
@needs_libreoffice
def test_no_line_is_stretched(pages: list[Page]) -> None:
    for line in body(pages):
        gaps = []
        for left, right in pairwise(line.chars):
            if re.fullmatch("[一-鿿]{2}", left["text"] + right["text"]):
                gaps.append(right["x0"] - left["x1"])
        assert max(gaps, default=0) < WIDEST_GAP, line.text


@pytest.mark.libreoffice
@needs_libreoffice
def test_full_lines_of_justified_text_reach_the_edge(pages: list[Page]) -> None:
    full = [line for line in body(pages) if set(line.text) == {"文"} and len(line.text) == 28]
    assert len(full) > 20
    for line in full:
        assert line.left == pytest.approx(LEFT, abs=1)
        assert line.right == pytest.approx(RIGHT, abs=1.5)


@pytest.mark.libreoffice
@needs_libreoffice
def test_no_heading_ends_a_page_and_no_single_line_begins_one(pages: list[Page]) -> None:
    texts = [squeezed(paragraph.text) for paragraph in report().problems]
    for page in pages[:-1]:
        assert "小标题" not in page.text[-1].text, f"a heading ends page {page.number}"
    rest = iter([line.text for page in pages for line in page.text])
    of_page = iter([page.number for page in pages for _ in page.text])
    for text in texts:
        where = []
        found = ""
        while found != text:
            line, number = next(rest), next(of_page)
            found = found + line if text.startswith(found + line) else ""
            where = [*where, number] if found else []
        if len(where) > 1:
            assert where.count(where[-1]) > 1, f"its last line stands alone: {text[:20]}"


def test_word_and_wps_take_the_characters_from_the_settings_of_the_document() -> None:
    with zipfile.ZipFile(io.BytesIO(made(report()))) as archive:
        settings = archive.read("word/settings.xml").decode()
    for character in "0123456789〕第":
        assert re.search(rf'noLineBreaksAfter w:lang="zh-CN" w:val="[^"]*{character}', settings)
    for opening in "（〔《“":
        assert opening in NOT_LAST
    for closing in "，。）〕》”%":
        assert closing in NOT_FIRST


def test_no_character_is_added_to_the_text() -> None:
    with zipfile.ZipFile(io.BytesIO(made(report()))) as archive:
        document = archive.read("word/document.xml").decode()
    assert not re.search("[\u00ad\u2011\u2060\ufeff\u200b]|noBreakHyphen", document)
    assert f"{'字' * 13}31日，" in document


@pytest.mark.parametrize("group", GROUPS)
def test_pieces_are_the_text_and_hold_every_group_whole(group: str) -> None:
    text = f"共有{group}，其余。"
    found = list(pieces(text))
    assert "".join(piece.text for piece in found) == text
    (piece,) = [piece for piece in found if piece.text == group]
    # A long address has to be broken on a telephone.
    assert piece.whole == (len(group) < 18)


@pytest.mark.libreoffice
@needs_libreoffice
def test_every_line_ends_where_it_is_planned(printed: list[list[Page]]) -> None:
    for source, pages in zip((report(), dated()), printed, strict=True):
        heading, *rest = body(pages)
        assert heading.text == "一、总体情况"
        lines = iter(rest)
        for paragraph in source.overview:
            found = [next(lines).text]
            while "".join(found) != paragraph.text:
                found.append(next(lines).text)
            planned = office_lines(paragraph.text)
            if planned.certain:
                ends = [line.end for line in planned.lines]
                assert list(accumulate(map(len, found))) == ends
            else:
                assert planned.ragged


USUAL, CLOSEST, WIDEST = -5, -23, 32
"""Twips."""


@pytest.mark.parametrize("group", GROUPS)
def test_a_line_has_a_spacing_of_its_own_and_the_last_one_the_usual(group: str) -> None:
    for before in range(13, 27):
        *lines, last = office_lines("字" * before + group + AFTER).lines
        is_full = last.end - lines[-1].end > 27
        assert last.spacing == USUAL or is_full
        for line in lines:
            assert CLOSEST <= line.spacing <= WIDEST


def test_only_the_line_is_tightened_on_which_a_number_would_not_fit() -> None:
    text = "（二）依申请公开情况。全市新收政府信息公开申请3119件，" + "字" * 100
    tight, *others = office_lines(text).lines
    assert text[: tight.end].endswith("3119件，")
    assert tight.spacing < USUAL - 10
    for line in others:
        assert abs(line.spacing - USUAL) <= 10


def test_a_line_ends_in_a_rough_number_only_if_it_were_ragged_otherwise() -> None:
    divided = "（一）主动公开情况。市政府网站全年公开政府信息5500余条，新公开市政府规章1件。"
    first, *others = office_lines(divided).lines
    assert divided[: first.end].endswith("5500")
    assert first.is_divided
    assert not any(line.is_divided for line in others)
    fitting = "市政府网站全年公开政府信息5500余条，新公开市政府规章1件。"
    assert not any(line.is_divided for line in office_lines(fitting).lines)


@pytest.mark.parametrize(("character", "may_divide"), [("市", False), ("😀", True)])
def test_a_line_of_a_paragraph_that_cannot_be_divided_ends_in_no_number(
    character: str, may_divide: bool
) -> None:
    """The width of some characters depends on the font."""
    text = f"（一）主动公开情况。市政府网站全年公开政府信息5500余条，新公开{character}政府规章1件。"
    found = office_lines(text, may_divide=may_divide)
    assert found.ragged
    assert not any(line.is_divided for line in found.lines)


def test_a_character_and_a_mark_do_not_make_the_last_line() -> None:
    for length in range(40, 120):
        *_, above, last = office_lines("字" * length + "。").lines
        assert last.end - above.end > 2


@pytest.mark.libreoffice
@needs_libreoffice
def test_most_lines_with_such_groups_reach_the_margin(pages: list[Page]) -> None:
    ends = []
    for line, below in pairwise(body(pages)):
        is_last_of_paragraph = below.left > LEFT + 10
        if line.text.startswith("字") and not is_last_of_paragraph:
            ends.append((RIGHT - line.right) / 16)
    assert len(ends) > 200
    assert sum(end < 0.75 for end in ends) > 0.6 * len(ends)


MOST_RAGGED = {
    "0475-8313213": 5,
    "〔2021〕30号": 4,
    "zwgk@example.gov.cn": 8,
    "5500余条": 2,
    "3119件": 1,
}
"""Groups that leave a gap of more than two characters at the end of a line, if they are carried, and fewer
places on a line than which are set ragged."""


def fits(group: str) -> Counter[str]:
    """The settings of a paragraph with ``group`` at every place of its first line."""
    found = Counter[str]()
    for before in range(27):
        (line,) = printed_lines(Paragraph("字" * before + group + "字"))
        found[line.spacing or ("ragged" if line.ragged else "usual")] += 1
    return found


@pytest.mark.parametrize("group", MOST_RAGGED)
def test_a_long_group_is_brought_up_by_a_closer_spacing_or_the_lines_are_not_justified(
    group: str,
) -> None:
    found = fits(group)
    assert found["紧"] + found["更紧"] >= 1
    # A long group far from the end of its line fits with no spacing.
    assert found["ragged"] < MOST_RAGGED[group]
    assert found["usual"] > 15


def test_the_spacing_is_that_of_the_lines_it_makes() -> None:
    text = "全市各部门通过门户网站主动公开各类政府信息35件，编印市政府公报6期。"
    assert fit(text) == Fit(NORMAL, ragged=False)
    carried = "市政府各部门通过门户网站全年主动公开政府信息5500余条，编印市政府公报6期。"
    assert fit(carried) == Fit(TIGHTER, ragged=True)
    no_spacing_helps = "字" * 23 + "zwgk@example.gov.cn" + "字" * 30
    assert fit(no_spacing_helps) == Fit(NORMAL, ragged=True)
    assert office_lines(no_spacing_helps).ragged
    assert not office_lines("a").ragged
    assert not office_lines("").lines
    assert not office_lines("联系zwgk@example.gov.cn").ragged


def test_of_two_spacings_with_the_same_room_the_wider_one_is_taken() -> None:
    text = (
        "本机关部分工作涉及国家秘密，微信公众号推送170期、366条，按季度专项检查政务新媒体。二是建立以老带新机制，"
        "对自治区、通辽市网站管理部门每月抽查反馈的问题逐项整改，全市在运行的政务新媒体95个。"
        "在办公室设立受理点，明确委办公室承担日常工作，定期组织业务培训。"
    )
    assert fit(text) == Fit(TIGHT, ragged=False)


@pytest.mark.parametrize(
    "text",
    ["全年收到申请3119件。", "于2024年公开，占100%。", "于2024年1月公布。", "字" * 50],
)
def test_short_groups_never_stretch_a_line(text: str) -> None:
    no_spacing_helps = {18} if "3119件。" in text else set()
    for before in range(28):
        (line,) = printed_lines(Paragraph("字" * before + text))
        assert line.spacing or not line.ragged or before in no_spacing_helps


@pytest.mark.libreoffice
@needs_libreoffice
def test_a_date_breaks_after_its_year_and_its_month(printed: list[list[Page]]) -> None:
    ends = set()
    for line in body(printed[1]):
        for cut in range(1, len(DAY)):
            if line.text.endswith("字" + DAY[:cut]):
                ends.add(DAY[:cut])
    assert ends == {"2022年", "2022年11月"}


@pytest.mark.parametrize(
    ("text", "level", "lead"),
    [
        ("（一）主动公开情况。", 2, "（一）主动公开情况。"),
        ("（一）主动公开情况。全年公开。", 2, "（一）主动公开情况。"),
        ("1.解读方面", 3, "1.解读方面"),
        ("1.解读方面。形式单一。", 3, "1.解读方面。"),
        ("1.加强培训，提高能力。", 3, ""),
        ("（1）公开不够及时；", 4, ""),
        ("（1）形式单一", 4, "（1）形式单一"),
        (f"（一）{'长' * 40}。", 2, ""),
    ],
)
def test_a_sentence_with_a_number_is_no_heading(text: str, level: int, lead: str) -> None:
    (line,) = printed_lines(Paragraph(text, level))
    assert line.lead == lead
    assert line.lead + line.text == text
