"""The styles of a workbook: number formats, and fonts that strike out, raise or lower.

Only the cell's own record counts: Excel copies into it whatever a named style says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from attrs import field, frozen

from govdisclose.read.recent import Recent
from govdisclose.read.workbook.letter_colours import (
    BLACK,
    WHITE,
    Rgb,
    changed_fill,
    changed_letters,
    fill_colour,
    is_unseen,
    letter_colour,
)
from govdisclose.read.workbook.parts import NAMESPACES
from govdisclose.read.workbook.xml_parts import BrokenXmlError, is_on, local, pieces, recovered

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_Kind = TypeVar("_Kind")

GENERAL = "General"

LIMIT = 16
"""How many styles parts a memory holds."""
LARGEST = 200_000
"""Bytes of the largest styles part that a memory holds; statutory workbooks have some 10,000."""

UNDECIDED = "[?]"
"""Stands for the format of a cell whose format cannot be found."""

_OWN_FORMATS = 164
"""From this number on formats are the workbook's own; below they are built in."""

_BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0_);("¥"#,##0)',
    6: '"¥"#,##0_);[Red]("¥"#,##0)',
    7: '"¥"#,##0.00_);("¥"#,##0.00)',
    8: '"¥"#,##0.00_);[Red]("¥"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""Formats that no workbook writes down, as Excel for Chinese shows them."""

_NUMBER_FORMATS = frozenset({*range(14), *range(37, 41), 48, 49})
"""Built-in formats that show a number: general, whole, fraction, percent, scientific, text."""

_ESCAPED_QUOTE = re.compile(r'[\\!_*]"')
_QUOTED = re.compile('"[^"]*"')

_SMALLEST_LETTERS = 4.0
"""Points: nobody reads smaller letters."""
LOWERED = "下标"
_RAISED = {"superscript": "上标", "subscript": LOWERED}


class BadStylesError(Exception):
    """Styles that cannot be read. ``str(error)`` is a Chinese clause."""


class _KnownFormats(NamedTuple):
    """The answers of ``number_formats.is_harmless`` and ``number_formats.shows_decimals``."""

    harmless: bool
    decimals: bool


KNOWN = {
    GENERAL: _KnownFormats(harmless=True, decimals=True),
    "@": _KnownFormats(harmless=True, decimals=True),
    "0": _KnownFormats(harmless=True, decimals=False),
    "0.00": _KnownFormats(harmless=True, decimals=False),
    "#,##0": _KnownFormats(harmless=True, decimals=False),
    "yyyy-mm-dd": _KnownFormats(harmless=True, decimals=True),
    '"折合 "#,##0.00" 元"': _KnownFormats(harmless=False, decimals=False),
}
"""The formats that nearly every workbook has. For these the parser of formats is not even loaded."""

_NUMBERS = frozenset((GENERAL, "0", "0.00", "#,##0"))
"""Formats of plain numbers, which show every whole number that a cell of the form may hold."""


def _is_harmless(code: str) -> bool:
    """Whether a format shows every whole number, every text and every date as it is stored."""
    known = KNOWN.get(code)
    if known is not None:
        return known.harmless
    from govdisclose.read.workbook.number_formats import is_harmless

    return is_harmless(code)


def _shows_decimals(code: str) -> bool:
    """Whether a format shows all decimals of a number of up to ten digits."""
    known = KNOWN.get(code)
    if known is not None:
        return known.decimals
    from govdisclose.read.workbook.number_formats import shows_decimals

    return shows_decimals(code)


class Style(NamedTuple):
    """Number formats and marks of one style; several formats where programs could disagree.

    ``letters`` is the colour of its letters, ``tiny`` letters are too small to be read.
    """

    formats: tuple[str, ...] = ()
    struck: bool = False
    raised: str = ""
    letters: Rgb | None = BLACK
    tiny: bool = False

    @property
    def is_odd(self) -> bool:
        """Whether a whole number, a text or a date may look different from the stored value."""
        if self.struck:
            return True
        if self.raised:
            return True
        return not all(map(_is_harmless, self.formats))

    @property
    def rounds(self) -> bool:
        """Whether it may show fewer decimals than a number of up to ten digits has."""
        return not all(map(_shows_decimals, self.formats))

    @property
    def is_plain_number(self) -> bool:
        """Whether it surely is a format of plain numbers."""
        return _NUMBERS.issuperset(self.formats)


def font_style(font: Element, formats: tuple[str, ...] = ()) -> Style:
    """The marks of a font, or of the properties of a run."""
    struck = tiny = False
    raised = ""
    for child in font:
        if local(child) == "strike":
            struck = is_on(child.get("val", "1"))
        elif local(child) == "vertAlign":
            raised = _RAISED.get(child.get("val", ""), "")
        elif local(child) == "sz":
            tiny = _is_tiny(child.get("val", ""))
    return Style(formats, struck, raised, letter_colour(font), tiny)


def _is_tiny(size: str) -> bool:
    try:
        return float(size) < _SMALLEST_LETTERS
    except ValueError:
        return False


def changed_style(change: Element) -> Style | None:
    """How a conditional format changes the look of a value; ``None`` for colours and the like."""
    formats = []
    style = Style()
    for child in change:
        if local(child) == "numFmt":
            formats.append(child.get("formatCode", UNDECIDED))
        elif local(child) == "font":
            style = font_style(child)
    if not formats and not style.struck and not style.raised:
        return None
    return style._replace(formats=tuple(formats))


class Cover(NamedTuple):
    """How a conditional format may hide a value: by colours, or by a bar or an icon in its place.

    ``letters`` and ``behind`` are ``None`` where the cell keeps its own colour.
    """

    letters: Rgb | None = None
    behind: Rgb | None = None
    no_value: bool = False

    def hides(self, letters: Rgb | None, behind: Rgb | None) -> bool:
        """Whether letters of a colour in a cell of a colour could not be made out under it."""
        if self.no_value:
            return True
        return is_unseen(self.letters or letters, self.behind or behind)


def cover_of(change: Element) -> Cover | None:
    """The colours of a conditional format; ``None`` if it has none, or any that is not known here."""
    letters: list[Rgb | None] = []
    behind: list[Rgb | None] = []
    for child in change:
        if local(child) == "font":
            letters.extend(changed_letters(child))
        elif local(child) == "fill":
            behind.extend(changed_fill(child))
    colours = [*letters, *behind]
    if not colours or None in colours:
        return None
    return Cover(next(iter(letters), None), next(iter(behind), None))


class _Colours(NamedTuple):
    """The colour of the letters of a cell, and the one behind them; ``None`` for unknown ones."""

    letters: Rgb | None
    behind: Rgb | None


class CellFormat(NamedTuple):
    """A cell format as it is written: the numbers of its number format, its font and its fill."""

    number: str
    font: str
    fill: str = "0"


@frozen(slots=False)
class Styles:
    """The cell formats of a workbook by number, and its conditional formats.

    ``own`` are its own number formats, ``fonts`` the marks of its fonts, ``fills`` the colours that
    it gives to cells. ``conditional`` holds only
    the conditional formats that change the look of a value, ``covers`` those that change colours.
    ``is_broken`` if the part is no
    well-formed XML and was read only as far as possible.
    """

    own: Mapping[str, str] = field(factory=dict, repr=False)
    fonts: tuple[Style, ...] = field(default=(), repr=False)
    fills: tuple[Rgb | None, ...] = field(default=(), repr=False)
    formats: tuple[CellFormat, ...] = field(default=(), repr=False)
    conditional: Mapping[int, Style] = field(factory=dict, repr=False)
    covers: Mapping[int, Cover] = field(factory=dict, repr=False)
    is_broken: bool = False

    @cached_property
    def cells(self) -> tuple[Style, ...]:
        """The style of each cell format."""
        known: dict[CellFormat, Style] = {}
        for cell in self.formats:
            if cell not in known:
                known[cell] = self._cell_style(cell)
        return tuple([known[cell] for cell in self.formats])

    def _cell_style(self, cell: CellFormat) -> Style:
        marks = Style()
        if cell.font.isdigit() and int(cell.font) < len(self.fonts):
            marks = self.fonts[int(cell.font)]
        return marks._replace(formats=tuple(self._number_formats(cell.number)))

    def _number_formats(self, number: str) -> Iterator[str]:
        """The format of a number: the workbook's own and, for a built-in number, that as well."""
        if number in self.own:
            yield self.own[number]
        if not number.isdigit():
            yield UNDECIDED
        elif int(number) < _OWN_FORMATS:
            if int(number) in _BUILT_IN or number not in self.own:
                yield _BUILT_IN.get(int(number), UNDECIDED)
        elif number not in self.own:
            yield GENERAL

    @cached_property
    def shows_numbers(self) -> tuple[bool, ...]:
        """Whether each cell format surely shows a number, not a date."""
        return tuple([self._shows_number(cell.number) for cell in self.formats])

    def _shows_number(self, number: str) -> bool:
        """A code without a letter outside quotation marks has no day, month or hour in it."""
        if number in self.own:
            code = self.own[number]
            if not _ESCAPED_QUOTE.search(code):
                code = _QUOTED.sub("", code)
            return not any(map(str.isalpha, code))
        return number.isdecimal() and int(number) in _NUMBER_FORMATS

    @cached_property
    def odd(self) -> frozenset[int]:
        """The cell formats that may show a whole number, a text or a date otherwise than stored."""
        return self._those([style.is_odd for style in self.cells])

    @cached_property
    def no_numbers(self) -> frozenset[int]:
        """The cell formats that are not surely formats of plain numbers."""
        answers = [not style.is_plain_number for style in self.cells]
        return self._those(answers)

    @cached_property
    def rounding(self) -> frozenset[int]:
        """The cell formats that may show fewer decimals than a number of up to ten digits has."""
        return self._those([style.rounds for style in self.cells])

    @cached_property
    def unseen(self) -> frozenset[int]:
        """The cell formats whose letters nobody can make out."""
        pairs = zip(self.cells, self.formats, strict=True)
        answers: list[bool] = []
        for style, cell in pairs:
            answers.append(self._is_unseen(style, cell.fill))
        return self._those(answers)

    def _is_unseen(self, style: Style, fill: str) -> bool:
        """Whether letters are tiny, or have the colour of the cell."""
        return style.tiny or is_unseen(style.letters, self._fill(fill))

    def _fill(self, number: str) -> Rgb | None:
        """The colour of the fill with a number."""
        if number.isdigit() and int(number) < len(self.fills):
            return self.fills[int(number)]
        return WHITE

    def behind(self, number: int) -> Rgb | None:
        """The colour of a cell whose format has this number."""
        if number < len(self.formats):
            return self._fill(self.formats[number].fill)
        return WHITE

    def may_hide(self, letters: Rgb | None) -> bool:
        """Whether letters of a colour cannot be made out in some cell of the workbook."""
        return any(is_unseen(letters, behind) for behind in {WHITE, *self.fills})

    @cached_property
    def hiding(self) -> Mapping[int, Cover]:
        """The conditional formats that could hide the value of some cell of the workbook."""
        plain = _Colours(letters=BLACK, behind=WHITE)
        used = {plain}
        for style, cell in zip(self.cells, self.formats, strict=True):
            behind = self._fill(cell.fill)
            colours = _Colours(style.letters, behind)
            used.add(colours)
        found: dict[int, Cover] = {}
        for number, cover in self.covers.items():
            if any(cover.hides(colours.letters, colours.behind) for colours in used):
                found[number] = cover
        return found

    def _those(self, answers: list[bool]) -> frozenset[int]:
        found: set[int] = set()
        for number, answer in enumerate(answers):
            if answer:
                found.add(number)
        return frozenset(found)

    def of(self, number: int) -> Style:
        """The style of a cell that names it by ``number``."""
        if number < len(self.cells):
            return self.cells[number]
        if self.cells:
            return Style((UNDECIDED,))
        return Style((GENERAL,))


class StylesMemory:
    """The last styles parts that were read: workbooks made from one blank have the same part."""

    def __init__(self) -> None:
        self._known: Recent[bytes, Styles] = Recent(LIMIT)

    def read(self, part: bytes) -> Styles:
        """As ``read_styles``."""
        styles = self._known.get(part)
        if styles is None:
            styles = read_styles(part)
            if len(part) <= LARGEST:
                self._known.keep(part, styles)
        return styles


def read_styles(part: bytes) -> Styles:
    """The styles in a styles part; an empty part has none. Raises ``BadStylesError``."""
    if not part:
        return Styles()
    try:
        return _read(part)
    except BrokenXmlError:
        pass
    try:
        # Formats decide how a number looks, so a damaged part is read as far as it goes.
        return _read(recovered(part), is_broken=True)
    except (BrokenXmlError, ValueError) as error:
        raise BadStylesError("样式部件不是完好的 XML") from error


_GROUPS = (
    ("numFmts", "numFmt"),
    ("fonts", "font"),
    ("fills", "fill"),
    ("cellXfs", "xf"),
    ("dxfs", "dxf"),
)
"""The elements of a styles part that decide how a value looks."""


def _read(part: bytes, *, is_broken: bool = False) -> Styles:
    own: dict[str, str] = {}
    fonts: list[Style] = []
    fills: list[Rgb | None] = []
    formats: list[CellFormat] = []
    changes: list[Style | None] = []
    covers: list[Cover | None] = []
    groups: dict[tuple[str, str], str] = {}
    for parent, element in pieces(part, level=2):
        if not parent:
            namespace = _namespace(element)
            groups = {
                (f"{namespace}{group}", f"{namespace}{member}"): member for group, member in _GROUPS
            }
            continue
        member = groups.get((parent, element.tag))
        if member == "numFmt":
            key = element.get("numFmtId", "")
            own[key] = element.get("formatCode", UNDECIDED)
        elif member == "font":
            fonts.append(font_style(element))
        elif member == "fill":
            fills.append(fill_colour(element))
        elif member == "xf":
            formats.append(_cell_format(element))
        elif member == "dxf":
            changes.append(changed_style(element))
            covers.append(cover_of(element))
    return Styles(
        own=own,
        fonts=tuple(fonts),
        fills=tuple(fills),
        formats=tuple(formats),
        conditional=_by_number(changes),
        covers=_by_number(covers),
        is_broken=is_broken,
    )


def _by_number(found: Iterable[_Kind | None]) -> dict[int, _Kind]:
    """What conditional formats have, by the numbers of those that have it."""
    numbered: dict[int, _Kind] = {}
    for number, one in enumerate(found):
        if one is not None:
            numbered[number] = one
    return numbered


def _cell_format(element: Element) -> CellFormat:
    return CellFormat(
        element.get("numFmtId", "0"), element.get("fontId", "0"), element.get("fillId", "0")
    )


def _namespace(root: Element) -> str:
    namespace = root.tag.removesuffix("styleSheet")
    if namespace not in {f"{{{known}}}" for known in NAMESPACES}:
        raise BadStylesError("样式部件不是样式")
    return namespace
