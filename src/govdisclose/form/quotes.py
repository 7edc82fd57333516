"""Figures quoted in the prose: ``{表三.本年新收.总计}``, ``{requests.received.total|同比}``.

A quote is an opening brace, a path or 表 and labels from the outside in, optionally ``|上年`` or
``|同比``, and a closing brace. Nothing is evaluated. Braces around anything else are text and stay
as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache

import attrs
from attrs import frozen

from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind, Value
from govdisclose.form.outline import Cell, outline
from govdisclose.form.printed import format_value
from govdisclose.form.report import SECTIONS, AnnualReport, Paragraph
from govdisclose.form.sheets import PROSE_SHEETS

LAST_YEAR, CHANGE = "上年", "同比"
"""The words allowed after the bar: last year's figure, and the change since in per cent."""

TABLES = {f"表{section.heading[0]}": section.key for section in SECTIONS if section.is_table}
"""表二, 表三, 表四 → the key of the table."""

_TABLE_WORDS = {key: word for word, key in TABLES.items()}

_DOT = r"\s*[.．。]"
_TABLE = r"表[一二三四五六\d]\s*[.．。、,，]"
"""A table, also as people mistype it: nothing in braces that begins so is meant to be printed."""

_QUOTE = (
    rf"(?<![{{｛])(?:[{{｛](?=\s*(?:[a-z][a-z_]*{_DOT}|{_TABLE}))"
    rf"|(?P<doubled>[{{｛]{{2}})(?=\s*(?:(?:{'|'.join(TABLES.values())}){_DOT}|{_TABLE})))"
    r"(?P<inner>[^{}｛｝\n]*)(?P<close>[}｝]*)"
)
_QUOTE_AS_WRITTEN = r"[{｛][^{}｛｝\n]*[}｝]"
_FIGURE = r"(?:[+-]?[\d.,]+|[{｛][^{}｛｝\n]*[}｝])"
_ORDINAL = r"^(?:\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}\.)"
_NOTE = r"(?<=.)\([^()]*\)$"
_NEAREST = 3
_ALIKE = 0.6


@frozen
class Quote:
    """One quoted figure: its span in the paragraph, its cell, and the printed text or the problem."""

    start: int
    end: int
    source: str
    path: str | None = None
    modifier: str | None = None
    shown: str | None = None
    problem: str | None = None


def find_quotes(
    text: str, report: AnnualReport, previous: AnnualReport | None = None
) -> list[Quote]:
    """Every quote in ``text``, resolved against ``report`` (and last year's)."""
    if not _has_brace(text):
        return []
    matches = re.finditer(_QUOTE, text)
    return [_resolve(match, report, previous) for match in matches]


def printed_like(text: str, shown: str) -> bool:
    """Whether ``text`` may be printed as ``shown``: it has figures where ``text`` quotes cells."""
    if text == shown:
        return True
    if not _has_brace(text):
        return False
    pieces = re.split(_QUOTE_AS_WRITTEN, text)
    plain = map(re.escape, pieces)
    pattern = _FIGURE.join(plain)
    return re.fullmatch(pattern, shown) is not None


def _has_brace(text: str) -> bool:
    return "{" in text or "｛" in text


def fill_text(text: str, quotes: Sequence[Quote]) -> str:
    """``text`` with its quotes replaced by figures; an unresolved quote stays as typed."""
    for quote in reversed(quotes):
        if quote.shown is not None:
            before = text[: quote.start]
            after = text[quote.end :]
            text = before + quote.shown + after
    return text


def fill_quotes(report: AnnualReport, previous: AnnualReport | None = None) -> AnnualReport:
    """The report as it leaves the program: every quote in its prose replaced by the figure.

    Without a quote it is the very same object.
    """
    filled: dict[str, tuple[Paragraph, ...]] = {}
    for key in PROSE_SHEETS:
        prose: tuple[Paragraph, ...] = getattr(report, key)
        if _has_brace("".join([paragraph.text for paragraph in prose])):
            paragraphs = [_filled(paragraph, report, previous) for paragraph in prose]
            filled[key] = tuple(paragraphs)
    if not filled:
        return report
    return report.evolve(**filled)


def _filled(paragraph: Paragraph, report: AnnualReport, previous: AnnualReport | None) -> Paragraph:
    quotes = find_quotes(paragraph.text, report, previous)
    if not quotes:
        return paragraph
    text = fill_text(paragraph.text, quotes)
    return attrs.evolve(paragraph, text=text)


