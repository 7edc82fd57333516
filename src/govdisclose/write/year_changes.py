"""The changes of many units since last year, as lines for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from govdisclose.form.year_changes import UnitChange, YearChanges
from govdisclose.write.data import dump_json

SCHEMA = "govdisclose/year-changes/1"

_SHOWN = 10
"""How many changes the terminal shows."""


def changes_text(changes: YearChanges) -> str:
    """The most unusual changes as lines for people."""
    return "\n".join(_lines(changes))


def _lines(changes: YearChanges) -> Iterator[str]:
    yield f"{changes.face}。"
    for place, change in enumerate(changes.listed[:_SHOWN], 1):
        yield (
            f"  {place}. {change.unit}（{change.file}）"
            f"{change.severity.label} {change.rule} {change.text}"
        )
    more = changes.total - _SHOWN
    if more > 0:
        yield f"  另有 {more} 处，见“与上年相比”"
    yield from changes.unread


def changes_data(changes: YearChanges) -> dict[str, Any]:
    """All listed changes in their order, and the units that were not compared, for JSON."""
    return {
        "compared": changes.compared,
        "total": changes.total,
        "changes": [_change(place, change) for place, change in enumerate(changes.listed, 1)],
        "not_compared": [attrs.asdict(each) for each in changes.not_compared],
        "unread": list(changes.unread),
    }


def changes_json(changes: YearChanges) -> str:
    """The same as one JSON text with its schema."""
    return dump_json({"schema": SCHEMA, **changes_data(changes)})


def changes_lines(changes: YearChanges) -> Iterator[str]:
    """The same as JSON lines: a change a line, then a line for each unit that was not compared."""
    for place, change in enumerate(changes.listed, 1):
        yield dump_json(_change(place, change), indent=None)
    for each in changes.not_compared:
        yield dump_json(attrs.asdict(each), indent=None)


def _change(place: int, change: UnitChange) -> dict[str, Any]:
    return {
        "place": place,
        "unit": change.unit,
        "code": change.code,
        "file": change.file,
        "rule": change.rule,
        "severity": change.severity.value,
        "expected": change.expected,
        "found": change.found,
        "difference": change.difference,
        "weight": round(change.weight, 2),
        "message": change.text,
    }
