"""The one strict reader of numbers: a raw cell in, a value or a stated problem out.

Blank, 0 and a placeholder are three different things. Nothing is guessed: the probable number is
only ever a suggestion.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeAlias, cast

from govdisclose.finding import Finding, Place
from govdisclose.form.fields import Kind, Value
from govdisclose.form.numerals import chinese_number
from govdisclose.read.grid import ErrorValue, Picture, Raw, Uncalculated, Unseen
from govdisclose.rules import Rule
from govdisclose.rules.importing import I116
from govdisclose.rules.values import V102, V103, V104, V105, V106, V107, V108, V109

PLACEHOLDERS = frozenset(
    [
        *"/\\-–—―_:·.*×无空",
        "--",
        "---",
        "——",
        "没有",
        "未发生",
        "不涉及",
        "不适用",
        "N/A",
        "n/a",
        "NA",
        "na",
    ]
)
"""Signs that offices write instead of 0, in half-width."""

LIMIT = 10**10
"""Ten thousand million 件 or 万元: more than any agency or province can have."""

_ONE = Decimal(1)
FEN = Decimal("0.000001")
"""One 分 in 万元: the finest amount there is."""
_ROUNDING = Decimal("1e-9")
"""What the arithmetic of a spreadsheet may add to an exact number or take from it."""

_LONGEST = 40
"""Characters of a text that may still be meant as a number, and of one that a message repeats."""

_WIDTH = str.maketrans("０１２３４５６７８９．，－＋−／　\xa0", "0123456789.,-+-/  ")
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)


_LETTERS_FOR_DIGITS = str.maketrans("OolI|", "00111")
_NOTE_MARKS = re.compile(
    r"(?<=[0-9件条元])[\s\u00b9\u00b2\u00b3\u2070-\u2079\u2080-\u2089\u2460-\u249b*※†‡]+$"
)
"""Marks of notes behind a figure: 12① and 12¹ mean 12."""


class Problem(NamedTuple):
    """The problem with one cell: its rule, a Chinese text, and the number that is probably meant."""

    rule: Rule
    text: str
    found: str
    suggestion: int | Decimal | None = None

    def finding(self, label: str, place: Place, path: str) -> Finding:
        """The finding on the cell ``path``, called ``label``, at ``place``."""
        text = f"{label}：{self.text}"
        return self.rule.finding(text, place, path=path, expected=self.suggestion, found=self.found)


ReadNumber: TypeAlias = tuple[Value, Problem | None]
"""A value, and the problem with it if there is one."""


def read_number(raw: Raw, kind: Kind) -> ReadNumber:
    """The value of one cell, and the problem with it if there is one.

    A blank cell is ``(None, None)``. With V102 and V106 the value is read all the same; with every
    other rule the value is ``None``.
    """
    if type(raw) is float and 0 <= raw < LIMIT and raw.is_integer() and kind is not Kind.MONEY:
        return int(raw), None  # nearly every cell there is
    if raw is None:
        return None, None
    if isinstance(raw, str):
        return _read_text(raw, kind)
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return _read_stored(raw, kind)
    return None, _not_a_number(raw)


def plain_counts(raws: Sequence[Raw]) -> list[int] | None:
    """The values of cells of counts where all of them are plain whole numbers, as ``read_number``
    reads them; ``None`` where it has to judge any of them.
    """
    if set(map(type, raws)) != {float}:
        return None
    numbers = cast("Sequence[float]", raws)
    if min(numbers) < 0 or max(numbers) >= LIMIT:
        return None
    if not all(map(float.is_integer, numbers)):
        return None
    return list(map(int, numbers))


def _read_stored(raw: int | float | Decimal, kind: Kind) -> ReadNumber:
    """The value of a number that the file stores as one."""
    digits = repr(raw) if isinstance(raw, float) else raw
    number = Decimal(digits)
    if not number.is_finite():
        endless = Problem(V109, "不是一个有限的数", str(raw))
        return None, endless
    if not _is_possible(number):
        # All digits of a number could fill pages, and Python writes out no more than 4,300.
        shown = f"{number:.3E}"
        return None, _beyond(shown)
    if isinstance(raw, float) and raw.is_integer():
        whole = int(raw)
        return _fit(Decimal(whole), kind, str(whole))
    return _fit(number, kind, str(raw))


def _is_possible(number: Decimal) -> bool:
    """Whether an agency or a province can have so many or so much."""
    return -LIMIT < number < LIMIT


def _beyond(shown: str) -> Problem:
    """V109: nobody can have so many or so much."""
    beginning = shown[:_LONGEST]
    said = f"{beginning} 超出可能的范围"
    return Problem(V109, said, shown)


def _not_a_number(raw: Raw) -> Problem:
    if isinstance(raw, ErrorValue):
        return Problem(V108, f"公式结果是 {raw.text}", raw.text)
    if isinstance(raw, Uncalculated):
        formula = raw.formula
        return Problem(V107, f"公式没有计算结果（{formula}）", formula)
    if isinstance(raw, Unseen):
        quoted = ""
        if raw.text:
            beginning = raw.text[:_LONGEST]
            quoted = f"“{beginning}”"
        said = f"{quoted}{raw.why}，看不准是什么数，这一格没有读取"
        found = f"{raw.text}（看不准）"
        return Problem(I116, said, found)
    if isinstance(raw, Picture):
        return Problem(V109, "是一张图片，不是数字", "图片")
    if isinstance(raw, bool):
        shown = str(raw).upper()
        return Problem(V109, f"是逻辑值 {shown}，不是数字", shown)
    return _time_instead(raw)


def _time_instead(raw: Raw) -> Problem:
    """V109: a date, a time or a duration."""
    shown = str(raw)
    if isinstance(raw, date | time):
        shown = raw.isoformat()
    kind = "日期或时间"
    if isinstance(raw, timedelta):
        kind = "时长"
    said = f"是{kind} {shown}，不是数字（单元格格式为日期）"
    return Problem(V109, said, shown)


def _read_text(raw: str, kind: Kind) -> ReadNumber:
    half_width = raw.translate(_WIDTH)
    text = half_width.strip()
    if not text:
        return None, None
    if text.upper().startswith("=DISPIMG"):
        picture = Picture()
        return None, _not_a_number(picture)
    shown = raw.strip()
    if text in PLACEHOLDERS:
        said = f"填的是“{shown}”，没有发生的应填 0"
        placeholder = Problem(V105, said, shown, suggestion=0)
        return None, placeholder
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        digits = text.replace(",", "")
        value, problem = _fit(Decimal(digits), kind, raw)
        if problem is None:
            said = f"是文本“{raw}”，已按 {value} 读取"
            problem = Problem(V106, said, raw)
        return value, problem
    meant = suggest(text, kind)
    beginning = shown[:_LONGEST]
    said = f"“{beginning}”不是数字"
    if meant is not None:
        said += f"，可能是 {meant}"
    no_number = Problem(V104, said, shown, meant)
    return None, no_number


def _fit(number: Decimal, kind: Kind, shown: str) -> ReadNumber:
    """Make an exact number a value of ``kind``, or say why it is none."""
    if not _is_possible(number):
        return None, _beyond(shown)
    finest = _ONE
    allowed = "件数应为整数"
    if kind is Kind.MONEY:
        finest = FEN
        allowed = "金额最多六位小数（精确到分）"
    nearest = number.quantize(finest)
    difference = abs(number - nearest)
    if difference > _ROUNDING:
        too_fine = Problem(V103, f"{allowed}，实为 {shown}", shown)
        return None, too_fine
    is_exact = number == nearest
    value: int | Decimal = int(nearest)
    if kind is Kind.MONEY:
        value = number + 0 if is_exact else _trim(nearest)  # neither -0 nor an exponent
    if value < 0 and kind is not Kind.CHANGE:
        negative = Problem(V102, f"不应为负数，实为 {shown}", shown)
        return value, negative
    if is_exact:
        return value, None
    rounded = Problem(V106, f"由公式得 {shown}，已按 {value} 读取", shown)
    return value, rounded


def _trim(number: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent."""
    return Decimal(format(number.normalize(), "f"))


