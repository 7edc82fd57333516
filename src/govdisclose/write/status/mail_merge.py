"""The table for a mail merge: one row for each letter, and all problems one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from attrs import frozen

from govdisclose.write.status.letter import Letter, LetterProblem
from govdisclose.write.workbook.pages import open_page
from govdisclose.write.workbook.writer import (
    FIRST_ROW,
    TOP_ROW,
    WorkbookWriter,
    printed_words,
    storable,
    written_workbook,
)

MERGE_SHEET = "邮件合并"
PROBLEMS_SHEET = "逐条意见"
MERGE_COLUMNS = (
    *("单位", "代码", "联系人", "电话", "邮箱", "地址"),
    *("文件", "期限", "错误", "警告", "简短说明"),
)
_MERGE_WIDTHS = (28, 21, 10, 16, 24, 28, 32, 12, 7, 7, 50)
_PROBLEM_COLUMNS = ("单位", "级别", "序号", "问题", "怎么改")
_PROBLEM_WIDTHS = (26, 8, 7, 62, 44)

_PIECE = 600
"""Characters of one row: a row cannot be higher, so a longer text goes on in the next row."""

_NAMED = 3
"""How many problems the short text names."""

_MOST_PRINTED = 100
"""Rows of the problems that are printed: each letter has its own on paper."""

_LONGEST_SHORT = 300
"""Characters of a short text."""


@frozen
class Addressed:
    """A letter with its file, and whom it goes to."""

    letter: Letter
    file: str
    code: str
    until: str
    contact: tuple[str, str, str, str]
    """Person, telephone, mail, address."""


def mail_merge(letters: Sequence[Addressed]) -> bytes:
    """The workbook (.xlsx). Raises ``OutputError`` when a cell cannot hold a text."""
    return written_workbook("退回修改", lambda workbook: _write(workbook, letters))


def _write(workbook: WorkbookWriter, letters: Sequence[Addressed]) -> None:
    page = workbook.page(MERGE_SHEET, _MERGE_WIDTHS, landscape=True)
    # A mail merge takes the first row of the first sheet for the names of the fields.
    page.row(0, MERGE_COLUMNS, "header")
    page.sheet.set_row(0, 24)
    page.keep_header(0, 1)
    rows = list(map(_cells, letters))
    page.lines(1, rows, "plain", "text", "top")
    page.print_across(1)
    page.filter(0, len(rows))
    bottom = len(rows) + 1
    page.keep_texts(f"A1:K{bottom}")
    _problems(workbook, letters)


def _cells(addressed: Addressed) -> list[str]:
    """The texts of a row, in the order of ``MERGE_COLUMNS``."""
    letter = addressed.letter
    texts = [
        letter.unit,
        addressed.code,
        *addressed.contact,
        addressed.file,
        addressed.until,
        str(len(letter.errors)),
        str(len(letter.warnings)),
        short_text(letter),
    ]
    return [storable(text) for text in texts]


def short_text(letter: Letter) -> str:
    """The letter in one or two sentences, for a text message: what, and until when."""
    if not letter.errors:
        return _shortened(letter.opening + letter.closing)
    count = len(letter.errors)
    places = [problem.where for problem in letter.errors[:_NAMED]]
    named = "；".join(places)
    more = " 等" if count > _NAMED else ""
    return _shortened(f"你单位的年度报告有 {count} 处须改正：{named}{more}。{letter.closing}")


def _shortened(text: str) -> str:
    """A text that fits into a message; the letter has all of it."""
    if len(text) <= _LONGEST_SHORT:
        return text
    return f"{text[:_LONGEST_SHORT]}……（全文见附件）"


def _problems(workbook: WorkbookWriter, letters: Sequence[Addressed]) -> None:
    """The sheet with all problems one by one."""
    page = workbook.page(PROBLEMS_SHEET, _PROBLEM_WIDTHS, landscape=True)
    lines = list(_lines(letters))
    count = len(lines)
    printed = printed_words(count, _MOST_PRINTED)
    hint = f"每份退回函里的问题，一行一条；很长的分几行，接着写。{printed}"
    open_page(page, PROBLEMS_SHEET, hint, _PROBLEM_COLUMNS)
    page.lines(FIRST_ROW, lines, "plain", "text", "top")
    page.filter(TOP_ROW, count)
    page.print_list(TOP_ROW, count, len(_PROBLEM_COLUMNS), most=_MOST_PRINTED)


def _lines(letters: Sequence[Addressed]) -> Iterator[tuple[str, ...]]:
    for addressed in letters:
        letter = addressed.letter
        for problem in _errors(letter):
            yield from _of_problem(letter.unit, "错误", problem)
        for problem in letter.warnings:
            yield from _of_problem(letter.unit, "警告", problem)


def _errors(letter: Letter) -> Sequence[LetterProblem]:
    """The errors of a letter; its own sentences if it has none."""
    if letter.errors:
        return letter.errors
    sentences = LetterProblem(1, letter.opening, letter.closing)
    return (sentences,)


def _of_problem(unit: str, word: str, problem: LetterProblem) -> Iterator[tuple[str, ...]]:
    """One problem in as many rows as its texts need."""
    texts = _pieces(problem.text)
    advice = _pieces(problem.advice)
    number = str(problem.number)
    for text, hint in zip_longest(texts, advice, fillvalue=""):
        yield unit, word, number, text, hint
        number = "（续）"


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces that a row can show; an empty text is one piece."""
    length = max(1, len(text))
    for start in range(0, length, _PIECE):
        end = start + _PIECE
        yield text[start:end]
