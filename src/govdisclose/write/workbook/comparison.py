"""A comparison as a workbook: a sheet for each statutory table, the prose, what does not fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from govdisclose.form.comparison import Change, Comparison, Entry, Figure, Step
from govdisclose.form.fields import Kind
from govdisclose.form.report import SECTIONS
from govdisclose.write.comparison.display import (
    APART_WORDS,
    LEGEND,
    UNITS,
    percent_text,
    similarity_text,
    step_headers,
    tables,
)
from govdisclose.write.workbook.layout import TOP_ROW
from govdisclose.write.workbook.pages import open_page
from govdisclose.write.workbook.writer import CREATED, Book, Page

SUMMARY_SHEET, APART_SHEET, PROSE_SHEET, FINDINGS_SHEET = "概况", "格式不同的格", "文字", "跨年衔接"

_GROWTH = {Kind.COUNT: "whole growth", Kind.CHANGE: "whole growth", Kind.MONEY: "growth"}
_SHEETS = {section.heading: section.sheet for section in SECTIONS}


def comparison_workbook(comparison: Comparison) -> bytes:
    """The workbook (.xlsx). Raises ``OutputError`` for text or numbers that a cell cannot hold unchanged."""
    import xlsxwriter

    stream = BytesIO()
    book = Book(xlsxwriter.Workbook(stream, {"in_memory": True}))
    book.file.set_properties({"title": comparison.title, "created": CREATED})
    _summary(book, comparison)
    for group in tables(comparison.figures):
        hint = f"{len(group.changed)} 格有变化（有底色），{len(group.figures) - len(group.changed)} 格没有变化。{LEGEND}"
        _figures(book, _SHEETS[group.heading], group.heading, hint, group.figures, comparison)
    if comparison.apart:
        hint = f"{APART_WORDS}。{LEGEND}"
        _figures(book, APART_SHEET, APART_SHEET, hint, comparison.apart, comparison)
    _prose(book, comparison)
    _findings(book, comparison)
    book.file.close()
    return stream.getvalue()


def _rows(page: Page, lines: Sequence[tuple[str, ...]], high: int) -> None:
    """Lines of text below the header; the text of column ``high`` decides how high a row is."""
    for row, line in enumerate(lines, TOP_ROW + 1):
        page.height(row, max(line[high:], key=len), high)
        for column, text in enumerate(line):
            page.text(row, column, text, "plain", "top")


def _summary(book: Book, comparison: Comparison) -> None:
    page = book.page(SUMMARY_SHEET, (14, 76))
    open_page(page, comparison.title, "各表、文字和跨年衔接各在一页。", ("项目", "内容"))
    lines = [
        (
            f"{r.year} 年度",
            "，".join(
                filter(None, (r.agency.name, r.agency.code, f"{r.edition.name} 版格式", r.source))
            ),
        )
        for r in comparison.reports
    ]
    lines += [("注意", notice) for notice in comparison.notices]
    lines += [
        (_SHEETS[g.heading], f"{len(g.changed)} 格有变化，共 {len(g.figures)} 格")
        for g in tables(comparison.figures)
    ]
    for step in comparison.steps:
        lines += [
            (PROSE_SHEET, f"{step.new} 年度“{p.heading}”：{similarity_text(p)}")
            for p in step.prose
            if p.letters
        ]
        lines.append((FINDINGS_SHEET, f"{step.new} 年度与 {step.old} 年度：{_count(step)}"))
    _rows(page, lines, 1)


def _count(step: Step) -> str:
    if step.new != step.old + 1:
        return "不是相邻的年度，没有核对"
    return f"{len(step.findings)} 条" if step.findings else "没有发现问题"


# --- figures ------------------------------------------------------------------------------------


def _figures(
    book: Book,
    sheet: str,
    heading: str,
    hint: str,
    figures: Sequence[Figure],
    comparison: Comparison,
) -> None:
    changes = [word for pair in step_headers(comparison) for word in pair]
    header = ("项目", "栏目", "单位", *(f"{year}年" for year in comparison.years), *changes)
    page = book.page(sheet, (46, 29, 7, *[13] * (len(header) - 3)), landscape=len(header) > 7)
    open_page(page, heading, hint, header)
    for row, figure in enumerate(figures, TOP_ROW + 1):
        _figure(page, row, figure)
    page.sheet.freeze_panes(TOP_ROW + 1, 2)
    page.sheet.autofilter(TOP_ROW, 0, TOP_ROW + len(figures), len(header) - 1)


def _figure(page: Page, row: int, figure: Figure) -> None:
    tint = ("changed",) if figure.changed else ()
    page.height(row, figure.item, 0)
    for column, text in enumerate((figure.item, figure.cell.column[-1], UNITS[figure.cell.kind])):
        page.text(row, column, text, "plain", *tint)
    cells = [*(_shown(entry) for entry in figure.entries), *_changes(figure)]
    for column, (value, *look) in enumerate(cells, 3):
        page.value(row, column, value, "figure", *look, *tint)


def _shown(entry: Entry) -> tuple[Any, ...]:
    return (entry.state.label or entry.value,)


def _changes(figure: Figure) -> Iterator[tuple[Any, ...]]:
    for change in figure.changes:
        yield (change.amount, _GROWTH[figure.cell.kind])
        yield (_rate(change), "rate")


def _rate(change: Change) -> Any:
    """A rate as Excel counts it, or the words that say why there is none."""
    return percent_text(change) if change.percent is None else change.percent / 100


# --- prose and findings -------------------------------------------------------------------------


def _prose(book: Book, comparison: Comparison) -> None:
    page = book.page(PROSE_SHEET, (10, 24, 9, 54, 54), landscape=True)
    hint = "两年都有的文字，各部分中长的在前；只比字，数字和标点可以不同。相同不等于有错，请看是否照抄上年。"
    open_page(page, PROSE_SHEET, hint, ("年度", "部分", "字数", "上期", "本期"))
    lines = [
        (str(step.new), prose.heading, str(passage.length), passage.old, passage.new)
        for step in comparison.steps
        for prose in step.prose
        for passage in prose.passages
    ]
    _rows(page, lines or [("", "没有相同的文字", "", "", "")], 3)


def _findings(book: Book, comparison: Comparison) -> None:
    page = book.page(FINDINGS_SHEET, (10, 9, 8, 70, 54), landscape=True)
    open_page(
        page,
        FINDINGS_SHEET,
        "本期报告与上期报告能否衔接。",
        ("年度", "代码", "级别", "问题", "怎么改"),
    )
    lines = [
        (str(step.new), finding.code, finding.severity.label, finding.message, finding.hint or "")
        for step in comparison.steps
        for finding in step.findings
    ]
    _rows(page, lines or [(str(s.new), "", "", _count(s), "") for s in comparison.steps], 3)
