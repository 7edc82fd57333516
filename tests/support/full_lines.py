"""Paragraphs of so many lines in the PDF of a report."""

from __future__ import annotations

LINE = 28.95
"""Points from one line to the next."""

_WORDS = "全年共收到申请35件，均在法定期限内答复，没有引起行政复议和行政诉讼；" * 6
_LENGTHS = {2: 50, 3: 80, 4: 106, 5: 130, 7: 180}
"""Lines of a paragraph, and characters that make so many."""


def words(lines: int) -> str:
    """A text of so many lines, whose last line is not full."""
    return _WORDS[: _LENGTHS[lines] - 1] + "。"
