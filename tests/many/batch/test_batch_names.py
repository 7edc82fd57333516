"""Names of many reports: unique, and the same in whatever order the workbooks come."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govdisclose.many.batch.file_names import ReportTitle, shared_names, tell_apart
from support.batches import QUICK, book, left, names, run, shelve

TITLE = "2024年政府信息公开工作年度报告"
TOLD_APART = {
    "甲/财政.xlsx": f"财政局{TITLE}（{'A' * 18}）.docx",
    "乙/财政.xlsx": f"财政局{TITLE}（{'B' * 18}）.docx",
    "丙/财政.xlsx": f"财政局{TITLE}（丙_财政）.docx",
    "丁/一.xlsx": f"财政局{TITLE}（丁_一）.docx",
    "丁/二.xlsx": f"财政局{TITLE}（丁_二）.docx",
    "戊.xlsx": f"民政局{TITLE}.docx",
}


def same() -> dict[str, bytes]:
    """Workbooks of agencies of one name, and one of another."""
    return {
        "甲/财政.xlsx": book("财政局", "A" * 18),
        "乙/财政.xlsx": book("财政局", "B" * 18),
        "丙/财政.xlsx": book("财政局", seed=2),
        "丁/一.xlsx": book("财政局", "C" * 18, seed=3),
        "丁/二.xlsx": book("财政局", "C" * 18, seed=4),
        "戊.xlsx": book("民政局"),
    }


@pytest.mark.parametrize("dry_run", [False, True])
def test_units_of_one_name_are_told_apart_by_code_then_by_the_place_of_the_workbook(
    dry_run: bool, tmp_path: Path
) -> None:
    results = run(shelve(tmp_path / "in", same()), tmp_path / "out", dry_run=dry_run)
    assert names(results) == [TOLD_APART[name] for name in sorted(TOLD_APART)]
    assert all(
        r.outputs[0].exists() is not dry_run for r in {r.workbook: r for r in results}.values()
    )


@pytest.mark.slow
@pytest.mark.parametrize("first", TOLD_APART)
def test_names_do_not_depend_on_which_workbook_came_first(first: str, tmp_path: Path) -> None:
    folder, out = shelve(tmp_path / "in", {first: same()[first]}), tmp_path / "out"
    run(folder, out, to=QUICK)
    shelve(folder, same())
    run(folder, out, to=QUICK, resume=True)
    run(folder, tmp_path / "fresh", to=QUICK)
    assert left(out) == left(tmp_path / "fresh")


@pytest.mark.slow
def test_a_unit_that_is_alone_again_gets_its_plain_name_back(tmp_path: Path) -> None:
    folder, out = shelve(tmp_path / "in", same()), tmp_path / "out"
    run(folder, out)
    for name in TOLD_APART:
        if name[0] in "乙丙丁":
            (folder / name).unlink()
    assert names(run(folder, out, resume=True)) == [f"民政局{TITLE}.docx", f"财政局{TITLE}.docx"]


def test_names_that_differ_in_case_only_are_told_apart(tmp_path: Path) -> None:
    folder = shelve(tmp_path / "in", {"1.xlsx": book("ABC局"), "2.xlsx": book("abc局")})
    made = names(run(folder, tmp_path / "out"))
    assert len({name.casefold() for name in made}) == 2


def test_the_longest_names_stay_below_what_file_systems_take(tmp_path: Path) -> None:
    folder = shelve(
        tmp_path / "in",
        {f"{'长' * 60}/{n}.xlsx": book("很长的机关名称" * 30, seed=n) for n in (1, 2)},
    )
    made = names(run(folder, tmp_path / "out"))
    assert len(set(made)) == 2
    assert all(len(name) <= 100 and len(name.encode()) <= 255 for name in made)


def test_names_go_on_until_none_is_shared() -> None:
    choices = {"1": ("b", "x"), "2": ("B", "y"), "3": ("q",), "4": ("d",)}
    assert tell_apart(choices, taken={"d"}) == {"1": "x", "2": "y", "3": "q", "4": "d"}


WORKBOOKS = st.lists(
    st.builds(
        ReportTitle,
        workbook=st.text("abA局（）/", min_size=1, max_size=4).map(lambda path: f"{path}.xlsx"),
        agency=st.sampled_from(
            ["财政局", "ABC局", "abc局", "财政局2024年政府信息公开工作年度报告（A）"]
        ),
        year=st.just(2024),
        code=st.sampled_from([None, "A", "a", "B"]),
    ),
    unique_by=lambda title: title.workbook,
    max_size=12,
)


@given(WORKBOOKS, st.randoms(use_true_random=False))
def test_names_are_unique_without_regard_to_case_and_do_not_depend_on_the_order(
    titles: list[ReportTitle], chance: Random
) -> None:
    names = {title.workbook: title.plain for title in titles} | shared_names(lambda: titles)
    assert len({name.casefold() for name in names.values()}) == len(titles)
    others = chance.sample(titles, len(titles))
    assert shared_names(lambda: others) == shared_names(lambda: titles)
