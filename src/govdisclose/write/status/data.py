"""The state of a season as JSON (``govdisclose/status/1``)."""

from __future__ import annotations

from typing import Any

from govdisclose.form.status import HandedIn, SeasonStatus, UnitStatus
from govdisclose.write.data import dump_json
from govdisclose.write.status import display
from govdisclose.write.year_changes import changes_data

SCHEMA = "govdisclose/status/1"


def as_json(status: SeasonStatus) -> str:
    """Everything: counts, units with their files and findings, files that no unit owns, news."""
    return dump_json(
        {
            "schema": SCHEMA,
            "year": status.year,
            "today": status.today.isoformat(),
            "since": status.since.isoformat() if status.since else None,
            "inbox": status.inbox,
            "roster": status.roster,
            "notes": list(status.notes),
            "counts": _counts(status),
            "units": [_unit(unit, status) for unit in status.units],
            "strays": [
                {"kind": stray.kind.value, "reason": stray.reason, "file": _file(stray.file)}
                for stray in status.strays
            ],
            "not_looked_at": [
                {"file": one.file, "reason": one.reason, "looked_at": one.looked_at}
                for one in status.not_looked_at
            ],
            "news": [
                {"kind": news.kind.value, "name": news.name, "text": news.text}
                for news in status.news
            ],
            "year_changes": None if status.changes is None else changes_data(status.changes),
        }
    )


def _counts(status: SeasonStatus) -> dict[str, int]:
    total = display.in_all(status)
    counts = {state.value: total.counts.get(state, 0) for state in display.COUNTED}
    return {"expected": total.expected, **counts}


def _unit(unit: UnitStatus, status: SeasonStatus) -> dict[str, Any]:
    return {
        "name": unit.name,
        "code": unit.code or None,
        "level": unit.level,
        "parent": unit.parent or None,
        "state": unit.state.value,
        "expected": unit.expected,
        "deadline": unit.deadline.isoformat(),
        "days_left": (unit.deadline - status.today).days,
        "received": unit.received.isoformat() if unit.received else None,
        "errors": unit.errors,
        "warnings": unit.warnings,
        "remark": unit.remark,
        "files": [_file(file) for file in unit.files],
        "others": [_file(file) for file in unit.others],
        "findings": [finding.as_dict() for finding in unit.findings],
    }


def _file(file: HandedIn) -> dict[str, Any]:
    return {
        "file": file.file,
        "sha256": file.digest or None,
        "received": file.received.isoformat(),
        "modified": file.modified.isoformat(timespec="seconds"),
        "agency": file.agency.name,
        "code": file.agency.code,
        "year": file.year,
        "errors": file.errors,
        "warnings": file.warnings,
        "unreadable": file.unreadable or None,
        "set_aside": file.set_aside or None,
    }
