"""Findings for cells that show something else than their stored value.

Few workbooks have cells that are drawn otherwise than they are stored, so this module is loaded
late.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from govdisclose.finding import Finding, Place, quoted
from govdisclose.form.fields import Kind, Value
from govdisclose.read.grid import Raw
from govdisclose.read.raised_figures import note_mark
from govdisclose.read.tables.numbers import Problem, read_number, suggest
from govdisclose.read.workbook.appearance import Appearance, Run
from govdisclose.read.workbook.number_formats import (
    Shown,
    shown_number,
    shown_text,
    shows_whole_date,
)
from govdisclose.read.workbook.styles import LOWERED
from govdisclose.rules import Rule
from govdisclose.rules.values import V115, V116, V117

_THINGS = frozenset(
    ("件", "条", "个", "项", "次", "起", "宗", "份", "人", "人次", "件次", "例", "部", "家")
)
_UNITS: Mapping[Kind, frozenset[str]] = {
    Kind.COUNT: _THINGS,
    Kind.CHANGE: _THINGS,
    Kind.MONEY: frozenset(("万元",)),
}
"""Words in a number format that repeat the header of the column."""
_YEARS = frozenset(("年", "年度"))

_STRUCK = "删除线"
_IN_NUMBERS = r"[\d０-９.．,，%％万千百十亿]"
_DIGIT = re.compile(_IN_NUMBERS)
_DIGIT_BEFORE = re.compile(rf"{_IN_NUMBERS}\s*\Z")
_DIGIT_AFTER = re.compile(rf"\s*{_IN_NUMBERS}")


class Seen(NamedTuple):
    """A value as far as a person sees it, and the findings about the rest."""

    raw: Raw
    findings: tuple[Finding, ...] = ()


# --- figures ------------------------------------------------------------------------------------


def figure_problem(raw: Raw, value: Value, kind: Kind, drawn: Appearance) -> Problem | None:
    """Why a figure is not what a person sees in its cell; ``value`` is what was read."""
    if raw is None:
        return None
    if drawn.runs and isinstance(raw, str):
        marked = _marked_runs(raw, kind, drawn)
    else:
        marked = _marked_cell(raw, drawn)
    if marked is not None or value is None:
        return marked
    stored = str(value)
    for form in _formats(drawn):
        shown = _shown(form.code, raw, value, kind)
        if not shown.same:
            said = _otherwise(shown, stored, form.words)
            return Problem(V115, said, stored)
    return None


class _NamedFormat(NamedTuple):
    """A number format, and how a finding names it."""

    code: str
    words: str


def _formats(drawn: Appearance) -> Iterator[_NamedFormat]:
    """Each format that may apply to a cell."""
    for code in drawn.formats:
        words = f"单元格格式为 {code}"
        yield _NamedFormat(code, words)
    for style in drawn.perhaps:
        for code in style.formats:
            words = f"条件格式为 {code}，条件成立时"
            yield _NamedFormat(code, words)


def _shown(code: str, raw: Raw, value: int | Decimal, kind: Kind) -> Shown:
    units = _UNITS[kind]
    if isinstance(raw, str):
        return shown_text(code, raw, units)
    return shown_number(code, value, units)


def _otherwise(shown: Shown, stored: str, format_words: str) -> str:
    """``显示为 39.4，实际存的是 394000（单元格格式为 0!.0,）``."""
    if shown.text is None:
        return f"看到的可能与存的不同，实际存的是 {stored}（{format_words}）"
    seen = "显示为空白"
    if shown.text:
        seen = f"显示为 {shown.text}"
    return f"{seen}，实际存的是 {stored}（{format_words}）"


def _marked_runs(raw: str, kind: Kind, drawn: Appearance) -> Problem | None:
    """A figure with runs that are struck out, raised or lowered."""
    marks: list[str] = []
    unmarked: list[str] = []
    for run in drawn.runs:
        if _is_marked(run):
            marks.append(_mark_words(run))
        else:
            unmarked.append(run.text)
    if not marks:
        return None
    kept = "".join(unmarked).strip()
    meant, _ = read_number(kept, kind)
    if meant is None:
        meant = suggest(kept, kind)
    hint = ""
    if meant is not None:
        hint = f"，可能是 {meant}"
    text = raw.strip()
    shown = text[:40]
    listed = "、".join(marks)
    said = f"“{shown}”中{listed}，不能当作数{hint}"
    return Problem(V116, said, text, meant)


def _marked_cell(raw: Raw, drawn: Appearance) -> Problem | None:
    """A figure that is struck out, raised or lowered as a whole."""
    if drawn.struck:
        said = f"整格带{_STRUCK}，不能确定是否要公布"
    elif drawn.raised:
        said = f"整格是{drawn.raised}，不能确定是否要公布"
    elif drawn.may_be_struck:
        said = f"条件格式可能给这一格加上{_STRUCK}，不能确定是否要公布"
    else:
        return None
    return Problem(V116, said, str(raw))


def _is_marked(run: Run) -> bool:
    if not run.text.strip():
        return False
    return run.struck or bool(run.raised)


def _mark_words(run: Run) -> str:
    shown = _beginning(run.text)
    if run.struck:
        return f"“{shown}”带{_STRUCK}"
    return f"“{shown}”是{run.raised}"


def _beginning(text: str) -> str:
    """As much of a text as a finding repeats."""
    return text.strip()[:20]


# --- texts --------------------------------------------------------------------------------------


class TextSpot(NamedTuple):
    """The place of a text and its part of the report; ``label`` begins its findings."""

    place: Place
    path: str
    label: str = ""

    def finding(self, rule: Rule, said: str, found: str) -> Finding:
        """A finding about the text."""
        if self.label:
            said = f"{self.label}：{said}"
        return rule.finding(said, self.place, path=self.path, found=found)

    def unread(self, rule: Rule, said: str, found: str) -> Seen:
        """No value, with the finding that says why it is not read."""
        finding = self.finding(rule, said, found)
        return Seen(None, (finding,))


def seen_text(raw: Raw, drawn: Appearance, spot: TextSpot) -> Seen:
    """A text without its struck-out parts.

    A text that is struck out as a whole, or that its format hides, is left out as a whole.
    """
    if not isinstance(raw, str) or not raw.strip():
        return Seen(raw)
    if drawn.runs:
        return _seen_runs(raw, drawn.runs, spot)
    text = raw.strip()
    beginning = f"“{_beginning(text)}”"
    if drawn.struck:
        said = f"{beginning}整格带{_STRUCK}，没有读取"
        return spot.unread(V117, said, text)
    if drawn.may_be_struck:
        said = f"条件格式可能给{beginning}加上{_STRUCK}，没有读取"
        return spot.unread(V117, said, text)
    for code in drawn.all_formats:
        shown = shown_text(code, raw)
        if shown.same:
            continue
        words = f"单元格格式为 {code}"
        otherwise = _otherwise(shown, beginning, words)
        said = f"{otherwise}，没有读取"
        return spot.unread(V115, said, text)
    return Seen(raw)


def _seen_runs(raw: str, runs: tuple[Run, ...], spot: TextSpot) -> Seen:
    """The text of a cell whose letters differ in their look, without the struck ones."""
    struck: list[str] = []
    kept: list[Run] = []
    for run in runs:
        text = run.text.strip()
        if not run.struck:
            kept.append(run)
        elif text:
            struck.append(text)
    left_out = _struck_out(struck, spot)
    findings = (*left_out, *_raised(kept, spot))
    printed = "".join(map(_printed, kept))
    stored = "".join([run.text for run in kept])
    if printed == stored and not struck:
        return Seen(raw, findings)
    return Seen(printed, findings)


def _struck_out(struck: Sequence[str], spot: TextSpot) -> Iterator[Finding]:
    if not struck:
        return
    words = quoted([_beginning(text) for text in struck])
    said = f"{words}带{_STRUCK}，没有读取"
    found = "".join(struck)
    yield spot.finding(V117, said, found)


def _raised(kept: Sequence[Run], spot: TextSpot) -> Iterator[Finding]:
    for run in _within_numbers(kept):
        words = _mark_words(run)
        said = f"{words}，紧挨着数字，印出来会变成另一个数"
        yield spot.finding(V116, said, run.text.strip())


def _printed(run: Run) -> str:
    """The text of a run; raised and lowered figures as the characters that look like them."""
    if not run.raised:
        return run.text
    return note_mark(run.text, lowered=run.raised == LOWERED)


def _within_numbers(runs: Sequence[Run]) -> Iterator[Run]:
    """The raised and lowered digits that would be read as part of a number beside them."""
    texts = [run.text for run in runs]
    for index, run in enumerate(runs):
        if not run.raised:
            continue
        if not _DIGIT.search(run.text):
            continue
        following = index + 1
        before = "".join(texts[:index])
        after = "".join(texts[following:])
        begins_with_digit = _DIGIT_AFTER.match(run.text)
        ends_with_digit = _DIGIT_BEFORE.search(run.text)
        joins_before = begins_with_digit and _DIGIT_BEFORE.search(before)
        joins_after = ends_with_digit and _DIGIT_AFTER.match(after)
        if joins_before or joins_after:
            yield run


# --- 基本信息 -----------------------------------------------------------------------------------


def seen_basic(raw: Raw, key: str, drawn: Appearance, spot: TextSpot) -> Seen:
    """A value of 基本信息, which may be a number or a date too; the value itself stays."""
    if raw is None or isinstance(raw, bool | str):
        return seen_text(raw, drawn, spot)
    stored = _plain(raw)
    if drawn.struck or drawn.may_be_struck:
        said = f"{stored} 带{_STRUCK}，没有读取"
        return spot.unread(V117, said, stored)
    for code in drawn.all_formats:
        shown = _shown_basic(code, raw, key)
        if not shown.same:
            words = f"单元格格式为 {code}"
            said = _otherwise(shown, stored, words)
            finding = spot.finding(V115, said, stored)
            return Seen(raw, (finding,))
    return Seen(raw)


def _shown_basic(code: str, raw: Raw, key: str) -> Shown:
    if isinstance(raw, date):
        return Shown(None, shows_whole_date(code))
    if not isinstance(raw, int | float):
        return Shown(None, True)
    plain = _plain(raw)
    number = Decimal(plain)
    if key == "year":
        return shown_number(code, number, _YEARS)
    text = shown_number(code, number).text
    return Shown(text, text == plain)


def _plain(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw)
