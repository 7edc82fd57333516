"""Whether a workbook is no report at all: a list of telephone numbers, say, or one of our lists.

A damaged report must never pass for one, so whatever recalls a report makes the workbook one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from attrs import frozen

from govdisclose.form.balance_lights import is_light
from govdisclose.form.edition import EDITIONS
from govdisclose.form.report import SECTIONS, AnnualReport
from govdisclose.form.sheets import (
    BASICS,
    LIGHT_LABEL,
    LISTS_OF_OURS,
    NEVER_READ,
    PARAGRAPH_COLUMNS,
    PREVIEW_COLUMN,
    PROSE_SHEETS,
    RESULTS_COLUMNS,
    ROSTER_COLUMNS,
    SHEET_ORDER,
    SUMMARY_SHEET,
)
from govdisclose.form.workbook_texts import basics_texts, guide_texts, table_texts
from govdisclose.read.grid import ErrorValue, Grid, Picture, Uncalculated, Unseen
from govdisclose.read.tables.labels import label, squeeze
from govdisclose.read.tables.vocabulary import GridText, vocabulary
from govdisclose.read.workbook.parts import BookParts

_TELLING_LENGTH = 3
"""Shorter labels of the form, such as 总计 and 其他, stand in any list."""
_CODE = "code"
"""The key of the code of an agency in 基本信息: any list of agencies has one."""
_OWN_WORDS = frozenset({*PARAGRAPH_COLUMNS[1:], PREVIEW_COLUMN, LIGHT_LABEL})
"""Short words that our workbook prints, and hardly anybody else."""
_FEW_TEXTS = 4
"""With fewer Chinese texts nobody can say what a workbook is."""

_OF_REPORTS = re.compile(
    "公[开開]|年度?[报報]|年度[报報]告|依申[请請]|行政复[议議]|行政[诉訴][讼訟]|规范性文件"
)
"""Words that a text of a report may be left of."""
_OF_LISTS = re.compile(
    r"(名单|名册|通讯录|联系表|联系方式|联[系络](人|员)|负责人|责任人|经办人|领导|电话|回执|通知)[\W\d]*$"
)
"""How headings of lists of people and letters end, whatever these are about."""
_SENTENCE = "。"
"""Lists have words; a sentence may be a paragraph of a report."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
_OF_PICTURES = ("drawing", "media/", "embeddings/")
"""Parts of a package that may show a report as a picture."""
_ROSTER_HEADER = frozenset(ROSTER_COLUMNS[:5])
"""The columns that stand together in no table but a roster: 代码 to 填报."""
_HEADER_ROWS = 20
"""The header of a list of ours stands in one of so many first rows."""
_ROSTER_ADVICE = "一家一行。“代码”填"
"""How the advice above the header of our roster begins."""
_LOST = (ErrorValue, Picture, Uncalculated, Unseen)
"""Cells whose text is not known."""


def is_no_report(grids: Sequence[Grid], parts: BookParts, path: Path, report: AnnualReport) -> bool:
    """Whether nothing in a workbook without a statutory table recalls a report.

    ``report`` is what was read of it all the same.
    """
    names = [sheet.name for sheet in parts.sheets]
    if _is_list_of_ours(names) or _is_of_batch(grids):
        return True
    if _says_something(report) or _may_show_more(grids, parts):
        return False
    if any(squeeze(name) in _sheets_of_ours() for name in names):
        return False
    if any(map(_has_labels_of_the_form, grids)):
        return False
    rosters = _rosters(grids)
    titles = _telling_names(names, rosters, path)
    texts = list(_telling_texts(grids, rosters))
    if any(map(_recalls_a_report, [*titles, *texts])):
        return False
    if rosters:
        return True
    chinese = list(filter(_CHINESE.search, texts))
    return len(chinese) >= _FEW_TEXTS


def _is_list_of_ours(names: Iterable[str]) -> bool:
    """Whether the sheets are those of a list that the program has written."""
    return any(sheets.issubset(names) for sheets in LISTS_OF_OURS)


def _is_of_batch(grids: Iterable[Grid]) -> bool:
    """Whether a workbook is the results of a batch."""
    for grid in grids:
        for row in grid.rows[:_HEADER_ROWS]:
            texts = {raw for raw in row if isinstance(raw, str)}
            if texts >= RESULTS_COLUMNS:
                return True
    return False


def _has_labels_of_the_form(grid: Grid) -> bool:
    return not _labels_of_the_form().isdisjoint(GridText(grid).all)


def _telling_names(
    sheets: Iterable[str], rosters: Mapping[str, _RosterSheet], path: Path
) -> list[str]:
    """The names that may recall a report: of sheets, and of a file without a roster."""
    found = [name for name in sheets if name not in rosters]
    if not rosters:
        found.append(path.stem)
    return found


