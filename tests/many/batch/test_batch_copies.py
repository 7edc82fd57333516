"""A batch without a roster: a file that lies in the folder twice gives one report."""

from __future__ import annotations

from pathlib import Path

from govdisclose.batch import batch_reports
from govdisclose.many.batch.result import SUPERSEDED, BatchResult, Status
from govdisclose.many.batch.season import BatchEnd
from support.batches import book, shelve
from support.commands import Run

ONE, OTHER = book("甲局", "1", seed=1), book("甲局", "1", seed=2)
ORIGINAL, COPY = "a.xlsx", "b/重发.xlsx"


def batch(folder: Path, out: Path, **more: object) -> tuple[dict[str, BatchResult], BatchEnd]:
    """The last result of each file by its name, and the end."""
    ends: list[BatchEnd] = []
    wanted = {"to": ["json"], "on_end": ends.append, "resume": out.exists(), **more}
    results = list(batch_reports(folder, out, **wanted))  # type: ignore[arg-type]  # as given
    (end,) = ends
    return {r.workbook.relative_to(folder).as_posix(): r for r in results}, end


def reports(out: Path) -> list[Path]:
    return sorted(out.glob("*.json"))


def test_a_copy_is_told_with_both_names_and_made_once(tmp_path: Path, run) -> None:
    folder = shelve(tmp_path / "in", {ORIGINAL: ONE, COPY: ONE, "c.xlsx": OTHER})
    done: Run = run("batch", folder, "-o", tmp_path / "out", "--to", "json")
    assert done.code == 0, done.err
    assert f"{COPY}：不采用：与 {ORIGINAL} 是同一个文件，内容完全相同，只做一份" in done.err
    assert "共 3 个工作簿：已生成 2 份，不采用 1 份" in done.err
    assert len(reports(tmp_path / "out")) == 2


def test_resuming_changes_nothing_and_the_copy_is_made_when_the_original_is_gone(
    tmp_path: Path,
) -> None:
    folder, out = shelve(tmp_path / "in", {ORIGINAL: ONE, COPY: ONE}), tmp_path / "out"
    for _ in range(2):
        results, end = batch(folder, out)
        assert results[ORIGINAL].status is Status.MADE
        assert results[COPY].status is Status.SUPERSEDED
        assert end.set_aside == ()
        assert len(reports(out)) == 1
    (folder / ORIGINAL).unlink()
    results, _ = batch(folder, out)
    assert results[COPY].status is Status.MADE
    assert all(path.exists() for path in results[COPY].outputs)


def test_a_workbook_that_has_become_a_copy_leaves_its_report_among_the_replaced(
    tmp_path: Path,
) -> None:
    folder, out = shelve(tmp_path / "in", {ORIGINAL: ONE, COPY: OTHER}), tmp_path / "out"
    batch(folder, out)
    shelve(folder, {COPY: ONE})
    _, end = batch(folder, out)
    (moved,) = end.set_aside
    assert (moved.workbook, moved.path.parent.name) == (COPY, SUPERSEDED)
    assert moved.path.exists()
    assert len(reports(out)) == 1


def test_reports_of_workbooks_that_are_gone_stay_as_ever(tmp_path: Path) -> None:
    folder = shelve(tmp_path / "in", {ORIGINAL: ONE, COPY: ONE, "c.xlsx": book("丙局")})
    out = tmp_path / "out"
    results, _ = batch(folder, out)
    (folder / "c.xlsx").unlink()
    _, end = batch(folder, out)
    assert end.set_aside == ()
    assert all(path.exists() for path in results["c.xlsx"].outputs)


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    folder = shelve(tmp_path / "in", {ORIGINAL: ONE, COPY: ONE})
    results, _ = batch(folder, tmp_path / "out", dry_run=True)
    assert results[COPY].status is Status.SUPERSEDED
    assert not (tmp_path / "out").exists()


def test_copies_of_a_workbook_with_errors_are_all_refused(tmp_path: Path) -> None:
    wrong = book("甲局", wrong=True)
    folder = shelve(tmp_path / "in", {ORIGINAL: wrong, COPY: wrong})
    results, _ = batch(folder, tmp_path / "out")
    assert [result.status for result in results.values()] == [Status.REFUSED] * 2
