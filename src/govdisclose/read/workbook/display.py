"""What a person sees in the cells of a workbook: formats, marked text, hidden rows and columns.

For a workbook as offices make it, a few searches in its bytes show that everything is drawn as it
is stored. Only where these searches find something are the sheets parsed (``drawn_sheet``), and
only the cells that are read are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from govdisclose.errors import InputError
from govdisclose.read.grid import Position, position
from govdisclose.read.workbook.appearance import Appearance, HiddenParts, Run
from govdisclose.read.workbook.parts import BookParts
from govdisclose.read.workbook.styles import Styles
from govdisclose.read.workbook.xml_parts import BrokenXmlError, as_plain, is_usual

if TYPE_CHECKING:
    from govdisclose.read.workbook.drawn_sheet import DrawnSheet

T = TypeVar("T")

_MARKS = (b"strike", b"vertAlign")
"""Every part that strikes out, raises or lowers text contains one of these words."""
_HIDING = (b'idth="0', b"idth='0", b'showZeros="0', b'showZeros="f', b"showZeros='")
"""How a column without width is written, and that zeros are not shown."""
_LOW_ROW = re.compile(rb'ht="[0-5](?<= ht="[0-5])(?![0-9])')
"""How the height of a row is written that is too low for letters."""
_UNUSUAL_HEIGHT = re.compile(rb'ht(?!=")')
_UNUSUAL_STYLE = re.compile(rb's=(?!")')
_COVERING = (b"showValue", b"dxf>")
"""How a bar or an icon in place of a value is written, and formats of its own for conditions."""
_RUN = b"rPr"
"""How the look of a piece of a text is written."""
_BLANKS = (b"\t", b"\r", b"\n")
"""What may be in front of an attribute, besides the blank that every program writes there."""
_SPACED = (b" =", b"= ")
"""Attributes that are written as no spreadsheet writes them."""
_DATA = b"sheetData"


Answers: TypeAlias = dict[Hashable, Any]
"""Question → answer about the bytes of a worksheet; its values do not matter."""


class Display:
    """What a person sees of the sheets of one workbook; ``file`` names it in messages.

    ``known`` are the answers for sheets whose layout is known: it differs from an earlier
    one only in its values. New answers are added to them. With ``plain_strings`` no shared string
    has a look of its own.
    """

    def __init__(
        self,
        parts: BookParts,
        styles: Styles,
        file: str,
        known: Mapping[str, Answers] | None = None,
        *,
        plain_strings: bool = False,
    ) -> None:
        self._parts = parts
        self._styles = styles
        self._file = file
        self._plain_strings = plain_strings
        self._sheet_parts = {sheet.name: sheet.part for sheet in parts.sheets}
        self._drawn: dict[str, DrawnSheet] = {}
        self._answers: dict[str, Answers] = {sheet.name: {} for sheet in parts.sheets}
        if known is not None:
            self._answers.update(known)

    @property
    def has_broken_styles(self) -> bool:
        """Whether the styles of the workbook are damaged."""
        return self._styles.is_broken

    @cached_property
    def hidden_sheets(self) -> frozenset[str]:
        """The names of the sheets that are hidden, however deeply."""
        names = [sheet.name for sheet in self._parts.sheets if sheet.hidden]
        return frozenset(names)

    def look(
        self,
        sheet: str,
        cells: Collection[Position],
        decimals: Collection[Position] = (),
        closely: Collection[Position] = (),
        large: Collection[Position] = (),
    ) -> Mapping[Position, Appearance]:
        """The appearance of those among ``cells`` that may show something else than is stored.

        ``decimals`` are those among them whose values have decimals, ten digits at the most: a
        format may round them. ``closely`` are those whose values need a look at every format,
        ``large`` whole numbers that no format of a date can show.
        """
        if large and not self._none_has(sheet, self._styles.no_numbers, large):
            closely = [*closely, *large]
        if not self._looks_plain(sheet, cells):
            wanted = cells
        elif decimals and not self._none_has(sheet, self._styles.rounding, decimals):
            wanted = [*decimals, *closely]
        else:
            wanted = closely
        if wanted:
            return self._drawn_sheet(sheet).appearances(wanted)
        return {}

    def may_hide(self, sheet: str) -> bool:
        """Whether anything in a sheet may be hidden: the sheet itself, rows, columns or letters."""
        if sheet in self.hidden_sheets or self._styles.unseen or self._strings_may_be_unseen:
            return True
        return self._answer(sheet, "may hide", self._may_hide)

    def hidden_parts(self, sheet: str, cells: Collection[Position]) -> HiddenParts:
        """The rows, columns and letters of ``cells`` that are hidden, and whether zeros are."""
        letters = self._unseen_letters(sheet, cells)
        if not self._answer(sheet, "may hide", self._may_hide):
            return HiddenParts(letters=letters)
        drawn = self._drawn_sheet(sheet)
        rows = set()
        columns = set()
        for row, column in cells:
            if row in drawn.hidden_rows:
                rows.add(row)
            if drawn.hides_column(column):
                columns.add(column)
        return HiddenParts(
            rows=tuple(sorted(rows)),
            columns=tuple(sorted(columns)),
            zeros=drawn.hides_zeros,
            letters=letters,
            covered=tuple(sorted(filter(drawn.may_cover, cells))),
        )

    def _unseen_letters(self, sheet: str, cells: Collection[Position]) -> tuple[Position, ...]:
        """Those of ``cells`` with letters that nobody can make out."""
        if not self._letters_may_be_unseen(sheet, cells):
            return ()
        drawn = self._drawn_sheet(sheet).cells
        unseen: set[Position] = set()
        for at in cells:
            if at in drawn and drawn[at].unseen:
                unseen.add(at)
        return tuple(sorted(unseen))

    def _letters_may_be_unseen(self, sheet: str, cells: Collection[Position]) -> bool:
        if self._strings_may_be_unseen or self._answer(sheet, "own runs", self._has_own_runs):
            return True
        return not self._none_has(sheet, self._styles.unseen, cells)

    # --- a search of bytes ------------------------------------------------------------------------

    def _may_hide(self, sheet: str) -> bool:
        part = self._part(sheet)
        if _may_hide(part, partial(self._is_usual, sheet)) or _may_have_own_runs(part):
            return True
        below = part[part.rfind(_DATA) :]
        return _holds(below, _COVERING) or (bool(self._styles.hiding) and b"dxfId" in below)

    def _has_own_runs(self, sheet: str) -> bool:
        return _may_have_own_runs(self._part(sheet))

    def _looks_plain(self, sheet: str, cells: Collection[Position]) -> bool:
        """Whether surely none of ``cells`` is drawn otherwise than stored, decimals excepted."""
        if not self._strings_are_plain:
            return False
        if not self._answer(sheet, "plain", self._is_plain):
            return False
        return self._none_has(sheet, self._styles.odd, cells)

    def _is_plain(self, sheet: str) -> bool:
        """Whether a sheet surely marks no text and has no formats for conditions."""
        part = self._part(sheet)
        if not as_plain(part) or _may_mark(part):
            return False
        return not (self._styles.conditional and b"dxfId" in part)

    def _none_has(self, sheet: str, styles: frozenset[int], cells: Collection[Position]) -> bool:
        """Whether surely none of ``cells`` has one of ``styles``."""
        if not styles:
            return True
        if 0 in styles:  # the style of every cell that names none
            return False
        find = partial(self._cells_with, styles=styles)
        found = self._answer(sheet, styles, find)
        if not found:
            return found is not None
        return found.isdisjoint(cells)

    def _cells_with(self, sheet: str, styles: frozenset[int]) -> frozenset[Position] | None:
        """The cells that have one of ``styles``; ``None`` where a search cannot tell."""
        part = self._part(sheet)
        if _UNUSUAL_STYLE.search(part) and not self._is_usual(sheet):
            return None
        found: set[Position] = set()
        for style in styles:
            cells = _cells_of_style(part, style)
            if cells is None:
                return None
            found.update(cells)
        return frozenset(found)

    def _is_usual(self, sheet: str) -> bool:
        """Whether the attributes in a sheet can be searched for as every program writes them."""
        return self._answer(sheet, "usual", lambda name: is_usual(self._part(name)))

    def _answer(self, sheet: str, question: Hashable, find: Callable[[str], T]) -> T:
        """The answer of ``find`` about a sheet; it is looked for once."""
        answers = self._answers[sheet]
        if question not in answers:
            answers[question] = find(sheet)
        answer: T = answers[question]
        return answer

    @cached_property
    def _strings_are_plain(self) -> bool:
        if self._plain_strings:
            return True
        part = self._parts.content(self._parts.strings)
        return as_plain(part) and not _holds(part, _MARKS)

    @cached_property
    def _strings_may_be_unseen(self) -> bool:
        """Whether a piece of a shared string is tiny, or has the colour of some cell."""
        if self._plain_strings:
            return False
        part = self._parts.content(self._parts.strings)
        if as_plain(part) and _RUN not in part:
            return False
        for runs in self._strings:
            if any(run.tiny or self._styles.may_hide(run.letters) for run in runs):
                return True
        return False

    def _part(self, sheet: str) -> bytes:
        return self._parts.content(self._sheet_parts[sheet])

    # --- a parser ---------------------------------------------------------------------------------

    def _drawn_sheet(self, sheet: str) -> DrawnSheet:
        if sheet in self._drawn:
            return self._drawn[sheet]
        from govdisclose.read.workbook.drawn_sheet import drawn_sheet

        try:
            drawn = drawn_sheet(self._part(sheet), self._styles, self._shared_runs)
        except (BrokenXmlError, ValueError) as error:
            said = f"{self._file} 的工作表“{sheet}”已损坏，请用 Excel 或 WPS 打开后另存一份"
            raise InputError(said) from error
        self._drawn[sheet] = drawn
        return drawn

    def _shared_runs(self, index: str) -> tuple[Run, ...]:
        """The runs of a shared string; none where all strings are plain."""
        if self._strings_are_plain and not self._strings_may_be_unseen:
            return ()
        number = int(index)
        if number < len(self._strings):
            return self._strings[number]
        return ()

    @cached_property
    def _strings(self) -> tuple[tuple[Run, ...], ...]:
        from govdisclose.read.workbook.drawn_sheet import string_runs

        part = self._parts.content(self._parts.strings)
        try:
            return string_runs(part) if part else ()
        except BrokenXmlError as error:
            said = f"{self._file} 的内容已损坏，请用 Excel 或 WPS 打开后另存一份"
            raise InputError(said) from error


def _holds(part: bytes, marks: tuple[bytes, ...]) -> bool:
    return max(map(part.find, marks)) >= 0  # to ask with "in" takes twice as long


def _with_blanks(part: bytes) -> bytes:
    """A part with a blank in place of any other character that separates attributes."""
    for character in _BLANKS:
        part = part.replace(character, b" ")
    return part


def _cells_of_style(part: bytes, style: int) -> list[Position] | None:
    """The cells that have a style; ``None`` where something else may have it."""
    attribute = b's="%d"' % style
    if attribute not in part:
        return []
    addresses = re.findall(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]* ' + attribute, part)
    if len(addresses) != part.count(attribute):
        return None
    return [position(address.decode()) for address in addresses]


def _may_hide(part: bytes, is_usual: Callable[[], bool]) -> bool:
    """Whether a sheet may hide a row or a column; LibreOffice writes of each that it does not.

    ``is_usual`` says whether attributes are surely written as ``name="value"``.
    """
    if not as_plain(part):
        return True
    if b"hidden" in part:
        denied = part.count(b'hidden="false"') + part.count(b'hidden="0"')
        if part.count(b"hidden") != denied:
            return True
    start = part.find(_DATA)
    end = part.rfind(_DATA)
    head = part[:start]
    rows = part[start:end]
    if _LOW_ROW.search(_with_blanks(rows)):
        return True
    if _UNUSUAL_HEIGHT.search(rows) and not is_usual():
        return True
    return _holds(head, _HIDING) or _holds(head, _SPACED)


def _may_have_own_runs(part: bytes) -> bool:
    """Whether a sheet may hold rich text of its own."""
    return b"inlineStr" in part and _RUN in part


def _may_mark(part: bytes) -> bool:
    """Whether a sheet may hold rich text of its own, or formats of its own for conditions."""
    if b"inlineStr" in part:
        return _holds(part, _MARKS)
    below = part[part.rfind(_DATA) :]
    return b"numFmt" in below or _holds(below, _MARKS)
