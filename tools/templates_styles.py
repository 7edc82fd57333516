"""The look of the templates after GB/T 9704-2012: named styles, fonts, page and page numbers.

Lengths are twips (1/20 pt) unless a name says otherwise; font sizes are half points, as Word counts.
"""

from __future__ import annotations

from attrs import frozen

from templates_xml import paragraph, part, run, w

SONG, FANGSONG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
FALLBACKS = {FANGSONG: "仿宋", KAI: "楷体", TITLE: "宋体", SONG: "SimSun", HEI: "SimHei"}
"""What Word takes where a font is not installed."""

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, BOTTOM, LEFT, RIGHT = 2098, 1984, 1587, 1474
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
"""156 mm."""

LINE = 579
"""225 mm in 22 lines."""

_NARROWER = w("spacing", val=-5)
"""28 characters of 16 pt in 156 mm: each 0.25 pt narrower, the rest is justified. A character grid
would say the same to Word, but LibreOffice then sets every letter and digit in a box of its own."""

FOOTER = 1420
"""From the page's edge to the footer's, which puts the dashes of the page number 7 mm below the text."""

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
    return Style(
        key, name, w("keepNext") + w("outlineLvl", val=level), _fonts(font), "Body", "Body"
    )


_TABLE = (
    w("widowControl", val=0)
    + _OFF_GRID
    + "{spacing}"
    + w("ind", firstLineChars=0, firstLine=0)
    + "{jc}"
)


def _cell(
    key: str, name: str, font: str, size: int, line: int, jc: str = "center", squeeze: str = ""
) -> Style:
    look = _TABLE.format(spacing=_exact(line), jc=w("jc", val=jc))
    return Style(key, name, look, _fonts(font) + _OFF_GRID + squeeze + _size(size))


_SQUEEZE = w("spacing", val=-4)
"""0.2 pt: the longest common row label then stands on one line."""

_CONDENSED = w("w", val=90)
"""In per cent: eight digits then fit a column of table three even in a font whose digits are wider than
half a character, as those of most stand-ins for 宋体 are."""

STYLES = (
    Style(
        "ReportTitle",
        "报告标题",
        w("keepNext")
        + w("keepLines")
        + _OFF_GRID
        + _exact(660, after=LINE)
        + w("jc", val="center"),
        _fonts(TITLE) + _size(44),
        then="Body",
    ),
    _heading("Heading1", "一级标题", HEI, 0),
    _heading("Heading2", "二级标题", KAI, 1),
    _heading("Heading3", "三级标题", FANGSONG, 2),
    Style(
        "Body",
        "报告正文",
        w("widowControl") + _exact(LINE) + _INDENT + w("jc", val="both"),
        _NARROWER,
    ),
    Style("Lead", "二级标题字符", letters=_fonts(KAI), kind="character"),
    _cell("TableText", "表格文字", SONG, 21, 300),
    _cell("TableHead", "表头文字", HEI, 21, 300),
    _cell("TableTextSmall", "表格小字", SONG, 18, 250, squeeze=_SQUEEZE),
    _cell("TableNumber", "表格数字", SONG, 18, 250, squeeze=_CONDENSED),
    _cell("TableHeadSmall", "表头小字", HEI, 18, 250),
    _cell("TableStub", "表格栏目", SONG, 18, 250, "left", _SQUEEZE),
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


def styles() -> str:
    """``word/styles.xml``."""
    letters = _fonts(FANGSONG) + _size(32) + w("lang", val="zh-CN", eastAsia="zh-CN", bidi="ar-SA")
    # The language of the document is Chinese. Were it that of its digits and Latin letters too, LibreOffice
    # would break years and addresses anywhere.
    latin = w("rPr", w("lang", val="en-US", eastAsia="zh-CN"))
    # What is the default for Word has to be said for LibreOffice 7, which reads this property the wrong way
    # round: unsaid or off, it hangs punctuation over the edge and loses some of it in the PDF.
    spaces = w("overflowPunct", val=1) + w("autoSpaceDE", val=0) + w("autoSpaceDN", val=0)
    return part(
        "styles",
        w("docDefaults", w("rPrDefault", w("rPr", letters)), w("pPrDefault")),
        w("style", w("name", val="Normal"), w("qFormat"), w("pPr", spaces), latin, type="paragraph", default=1, styleId="Normal"),
        w("style", w("name", val="Default Paragraph Font"), w("uiPriority", val=1), w("semiHidden"),
          type="character", default=1, styleId="DefaultParagraphFont"),
        w("style", w("name", val="Normal Table"), w("uiPriority", val=99), w("semiHidden"),
          type="table", default=1, styleId="NormalTable"),
        *(style.xml() for style in STYLES),
    )  # fmt: skip


def font_table() -> str:
    """``word/fontTable.xml``: each font with the one to take where it is missing."""
    return part(
        "fonts",
        *(
            w(
                "font",
                w("altName", val=other),
                w("charset", val=86),
                w("family", val="auto"),
                name=name,
            )
            for name, other in FALLBACKS.items()
        ),
    )


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


def section(odd: str, even: str) -> str:
    """The page: A4, 22 lines of 28 characters; ``odd`` and ``even`` are the footers' relationship ids."""
    footers = (
        f'<w:footerReference w:type="{kind}" r:id="{key}"/>'
        for kind, key in (("default", odd), ("even", even))
    )
    return w(
        "sectPr",
        *footers,
        w("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT),
        w(
            "pgMar",
            top=TOP,
            right=RIGHT,
            bottom=BOTTOM,
            left=LEFT,
            header=851,
            footer=FOOTER,
            gutter=0,
        ),
        w("cols", space=425),
        w("docGrid", type="lines", linePitch=LINE),
    )
