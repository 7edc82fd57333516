"""A JSON export → a reading. Numbers go through the same strict reader as a workbook's cells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from govdisclose.errors import EntryError, InputError, NoReportError
from govdisclose.finding import Finding, Place
from govdisclose.form.fields import Value
from govdisclose.form.json_form import JsonForm, take_apart
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import (
    LEVELS,
    PROSE,
    Agency,
    AnnualReport,
    Level,
    Paragraph,
    make_report,
)
from govdisclose.form.sheets import BASICS
from govdisclose.read.grid import Raw
from govdisclose.read.tables.numbers import read_number
from govdisclose.read.texts import clean, one_line
from govdisclose.rules.importing import I132
from govdisclose.rules.structure import S112


def read_json(data: bytes, path: Path) -> Reading:
    """Read a report from the bytes of its JSON export; ``path`` names it.

    Raises ``InputError`` for anything that is not one: no JSON, another schema, a missing or
    unknown key, a wrong type; ``NoReportError`` for other JSON of ours. A cell that holds no
    fitting number is a finding, as in a workbook.
    """
    parsed = _parsed(data, path.name)
    if _is_other_of_ours(parsed):
        raise NoReportError(f"{path.name} 是本程序写出的另一种结果，不是年度报告")
    return read_data(parsed, path)


def read_data(data: object, source: Path | None = None) -> Reading:
    """Read a report from the parsed JSON of an export; see ``read_json``."""
    file = source.name if source else "JSON"
    try:
        form = take_apart(data, PROSE, LEVELS)
    except EntryError as error:
        raise InputError(f"{file} 的 {error}") from error
    reader = _JsonReader(form, file)
    report = reader.report()
    return Reading(
        report,
        source,
        reader.places,
        tuple(reader.findings),
        frozenset(reader.unread),
    )


def _is_other_of_ours(data: object) -> bool:
    """Whether JSON is the state of a season, an overview or a comparison, or a list of findings."""
    if isinstance(data, list):
        return bool(data) and all(map(_is_finding, data))
    if not isinstance(data, dict):
        return False
    schema = str(data.get("schema"))
    return schema.startswith("govdisclose/") and not schema.startswith("govdisclose/report/")


def _is_finding(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    return {"code", "severity", "message"} <= item.keys()


def _parsed(data: bytes, name: str) -> object:
    """The objects of a JSON text. Raises ``InputError``."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=_unique)
    except UnicodeDecodeError as error:
        raise InputError(f"{name} 不是 UTF-8 编码的 JSON 文件") from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name} 不是 JSON 文件：第 {error.lineno} 行第 {error.colno} 个字符处读不懂"
        ) from error
    except _DoubledKeyError as error:
        key = str(error)[:60]
        raise InputError(f"{name} 的内容读不懂：键 {key} 重复") from error
    except RecursionError as error:
        raise InputError(f"{name} 的内容读不懂：层次太深") from error
    except (ValueError, ArithmeticError) as error:
        raise InputError(f"{name} 的内容读不懂：有过大的数") from error


class _JsonReader:
    """Reads the values and texts of one document; every place is a JSON path."""

    def __init__(self, form: JsonForm, file: str) -> None:
        self.form = form
        self.file = file
        self.findings: list[Finding] = []
        self.places: dict[str, Place] = {}
        self.unread: set[str] = set()

    def report(self) -> AnnualReport:
        """The report; ``findings``, ``places`` and ``unread`` are filled on the way."""
        form = self.form
        values = self._values()
        self._mark_unread(values)
        code = form.agency_code
        agency = Agency(
            self._line(form.agency_name, "agency.name"),
            None if code is None else self._line(code, "agency.code"),
            cast(Level, form.agency_level),
        )
        title = self._line(form.title, "title")
        signature = ""
        if form.signature:
            signature = self._line(form.signature, "signature")
        prose = {key: tuple(self._paragraphs(key)) for key in form.prose}
        self.findings.extend(self._missing_basics(agency))
        return make_report(
            form.edition,
            values,
            agency=agency,
            year=form.year,
            published=form.published,
            title=title,
            signature=signature,
            signed=form.signed,
            **prose,
        )

    def _values(self) -> dict[str, Value]:
        """Every statutory cell, by the strict reader of numbers."""
        values: dict[str, Value] = {}
        for path, cell in outline(self.form.edition).cells.items():
            self.places[path] = Place(self.file, None, path)
            raw = cast(Raw, self.form.values[path])
            value, problem = read_number(raw, cell.kind)
            values[path] = value
            if problem is None:
                continue
            if value is None:
                self.unread.add(path)
            finding = problem.finding(cell.label, self.places[path], path)
            self.findings.append(finding)
        return values

    def _mark_unread(self, values: dict[str, Value]) -> None:
        """I132 for each cell that an export of a draft could not read."""
        cells = outline(self.form.edition).cells
        for path in self.form.unread:
            if values[path] is not None:
                continue
            if path not in self.unread:
                self.unread.add(path)
                text = f"{cells[path].label}：导出时没有读出这一格"
                finding = I132.finding(text, self.places[path], path=path)
                self.findings.append(finding)

    def _missing_basics(self, agency: Agency) -> Iterator[Finding]:
        """S112 for a blank name of the agency, and for a missing year."""
        filled = {"agency.name": bool(agency.name.strip()), "year": self.form.year is not None}
        for path, is_filled in filled.items():
            if is_filled:
                continue
            key = path.rpartition(".")[2]
            basic = next(basic for basic in BASICS if basic.key == key)
            place = Place(self.file, None, path)
            said = f"{basic.label}：没有填"
            yield S112.finding(said, place, path=path, hint=basic.help)

    def _text(self, value: str, path: str) -> str:
        self.places[path] = Place(self.file, None, path)
        cleaned = clean(value, self.places[path], path)
        self.findings.extend(cleaned.findings)
        return cleaned.text

    def _line(self, value: str, path: str) -> str:
        """A text that is printed on one line."""
        text = self._text(value, path)
        joined = one_line(text, self.places[path], path)
        self.findings.extend(joined.findings)
        return joined.text

    def _paragraphs(self, key: str) -> Iterator[Paragraph]:
        for index, block in enumerate(self.form.prose[key]):
            path = f"{key}.{index}"
            text = self._text(block.text, path)
            yield Paragraph(text, block.level)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a doubled key would silently drop the first value."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _DoubledKeyError(key)
        found[key] = value
    return found


class _DoubledKeyError(ValueError):
    """A key that an object has twice."""
