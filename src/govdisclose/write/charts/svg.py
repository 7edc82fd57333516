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

from govdisclose.write.charts.figures import Bar, BarGroup, ChartData

INK = "#1a1a1a"
SOFT = "#4a4a4a"
PAPER = "#ffffff"
AXIS = "#767676"
THIS_YEAR = "#00558c"
LAST_YEAR = "#dbe7f1"
LAST_YEAR_EDGE = "#56789a"
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

_MARGIN = 12
"""The room around the picture."""
_GAP = 8
"""The room between a bar and the texts beside it."""
_LEAST_BAR = 120
"""The room that bars have at least."""
_THICK = 18
"""The height of a bar of this year."""
_THIN = 12
"""The height of a bar of last year."""
_BETWEEN = 4
"""The room between the bars of two years."""
_BETWEEN_LABELS = 10
"""The room between two labels with their bars."""
_LEGEND_HEIGHT = 14
_LEGEND_BOX = 12
"""The side of the square that shows the look of a year."""
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

    @property
    def line(self) -> float:
        """The height of a line."""
        return round(self.size * 1.35, 1)

    @property
    def attributes(self) -> str:
        """The style as attributes of a text."""
        written = f'font-size="{self.size}" fill="{self.fill}"'
        if self.weight:
            written += f' font-weight="{self.weight}"'
        if self.anchor:
            written += f' text-anchor="{self.anchor}"'
        return written

    def width(self, text: str) -> float:
        """The greatest width of a text."""
        return text_width(text, self.size)

    def lines(self, text: str, room: float) -> list[str]:
        """The text in lines no wider than ``room``."""
        return wrap(text, self.size, room)


_TITLE = _Type(18, weight="bold")
_HEADING = _Type(14, weight="bold")
_LABEL = _Type(14)
_AXIS_LABEL = _Type(14, anchor="end")
_SMALL = _Type(12, SOFT)


@frozen
class _ValueMark:
    """The look of a bar of a year, and of its number beside it; 0 and blank have only the number."""

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
        length = value * self.room // self.largest
        return max(length, 2)


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
    lines: list[str] = []
    line = ""
    for piece in _pieces(text, size, room):
        longer = line + piece
        if line and text_width(longer, size) > room:
            lines.append(line)
            line = piece
        else:
            line = longer
    return [*lines, line]


def _pieces(text: str, size: float, room: float) -> Iterator[str]:
    """The pieces between which a line may end; one that is too long for a line in characters."""
    for atom in _ATOM.findall(text):
        if text_width(atom, size) <= room:
            yield atom
        else:
            yield from atom


def _even(text: str, type_: _Type, room: float) -> list[str]:
    """``text`` in as many lines as it needs, of about equal length."""
    lines = type_.lines(text, room)
    count = len(lines)
    width = type_.width(text) / count
    characters = ceil(width / type_.size)
    narrower = characters * type_.size
    evener = type_.lines(text, narrower)
    if len(evener) == count:
        return evener
    return lines


def draw(figure: ChartData, alt: str, *, on_page: bool = False) -> Chart:
    """Draw a figure that is not empty.

    ``on_page`` is for a web page, which itself gives the title and the agency.
    """
    least = NARROW if on_page else WIDTH
    frame = _frame(figure, least)
    drawing = _ChartDrawing(figure, frame)
    if not on_page:
        drawing.paragraph(figure.heading, _TITLE, space=4)
    if figure.total:
        total = _with_total("", figure.total, figure)
        drawing.paragraph(total, _SMALL, space=4)
    if figure.last_year:
        drawing.legend(space=6)
    for group in figure.groups:
        drawing.group(group, space=8)
    if figure.agency and not on_page:
        drawing.paragraph(figure.agency, _SMALL, space=6)
    svg = _document(drawing, alt)
    return Chart(figure.name, figure.heading, alt, svg)


def _with_total(heading: str, total: Bar, figure: ChartData) -> str:
    """A heading with a total behind it: this year's, with last year's in brackets if known."""
    number = f"{total.label} {total.amount.this.said}"
    if figure.last_year:
        last = _last_said(figure, total)
        number += f"（{last}）"
    if not heading:
        return number
    return f"{heading}　{number}"


def _last_said(figure: ChartData, bar: Bar) -> str:
    return f"{figure.last_year} {bar.amount.last.said}"


def _frame(figure: ChartData, least: int) -> _Frame:
    """Columns wide enough for their content; a chart with very long numbers is wider."""
    labels: list[float] = []
    numbers: list[float] = []
    for bar in figure.bars:
        label = _LABEL.width(bar.label)
        number = _LABEL.width(bar.amount.this.said)
        labels.append(label)
        numbers.append(number)
        if figure.last_year:
            last = _SMALL.width(_last_said(figure, bar))
            numbers.append(last)
    longest_label = least // 3
    widest_label = min(max(labels), longest_label)
    widest_number = round(max(numbers)) + 1
    axis = _MARGIN + round(widest_label) + _GAP
    beside = widest_number + _GAP + _MARGIN
    needed = axis + _LEAST_BAR + beside
    width = max(least, needed)
    return _Frame(
        width=width,
        label=longest_label,
        axis=axis,
        room=width - axis - beside,
        largest=_largest(figure),
    )


