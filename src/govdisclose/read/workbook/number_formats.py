"""What a spreadsheet shows of a value under a number format, and whether a reader sees the value that is stored.

The grammar is that of ECMA-376 part 1, 18.8.31, as Excel, WPS and LibreOffice apply it. Whatever this module does
not understand is never taken for harmless: ``Shown.same`` is true only when the text shown is known and says the
stored value and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from attrs import frozen

_TOKEN = re.compile(
    r"""
    (?P<quoted>"[^"]*")
    |(?P<escaped>[\\!].)
    |(?P<pad>_.)
    |(?P<fill>\*.)
    |(?P<bracket>\[[^\]]*\])
    |(?P<general>General|G/通用格式|G/標準|G/标准)
    |(?P<date>AM/PM|A/P|上午/下午|aaaa?|[ymdhsgb]+)
    |(?P<exponent>E[+-])
    |(?P<era>e+)
    |(?P<digit>[0\#?])
    |(?P<mark>[.,%/@;])
    |(?P<literal>[ $+\-():^&'~{}<>=]|[^\x00-\x7f])
    |(?P<unknown>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d+|[黑蓝青绿红白黄]色?|蓝绿色|洋红色?|颜色 ?\d+",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=) *(-?\d+(?:\.\d+)?)")
_NUMERALS = re.compile(r"DBNum[123]", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_SYSTEM_DATES = ("F800", "F400")
"""Locales that mean the long date or the time of the system."""

_GENERAL_DIGITS = 10
"""Digits that General shows of a number with decimals; the point is the eleventh character."""
_GENERAL_WHOLE = 11
"""Digits of the longest whole number that General shows in full."""

_GROUPED = re.compile(r"\d{1,3}(?:[ ,]\d{3})+(?:\.\d*)?|\d*(?:\.\d*)?")
_DASHES = frozenset("-–—－")
"""What accounting formats show instead of 0."""
_CURRENCIES = frozenset(("¥", "￥"))
_LARGEST = 987_654_321
_NO_UNITS: frozenset[str] = frozenset()


@frozen
class Shown:
    """The text that a person sees (``None`` where it cannot be told), and whether it says the stored value."""

    text: str | None
    same: bool


_UNKNOWN = Shown(None, False)
_NOTHING = Shown("", False)


def shown_number(code: str, value: int | Decimal, units: Collection[str] = _NO_UNITS) -> Shown:
    """What the format ``code`` shows of a number; ``units`` are words beside it that do not change its meaning."""
    exact = Decimal(value)
    sections = _sections(code)
    candidates = _candidates(sections, exact)
    found = [_shown_in(section, exact, sections, units) for section in candidates]
    if not found:
        return _UNKNOWN
    for shown in found:
        if not shown.same:
            return shown
    return found[0]


def shown_text(code: str, text: str, units: Collection[str] = _NO_UNITS) -> Shown:
    """What the format ``code`` shows of a text."""
    section = _text_section(_sections(code))
    if section is None:
        return Shown(text, True)
    if not section.tokens:
        return _NOTHING
    pieces = []
    added = ""
    for token in section.tokens:
        if token.kind in ("general", "at"):
            pieces.append(text)
        elif token.kind in ("literal", "pad"):
            pieces.append(token.text)
            added += token.text
        else:
            return _UNKNOWN
    seen = "".join(pieces)
    harmless = seen.strip() == text.strip() or (text in pieces and added.strip() in units)
    return Shown(seen, harmless)


def shows_whole_date(code: str) -> bool:
    """Whether a format shows year, month and day of a date."""
    first = _sections(code)[0]
    if first.condition is not None:
        return False
    letters = set()
    for token in first.tokens:
        if token.kind == "system date":
            return True
        is_weekday = token.kind == "date" and token.text.lower() in ("ddd", "dddd")
        if token.kind == "date" and not is_weekday:
            letters.add(token.text[0].lower())
        elif token.kind in ("era", "exponent"):  # ``e-mm-dd`` begins as an exponent does
            letters.add("y")
    return {"y", "m", "d"} <= letters


@lru_cache(maxsize=512)
def is_harmless(code: str) -> bool:
    """Whether a format shows every whole number, every text and every date as it is stored.

    A format of a date that not every program would know for one is not harmless: it may be applied to a number.
    """
    sections = _sections(code)
    if any(section.condition is not None for section in sections):
        return False
    if not shown_text(code, "文").same:
        return False
    if sections[0].has("date") and not sections[0].has("era", "system date", "unknown", "exponent"):
        return shows_whole_date(code)
    return all(shown_number(code, sample).same for sample in (0, 1, 10, _LARGEST, -_LARGEST))


@lru_cache(maxsize=512)
def shows_decimals(code: str) -> bool:
    """Whether a format shows all of a number with up to ten digits, or is for dates only."""
    sections = _sections(code)
    if any(section.condition is not None for section in sections):
        return False
    return sections[0].has("date") or shown_number(code, Decimal("1234.567891")).same


# --- the grammar --------------------------------------------------------------------------------


@frozen
class _Token:
    """A piece of a format; ``kind`` is that of the grammar, ``text`` what it shows or how it is written."""

    kind: str
    text: str


@frozen
class _Condition:
    """``[>100]``."""

    sign: str
    limit: Decimal

    def holds(self, value: Decimal) -> bool:
        """Whether a number meets the condition."""
        if self.sign == "<>":
            return value != self.limit
        if value == self.limit:
            return "=" in self.sign
        return self.sign.startswith("<" if value < self.limit else ">")


@frozen
class _Section:
    """One of up to four parts of a format."""

    tokens: tuple[_Token, ...]
    condition: _Condition | None = None

    def has(self, *kinds: str) -> bool:
        """Whether a token of one of these kinds is in it."""
        return any(token.kind in kinds for token in self.tokens)


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    """The sections of a format, in order."""
    sections = []
    tokens: list[_Token] = []
    condition: _Condition | None = None
    for token in _tokens(code):
        if token.kind == "end":
            sections.append(_Section(tuple(tokens), condition))
            tokens, condition = [], None
        elif token.kind == "condition":
            match = _CONDITION.fullmatch(token.text)
            condition = _Condition(match[1], Decimal(match[2])) if match else None
        else:
            tokens.append(token)
    sections.append(_Section(tuple(tokens), condition))
    return tuple(sections)


def _tokens(code: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(code):
        kind, text = str(match.lastgroup), match.group()
        if kind == "quoted":
            yield _Token("literal", text[1:-1])
        elif kind == "escaped":
            yield _Token("literal", text[1])
        elif kind == "pad":
            yield _Token("pad", " ")
        elif kind == "fill":
            if text[1] != " ":
                yield _Token("literal", text[1])
        elif kind == "bracket":
            yield from _bracket(text[1:-1])
        elif kind == "mark":
            yield _Token({";": "end", "@": "at"}.get(text, text), text)
        else:
            yield _Token(kind, text)


def _bracket(inside: str) -> Iterator[_Token]:
    """The meaning of ``[…]``; colours and the shape of numerals show the same number."""
    if _COLOUR.fullmatch(inside) or _NUMERALS.fullmatch(inside):
        return
    if inside.startswith("$"):
        symbol, _, locale = inside[1:].partition("-")
        if locale.upper() in _SYSTEM_DATES:
            yield _Token("system date", "")
        elif symbol:
            yield _Token("literal", symbol)
    elif _CONDITION.fullmatch(inside):
        yield _Token("condition", inside)
    elif _ELAPSED.fullmatch(inside):
        yield _Token("date", inside)
    else:
        yield _Token("unknown", inside)


# --- which section ------------------------------------------------------------------------------


def _text_section(sections: tuple[_Section, ...]) -> _Section | None:
    """The section for texts: the fourth, or the last if it names the text."""
    if len(sections) > 3:
        return sections[3]
    return sections[-1] if sections[-1].has("at") else None


def _number_sections(sections: tuple[_Section, ...]) -> tuple[_Section, ...]:
    if len(sections) > 1 and len(sections) <= 3 and sections[-1].has("at"):
        return sections[:-1]
    return sections[:3]


def _candidates(sections: tuple[_Section, ...], value: Decimal) -> tuple[_Section, ...]:
    """The section for a number; all that it may be where programs could differ; none where no section is for it."""
    if len(sections) > 4:
        return ()
    numeric = _number_sections(sections)
    if any(section.condition is not None for section in numeric):
        for section in numeric:
            if section.condition is not None and section.condition.holds(value):
                return (section,)
        return tuple(section for section in numeric if section.condition is None)
    if value < 0 and len(numeric) > 1:
        return (numeric[1],)
    if value == 0 and len(numeric) > 2:
        return (numeric[2],)
    return (numeric[0],)


# --- what a section shows -----------------------------------------------------------------------


@frozen
class _Rendered:
    """The text of a number under a section: before, within and behind its digits."""

    before: str
    number: str
    after: str

    @property
    def text(self) -> str:
        """All of it, as it is seen."""
        return f"{self.before}{self.number}{self.after}".strip()


def _shown_in(
    section: _Section, value: Decimal, sections: tuple[_Section, ...], units: Collection[str]
) -> Shown:
    if section.has("unknown", "date", "era", "system date"):
        return _UNKNOWN
    if section.has("exponent"):
        return _scientific(section, value)
    if section.has("/"):
        return _fraction(section, value)
    rendered = _rendered(section, abs(value))
    if rendered is None:
        return _UNKNOWN
    by_condition = section.condition is not None or any(other.condition for other in sections)
    if value < 0 and by_condition:
        return _UNKNOWN
    own_sign = value < 0 and len(_number_sections(sections)) == 1
    text = f"-{rendered.text}" if own_sign else rendered.text
    if section.has("%"):
        return Shown(text, False)
    return Shown(text, _says(rendered, value, units, own_sign))


def _says(rendered: _Rendered, value: Decimal, units: Collection[str], own_sign: bool) -> bool:
    """Whether a rendered number is ``value`` and the words around it change nothing."""
    digits = rendered.number.strip()
    if not any(character.isdigit() for character in digits):
        dash = rendered.text.strip("".join(_CURRENCIES)).strip()
        return value == 0 and dash in _DASHES
    if not _GROUPED.fullmatch(digits):
        return False
    if Decimal(digits.replace(",", "").replace(" ", "")) != abs(value):
        return False
    before, after = "".join(rendered.before.split()), "".join(rendered.after.split())
    in_brackets = before.endswith(("(", "（")) and after.startswith((")", "）"))
    if value < 0:
        signed = own_sign or in_brackets or "-" in before
        if not signed or (own_sign and "-" in before):
            return False
        before = before.replace("-", "")
        if in_brackets:
            before, after = before[:-1], after[1:]
    elif value > 0:
        before = before.removeprefix("+")
    after = after.strip("()（）") if after.strip("()（）") in units else after
    return (not before or before in _CURRENCIES) and (not after or after in units)


def _rendered(section: _Section, magnitude: Decimal) -> _Rendered | None:
    """A number of no sign under a section; ``None`` where the section is not understood."""
    if section.has("general", "at"):
        if section.has("digit", ".", ",", "%"):
            return None
        return _general_section(section, magnitude)
    places = [index for index, token in enumerate(section.tokens) if token.kind in ("digit", ".")]
    if not places:
        if section.has(",", "%"):
            return None
        return _Rendered("".join(token.text for token in section.tokens), "", "")
    layout = _layout(section, places[-1])
    if layout is None:
        return None
    shown = _digits(section, layout, magnitude)
    first, last = places[0], places[-1]
    before = _joined(shown, 0, first)
    return _Rendered(before, _joined(shown, first, last + 1), _joined(shown, last + 1, len(shown)))


def _joined(texts: list[str], first: int, end: int) -> str:
    return "".join(texts[first:end])


@frozen
class _Layout:
    """Where the digits of a section stand, by the numbers of its tokens."""

    whole: tuple[int, ...]
    decimals: tuple[int, ...]
    grouped: bool
    factor: Decimal


def _layout(section: _Section, last: int) -> _Layout | None:
    """The digits of a section; ``None`` for points and commas in places that programs read differently."""
    points = [index for index, token in enumerate(section.tokens) if token.kind == "."]
    digits = [index for index, token in enumerate(section.tokens) if token.kind == "digit"]
    if len(points) > 1 or not digits:
        return None
    point = points[0] if points else last + 1
    whole = tuple(index for index in digits if index < point)
    decimals = tuple(index for index in digits if index > point)
    factor = Decimal(1)
    grouped = False
    for index, token in enumerate(section.tokens):
        if token.kind == "%":
            factor *= 100
        if token.kind != ",":
            continue
        if not whole or index < whole[0]:
            return None
        if whole[-1] < index < point or index > last:
            factor /= 1000
        elif index < whole[-1]:
            grouped = True
        else:
            return None
    return _Layout(whole, decimals, grouped, factor)


def _digits(section: _Section, layout: _Layout, magnitude: Decimal) -> list[str]:
    """What each token of a section shows."""
    step = Decimal(1).scaleb(-len(layout.decimals))
    rounded = (magnitude * layout.factor).quantize(step, ROUND_HALF_UP)
    whole, _, decimals = format(rounded, "f").partition(".")
    whole = whole.lstrip("0")
    texts = [
        token.text if token.kind in ("literal", "pad", "%", ".") else "" for token in section.tokens
    ]
    missing = len(layout.whole) - len(whole)
    for order, index in enumerate(layout.whole):
        if order < missing:
            texts[index] = {"0": "0", "?": " "}.get(section.tokens[index].text, "")
        else:
            first = 0 if order == 0 else order - missing
            texts[index] = whole[first : order - missing + 1]
    if layout.grouped:
        _group(texts, layout.whole)
    if not layout.whole and whole:
        point = next(index for index, token in enumerate(section.tokens) if token.kind == ".")
        texts[point] = f"{whole}."
    still_zero = True
    for order in range(len(layout.decimals) - 1, -1, -1):
        index, digit = layout.decimals[order], decimals[order]
        still_zero = still_zero and digit == "0"
        unneeded = still_zero and section.tokens[index].text != "0"
        blank = " " if section.tokens[index].text == "?" else ""
        texts[index] = blank if unneeded else digit
    return texts


def _group(texts: list[str], places: tuple[int, ...]) -> None:
    """Put commas between every three digits; blanks that stand for missing digits get none."""
    seen = 0
    for index in reversed(places):
        grouped = ""
        for digit in reversed(texts[index]):
            comma = "," if seen and seen % 3 == 0 and digit.isdigit() else ""
            grouped = f"{digit}{comma}{grouped}"
            seen += 1
        texts[index] = grouped


def _general_section(section: _Section, magnitude: Decimal) -> _Rendered:
    before, after = "", ""
    met = False
    for token in section.tokens:
        if token.kind in ("general", "at"):
            met = True
        elif met:
            after += token.text
        else:
            before += token.text
    return _Rendered(before, general(magnitude), after)


def general(value: Decimal) -> str:
    """A number as the format General shows it in a column that is wide enough."""
    magnitude = abs(value)
    sign = "-" if value < 0 else ""
    whole = len(str(int(magnitude)))
    if whole > _GENERAL_WHOLE:
        return f"{value:.5E}"
    places = max(0, _GENERAL_DIGITS - whole)
    rounded = magnitude.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = format(rounded, "f")
    return sign + (text.rstrip("0").rstrip(".") if "." in text else text)


def _scientific(section: _Section, value: Decimal) -> Shown:
    """``0.00E+00``: the same number unless digits are lost."""
    kinds = [token.kind for token in section.tokens if token.kind not in ("pad",)]
    at = kinds.index("exponent")
    whole, point, decimals = _mantissa(kinds[:at])
    plain = whole == 1 and set(kinds[at + 1 :]) == {"digit"} and point <= 1
    if not plain:
        return _UNKNOWN
    mantissa, _, exponent = f"{value:.{decimals}E}".partition("E")
    digits = exponent[1:].zfill(len(kinds) - at - 1)
    text = f"{mantissa}E{exponent[0]}{digits}"
    return Shown(text, Decimal(text) == value)


def _mantissa(kinds: list[str]) -> tuple[int, int, int]:
    """How many digits, points and decimals stand before the exponent; no digits where anything else does."""
    if set(kinds) - {"digit", "."}:
        return 0, 0, 0
    whole = kinds.index(".") if "." in kinds else len(kinds)
    return whole, kinds.count("."), len(kinds) - whole - kinds.count(".")


def _fraction(section: _Section, value: Decimal) -> Shown:
    """``# ?/?``: only a whole number beside an empty fraction is surely seen as it is stored."""
    kinds = [token.kind for token in section.tokens]
    slash = kinds.index("/")
    before = section.tokens[:slash]
    gap = next((i for i, token in enumerate(before) if token.text == " "), None)
    has_whole = gap is not None and any(token.kind == "digit" for token in before[:gap])
    others = {"literal", "digit", "pad", "/"}
    plain = set(kinds) <= others and kinds.count("/") == 1 and has_whole
    words = "".join(token.text for token in section.tokens if token.kind == "literal").strip()
    if not plain or words:
        return _UNKNOWN
    if value == value.to_integral_value() and value >= 0:
        return Shown(str(int(value)), True)
    return _UNKNOWN
