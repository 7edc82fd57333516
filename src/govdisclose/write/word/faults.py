"""The message about the faults of a template when it is used."""

from __future__ import annotations

from collections.abc import Sequence

from govdisclose.errors import TemplateError

_NAMED = 5
"""Faults that a message names; it says how many there are."""


def unusable(name: str, faults: Sequence[str]) -> TemplateError:
    """The error that names the first of ``faults``, the phrases of ``template check``."""
    named = "；".join(faults[:_NAMED])
    if len(faults) > _NAMED:
        named += f"；等共 {len(faults)} 处"
    return TemplateError(f"模板 {name} 不能使用：{named}")