def _telling_texts(grids: Iterable[Grid], rosters: Mapping[str, _RosterSheet]) -> Iterator[str]:
    """The texts that may recall a report: all but what a roster says of its units."""
    for grid in grids:
        roster = rosters.get(grid.name)
        if roster is None:
            yield from _texts(grid)
        else:
            yield from roster.telling_texts()


def _says_something(report: AnnualReport) -> bool:
    """Whether a year or paragraphs were found where a report has them.

    The name of an agency says nothing: any list has the words 单位名称 with a text beside them.
    """
    paragraphs = (*report.preface, *report.overview, *report.problems, *report.other_matters)
    return report.year is not None or bool(paragraphs)


def _may_show_more(grids: Iterable[Grid], parts: BookParts) -> bool:
    """Whether a person may see, or may once have seen, more than was read."""
    for grid in grids:
        if grid.far:
            return True
        for raw in chain.from_iterable(grid.rows):
            if isinstance(raw, _LOST):
                return True
    names = "\n".join(parts.package.parts).lower()
    return any(word in names for word in _OF_PICTURES)


def _texts(grid: Grid) -> Iterator[str]:
    for row in grid.rows:
        for raw in row:
            if isinstance(raw, str) and raw.strip():
                yield raw


@frozen
class _RosterSheet:
    """A sheet with the columns of our roster, and where its header stands."""

    grid: Grid
    header: int
    columns: frozenset[int]

    def telling_texts(self) -> Iterator[str]:
        """The texts that may recall a report; what a roster says of its units does not.

        The name of a unit may have a word of reports, such as 公开; it is no sentence.
        """
        for number, row in enumerate(self.grid.rows):
            for column, raw in enumerate(row):
                if not isinstance(raw, str) or not raw.strip():
                    continue
                if number < self.header:
                    is_of_roster = raw.startswith(_ROSTER_ADVICE)
                else:
                    is_of_roster = column in self.columns and not _is_of_a_report(raw)
                if not is_of_roster:
                    yield raw


def _rosters(grids: Iterable[Grid]) -> Mapping[str, _RosterSheet]:
    """The sheets that are rosters, by their names."""
    found = {}
    for grid in grids:
        for number, row in enumerate(grid.rows[:_HEADER_ROWS]):
            titles = [label(raw) if isinstance(raw, str) else "" for raw in row]
            if not _ROSTER_HEADER.issubset(titles):
                continue
            columns = [column for column, title in enumerate(titles) if title in ROSTER_COLUMNS]
            found[grid.name] = _RosterSheet(grid, number, frozenset(columns))
            break
    return found


def _recalls_a_report(text: str) -> bool:
    """Whether a text is one of a report, or has a word of reports.

    A heading of a list of people may have one.
    """
    if _is_of_a_report(text):
        return True
    plain = squeeze(text)
    return _OF_REPORTS.search(plain) is not None and _OF_LISTS.search(plain) is None


def _is_of_a_report(text: str) -> bool:
    """Whether a text may be a paragraph, or is printed in our workbooks."""
    if _SENTENCE in text:
        return True
    return squeeze(text) in _texts_of_ours() or is_light(text.strip())


@cache
def _sheets_of_ours() -> frozenset[str]:
    names = (*SHEET_ORDER, *PROSE_SHEETS.values(), *NEVER_READ, SUMMARY_SHEET)
    return frozenset(map(squeeze, names))


@cache
def _texts_of_ours() -> frozenset[str]:
    """The texts that a workbook of ours prints, however short, but for the common ones."""
    texts = set(basics_texts())
    for edition in EDITIONS.values():
        texts |= table_texts(edition)
        texts |= guide_texts(edition)
    plain = map(squeeze, texts)
    telling = {text for text in plain if len(text) >= _TELLING_LENGTH}
    return _OWN_WORDS | (telling - set(_common_words()))


def _common_words() -> Iterator[str]:
    """Words for the name and the code of an agency that any list of agencies has."""
    for basic in BASICS:
        yield from map(squeeze, basic.variants)
        if basic.key == _CODE:
            yield squeeze(basic.label)


@cache
def _labels_of_the_form() -> frozenset[str]:
    """The labels of all editions and of their sections in one spelling, without the short ones."""
    found: set[str] = set()
    for section in SECTIONS:
        found |= {label(section.heading), label(section.sheet)}
    for edition in EDITIONS.values():
        for key in edition.tables:
            words = vocabulary(edition, key)
            found |= words.labels | words.lines.keys()
    return frozenset(text for text in found if len(text) >= _TELLING_LENGTH)
