"""A report whose year is not the one that is collected (H112)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from govdisclose.finding import Finding, Place
from govdisclose.rules.aggregation import H112


def is_to_come(year: int) -> bool:
    """Whether a year has not begun yet, so that no report can be on it: it was mistyped."""
    return year > date.today().year


def is_of_another(year: int | None, wanted: int) -> bool:
    """Whether a report is of a year that is not collected; a year still to come was mistyped."""
    if year is None or is_to_come(year):
        return False
    return year != wanted


def only_of(years: Iterable[int], wanted: int) -> str:
    """Say in Chinese that the reports of a unit are of other years than ``wanted`` only."""
    shown = "、".join(map(str, sorted(set(years))))
    return f"只有 {shown} 年度的报告，没有 {wanted} 年度的"


def wrong_year(year: int, wanted: int, place: Place) -> Finding:
    """The finding for a unit whose report says another year than ``wanted``."""
    said = f"报告年度是 {year}，应为 {wanted}"
    return H112.finding(said, place, path="year", expected=str(wanted), found=str(year))
