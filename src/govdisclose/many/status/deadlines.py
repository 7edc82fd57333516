"""The year that an office collects, and until when each unit must have published its report."""

from __future__ import annotations

from datetime import date

from govdisclose.check.publication import DEADLINES


def season_year(today: date) -> int:
    """The year of the reports whose deadline comes next: in March 2026 those on 2025."""
    is_running = (today.month, today.day) <= max(DEADLINES.values())
    return today.year - 1 if is_running else today.year
