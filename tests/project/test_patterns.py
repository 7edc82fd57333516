"""No regular expression of the package, and no function that reads short texts, takes long over a text made for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from statistics import median

import pytest

from govdisclose.check.regulation_claims import document_claims
from govdisclose.check.sensitive import masked, sensitive_numbers
from govdisclose.check.sentences import claims_in
from govdisclose.finding import Place
from govdisclose.form.edition import EDITIONS
from govdisclose.form.fields import Kind
from govdisclose.form.numerals import chinese_number
from govdisclose.form.placeholders import placeholders
from govdisclose.form.quotes import find_cell
from govdisclose.read.published.document import TextLine
from govdisclose.read.published.headings import find_headings, section_of
from govdisclose.read.published.masthead import find_published, find_title, read_date, read_title
from govdisclose.read.tables.labels import label, spellings, squeeze
from govdisclose.read.tables.numbers import read_number, suggest
from govdisclose.read.texts import paragraph_level
from govdisclose.write.file_names import safe_name
from support.patterns import (
    Shape,
    Use,
    hard_shapes,
    plain_shapes,
    seconds_once,
    slow_text,
    uses,
)

LENGTH = 4_000
_SIMPLE_SQUARE = re.compile(r"\s+t=")
"""Grows with the square of the length, with the least work for each step: some are unavoidable."""


@pytest.fixture(scope="module")
def bound() -> float:
    """Seconds: a quarter more than the simplest search that grows with the square takes on this machine.

    What grows with the length takes a hundredth of it.
    """
    text = "\n" * LENGTH
    return 1.25 * median(seconds_once(_SIMPLE_SQUARE.search, text) for _ in range(5))


@pytest.fixture(scope="module")
def used() -> list[Use]:
    """Every pattern of the package with each method that it is used with."""
    return list(uses().values())


@pytest.mark.slow
def test_no_pattern_takes_more_than_its_share_of_time_over_a_text_made_for_it(
    used: list[Use], bound: float
) -> None:
    slow = {}
    for use in used:
        found = slow_text(use.call, hard_shapes(use.pattern), LENGTH, bound, use.pattern.pattern)
        if found:
            slow[f"{use.where}.{use.method}"] = f"{use.pattern.pattern!r} takes {found}"
    assert slow == {}


@pytest.mark.slow
def test_the_patterns_of_the_package_are_found(used: list[Use]) -> None:
    where = {use.where.partition(":")[0].partition(" ")[0] for use in used}
    assert len(used) > 100
    assert {
        "govdisclose.read.tables.numbers",
        "govdisclose.read.published.html.page",
        "govdisclose.check.sentences",
    } <= where


@pytest.mark.slow
def test_a_pattern_that_takes_long_is_noticed(bound: float) -> None:
    """Over texts of twice the length they take well above the bound, whatever else the machine does."""
    for bad in (r"(a+)+b", r"\d+件", r"\s*,\s*x", r"<p>.*?</p>"):
        pattern = re.compile(bad)
        assert slow_text(pattern.search, hard_shapes(pattern), 2 * LENGTH, bound), bad


def _line(text: str) -> TextLine:
    return TextLine(text, Place("r.txt", None, "第1行"))


FUNCTIONS: dict[str, Callable[[str], object]] = {
    "label": label,
    "squeeze": squeeze,
    "spellings": spellings,
    "read_number": lambda text: [read_number(text, kind) for kind in Kind],
    "suggest": lambda text: [suggest(text, kind) for kind in Kind],
    "chinese_number": chinese_number,
    "find_cell": lambda text: _or_none(lambda: find_cell(text, EDITIONS["2021"])),
    "read_title": read_title,
    "read_date": read_date,
    "find_title": lambda text: find_title([_line(text)]),
    "find_published": lambda text: find_published([_line(text)]),
    "section_of": lambda text: section_of(_line(text)),
    "find_headings": lambda text: find_headings([_line(text)], {}),
    "paragraph_level": lambda text: paragraph_level("", text),
    "claims_in": lambda text: list(claims_in(text, 2024)),
    "document_claims": lambda text: list(document_claims(f"本年制发规范性文件{text}", 2024)),
    "placeholders": lambda text: list(placeholders(f"（文字{text}")),
    "sensitive_numbers": lambda text: list(sensitive_numbers(text)),
    "masked": masked,
    "safe_name": safe_name,
}
LONG, SECONDS = 20_000, 0.5


def _or_none(find: Callable[[], object]) -> object:
    try:
        return find()
    except Exception:  # no cell of that name: how that is said is the module's own
        return None


def _mixed(seed: int) -> Shape:
    """A run of words that the form knows, in any order."""
    rng = Random(seed)
    words = [
        "其中",
        "总计",
        "（一）",
        "、",
        "1.",
        "件",
        "2024年",
        "0",
        "/",
        " ",
        "本年",
        "申请",
        "公开",
        ",",
        "(",
        "十",
        "：",
    ]
    return Shape("", "".join(rng.choices(words, k=8)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_that_reads_a_text_takes_long_over_a_long_one(name: str) -> None:
    shapes = [*plain_shapes(), *map(_mixed, range(20))]
    found = slow_text(FUNCTIONS[name], shapes, LONG, SECONDS)
    assert not found, found
