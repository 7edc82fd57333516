"""Findings on texts that are not read: the first texts are quoted, all of them are in the data."""

from __future__ import annotations

from collections.abc import Sequence

from govdisclose.finding import Finding, Place
from govdisclose.rules import Rule

_QUOTED = 3
"""Texts quoted in the message."""
_QUOTED_LENGTH = 30
"""Characters of each."""


def not_read(
    rule: Rule, said: str, texts: Sequence[str], place: Place, path: str | None = None
) -> Finding:
    """One finding for all ``texts``; ``said`` is its message without the quotation."""
    shortened = [text[:_QUOTED_LENGTH] for text in texts[:_QUOTED]]
    quoted = "；".join(shortened)
    whole = "\n".join(texts)
    text = f"{said}：{quoted}"
    return rule.finding(text, place, path=path, found=whole)
