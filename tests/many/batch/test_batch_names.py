"""Names of many reports: unique, and the same in whatever order the books come."""

from __future__ import annotations

from pathlib import Path

import pytest

from govdisclose.many.batch.names import settle
from support.batches import book, left, names, run, shelve

TITLE = "2024年政府信息公开工作年度报告"
SAME = {
    "甲/财政.xlsx": book("财政局", "A" * 18),
    "乙/财政.xlsx": book("财政局", "B" * 18),
    "丙/财政.xlsx": book("财政局", seed=2),
    "丁/一.xlsx": book("财政局", "C" * 18, seed=3),
    "丁/二.xlsx": book("财政局", "C" * 18, seed=4),
    "戊.xlsx": book("民政局"),
}
TOLD_APART = {
    "甲/财政.xlsx": f"财政局{TITLE}（{'A' * 18}）.docx",
    "乙/财政.xlsx": f"财政局{TITLE}（{'B' * 18}）.docx",
    "丙/财政.xlsx": f"财政局{TITLE}（丙_财政）.docx",
    "丁/一.xlsx": f"财政局{TITLE}（丁_一）.docx",
    "丁/二.xlsx": f"财政局{TITLE}（丁_二）.docx",
    "戊.xlsx": f"民政局{TITLE}.docx",
}


@pytest.mark.parametrize("dry_run", [False, True])
def test_units_of_one_name_are_told_apart_by_code_then_by_the_place_of_the_book(
    dry_run: bool, tmp_path: Path
) -> None:
    results = run(shelve(tmp_path / "in", SAME), tmp_path / "out", dry_run=dry_run)
    assert names(results) == [TOLD_APART[name] for name in sorted(SAME)]
    assert all(r.outputs[0].exists() is not dry_run for r in {r.book: r for r in results}.values())


@pytest.mark.parametrize("first", SAME)
def test_names_do_not_depend_on_which_book_came_first(first: str, tmp_path: Path) -> None:
    folder, out = shelve(tmp_path / "in", {first: SAME[first]}), tmp_path / "out"
    run(folder, out)
    shelve(folder, SAME)
    run(folder, out, resume=True)
    run(folder, tmp_path / "fresh")
    assert left(out) == left(tmp_path / "fresh")


def test_a_unit_that_is_alone_again_gets_its_plain_name_back(tmp_path: Path) -> None:
    folder, out = shelve(tmp_path / "in", SAME), tmp_path / "out"
    run(folder, out)
    for name in SAME:
        if name[0] in "乙丙丁":
            (folder / name).unlink()
    assert names(run(folder, out, resume=True)) == [f"民政局{TITLE}.docx", f"财政局{TITLE}.docx"]


def test_names_that_differ_in_case_only_are_told_apart(tmp_path: Path) -> None:
    folder = shelve(tmp_path / "in", {"1.xlsx": book("ABC局"), "2.xlsx": book("abc局")})
    made = names(run(folder, tmp_path / "out"))
    assert len({name.casefold() for name in made}) == 2


def test_the_longest_names_stay_below_what_file_systems_take(tmp_path: Path) -> None:
    folder = shelve(
        tmp_path / "in", {f"{'长' * 60}/{n}.xlsx": book("很长的机关名称" * 30) for n in range(2)}
    )
    made = names(run(folder, tmp_path / "out"))
    assert len(set(made)) == 2
    assert all(len(name) <= 100 and len(name.encode()) <= 255 for name in made)


def test_settling_moves_on_until_no_name_is_shared() -> None:
    choices = [("a", "b", "x"), ("a", "b", "y"), ("b", "q"), ("c", "d")]
    plain = {n: hash(c[0]) for n, c in enumerate(choices)}
    assert settle(plain, lambda n: choices[n]) == {0: "x", 1: "y"}
