"""A JSON export → a reading. Numbers go through the same strict reader as a workbook's cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.form.edition import EDITIONS
from govdisclose.form.entry import YEARS
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import LEVELS, SCHEMA, Agency, Paragraph, blank_report
from govdisclose.form.sheets import BASICS, PROSE_SHEETS
from govdisclose.read.tables.numbers import read_number
from govdisclose.read.texts import clean, one_line
from govdisclose.rules.importing import I132
from govdisclose.rules.structure import S112

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UNREAD = "unread"
_BASICS = ("schema", "edition", "agency", "year", "published", "title")


def read_json(data: bytes, path: Path) -> Reading:
    """Read a report from the bytes of its JSON export; ``path`` names it.

    Raises ``InputError`` for anything that is not one: no JSON, another schema, a missing or unknown
    key, a wrong type. A cell that holds no fitting number is a finding, as in a workbook.
    """
    try:
        parsed = json.loads(
            data.decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=_unique
        )
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} 不是 UTF-8 编码的 JSON 文件") from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path.name} 不是 JSON 文件：第 {error.lineno} 行第 {error.colno} 个字符处读不懂"
        ) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise InputError(f"{path.name} 的内容读不懂：{_why(error)}") from error
    return read_data(parsed, path)


def _why(error: Exception) -> str:
    if isinstance(error, _DoubledKeyError):
        return f"键 {str(error)[:60]} 重复"
    return "层次太深" if isinstance(error, RecursionError) else "有过大的数"


def read_data(data: object, source: Path | None = None) -> Reading:
    """Read a report from the parsed JSON of an export; see ``read_json``."""
    reader = _Reader(source)
    return reader.read(data)


class _Reader:
    """Walks one document; every fault names the JSON path it stands at."""

    def __init__(self, source: Path | None) -> None:
        self.source, self.file = source, source.name if source else "JSON"
        self.findings: list[Finding] = []
        self.places: dict[str, Place] = {}

    def read(self, data: object) -> Reading:
        top = self._object(data, "", _BASICS)
        if top["schema"] != SCHEMA:
            raise self._fault("schema", f"应为 {SCHEMA}")
        if not isinstance(top["edition"], str) or top["edition"] not in EDITIONS:
            raise self._fault("edition", f"应为 {'、'.join(EDITIONS)} 之一")
        edition = EDITIONS[top["edition"]]
        noted = (_UNREAD,) if _UNREAD in top else ()
        self._object(data, "", (*_BASICS, *edition.tables, *PROSE_SHEETS, *noted), exact=True)
        agency = self._object(top["agency"], "agency", ("name", "code", "level"), exact=True)
        values, unread = {}, set()
        cells = dict(self._cells(top, edition.tables, outline(edition).cells))
        for path, cell in outline(edition).cells.items():
            self.places[path] = Place(self.file, None, path)
            value, problem = read_number(cells[path], cell.kind)
            values[path] = value
            if problem is not None:
                unread |= {path} if value is None else set()
                self.findings.append(problem.finding(cell.label, self.places[path], path))
        for lost in self._unread(top.get(_UNREAD, []), outline(edition).cells):
            if values[lost] is None and lost not in unread:
                unread |= {lost}
                text = f"{outline(edition).cells[lost].label}：导出时没有读出这一格"
                self.findings.append(I132.finding(text, self.places[lost], path=lost))
        report = blank_report(
            edition,
            agency=self._agency(agency),
            year=self._year(top["year"]),
            published=self._date(top["published"]),
            title=self._line(top["title"], "title"),
            **{key: tuple(self._paragraphs(top[key], key)) for key in PROSE_SHEETS},
        )
        for key, said in (("agency.name", report.agency.name.strip()), ("year", report.year)):
            if not said:
                basic = next(b for b in BASICS if b.key == key.rpartition(".")[2])
                place = Place(self.file, None, key)
                self.findings.append(
                    S112.finding(f"{basic.label}：没有填写", place, path=key, hint=basic.help)
                )
        return Reading(
            report.with_values(values),
            self.source,
            self.places,
            tuple(self.findings),
            frozenset(unread),
        )

    def _unread(self, paths: object, cells: Any) -> Iterator[str]:
        """The paths of the cells that an export of a draft could not read."""
        if not isinstance(paths, list):
            raise self._fault(_UNREAD, "应为数组")
        for path in paths:
            if not isinstance(path, str) or path not in cells:
                raise self._fault(_UNREAD, "应为法定表格各格的路径")
            yield path

    def _fault(self, path: str, said: str) -> InputError:
        return InputError(f"{self.file} 的 {path or '顶层'}：{said}")

    def _object(
        self, data: object, path: str, keys: tuple[str, ...], *, exact: bool = False
    ) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise self._fault(path, "应为一个对象")
        missing = [key for key in keys if key not in data]
        unknown = [key for key in data if key not in keys] if exact else []
        if missing or unknown:
            raise self._fault(path, f"缺少 {missing[0]}" if missing else f"多出 {unknown[0][:60]}")
        return data

    def _cells(self, top: dict[str, Any], keys: Any, cells: Any) -> Iterator[tuple[str, Any]]:
        """Every leaf of the three tables by path; the nesting must be exactly the form's."""
        children: dict[str, list[str]] = {}
        for path in cells:
            parts = path.split(".")
            for depth in range(1, len(parts)):
                names = children.setdefault(".".join(parts[:depth]), [])
                if parts[depth] not in names:
                    names.append(parts[depth])

        def walk(node: object, path: str) -> Iterator[tuple[str, Any]]:
            if path not in children:
                if isinstance(node, dict | list):
                    raise self._fault(path, "应为一个数或 null")
                yield path, node
                return
            branch = self._object(node, path, tuple(children[path]), exact=True)
            for name in children[path]:
                yield from walk(branch[name], f"{path}.{name}")

        for key in keys:
            yield from walk(top[key], key)

    def _agency(self, agency: dict[str, Any]) -> Agency:
        if agency["level"] not in LEVELS:
            raise self._fault("agency.level", f"应为 {'、'.join(LEVELS)} 之一")
        code = agency["code"]
        return Agency(
            self._line(agency["name"], "agency.name"),
            None if code is None else self._line(code, "agency.code"),
            agency["level"],
        )

    def _text(self, value: object, path: str) -> str:
        if not isinstance(value, str):
            raise self._fault(path, "应为文字")
        self.places[path] = Place(self.file, None, path)
        return clean(value, self.places[path], path, self.findings)

    def _line(self, value: object, path: str) -> str:
        """A text that is printed on one line."""
        text = self._text(value, path)
        return one_line(text, self.places[path], path, self.findings)

    def _year(self, value: object) -> int | None:
        if value is not None and (not isinstance(value, int) or value not in YEARS):
            raise self._fault("year", "应为四位年份")
        return value

    def _date(self, value: object) -> date | None:
        try:
            if value is None:
                return None
            if isinstance(value, str) and _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise self._fault("published", "应为 2026-01-20 这样的日期")

    def _paragraphs(self, blocks: object, key: str) -> Iterator[Paragraph]:
        if not isinstance(blocks, list):
            raise self._fault(key, "应为数组")
        for index, block in enumerate(blocks):
            path = f"{key}.{index}"
            fields = self._object(block, path, ("level", "text"), exact=True)
            if type(fields["level"]) is not int or fields["level"] not in range(10):
                raise self._fault(f"{path}.level", "应为 0 至 9 的整数")
            yield Paragraph(self._text(fields["text"], path), fields["level"])


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
