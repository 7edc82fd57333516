"""The year that an office collects, and until when each unit must have published its report."""

from __future__ import annotations

import re
from datetime import date

from govdisclose.check.publication import DEADLINES
from govdisclose.form.report import Level

_GOVERNMENT = re.compile("(?:省|自治区|市|州|盟|县|区|旗)(?:人民)?政府$")
"""A local people's government at or above the county level, by its name (article 49)."""


def season_year(today: date) -> int:
    """The year of the reports whose deadline comes next: in March 2026 those on 2025."""
    is_running = (today.month, today.day) <= max(DEADLINES.values())
    return today.year - 1 if is_running else today.year


def owed_level(name: str) -> Level:
    """Which report a unit owes by its name: a government's consolidated one, or an agency's."""
    return "government" if _GOVERNMENT.search(name) else "agency"
