"""Titles break where a typist would break them: after a place or between words, balanced."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from govdisclose.write.title_lines import LINE_WIDTH, text_width, title_lines, title_words
from support.paths import DATA

NAMES: dict[str, list[str]] = json.loads((DATA / "agency_names.json").read_text(encoding="utf-8"))
"""Names of agencies as their own reports print them, and the lines that each should take."""

REST = "2024年政府信息公开工作年度报告"


def test_a_name_breaks_after_a_place_or_between_words() -> None:
    for name, broken in NAMES.items():
        fits = text_width(name + REST) <= LINE_WIDTH
        wanted = [name + REST] if fits else [*broken, REST]
        assert title_lines(name + REST, name) == wanted


def test_a_remark_in_brackets_has_lines_of_its_own() -> None:
    remark = "（草稿：已汇总 9 家，应报 12 家；另有 6 份报告没有计入）"
    title = f"兴义市人民政府2024年政府信息公开工作年度报告{remark}"
    assert title_lines(title, "兴义市人民政府") == [
        "兴义市人民政府",
        "2024年政府信息公开工作年度报告",
        "（草稿：已汇总 9 家，应报 12 家；",
        "另有 6 份报告没有计入）",
    ]


def test_the_names_are_of_all_lengths() -> None:
    lengths = [len(name) for name in NAMES]
    assert len(lengths) >= 60
    assert min(lengths) <= 4
    assert max(lengths) >= 28


def test_a_title_without_known_words_is_left_to_the_program_that_shows_it() -> None:
    assert title_lines("甲" * 50) == ["甲" * 50]


def test_a_title_that_does_not_begin_with_the_name_is_broken_by_its_words() -> None:
    title = "上海市浦东新区市场监督管理局2024年政府信息公开工作年度报告"
    assert title_lines(title, "浦东新区市场监管局") == [
        "上海市浦东新区市场监督管理局",
        "2024年政府信息公开工作年度报告",
    ]


@given(
    st.text(alphabet="某市区县乡族和（）2024年报告政府信息公开A ", max_size=90), st.text(max_size=5)
)
def test_nothing_of_a_title_is_lost(title: str, agency: str) -> None:
    lines = title_lines(title, agency)
    assert "".join(lines) == title
    assert all(lines) or not title


@given(st.text(alphabet="某市区县乡族和（）2024年报告政府信息公开A ", max_size=90))
def test_nothing_of_a_title_is_lost_between_its_words(title: str) -> None:
    assert "".join(title_words(title)) == title


def test_a_narrow_screen_breaks_a_title_between_words() -> None:
    for name in NAMES:
        pieces = title_words(name + REST)
        for word in ("政府信息公开", "2024年", "年度", "报告"):
            assert any(word in piece for piece in pieces), (name, word)
    assert max(map(text_width, title_words(REST))) <= 6
