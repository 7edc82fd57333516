"""The text of a single cell; content that is no text is a finding."""

from __future__ import annotations

from datetime import date, time, timedelta

from govdisclose.finding import Finding, Place
from govdisclose.read.grid import ErrorValue, Picture, Raw, Uncalculated
from govdisclose.rules.values import V107, V108, V109


def text_of(raw: Raw) -> str:
    """The text of a cell, whatever it holds; for messages, labels and comparisons."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, ErrorValue):
        return raw.text
    if isinstance(raw, Uncalculated):
        return raw.formula
    if isinstance(raw, Picture):
        return "（图片）"
    return str(raw)


def is_unreadable(raw: Raw) -> bool:
    """Whether nobody can read a value in a cell."""
    return isinstance(raw, ErrorValue | Uncalculated | Picture)


def unreadable_text(raw: Raw, place: Place, path: str) -> Finding | None:
    """Why the text of a cell cannot be read; ``None`` if it can."""
    if isinstance(raw, Uncalculated):
        said = f"公式没有计算结果（{raw.formula[:40]}），读不出文字"
        return V107.finding(said, place, path=path)
    if isinstance(raw, ErrorValue):
        return V108.finding(f"公式结果是 {raw.text}，读不出文字", place, path=path)
    if isinstance(raw, Picture):
        return V109.finding("是一张图片，读不出文字", place, path=path)
    return None


def unreadable_sentence(raw: Raw, place: Place, path: str) -> Finding | None:
    """As ``unreadable_text``, for a cell of paragraphs.

    A spreadsheet may show a number or a date in any way, so neither is a sentence.
    """
    kind = _kind_of_number(raw)
    if kind is None:
        return unreadable_text(raw, place, path)
    text = text_of(raw)
    said = f"是{kind} {text}，不是文字，看到的和存的可能不同，请设为文本格式后重新输入"
    return V109.finding(said, place, path=path, found=text)


def _kind_of_number(raw: Raw) -> str | None:
    if isinstance(raw, bool):
        return "逻辑值"
    if isinstance(raw, int | float):
        return "数字"
    return "日期或时间" if isinstance(raw, date | time | timedelta) else None
