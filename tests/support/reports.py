"""Reports for tests: consistent ones from a seed, arbitrary ones from hypothesis, and edits of workbooks."""

from __future__ import annotations

import io
import pickle
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.dimensions import DimensionHolder

from govdisclose import (
    EDITIONS,
    Agency,
    AnnualReport,
    Finding,
    Paragraph,
    blank_report,
    check_report,
    outline,
)
from govdisclose.finding import Place
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind, Value
from govdisclose.form.reading import Reading
from govdisclose.read.tables.numbers import read_number
from govdisclose.write.workbook import workbook_bytes

EDITION_2021, EDITION_2019 = EDITIONS["2021"], EDITIONS["2019"]
YEAR = {"2021": 2024, "2019": 2020}
ASPECTS = "依申请公开依法办理，政府信息管理有序，公开平台运行正常，监督保障有力。"


def settle(edition: Edition, values: dict[str, Value]) -> dict[str, Value]:
    """Make every sum and balance of ``values`` hold, by setting totals and 本年新收."""
    form = outline(edition)
    rows = [r for r in form.sums if r.name in ("applicants", "disputes")]
    columns = [r for r in form.sums if r.name == "outcomes"]
    for relation in rows + columns:
        values[relation.right[0]] = _sum(values, relation.left)
    for balance in form.balances:
        received, carried_in = balance.left
        short = _sum(values, balance.right) - _sum(values, (carried_in,))
        values[received] = max(short, 0)
        values[balance.right[-1]] = _sum(values, (balance.right[-1],)) + max(-short, 0)
    for relation in rows:
        values[relation.right[0]] = _sum(values, relation.left)
    return values


def _sum(values: dict[str, Value], paths: tuple[str, ...]) -> int:
    return int(sum(values[p] or 0 for p in paths))


def consistent_values(edition: Edition, seed: int) -> dict[str, Value]:
    """Values of a report in which every relation holds; many zeros, as in real ones."""
    rng = random.Random(seed)
    values: dict[str, Value] = {}
    for path, cell in outline(edition).cells.items():
        number = rng.choice([0, 0, rng.randint(1, 60)])
        values[path] = Decimal(number) / 8 if cell.kind is Kind.MONEY else number
    return settle(edition, values)


def consistent_report(edition: Edition = EDITION_2021, seed: int = 1) -> AnnualReport:
    """A whole report without findings."""
    year = YEAR[edition.name]
    return blank_report(
        edition,
        agency=Agency("某某市示范局", "11420100000000001X", "agency"),
        year=year,
        published=date(year + 1, 1, 20),
        title=f"某某市示范局{year}年政府信息公开工作年度报告",
        preface=(Paragraph("本报告依照规定编制。"),),
        overview=(Paragraph("（一）主动公开情况。全年按时公开。", 2), Paragraph(ASPECTS)),
        problems=(Paragraph("解读形式不够多样，将逐步改进。"),),
        other_matters=(Paragraph("本年没有收取信息处理费。"),),
    ).with_values(consistent_values(edition, seed))


def sum_formulas(edition: Edition) -> dict[str, tuple[str, ...]]:
    """The totals of a workbook of ours, all of which are formulas: total → the cells it adds."""
    sums: dict[str, tuple[str, ...]] = {}
    for relation in outline(edition).sums:
        sums.setdefault(relation.right[0], relation.left)  # the total of totals adds its row
    return sums


@cache
def _order_of_sums(edition: Edition) -> tuple[str, ...]:
    """The totals, each after those that it adds."""
    formulas = sum_formulas(edition)
    order = TopologicalSorter(formulas).static_order()
    return tuple(path for path in order if path in formulas)


def calculated(report: AnnualReport, **cells: str) -> Reading:
    """The reading of a workbook whose totals are formulas, as Excel calculates them.

    ``cells`` are texts typed into some cells (``__`` stands for a dot): ``SUM`` leaves them out.
    """
    texts = {path.replace("__", "."): text for path, text in cells.items()}
    form = outline(report.edition)
    formulas = sum_formulas(report.edition)
    values = {**report.values(), **dict.fromkeys(texts)}
    for total in _order_of_sums(report.edition):
        values[total] = _sum(values, formulas[total])
    findings: list[Finding] = []
    for path, text in texts.items():
        cell = form.cells[path]
        values[path], problem = read_number(text, cell.kind)
        if problem is not None:
            findings.append(problem.finding(cell.label, Place(), path))
    unread = frozenset(path for path in texts if values[path] is None)
    return Reading(
        report.with_values(values),
        findings=tuple(findings),
        unread=unread,
        formulas=lambda: formulas,
    )


# --- arbitrary reports --------------------------------------------------------------------------

