"""Explained exceptions: why a relation does not hold, as the agency recorded it (sheet 说明事项)."""

from __future__ import annotations

from attrs import frozen


@frozen
class Explanation:
    """One recorded reason: rule code, cell (or path), the value it was written for, and the reason."""

    code: str
    cell: str
    value: str
    reason: str
