"""Number formats, values, and whether a reader sees the value: what offices use, and what is done to mislead."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Case(NamedTuple):
    """A format, a value under it, and whether a reader sees the value."""

    code: str
    value: int | Decimal
    same: bool
    kind: str = "count"


def _cases(same: bool, kind: str, value: str, *codes: str) -> list[Case]:
    number = Decimal(value)
    whole = number == number.to_integral_value()
    return [Case(code, int(number) if whole else number, same, kind) for code in codes]


_ACCOUNTING = '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '
_ACCOUNTING_2 = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
_YUAN = '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ '

CASES: list[Case] = [
    # the same number, as offices write it
    *_cases(
        True, "count", "8", "General", "0", "0.0", "0.00", "#", "#,##0", "#,##0.00", "@", "00", "000", "??0", "0_ "
    ),
    *_cases(True, "count", "1234567", "General", "0", "#,##0", "#,##0.00", "#,###", "0_);[Red]\\(0\\)", "@"),
    *_cases(True, "count", "1234", "# ##0", "#,##0", "0"),
    *_cases(
        True, "count", "394000", _ACCOUNTING, _ACCOUNTING_2, _YUAN, "0_);\\(0\\)", "[Red]0", "[$-804]0", "[Blue]0.00"
    ),
    *_cases(
        True,
        "count",
        "12",
        '0"件"',
        '0" 件"',
        "0件",
        '#,##0"条"',
        '0"人次"',
        '0"（件）"',
        "[$-804]General",
        "[Color10]0",
    ),
    *_cases(True, "count", "12", "0;-0;0;@", "0;[Red]-0", "General;[Red]-General", "0.00E+00", "# ?/?", "# ??/??"),
    *_cases(
        True, "count", "12", "[DBNum1]0", "[DBNum1][$-804]General", "+0;-0;0", "_-* #,##0_-;-* #,##0_-", "0.##", "0.0#"
    ),
    *_cases(
        True,
        "count",
        "0",
        "General",
        "0",
        "#,##0",
        "0.00",
        _ACCOUNTING,
        _ACCOUNTING_2,
        "0;-0;0",
        "#,##0;(#,##0)",
        "0;-0;-",
    ),
    *_cases(True, "count", "150", "[>100]0;0", "[>100][Red]0;[<=100]0", "[Red][>=100]0;[Blue]0", "[<1000]0;0,"),
    *_cases(
        True,
        "change",
        "-5",
        "General",
        "0",
        "#,##0",
        "0_);(0)",
        "0;-0",
        "0_);[Red]\\(0\\)",
        _ACCOUNTING,
        '0"件"',
        "+0;-0;0",
    ),
    *_cases(True, "money", "39.4", "General", "0.0", "0.00", "#,##0.00", "#,##0.0#####", "0.000000", "¥#,##0.00", "@"),
    *_cases(
        True,
        "money",
        "39.4",
        '0.0"万元"',
        '#,##0.00"万元"',
        "[$¥-804]#,##0.00",
        _ACCOUNTING_2,
        _YUAN,
        "0.0_ ",
        "￥0.00",
    ),
    *_cases(True, "money", "0.394", "General", "0.000", "0.######", "0.0000", "#.000", ".000", "0.00#"),
    *_cases(True, "money", "0", '0"万元"', "0.00", _YUAN, "General"),
    *_cases(True, "money", "1234567.25", "#,##0.00", "General", "0.00", '#,##0.00_ "万元"'),
    # scaled
    *_cases(
        False,
        "money",
        "394000",
        "0!.0,",
        "#,##0.00,",
        "0,",
        "0.0,",
        "0.00,,",
        '0.0,"千"',
        '0!.0,"万元"',
        "0\\.0,",
        '0"."0,',
    ),
    *_cases(False, "count", "12345", "0,", "#,##0,", '0.0,"千"', '0!.0,"万"', "0.0000,,", '0\\.0000"万"', "0!.0000"),
    *_cases(False, "money", "96171.6", "#,##0.00,", '0!.0,"万"', "0,", "0.0,"),
    # percent and units that say something else
    *_cases(
        False,
        "count",
        "8",
        "0%",
        "0.00%",
        "#%",
        '0"万"',
        '0"千"',
        '0"百"',
        '0"亿"',
        "0万",
        '0"00"',
        '"1"0',
        "0\\0",
        '0".5"',
    ),
    *_cases(
        False,
        "money",
        "39.4",
        '0.0"元"',
        '0.0"亿元"',
        "0.0%",
        "$0.0",
        "[$$-409]0.0",
        "[$€-2]0.0",
        '0.0"万"',
        '0"."0',
        '"约"0.0',
    ),
    *_cases(False, "count", "8", '"第"0', '0"/10"', "-0", "(0)", "0-0", '0" 5"', "0:0", "*0 0", "**0", '0"年"'),
    # hidden
    *_cases(False, "count", "8", ";;;", ";;", ";", '""', '" "', '"无"', '"—"', "[>100]0;", '[<5]0;""', ";0;0"),
    *_cases(False, "count", "0", "0;-0;;@", "0;-0;", "#", "#,###", "#.##", '0;-0;"无"', "#,##0;-#,##0;", "0;;;", "???"),
    *_cases(False, "change", "-5", "0;0", "0;[Red]0", "#,##0;#,##0", "0;", '0;"减"0;0', "0;;0"),
    # rounded
    *_cases(
        False, "money", "0.394", "0", "0.0", "0.00", "#,##0", "#,##0.00", "0.0#", "¥0.00", _ACCOUNTING, _ACCOUNTING_2
    ),
    *_cases(False, "money", "3.5", "0", "#,##0", "# ?/?", "?/?", "# ?/8", '0"万元"', "0E+00"),
    *_cases(False, "money", "1234567.123456", "General", "@", "0.00", "0.0000", "0.0E+00"),
    # fractions, exponents, conditions, dates
    *_cases(False, "count", "12345", "0.0E+00", "0.00E+00", "0E+00", "##0.0E+0"),
    *_cases(False, "count", "12", "0E+00"),
    *_cases(False, "count", "150", "[>100]0.0,;0", '[>100]"超过100";0', "[=150]1;0", '[<>150]0;"——"', "[>100]0%;0"),
    *_cases(
        False,
        "count",
        "45000",
        "yyyy-mm-dd",
        "m/d/yyyy",
        'yyyy"年"m"月"',
        "h:mm",
        "[h]:mm",
        "[$-F800]dddd, mmmm dd, yyyy",
    ),
    *_cases(False, "count", "12", "?/?", "0/0", "d", "s", "0d"),
    # not a format that any program would write
    *_cases(False, "count", "8", "0,.0,0", "0.0.0", "[?]", "[Foo]0", '0"', "0\\", "0n", "0;0;0;0;0", "General0"),
]
"""Every case once."""