def _largest(figure: ChartData) -> int:
    """The largest number of either year, at least 1."""
    largest = 1
    for bar in figure.bars:
        this = bar.amount.this.value or 0
        last = bar.amount.last.value or 0
        largest = max(largest, this, last)
    return largest


_THIS_STYLE = f'fill="{THIS_YEAR}"'
_LAST_STYLE = f'fill="{LAST_YEAR}" stroke="{LAST_YEAR_EDGE}"'
_THIS_MARK = _ValueMark(_THICK, _THIS_STYLE, _LABEL)
_LAST_MARK = _ValueMark(_THIN, _LAST_STYLE, _SMALL)


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
        room = self.frame.width - 2 * _MARGIN
        lines = type_.lines(text, room)
        self._lines(lines, _MARGIN, self.y, type_)
        self.y += type_.line * len(lines)

    def legend(self, *, space: float) -> None:
        """Add both years with the look of their bars."""
        self.y += space
        baseline = self.y + 11
        x = float(_MARGIN)
        styles = {self.figure.year: _THIS_STYLE, self.figure.last_year: _LAST_STYLE}
        for name, style in styles.items():
            self._rectangle(x, self.y, _LEGEND_BOX, _LEGEND_BOX, style)
            x += 18
            self._text(name, x, baseline, _SMALL)
            x += _SMALL.width(name) + 16
        self.y += _LEGEND_HEIGHT

    def group(self, group: BarGroup, *, space: float) -> None:
        """Add the bars of one group under its heading."""
        self.y += space
        heading = group.heading
        if heading and group.total:
            heading = _with_total(heading, group.total, self.figure)
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
        label = _even(bar.label, _LABEL, self.frame.label)
        label_height = len(label) * _LABEL.line
        bars_height = _THICK
        if self.figure.last_year:
            bars_height += _BETWEEN + _THIN
        height = max(bars_height, label_height) + _BETWEEN_LABELS
        label_top = self.y + (height - label_height) / 2
        label_end = self.frame.axis - _GAP
        self._lines(label, label_end, label_top, _AXIS_LABEL)
        top = self.y + (height - bars_height) / 2
        this = bar.amount.this
        self._mark(this.value, this.said, _THIS_MARK, top)
        if self.figure.last_year:
            top += _THICK + _BETWEEN
            said = _last_said(self.figure, bar)
            self._mark(bar.amount.last.value, said, _LAST_MARK, top)
        self.y += height

    def _mark(self, value: int | None, text: str, mark: _ValueMark, top: float) -> None:
        """Add the bar of a value, and its text beside it."""
        axis = self.frame.axis
        length = self.frame.length(value)
        if length:
            self._rectangle(axis, top, length, mark.thick, mark.style)
        middle = top + mark.thick / 2
        baseline = middle + mark.type.size * 0.36
        end = axis + length + _GAP
        self._text(text, end, baseline, mark.type)

    def _lines(self, lines: Sequence[str], x: float, top: float, type_: _Type) -> None:
        first = top + type_.size
        for number, line in enumerate(lines):
            baseline = first + type_.line * number
            self._text(line, x, baseline, type_)

    def _rectangle(self, x: float, y: float, width: int, height: int, style: str) -> None:
        place = f'x="{x:g}" y="{y:g}"'
        size = f'width="{width}" height="{height}"'
        self.elements.append(f"<rect {place} {size} {style}/>")

    def _text(self, text: str, x: float, y: float, type_: _Type) -> None:
        place = f'x="{x:g}" y="{y:.6g}"'
        content = escape(text)
        self.elements.append(f"<text {place} {type_.attributes}>{content}</text>")


def _document(drawing: _ChartDrawing, alt: str) -> str:
    """The whole picture, which names its title and its description for those who cannot see it."""
    figure = drawing.figure
    title = escape(figure.heading)
    description = escape(alt)
    title_id = f"gd-{figure.name}-title"
    description_id = f"gd-{figure.name}-desc"
    width = str(drawing.frame.width)
    bottom = drawing.y + _MARGIN
    height = f"{bottom:.6g}"
    size = f'width="{width}" height="{height}"'
    role = f'role="img" aria-labelledby="{title_id} {description_id}"'
    look = f'lang="zh-CN" font-family="{FONTS}"'
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {role}',
        f' viewBox="0 0 {width} {height}" {size} {look}>',
        f'<title id="{title_id}">{title}</title>',
        f'<desc id="{description_id}">{description}</desc>',
        f'<rect {size} fill="{PAPER}"/>',
        *drawing.elements,
        "</svg>",
    ]
    return "".join(pieces)
