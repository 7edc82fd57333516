"""A plain text or Markdown file → lines and grids.

Three kinds of text are told apart line by line, not file by file: pipe tables, the statutory tables
in a text layer (``texttables.py``), and prose, whose soft line breaks are taken back.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from attrs import frozen

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.published.document import MAX_LINES, Document, TextLine
from govdisclose.read.published.text.markdown import as_seen, html_tables, is_markdown
from govdisclose.read.published.text.statutory import find_tables
from govdisclose.read.tables.vocabulary import is_any_header, is_number
from govdisclose.rules.importing import I115

MAX_BYTES = 5_000_000
"""A report has some 30,000 characters; a text of millions is none."""

_ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_PAGE_NUMBER = re.compile(
    r"[-–—－─]\s?(\d{1,3})\s?[-–—－─]|第\s?(\d{1,3})\s?页(?:[，,/ ]*共\s?\d{1,3}\s?页)?", re.ASCII
)
_BARE_NUMBER = re.compile(r"(\d{1,3})", re.ASCII)
_RULER = re.compile(r":?-{2,}:?|\s*")
_MOST_PIPES = 500
"""In one line; a row of the widest table has sixteen."""
_CELL_END = re.compile(r"(?<!\\)\|")
_MARK = re.compile(r"(#{1,6})\s")
_STRONG = ("**", "__")
_LETTER = re.compile(r"[A-Za-z]")
_SENTENCE_END = tuple("。！？；：!?;:")
_NARROWEST = 44
"""Half characters; no page has shorter lines."""

_FULL = 6
"""Half characters that a full line may lack to the margin: a mark that may not begin the next line, and a half."""


def read_text(data: bytes, file: str) -> Document:
    """The lines and tables of a text file (``.txt``, ``.md``).

    Raises ``InputError`` for a file that is too large, no text, or in no known encoding.
    """
    lines = without_page_numbers(decode(data, file).split("\n"))
    if len(lines) > MAX_LINES:
        raise InputError(f"{file} 有 {len(lines)} 行，超过 {MAX_LINES} 行，不像年度报告的文本")
    findings: list[Finding] = []

    def named(index: int) -> Place:
        return Place(file, None, f"第{index + 1}行")

    blocks: list[_Block] = []
    if is_markdown(file):
        blocks = list(_html_tables(lines, file, findings))
    blocks += list(_pipe_tables(lines, file, findings))
    for block in blocks:
        lines[block.first : block.last + 1] = [""] * (block.last + 1 - block.first)
    found = find_tables(lines, file, findings)
    blocks += [_Block(table.first, table.last, table.grid) for table in found]
    for table in found:
        lines[table.first : table.last + 1] = [BREAK] * (table.last + 1 - table.first)
    written = list(paragraphs(lines, named))
    if is_markdown(file):
        written = [(first, _seen(line, findings)) for first, line in written]
    blocks += [_Block(first, first, line) for first, line in written if line.text.strip()]
    return Document(file, tuple(b.content for b in sorted(blocks, key=_first)), tuple(findings))


def _html_tables(lines: list[str], file: str, findings: list[Finding]) -> Iterator[_Block]:
    """Tables that a Markdown file writes in HTML; their lines are emptied."""
    for found in list(html_tables(lines, file)):
        findings.extend(found.findings)
        for grid in found.grids:
            yield _Block(found.first, found.last, grid)
        if found.grids:
            lines[found.first : found.last + 1] = [""] * (found.last + 1 - found.first)


def _seen(line: TextLine, findings: list[Finding]) -> TextLine:
    """A paragraph of Markdown as a reader sees it."""
    seen, said = as_seen(line)
    findings.extend(said)
    return seen


@frozen
class _Block:
    """A line or a grid and the lines of the file it comes from, both ends included."""

    first: int
    last: int
    content: TextLine | Grid


def _first(block: _Block) -> int:
    return block.first


def decode(data: bytes, file: str) -> str:
    """Bytes as text with ``\\n`` for line ends: by the byte order mark, as UTF-8, or as GB 18030.

    Raises ``InputError``.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"{file} 超过 {MAX_BYTES // 1_000_000} MB，不像年度报告的文本")
    named = [name for mark, name in _ENCODINGS if data.startswith(mark)]
    for encoding in named or ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return re.sub("\r\n?|[\x0b\x85\u2028\u2029]", "\n", text).replace("\t", "    ")
    raise InputError(f"{file} 不是文本文件，或编码不是 UTF-8、GB18030，请用记事本另存为 UTF-8 文本")


# --- pages --------------------------------------------------------------------------------------

BREAK = "\x0c\x0c"
"""A line that ends a paragraph whatever it looks like: where a table stood, and the end."""