_PLAIN_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Cn", "Co", "Zl", "Zp")),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip() and text == text.strip())
_LINES = st.lists(_PLAIN_TEXT, min_size=1, max_size=3).map("\n".join)
_PROSE = st.lists(st.builds(Paragraph, _LINES, st.sampled_from([0, 2, 3, 4])), max_size=4).map(
    tuple
)
_NAMES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=20)
_NUMBERS = {
    Kind.COUNT: st.none() | st.integers(0, 10**8),
    Kind.CHANGE: st.none() | st.integers(-(10**6), 10**6),
    Kind.MONEY: st.none() | st.decimals(0, 10**6, places=4, allow_nan=False),
}


def _any_figure(rng: random.Random, kind: Kind) -> Value:
    """A figure or a blank; small figures and zeros are as frequent as in real reports."""
    if rng.random() < 0.25:
        return None
    number = rng.choice([0, rng.randint(1, 60), rng.randint(1, 10**8)])
    if kind is Kind.CHANGE:
        return rng.choice([-1, 1]) * (number % 10**6)
    if kind is Kind.MONEY:
        return Decimal(number % 10**6) + Decimal(rng.randrange(10**4)) / 10**4
    return number


def _drawn_values(draw: st.DrawFn, edition: Edition) -> dict[str, Value]:
    """Values of all cells from one seed, and a few that are drawn one by one.

    Drawing each of them takes longer than most tests that use the report.
    """
    cells = outline(edition).cells
    seed = draw(st.integers(0, 10**6))
    rng = random.Random(seed)
    values: dict[str, Value] = dict.fromkeys(cells, 0)
    if seed > 0:
        values = {path: _any_figure(rng, cell.kind) for path, cell in cells.items()}
    for path in draw(st.lists(st.sampled_from(list(cells)), max_size=6)):
        values[path] = draw(_NUMBERS[cells[path].kind])
    return values


@st.composite
def reports(draw: st.DrawFn) -> AnnualReport:
    """Any report of either edition, consistent or not, with blanks anywhere."""
    edition = draw(st.sampled_from(list(EDITIONS.values())))
    values = _drawn_values(draw, edition)
    year = draw(st.integers(edition.first_year, edition.last_year or 2030))
    return blank_report(
        edition,
        agency=Agency(
            draw(_NAMES),
            draw(st.none() | st.from_regex(r"\A[0-9A-Z]{18}\Z")),
            draw(st.sampled_from(["agency", "government"])),
        ),
        year=year,
        published=draw(st.none() | st.dates(date(year, 1, 1), date(year + 1, 12, 31))),
        title=draw(_PLAIN_TEXT),
        preface=draw(_PROSE),
        overview=draw(_PROSE),
        problems=draw(_PROSE),
        other_matters=draw(_PROSE),
    ).with_values(values)


# --- workbooks that somebody has changed --------------------------------------------------------


def write_book(
    folder: Path, report: AnnualReport, edit: Callable[[Workbook], Any] | None = None
) -> Path:
    """The standardized workbook of ``report``; with ``edit``, as it is after a change and a save by openpyxl."""
    path = folder / "book.xlsx"
    data = written(report)
    if edit is None:
        path.write_bytes(data)
    else:
        book = opened(data)
        edit(book)
        book.save(path)
    return path


def opened(data: bytes) -> Workbook:
    """A workbook as openpyxl opens it, to be changed: a copy of one that is opened once."""
    book: Workbook = pickle.loads(_opened(data))
    for sheet in book.worksheets:
        # Private: openpyxl has no public function that makes the size of a further row or column.
        sheet.row_dimensions = _dimensions(sheet, sheet.row_dimensions, sheet._add_row)
        sheet.column_dimensions = _dimensions(sheet, sheet.column_dimensions, sheet._add_column)
    return book


@lru_cache(64)
def _opened(data: bytes) -> bytes:
    """Opening a workbook takes twenty times as long as this copy of what openpyxl makes of it."""
    return pickle.dumps(load_workbook(io.BytesIO(data)))


def _dimensions(sheet: Any, known: dict[Any, Any], make: Callable[[], Any]) -> DimensionHolder:
    """The sizes of rows or columns: the copy has forgotten how those of others are made."""
    holder = DimensionHolder(sheet, default_factory=make)
    holder.update(known)
    return holder


@lru_cache(64)
def written(report: AnnualReport) -> bytes:
    """The workbook of a report, made once for the many tests that read or change it."""
    return workbook_bytes(report)


def codes(findings: list[Finding], *families: str) -> list[str]:
    """The codes of ``findings``, of some families only if named, sorted."""
    return sorted(f.code for f in findings if not families or f.code.startswith(families))


def check_edited(
    folder: Path, report: AnnualReport, edit: Callable[[Workbook], Any]
) -> list[Finding]:
    """The findings of an edited workbook, without the note that a script has left totals uncalculated."""
    return [f for f in check_report(write_book(folder, report, edit)) if f.code != "V113"]