def quotes_of(
    report: AnnualReport, previous: AnnualReport | None = None
) -> Iterator[tuple[str, Quote]]:
    """Every quote of the report with the path of its paragraph (``overview.3``)."""
    for key in PROSE_SHEETS:
        prose: tuple[Paragraph, ...] = getattr(report, key)
        for index, paragraph in enumerate(prose):
            path = f"{key}.{index}"
            for quote in find_quotes(paragraph.text, report, previous):
                yield path, quote


# --- from a name to a figure --------------------------------------------------------------------


class _UnknownError(Exception):
    """Why a quote has no figure; never leaves this module."""


def _resolve(match: re.Match[str], report: AnnualReport, previous: AnnualReport | None) -> Quote:
    is_doubled = bool(match["doubled"])
    braces = 2 if is_doubled else 1
    closing = match["close"]
    start = match.start()
    closed = min(braces, len(closing))
    end = match.end("inner") + closed
    source = match.string[start:end]
    quote = Quote(start, end, source)
    try:
        if not closing:
            raise _UnknownError("缺少右花括号“}”")
        if is_doubled:
            raise _UnknownError("只写一层花括号")
        name, modifier = _name_and_modifier(match["inner"])
        path = find_cell(name, report.edition)
        quote = attrs.evolve(quote, path=path, modifier=modifier or None)
        shown = _figure(path, modifier, report, previous)
    except _UnknownError as error:
        problem = str(error)
        return attrs.evolve(quote, problem=problem)
    return attrs.evolve(quote, shown=shown)


def _name_and_modifier(inner: str) -> tuple[str, str]:
    """The name and the modifier of a quote: the texts before and after its bar."""
    half_width = inner.replace("｜", "|")
    name, _, modifier = half_width.partition("|")
    return name.strip(), modifier.strip()


def _figure(path: str, modifier: str, report: AnnualReport, previous: AnnualReport | None) -> str:
    """The text that is printed for a quote. Raises ``_UnknownError`` if there is no figure."""
    kind = outline(report.edition).cells[path].kind
    now = _value(path, report, "这一格")
    if not modifier:
        return format_value(now, kind)
    if modifier not in (LAST_YEAR, CHANGE):
        raise _UnknownError(f"“|”之后只能是{LAST_YEAR}、{CHANGE}，不能是“{modifier}”")
    if previous is None:
        raise _UnknownError("要用 --previous 给出上年的报告")
    if path not in outline(previous.edition).cells:
        raise _UnknownError(f"上年的报告是 {previous.edition.name} 版，没有这一格")
    last = _value(path, previous, "上年的报告里这一格")
    if modifier == LAST_YEAR:
        return format_value(last, kind)
    current = Decimal(now or 0)
    former = Decimal(last or 0)
    return _change(current, former, kind)


def _value(path: str, report: AnnualReport, which: str) -> Value:
    value = report.values()[path]
    if value is None:
        raise _UnknownError(f"{which}没有数")
    return value


def _change(now: Decimal, last: Decimal, kind: Kind) -> str:
    """``增长12.5%``: one decimal, or as many as it takes to show a change that is not 0."""
    if kind is Kind.CHANGE:
        raise _UnknownError("增减数没有同比")
    if now == last:
        return "持平"
    if not last:
        raise _UnknownError("上年为 0，算不出同比，请写增加的数")
    # Most reports need no fractions, which take time to import.
    from govdisclose.form.growth import percent

    change = percent(now, last) or Decimal(0)
    size = abs(change)
    shortest = size.normalize()
    word = "增长" if now > last else "下降"
    return f"{word}{shortest:f}%"


# --- from a name to a cell ----------------------------------------------------------------------


def find_cell(name: str, edition: Edition) -> str:
    """The path of the cell that a quote names by its path or by labels.

    Raises ``_UnknownError`` if the name fits no cell or several.
    """
    half_width = unicodedata.normalize("NFKC", name)
    without_blanks = re.sub(r"\s", "", half_width)
    plain = without_blanks.replace("。", ".")
    cells = outline(edition).cells
    if plain in cells:
        return plain
    table, _, labels = plain.partition(".")
    if not table.startswith("表"):
        from difflib import get_close_matches  # only to suggest a name

        near = get_close_matches(plain, cells, _NEAREST, _ALIKE)
        question = _perhaps(near)
        raise _UnknownError(f"没有名为“{plain}”的数{question}")
    if re.match("表.[、,]", plain):
        raise _UnknownError("表、行、列的名称之间用“.”隔开")
    if table not in TABLES:
        known = "、".join(TABLES)
        raise _UnknownError(f"没有{table}，统计表只有{known}")
    return _cell_by_labels(table, labels, name, edition)


