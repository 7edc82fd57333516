"""The message about the faults of a template when it is used."""

from __future__ import annotations

from collections.abc import Sequence

from govdisclose.errors import TemplateError
from govdisclose.finding import some_of

_NAMED = 5
"""Faults that a message names; it says how many there are."""


def unusable(name: str, faults: Sequence[str]) -> TemplateError:
    """The error that names the first of ``faults``, the phrases of ``template check``."""
    named = some_of(faults, _NAMED, "处", between="；")
    return TemplateError(f"模板 {name} 不能使用：{named}")
