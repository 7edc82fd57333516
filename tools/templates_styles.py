"""The design of the templates after GB/T 9704-2012: named styles, fonts, page and page numbers.

Lengths are twips (1/20 pt) unless a name says otherwise; font sizes are half points, as Word counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from govdisclose.write.line_breaks import NOT_FIRST, NOT_LAST
from govdisclose.write.line_fit import NORMAL, SPACINGS, TIGHT, TIGHTER
from govdisclose.write.signing import USUAL_LENGTH, left_indent
from templates_xml import paragraph, part, run, w

SONG, FANGSONG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
FALLBACKS = {FANGSONG: "仿宋", KAI: "楷体", TITLE: "宋体", SONG: "SimSun", HEI: "SimHei"}
"""The fonts that Word uses if a font is not installed."""

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, BOTTOM, LEFT, RIGHT = 1984, 2098, 1587, 1474
"""The margins, with 225 mm between the upper and the lower one. The characters of the first line begin
37 mm below the edge of the paper: a line of fixed height has 2 mm above them."""

ACROSS_LEFT, ACROSS_RIGHT = 2098, 1984
"""The margins of a landscape page at the short edges of the paper."""

TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
"""The width of the text, 156 mm."""

LANDSCAPE_WIDTH = PAGE_HEIGHT - ACROSS_LEFT - ACROSS_RIGHT
"""The width of the text on a landscape page: the margins are turned with the paper."""

LINE = 579
"""The height of a line: 22 lines in 225 mm."""


def _spacing(name: str) -> str:
    """A letter spacing of text.

    With the usual one, 28 characters of 16 pt fit on 156 mm: each is 0.25 pt narrower, the rest is
    justified. A character grid has the same effect in Word, but LibreOffice then sets every letter
    and digit in a separate box.
    """
    return w("spacing", val=SPACINGS[name])


FOOTER = 1420
"""From the edge of the page to the footer: the dashes of the page number are 7 mm below the text."""

LANDSCAPE_BOTTOM = 1304
"""The lower margin of a landscape page: table three fits above it."""

LANDSCAPE_FOOTER = 794
"""The same on a landscape page, whose lower margin is narrower."""

_INDENT = w("ind", firstLineChars=200, firstLine=640)
_OFF_GRID = w("snapToGrid", val=0)


def _exact(line: int, after: int = 0) -> str:
    return w("spacing", before=0, after=after, line=line, lineRule="exact")


def _fonts(name: str) -> str:
    return w("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def _size(half_points: int) -> str:
    return w("sz", val=half_points) + w("szCs", val=half_points)


@frozen
class Style:
    """A named style; ``look`` and ``letters`` are its paragraph and run properties."""

    key: str
    name: str
    look: str = ""
    letters: str = ""
    parent: str = "Normal"
    then: str | None = None
    kind: str = "paragraph"

    def xml(self) -> str:
        """The style as Word stores it, offered in its gallery."""
        return w(
            "style",
            w("name", val=self.name),
            w("basedOn", val=self.parent) if self.kind == "paragraph" else "",
            w("next", val=self.then) if self.then else "",
            w("uiPriority", val=1),
            w("qFormat"),
            w("pPr", self.look) if self.look else "",
            w("rPr", self.letters) if self.letters else "",
            type=self.kind,
            customStyle=1,
            styleId=self.key,
        )


def _heading(key: str, name: str, font: str, level: int) -> Style:
    look = w("keepNext") + w("jc", val="left") + w("outlineLvl", val=level)
    return Style(key, name, look, _fonts(font), parent="Body", then="Body")


def _cell(
    key: str, name: str, font: str, size: int, line: int, align: str = "center", squeeze: str = ""
) -> Style:
    """A style of cells; ``squeeze`` are run properties that make its letters narrower."""
    look = w("widowControl", val=0) + _OFF_GRID + _exact(line)
    look += w("ind", firstLineChars=0, firstLine=0) + w("jc", val=align)
    letters = _fonts(font) + _OFF_GRID + squeeze + _size(size)
    return Style(key, name, look, letters)


def _cover(key: str, name: str, font: str, size: int, before: int) -> Style:
    """A style of a line on the cover: ``size`` in half points, ``before`` above it."""
    look = _OFF_GRID + w("spacing", before=before, after=0, line=360, lineRule="auto")
    return Style(key, name, look + w("jc", val="center"), _fonts(font) + _size(size))


def plain_style(key: str, name: str, font: str, size: int, align: str) -> Style:
    """A style of a line that is as high as its letters; ``size`` is in half points."""
    look = _OFF_GRID + w("spacing", before=40, after=40, line=240, lineRule="auto")
    return Style(key, name, look + w("jc", val=align), _fonts(font) + _size(size))


_ABOVE_TITLE = 120
"""The characters of the title, which are higher than a line allows for, begin 37 mm below the edge too."""


def _title() -> Style:
    """The title, whose lines and the blank one below it are those of the text."""
    look = w("keepNext") + w("keepLines") + _OFF_GRID
    look += w(
        "spacing", before=_ABOVE_TITLE, after=LINE - _ABOVE_TITLE, line=LINE, lineRule="exact"
    )
    look += w("jc", val="center")
    return Style("ReportTitle", "报告标题", look, _fonts(TITLE) + _size(44), then="Body")


def signing_place(left: int) -> str:
    """The place of name or date: in the middle between ``left`` and the right margin."""
    return w("ind", left=left, firstLineChars=0, firstLine=0)


def _signing(before: int) -> str:
    spacing = w("spacing", before=before, after=0, line=LINE, lineRule="exact")
    return spacing + signing_place(left_indent(USUAL_LENGTH)) + w("jc", val="center")


_SQUEEZE = w("spacing", val=-4)
"""0.2 pt narrower: the longest common row label fits on one line, and eight digits fit a column of
table three."""

_SQUEEZE_COUNT = w("spacing", val=-8)
"""0.4 pt narrower: six digits fit a column of table four."""

STYLES = (
    _title(),
    _heading("Heading1", "一级标题", HEI, 0),
    _heading("Heading2", "二级标题", KAI, 1),
    _heading("Heading3", "三级标题", FANGSONG, 2),
    _heading("Heading4", "四级标题", FANGSONG, 3),
    Style(
        "Body",
        "报告正文",
        w("widowControl") + _exact(LINE) + _INDENT + w("jc", val="both"),
        _spacing(NORMAL),
    ),
    # A number goes to the next line as a whole: justified, the line before it would be stretched. With
    # another spacing it fits, or ends a line. Where no spacing helps, the lines are not justified.
    Style("BodyTight", "报告正文（紧）", letters=_spacing(TIGHT), parent="Body"),
    Style("BodyTighter", "报告正文（更紧）", letters=_spacing(TIGHTER), parent="Body"),
    Style("BodyLeft", "报告正文（左对齐）", w("jc", val="left"), parent="Body"),
    Style("Signature", "落款", w("keepNext") + _signing(LINE), parent="Body", then="Signed"),
    Style("Signed", "成文日期", _signing(0), parent="Body"),
    Style("Lead", "二级标题字符", letters=_fonts(KAI), kind="character"),
    _cell("TableText", "表格文字", SONG, 21, 300),
    _cell("TableHead", "表头文字", HEI, 21, 300),
    _cell("TableTextSmall", "表格小字", SONG, 18, 250, squeeze=_SQUEEZE),
    _cell("TableNumber", "表格数字", SONG, 18, 250, squeeze=_SQUEEZE),
    _cell("TableCount", "表格件数", SONG, 21, 300, squeeze=_SQUEEZE_COUNT),
    _cell("TableHeadSmall", "表头小字", HEI, 18, 250),
    _cell("TableStub", "表格栏目", SONG, 18, 250, "left", _SQUEEZE),
    _cover("CoverAgency", "封面机关", TITLE, 52, 2400),
    _cover("CoverTitle", "封面标题", TITLE, 60, 1200),
    _cover("CoverYear", "封面年度", KAI, 36, 600),
    _cover("CoverDate", "封面日期", KAI, 32, 4200),
    # On the grid of lines a picture is a whole number of lines high (``write/word/pictures.py``).
    Style("Chart", "图解", w("jc", val="center")),
    Style(
        "PageOdd",
        "单页页码",
        w("ind", rightChars=100, right=280) + w("jc", val="right"),
        _fonts(SONG) + _size(28),
    ),
    Style(
        "PageEven",
        "双页页码",
        w("ind", leftChars=100, left=280) + w("jc", val="left"),
        _fonts(SONG) + _size(28),
    ),
)


def styles(more: Iterable[Style] = ()) -> str:
    """``word/styles.xml``, with ``more`` than the styles of the report."""
    letters = _fonts(FANGSONG) + _size(32) + w("lang", val="zh-CN", eastAsia="zh-CN", bidi="ar-SA")
    defaults = w("docDefaults", w("rPrDefault", w("rPr", letters)), w("pPrDefault"))
    character = w(
        "style",
        w("name", val="Default Paragraph Font"),
        w("uiPriority", val=1),
        w("semiHidden"),
        type="character",
        default=1,
        styleId="DefaultParagraphFont",
    )
    table = w(
        "style",
        w("name", val="Normal Table"),
        w("uiPriority", val=99),
        w("semiHidden"),
        type="table",
        default=1,
        styleId="NormalTable",
    )
    named = [style.xml() for style in (*STYLES, *more)]
    return part("styles", defaults, _normal(), character, table, *named)


def _normal() -> str:
    """The default paragraph style."""
    # The language of the document is Chinese. If its digits and Latin letters had the same language,
    # LibreOffice would break years and addresses anywhere.
    latin = w("rPr", w("lang", val="en-US", eastAsia="zh-CN"))
    # Word's default must be explicit for LibreOffice 7, which inverts this property: if it is missing
    # or off, punctuation hangs over the edge, and some of it is lost in the PDF.
    spaces = w("overflowPunct", val=1) + w("autoSpaceDE", val=0) + w("autoSpaceDN", val=0)
    return w(
        "style",
        w("name", val="Normal"),
        w("qFormat"),
        w("pPr", spaces),
        latin,
        type="paragraph",
        default=1,
        styleId="Normal",
    )


def font_table() -> str:
    """``word/fontTable.xml``: each font with its substitute."""
    fonts = []
    for name, substitute in FALLBACKS.items():
        alternative = w("altName", val=substitute)
        properties = alternative + w("charset", val=86) + w("family", val="auto")
        fonts.append(w("font", properties, name=name))
    return part("fonts", *fonts)


def settings() -> str:
    """``word/settings.xml``: page numbers outside, Word 2013 layout, Chinese punctuation."""
    compat = w(
        "compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val=15,
    )
    return part(
        "settings",
        w("zoom", percent=100),
        w("evenAndOddHeaders"),
        w("characterSpacingControl", val="compressPunctuation"),
        w("noLineBreaksAfter", lang="zh-CN", val=NOT_LAST),
        w("noLineBreaksBefore", lang="zh-CN", val=NOT_FIRST),
        w("compat", w("doNotExpandShiftReturn"), compat),
        w("themeFontLang", val="zh-CN", eastAsia="zh-CN"),
        w("decimalSymbol", val="."),
        w("listSeparator", val=","),
    )


def footer(style: str) -> str:
    """A footer with “— 1 —”."""
    return part(
        "ftr", paragraph(style, run("— "), w("fldSimple", run("1"), instr=" PAGE "), run(" —"))
    )


def section(odd: str = "", even: str = "", *, landscape: bool = False, start: int = 0) -> str:
    """The pages of a section: A4, 22 lines of 28 characters, or A4 across.

    ``odd`` and ``even`` are the relationship ids of the footers; a first section without them has
    no page numbers. ``start`` is the number of its first page, unless the numbers go on.
    """
    footers = []
    for kind, key in (("default", odd), ("even", even)):
        if key:
            footers.append(f'<w:footerReference w:type="{kind}" r:id="{key}"/>')
    size = w("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT)
    margins = {"top": TOP, "right": RIGHT, "bottom": BOTTOM, "left": LEFT}
    if landscape:
        size = w("pgSz", w=PAGE_HEIGHT, h=PAGE_WIDTH, orient="landscape")
        margins = {
            "top": LEFT,
            "right": ACROSS_RIGHT,
            "bottom": LANDSCAPE_BOTTOM,
            "left": ACROSS_LEFT,
        }
    return w(
        "sectPr",
        *footers,
        w("type", val="nextPage"),
        size,
        w(
            "pgMar",
            **margins,
            header=851,
            footer=LANDSCAPE_FOOTER if landscape else FOOTER,
            gutter=0,
        ),
        w("pgNumType", start=start) if start else "",
        w("cols", space=425),
        w("docGrid", type="lines", linePitch=LINE),
    )