def _cell_by_labels(table: str, labels: str, name: str, edition: Edition) -> str:
    """The one cell of ``table`` (表三) that ``labels`` mean; ``name`` is the typed text."""
    key = TABLES[table]
    words = [piece for piece in labels.split(".") if not piece.isdigit()]
    pieces = tuple(map(_bare, words))
    found: tuple[str, ...] = ()
    if all(pieces):
        found = _named(pieces, key, edition)
    if not found:
        near = _nearest(pieces, key, edition)
        question = _perhaps(near)
        raise _UnknownError(f"{table}没有“{labels}”{question}")
    count = len(found)
    if count > 1:
        names = [quote_name(path, edition) for path in found[:_NEAREST]]
        some = "、".join(names)
        raise _UnknownError(f"“{name}”可指 {count} 格，请写全，如 {some}")
    return found[0]


@cache
def quote_name(path: str, edition: Edition) -> str:
    """The shortest name by labels that means this cell and no other: ``表三.予以公开.总计``."""
    cell = outline(edition).cells[path]
    table = _TABLE_WORDS[cell.table]
    trail = _trail(cell)
    only_this = (path,)
    column = trail[-1]
    of_column = _named((column,), cell.table, edition)
    if of_column == only_this:
        return f"{table}.{column}"
    row = trail[0]
    if cell.row:
        last_row = len(cell.row) - 1
        row = trail[last_row]
    of_row = _named((row, column), cell.table, edition)
    if of_row == only_this:
        return f"{table}.{row}.{column}"
    names = (table, *trail)
    return ".".join(names)


def _perhaps(names: Sequence[str]) -> str:
    """A question whether one of some names is meant; empty without any."""
    if not names:
        return ""
    listed = "、".join(names)
    return f"，是否为 {listed}"


def _nearest(pieces: Sequence[str], table: str, edition: Edition) -> list[str]:
    """The names of the cells whose labels contain most of each piece, the best first."""
    scores: dict[str, float] = {}
    for cell in outline(edition).tables[table].cells:
        trail = _trail(cell)
        scores[cell.path] = _likeness(pieces, trail)
    likely = [path for path, score in scores.items() if score > _ALIKE]
    likely.sort(key=scores.__getitem__, reverse=True)
    return [quote_name(path, edition) for path in likely[:_NEAREST]]


def _likeness(pieces: Sequence[str], trail: Sequence[str]) -> float:
    """How much of the pieces the labels of a cell contain, from 0 to 1."""
    total = 0.0
    for piece in pieces:
        shares = [_share(piece, label) for label in trail]
        total += max(shares)
    count = max(len(pieces), 1)
    return total / count


def _share(piece: str, label: str) -> float:
    """The share of a piece that a label contains, in order."""
    from difflib import SequenceMatcher  # only to suggest a name

    matcher = SequenceMatcher(None, piece, label)
    blocks = matcher.get_matching_blocks()
    contained = sum(block.size for block in blocks)
    length = max(len(piece), 1)
    return contained / length


def _bare(label: str) -> str:
    """A label without ordinal, note in brackets, punctuation and blanks."""
    plain = unicodedata.normalize("NFKC", label)
    without_ordinal = re.sub(_ORDINAL, "", plain)
    without_note = re.sub(_NOTE, "", without_ordinal)
    return re.sub(r"\W+", "", without_note)


@cache
def _trail(cell: Cell) -> tuple[str, ...]:
    labels = (*cell.row, *cell.column)
    return tuple(map(_bare, labels))


@lru_cache(maxsize=1024)
def _named(pieces: tuple[str, ...], table: str, edition: Edition) -> tuple[str, ...]:
    """The cells whose labels contain the pieces in this order; whole labels come before parts."""
    if not pieces:
        return ()
    scores: dict[str, int] = {}
    for cell in outline(edition).tables[table].cells:
        trail = _trail(cell)
        scores[cell.path] = _score(pieces, trail)
    best = max(scores.values())
    if best < 0:
        return ()
    return tuple(path for path, score in scores.items() if score == best)


def _score(pieces: tuple[str, ...], trail: tuple[str, ...]) -> int:
    """How many pieces are whole labels of ``trail``; -1 unless all occur in it, in order."""
    if not pieces:
        return 0
    piece = pieces[0]
    rest = pieces[1:]
    best = -1
    for index, label in enumerate(trail):
        is_whole = piece == label
        is_part = len(piece) > 1 and piece in label
        if not is_whole and not is_part:
            continue
        following = trail[index + 1 :]
        score = _score(rest, following)
        if score >= 0:
            best = max(best, score + is_whole)
    return best
