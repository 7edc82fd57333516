"""However a report is published, the same report is read; what cannot be told for certain is a finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclose import AnnualReport, Paragraph, Reading
from govdisclose.errors import InputError
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.text.decoding import MAX_BYTES
from govdisclose.read.published.text.reader import read_text
from govdisclose.read.published.word.reader import read_docx
from support.published import CELLS, DISPUTES, HEADINGS, LABELS, RENDERERS, Style
from support.reports import EDITION_2019, EDITION_2021, codes, consistent_report

LONG = (
    "围绕年度重点工作，逐条核对公开内容、时限和载体，做到应公开尽公开，让群众看得到、看得懂、用得上，"
    * 3
    + "效果良好。"
)


def import_as(kind: str, data: bytes) -> Reading:
    read = {"html": read_html, "docx": read_docx}.get(kind, read_text)
    source = read(data, f"r.{kind}")
    return read_published(source, Path(f"r.{kind}"))


def report_of(edition: str, seed: int) -> AnnualReport:
    report = consistent_report({"2019": EDITION_2019, "2021": EDITION_2021}[edition], seed)
    prose = (Paragraph("（一）主要问题。" + LONG, 2), Paragraph(LONG), Paragraph("1.短句。", 3))
    return report.evolve(problems=prose, preface=(Paragraph(LONG),))


def unlike(reading: Reading, report: AnnualReport) -> dict[str, tuple[object, object]]:
    read, stated = reading.report.values(), report.values()
    return {
        path: (read.get(path), value) for path, value in stated.items() if read.get(path) != value
    }


styles = st.builds(
    Style,
    tables=st.sampled_from(["merged", "filled", "bare"]),
    split=st.booleans(),
    headings=st.sampled_from(list(HEADINGS)),
    labels=st.sampled_from(list(LABELS)),
    cells=st.sampled_from(list(CELLS)),
    framed=st.booleans(),
    disputes=st.sampled_from(["together", *DISPUTES]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
flowing = st.builds(
    Style,
    headings=st.sampled_from(list(HEADINGS)),
    labels=st.sampled_from(list(LABELS)),
    disputes=st.sampled_from(["together", *DISPUTES]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
piped = st.builds(
    Style,
    tables=st.sampled_from(["merged", "filled", "bare"]),
    split=st.booleans(),
    headings=st.sampled_from(list(HEADINGS)),
    labels=st.sampled_from(list(LABELS)),
    ragged=st.booleans(),
    disputes=st.sampled_from(["together", *DISPUTES]),
)
editions, seeds = st.sampled_from(["2019", "2021"]), st.integers(1, 30)


def same(kind: str, edition: str, seed: int, style: Style) -> None:
    report = report_of(edition, seed)
    reading = import_as(kind, RENDERERS[kind](report, style))
    assert unlike(reading, report) == {}
    assert [f.message for f in reading.findings if f.severity.value == "error"] == []
    assert reading.report.edition == report.edition
    assert (reading.report.title, reading.report.year) == (report.title, report.year)
    for key in ("preface", "overview", "problems", "other_matters"):
        assert getattr(reading.report, key) == getattr(report, key), key


@pytest.mark.slow
@given(editions, seeds, styles)
@settings(max_examples=20)
def test_every_web_page_gives_the_same_report(edition: str, seed: int, style: Style) -> None:
    same("html", edition, seed, style)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["txt", "md", "rows.txt", "pages.txt"])
@given(edition=editions, seed=seeds, style=flowing)
@settings(max_examples=15)
def test_every_text_gives_the_same_report(kind: str, edition: str, seed: int, style: Style) -> None:
    same(kind, edition, seed, style)


@pytest.mark.slow
@given(editions, seeds, piped)
@settings(max_examples=25)
def test_every_table_between_pipes_gives_the_same_report(
    edition: str, seed: int, style: Style
) -> None:
    same("md", edition, seed, style)


@pytest.mark.slow
@pytest.mark.parametrize("disputes", DISPUTES)
def test_table_four_in_parts_is_read_from_a_word_file(disputes: str) -> None:
    same("docx", "2021", 3, Style(disputes=disputes))


@pytest.mark.parametrize("kind", ["txt", "rows.txt", "pages.txt"])
@pytest.mark.parametrize("disputes", DISPUTES)
def test_table_four_in_parts_is_read_from_a_text(disputes: str, kind: str) -> None:
    same(kind, "2021", 3, Style(disputes=disputes))


@pytest.mark.parametrize("kind", ["html", "rows.txt"])
@pytest.mark.parametrize("disputes", DISPUTES)
def test_parts_of_table_four_that_contradict_each_other_are_not_joined(
    disputes: str, kind: str
) -> None:
    text = RENDERERS[kind](GOOD, Style(disputes=disputes)).decode()
    reading = import_as(kind, text.replace("复议后起诉", "未经复议直接起诉").encode())
    told = [finding for finding in reading.findings if finding.stops]
    read = {path for path, value in reading.report.values().items() if value is not None}
    if disputes == "tables in the printed order":
        return
    assert told
    assert not {path for path in read if path.startswith("disputes.litigation.after_review")}


# --- text that cannot be read for certain ---------------------------------------------------------

GOOD = report_of("2021", 4)
ROWS = RENDERERS["rows.txt"](GOOD, Style()).decode()
ROW = "（七）总计 " + " ".join(
    str(v) for p, v in GOOD.values().items() if p.startswith("requests.outcomes.total.")
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (ROW, ROW.rsplit(" ", 1)[0], "应有 7 个数，实有 6 个"),
        (ROW, ROW[:-1] + " " + ROW[-1], "应有 7 个数，实有 8 个"),
        (ROW, ROW.replace("（七）总计", "（七）小计"), "“（七）小计”不是法定表格的行"),
    ],
    ids=["a blank cell", "a number in two", "an unknown name"],
)
def test_a_row_that_is_not_certain_is_left_blank_and_named_with_its_line(
    old: str, new: str, said: str
) -> None:
    assert old in ROWS
    text = ROWS.replace(old, new)
    line = next(
        i
        for i, line in enumerate(text.split("\n"), 1)
        if line.endswith(new.split()[-1]) and new in line
    )
    reading = import_as("txt", text.encode())
    missing = unlike(reading, GOOD)
    assert set(missing) == {p for p in GOOD.values() if p.startswith("requests.outcomes.total.")}
    assert {read for read, _ in missing.values()} == {None}
    found = [f for f in reading.findings if f.code == "I115"]
    assert [f.place.cell for f in found] == [f"第{line}行"]
    assert said in found[0].message
    assert found[0].stops


@pytest.mark.parametrize("wrong", ["22（其中修订16件）", "251件", "/", "—", "12O"])
def test_a_value_that_is_no_number_is_kept_apart_and_said(wrong: str) -> None:
    line = next(line for line in ROWS.split("\n") if line.startswith("行政许可"))
    reading = import_as("txt", ROWS.replace(line, f"行政许可 {wrong}").encode())
    path = "proactive.licences.decisions"
    assert unlike(reading, GOOD).keys() <= {path}
    assert reading.report.values()[path] is None
    assert codes(list(reading.findings), "V", "I115", "S103")


def test_numbers_that_follow_a_row_without_a_name_are_a_finding() -> None:
    reading = import_as("txt", ROWS.replace(ROW, f"{ROW}\n5 6 7").encode())
    assert [f.code for f in reading.findings if f.stops] == ["I115"]


def test_a_pipe_row_of_another_width_is_not_moved_into_place() -> None:
    table = RENDERERS["md"](GOOD, Style()).decode()
    row = next(line for line in table.split("\n") if "（一）予以公开" in line)
    reading = import_as("md", table.replace(row, row[: row.rindex("|", 0, -2)] + row[-1]).encode())
    assert {read for read, _ in unlike(reading, GOOD).values()} == {None}
    assert {p.rpartition(".")[0] for p in unlike(reading, GOOD)} == {"requests.outcomes.granted"}
    assert "I115" in codes(list(reading.findings))


def test_an_extra_column_makes_no_other_column_of_it() -> None:
    text = ROWS.replace("法律服务机构 其他", "法律服务机构 法人小计 其他")
    reading = import_as("txt", text.encode())
    assert not any(
        v is not None for p, v in reading.report.values().items() if p.startswith("requests.")
    )
    assert "S101" in codes(list(reading.findings))


def test_columns_in_another_order_are_not_taken_for_the_statutory_ones() -> None:
    text = ROWS.replace("商业企业 科研机构", "科研机构 商业企业")
    reading = import_as("txt", text.encode())
    assert not any(
        v is not None for p, v in reading.report.values().items() if p.startswith("requests.")
    )


def test_a_cell_of_a_text_is_named_by_its_line() -> None:
    lines = RENDERERS["txt"](GOOD, Style()).decode().split("\n")
    reading = import_as("txt", "\n".join(lines).encode())
    place = reading.place("disputes.litigation.after_review.total")
    last = GOOD.disputes.litigation.after_review.total
    assert place.cell is not None
    assert lines[int(place.cell[1:-1]) - 1].strip() == str(last)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x00\x01\x02" * 99, "不是文本文件"),
        (b"\xff\xff\xff\x80\x81", "编码不是"),
        (b"a" * (MAX_BYTES + 1), "超过 5 MB"),
    ],
    ids=["binary", "no known encoding", "too large"],
)
def test_what_is_no_text_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_text(data, "r.txt")


def test_prose_about_applications_is_not_taken_for_a_table() -> None:
    text = "总计 收到申请 12\n其他 3\n一、总体情况\n自然人申请 5 件，总计 5 件。\n"
    assert read_text(text.encode(), "r.txt").grids == ()


def test_numbers_alone_on_a_line_are_page_numbers_only_in_sequence() -> None:
    pages = "第一段。\n\n-1-\n\f第二段。\n\n-2-\n"
    assert [line.text for line in read_text(pages.encode(), "r.txt").lines] == [
        "第一段。",
        "第二段。",
    ]
    odd = pages.replace("-2-", "-7-")
    assert "-7-" in [line.text for line in read_text(odd.encode(), "r.txt").lines]
