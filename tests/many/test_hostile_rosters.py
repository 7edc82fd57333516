"""A roster that contradicts itself: every command names the cell, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from support.commands import Run
from support.seasons import workbook

COLUMNS = (
    *("代码", "名称", "上级", "层级", "填报", "曾用名", "原代码"),
    *("分设自", "设立年份", "并入", "撤并年份"),
)

Row = dict[str, object]

CASES: dict[str, tuple[list[Row], str]] = {
    "doubled codes": ([{"代码": "A", "名称": "甲"}, {"代码": "a", "名称": "乙"}], "A3"),
    "doubled names": ([{"名称": "甲局"}, {"名称": "甲 局"}], "B3"),
    "a circle": (
        [{"代码": "A", "名称": "甲", "上级": "B"}, {"代码": "B", "名称": "乙", "上级": "A"}],
        "甲 → 乙 → 甲",
    ),
    "its own parent": ([{"代码": "A", "名称": "甲", "上级": "A"}], "甲 → 甲"),
    "an unknown parent": ([{"代码": "A", "名称": "甲", "上级": "没有"}], "“没有”不在花名册上"),
    "a parent of two": (
        [
            {"代码": "A", "名称": "东县财政局"},
            {"代码": "B", "名称": "财政局"},
            {"代码": "C", "名称": "财政局"},
            {"名称": "小学", "上级": "财政局"},
        ],
        "有 2 家，请改填代码",
    ),
    "a former code of two": (
        [
            {"代码": "A", "名称": "甲", "原代码": "X"},
            {"代码": "B", "名称": "乙", "原代码": "X"},
        ],
        "G3",
    ),
    "merged in a circle": (
        [
            {"代码": "A", "名称": "甲", "并入": "B", "撤并年份": 2024},
            {"代码": "B", "名称": "乙", "并入": "A", "撤并年份": 2024},
        ],
        "J2",
    ),
    "a year in words": ([{"代码": "A", "名称": "甲", "撤并年份": "二〇二四"}], "K2"),
    "a code that has lost digits": ([{"代码": 11420100000000000, "名称": "甲"}], "A2"),
}


@pytest.mark.parametrize(
    "command",
    [
        ("status", "-o", "out.xlsx"),
        ("batch", "--to", "json", "-o", "out"),
        ("aggregate", "-o", "out.xlsx"),
        ("export", "--to", "csv", "-o", "out.csv"),
        ("overview", "-o", "out.html"),
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("case", CASES)
def test_every_command_names_the_cell(
    case: str, command: tuple[str, ...], tmp_path: Path, run
) -> None:
    rows, said = CASES[case]
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "1.xlsx").write_bytes(workbook("甲", "A"))
    roster = tmp_path / "花名册.xlsx"
    book = Workbook()
    for row in (dict(zip(COLUMNS, COLUMNS, strict=True)), *rows):
        book.active.append([row.get(column) for column in COLUMNS])
    book.save(roster)
    verb, *options, output = command
    done: Run = run(verb, inbox, "--roster", roster, *options, tmp_path / output)
    assert (done.code, said in done.err, "H105" in done.err) == (1, True, True), done.err
    assert not (tmp_path / output).exists()
