"""One raw cell in, a value or a stated problem out."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govdisclose.form.fields import Kind
from govdisclose.form.numerals import chinese_number
from govdisclose.read.grid import ErrorValue, Picture, Uncalculated
from govdisclose.read.tables.numbers import PLACEHOLDERS, read_number

COUNT, MONEY, CHANGE = Kind.COUNT, Kind.MONEY, Kind.CHANGE

READ = [
    (None, COUNT, None, None), ("", COUNT, None, None), ("  \u3000\xa0", COUNT, None, None),
    (0.0, COUNT, 0, None), (3.0, COUNT, 3, None), (12, COUNT, 12, None),
    (96171.6, MONEY, Decimal("96171.6"), None), (0.0, MONEY, Decimal(0), None),
    (-8.0, CHANGE, -8, None), (1036.0, CHANGE, 1036, None),
    ("12", COUNT, 12, "V106"), (" 5 ", COUNT, 5, "V106"), ("１２", COUNT, 12, "V106"), ("\u30007", COUNT, 7, "V106"),
    ("1,234", COUNT, 1234, "V106"), ("１，２３４", COUNT, 1234, "V106"), ("-8", CHANGE, -8, "V106"),
    ("+1036", CHANGE, 1036, "V106"), ("－８", CHANGE, -8, "V106"), ("12.50", MONEY, Decimal("12.50"), "V106"),
    (3.0000000001, COUNT, 3, "V106"), (0.1 + 0.2, MONEY, Decimal("0.3"), "V106"),
    (-0.0, MONEY, Decimal(0), None), ("-0.0", MONEY, Decimal(0), "V106"), (-0.0, COUNT, 0, None),
    (-3.0, COUNT, -3, "V102"), (-0.5, MONEY, Decimal("-0.5"), "V102"), ("-3", COUNT, -3, "V102"),
]  # fmt: skip

REFUSED = [
    (3.5, COUNT, "V103", None), ("3.5", COUNT, "V103", None), (0.12345678, MONEY, "V103", None),
    ("12件", COUNT, "V104", 12), ("O", COUNT, "V104", 0), ("一百二十", COUNT, "V104", 120), ("①", COUNT, "V104", 1),
    ("²", COUNT, "V104", 2), ("٣", COUNT, "V104", 3), ("1 234", COUNT, "V104", 1234), ("12,34", COUNT, "V104", None),
    ("１，23", COUNT, "V104", None), ("22（其中修订16件）", COUNT, "V104", 22), ("减4", CHANGE, "V104", -4),
    ("251000元", MONEY, "V104", Decimal("25.1")), ("约30", COUNT, "V104", 30), ("详见附件", COUNT, "V104", None),
    ("1e5", COUNT, "V104", None), ("0x10", COUNT, "V104", None), ("=1+1", COUNT, "V104", None),
    ("/", COUNT, "V105", 0), ("—", COUNT, "V105", 0), ("无", MONEY, "V105", 0), ("-", CHANGE, "V105", 0),
    (Uncalculated("=A1*2"), COUNT, "V107", None), (ErrorValue("#REF!"), COUNT, "V108", None),
    (True, COUNT, "V109", None), (False, MONEY, "V109", None), (datetime(2024, 1, 2), COUNT, "V109", None),
    (time(1), COUNT, "V109", None), (timedelta(1), COUNT, "V109", None), (float("inf"), COUNT, "V109", None),
    (float("nan"), MONEY, "V109", None), (1e20, COUNT, "V109", None), ("9" * 30, COUNT, "V109", None),
    (Picture(), COUNT, "V109", None), ('=DISPIMG("ID_1",1)', COUNT, "V109", None),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "kind", "value", "code"), READ)
def test_a_number_is_read_and_what_was_converted_is_said(raw, kind, value, code) -> None:
    got, problem = read_number(raw, kind)
    assert (got, problem.rule.code if problem else None) == (value, code)
    assert type(got) is type(value)
    assert not str(got).startswith("-0") or got


@pytest.mark.parametrize(("raw", "kind", "code", "suggestion"), REFUSED)
def test_what_is_no_number_is_refused_with_the_number_it_probably_means(
    raw, kind, code, suggestion
) -> None:
    got, problem = read_number(raw, kind)
    assert got is None
    assert problem is not None
    assert (problem.rule.code, problem.suggestion) == (code, suggestion)


@pytest.mark.parametrize("placeholder", sorted(PLACEHOLDERS))
def test_a_placeholder_is_neither_blank_nor_zero(placeholder: str) -> None:
    value, problem = read_number(placeholder, COUNT)
    assert value is None
    assert problem is not None
    assert problem.rule.code == "V105"


@given(st.text(max_size=12), st.sampled_from(Kind))
def test_any_text_is_blank_a_number_or_a_problem(text: str, kind: Kind) -> None:
    value, problem = read_number(text, kind)
    assert (
        (value is not None)
        or (problem is not None)
        or not text.translate({0x3000: " ", 0xA0: " "}).strip()
    )


@given(st.integers(0, 10**9))
def test_every_spelling_of_a_count_is_the_same_count(number: int) -> None:
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert {
        read_number(raw, COUNT)[0]
        for raw in (number, float(number), str(number), f"{number:,}", wide)
    } == {number}


@pytest.mark.parametrize(
    ("text", "number"),
    [("零", 0), ("十", 10), ("十二", 12), ("二十", 20), ("一百零三", 103), ("三万五千二百", 35200), ("二〇二四", 2024),
     ("一亿二千万", 120_000_000), ("两千", 2000)],
)  # fmt: skip
def test_chinese_numerals(text: str, number: int) -> None:
    assert chinese_number(text) == number


@pytest.mark.parametrize("text", ["", "若干", "12", "一二x"])
def test_what_is_no_chinese_numeral(text: str) -> None:
    assert chinese_number(text) is None
