"""What a reader sees of a run of a Word document: shown, hidden, struck, raised, or undecided.

The appearance comes from the document's defaults, from table, paragraph and character styles with
the styles they are based on, and from the run itself. ECMA-376 part 1, 17.7.3: a toggle that styles
of several kinds set is on when an odd number of them sets it; the run's own setting counts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from attrs import define, field, frozen

from govdisclose.read.published.word.element_names import (
    OFF,
    RUN_PROPERTIES,
    RUN_STYLE,
    W,
    child,
    value_of,
)
from govdisclose.read.published.word.letter_marks import (
    COLOURS,
    ODD,
    TOGGLES,
    Marks,
    half_points,
    is_shaded,
    mark_of,
    marks_of,
    matter,
)

_SIZE = W + "sz"
_LONGEST_CHAIN = 20
"""Styles based on one another; Word stops at eleven."""
_USUAL_SIZE = 20.0
"""Half points: the size of letters where nothing is declared."""


@frozen
class WordAppearance:
    """How the text of a run looks; ``doubt`` says why that is uncertain.

    ``odd`` are properties that are not understood here: parts of one figure that differ in them may
    look different to a reader. ``white`` letters are not seen on white paper, ``tiny`` ones not at
    all.
    """

    hidden: bool = False
    struck: bool = False
    raised: bool = False
    lowered: bool = False
    white: bool = False
    tiny: bool = False
    doubt: str = ""
    odd: frozenset[str] = frozenset()


PLAIN = WordAppearance()


@frozen
class _WordStyle:
    """A style: the one it is based on, and its properties of letters.

    ``conditional`` when a table style says more of some of its rows or columns, ``shades`` when it
    gives any of them another colour than that of the paper.
    """

    based_on: str
    marks: Marks
    size: float | None
    conditional: bool
    shades: bool


@define
class WordStyles:
    """The styles of a document; ``telling`` are those that change how letters look."""

    defaults: Marks = field(factory=dict)
    styles: Mapping[str, _WordStyle] = field(factory=dict)
    default_ids: Mapping[str, str] = field(factory=dict)
    usual_size: float = _USUAL_SIZE
    telling: frozenset[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        telling: set[str] = set()
        for key in self.styles:
            if _tells(self._chain(key)):
                telling.add(key)
        self.telling = frozenset(telling)

    def size(self, run: Element | None, paragraph: str | None) -> float:
        """The size of the letters of a run, in half points."""
        own = half_points(value_of(child(run, _SIZE)))
        if own is not None:
            return own
        character = value_of(child(run, RUN_STYLE))
        for style in (character, self._named(paragraph, "paragraph")):
            for based in self._chain(style):
                if based.size is not None:
                    return based.size
        return self.usual_size

    def look(self, run: Element | None, paragraph: str | None, table: str | None) -> WordAppearance:
        """The appearance of a run with these properties, under these styles of paragraph and table."""
        own, character = _own_marks(run)
        has_marks = bool(self.defaults) or matter(own)
        if not has_marks and not self.telling:
            return PLAIN
        styles = (
            self._named(table, "table"),
            self._named(paragraph, "paragraph"),
            self._named(character, "character"),
        )
        used = [style for style in styles if style in self.telling]
        if not has_marks and not used:
            return PLAIN
        marks = [self._marks(style) for style in used]
        said = _Said(self.defaults, marks, own)
        return said.appearance(self._is_conditional(styles[0]))

    def _named(self, style: str | None, kind: str) -> str:
        """A style, or the default one of its kind."""
        return style or self.default_ids.get(kind, "")

    def may_shade(self, style: str | None, kind: str) -> bool:
        """Whether a style of a table or a paragraph may colour the paper behind letters."""
        chain = self._chain(self._named(style, kind))
        return any(based.shades for based in chain)

    def _marks(self, style: str) -> Marks:
        """The properties of a style and of all styles it is based on."""
        found: dict[str, str] = {}
        for based in reversed(list(self._chain(style))):
            found |= based.marks
        return found

    def _is_conditional(self, style: str) -> bool:
        """Whether a table style says more of some of its rows or columns."""
        return any(based.conditional for based in self._chain(style))

    def _chain(self, style: str) -> Iterator[_WordStyle]:
        """A style and those it is based on."""
        for _ in range(_LONGEST_CHAIN):
            if style not in self.styles:
                return
            yield self.styles[style]
            style = self.styles[style].based_on


def _tells(chain: Iterable[_WordStyle]) -> bool:
    for style in chain:
        if style.conditional:
            return True
        if matter(style.marks):
            return True
    return False


def _own_marks(run: Element | None) -> tuple[Marks, str | None]:
    """The properties of letters that a run sets, and its character style."""
    found: dict[str, str] = {}
    character: str | None = None
    for element in run if run is not None else ():
        if element.tag == RUN_STYLE:
            character = value_of(element) or None
        else:
            found |= mark_of(element)
    return found, character


# --- the styles part ----------------------------------------------------------------------------


def read_styles(root: Element | None) -> WordStyles:
    """The styles of a document from the root of its styles part."""
    if root is None:
        return WordStyles()
    styles: dict[str, _WordStyle] = {}
    default_ids: dict[str, str] = {}
    for style in root.iter(W + "style"):
        key = style.get(W + "styleId", "")
        styles[key] = _style(style)
        if style.get(W + "default") not in (None, *OFF):
            kind = style.get(W + "type", "")
            default_ids[kind] = key
    common = root.find(f"{W}docDefaults/{W}rPrDefault/{RUN_PROPERTIES}")
    marks = marks_of(common)
    size = half_points(value_of(child(common, _SIZE)))
    return WordStyles(
        defaults=marks if matter(marks) else {},
        styles=styles,
        default_ids=default_ids,
        usual_size=_USUAL_SIZE if size is None else size,
    )


def _style(style: Element) -> _WordStyle:
    properties = style.find(RUN_PROPERTIES)
    parts = style.findall(W + "tblStylePr")
    size = value_of(child(properties, _SIZE))
    shadings = style.iter(W + "shd")
    return _WordStyle(
        based_on=value_of(style.find(W + "basedOn")),
        marks=marks_of(properties),
        size=half_points(size),
        conditional=any(_changes_letters(part) for part in parts),
        shades=any(map(is_shaded, shadings)),
    )


def _changes_letters(part: Element) -> bool:
    """Whether a part of a table style changes how letters look."""
    marks = _without_colours(part.find(RUN_PROPERTIES))
    return matter(marks)


def _without_colours(properties: Element | None) -> Marks:
    """The marks of a part of a table style: white letters in it are usually on a shade."""
    marks = marks_of(properties)
    others: dict[str, str] = {}
    for name, value in marks.items():
        if name not in COLOURS:
            others[name] = value
    return others


# --- one run ------------------------------------------------------------------------------------


@frozen
class _Said:
    """All properties of the letters of a run: from the defaults, from each style, and its own."""

    defaults: Marks
    levels: Sequence[Marks]
    own: Marks

    def appearance(self, is_conditional: bool) -> WordAppearance:
        """The appearance that follows."""
        marks: dict[str, str] = dict(self.defaults)
        for more in (*self.levels, self.own):
            marks |= more
        align = marks.get("vertAlign", "")
        position = marks.get("position", "").strip()
        is_aligned = align not in ("baseline", "")
        is_moved = position not in ("0", "")
        is_white = marks.get("color") == "white"
        odd: set[str] = set()
        for name, value in marks.items():
            if value and name.startswith(ODD):
                odd.add(name)
        return WordAppearance(
            hidden=self._toggled("vanish") or marks.get("specVanish") == "1",
            struck=self._toggled("strike") or marks.get("dstrike") == "1",
            raised=is_aligned or is_moved,
            lowered=align == "subscript" or position.startswith("-"),
            white=is_white and not marks.get("shade"),
            tiny=bool(marks.get("sz")),
            odd=frozenset(odd),
            doubt=_doubt(marks, is_conditional) or self._dispute(),
        )

    def _toggled(self, name: str) -> bool:
        """Whether a toggle is on."""
        if name in self.own:
            return self.own[name] == "1"
        if self.defaults.get(name) == "1":
            return True
        return self._count(name) % 2 == 1

    def _count(self, name: str) -> int:
        """How many styles set a toggle."""
        values = [marks.get(name) for marks in self.levels]
        return values.count("1")

    def _dispute(self) -> str:
        """A doubt where styles of two kinds hide or strike text: Word shows it, others do not."""
        for name in TOGGLES:
            if name in self.own:
                continue
            if self._count(name) > 1:
                return "被两层样式划掉或隐藏"
        return ""


_DOUBTS = {
    "rtl": "文字方向从右到左",
    "eastAsianLayout": "文字经过合并或旋转",
    "font": "字体显示的不是数字",
    "sz": "文字过小或重叠",
    "w": "文字过小或重叠",
    "spacing": "文字过小或重叠",
}
"""Why the look of letters is unknown, by the mark that causes it."""


def _doubt(marks: Marks, is_conditional: bool) -> str:
    for name, reason in _DOUBTS.items():
        if marks.get(name, "") not in ("", "0"):
            return reason
    return "表格样式按行列隐藏、划掉或升高文字" if is_conditional else ""