_GAP = 3
"""So many pages on the next number may be: a page with a wide table often has none."""


def without_page_numbers(lines: list[str]) -> list[str]:
    """The lines, those that are page numbers in sequence emptied; ``\\f`` stays before a page's first line."""
    marked = [(i, int(m[1] or m[2])) for i, m in _numbers(lines, _PAGE_NUMBER)]
    ends = {i for i, line in enumerate(lines) if _at_page_end(lines, i, line)}
    bare = [(i, int(m[1])) for i, m in _numbers(lines, _BARE_NUMBER) if i in ends]
    kept = list(lines)
    for numbers, gap in ((marked, _GAP), (bare, 1)):
        if all(0 < below - above <= gap for (_, above), (_, below) in pairwise(numbers)):
            for i, _ in numbers:
                kept[i] = "\x0c" if lines[i].startswith("\x0c") else ""
    return kept


def _numbers(lines: Iterable[str], pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    return (
        (i, match) for i, line in enumerate(lines) if (match := pattern.fullmatch(line.strip()))
    )


def _at_page_end(lines: Sequence[str], index: int, line: str) -> bool:
    """Whether the next line that is not blank begins a page, or there is none but a page has ended before."""
    if not _BARE_NUMBER.fullmatch(line.strip()):
        return False
    following = next((below for below in lines[index + 1 :] if below.strip(" \n")), None)
    return following is not None and following.startswith("\x0c")


# --- pipe tables --------------------------------------------------------------------------------


@frozen
class _PipeRow:
    """A row between pipes: the line it stands in, and its cells."""

    line: int
    cells: list[str | None]


def _pipe_tables(lines: Sequence[str], file: str, findings: list[Finding]) -> Iterator[_Block]:
    """Runs of lines with cells between pipes; separator rows are no rows."""
    start = number = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _is_piped(lines[end]):
            end += 1
        if end > start + 1 or (end > start and len(_cells(lines[start])) > 2):
            number += 1
            rows = [_PipeRow(i, _cells(lines[i])) for i in range(start, end)]
            kept, odd = _even_rows([row for row in rows if not _is_ruler(row)])
            for row, width in odd:
                said = f"这一行有 {len(row.cells)} 格，表格有 {width} 列，分不清哪一格是哪一列，这一行没有收入"
                findings.append(
                    I115.finding(
                        said, Place(file, None, f"第{row.line + 1}行"), found=len(row.cells)
                    )
                )
            yield _Block(start, end - 1, _pipe_grid(kept, number, file))
        start = max(end, start + 1)


def _is_ruler(row: _PipeRow) -> bool:
    return any(row.cells) and all(_RULER.fullmatch(cell or "") for cell in row.cells)


def _even_rows(rows: Sequence[_PipeRow]) -> tuple[list[_PipeRow], list[tuple[_PipeRow, int]]]:
    """The rows with as many cells as the header over them, and the others, each with that number.

    A table of blocks has a header for each. Where no header is known all rows are held against the
    commonest number of cells. A row of one text is a title or a note, whatever the width.
    """
    widths = Counter(len(row.cells) for row in rows)
    header_at = [number for number, row in enumerate(rows) if is_any_header(row.cells)]
    common = max(widths, key=lambda width: widths[width], default=0)
    kept: list[_PipeRow] = []
    odd: list[tuple[_PipeRow, int]] = []
    for number, row in enumerate(rows):
        allowed = _widths_at(rows, number, header_at) or [common]
        if len(row.cells) in allowed or _is_title(row) or not any(row.cells):
            kept.append(row)
        else:
            odd.append((row, allowed[0]))
    return kept, odd


def _widths_at(rows: Sequence[_PipeRow], number: int, headers: Sequence[int]) -> list[int]:
    """The numbers of cells of the header that a row stands under, and of the one whose upper row it may be."""
    above = [header for header in headers if header <= number]
    below = [header for header in headers if header > number]
    allowed = [len(rows[above[-1]].cells)] if above else []
    if below and not any(is_number(cell) for row in rows[number : below[0]] for cell in row.cells):
        allowed.append(len(rows[below[0]].cells))
    return allowed


def _is_title(row: _PipeRow) -> bool:
    said = [cell for cell in row.cells if cell]
    return len(said) == 1 and said[0] == row.cells[0] and not is_number(said[0])


def _is_piped(line: str) -> bool:
    return 1 < line.count("|") <= _MOST_PIPES and len(_CELL_END.findall(line)) > 1


def _cells(line: str) -> list[str | None]:
    inner = re.sub(r"(?<!\\)\|$", "", line.strip().removeprefix("|"))
    cells = (
        re.sub(r"<br\s*/?>", "\n", c).replace("\\|", "|").strip() for c in _CELL_END.split(inner)
    )
    return [_without_strong(cell) or None for cell in cells]


def _pipe_grid(kept: Sequence[_PipeRow], number: int, file: str) -> Grid:
    rows: list[list[Raw]] = [list(row.cells) for row in kept]

    def cell_name(row: int, column: int) -> str:
        return (
            f"第{kept[row].line + 1}行第{column + 1}列"
            if row < len(kept)
            else f"第{kept[-1].line + 1}行之后"
        )

    return Grid(file, f"第{number}个竖线表格", rows, (), cell_name)


# --- prose --------------------------------------------------------------------------------------


def paragraphs(
    lines: Sequence[str], place: Callable[[int], Place], margin: int | None = None
) -> Iterator[tuple[int, TextLine]]:
    """The paragraphs with soft line breaks taken back, each with the index of its first line.

    ``\\f`` opens the first line of a page; ``margin`` is the width of a full line where it is known.
    """
    margin = _margin(lines) if margin is None else margin
    open_lines: list[str] = []
    first = 0
    base = 0
    for index, line in enumerate([*lines, BREAK]):
        if line.startswith("\x0c") and line != BREAK:
            base = _indent_of_page(lines, index)
        text = line.strip(" \x0c\u3000\xa0")
        if not text and line != BREAK and open_lines and _over_page(lines, index):
            continue
        joins = bool(open_lines) and margin and _continues(open_lines, line, margin, base)
        if open_lines and not joins:
            yield first, _line(open_lines, place(first))
            open_lines = []
        if text:
            first = first if open_lines else index
            open_lines.append(line.strip("\x0c").rstrip())


def _over_page(lines: Sequence[str], index: int) -> bool:
    """Whether only blank lines stand between ``index`` and the top of the next page (or back to the last)."""
    for below in lines[index:]:
        if below.startswith("\x0c"):
            return below != BREAK
        if below.strip():
            return False
    return False


def _indent_of_page(lines: Sequence[str], start: int) -> int:
    """The left margin of a page: the smallest indent on it."""
    indents: list[int] = []
    for line in lines[start:]:
        if indents and line.startswith("\x0c") and line != BREAK:
            break
        if line.strip():
            indents.append(_indent(line))
    return min(indents, default=0)


def _indent(line: str) -> int:
    line = line.lstrip("\x0c")
    margin = line[: len(line) - len(line.lstrip(" \u3000\xa0"))]
    return len(margin) + margin.count("\u3000")


def _width(text: str) -> int:
    """Half characters, without blanks: those between Chinese and digits are narrow in print."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text if c not in " \xa0"
    )


def _margin(lines: Sequence[str]) -> int:
    """The width of full lines, which is the commonest one; 0 when the text is not wrapped."""
    widths = [_width(a.strip()) for a, b in pairwise(lines) if a.strip() and b.strip()]
    margin = max(
        Counter(w for w in widths if w >= _NARROWEST).items(),
        key=lambda item: item[1],
        default=(0, 0),
    )[0]
    full = sum(margin - _FULL <= w <= margin + _FULL for w in widths)
    return margin if margin and full >= 3 and full * 3 >= len(widths) else 0


def _continues(above: Sequence[str], line: str, margin: int, base: int) -> bool:
    """Whether ``line`` goes on with the paragraph: the line above is full, and it is not indented itself."""
    if line == BREAK or not line.strip() or _indent(line) > base:
        return False
    last = above[-1].strip()
    opening = 4 if len(above) == 1 and _indent(above[0]) > base else 0
    full = _width(last) + opening >= margin - _FULL
    indented = _indent(above[0]) > base
    return full and (indented or not last.endswith(_SENTENCE_END))


def _line(parts: Sequence[str], place: Place) -> TextLine:
    text = ""
    for part in (part.strip(" \u3000\xa0") for part in parts):
        # A line break between two words of Latin letters stands for a blank; between others for nothing.
        text += " " if text and _LETTER.match(text[-1]) and _LETTER.match(part[:1]) else ""
        text += part
    heading = _MARK.match(text)
    if heading:
        text = text[heading.end() :].rstrip().rstrip("#").strip()
    plain = _without_strong(text)
    return TextLine(plain, place, len(heading[1]) if heading else None, plain != text)


def _without_strong(text: str) -> str:
    """Text without the marks of Markdown around all of it."""
    for mark in _STRONG:
        if text.startswith(mark) and text.endswith(mark) and len(text) > 2 * len(mark):
            return text[len(mark) : -len(mark)]
    return text
