"""The JSON form of a report (``govdisclose/report/1``) as plain Python objects.

The shape of the data is checked here: keys, nesting and types. The values of cells are left to the
caller: the constructor of a report refuses a value that it cannot hold, and a reader of files makes
it a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from govdisclose.errors import EntryError
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.entry import LEVELS_OF_PROSE, YEARS
from govdisclose.form.outline import outline
from govdisclose.lazy_pattern import LazyPattern

SCHEMA = "govdisclose/report/1"
"""The name of the JSON form of a report, the first key of every export."""

UNREAD = "unread"
"""The key that lists the cells that a draft could not read."""

_BASICS = ("schema", "edition", "agency", "year", "published", "title")
_SIGNING = ("signature", "signed")
"""Keys that are there only if the report is signed."""

_DATE = LazyPattern(r"\d{4}-\d\d-\d\d", re.ASCII)

_TOP = "顶层"
"""The path of the whole report in messages."""


@frozen
class JsonBlock:
    """One paragraph: its text and outline level."""

    text: str
    level: int


@frozen
class JsonForm:
    """The parts of a JSON form whose shape is right.

    ``values`` maps the path of every statutory cell to whatever the data hold there. ``prose`` maps
    each prose attribute to its paragraphs, ``unread`` lists cells that a draft could not read.
    """

    edition: Edition
    values: Mapping[str, object]
    agency_name: str
    agency_code: str | None
    agency_level: str
    year: int | None
    published: date | None
    title: str
    signature: str
    signed: date | None
    prose: Mapping[str, tuple[JsonBlock, ...]]
    unread: tuple[str, ...]


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """``{"a.b": 1}`` → ``{"a": {"b": 1}}``, in the same order."""
    root: dict[str, Any] = {}
    for path, value in values.items():
        *branches, leaf = path.split(".")
        node = root
        for name in branches:
            node = node.setdefault(name, {})
        node[leaf] = value
    return root


def take_apart(data: object, prose: Sequence[str], levels: Sequence[str]) -> JsonForm:
    """The parts of a report's JSON form.

    ``prose`` are the attributes of a report that hold paragraphs, ``levels`` the words for who
    reports. Raises ``EntryError`` with the path of the first fault: another schema or edition, a
    missing or unknown key, a wrong type.
    """
    top = _object(data, _TOP, _BASICS)
    if top["schema"] != SCHEMA:
        raise EntryError("schema", f"应为 {SCHEMA}")
    edition_name = _one_of(top["edition"], tuple(EDITIONS), "edition")
    edition = EDITIONS[edition_name]
    optional = [key for key in (*_SIGNING, UNREAD) if key in top]
    keys = (*_BASICS, *edition.tables, *prose, *optional)
    _object(data, _TOP, keys, exact=True)
    agency = _object(top["agency"], "agency", ("name", "code", "level"), exact=True)
    values = _values(top, edition)
    unread = tuple(_unread(top.get(UNREAD, []), values))
    level = _one_of(agency["level"], levels, "agency.level")
    code = agency["code"]
    return JsonForm(
        edition=edition,
        values=values,
        agency_name=_text(agency["name"], "agency.name"),
        agency_code=None if code is None else _text(code, "agency.code"),
        agency_level=level,
        year=_year(top["year"]),
        published=_date(top["published"], "published"),
        title=_text(top["title"], "title"),
        signature=_text(top.get("signature", ""), "signature"),
        signed=_date(top.get("signed"), "signed"),
        prose={key: tuple(_blocks(top[key], key)) for key in prose},
        unread=unread,
    )


def _one_of(word: object, words: Sequence[str], path: str) -> str:
    if not isinstance(word, str) or word not in words:
        allowed = "、".join(words)
        raise EntryError(path, f"应为 {allowed} 之一")
    return word


def _object(data: object, path: str, keys: Sequence[str], *, exact: bool = False) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise EntryError(path, "应为一个对象")
    for key in keys:
        if key not in data:
            raise EntryError(path, f"缺少 {key}")
    if not exact:
        return data
    for key in data:
        if key not in keys:
            shown = str(key)[:60]
            raise EntryError(path, f"多出 {shown}")
    return data


def _values(top: Mapping[str, Any], edition: Edition) -> dict[str, object]:
    """Every leaf of the three tables by its path; the nesting must be exactly that of the form."""
    cells = outline(edition).cells
    form = nested(cells)
    found: dict[str, object] = {}
    for key in edition.tables:
        leaves = _leaves(top[key], form[key], key)
        found.update(leaves)
    return {path: found[path] for path in cells}


def _leaves(node: object, form: Any, path: str) -> Iterator[tuple[str, object]]:
    if not isinstance(form, dict):
        if isinstance(node, dict | list):
            raise EntryError(path, "应为一个数或 null")
        yield path, node
        return
    branch = _object(node, path, tuple(form), exact=True)
    for name, below in form.items():
        yield from _leaves(branch[name], below, f"{path}.{name}")


def _unread(paths: object, cells: Mapping[str, object]) -> Iterator[str]:
    if not isinstance(paths, list):
        raise EntryError(UNREAD, "应为数组")
    for path in paths:
        if not isinstance(path, str) or path not in cells:
            raise EntryError(UNREAD, "应为法定表格各格的路径")
        yield path


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise EntryError(path, "应为文字")
    return value


def _year(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and value in YEARS:
        return value
    raise EntryError("year", "应为四位年份")


def _date(value: object, path: str) -> date | None:
    if value is None:
        return None
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # 2026-02-30
    raise EntryError(path, "应为 2026-01-20 这样的日期")


def _blocks(blocks: object, key: str) -> Iterator[JsonBlock]:
    if not isinstance(blocks, list):
        raise EntryError(key, "应为数组")
    for index, block in enumerate(blocks):
        path = f"{key}.{index}"
        fields = _object(block, path, ("level", "text"), exact=True)
        level = fields["level"]
        if type(level) is not int or level not in LEVELS_OF_PROSE:
            raise EntryError(f"{path}.level", "应为 0 至 9 的整数")
        text = _text(fields["text"], path)
        yield JsonBlock(text, level)


def refuse_unread(paths: Iterable[str]) -> None:
    """Refuse the export of a draft: its unread cells are neither blank nor 0.

    Raises ``EntryError`` that names the first of them.
    """
    named = list(paths)
    if not named:
        return
    count = len(named)
    first = named[0]
    said = f"导出的是草稿，有 {count} 格没有读出（如 {first}）；请用 read_report 读取"
    raise EntryError(UNREAD, said)
