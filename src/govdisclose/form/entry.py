"""Values put into a report from Python: converted to the types of a report, or refused at once.

A wrong type in a report is noticed late or never, so constructors check their arguments:
a number of another library becomes ``int`` or ``Decimal``, values that mean "blank" become
``None``, and everything else raises ``EntryError`` with the name of the attribute. Whether a number
is a possible one (not negative, not too large) is left to ``check_report``, as for a workbook.

Neither numpy nor pandas is imported: their types are recognised by their methods and names.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, SupportsInt, cast

from attrs import Converter

from govdisclose.errors import EntryError
from govdisclose.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from attrs import Attribute

YEARS = range(2008, 2101)
"""Report years that are possible: the Regulations took effect in 2008."""

LEVELS_OF_PROSE = range(10)
"""Outline levels of a paragraph; 0 is body text."""

_BLANKS = frozenset({"NAType", "NaTType", "MaskedConstant"})
"""Types of ``pandas.NA``, ``pandas.NaT`` and ``numpy.ma.masked``."""

_BOOLEANS = frozenset({"bool", "bool_"})
"""Python's own type and numpy's, under its new and its old name."""

_PLAIN_AMOUNT = LazyPattern(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)

_DIGITS = 30
_TOO_LARGE = 10**_DIGITS
"""Beyond this a number is not even written out: it would fill the memory."""

_KINDS = {
    "str": "字符串", "bytes": "字节串", "bool": "逻辑值", "bool_": "逻辑值", "date": "日期", "datetime": "日期时间",
    "Timestamp": "日期时间", "datetime64": "日期时间", "NoneType": "空值", "list": "列表", "tuple": "元组", "dict": "字典",
}  # fmt: skip


def entered(convert: Callable[[object, str], Any]) -> Converter[Any, Any]:
    """An attrs converter from a function of the value and the name of the attribute."""

    def put(value: object, attribute: Attribute[Any]) -> Any:
        return convert(value, attribute.name)

    return Converter(put, takes_field=True)


def put_count(value: object, attribute: Attribute[Any]) -> int | None:
    """Convert a count or a change; the plain numbers of readers are returned unchanged."""
    if type(value) is int or value is None:
        return value
    return whole_number(value, attribute.name)


def put_money(value: object, attribute: Attribute[Any]) -> Decimal | None:
    """Convert an amount; the exact numbers of readers are returned unchanged."""
    if value is None:
        return None
    if type(value) is Decimal and value.is_finite() and value.adjusted() < _DIGITS:
        return value
    return amount(value, attribute.name)


def whole_number(value: object, name: str) -> int | None:
    """A whole number of any type as ``int``; ``None`` for any sign of "no value".

    Raises ``EntryError`` for text, truth values, fractions and everything else.
    """
    if is_blank(value):
        return None
    if _is_boolean(value):
        raise _refused(value, name, "整数或 None")
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Decimal | Real):
        return _whole(value, name)
    try:
        return operator.index(value)  # type: ignore[arg-type]  # whatever has no __index__ raises TypeError
    except TypeError as error:
        raise _refused(value, name, "整数或 None") from error


def _whole(value: Decimal | Real, name: str) -> int:
    if not -_TOO_LARGE < value < _TOO_LARGE:
        raise _too_large(value, name)
    whole = int(cast(SupportsInt, value))
    if whole != value:
        shown = _shown(value)
        raise EntryError(name, f"应为整数，得到 {shown}")
    return whole


def amount(value: object, name: str) -> Decimal | None:
    """An amount of any type as an exact ``Decimal``; ``None`` for any sign of "no value".

    A float is taken as the shortest decimal that it prints as. Raises ``EntryError`` for everything
    that is not exactly one decimal number.
    """
    if is_blank(value):
        return None
    if _is_boolean(value):
        raise _refused(value, name, "数或 None")
    if isinstance(value, Integral):
        whole = int(value)
        return Decimal(whole)
    if isinstance(value, str):
        if not _PLAIN_AMOUNT.fullmatch(value):
            raise _refused(value, name, "数或 None")
        return Decimal(value)
    if not isinstance(value, Decimal | Real):
        raise _refused(value, name, "数或 None")
    return _exact(value, name)


def _exact(value: Decimal | Real, name: str) -> Decimal:
    if isinstance(value, Decimal):
        number = Decimal(value)
    else:
        try:
            # Before numpy 2 only str() of its numbers is a number; for a float it is repr().
            number = Decimal(str(value))
        except InvalidOperation as error:
            raise _refused(value, name, "精确的小数") from error
    if not -_TOO_LARGE < number < _TOO_LARGE:
        raise _too_large(value, name)
    if isinstance(value, Decimal):
        return number
    whole = int(number)
    if number == whole:
        return Decimal(whole)
    return number


def _too_large(value: object, name: str) -> EntryError:
    shown = _shown(value)
    return EntryError(name, f"数太大（{shown}）")


def is_blank(value: object) -> bool:
    """Whether ``value`` stands for "no value": ``None``, ``""``, any NaN, ``pandas.NA``, NaT."""
    if value is None or type(value).__name__ in _BLANKS:
        return True
    if isinstance(value, str):
        return value == ""
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, Real) and bool(value != value)  # NaN alone differs from itself


def year(value: object, name: str) -> int | None:
    """A report year, four digits, or ``None``."""
    found = whole_number(value, name)
    if found is None or found in YEARS:
        return found
    first = YEARS[0]
    last = YEARS[-1]
    shown = _shown(value)
    raise EntryError(name, f"应为 {first} 至 {last} 之间的年份，得到 {shown}")


def day(value: object, name: str) -> date | None:
    """A plain date; a date with a time of day is one only at midnight."""
    if type(value) is date:
        return value
    moment = _moment(value)
    if is_blank(moment):
        return None
    if isinstance(moment, datetime):
        midnight = time()
        if moment.time() != midnight:
            shown = _shown(value)
            raise EntryError(name, f"应为日期，得到带时刻的 {shown}")
        return moment.date()
    if isinstance(moment, date):
        return date(moment.year, moment.month, moment.day)
    raise _refused(value, name, "日期（datetime.date）或 None")


def _moment(value: object) -> object:
    """numpy's ``datetime64`` as Python has it (``None`` for its NaT); anything else unchanged."""
    if type(value).__name__ != "datetime64":
        return value
    in_microseconds = value.astype("datetime64[us]")  # type: ignore[attr-defined]  # numpy is not imported here
    return in_microseconds.item()


