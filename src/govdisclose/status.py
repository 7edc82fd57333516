"""A season as the supervising office sees it: the state of every unit's report, and the news.

Examples:
    >>> from govdisclose import status
    >>> seen = status.check_inbox("收件", "花名册.xlsx", year=2024)
    >>> status.write_status(seen, "报送情况.html").name
    '报送情况.html'
"""

from govdisclose.form.status import (
    HandedIn,
    News,
    NewsKind,
    NotLookedAt,
    SeasonStatus,
    Stray,
    StrayKind,
    UnitState,
    UnitStatus,
)
from govdisclose.many.status.letters import Letters, write_letters
from govdisclose.many.status.season import check_inbox
from govdisclose.many.status.writing import write_status

__all__ = [
    "HandedIn",
    "Letters",
    "News",
    "NewsKind",
    "NotLookedAt",
    "SeasonStatus",
    "Stray",
    "StrayKind",
    "UnitState",
    "UnitStatus",
    "check_inbox",
    "write_letters",
    "write_status",
]
