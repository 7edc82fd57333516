"""The text of a paragraph as Word shows it, and its texts that are not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from attrs import define, field

from govdisclose.read.published.word.element_names import (
    CONTROL,
    CONTROL_CONTENT,
    CONTROL_PROPERTIES,
    MATH,
    MATH_TEXT,
    PARAGRAPH,
    PARAGRAPH_PROPERTIES,
    PARAGRAPH_STYLE,
    PICTURES,
    RUN,
    RUN_PROPERTIES,
    TEXT,
    W,
    is_on,
    is_set,
    style_of,
    texts,
)
from govdisclose.read.published.word.letter_marks import is_shaded
from govdisclose.read.published.word.run_appearance import PLAIN, WordAppearance, WordStyles
from govdisclose.read.published.word.shown import ALTERNATE, HIDDEN, drawn_branch
from govdisclose.read.raised_figures import note_mark

_SIGNS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_NOTES = (W + "footnoteReference", W + "endnoteReference")
_SYMBOLS = tuple(
    W + name
    for name in (
        "sym", "ptab", "checkBox", "ffData", "pgNum",
        "dayShort", "dayLong", "monthShort", "monthLong", "yearShort", "yearLong",
    )
)  # fmt: skip
"""Elements that show something which is not stored as text."""
_STORED_FIELDS = frozenset([
    "=", "COMMENTS", "DDE", "DDEAUTO", "DOCPROPERTY", "DOCVARIABLE", "FILLIN", "FORMTEXT",
    "HYPERLINK", "IF", "INCLUDETEXT", "KEYWORDS", "LINK", "MERGEFIELD", "QUOTE", "REF", "STYLEREF",
    "SUBJECT", "TITLE", "TOC",
])  # fmt: skip
"""Fields whose stored result is shown until somebody updates them."""
_MUCH_SMALLER = 0.7
"""Letters of less than this part of the size of others may be a note mark."""
_DRAWN_WORDS = "{urn:schemas-microsoft-com:vml}textpath"


@define
class ParagraphText:
    """The text of paragraphs being put together.

    In a cell, raised text is bracketed as the mark of a note, and ``doubt`` says why the text may
    not be what a reader sees. ``is_shaded`` says that the paper behind the text is not white.
    ``beside`` is text beside the line: boxes, ruby, prompts.
    """

    styles: WordStyles
    in_cell: bool = False
    table: str | None = None
    paragraph: str | None = None
    is_shaded: bool = False
    pieces: list[str] = field(factory=list)
    beside: list[str] = field(factory=list)
    struck: list[str] = field(factory=list)
    doubt: str = ""
    odd: set[frozenset[str]] = field(factory=set)
    sizes: set[float] = field(factory=set)
    _fields: list[bool] = field(factory=list)
    _code: str = ""

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self.pieces)

    def start(self, paragraph: Element) -> None:
        """Begin another paragraph; the state of the cell is kept."""
        self.pieces = []
        self.paragraph = style_of(paragraph, PARAGRAPH_PROPERTIES, PARAGRAPH_STYLE)
        self._fields = []

    def difference(self) -> str:
        """Why parts of the text may look different from others."""
        if any(self._fields):
            return "里有没有结束的域"
        if len(self.odd) > 1:
            return "一部分字的格式和其他字不同，或出自域"
        smallest = min(self.sizes, default=0.0)
        largest = max(self.sizes, default=0.0)
        if smallest != largest and smallest < _MUCH_SMALLER * largest:
            return "一部分字比其他字小得多"
        return ""

    # --- elements -------------------------------------------------------------------------------

    def collect(self, node: Element) -> None:
        """Take up the text of a paragraph, or of an element in it."""
        for child in node:
            self._take(child)

    def _take(self, child: Element) -> None:
        """Take up one element below a paragraph."""
        tag = child.tag
        if tag == RUN:
            self._take_run(child)
        elif tag in (TEXT, MATH_TEXT):
            self._take_text(child)
        elif tag in _SIGNS:
            self.pieces.append(_SIGNS[tag])
        elif tag in HIDDEN:
            return
        elif tag in _SPECIAL:
            _SPECIAL[tag](self, child)
        else:
            if not tag.startswith((W, MATH)):
                self.doubt = "里有 Word 不认识的内容"
            self.collect(child)

    def _take_text(self, element: Element) -> None:
        """Add text; inside the code of a field it is beside the line."""
        where = self.pieces
        if any(self._fields):
            where = self.beside
        where.append(element.text or "")
        if element.tag == MATH_TEXT:
            self.doubt = "里有公式"

    # --- runs -----------------------------------------------------------------------------------

    def _take_run(self, run: Element) -> None:
        """Add the visible text of a run, without hidden and struck text."""
        properties = run.find(RUN_PROPERTIES)
        look = self.styles.look(properties, self.paragraph, self.table)
        if self.in_cell and not look.raised:
            self._note_appearance(run, look)
        if look == PLAIN:
            self.collect(run)
        elif look.hidden or look.struck or self._is_unseen(look):
            self._take_unread(run)
        elif look.raised and not self.in_cell:
            self._take_raised(run, look)
        else:
            self._take_marked(run, look)

    def _is_unseen(self, look: WordAppearance) -> bool:
        """Whether nobody can make out the letters of a sentence; in a cell that is a doubt."""
        if self.in_cell:
            return False
        if look.tiny:
            return True
        return look.white and not self.is_shaded

    def _take_unread(self, run: Element) -> None:
        unread = ParagraphText(self.styles, fields=self._fields)
        unread.collect(run)
        text = unread.text.strip()
        if text:
            self.struck.append(text)

    def _take_raised(self, run: Element, look: WordAppearance) -> None:
        """Take up raised figures in a sentence as the characters that look like them."""
        raised = ParagraphText(
            self.styles, fields=self._fields, beside=self.beside, struck=self.struck
        )
        raised.collect(run)
        mark = note_mark(raised.text, lowered=look.lowered)
        self.pieces.append(mark)

    def _take_marked(self, run: Element, look: WordAppearance) -> None:
        """Take up a run of a cell; raised text is bracketed."""
        has_text = not all(text.isspace() for text in texts(run))
        is_mark = self.in_cell and look.raised and has_text
        before = len(self.pieces)
        self.pieces.append("(" if is_mark else "")
        self.collect(run)
        self.pieces.append(")" if is_mark else "")
        doubt = look.doubt
        if look.white and not self.is_shaded:
            doubt = "里有白色的字"
        added = "".join(self.pieces[before:])
        if doubt and added.strip("() "):
            self.doubt = doubt

    def _note_appearance(self, run: Element, look: WordAppearance) -> None:
        """Keep how the text of a run looks, to compare it with the other text of the cell."""
        if look.hidden or look.struck:
            return
        if all(text.isspace() for text in texts(run)):
            return
        in_field = {"field"} if self._fields else set()
        self.odd.add(look.odd | in_field)
        properties = run.find(RUN_PROPERTIES)
        size = self.styles.size(properties, self.paragraph)
        self.sizes.add(size)

    # --- elements that show something else than the text in them --------------------------------

    def _take_alternate(self, alternate: Element) -> None:
        branch = drawn_branch(alternate)
        if branch is not None:
            self.collect(branch)

    def _take_ruby(self, ruby: Element) -> None:
        """Add the base text; the reading above it is beside the line."""
        self.doubt = "有注音"
        for reading in ruby.findall(W + "rt"):
            for text in reading.iter(TEXT):
                self.beside.append(text.text or "")
        for base in ruby.findall(W + "rubyBase"):
            self.collect(base)

    def _take_picture(self, picture: Element) -> None:
        self.doubt = "里有图片或文本框"
        self.beside.extend(_boxed(picture, self.styles))

    def _take_directed(self, element: Element) -> None:
        self.doubt = "文字方向从右到左"
        self.collect(element)

    def _take_note(self, reference: Element) -> None:
        """A reference to a note shows a number that is no text; only one of its own is doubtful."""
        if is_set(reference.get(W + "customMarkFollows")):
            self._take_symbol(reference)

    def _take_symbol(self, element: Element) -> None:
        self.doubt = "里有符号、控件或自定的注号"

    def _take_control(self, control: Element) -> None:
        """Take up the content of a control; a prompt that nobody has replaced is no content."""
        properties = control.find(CONTROL_PROPERTIES)
        content = control.find(CONTROL_CONTENT)
        if content is None:
            return
        if is_on(properties, "showingPlcHdr"):
            self.doubt = "里是没有填的内容控件"
            words = [text.text or "" for text in content.iter(TEXT)]
            self.beside.append("".join(words))
            return
        if properties is not None and properties.find(W + "dataBinding") is not None:
            self.doubt = "的内容取自文件的其他部分"
        self.collect(content)

    # --- fields ---------------------------------------------------------------------------------

    def _take_simple_field(self, element: Element) -> None:
        code = element.get(W + "instr", "")
        self._judge(code)
        self._fields.append(False)
        self.collect(element)
        self._fields.pop()

    def _take_field_sign(self, sign: Element) -> None:
        """A field shows its result, and nothing between its beginning and the separator."""
        kind = sign.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(True)
            self._code = ""
        elif kind == "separate" and self._fields:
            self._judge(self._code)
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _take_code(self, instruction: Element) -> None:
        self._code += instruction.text or ""

    def _judge(self, code: str) -> None:
        """Doubt a field whose stored result may not be shown: many are computed anew."""
        words = code.upper().split()
        name = words[0] if words else ""
        if name in _STORED_FIELDS:
            return
        if not name.startswith("="):
            self.doubt = "里有随时重算的域"


def _boxed(drawing: Element, styles: WordStyles) -> Iterator[str]:
    """The paragraphs of the text boxes in a drawing, and the words drawn as a picture."""
    for box in drawing.iter(W + "txbxContent"):
        for paragraph in box.iter(PARAGRAPH):
            text = paragraph_text(paragraph, styles).text
            if text.strip():
                yield text
    for path in drawing.iter(_DRAWN_WORDS):
        if path.get("string"):
            yield path.get("string", "")


def paragraph_text(paragraph: Element, styles: WordStyles) -> ParagraphText:
    """The text of a paragraph outside tables."""
    text = ParagraphText(styles)
    text.start(paragraph)
    shading = paragraph.find(f"{PARAGRAPH_PROPERTIES}/{W}shd")
    may_be_shaded = styles.may_shade(text.paragraph, "paragraph")
    text.is_shaded = may_be_shaded or is_shaded(shading)
    text.collect(paragraph)
    return text


_SPECIAL: Mapping[str, Callable[[ParagraphText, Element], None]] = {
    ALTERNATE: ParagraphText._take_alternate,
    CONTROL: ParagraphText._take_control,
    W + "ruby": ParagraphText._take_ruby,
    W + "fldChar": ParagraphText._take_field_sign,
    W + "fldSimple": ParagraphText._take_simple_field,
    W + "instrText": ParagraphText._take_code,
    W + "bdo": ParagraphText._take_directed,
    W + "dir": ParagraphText._take_directed,
    **dict.fromkeys(PICTURES, ParagraphText._take_picture),
    **dict.fromkeys(_NOTES, ParagraphText._take_note),
    **dict.fromkeys(_SYMBOLS, ParagraphText._take_symbol),
}
"""How each element is taken up that shows something else than the text in it."""