def text(value: object, name: str) -> str:
    """Text, and nothing else."""
    if type(value) is str:
        return value
    if isinstance(value, str):
        return str(value)
    raise _refused(value, name, "文字")


def optional_text(value: object, name: str) -> str | None:
    """Text, or ``None`` for any sign of "no value"."""
    if is_blank(value):
        return None
    return text(value, name)


def prose_level(value: object, name: str) -> int:
    """The outline level of a paragraph."""
    if type(value) is int and value in LEVELS_OF_PROSE:
        return value
    found = whole_number(value, name)
    if found is None or found not in LEVELS_OF_PROSE:
        first = LEVELS_OF_PROSE[0]
        last = LEVELS_OF_PROSE[-1]
        shown = _shown(value)
        raise EntryError(name, f"应为 {first} 至 {last} 的整数，得到 {shown}")
    return found


def one_of(allowed: tuple[str, ...]) -> Callable[[object, str], str]:
    """A converter for one of a few words."""

    def choose(value: object, name: str) -> str:
        if isinstance(value, str) and value in allowed:
            return str(value)
        words = "、".join(allowed)
        shown = _shown(value)
        raise EntryError(name, f"应为 {words} 之一，得到 {shown}")

    return choose


def group_of(cls: type) -> Callable[[object, str], object]:
    """A converter that lets only objects of exactly ``cls`` through, the parts of a table."""

    def same(value: object, name: str) -> object:
        if type(value) is not cls:
            raise _refused(value, name, cls.__name__)
        return value

    return same


def _is_boolean(value: object) -> bool:
    return type(value).__name__ in _BOOLEANS


def _refused(value: object, name: str, wanted: str) -> EntryError:
    """The error that a value is not what is ``wanted``."""
    kind = _kind(value)
    shown = _shown(value)
    blank = " " if wanted[0].isascii() else ""
    return EntryError(name, f"应为{blank}{wanted}，得到{kind} {shown}")


def _kind(value: object) -> str:
    """The kind of a value in Chinese, or after a blank the name of its type."""
    name = type(value).__name__
    known = _KINDS.get(name)
    if known is not None:
        return known
    if isinstance(value, str):
        return "字符串"
    return f" {name}"


def _shown(value: object) -> str:
    """A value in a message: short, and whatever it is."""
    try:
        shown = repr(value)
    except Exception:  # an int of more digits than Python writes out, or somebody's own type
        kind = type(value).__name__
        return f"<{kind}>"
    if len(shown) <= 60:
        return shown
    beginning = shown[:59]
    return f"{beginning}…"
