"""Raised and lowered figures in sentences, as the characters that look like them: 66 with a raised
1 is 66¹.
"""

from __future__ import annotations

_RAISED = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_LOWERED = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")


def note_mark(text: str, *, lowered: bool) -> str:
    """A raised (or lowered) text with the figures that a reader sees above (or below) the line."""
    if not any(sign.isdecimal() for sign in text):
        return text
    return text.translate(_LOWERED if lowered else _RAISED)
