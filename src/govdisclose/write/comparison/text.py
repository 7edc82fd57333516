"""A comparison for the terminal: changed figures, unchanged prose, findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from govdisclose.finding import count_findings
from govdisclose.form.comparison import Comparison, Figure, ProseChange, Step
from govdisclose.form.units_compared import NotAdded, Presence, UnitsCompared
from govdisclose.write.aligned import aligned
from govdisclose.write.comparison.display import (
    APART_WORDS,
    LEGEND,
    FigureTable,
    amount_text,
    entry_text,
    percent_text,
    similarity_text,
    step_headers,
    tables,
)
from govdisclose.write.comparison.unit_rows import entry_words, figures_of, presence_label

_LONG_LABEL = 24
_LONG_PASSAGE = 60
"""Characters that are shown of a label and of a passage."""
_MOST_PASSAGES = 3
_MOST_UNITS = 20
"""How many units that are only in one year are named, and how many reports that do not count."""


def as_text(comparison: Comparison) -> str:
    """The comparison as lines for people; figures that have not changed are counted, not listed."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    yield comparison.title
    for notice in comparison.notices:
        yield f"注意：{notice}。"
    if comparison.units is not None:
        yield from _units(comparison.units)
    for table in tables(comparison.figures):
        yield from _table(table, comparison)
    yield from ("", LEGEND)
    if comparison.apart:
        yield from ("", f"【格式不同的格】{APART_WORDS}，共 {len(comparison.apart)} 格：")
        yield from _figures(comparison.apart, comparison)
    for step in comparison.steps:
        yield from _step(step)


# --- units of two folders ---------------------------------------------------------------------


def _units(units: UnitsCompared) -> Iterator[str]:
    yield from ("", f"【单位】{units.face}")
    for presence in (Presence.OLD, Presence.NEW):
        found = units.of(presence)
        for unit in found[:_MOST_UNITS]:
            remark = f"：{unit.remark}" if unit.remark else ""
            yield f"  {presence_label(unit, units)}：{unit.name}{remark}"
        if len(found) > _MOST_UNITS:
            yield f"  另有 {len(found) - _MOST_UNITS} 家，输出到 .html 或 .xlsx 可看全部"
    if units.counties:
        yield from ("", "【县区（上级）】")
        for line in aligned(_county_rows(units), "lrrrrrr"):
            yield f"  {line}"
    yield from _files("没有计入", "份", units.reports_left_out)
    yield from _files("没有看的文件", "个", units.files_not_read)


def _files(heading: str, measure: str, files: Sequence[NotAdded]) -> Iterator[str]:
    """A list of files with the reasons; nothing if it is empty."""
    if not files:
        return
    yield from ("", f"【{heading}】{len(files)} {measure}")
    for file in files[:_MOST_UNITS]:
        yield f"  {file.said}"
    if len(files) > _MOST_UNITS:
        yield f"  另有 {len(files) - _MOST_UNITS} {measure}，输出到 .html 或 .xlsx 可看全部"


def _county_rows(units: UnitsCompared) -> list[list[str]]:
    """Each county: reports and requests received in both years."""
    old, new = units.old_year, units.new_year
    rows = [["名称", f"{old} 份数", f"{new} 份数", f"{old} 新收", f"{new} 新收", "变化", "变化率"]]
    for county in units.counties:
        received = next(figures_of(county))
        rows.append(
            [
                county.name,
                str(county.old_reports),
                str(county.new_reports),
                entry_words(received.old),
                entry_words(received.new),
                amount_text(received.change),
                percent_text(received.change),
            ]
        )
    return rows


# --- figures ------------------------------------------------------------------------------------


def _table(table: FigureTable, comparison: Comparison) -> Iterator[str]:
    same = len(table.figures) - len(table.changed)
    yield ""
    yield f"【{table.heading}】{len(table.changed)} 格有变化，{same} 格没有变化"
    if table.changed:
        yield from _figures(table.changed, comparison)


def _figures(figures: Iterable[Figure], comparison: Comparison) -> Iterator[str]:
    years = [f"{year}年" for year in comparison.years]
    changes = chain.from_iterable(step_headers(comparison))
    header = ["项目", "栏目", *years, *changes]
    rows = [header, *map(_row, figures)]
    sides = "ll" + "r" * (len(header) - 2)
    for line in aligned(rows, sides):
        yield f"  {line}"


def _row(figure: Figure) -> list[str]:
    row = [_short(figure.item), _short(figure.cell.column[-1])]
    for entry in figure.entries:
        row.append(entry_text(entry, figure.cell.kind))
    for change in figure.changes:
        row += (amount_text(change), percent_text(change))
    return row


def _short(label: str, most: int = _LONG_LABEL) -> str:
    if len(label) <= most:
        return label
    return f"{label[: most - 1]}…"


# --- from year to year --------------------------------------------------------------------------


def _step(step: Step) -> Iterator[str]:
    yield from ("", f"【文字】{step.new} 年度比 {step.old} 年度")
    for prose in step.prose:
        if prose.letters or prose.old_letters:
            yield from _prose(prose, step)
    if step.new != step.old + 1:
        return
    count = count_findings(step.findings) or "没有发现问题"
    yield from ("", f"【跨年衔接】{step.new} 年度与 {step.old} 年度：{count}")
    for finding in step.findings:
        yield f"  {finding.severity.label} {finding.code} {finding.message}"


def _prose(prose: ProseChange, step: Step) -> Iterator[str]:
    yield f"  {prose.heading}：{similarity_text(prose)}"
    for passage in prose.passages[:_MOST_PASSAGES]:
        yield f"    相同的一段（{passage.length} 字）"
        yield f"      {step.old}：{_flat(passage.old)}"
        yield f"      {step.new}：{_flat(passage.new)}"
    more = len(prose.passages) - _MOST_PASSAGES
    if more > 0:
        yield f"    另有 {more} 段相同，输出到 .html 或 .xlsx 可看全部"


def _flat(text: str) -> str:
    return _short(" ".join(text.split()), _LONG_PASSAGE)
