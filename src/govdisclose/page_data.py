"""A checked report as data to draw: printed tables, prose with marked passages, relations.

The offline page shows this. It holds no markup but that of the tables, in which every text is
escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from attrs import frozen

from govdisclose.check.relation_sides import Sides, relation_sides
from govdisclose.finding import Finding, count_findings
from govdisclose.form.fees import fees_in_yuan
from govdisclose.form.outline import Cell, Outline, Relation, outline
from govdisclose.form.printed import chinese_date, format_value
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.reading import Reading
from govdisclose.form.report import SECTIONS, AnnualReport, Paragraph, Section, standard_title
from govdisclose.form.sheets import BASICS, LEVEL_WORDS, PREFACE_SHEET
from govdisclose.rules import RULES
from govdisclose.write.findings.text import explanation_line
from govdisclose.write.web.tables import WebCell, WebTable, web_tables

Drawn = dict[str, object]
"""Objects, lists, texts and numbers that JSON can hold."""

_QUOTED = re.compile("“([^“”]+)”")
_CUT = "…"
"""Ends a quotation that was cut short."""

_AGENCY_PATHS = {"name": "agency.name", "code": "agency.code", "level": "agency.level"}
"""The paths of the lines of 基本信息 that belong to the agency."""

_RELATION_NAMES = {
    "applicants": "六类申请人之和等于总计",
    "outcomes": "各项办理结果之和等于（七）总计",
    "balance": "新收加上年结转等于办理结果加结转下年度",
    "disputes": "各项结果之和等于总计",
}


def draw(
    reading: Reading, findings: Sequence[Finding], previous: AnnualReport | None = None
) -> Drawn:
    """Everything that the page shows about a report: facts, sections, findings, relations."""
    report = fill_quotes(reading.report, previous)
    title = report.title or standard_title(report.agency.name, report.year)
    codes = {finding.code for finding in findings}
    return {
        "title": title,
        "agency": report.agency.name,
        "year": report.year,
        "edition": report.edition.name,
        "summary": count_findings(findings),
        "stops": any(finding.stops for finding in findings),
        "facts": list(_facts(report)),
        "sections": list(_sections(reading, report, findings)),
        "findings": [draw_finding(finding) for finding in findings],
        "rules": {code: _rule(code) for code in codes},
        "relations": list(_relations(reading)),
        "cells": _places(reading),
        "fees": list(fees_in_yuan(report)),
        "formulas": list(reading.formulas()),
    }


def draw_change(before: Sequence[tuple[str, str]], findings: Sequence[Finding]) -> Drawn:
    """The fate of the findings of an earlier version, which are given by their keys and texts."""
    now = {_key(finding) for finding in findings}
    known = dict(before)
    added = now - known.keys()
    return {
        "mended": [text for key, text in before if key not in now],
        "added": len(added),
        "left": len(findings),
    }


def _key(finding: Finding) -> str:
    """What a finding is known by from one version of a report to the next: rule and place."""
    where = finding.path or finding.place
    return f"{finding.code}|{where}"


def draw_finding(finding: Finding) -> Drawn:
    """A finding with the words that a list of them needs."""
    state = finding.severity.value
    label = finding.severity.label
    if finding.explained is not None:
        state = "explained"
        label = "已说明"
    return {
        "key": _key(finding),
        "code": finding.code,
        "state": state,
        "label": label,
        "place": str(finding.place),
        "sheet": finding.place.sheet or "",
        "text": finding.text,
        "message": finding.message,
        "hint": finding.hint or "",
        "explained": finding.explained or "",
        "path": finding.path or "",
        "others": list(finding.others),
        "explanation": explanation_line(finding) or "",
    }


def _rule(code: str) -> Drawn:
    rule = RULES.get(code)
    if rule is None:
        return {"name": code, "why": "", "example": "", "fix": ""}
    return {"name": rule.name, "why": rule.why, "example": rule.example, "fix": rule.fix}


def _facts(report: AnnualReport) -> Iterator[Drawn]:
    """The lines of 基本信息 as a person reads them; one that is blank too, since it may be missing."""
    agency = report.agency
    said = {
        "name": agency.name,
        "code": agency.code or "",
        "level": LEVEL_WORDS[agency.level],
        "year": str(report.year or ""),
        "published": chinese_date(report.published),
    }
    if report.signature or report.signed:
        said["signature"] = report.signature
        said["signed"] = chinese_date(report.signed)
    for basic in BASICS:
        text = said.get(basic.key)
        if text is not None:
            path = _AGENCY_PATHS.get(basic.key, basic.key)
            yield {"path": path, "label": basic.label, "text": text}


def _places(reading: Reading) -> Drawn:
    """The label of every statutory cell, and its place in the workbook."""
    form = outline(reading.report.edition)
    drawn: Drawn = {}
    for path, cell in form.cells.items():
        place = reading.place(path)
        drawn[path] = {"label": cell.label, "place": str(place)}
    return drawn


# --- sections -----------------------------------------------------------------------------------


def _sections(
    reading: Reading, report: AnnualReport, findings: Sequence[Finding]
) -> Iterator[Drawn]:
    if report.preface:
        preface = Section(key="preface", heading=PREFACE_SHEET, sheet=PREFACE_SHEET, is_table=False)
        yield _prose(preface, reading.report, report, findings)
    shown = _shown_values(reading, report)
    tables = web_tables(report.edition)
    for section in SECTIONS:
        if section.is_table:
            yield _table(section, tables[section.key], shown)
        else:
            yield _prose(section, reading.report, report, findings)


def _shown_values(reading: Reading, report: AnnualReport) -> dict[str, str]:
    """Each cell as it would be printed; an unreadable one with its text in the source."""
    values = report.values()
    cells = outline(report.edition).cells
    shown = {path: format_value(values[path], cell.kind) for path, cell in cells.items()}
    for finding in reading.findings:
        if finding.path in reading.unread and finding.found is not None:
            shown[finding.path] = str(finding.found)
    return shown


def _table(section: Section, table: WebTable, shown: Mapping[str, str]) -> Drawn:
    html = ""
    if table.head:
        head = _rows(table.head, shown)
        html = f"<thead>{head}</thead>"
    for body in table.bodies:
        rows = _rows(body, shown)
        html += f"<tbody>{rows}</tbody>"
    return {
        "key": section.key,
        "heading": section.heading,
        "sheet": section.sheet,
        "caption": table.caption,
        "widths": list(table.widths),
        "least": table.least,
        "html": html,
    }


def _rows(rows: Sequence[Sequence[WebCell]], shown: Mapping[str, str]) -> str:
    html = []
    for row in rows:
        cells = "".join([_cell(cell, shown) for cell in row])
        html.append(f"<tr>{cells}</tr>")
    return "".join(html)


def _cell(cell: WebCell, shown: Mapping[str, str]) -> str:
    if cell.kind == "value":
        path = escape(cell.path)
        value = escape(shown[cell.path])
        return f'<td{cell.attributes} data-path="{path}">{value}</td>'
    name = "td" if cell.kind == "note" else "th"
    text = escape(cell.text)
    return f"<{name}{cell.attributes}>{text}</{name}>"


def _prose(
    section: Section, raw: AnnualReport, report: AnnualReport, findings: Sequence[Finding]
) -> Drawn:
    written: Sequence[Paragraph] = getattr(raw, section.key)
    printed: Sequence[Paragraph] = getattr(report, section.key)
    paragraphs = []
    for number, paragraph in enumerate(printed):
        path = f"{section.key}.{number}"
        marks = _marks(paragraph.text, path, findings)
        drawn = {
            "path": path,
            "level": paragraph.level,
            "written": written[number].text,
            "pieces": list(_pieces(paragraph.text, marks)),
        }
        paragraphs.append(drawn)
    return {
        "key": section.key,
        "heading": section.heading,
        "sheet": section.sheet,
        "paragraphs": paragraphs,
    }


# --- disputed words -----------------------------------------------------------------------------


@frozen
class Highlight:
    """A stretch of a paragraph that the finding of a number is about."""

    start: int
    stop: int
    finding: int


def _marks(text: str, path: str, findings: Sequence[Finding]) -> list[Highlight]:
    """The disputed passages of a paragraph in order; only the first of two that overlap."""
    found: list[Highlight] = []
    for number, finding in enumerate(findings):
        if finding.path != path:
            continue
        words = _disputed(finding, text)
        if words:
            start = text.index(words)
            stop = start + len(words)
            found.append(Highlight(start, stop, number))
    found.sort(key=lambda mark: (mark.start, -mark.stop))
    kept: list[Highlight] = []
    marked_until = 0
    for mark in found:
        if mark.start >= marked_until:
            kept.append(mark)
            marked_until = mark.stop
    return kept


def _disputed(finding: Finding, text: str) -> str:
    """The words of a paragraph that a finding quotes; nothing if it is about all of it."""
    quotations = _QUOTED.findall(finding.text)
    said: list[str] = [quoted.rstrip(_CUT) for quoted in quotations]
    if isinstance(finding.found, str):
        said.append(finding.found)
    for words in said:
        if words and words in text:
            return words
    return ""


def _pieces(text: str, marks: Sequence[Highlight]) -> Iterator[Drawn]:
    """The paragraph cut at its marks; ``finding`` is the number of the finding of a marked piece."""
    at = 0
    for mark in marks:
        if mark.start > at:
            yield {"text": text[at : mark.start]}
        yield {"text": text[mark.start : mark.stop], "finding": mark.finding}
        at = mark.stop
    if at < len(text):
        yield {"text": text[at:]}


# --- relations ----------------------------------------------------------------------------------


def _relations(reading: Reading) -> Iterator[Drawn]:
    """Every relation of the form: whether it holds, is broken, or cannot be checked yet."""
    form = outline(reading.report.edition)
    weighed = {item.relation: item for item in relation_sides(reading)}
    for relation in form.relations:
        item = weighed.get(relation)
        first_total = form.cells[relation.right[0]]
        yield {
            "name": _RELATION_NAMES.get(relation.name, relation.name),
            "table": first_total.table,
            "label": _relation_label(form, relation),
            "left": list(relation.left),
            "right": list(relation.right),
            "leftSum": "" if item is None else str(item.left),
            "rightSum": "" if item is None else str(item.right),
            "state": _state(item),
        }


def _state(item: Sides | None) -> str:
    """Whether a relation holds, by its sides; without sides nobody can say yet."""
    if item is None:
        return "open"
    return "broken" if item.difference else "holds"


def _relation_label(form: Outline, relation: Relation) -> str:
    """The row or the column that a relation is about."""
    cell: Cell = form.cells[relation.right[-1]]
    if relation.name == "applicants":
        return cell.row[-1]
    if relation.name == "disputes":
        return "／".join(cell.column[:-1])
    return f"{cell.column[-1]}列"
