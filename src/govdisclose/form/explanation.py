"""Explained exceptions: why a relation does not hold, as the agency recorded it (sheet 说明事项)."""

from __future__ import annotations

from attrs import field, frozen

from govdisclose.finding import NOWHERE, Place


@frozen
class Explanation:
    """One recorded reason: rule code, cell (or path), the numbers it was written for, and the
    reason.

    ``value`` is the ``fingerprint`` of the finding, ``place`` the place of the reason.
    """

    code: str
    cell: str
    value: str
    reason: str
    place: Place = field(default=NOWHERE, eq=False, repr=False)
