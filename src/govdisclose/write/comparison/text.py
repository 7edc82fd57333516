"""A comparison for the terminal: changed figures, unchanged prose, findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from govdisclose.finding import count_findings
from govdisclose.form.comparison import Comparison, Figure, ProseChange, Step
from govdisclose.form.files_left import under_headings
from govdisclose.form.units_compared import NotAdded, Presence, UnitsCompared, UnitYears
from govdisclose.write.aligned import aligned
from govdisclose.write.comparison.display import (
    APART_WORDS,
    LEGEND,
    FigureTable,
    amount_text,
    entry_text,
    figure_headers,
    percent_text,
    similarity_text,
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
    yield ""
    yield LEGEND
    if comparison.apart:
        count = len(comparison.apart)
        yield ""
        yield f"【格式不同的格】{APART_WORDS}，共 {count} 格："
        yield from _figures(comparison.apart, comparison)
    for step in comparison.steps:
        if comparison.units is None:  # of two folders only figures are compared
            yield from _texts(step)
        yield from _findings(step)


# --- units of two folders ---------------------------------------------------------------------


def _units(units: UnitsCompared) -> Iterator[str]:
    yield ""
    yield f"【单位】{units.face}"
    for presence in (Presence.OLD, Presence.NEW):
        yield from _in_one_year(presence, units)
    if units.counties:
        rows = [_county_header(units), *map(_county_row, units.counties)]
        yield ""
        yield "【县区（上级）】"
        yield from _indented(aligned(rows, "lrrrrrr"))
    yield from _files("没有计入", "份", units.reports_left_out)
    for heading, files in under_headings(units.files_not_read):
        yield from _files(heading, "个", files)


def _files(heading: str, measure: str, files: Sequence[NotAdded]) -> Iterator[str]:
    """A list of files with the reasons; nothing if it is empty."""
    if not files:
        return
    count = len(files)
    yield ""
    yield f"【{heading}】{count} {measure}"
    for file in files[:_MOST_UNITS]:
        yield f"  {file.said}"
    more = count - _MOST_UNITS
    if more > 0:
        yield f"  另有 {more} {measure}，输出到 .html 或 .xlsx 可看全部"


def _in_one_year(presence: Presence, units: UnitsCompared) -> Iterator[str]:
    """The units that are only in one of the years; of many the first, and how many more."""
    found = units.of(presence)
    for unit in found[:_MOST_UNITS]:
        label = presence_label(unit, units)
        remark = f"：{unit.remark}" if unit.remark else ""
        yield f"  {label}：{unit.name}{remark}"
    more = len(found) - _MOST_UNITS
    if more > 0:
        yield f"  另有 {more} 家，输出到 .html 或 .xlsx 可看全部"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"  {line}"


def _county_header(units: UnitsCompared) -> list[str]:
    return [
        "名称",
        f"{units.old_year} 份数",
        f"{units.new_year} 份数",
        f"{units.old_year} 新收",
        f"{units.new_year} 新收",
        "变化",
        "变化率",
    ]


def _county_row(county: UnitYears) -> list[str]:
    """A county: reports and requests received in both years."""
    received = next(figures_of(county))
    return [
        county.name,
        str(county.old_reports),
        str(county.new_reports),
        entry_words(received.old),
        entry_words(received.new),
        amount_text(received.change),
        percent_text(received.change),
    ]


# --- figures ------------------------------------------------------------------------------------


def _table(table: FigureTable, comparison: Comparison) -> Iterator[str]:
    changed = table.changed
    count = len(changed)
    same = len(table.figures) - count
    yield ""
    yield f"【{table.heading}】{count} 格有变化，{same} 格没有变化"
    if changed:
        yield from _figures(changed, comparison)


def _figures(figures: Iterable[Figure], comparison: Comparison) -> Iterator[str]:
    titles = list(figure_headers(comparison))
    header = ["项目", "栏目", *titles]
    rows = [header, *map(_row, figures)]
    sides = "ll" + "r" * len(titles)
    yield from _indented(aligned(rows, sides))


def _row(figure: Figure) -> list[str]:
    cell = figure.cell
    row = [_short(figure.item), _short(cell.column[-1])]
    for entry in figure.entries:
        row.append(entry_text(entry, cell.kind))
    for change in figure.changes:
        row.append(amount_text(change))
        row.append(percent_text(change))
    return row


def _short(label: str, most: int = _LONG_LABEL) -> str:
    if len(label) <= most:
        return label
    start = label[: most - 1]
    return f"{start}…"


# --- from year to year --------------------------------------------------------------------------


def _texts(step: Step) -> Iterator[str]:
    yield ""
    yield f"【文字】{step.new} 年度比 {step.old} 年度"
    for prose in step.prose:
        if prose.letters or prose.old_letters:
            yield from _prose(prose, step)


def _findings(step: Step) -> Iterator[str]:
    following = step.old + 1
    if step.new != following:
        return
    count = count_findings(step.findings) or "没有发现问题"
    yield ""
    yield f"【跨年衔接】{step.new} 年度与 {step.old} 年度：{count}"
    for finding in step.findings:
        severity = finding.severity.label
        yield f"  {severity} {finding.code} {finding.message}"


def _prose(prose: ProseChange, step: Step) -> Iterator[str]:
    similarity = similarity_text(prose)
    yield f"  {prose.heading}：{similarity}"
    for passage in prose.passages[:_MOST_PASSAGES]:
        old = _flat(passage.old)
        new = _flat(passage.new)
        yield f"    相同的一段（{passage.length} 字）"
        yield f"      {step.old}：{old}"
        yield f"      {step.new}：{new}"
    more = len(prose.passages) - _MOST_PASSAGES
    if more > 0:
        yield f"    另有 {more} 段相同，输出到 .html 或 .xlsx 可看全部"


def _flat(text: str) -> str:
    """A passage on one line, cut off if it is long."""
    words = text.split()
    return _short(" ".join(words), _LONG_PASSAGE)
