"""The styles of a workbook: number formats, and fonts that strike out, raise or lower.

Of a cell's style only the cell's own record counts: Excel copies into it whatever a named style says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from attrs import frozen

from govdisclose.read.workbook.plain_formats import GENERAL, NUMBERS, is_harmless, shows_decimals
from govdisclose.read.workbook.xml_parts import as_plain, is_on, local, parsed, well_formed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

UNDECIDED = "[?]"
"""Stands for the format of a cell whose format is not to be found."""

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

LOWERED = "下标"
_RAISED = {"superscript": "上标", "subscript": LOWERED}

_CODE = re.compile(rb'formatCode="([^"]*)"')
_NUMBER = re.compile(rb'numFmtId="(\d+)"')
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
"""What XML writes instead of a character, the ampersand last: ``xml.sax.saxutils`` would import ``urllib``."""


@frozen
class Style:
    """Number formats (more than one where programs could differ on which it is) and marks of one style."""

    formats: tuple[str, ...] = ()
    struck: bool = False
    raised: str = ""

    @classmethod
    def of_font(cls, font: Element, formats: tuple[str, ...] = ()) -> Style:
        """The marks of a font, or of the properties of a run."""
        struck = False
        raised = ""
        for child in font:
            if local(child) == "strike":
                struck = is_on(child.get("val", "1"))
            elif local(child) == "vertAlign":
                raised = _RAISED.get(child.get("val", ""), "")
        return cls(formats, struck, raised)

    @classmethod
    def of_change(cls, change: Element) -> Style | None:
        """What a conditional format changes in the look of a value; ``None`` for colours and the like."""
        formats = []
        style = cls()
        for child in change:
            if local(child) == "numFmt":
                formats.append(child.get("formatCode", UNDECIDED))
            elif local(child) == "font":
                style = cls.of_font(child)
        if not formats and not style.struck and not style.raised:
            return None
        return cls(tuple(formats), style.struck, style.raised)

    @property
    def is_odd(self) -> bool:
        """Whether a whole number, a text or a date may look otherwise than it is stored."""
        return self.struck or bool(self.raised) or not all(map(is_harmless, self.formats))


@frozen(slots=False)
class Styles:
    """The styles of cells by number, and those of conditional formats that change the look of a value."""

    cells: tuple[Style, ...]
    conditional: Mapping[int, Style]

    @cached_property
    def odd(self) -> frozenset[int]:
        """The numbers of the styles that may show a whole number, a text or a date otherwise than it is stored."""
        return frozenset(number for number, style in enumerate(self.cells) if style.is_odd)

    @cached_property
    def no_numbers(self) -> frozenset[int]:
        """The numbers of the styles that are not surely formats of plain numbers."""
        styles = enumerate(self.cells)
        return frozenset(
            number for number, style in styles if not NUMBERS.issuperset(style.formats)
        )

    @cached_property
    def rounding(self) -> frozenset[int]:
        """The numbers of the styles that may show fewer decimals than a number of up to ten digits has."""
        styles = enumerate(self.cells)
        return frozenset(
            number for number, style in styles if not all(map(shows_decimals, style.formats))
        )

    def of(self, number: int) -> Style:
        """The style of a cell that names it by ``number``."""
        if number < len(self.cells):
            return self.cells[number]
        return Style((UNDECIDED,)) if self.cells else Style((GENERAL,))


@lru_cache(maxsize=16)
def used_formats(part: bytes) -> frozenset[str] | None:
    """The number formats in use, by a search of bytes; ``None`` where it cannot tell, or where a font marks its text."""
    if not as_plain(part) or b"&#" in part or b"strike" in part or b"vertAlign" in part:
        return None
    codes = _CODE.findall(part)
    cells = part[part.find(b"cellXfs") : part.rfind(b"cellXfs")]
    numbers = _NUMBER.findall(cells)
    if len(codes) != part.count(b"formatCode") or len(numbers) != cells.count(b"numFmtId"):
        return None
    own = {_unescaped(code.decode("utf-8", "replace")) for code in codes}
    built_in = {
        _BUILT_IN.get(int(number), UNDECIDED)
        for number in set(numbers)
        if int(number) < _OWN_FORMATS
    }
    return frozenset(own | built_in)


def _unescaped(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


@lru_cache(maxsize=16)
def read_styles(part: bytes) -> Styles:
    """The styles in a styles part, as far as they can be read.

    Workbooks made from one blank have the same part, so the last ones are remembered.
    """
    groups: dict[str, Element] = {}
    for group in parsed(well_formed(part)).iter() if part else ():
        groups.setdefault(local(group), group)
    own = {}
    for entry in _members(groups, "numFmts", "numFmt"):
        own[entry.get("numFmtId", "")] = entry.get("formatCode", UNDECIDED)
    fonts = [Style.of_font(font) for font in _members(groups, "fonts", "font")]
    cells = tuple(_cell_style(record, own, fonts) for record in _members(groups, "cellXfs", "xf"))
    conditional = {}
    for number, change in enumerate(_members(groups, "dxfs", "dxf")):
        style = Style.of_change(change)
        if style is not None:
            conditional[number] = style
    return Styles(cells, conditional)


def _members(groups: Mapping[str, Element], group: str, name: str) -> list[Element]:
    return [member for member in groups.get(group, ()) if local(member) == name]


def _cell_style(record: Element, own: Mapping[str, str], fonts: list[Style]) -> Style:
    number = record.get("numFmtId", "0")
    font = record.get("fontId", "0")
    marks = fonts[int(font)] if font.isdigit() and int(font) < len(fonts) else Style()
    return Style(tuple(_formats(number, own)), marks.struck, marks.raised)


def _formats(number: str, own: Mapping[str, str]) -> Iterator[str]:
    """The format of a number: the workbook's own and, for one that is built in, that as well."""
    if number in own:
        yield own[number]
    if not number.isdigit():
        yield UNDECIDED
    elif int(number) < _OWN_FORMATS:
        if int(number) in _BUILT_IN or number not in own:
            yield _BUILT_IN.get(int(number), UNDECIDED)
    elif number not in own:
        yield GENERAL
