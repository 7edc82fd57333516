"""The long table of a folder: whose books are whose, and what stands in the way of writing it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from govdisclose import Agency, OutputError, export_folder, write_workbook
from govdisclose.write.longtable import LONG_FILES
from support import consistent_report
from units import folder_of, unit


@pytest.mark.parametrize(
    ("codes", "doubled"),
    [
        (("1", None), 1),
        ((None, "1"), 1),
        ((None, None), 1),
        (("1", "2"), 0),
        (("1", "2", None), 1),
        (("1", "1"), 1),
        (("1X", "1x"), 1),
    ],
)
def test_books_of_one_name_are_one_agencys_unless_their_codes_differ(
    codes: tuple[str | None, ...], doubled: int, tmp_path: Path
) -> None:
    for number, code in enumerate(codes):
        report = consistent_report(seed=number).evolve(agency=Agency("财政局" if number else "财 政 局", code))
        write_workbook(report, tmp_path / f"{number}.xlsx")
    assert len(export_folder(tmp_path, tmp_path / "cells.csv", to="csv").doubled) == doubled


def test_a_database_on_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def small(path: Path) -> sqlite3.Connection:
        base = connect(path)
        base.execute("PRAGMA max_page_count = 3")
        return base

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(OutputError, match="磁盘已满"):
        export_folder(folder_of(tmp_path, unit("甲局")), to="sqlite")
    assert [p.name for p in tmp_path.iterdir()] == ["books"]


@pytest.mark.parametrize("to", LONG_FILES)
@pytest.mark.parametrize(("place", "words"), [("none", "目标目录不存在"), ("books/00甲局.xlsx", "是文件，不是文件夹")])
def test_a_place_that_is_none_is_told(to: str, place: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=words):
        export_folder(folder_of(tmp_path, unit("甲局")), tmp_path / place / "cells", to=to)
