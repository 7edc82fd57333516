"""What a reader sees of a run of a Word document: shown, hidden, struck, raised, or not to be decided here.

Looks come from the document's defaults, from table, paragraph and character styles with the styles
they are based on, and from the run itself. ECMA-376 part 1, 17.7.3: a toggle that styles of several
kinds set is on when an odd number of them sets it; what the run says itself counts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element

from attrs import define, field, frozen

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = W + "val"
_TOGGLES = ("strike", "vanish")
_SWITCHES = ("dstrike", "specVanish", "rtl")
_VALUES = ("vertAlign", "position", "eastAsianLayout", "w", "sz", "spacing", "rFonts")
_HARMLESS = frozenset([
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "outline", "shadow", "emboss", "imprint", "noProof",
    "snapToGrid", "color", "kern", "szCs", "highlight", "u", "effect", "bdr", "shd", "cs", "em", "lang", "oMath",
    "rPrChange", "ins", "del", "moveFrom", "moveTo",
])  # fmt: skip
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_PICTURE_FONTS = ("wingdings", "webdings", "symbol", "marlett", "mt extra")
"""Fonts whose figures are pictures or other letters."""
_NAMES = {W + name: name for name in (*_TOGGLES, *_SWITCHES, *_VALUES)}
_OFF = ("0", "false", "off")
_LONGEST_CHAIN = 20
"""Styles based on one another; Word stops at eleven."""
_TINY = 4
"""Half points: letters of this size are not read by anybody."""


@frozen
class WordLook:
    """How the text of a run looks; ``doubt`` says why it cannot be told.

    ``odd`` are properties that are not understood here: parts of one figure that differ in them may look
    otherwise to a reader.
    """

    hidden: bool = False
    struck: bool = False
    raised: bool = False
    lowered: bool = False
    doubt: str = ""
    odd: frozenset[str] = frozenset()


PLAIN = WordLook()
Marks = Mapping[str, str]
"""Properties of letters by their names; switches are ``1`` or ``0``."""


@frozen
class _Style:
    """A style: what it is based on, and what it says of letters."""

    based_on: str
    marks: Marks
    conditional: bool


@define
class WordStyles:
    """The styles of a document, and the looks worked out so far."""

    defaults: Marks = field(factory=dict)
    styles: Mapping[str, _Style] = field(factory=dict)
    default_ids: Mapping[str, str] = field(factory=dict)
    telling: frozenset[str] = frozenset()
    usual_size: float = 20.0
    sizes: Mapping[str, float] = field(factory=dict)

    def size(self, run: Element | None, paragraph: str | None) -> float:
        """The size of the letters of a run, in half points."""
        own = None if run is None else run.find(W + "sz")
        said = None if own is None else half_points(own.get(VAL, ""))
        if said is not None:
            return said
        character = None if run is None else run.find(W + "rStyle")
        names = [
            "" if character is None else character.get(VAL, ""),
            paragraph or self.default_ids.get("paragraph", ""),
        ]
        for name in names:
            chain = (key for key in self.names(name) if key in self.sizes)
            found = next(chain, None)
            if found is not None:
                return self.sizes[found]
        return self.usual_size

    def look(self, run: Element | None, paragraph: str | None, table: str | None) -> WordLook:
        """The look of a run with its own properties, in a paragraph and a table of these styles."""
        own, character = _own_marks(run)
        if not self.telling and not self.defaults and not _matter(own):
            return PLAIN
        ids = (
            table or self.default_ids.get("table"),
            paragraph or self.default_ids.get("paragraph"),
            character or self.default_ids.get("character"),
        )
        used = [style for style in ids if style in self.telling]
        if not used and not self.defaults and not _matter(own):
            return PLAIN
        levels = [self.marks(style) for style in used if style is not None]
        return _look(self.defaults, levels, own, self.is_conditional(ids[0]))

    def marks(self, style: str) -> Marks:
        """What a style says with all those it is based on."""
        found: dict[str, str] = {}
        for one in reversed(list(self.chain(style))):
            found |= one.marks
        return found

    def is_conditional(self, style: str | None) -> bool:
        """Whether a table style says more of some of its rows or columns."""
        return style in self.telling and any(one.conditional for one in self.chain(style or ""))

    def chain(self, style: str) -> Iterator[_Style]:
        """A style and those it is based on."""
        for name in self.names(style):
            yield self.styles[name]

    def names(self, style: str) -> Iterator[str]:
        """The name of a style and of those it is based on."""
        for _ in range(_LONGEST_CHAIN):
            if style not in self.styles:
                return
            yield style
            style = self.styles[style].based_on


def read_styles(root: Element | None) -> WordStyles:
    """The styles of a document from the root of its styles part."""
    if root is None:
        return WordStyles()
    styles: dict[str, _Style] = {}
    defaults: dict[str, str] = {}
    for style in root.iter(W + "style"):
        key = style.get(W + "styleId", "")
        based_on = style.find(W + "basedOn")
        conditional = any(_marks(part.find(W + "rPr")) for part in style.findall(W + "tblStylePr"))
        marks = _marks(style.find(W + "rPr"))
        styles[key] = _Style("" if based_on is None else based_on.get(VAL, ""), marks, conditional)
        if style.get(W + "default") not in (None, *_OFF):
            defaults[style.get(W + "type", "")] = key
    common = _marks(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    found = WordStyles(common if _matter(common) else {}, styles, defaults)
    found.sizes = _sizes(root)
    usual = half_points(_value(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}sz")))
    found.usual_size = usual if usual is not None else found.usual_size
    found.telling = frozenset(key for key in styles if _tells(found.chain(key)))
    return found


def _sizes(root: Element) -> dict[str, float]:
    """The size of letters that each style says itself, in half points."""
    found: dict[str, float] = {}
    for style in root.iter(W + "style"):
        size = half_points(_value(style.find(f"{W}rPr/{W}sz")))
        if size is not None:
            found[style.get(W + "styleId", "")] = size
    return found


def _value(element: Element | None) -> str:
    return "" if element is None else element.get(VAL, "")


_UNITS = {"pt": 1.0, "mm": 2.835, "cm": 28.35, "in": 72.0, "pc": 12.0, "pi": 12.0}
"""Points, by the units of ECMA-376 part 1, 22.9.2.15."""


def points(value: str, plain: float) -> float | None:
    """A measure in points: with a unit, or a bare number of parts of which a point has ``plain``."""
    value = value.strip()[:20]
    unit = value[-2:]
    try:
        return float(value[:-2]) * _UNITS[unit] if unit in _UNITS else float(value) / plain
    except ValueError:
        return None


def half_points(value: str) -> float | None:
    """A size of letters in half points."""
    found = points(value, 2)
    return None if found is None else found * 2


def _tells(chain: Iterable[_Style]) -> bool:
    return any(_matter(style.marks) or style.conditional for style in chain)


def _matter(marks: Marks) -> bool:
    """Whether any of the marks changes how letters look: by itself a switch that is off does not."""
    return any(value not in ("", "0", "baseline") for value in marks.values())


def _own_marks(run: Element | None) -> tuple[Marks, str | None]:
    """What a run says of its letters, and its character style."""
    if run is None:
        return {}, None
    found: dict[str, str] = {}
    character = None
    for child in run:
        if child.tag == W + "rStyle":
            character = child.get(VAL)
        else:
            found |= _said(child)
    return found, character


def _said(child: Element) -> Marks:
    """What one property says, whether it is understood or not."""
    name = _NAMES.get(child.tag)
    if name is not None:
        return _mark(name, child)
    plain = child.tag.removeprefix(W)
    if plain in _HARMLESS or child.get(VAL) in _OFF:
        return {}
    if child.tag.startswith(_W14):
        plain = child.tag.removeprefix(_W14)
        inside = {part.tag.removeprefix(_W14) for part in child.iter()}
        return {f"odd {plain}": "1"} if plain == "textFill" and inside & {"noFill", "alpha"} else {}
    return {f"odd {plain}": child.get(VAL, "1") or "1"}


def _marks(properties: Element | None) -> Marks:
    found: dict[str, str] = {}
    for child in properties if properties is not None else ():
        found |= _said(child)
    return found


def _mark(name: str, child: Element) -> Marks:
    """One property, unless it is one of those values that change nothing."""
    value = child.get(VAL, "")
    if name in _TOGGLES or name in _SWITCHES:
        return {name: "0" if value in _OFF else "1"}
    if name == "eastAsianLayout":
        return (
            {name: "1"}
            if any(child.get(W + key) not in (None, *_OFF) for key in ("combine", "vert"))
            else {}
        )
    if name == "rFonts":
        fonts = " ".join(child.attrib.values()).lower()
        return {"font": "1"} if any(font in fonts for font in _PICTURE_FONTS) else {}
    if name == "sz":
        size = half_points(value)
        return {name: value if size is not None and size <= _TINY else ""}
    if name == "w":
        return (
            {name: value}
            if value.rstrip("%").isdecimal() and int(value.rstrip("%")[:9]) < 20
            else {}
        )
    if name == "spacing":
        narrower = points(value, 20)
        return {name: value} if narrower is not None and narrower < -3 else {}
    return {name: value}


def _look(defaults: Marks, levels: list[Marks], own: Marks, conditional: bool) -> WordLook:
    on = {name: _toggled(name, defaults, levels, own) for name in _TOGGLES}
    said: dict[str, str] = dict(defaults)
    for marks in (*levels, own):
        said |= marks
    raised = said.get("vertAlign", "baseline") not in ("baseline", "")
    moved = said.get("position", "0").strip() not in ("0", "")
    return WordLook(
        hidden=on["vanish"] or said.get("specVanish") == "1",
        struck=on["strike"] or said.get("dstrike") == "1",
        raised=raised or moved,
        lowered=said.get("vertAlign") == "subscript"
        or said.get("position", "").strip().startswith("-"),
        odd=frozenset(name for name, value in said.items() if name.startswith("odd ") and value),
        doubt=_doubt(said, conditional) or _disputed(levels, own),
    )


def _toggled(name: str, defaults: Marks, levels: list[Marks], own: Marks) -> bool:
    if name in own:
        return own[name] == "1"
    if defaults.get(name) == "1":
        return True
    return sum(marks.get(name) == "1" for marks in levels) % 2 == 1


def _disputed(levels: list[Marks], own: Marks) -> str:
    """Where styles of two kinds hide or strike text, Word shows it and other programs do not."""
    for name in _TOGGLES:
        if name not in own and sum(marks.get(name) == "1" for marks in levels) > 1:
            return "被两层样式划掉或隐藏"
    return ""


def _doubt(said: Marks, conditional: bool) -> str:
    if said.get("rtl") == "1":
        return "文字方向从右到左"
    if said.get("eastAsianLayout"):
        return "文字经过合并或旋转"
    if said.get("font"):
        return "字体显示的不是数字"
    if said.get("sz") or said.get("w") or said.get("spacing"):
        return "文字过小或重叠"
    return "表格样式按行列隐藏、划掉或升高文字" if conditional else ""
