"""The decisions of an office between several versions of one unit's report, in 结果.xlsx."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from attrs import frozen

from govdisclose.errors import InputError, UsageError
from govdisclose.finding import Place
from govdisclose.read.grid import Grid, Uncalculated
from govdisclose.read.source import Readable, input_file
from govdisclose.read.tables.labels import label
from govdisclose.read.workbook.opening import load
from govdisclose.read.workbook.sheets import read_grids

CHOICE_COLUMN, WORKBOOK_COLUMN, DIGEST_COLUMN = "以此为准", "工作簿", "指纹"
"""The columns of 结果.xlsx in which the office chooses, that name the file, and its digest."""

_HEADER_ROWS = 20
"""The header stands in one of so many first rows: somebody may have put a title above it."""
_YES, _NO = "是", ("", "否")


@frozen
class Decision:
    """A row of 结果.xlsx: whether this version was chosen, and how the digest of its file began."""

    is_chosen: bool
    digest: str = ""


Decisions = Mapping[str, Decision]
"""By the path of the file below the folder of the reports."""

SomeDecisions: TypeAlias = Readable | Decisions | Sequence[Readable | Decisions]
"""For one folder or for several: a 结果.xlsx each, or what was read from it."""


def read_decisions(source: Readable) -> Mapping[str, Decision]:
    """Read the column 以此为准 of 结果.xlsx: 是 beside the version that counts.

    Raises ``InputError`` if the file lacks this column, ``UsageError`` for another word in it.

    Examples:
        >>> from govdisclose.batch import read_decisions
        >>> read_decisions("结果.xlsx")["甲局（更正）.xlsx"].is_chosen
        True
    """
    file = input_file(source)
    for grid in read_grids(load(file), file.name):
        table = _table(grid)
        if table is not None:
            return dict(table.decisions())
    raise InputError(
        f"{file.name} 里没有“{CHOICE_COLUMN}”和“{WORKBOOK_COLUMN}”两列："
        "请给出 batch --roster 写出的 结果.xlsx"
    )


def known_decisions(decisions: Readable | Decisions | None) -> Decisions:
    """Decisions as they are, or read from a file; none where none were given."""
    if decisions is None:
        return {}
    if isinstance(decisions, Mapping):
        return decisions
    return read_decisions(decisions)


def _table(grid: Grid) -> _Table | None:
    """The rows below the header; ``None`` if the sheet has none with both columns."""
    for row, cells in enumerate(grid.rows[:_HEADER_ROWS]):
        names = [label(raw) if isinstance(raw, str) else "" for raw in cells]
        if CHOICE_COLUMN in names and WORKBOOK_COLUMN in names:
            return _Table(grid, row, names)
    return None


def is_chosen(file: str, decisions: Decisions) -> bool:
    """Whether the office has chosen a file."""
    decision = decisions.get(file)
    return decision is not None and decision.is_chosen


@frozen
class VersionChoice:
    """The file that was chosen among several versions, or in Chinese why the choice does not hold.

    Both are empty if nobody has chosen.
    """

    file: str = ""
    why_not: str = ""


def choose(versions: Mapping[str, str], decisions: Decisions) -> VersionChoice:
    """Choose among versions of one report, given as paths with the digests of their files.

    A choice holds for the files that the office has seen: none may have come or changed since.
    """
    chosen = [file for file in versions if is_chosen(file, decisions)]
    if not chosen:
        return VersionChoice()
    if len(chosen) > 1:
        files = "、".join(chosen)
        said = f"“{CHOICE_COLUMN}”写了 {len(chosen)} 份（{files}），只能写一份"
        return VersionChoice(why_not=said)
    for file, digest in versions.items():
        decision = decisions.get(file)
        if decision is None:
            return VersionChoice(why_not=f"选定以后又来了 {file}，请重新选定")
        if not digest.startswith(decision.digest):
            return VersionChoice(why_not=f"选定以后 {file} 又改动过，请重新选定")
    (only,) = chosen
    return VersionChoice(only)


def not_taken(chosen: str) -> str:
    """Why a version does not count beside the one that the office has chosen."""
    return f"同一单位以 {chosen} 为准，这一份不采用"


@frozen
class _Table:
    """The rows below the header, which is in row ``header`` and has ``names``."""

    grid: Grid
    header: int
    names: Sequence[str]

    def decisions(self) -> Iterator[tuple[str, Decision]]:
        """Each file with the decision on it.

        Raises ``UsageError`` for a word that is none, and for a row whose file cannot be read.
        """
        for row in range(self.header + 1, len(self.grid.rows)):
            self._refuse_uncalculated(row)
            file = self._text(row, WORKBOOK_COLUMN)
            says_yes = self._says_yes(row)
            if file:
                digest = self._text(row, DIGEST_COLUMN)
                yield file, Decision(says_yes, digest)
            elif says_yes:
                place = self._place(row)
                raise UsageError(f"{place} 写了“是”，这一行却没有工作簿")

    def _refuse_uncalculated(self, row: int) -> None:
        """Raise ``UsageError`` if the link to the file has no stored text, as after a script."""
        column = self.names.index(WORKBOOK_COLUMN)
        if isinstance(self.grid.raw(row, column), Uncalculated):
            place = self.grid.place(row, column)
            raise UsageError(
                f"{place} 的公式没有计算结果，不知是哪一份（多半是别的程序保存的）："
                "请用 Excel 或 WPS 打开这个文件，保存以后再用"
            )

    def _says_yes(self, row: int) -> bool:
        word = self._text(row, CHOICE_COLUMN)
        if word != _YES and word not in _NO:
            place = self._place(row)
            raise UsageError(f"{place} 写的是“{word}”，“{CHOICE_COLUMN}”只能写“是”，或空着")
        return word == _YES

    def _place(self, row: int) -> Place:
        return self.grid.place(row, self.names.index(CHOICE_COLUMN))

    def _text(self, row: int, name: str) -> str:
        """The text in the column of a name; ``""`` without such a column."""
        if name not in self.names:
            return ""
        raw = self.grid.raw(row, self.names.index(name))
        return raw.strip() if isinstance(raw, str) else ""
