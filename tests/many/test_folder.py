"""Which files of a folder tree count as books."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govdisclose.errors import InputError, UsageError
from govdisclose.many.folder import books_in, look_into, refuse_strangers


def tree(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return root


def found(root: Path, **more: tuple[Path, ...]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in books_in(root, **more)]


def test_books_are_found_below_the_folder_in_a_stable_order(tmp_path: Path) -> None:
    names = ["乙/2.xlsx", "甲/1.XLSX", "a.json", "旧.xls", "甲/宏.xlsm"]
    assert found(tree(tmp_path, *names)) == sorted(names)


@pytest.mark.parametrize(
    "name",
    ["~$a.xlsx", ".~lock.a.xlsx#", ".~a.xlsx", "._a.xlsx", ".a.xlsx", ".git/a.xlsx", "a.docx"],
)
def test_what_programs_leave_behind_is_no_book(tmp_path: Path, name: str) -> None:
    assert found(tree(tmp_path, name)) == []


def test_what_is_not_looked_at_is_named(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "a.xlsx",
        "b.docx",
        "下/c.wps",
        "下/d",
        "~$e.docx",
        ".f.docx",
        "Thumbs.db",
        "out/g.docx",
    )
    (tmp_path / "链接").symlink_to(tmp_path / "下", target_is_directory=True)
    contents = look_into(tmp_path, outside=(tmp_path / "out",))
    assert [path.name for path in contents.books] == ["a.xlsx"]
    assert contents.passed_over(tmp_path).startswith(
        "另有 4 个文件没有看：b.docx、下/c.wps、下/d、链接（"
    )
    assert (
        contents.without([tmp_path / "b.docx"])
        .passed_over(tmp_path)
        .startswith("另有 3 个文件没有看：下/c.wps")
    )
    assert look_into(tree(tmp_path / "n", "a.json")).passed_over(tmp_path) == ""


def test_the_output_folder_inside_is_left_out(tmp_path: Path) -> None:
    tree(tmp_path, "a.xlsx", "out/b.xlsx")
    assert found(tmp_path, outside=(tmp_path / "out",)) == ["a.xlsx"]
    assert found(tmp_path, outside=(tmp_path,)) == ["a.xlsx", "out/b.xlsx"]


def test_what_an_earlier_batch_has_left_is_no_book_but_its_exports_where_they_are_asked_for(
    tmp_path: Path,
) -> None:
    tree(
        tmp_path,
        "a.xlsx",
        "out/结果.xlsx",
        "out/b.json",
        "out/c.xlsx",
        "out/.govdisclose/batch.sqlite",
    )
    assert found(tmp_path) == ["a.xlsx", "out/c.xlsx"]
    assert found(tmp_path / "out") == ["b.json", "c.xlsx"]


def test_one_report_in_every_form_is_no_second_book_of_its_agency(tmp_path: Path) -> None:
    tree(tmp_path, "a.xlsx", "all/b.json", "all/b.docx", "all/SHA256SUMS")
    index = {"schema": "govdisclose/bundle/1", "files": [{"name": "b.json"}, {"name": "b.docx"}]}
    (tmp_path / "all/index.json").write_text(json.dumps(index), "utf-8")
    assert found(tmp_path) == ["a.xlsx"]
    assert found(tmp_path / "all") == ["b.json"]
    tree(tmp_path, "all/c.xlsx")  # somebody's: then the folder is like any other
    assert found(tmp_path) == ["a.xlsx", "all/b.json", "all/c.xlsx", "all/index.json"]


@pytest.mark.parametrize("name", ["out/b.xlsx", "out/子/b.json"])
def test_a_book_in_the_output_folder_is_not_passed_over_in_silence(
    tmp_path: Path, name: str
) -> None:
    tree(tmp_path, "a.xlsx", name)
    with pytest.raises(UsageError, match=r"输出文件夹.*有 1 个工作簿"):
        refuse_strangers(tmp_path, tmp_path / "out", lambda path: False)
    refuse_strangers(tmp_path, tmp_path / "out", lambda path: True)
    refuse_strangers(tmp_path / "out", tmp_path, lambda path: False)


def test_no_folder_is_an_input_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tree(tmp_path, "file") / "file"):
        with pytest.raises(InputError):
            books_in(path)
