"""The state of a season in every form it is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govdisclose.form.status import SeasonStatus
from govdisclose.write.status.data import as_json
from govdisclose.write.status.page import as_html
from govdisclose.write.status.text import as_text


def _html(status: SeasonStatus) -> bytes:
    return as_html(status).encode("utf-8", "xmlcharrefreplace")


def _json(status: SeasonStatus) -> bytes:
    return as_json(status).encode("utf-8", "surrogatepass")


def _xlsx(status: SeasonStatus) -> bytes:
    from govdisclose.write.status.workbook import status_workbook

    return status_workbook(status)


FORMS: Mapping[str, Callable[[SeasonStatus], bytes]] = {
    ".xlsx": _xlsx,
    ".html": _html,
    ".json": _json,
}
"""File ending → the bytes of a state in that form."""

__all__ = ["FORMS", "as_html", "as_json", "as_text"]
