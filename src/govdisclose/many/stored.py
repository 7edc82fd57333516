"""Texts and findings as the databases of batches and seasons hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govdisclose.finding import Finding, Place, Severity

_SAME = ("code", "path", "expected", "found", "hint", "explained")
"""The attributes of a finding that ``as_dict`` gives as they are."""


def bound(value: Any) -> Any:
    """A value as SQLite takes it: text that is no valid Unicode as bytes.

    Names of files and exports in JSON may hold text of this kind.
    """
    if not isinstance(value, str):
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")
    return value


def unbound(value: Any) -> Any:
    """A value from the database as it was before ``bound``."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogatepass")
    return value


def finding_from(data: Mapping[str, Any]) -> Finding:
    """The finding whose ``as_dict()`` this is."""
    place = Place(data["file"], data["sheet"], data["cell"])
    said = data["message"].removeprefix(str(place))
    same = {name: data[name] for name in _SAME}
    return Finding(
        text=said.removeprefix(" "),
        severity=Severity(data["severity"]),
        place=place,
        others=tuple(data["others"]),
        **same,
    )
