"""The letter with which a report is returned: a Word file, ready to be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from attrs import evolve, frozen

from govdisclose.finding import Finding
from govdisclose.form.printed import FORBIDDEN, chinese_date
from govdisclose.form.status import HandedIn, UnitState, UnitStatus
from govdisclose.rules import may_be_explained
from govdisclose.write.line_fit import fit
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
        yield "\n".join(self.title)
        yield f"{self.unit}："
        yield self.opening
        if self.errors:
            yield "须改正的"
            yield from _problem_lines(self.errors)
        if self.warnings:
            yield "请核对的"
            yield from _problem_lines(self.warnings)
        yield self.closing
        yield self.sender
        yield self.day


def _problem_lines(problems: Iterable[LetterProblem]) -> Iterator[str]:
    for problem in problems:
        yield f"{problem.number}．{problem.text}"
        if problem.advice:
            yield f"怎么改：{problem.advice}"


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
    opening = _opening(unit, report, len(errors), len(warnings))
    has_several = len(unit.to_correct) > 1
    return Letter(
        title=(f"关于退回修改{terms.year}年度", "政府信息公开工作年度报告的函"),
        unit=_printable(unit.name),
        opening=_printable(opening),
        errors=tuple(_problems(errors, with_file=has_several)),
        warnings=tuple(_problems(warnings, with_file=has_several)),
        closing=_closing(unit, terms),
        sender=_printable(terms.sender),
        day=chinese_date(terms.today),
    )


def _opening(unit: UnitStatus, report: str, errors: int, warnings: int) -> str:
    newest = unit.files[0]
    files = "；".join(map(_sent, unit.to_correct))
    sent = f"你单位报送的{report}（{files}）"
    if unit.state is UnitState.UNREADABLE:
        return f"{sent}打不开：{newest.unreadable}。"
    if unit.state is UnitState.OTHER_YEAR:
        return f"你单位报送的文件“{newest.file}”是{newest.year}年度的报告，不是要收的年度。"
    also = f"，另有{warnings}处请核对" if warnings else ""
    return f"{sent}经检查，有{errors}处须改正{also}，现予退回。"


def _sent(file: HandedIn) -> str:
    received = chinese_date(file.received)
    return f"文件“{file.file}”，{received}收到"


def _closing(unit: UnitStatus, terms: LetterTerms) -> str:
    when = _when(unit, terms)
    if unit.state in (UnitState.UNREADABLE, UnitState.OTHER_YEAR):
        return f"{when}重新报送{terms.year}年度的报告。"
    closing = f"{when}改正后重新报送。"
    if any(finding.stops and may_be_explained(finding) for finding in unit.findings):
        closing += "数据属实的，在工作簿的“说明事项”写明原因。"
    return closing


def _when(unit: UnitStatus, terms: LetterTerms) -> str:
    """Until when a unit must send its report again."""
    until = terms.until or unit.deadline
    day = chinese_date(until)
    if until < terms.today:
        deadline = chinese_date(unit.deadline)
        return f"法定期限（{deadline}）已过，请尽快"
    if terms.until is None:
        return f"请于{day}（法定期限）前"
    return f"请于{day}前"


def _problems(findings: list[Finding], *, with_file: bool) -> Iterator[LetterProblem]:
    """The findings as numbered problems, each ``with_file`` where there are several files."""
    for number, finding in enumerate(findings, 1):
        text = f"{finding.message}（{finding.code}）"
        if with_file:
            text = f"{finding.place.file}：{text}"
        advice = finding.hint or ""
        where = str(finding.place) or finding.code
        yield LetterProblem(
            number=number,
            text=_printable(text),
            advice=_printable(advice),
            where=_printable(where),
        )


def _printable(text: str) -> str:
    """A text on one line, as a document can hold it."""
    storable = FORBIDDEN.sub("�", text)
    words = storable.split()
    return " ".join(words)


# --- the file -----------------------------------------------------------------------------------


def letter_bytes(letter: Letter) -> bytes:
    """The letter as a .docx file; the same letter gives the same bytes."""
    template = _template()
    title_first, title_second = letter.title
    names: dict[str, Any] = {
        "title_first": title_first,
        "title_second": title_second,
        "unit": letter.unit,
        "opening": letter.opening,
        "errors": list(map(_item, letter.errors)),
        "warnings": list(map(_item, letter.warnings)),
        "closing": letter.closing,
        **_fit("opening", letter.opening),
        **_fit("closing", letter.closing),
        "sender": letter.sender,
        "day": letter.day,
    }
    parts = dict(template.package.parts)
    for part in template.filled_parts:
        tree = template.parts[part].syntax.body
        xml = fill(tree, names)
        for mark in (TOP_MARK, BOTTOM_MARK):
            xml = xml.replace(mark, "")
        parts[part] = xml.encode()
    package = evolve(template.package, parts=parts)
    return packed(package)


def _item(problem: LetterProblem) -> SimpleNamespace:
    """A problem as templates see it."""
    number = str(problem.number)
    text, *advice = _problem_lines([problem])
    return SimpleNamespace(
        number=number,
        text=problem.text,
        advice=problem.advice,
        **_fit("text", text),
        **_fit("advice", "".join(advice)),
    )


def _fit(name: str, text: str) -> dict[str, str]:
    """The names with which a template chooses the spacing of a paragraph, as in the report."""
    found = fit(text)
    ragged = "是" if found.ragged else ""
    return {
        f"{name}_spacing": found.spacing,
        f"{name}_ragged": ragged,
    }


@cache
def _template() -> ParsedTemplate:
    from govdisclose.write.word.parse import parse_template  # imports docxtpl and lxml

    path = Path(__file__).with_name("letter.docx")
    return parse_template(path.read_bytes(), path.name)
