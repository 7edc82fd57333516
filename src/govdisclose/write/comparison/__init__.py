"""A comparison in every form it is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govdisclose.form.comparison import Comparison
from govdisclose.write.comparison.data import as_json
from govdisclose.write.comparison.page import as_html
from govdisclose.write.comparison.text import as_text


def _html(comparison: Comparison) -> bytes:
    return as_html(comparison).encode("utf-8", "xmlcharrefreplace")


def _json(comparison: Comparison) -> bytes:
    return as_json(comparison).encode("utf-8", "surrogatepass")


def _xlsx(comparison: Comparison) -> bytes:
    from govdisclose.write.workbook.comparison import comparison_workbook

    return comparison_workbook(comparison)


FORMS: Mapping[str, Callable[[Comparison], bytes]] = {
    ".xlsx": _xlsx,
    ".html": _html,
    ".json": _json,
}
"""File ending → the bytes of a comparison in that form."""

__all__ = ["FORMS", "as_html", "as_json", "as_text"]
