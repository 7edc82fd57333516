"""The letter with which a report is returned: a Word file, ready to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from attrs import evolve, frozen

from govdisclose.finding import Finding
from govdisclose.form.printed import FORBIDDEN, chinese_date
from govdisclose.form.status import UnitState, UnitStatus
from govdisclose.rules import may_be_explained
from govdisclose.write.word.fill import fill
from govdisclose.write.word.members import packed
from govdisclose.write.word.parsed_template import ParsedTemplate
from govdisclose.write.word.tree import BOTTOM_MARK, TOP_MARK


@frozen
class LetterProblem:
    """One thing to correct or to look at: its number, the fault and its place, and how to mend it.

    ``where`` is the cell, or the code of the rule where the whole report is meant.
    """

    number: int
    text: str
    advice: str
    where: str = ""


@frozen
class Letter:
    """What a letter of return says: ``title`` in two lines, ``day`` is the date under it."""

    title: tuple[str, str]
    unit: str
    opening: str
    errors: tuple[LetterProblem, ...]
    warnings: tuple[LetterProblem, ...]
    closing: str
    sender: str
    day: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The text of the letter in its order, a paragraph a line: for reading it back."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from ("\n".join(self.title), f"{self.unit}：", self.opening)
        for heading, problems in (("须改正的", self.errors), ("请核对的", self.warnings)):
            if problems:
                yield heading
            for problem in problems:
                yield f"{problem.number}．{problem.text}"
                if problem.advice:
                    yield f"怎么改：{problem.advice}"
        yield from (self.closing, self.sender, self.day)


@frozen
class LetterTerms:
    """What is the same in all letters of a day: year, sender, date, the day until when (or none)."""

    year: int
    sender: str
    today: date
    until: date | None = None


def return_letter(unit: UnitStatus, terms: LetterTerms) -> Letter:
    """The letter to a unit that must correct its report, or send one of the right year."""
    report = f"{terms.year}年度政府信息公开工作年度报告"
    errors = [finding for finding in unit.findings if finding.stops]
    warnings = [finding for finding in unit.findings if not finding.stops]
    return Letter(
        title=(f"关于退回修改{terms.year}年度", "政府信息公开工作年度报告的函"),
        unit=_printable(unit.name),
        opening=_printable(_opening(unit, report, len(errors), len(warnings))),
        errors=tuple(_problems(errors)),
        warnings=tuple(_problems(warnings)),
        closing=_closing(unit, terms),
        sender=_printable(terms.sender),
        day=chinese_date(terms.today),
    )


def _opening(unit: UnitStatus, report: str, errors: int, warnings: int) -> str:
    newest = unit.files[0]
    sent = f"你单位报送的{report}（文件“{newest.file}”，{chinese_date(newest.received)}收到）"
    if unit.state is UnitState.UNREADABLE:
        return f"{sent}打不开：{newest.unreadable}。"
    if unit.state is UnitState.OTHER_YEAR:
        return f"你单位报送的文件“{newest.file}”是{newest.year}年度的报告，不是要收的年度。"
    also = f"，另有{warnings}处请核对" if warnings else ""
    return f"{sent}经检查，有{errors}处须改正{also}，现予退回。"


def _closing(unit: UnitStatus, terms: LetterTerms) -> str:
    until = terms.until or unit.deadline
    if until < terms.today:
        when = f"法定期限（{chinese_date(unit.deadline)}）已过，请尽快"
    elif terms.until is not None:
        when = f"请于{chinese_date(until)}前"
    else:
        when = f"请于{chinese_date(until)}（法定期限）前"
    if unit.state in (UnitState.UNREADABLE, UnitState.OTHER_YEAR):
        return f"{when}重新报送{terms.year}年度的报告。"
    closing = f"{when}改正后重新报送。"
    if any(finding.stops and may_be_explained(finding) for finding in unit.findings):
        closing += "数据属实的，在工作簿的“说明事项”写明原因。"
    return closing


def _problems(findings: list[Finding]) -> Iterator[LetterProblem]:
    for number, finding in enumerate(findings, 1):
        text = f"{finding.message}（{finding.code}）"
        where = str(finding.place) or finding.code
        yield LetterProblem(
            number, _printable(text), _printable(finding.hint or ""), _printable(where)
        )


def _printable(text: str) -> str:
    """A text on one line, as a document can hold it."""
    return " ".join(FORBIDDEN.sub("�", text).split())


# --- the file -----------------------------------------------------------------------------------


def letter_bytes(letter: Letter) -> bytes:
    """The letter as a .docx file; the same letter gives the same bytes."""
    template = _template()
    names: dict[str, Any] = {
        "title_first": letter.title[0],
        "title_second": letter.title[1],
        "unit": letter.unit,
        "opening": letter.opening,
        "errors": [_item(problem) for problem in letter.errors],
        "warnings": [_item(problem) for problem in letter.warnings],
        "closing": letter.closing,
        "sender": letter.sender,
        "day": letter.day,
    }
    parts = dict(template.package.parts)
    for part in template.filled_parts:
        xml = fill(template.parts[part].syntax.body, names)
        parts[part] = xml.replace(TOP_MARK, "").replace(BOTTOM_MARK, "").encode()
    return packed(evolve(template.package, parts=parts))


def _item(problem: LetterProblem) -> SimpleNamespace:
    """A problem as templates see it."""
    return SimpleNamespace(number=str(problem.number), text=problem.text, advice=problem.advice)


@cache
def _template() -> ParsedTemplate:
    from govdisclose.write.word.parse import parse_template  # imports docxtpl and lxml

    path = Path(__file__).with_name("letter.docx")
    return parse_template(path.read_bytes(), path.name)
