"""A report whose code and name disagree (H106): what its unit is told, and about which cell."""

from __future__ import annotations

from govdisclose.errors import GovDiscloseError
from govdisclose.finding import Finding, Place
from govdisclose.many.inbox import InboxEntry, read_entry_figures
from govdisclose.rules.aggregation import H106

CODE_PATH = "agency.code"
"""The path of the value that a finding of H106 is about."""

_HINT = (
    "请核对“基本信息”中的机关名称和统一社会信用代码，改正填错的一项后重新报送；"
    "两项都没有填错的（如机构改名、换码），请告知汇总单位更新花名册。"
)


def disagreement(reason: str, place: Place, code: str | None) -> Finding:
    """The finding for the unit that must correct its report; ``reason`` says who is who."""
    return H106.finding(reason, place, path=CODE_PATH, found=code or "", hint=_HINT)


def place_in(entry: InboxEntry, path: str) -> Place:
    """The cell of a value in a workbook of an inbox, which is read for that; else the file."""
    whole = Place(entry.name)
    if entry.kind != "workbook":
        return whole
    try:
        found = read_entry_figures(entry).place(path)
    except GovDiscloseError:  # it has gone meanwhile, or was replaced
        return whole
    return Place(entry.name, found.sheet, found.cell)