def suggest(text: str, kind: Kind) -> int | Decimal | None:
    """The number that ``text`` probably means, for a message; never used as a value."""
    if len(text) > _LONGEST:
        return None
    text = re.sub(r"[（(【\[].*$", "", text).strip()
    text = _NOTE_MARKS.sub("", text).strip()
    sign = 1
    if re.match(r"(减少?|下降|负|-)", text):
        sign = -1
    text = re.sub(r"^(增加?|减少?|上升|下降|约|近|共计?|负|[+-])", "", text).strip()
    unit = re.search(r"(件次|人次|万元|元|件|条|份|宗|个|项|次|起)$", text)
    if unit:
        text = text[: unit.start()].strip()
    meant = _meant(text)
    if meant is None:
        return None
    if abs(meant) >= LIMIT:  # thousands of digits are no number that anybody meant
        return None
    is_in_yuan = unit is not None and unit.group() == "元"
    if kind is Kind.MONEY and is_in_yuan:
        meant = _trim(meant / 10_000)
    meant *= sign
    if kind is Kind.MONEY:
        return meant
    if meant == meant.to_integral_value():
        return int(meant)
    return None


def _meant(text: str) -> Decimal | None:
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    plain = text.replace(" ", "").translate(_LETTERS_FOR_DIGITS)
    if _PLAIN.fullmatch(plain):
        return Decimal(plain)
    digits = [unicodedata.digit(character, None) for character in plain]
    if plain and None not in digits:
        written = "".join(map(str, digits))
        return Decimal(written)
    return chinese_number(plain)
