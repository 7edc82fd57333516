"""An overview in every form it is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govdisclose.form.overview import Overview
from govdisclose.write.overview.data import as_json
from govdisclose.write.overview.page import as_html
from govdisclose.write.overview.text import as_text


def _html(overview: Overview) -> bytes:
    return as_html(overview).encode("utf-8", "xmlcharrefreplace")


def _json(overview: Overview) -> bytes:
    return as_json(overview).encode("utf-8", "surrogatepass")


def _xlsx(overview: Overview) -> bytes:
    from govdisclose.write.workbook.overview import overview_workbook

    return overview_workbook(overview)


OVERVIEW_FORMS: Mapping[str, Callable[[Overview], bytes]] = {
    ".html": _html,
    ".xlsx": _xlsx,
    ".json": _json,
}
"""File ending → the bytes of an overview in that form."""

__all__ = ["OVERVIEW_FORMS", "as_html", "as_json", "as_text"]
