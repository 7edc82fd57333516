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
    if value is None or (
        type(value) is Decimal and value.is_finite() and value.adjusted() < _DIGITS
    ):
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
        raise EntryError(name, f"数太大（{_shown(value)}）")
    whole = int(cast(SupportsInt, value))
    if whole != value:
        raise EntryError(name, f"应为整数，得到 {_shown(value)}")
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
        return Decimal(int(value))
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
        raise EntryError(name, f"数太大（{_shown(value)}）")
    if not isinstance(value, Decimal) and number == int(number):
        return Decimal(int(number))
    return number


def is_blank(value: object) -> bool:
    """Whether ``value`` stands for "no value": ``None``, ``""``, NaN of any type, ``pandas.NA``,
    NaT.
    """
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
    if found is not None and found not in YEARS:
        wanted = f"{YEARS[0]} 至 {YEARS[-1]} 之间的年份"
        raise EntryError(name, f"应为 {wanted}，得到 {_shown(value)}")
    return found


def day(value: object, name: str) -> date | None:
    """A plain date; a date with a time of day is one only at midnight."""
    if type(value) is date:
        return value
    moment = _moment(value)
    if is_blank(moment):
        return None
    if isinstance(moment, datetime):
        if moment.time() != time():
            raise EntryError(name, f"应为日期，得到带时刻的 {_shown(value)}")
        return moment.date()
    if isinstance(moment, date):
        return date(moment.year, moment.month, moment.day)
    raise _refused(value, name, "日期（datetime.date）或 None")


def _moment(value: object) -> object:
    """numpy's ``datetime64`` as Python has it (``None`` for its NaT); anything else unchanged."""
    if type(value).__name__ != "datetime64":
        return value
    return value.astype("datetime64[us]").item()  # type: ignore[attr-defined]  # numpy is not imported here


def text(value: object, name: str) -> str:
    """Text, and nothing else."""
    if type(value) is str:
        return value
    if isinstance(value, str):
        return str(value)
    raise _refused(value, name, "文字")


def optional_text(value: object, name: str) -> str | None:
    """Text, or ``None`` for any sign of "no value"."""
    return None if is_blank(value) else text(value, name)


def prose_level(value: object, name: str) -> int:
    """The outline level of a paragraph."""
    if type(value) is int and value in LEVELS_OF_PROSE:
        return value
    found = whole_number(value, name)
    if found is None or found not in LEVELS_OF_PROSE:
        raise EntryError(
            name, f"应为 {LEVELS_OF_PROSE[0]} 至 {LEVELS_OF_PROSE[-1]} 的整数，得到 {_shown(value)}"
        )
    return found


def one_of(allowed: tuple[str, ...]) -> Callable[[object, str], str]:
    """A converter for one of a few words."""

    def choose(value: object, name: str) -> str:
        if isinstance(value, str) and value in allowed:
            return str(value)
        raise EntryError(name, f"应为 {'、'.join(allowed)} 之一，得到 {_shown(value)}")

    return choose


def group_of(cls: type) -> Callable[[object, str], object]:
    """A converter that lets only objects of exactly ``cls`` through: the rows and columns of a
    table.
    """

    def same(value: object, name: str) -> object:
        if type(value) is not cls:
            raise _refused(value, name, cls.__name__)
        return value

    return same


def _is_boolean(value: object) -> bool:
    return type(value).__name__ in _BOOLEANS


def _refused(value: object, name: str, wanted: str) -> EntryError:
    found = f"{_kind(value)} {_shown(value)}"
    return EntryError(name, f"应为{_spaced(wanted)}，得到{found}")


def _spaced(words: str) -> str:
    return f" {words}" if words[0].isascii() else words


def _kind(value: object) -> str:
    name = type(value).__name__
    return _KINDS.get(name) or ("字符串" if isinstance(value, str) else f" {name}")


def _shown(value: object) -> str:
    """A value in a message: short, and whatever it is."""
    try:
        shown = repr(value)
    except Exception:  # an int of more digits than Python writes out, or somebody's own type
        return f"<{type(value).__name__}>"
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
