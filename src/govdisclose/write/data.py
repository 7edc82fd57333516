"""A report as JSON, and the JSON Schema of its form. Amounts stay exact decimal numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from govdisclose.finding import Finding
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.fields import Kind
from govdisclose.form.json_form import SCHEMA, UNREAD, nested
from govdisclose.form.outline import Cell, outline
from govdisclose.form.printed import harmless
from govdisclose.form.report import LEVELS, SECTIONS, AnnualReport

SCHEMA_ID = "https://govdisclose.example/schema/report-1.json"


def report_to_dict(report: AnnualReport, unread: Iterable[str] = ()) -> dict[str, Any]:
    """The JSON form of a report as Python objects: amounts are ``Decimal``, blank cells ``None``.

    ``unread`` are the paths of cells that could not be read. The key ``unread`` lists them, unless
    there are none.
    """
    data = report.to_dict()
    missing = set(unread)
    paths = [path for path in report.values() if path in missing]
    if paths:
        data[UNREAD] = paths
    return data


def report_to_json(report: AnnualReport, unread: Iterable[str] = ()) -> str:
    """The JSON export of a report (``govdisclose/report/1``), with a newline at its end.

    ``unread`` is as in ``report_to_dict``.
    """
    return dump_json(report_to_dict(report, unread))


def findings_to_json(findings: Iterable[Finding]) -> str:
    """A list of findings as JSON."""
    return dump_json([finding.as_dict() for finding in findings])


def dump_json(data: object, *, indent: int | None = 2) -> str:
    """JSON text with unescaped Chinese characters and all digits of every ``Decimal``.

    Control characters and lone surrogates are escaped.
    """
    import simplejson

    text: str = simplejson.dumps(data, ensure_ascii=False, indent=indent, use_decimal=True)
    return harmless(text) + "\n"


# --- schema -------------------------------------------------------------------------------------


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``govdisclose/report/1``, derived from the editions of the form."""
    paragraph = {"level": _PLAIN["level"], "text": {"type": "string"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "政府信息公开工作年度报告",
        "oneOf": [_edition_schema(edition) for edition in EDITIONS.values()],
        "$defs": {
            "prose": {"type": "array", "items": _closed(paragraph)},
            Kind.COUNT.value: {"type": ["integer", "null"], "minimum": 0, "description": "件"},
            Kind.MONEY.value: {"type": ["number", "null"], "minimum": 0, "description": "万元"},
            Kind.CHANGE.value: {"type": ["integer", "null"], "description": "本年增/减"},
        },
    }


_PLAIN: dict[str, dict[str, Any]] = {
    "level": {"type": "integer", "minimum": 0, "maximum": 9},
    "year": {"type": ["integer", "null"], "minimum": 2008, "maximum": 2100},
    "published": {"type": ["string", "null"], "format": "date"},
    "title": {"type": "string"},
    "signature": {"type": "string", "description": "落款；不印落款时没有这一项"},
    "signed": {"type": ["string", "null"], "format": "date", "description": "成文日期；没有则不写"},
}


_UNREAD_CELLS = {
    "type": "array",
    "items": {"type": "string"},
    "description": "导出草稿时没有读出的格，按路径",
}


def _closed(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(properties),
        "additionalProperties": False, **more,
    }  # fmt: skip


def _edition_schema(edition: Edition) -> dict[str, Any]:
    """The schema of a report of one edition."""
    prose = {"$ref": "#/$defs/prose"}
    cells: dict[str, dict[str, str]] = {}
    for path, cell in outline(edition).cells.items():
        cells[path] = _cell_schema(cell)
    tables = _close_all(nested(cells))["properties"]
    agency = {
        "name": {"type": "string"},
        "code": {"type": ["string", "null"]},
        "level": {"enum": list(LEVELS)},
    }
    properties: dict[str, Any] = {
        "schema": {"const": SCHEMA},
        "edition": {"const": edition.name},
        "agency": _closed(agency),
        "year": _PLAIN["year"],
        "published": _PLAIN["published"],
        "title": _PLAIN["title"],
        "preface": prose,
    }
    for section in SECTIONS:
        properties[section.key] = tables[section.key] if section.is_table else prose
    schema = _closed(properties, title=f"{edition.name}：{edition.basis}")
    schema["properties"] |= {
        "signature": _PLAIN["signature"],
        "signed": _PLAIN["signed"],
        UNREAD: _UNREAD_CELLS,
    }
    return schema


def _cell_schema(cell: Cell) -> dict[str, str]:
    labels = (*cell.row, *cell.column)
    title = "／".join(labels)
    return {"$ref": f"#/$defs/{cell.kind.value}", "title": title}


def _close_all(tree: dict[str, Any]) -> dict[str, Any]:
    """Turn nested mappings of cell schemas into schemas of objects without other keys."""
    if "$ref" in tree:
        return tree
    closed = {name: _close_all(branch) for name, branch in tree.items()}
    return _closed(closed)
