"""A figure as SVG: horizontal bars with their numbers beside them, laid out here, without fonts or resources.

Widths of text are estimated generously, since whoever shows the picture chooses the font.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from math import ceil
from unicodedata import combining, east_asian_width

from attrs import frozen

from govdisclose.write.charts.figures import Bar, Figure, Group, amount_said, last_said

INK, SOFT, PAPER, AXIS = "#1a1a1a", "#4a4a4a", "#ffffff", "#767676"
THIS_YEAR, LAST_YEAR, LAST_YEAR_EDGE = "#00558c", "#dbe7f1", "#56789a"
"""One hue; last year is a light bar with an edge, so that the two differ without any colour."""

FONTS = (
    "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',"
    "'WenQuanYi Zen Hei','SimHei','SimSun','DejaVu Sans',sans-serif"
)
"""Families of the common systems; whatever draws the picture takes the first it has."""

WIDTH = 520
"""User units; in Word on 156 mm a label of 14 units is then 12 pt high."""

NARROW = 340
"""The same on a web page: on a phone of 320 pixels a label is still about 12 pixels high."""

_MARGIN, _GAP = 12, 8
_LABEL, _SMALL, _TITLE = 14, 12, 18
_LEAST_BAR = 120
_THICK, _THIN = 18, 12
_ATOM = re.compile(
    r"[（【《“]*(?:[0-9A-Za-z]+[年件]?|.)[，。；：、！？）】》」』”’％…,.;:!?)\]}]*", re.DOTALL
)
"""What stays on one line: a number with its unit, a character, and the marks around it."""


@frozen
class Chart:
    """A drawn figure: a self-contained SVG picture, and ``alt``, which says all that it shows."""

    name: str
    title: str
    alt: str
    svg: str


@frozen
class _Frame:
    """Where the columns of a chart stand: labels end at ``axis``, bars may be ``room`` long."""

    width: int
    label: int
    axis: int
    room: int
    largest: int

    def length(self, value: int | None) -> int:
        """The length of a bar; what is not 0 is seen. Integers only: any count may come."""
        if not value or value < 0:
            return 0
        return max(value * self.room // self.largest, 2)


@lru_cache(maxsize=2048)
def text_width(text: str, size: float) -> float:
    """How wide ``text`` is at most, whatever sans-serif font it is set in."""
    ems = sum(0.0 if combining(c) else 1.0 if east_asian_width(c) in "WFA" else 0.64 for c in text)
    return ems * size


def wrap(text: str, size: float, room: float) -> list[str]:
    """``text`` in lines no wider than ``room``; no number is torn from its unit, no line begins with a closing mark."""
    if text_width(text, size) <= room:
        return [text]
    lines = [""]
    for atom in _ATOM.findall(text):
        for piece in [atom] if text_width(atom, size) <= room else atom:
            if lines[-1] and text_width(lines[-1] + piece, size) > room:
                lines.append("")
            lines[-1] += piece
    return lines


@lru_cache(maxsize=256)
def _even(text: str, size: int, room: float) -> tuple[str, ...]:
    """``text`` in as many lines as it needs, about equally long: no last character stands alone."""
    lines = wrap(text, size, room)
    evener = wrap(text, size, ceil(text_width(text, size) / len(lines) / size) * size)
    return tuple(evener if len(evener) == len(lines) else lines)


def draw(figure: Figure, alt: str, *, on_page: bool = False) -> Chart:
    """Draw a figure that is not empty; ``on_page`` for a web page, which says itself what it is and whose."""
    frame = _frame(figure, NARROW if on_page else WIDTH)
    body: list[str] = []
    y = 0.0
    if not on_page:
        y = _lines(
            body,
            wrap(figure.heading, _TITLE, frame.width - 2 * _MARGIN),
            _MARGIN,
            4,
            _TITLE,
            "bold",
        )
    for sentence in _subtitle(figure):
        y = _lines(
            body,
            wrap(sentence, _SMALL, frame.width - 2 * _MARGIN),
            _MARGIN,
            y + 4,
            _SMALL,
            fill=SOFT,
        )
    if figure.last_year:
        y = _legend(body, figure, y + 6)
    for group in figure.groups:
        y = _group(body, group, figure, frame, y + 8)
    if figure.agency and not on_page:
        y = _lines(
            body,
            wrap(figure.agency, _SMALL, frame.width - 2 * _MARGIN),
            _MARGIN,
            y + 6,
            _SMALL,
            fill=SOFT,
        )
    return Chart(
        figure.name, figure.heading, alt, _document(figure, alt, frame.width, y + _MARGIN, body)
    )


def _subtitle(figure: Figure) -> Iterator[str]:
    if figure.total:
        yield f"{figure.total.label} {_both(figure, figure.total)}"


def _both(figure: Figure, bar: Bar) -> str:
    return amount_said(bar.amount) + (f"（{_last_said(figure, bar)}）" if figure.last_year else "")


def _last_said(figure: Figure, bar: Bar) -> str:
    return f"{figure.last_year} {last_said(bar.amount)}"


def _frame(figure: Figure, least: int) -> _Frame:
    """Columns wide enough for what stands in them; a picture with very long numbers grows wider."""
    labels = max(text_width(bar.label, _LABEL) for bar in figure.bars)
    numbers = [text_width(amount_said(bar.amount), _LABEL) for bar in figure.bars]
    if figure.last_year:
        numbers += [text_width(_last_said(figure, bar), _SMALL) for bar in figure.bars]
    label = least // 3
    axis = _MARGIN + round(min(labels, label)) + _GAP
    beside = round(max(numbers)) + 1 + _GAP + _MARGIN
    width = max(least, axis + _LEAST_BAR + beside)
    largest = max(
        (amount or 0) for bar in figure.bars for amount in (bar.amount.value, bar.amount.last)
    )
    return _Frame(width, label, axis, width - axis - beside, max(largest, 1))


def _group(body: list[str], group: Group, figure: Figure, frame: _Frame, top: float) -> float:
    y = top
    if group.heading:
        total = f"　{group.total.label} {_both(figure, group.total)}" if group.total else ""
        y = _lines(
            body,
            wrap(group.heading + total, _LABEL, frame.width - 2 * _MARGIN),
            _MARGIN,
            y,
            _LABEL,
            "bold",
        )
    start = y + 2
    y = start
    for bar in group.bars:
        y = _bar(body, bar, figure, frame, y)
    body.append(f'<path d="M{frame.axis} {start:g}V{y:g}" stroke="{AXIS}"/>')
    return y


def _bar(body: list[str], bar: Bar, figure: Figure, frame: _Frame, top: float) -> float:
    """One label with its bar, or two; returns where the next one begins."""
    label = _even(bar.label, _LABEL, frame.label)
    bars = _THICK + (_THIN + 4 if figure.last_year else 0)
    height = max(bars, len(label) * _line(_LABEL)) + 10
    y = top + (height - bars) / 2
    _lines(
        body,
        label,
        frame.axis - _GAP,
        top + (height - len(label) * _line(_LABEL)) / 2,
        _LABEL,
        anchor="end",
    )
    _mark(
        body,
        frame,
        bar.amount.value,
        y,
        _THICK,
        f'fill="{THIS_YEAR}"',
        amount_said(bar.amount),
        _LABEL,
        INK,
    )
    if figure.last_year:
        style = f'fill="{LAST_YEAR}" stroke="{LAST_YEAR_EDGE}"'
        _mark(
            body,
            frame,
            bar.amount.last,
            y + _THICK + 4,
            _THIN,
            style,
            _last_said(figure, bar),
            _SMALL,
            SOFT,
        )
    return top + height


def _mark(
    body: list[str],
    frame: _Frame,
    value: int | None,
    y: float,
    thick: int,
    style: str,
    text: str,
    size: int,
    ink: str,
) -> None:
    """A bar and its number; 0 and blank have no bar, only what is written."""
    length = frame.length(value)
    if length:
        body.append(f'<rect x="{frame.axis}" y="{y:g}" width="{length}" height="{thick}" {style}/>')
    body.append(
        _text(text, frame.axis + length + _GAP, y + thick / 2 + size * 0.36, size, fill=ink)
    )


def _legend(body: list[str], figure: Figure, top: float) -> float:
    x = float(_MARGIN)
    keys = (
        (figure.year, f'fill="{THIS_YEAR}"'),
        (figure.last_year, f'fill="{LAST_YEAR}" stroke="{LAST_YEAR_EDGE}"'),
    )
    for name, style in keys:
        body.append(f'<rect x="{x:g}" y="{top:g}" width="12" height="12" {style}/>')
        body.append(_text(name, x + 18, top + 11, _SMALL, fill=SOFT))
        x += 18 + text_width(name, _SMALL) + 16
    return top + 14


@lru_cache(maxsize=8)
def _line(size: float) -> float:
    return round(size * 1.35, 1)


def _lines(
    body: list[str],
    lines: Sequence[str],
    x: float,
    top: float,
    size: int,
    weight: str = "",
    fill: str = INK,
    anchor: str = "",
) -> float:
    """Lines of text from ``top`` down; returns where they end."""
    for number, line in enumerate(lines):
        body.append(_text(line, x, top + _line(size) * number + size, size, weight, fill, anchor))
    return top + _line(size) * len(lines)


def _text(
    text: str, x: float, y: float, size: int, weight: str = "", fill: str = INK, anchor: str = ""
) -> str:
    more = (f' font-weight="{weight}"' if weight else "") + (
        f' text-anchor="{anchor}"' if anchor else ""
    )
    return (
        f'<text x="{x:g}" y="{y:.6g}" font-size="{size}" fill="{fill}"{more}>{escape(text)}</text>'
    )


def _document(figure: Figure, alt: str, width: int, height: float, body: Sequence[str]) -> str:
    mark = f"gd-{figure.name}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{mark}-title {mark}-desc"'
        f' viewBox="0 0 {width} {height:.6g}" width="{width}" height="{height:.6g}" lang="zh-CN"'
        f' font-family="{FONTS}">'
        f'<title id="{mark}-title">{escape(figure.heading)}</title><desc id="{mark}-desc">{escape(alt)}</desc>'
        f'<rect width="{width}" height="{height:.6g}" fill="{PAPER}"/>{"".join(body)}</svg>'
    )
