"""Draw charts as SVG: horizontal bars with their numbers beside them, without other resources.

Widths of text are upper estimates, because the font depends on the program that shows the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from math import ceil
from unicodedata import combining, east_asian_width

from attrs import define, field, frozen

from govdisclose.write.charts.figures import Bar, BarGroup, ChartData, amount_said, last_said

INK, SOFT, PAPER, AXIS = "#1a1a1a", "#4a4a4a", "#ffffff", "#767676"
THIS_YEAR, LAST_YEAR, LAST_YEAR_EDGE = "#00558c", "#dbe7f1", "#56789a"
"""One hue; last year has light bars with an edge, so the years differ without colour too."""

FONTS = (
    "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',"
    "'WenQuanYi Zen Hei','SimHei','SimSun','DejaVu Sans',sans-serif"
)
"""Fonts of the common systems, in order of preference."""

WIDTH = 520
"""Width in user units; at 156 mm in Word a label of 14 units is 12 pt high."""

NARROW = 340
"""Width on a web page: on a phone of 320 pixels a label is about 12 pixels high."""

_MARGIN, _GAP = 12, 8
_LEAST_BAR = 120
_THICK, _THIN = 18, 12
_ATOM = re.compile(
    r"[（【《“]*(?:[0-9A-Za-z]+[年件]?|.)[，。；：、！？）】》」』”’％…,.;:!?)\]}]*", re.DOTALL
)
"""A piece that stays on one line: a number with its unit or a character, and marks around it."""


@frozen
class Chart:
    """A self-contained SVG picture; ``alt`` is its whole content in words."""

    name: str
    title: str
    alt: str
    svg: str


@frozen
class _Type:
    """The style of a text: size in user units, colour, weight and alignment."""

    size: int
    fill: str = INK
    weight: str = ""
    anchor: str = ""


_TITLE = _Type(18, weight="bold")
_HEADING = _Type(14, weight="bold")
_LABEL = _Type(14)
_AXIS_LABEL = _Type(14, anchor="end")
_SMALL = _Type(12, SOFT)


@frozen
class _ValueMark:
    """A bar with its number beside it; 0 and blank have no bar, only the text."""

    value: int | None
    text: str
    thick: int
    style: str
    type: _Type


@frozen
class _Frame:
    """The columns of a chart: labels end at ``axis``, bars are at most ``room`` long."""

    width: int
    label: int
    axis: int
    room: int
    largest: int

    def length(self, value: int | None) -> int:
        """The length of a bar, at least 2 unless the value is 0. Integers only, for any count."""
        if not value or value < 0:
            return 0
        return max(value * self.room // self.largest, 2)


def text_width(text: str, size: float) -> float:
    """The greatest width of ``text`` in any sans-serif font."""
    ems = sum(map(_em, text))
    return ems * size


def _em(character: str) -> float:
    """The width of a character in ems: a Chinese one is square, an accent takes no room."""
    if combining(character):
        return 0.0
    return 1.0 if east_asian_width(character) in "WFA" else 0.64


def wrap(text: str, size: float, room: float) -> list[str]:
    """``text`` in lines no wider than ``room``.

    A number stays with its unit, and no line begins with a closing mark.
    """
    if text_width(text, size) <= room:
        return [text]
    lines = [""]
    for atom in _ATOM.findall(text):
        for piece in [atom] if text_width(atom, size) <= room else atom:
            if lines[-1] and text_width(lines[-1] + piece, size) > room:
                lines.append("")
            lines[-1] += piece
    return lines


def _even(text: str, size: int, room: float) -> tuple[str, ...]:
    """``text`` in as many lines as it needs, of about equal length."""
    lines = wrap(text, size, room)
    width = text_width(text, size) / len(lines)
    characters = ceil(width / size)
    evener = wrap(text, size, characters * size)
    if len(evener) == len(lines):
        return tuple(evener)
    return tuple(lines)


def draw(figure: ChartData, alt: str, *, on_page: bool = False) -> Chart:
    """Draw a figure that is not empty.

    ``on_page`` is for a web page, which itself gives the title and the agency.
    """
    drawing = _ChartDrawing(figure, _frame(figure, NARROW if on_page else WIDTH))
    if not on_page:
        drawing.paragraph(figure.heading, _TITLE, space=4)
    for sentence in _subtitle(figure):
        drawing.paragraph(sentence, _SMALL, space=4)
    if figure.last_year:
        drawing.legend(space=6)
    for group in figure.groups:
        drawing.group(group, space=8)
    if figure.agency and not on_page:
        drawing.paragraph(figure.agency, _SMALL, space=6)
    svg = _document(drawing, alt)
    return Chart(figure.name, figure.heading, alt, svg)


def _subtitle(figure: ChartData) -> Iterator[str]:
    if figure.total:
        yield f"{figure.total.label} {_both(figure, figure.total)}"


def _both(figure: ChartData, bar: Bar) -> str:
    """The number of this year, with that of last year in brackets if it is known."""
    number = amount_said(bar.amount)
    if figure.last_year:
        number += f"（{_last_said(figure, bar)}）"
    return number


def _last_said(figure: ChartData, bar: Bar) -> str:
    return f"{figure.last_year} {last_said(bar.amount)}"


def _frame(figure: ChartData, least: int) -> _Frame:
    """Columns wide enough for their content; a chart with very long numbers is wider."""
    labels = [text_width(bar.label, _LABEL.size) for bar in figure.bars]
    numbers = [text_width(amount_said(bar.amount), _LABEL.size) for bar in figure.bars]
    if figure.last_year:
        numbers += [text_width(_last_said(figure, bar), _SMALL.size) for bar in figure.bars]
    longest_label = least // 3
    label = min(max(labels), longest_label)
    axis = _MARGIN + round(label) + _GAP
    beside = round(max(numbers)) + 1 + _GAP + _MARGIN
    width = max(least, axis + _LEAST_BAR + beside)
    room = width - axis - beside
    return _Frame(width, longest_label, axis, room, _largest(figure))


def _largest(figure: ChartData) -> int:
    """The largest number of either year, at least 1."""
    largest = 1
    for bar in figure.bars:
        largest = max(largest, bar.amount.value or 0, bar.amount.last or 0)
    return largest


_THIS_STYLE = f'fill="{THIS_YEAR}"'
_LAST_STYLE = f'fill="{LAST_YEAR}" stroke="{LAST_YEAR_EDGE}"'


@define
class _ChartDrawing:
    """A chart while it is drawn from the top down.

    ``y`` is where the last item has ended. Every method adds one item, below ``space``.
    """

    figure: ChartData
    frame: _Frame
    y: float = 0.0
    elements: list[str] = field(factory=list)

    def paragraph(self, text: str, type_: _Type, *, space: float) -> None:
        """Add text over the whole width, in as many lines as it needs."""
        self.y += space
        lines = wrap(text, type_.size, self.frame.width - 2 * _MARGIN)
        self._lines(lines, _MARGIN, self.y, type_)
        self.y += _line(type_.size) * len(lines)

    def legend(self, *, space: float) -> None:
        """Add both years with the look of their bars."""
        self.y += space
        x = float(_MARGIN)
        years = ((self.figure.year, _THIS_STYLE), (self.figure.last_year, _LAST_STYLE))
        for name, style in years:
            self._rectangle(x, self.y, 12, 12, style)
            x += 18
            self._text(name, x, self.y + 11, _SMALL)
            x += text_width(name, _SMALL.size) + 16
        self.y += 14

    def group(self, group: BarGroup, *, space: float) -> None:
        """Add the bars of one group under its heading."""
        self.y += space
        heading = group.heading
        if heading and group.total:
            heading += f"　{group.total.label} {_both(self.figure, group.total)}"
        if heading:
            self.paragraph(heading, _HEADING, space=0)
        self.y += 2
        start = self.y
        for bar in group.bars:
            self._bar(bar)
        line = f"M{self.frame.axis} {start:g}V{self.y:g}"
        self.elements.append(f'<path d="{line}" stroke="{AXIS}"/>')

    def _bar(self, bar: Bar) -> None:
        """Add one label with its bar, or two."""
        label = _even(bar.label, _LABEL.size, self.frame.label)
        label_height = len(label) * _line(_LABEL.size)
        bars_height = _THICK
        if self.figure.last_year:
            bars_height += 4 + _THIN
        height = max(bars_height, label_height) + 10
        label_top = self.y + (height - label_height) / 2
        self._lines(label, self.frame.axis - _GAP, label_top, _AXIS_LABEL)
        self._marks(bar, self.y + (height - bars_height) / 2)
        self.y += height

    def _marks(self, bar: Bar, top: float) -> None:
        """Add the bar of this year, and below it that of last year."""
        amount = bar.amount
        this_year = _ValueMark(amount.value, amount_said(amount), _THICK, _THIS_STYLE, _LABEL)
        self._mark(this_year, top)
        if self.figure.last_year:
            said = _last_said(self.figure, bar)
            last_year = _ValueMark(amount.last, said, _THIN, _LAST_STYLE, _SMALL)
            self._mark(last_year, top + _THICK + 4)

    def _mark(self, mark: _ValueMark, top: float) -> None:
        axis = self.frame.axis
        length = self.frame.length(mark.value)
        if length:
            self._rectangle(axis, top, length, mark.thick, mark.style)
        middle = top + mark.thick / 2
        baseline = middle + mark.type.size * 0.36
        self._text(mark.text, axis + length + _GAP, baseline, mark.type)

    def _lines(self, lines: Sequence[str], x: float, top: float, type_: _Type) -> None:
        baseline = top + type_.size
        for number, line in enumerate(lines):
            below = _line(type_.size) * number
            self._text(line, x, baseline + below, type_)

    def _rectangle(self, x: float, y: float, width: int, height: int, style: str) -> None:
        place = f'x="{x:g}" y="{y:g}"'
        size = f'width="{width}" height="{height}"'
        self.elements.append(f"<rect {place} {size} {style}/>")

    def _text(self, text: str, x: float, y: float, type_: _Type) -> None:
        self.elements.append(_text(text, x, y, type_))


def _line(size: float) -> float:
    """The height of a line."""
    return round(size * 1.35, 1)


def _text(text: str, x: float, y: float, type_: _Type) -> str:
    place = f'x="{x:g}" y="{y:.6g}"'
    attributes = f'{place} font-size="{type_.size}" fill="{type_.fill}"'
    if type_.weight:
        attributes += f' font-weight="{type_.weight}"'
    if type_.anchor:
        attributes += f' text-anchor="{type_.anchor}"'
    return f"<text {attributes}>{escape(text)}</text>"


def _document(drawing: _ChartDrawing, alt: str) -> str:
    title, description = f"gd-{drawing.figure.name}-title", f"gd-{drawing.figure.name}-desc"
    width, height = str(drawing.frame.width), f"{drawing.y + _MARGIN:.6g}"
    size = f'width="{width}" height="{height}"'
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{title} {description}"',
        f' viewBox="0 0 {width} {height}" {size} lang="zh-CN" font-family="{FONTS}">',
        f'<title id="{title}">{escape(drawing.figure.heading)}</title>',
        f'<desc id="{description}">{escape(alt)}</desc>',
        f'<rect {size} fill="{PAPER}"/>',
        *drawing.elements,
        "</svg>",
    ]
    return "".join(pieces)
