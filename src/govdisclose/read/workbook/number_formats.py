"""What a spreadsheet shows of a value under a number format, and whether a reader sees the value
that is stored.

The grammar is that of ECMA-376 part 1, 18.8.31, as Excel, WPS and LibreOffice apply it. Whatever
this module does not understand is never taken for harmless: ``Shown.same`` is true only when the
text shown is known and says the stored value and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple, TypeAlias

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
_MARKS = {";": "end", "@": "at"}
"""Marks whose kind has a name; the kind of any other mark is the mark itself."""
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

_OF_FRACTIONS = frozenset(("literal", "digit", "pad", "/"))
_GROUPED = re.compile(r"\d{1,3}(?:[ ,]\d{3})+(?:\.\d*)?|\d*(?:\.\d*)?")
_PLACEHOLDERS = {"0": "0", "?": " "}
"""What the placeholders of a format show where the number has no digit."""
_DASHES = frozenset("-–—－")
"""What accounting formats show instead of 0."""
_CURRENCIES = frozenset(("¥", "￥"))
_WEEKDAYS = ("ddd", "dddd")
_LARGEST = 987_654_321
_SAMPLES = (0, 1, 10, _LARGEST, -_LARGEST)
_LONG_AMOUNT = Decimal("1234.567891")
_NO_UNITS: frozenset[str] = frozenset()


class Shown(NamedTuple):
    """The text that a person sees, and whether it says the stored value.

    The text is ``None`` where it cannot be known.
    """

    text: str | None
    same: bool


_UNKNOWN = Shown(None, False)
_NOTHING = Shown("", False)


def shown_number(code: str, value: int | Decimal, units: Collection[str] = _NO_UNITS) -> Shown:
    """What the format ``code`` shows of a number.

    ``units`` are words beside the number that do not change its meaning.
    """
    exact = Decimal(value)
    sections = _sections(code)
    first = None
    for section in _candidates(sections, exact):
        shown = _shown_in(section, exact, sections, units)
        if not shown.same:
            return shown
        first = first or shown
    return first or _UNKNOWN


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
    if text in pieces and added.strip() in units:
        return Shown(seen, True)
    return Shown(seen, seen.strip() == text.strip())


def shows_whole_date(code: str) -> bool:
    """Whether a format shows year, month and day of a date."""
    first = _sections(code)[0]
    if first.condition is not None:
        return False
    if first.has("system date"):
        return True
    letters = set()
    for token in first.tokens:
        written = token.text.lower()
        if token.kind == "date" and written not in _WEEKDAYS:
            letters.add(written[0])
        elif token.kind in ("era", "exponent"):  # ``e-mm-dd`` begins as an exponent does
            letters.add("y")
    return {"y", "m", "d"} <= letters


@lru_cache(maxsize=512)
def is_harmless(code: str) -> bool:
    """Whether a format shows every whole number, every text and every date as it is stored.

    A format of dates that not every program would recognise is not harmless: it may be applied to a
    number.
    """
    sections = _sections(code)
    if _are_conditional(sections):
        return False
    if not shown_text(code, "文").same:
        return False
    first = sections[0]
    is_unclear = first.has("era", "system date", "unknown", "exponent")
    if first.has("date") and not is_unclear:
        return shows_whole_date(code)
    return all(shown_number(code, sample).same for sample in _SAMPLES)


@lru_cache(maxsize=512)
def shows_decimals(code: str) -> bool:
    """Whether a format shows all of a number with up to ten digits, or is for dates only."""
    sections = _sections(code)
    if _are_conditional(sections):
        return False
    if sections[0].has("date"):
        return True
    return shown_number(code, _LONG_AMOUNT).same


# --- the grammar --------------------------------------------------------------------------------


class _Token(NamedTuple):
    """A piece of a format; ``kind`` is that of the grammar, ``text`` what it shows."""

    kind: str
    text: str


class _Condition(NamedTuple):
    """``[>100]``."""

    sign: str
    limit: Decimal

    def holds(self, value: Decimal) -> bool:
        """Whether a number meets the condition."""
        if self.sign == "<>":
            return value != self.limit
        if value == self.limit:
            return "=" in self.sign
        side = "<" if value < self.limit else ">"
        return self.sign.startswith(side)


class _FormatSection(NamedTuple):
    """One of up to four parts of a format."""

    tokens: tuple[_Token, ...]
    condition: _Condition | None = None

    def has(self, *kinds: str) -> bool:
        """Whether a token of one of these kinds is in it."""
        return any(token.kind in kinds for token in self.tokens)

    def indexes(self, *kinds: str) -> list[int]:
        """The numbers of the tokens of these kinds."""
        return [index for index, token in enumerate(self.tokens) if token.kind in kinds]


_Sections: TypeAlias = tuple[_FormatSection, ...]


def _are_conditional(sections: _Sections) -> bool:
    """Whether any section has a condition."""
    return any(section.condition is not None for section in sections)


@lru_cache(maxsize=512)
def _sections(code: str) -> _Sections:
    """The sections of a format, in order."""
    sections = []
    tokens: list[_Token] = []
    condition: _Condition | None = None
    for token in _tokens(code):
        if token.kind == "end":
            sections.append(_FormatSection(tuple(tokens), condition))
            tokens = []
            condition = None
        elif token.kind == "condition":
            match = _CONDITION.fullmatch(token.text)
            condition = None
            if match:
                limit = Decimal(match[2])
                condition = _Condition(match[1], limit)
        else:
            tokens.append(token)
    sections.append(_FormatSection(tuple(tokens), condition))
    return tuple(sections)


def _tokens(code: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(code):
        kind = str(found.lastgroup)
        text = found.group()
        match kind:
            case "quoted":
                yield _Token("literal", text[1:-1])
            case "escaped":
                yield _Token("literal", text[1])
            case "pad":
                yield _Token("pad", " ")
            case "fill":
                if text[1] != " ":
                    yield _Token("literal", text[1])
            case "bracket":
                yield from _bracket(text[1:-1])
            case "mark":
                mark = _MARKS.get(text, text)
                yield _Token(mark, text)
            case _:
                yield _Token(kind, text)


def _bracket(inside: str) -> Iterator[_Token]:
    """The meaning of ``[…]``; colours and the shape of numerals show the same number."""
    if _COLOUR.fullmatch(inside):
        return
    if _NUMERALS.fullmatch(inside):
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


def _text_section(sections: _Sections) -> _FormatSection | None:
    """The section for texts: the fourth, or the last if it names the text."""
    if len(sections) > 3:
        return sections[3]
    last = sections[-1]
    return last if last.has("at") else None


def _number_sections(sections: _Sections) -> _Sections:
    """The sections for numbers, without the one for texts."""
    last = sections[-1]
    if 1 < len(sections) <= 3 and last.has("at"):
        return sections[:-1]
    return sections[:3]


def _candidates(sections: _Sections, value: Decimal) -> _Sections:
    """The section for a number; none if no section is for it.

    Where programs could differ these are all sections that may be meant.
    """
    if len(sections) > 4:
        return ()
    numeric = _number_sections(sections)
    if _are_conditional(numeric):
        return _by_condition(numeric, value)
    number = 0
    if value < 0 and len(numeric) > 1:
        number = 1
    elif value == 0 and len(numeric) > 2:
        number = 2
    return (numeric[number],)


def _by_condition(sections: _Sections, value: Decimal) -> _Sections:
    """The first section whose condition holds, or else all sections without a condition."""
    others = []
    for section in sections:
        if section.condition is None:
            others.append(section)
        elif section.condition.holds(value):
            return (section,)
    return tuple(others)


# --- what a section shows -----------------------------------------------------------------------


class _ShownParts(NamedTuple):
    """The text of a number under a section: before, within and behind its digits."""

    before: str
    number: str
    after: str

    @property
    def text(self) -> str:
        """All of it, as it is seen."""
        whole = self.before + self.number + self.after
        return whole.strip()


def _shown_in(
    section: _FormatSection,
    value: Decimal,
    sections: _Sections,
    units: Collection[str],
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
    if value < 0 and _are_conditional((section, *sections)):
        return _UNKNOWN
    numeric = _number_sections(sections)
    own_sign = value < 0 and len(numeric) == 1
    text = rendered.text
    if own_sign:
        text = f"-{text}"
    if section.has("%"):
        return Shown(text, False)
    is_same = _says(rendered, value, units, own_sign=own_sign)
    return Shown(text, is_same)


def _says(rendered: _ShownParts, value: Decimal, units: Collection[str], *, own_sign: bool) -> bool:
    """Whether a rendered number is ``value`` and the words around it change nothing.

    ``own_sign`` if the program itself puts a minus before the text.
    """
    digits = rendered.number.strip()
    if not any(map(str.isdigit, digits)):
        if value != 0:
            return False
        return _without_currencies(rendered.text) in _DASHES
    if not _GROUPED.fullmatch(digits):
        return False
    plain = digits.replace(",", "").replace(" ", "")
    if Decimal(plain) != abs(value):
        return False
    around = _without_sign(rendered, value, own_sign=own_sign)
    if around is None:
        return False
    before, after = around
    bare = after.strip("()（）")
    if bare in units:
        after = bare
    if before and before not in _CURRENCIES:
        return False
    return not after or after in units


def _without_currencies(text: str) -> str:
    signs = "".join(_CURRENCIES)
    return text.strip(signs).strip()


class _WordsAround(NamedTuple):
    """What stands before and behind a number."""

    before: str
    after: str


def _without_sign(rendered: _ShownParts, value: Decimal, *, own_sign: bool) -> _WordsAround | None:
    """The words before and behind a number, without its sign; ``None`` if the sign is wrong."""
    before = "".join(rendered.before.split())
    after = "".join(rendered.after.split())
    if value > 0:
        without_plus = before.removeprefix("+")
        return _WordsAround(without_plus, after)
    if value == 0:
        return _WordsAround(before, after)
    opens = before.endswith(("(", "（"))
    in_brackets = opens and after.startswith((")", "）"))
    has_minus = "-" in before
    is_signed = own_sign or in_brackets or has_minus
    has_two_signs = own_sign and has_minus
    if not is_signed or has_two_signs:
        return None
    before = before.replace("-", "")
    if in_brackets:
        before = before[:-1]
        after = after[1:]
    return _WordsAround(before, after)


def _rendered(section: _FormatSection, magnitude: Decimal) -> _ShownParts | None:
    """A number without sign under a section; ``None`` if the section is not understood."""
    if section.has("general", "at"):
        if section.has("digit", ".", ",", "%"):
            return None
        return _general_section(section, magnitude)
    places = section.indexes("digit", ".")
    if not places:
        if section.has(",", "%"):
            return None
        texts = [token.text for token in section.tokens]
        return _ShownParts("".join(texts), "", "")
    first = places[0]
    last = places[-1]
    layout = _layout(section, last)
    if layout is None:
        return None
    shown = _digits(section, layout, magnitude)
    end = last + 1
    return _ShownParts(
        before="".join(shown[:first]),
        number="".join(shown[first:end]),
        after="".join(shown[end:]),
    )


class _DigitLayout(NamedTuple):
    """The positions of the digits of a section, by the numbers of its tokens."""

    whole: tuple[int, ...]
    decimals: tuple[int, ...]
    grouped: bool
    factor: Decimal


def _layout(section: _FormatSection, last: int) -> _DigitLayout | None:
    """The digits of a section; ``None`` for points and commas where programs read them differently.

    ``last`` is the number of the last token that is a digit or a point.
    """
    points = section.indexes(".")
    digits = section.indexes("digit")
    if len(points) > 1 or not digits:
        return None
    point = last + 1
    if points:
        point = points[0]
    whole = tuple([index for index in digits if index < point])
    decimals = tuple([index for index in digits if index > point])
    commas = _commas(section, whole, point, last)
    if commas is None:
        return None
    percents = len(section.indexes("%"))
    multiplied = Decimal(100) ** percents
    divided = Decimal(1000) ** commas.thousands
    return _DigitLayout(whole, decimals, commas.grouped, multiplied / divided)


class _Commas(NamedTuple):
    """What the commas of a section mean: whole digits in groups, the number in thousands."""

    grouped: bool
    thousands: int


def _commas(
    section: _FormatSection, whole: tuple[int, ...], point: int, last: int
) -> _Commas | None:
    """Commas between whole digits group them, those behind the last one divide by a thousand.

    ``None`` for commas before the first digit and among the decimals.
    """
    grouped = False
    thousands = 0
    for comma in section.indexes(","):
        is_first = not whole or comma < whole[0]
        if is_first or point < comma < last:
            return None
        if comma < whole[-1]:
            grouped = True
        else:
            thousands += 1
    return _Commas(grouped, thousands)


def _digits(section: _FormatSection, layout: _DigitLayout, magnitude: Decimal) -> list[str]:
    """What each token of a section shows."""
    places = len(layout.decimals)
    rounded = _rounded(magnitude * layout.factor, places)
    whole, _, decimals = format(rounded, "f").partition(".")
    significant = whole.lstrip("0")
    shown = _whole_digits(section, layout, significant)
    shown.update(_decimal_digits(section, layout, decimals))
    found: list[str] = []
    for index, token in enumerate(section.tokens):
        text = shown.get(index)
        if text is None:
            text = _fixed_text(token)
        found.append(text)
    return found


def _rounded(number: Decimal, places: int) -> Decimal:
    step = Decimal(1).scaleb(-places)
    return number.quantize(step, ROUND_HALF_UP)


def _fixed_text(token: _Token) -> str:
    """The text that a token shows for every number."""
    if token.kind in ("literal", "pad", "%", "."):
        return token.text
    return ""


def _whole_digits(section: _FormatSection, layout: _DigitLayout, whole: str) -> dict[int, str]:
    """The whole digits by their tokens; the first place takes all that are too many."""
    if not layout.whole:
        if not whole:
            return {}
        point = section.indexes(".")[0]
        return {point: f"{whole}."}
    shown: dict[int, str] = {}
    missing = len(layout.whole) - len(whole)
    for order, index in enumerate(layout.whole):
        at = order - missing
        if at < 0:
            kind = section.tokens[index].text
            shown[index] = _PLACEHOLDERS.get(kind, "")
        else:
            first = 0 if order == 0 else at
            end = at + 1
            shown[index] = whole[first:end]
    return _grouped(shown) if layout.grouped else shown


def _decimal_digits(
    section: _FormatSection, layout: _DigitLayout, decimals: str
) -> Iterator[tuple[int, str]]:
    """The decimals by their tokens, the last first; zeros at the end only where the format says so."""
    still_zero = True
    places = list(zip(layout.decimals, decimals, strict=True))
    for index, digit in reversed(places):
        kind = section.tokens[index].text
        still_zero = still_zero and digit == "0"
        is_left_out = still_zero and kind != "0"
        yield index, _PLACEHOLDERS.get(kind, "") if is_left_out else digit


def _grouped(digits: dict[int, str]) -> dict[int, str]:
    """Digits with commas between every three; blanks that stand for missing digits get none."""
    shown: dict[int, str] = {}
    seen = 0
    for index in reversed(digits):
        text = ""
        for digit in reversed(digits[index]):
            is_group_full = seen > 0 and seen % 3 == 0
            if is_group_full and digit.isdigit():
                text = f",{text}"
            text = digit + text
            seen += 1
        shown[index] = text
    return shown


def _general_section(section: _FormatSection, magnitude: Decimal) -> _ShownParts:
    before = ""
    after = ""
    met = False
    for token in section.tokens:
        if token.kind in ("general", "at"):
            met = True
        elif met:
            after += token.text
        else:
            before += token.text
    return _ShownParts(before, general(magnitude), after)


def general(value: Decimal) -> str:
    """A number as the format General shows it in a column that is wide enough."""
    magnitude = abs(value)
    whole = len(str(int(magnitude)))
    if whole > _GENERAL_WHOLE:
        return f"{value:.5E}"
    places = max(0, _GENERAL_DIGITS - whole)
    rounded = _rounded(magnitude, places)
    text = format(rounded, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


def _scientific(section: _FormatSection, value: Decimal) -> Shown:
    """``0.00E+00``: the same number unless digits are lost."""
    kinds = [token.kind for token in section.tokens if token.kind != "pad"]
    exponent_at = kinds.index("exponent")
    exponent_start = exponent_at + 1
    exponent_kinds = kinds[exponent_start:]
    decimals = _mantissa_decimals(kinds[:exponent_at])
    if decimals is None or set(exponent_kinds) != {"digit"}:
        return _UNKNOWN
    written = f"{value:.{decimals}E}"
    mantissa, _, exponent = written.partition("E")
    sign = exponent[0]
    width = len(exponent_kinds)
    digits = exponent[1:].zfill(width)
    text = f"{mantissa}E{sign}{digits}"
    is_same = Decimal(text) == value
    return Shown(text, is_same)


def _mantissa_decimals(kinds: list[str]) -> int | None:
    """The decimals before the exponent; ``None`` unless exactly one whole digit precedes it."""
    if kinds[:1] != ["digit"]:
        return None
    if kinds[1:2] not in ([], ["."]):
        return None
    decimals = kinds[2:]
    if set(decimals) <= {"digit"}:
        return len(decimals)
    return None


def _fraction(section: _FormatSection, value: Decimal) -> Shown:
    """``# ?/?``: only a whole number beside an empty fraction is surely seen as it is stored."""
    kinds = [token.kind for token in section.tokens]
    if not set(kinds) <= _OF_FRACTIONS:
        return _UNKNOWN
    if kinds.count("/") != 1:
        return _UNKNOWN
    words = [token.text for token in section.tokens if token.kind == "literal"]
    if "".join(words).strip():
        return _UNKNOWN
    slash = kinds.index("/")
    if not _has_whole_part(section, slash):
        return _UNKNOWN
    is_whole = value == value.to_integral_value()
    if value < 0 or not is_whole:
        return _UNKNOWN
    return Shown(str(int(value)), True)


def _has_whole_part(section: _FormatSection, slash: int) -> bool:
    """Whether digits and a blank precede the digits of a fraction."""
    has_digit = False
    for token in section.tokens[:slash]:
        if token.text == " ":
            return has_digit
        has_digit = has_digit or token.kind == "digit"
    return False
