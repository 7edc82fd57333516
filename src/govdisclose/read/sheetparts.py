"""Which sheet of a workbook is which part of its package."""

from __future__ import annotations

import re

SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""(?<![\w:])([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def sheet_parts(book: bytes, relations: bytes) -> list[tuple[bytes, str]]:
    """Name, as it is written in ``xl/workbook.xml``, and part of each sheet, in order; those without a part left out."""
    targets = {r.get(b"Id"): r.get(b"Target", b"") for r in map(_attributes, _RELATION.findall(relations))}
    sheets = [_attributes(tag) for tag in SHEET.findall(book)]
    return [
        (sheet.get(b"name", b""), _absolute(targets[sheet[b"r:id"]].decode()))
        for sheet in sheets
        if sheet.get(b"r:id") in targets
    ]


def _absolute(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}
