"""A folder of workbooks: each gets its reports or a reason, and a second run does only what is left to do."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from govdisclose import (
    Agency,
    Finding,
    OwnRule,
    Reading,
    Rule,
    Severity,
    check_report,
    compile_report,
    export_report,
    render_report,
)
from govdisclose.check import check_reading
from govdisclose.errors import InputError, OutputError, TemplateError, UsageError
from govdisclose.many.batch.plan import batch_reports
from govdisclose.many.batch.result import HIDDEN, RESULTS_FILE, Status
from govdisclose.many.isolation import Isolation
from support.batches import FORMS, book, folder_of, left, names, run, shelve
from support.paths import ROOT
from support.reports import consistent_report

# --- what a batch makes -------------------------------------------------------------------------


@pytest.mark.slow
def test_every_workbook_gets_what_the_single_commands_give(
    folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    for path in sorted(folder.glob("0*.xlsx")):
        own = tmp_path / path.name
        own.write_bytes(path.read_bytes())
        word = compile_report(own).path
        data = export_report(own, to="json").path
        assert undisturbed[word.name] == word.read_bytes()
        assert undisturbed[f"{word.stem}.json"] == data.read_bytes()


@pytest.mark.slow
def test_one_bad_workbook_stops_no_other_and_says_why(folder: Path, tmp_path: Path) -> None:
    results = {result.workbook.name: result for result in run(folder, tmp_path / "out")}
    assert [r.status for r in results.values()] == [Status.MADE] * 4 + [
        Status.FAILED,
        Status.REFUSED,
    ]
    assert results["a坏.xlsx"].exit_code == 3
    assert "a坏.xlsx" in results["a坏.xlsx"].error
    refused = results["b错.xlsx"]
    assert (refused.exit_code, refused.outputs) == (1, ())
    assert list(refused.findings) == check_report(folder / "b错.xlsx")
    assert "请改正错误后重新报送" in refused.message
    assert all(f.message in refused.message for f in refused.findings if f.stops)


class Removing(Executor):
    """Removes a workbook before the first task is done."""

    def __init__(self, workbook: Path) -> None:
        self.workbook = workbook

    def submit(self, function: Any, /, *args: Any, **more: Any) -> Future[Any]:
        self.workbook.unlink(missing_ok=True)
        future: Future[Any] = Future()
        future.set_result(function(*args, **more))
        return future


def test_a_workbook_that_is_gone_when_its_turn_comes_is_said_in_chinese(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", 2)
    gone = sorted(folder.iterdir())[1]
    results = run(folder, tmp_path / "out", executor=Removing(gone))
    said = {result.workbook.name: result.error for result in results}
    assert said[gone.name] == f"找不到文件 {gone.name}"
    assert "" in said.values()


def test_a_bug_on_one_workbook_is_that_workbooks_internal_error(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(reading: Any, **_: Any) -> Any:
        if reading.source.name == "01.xlsx":
            raise RuntimeError("bug")
        return check_report(reading)

    monkeypatch.setattr("govdisclose.many.batch.worker.check_report", check)
    results = {result.workbook.name: result for result in run(folder, tmp_path / "out")}
    assert (results["01.xlsx"].exit_code, results["01.xlsx"].status) == (70, Status.FAILED)
    assert "内部错误" in results["01.xlsx"].error
    assert results["02.xlsx"].status is Status.MADE


def test_a_form_that_fails_leaves_no_other_form_of_the_workbook(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **more: object) -> bytes:
        raise OutputError("no")

    monkeypatch.setattr("govdisclose.many.batch.worker.make_files", fails)
    assert all(result.status is not Status.MADE for result in run(folder, tmp_path / "out"))
    assert set(left(tmp_path / "out")) == {RESULTS_FILE, "findings.jsonl"}


def test_a_draft_is_made_of_a_workbook_with_errors(folder: Path, tmp_path: Path) -> None:
    results = run(folder, tmp_path / "out", draft=True, to=("docx",))
    assert [r.status for r in results if r.workbook.name == "b错.xlsx"] == [Status.MADE]
    assert all("（草稿）" in name for name in names(results))


def test_every_form_of_a_draft_is_marked_as_one_as_the_single_commands_mark_it(
    folder: Path, tmp_path: Path
) -> None:
    run([folder / "b错.xlsx"], tmp_path / "out", draft=True, to=("docx", "html", "html-fragment"))
    for to, suffix in (("html", ".html"), ("html-fragment", ".fragment.html")):
        alone = export_report(
            folder / "b错.xlsx", tmp_path / f"alone{suffix}", to=to, draft=True
        ).path
        (made,) = (
            path
            for path in (tmp_path / "out").glob(f"*{suffix}")
            if path.name.count(".") == suffix.count(".")
        )
        assert made.read_bytes() == alone.read_bytes()
        assert "草稿" in made.read_text(encoding="utf-8")


def test_a_workbook_is_checked_once_whatever_it_is_made_into(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Any] = []

    def check(reading: Any, *others: Any) -> list[Finding]:
        checked.append(reading)
        return check_reading(reading, *others)

    monkeypatch.setattr("govdisclose.compile.check_reading", check)
    run([folder / "01.xlsx"], tmp_path / "out", to=("docx", "html", "html-fragment", "json"))
    assert len(checked) == 1


def test_all_findings_are_listed_as_check_lists_them(
    folder: Path, undisturbed: dict[str, bytes]
) -> None:
    lines = [json.loads(line) for line in undisturbed["findings.jsonl"].decode().splitlines()]
    expected = [f for path in sorted(folder.glob("[0b]*")) for f in check_report(path)]
    assert lines == [json.loads(json.dumps(f.as_dict(), default=int)) for f in expected]


def test_the_list_of_results_says_of_each_unit_what_to_send_back_and_links_to_its_files(
    folder: Path, tmp_path: Path
) -> None:
    results = run(folder, tmp_path / "out")
    rows = list(load_workbook(tmp_path / "out" / RESULTS_FILE)["结果"].iter_rows(values_only=True))
    header, lines = rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert header[-2:] == ("报告（.docx）", "报告（.json）")
    assert [line["结果"] for line in lines] == ["已生成"] * 4 + ["出错", "未通过检查"]
    for line, result in zip(lines, results, strict=True):
        assert line["机关名称"] == (result.agency or f"（{result.workbook.name}）")
        assert (line["退回意见"] or "") == result.message
        assert line["错误"] == sum(f.stops for f in result.findings)
        for cell, path in zip(
            (line["工作簿"], line["报告（.docx）"]),
            (result.workbook, *result.outputs[:1]),
            strict=False,
        ):
            target = str(cell).split('"')[1]
            assert os.path.samefile(tmp_path / "out" / target, path)


def test_links_lead_to_files_whose_names_mean_something_in_a_link(tmp_path: Path) -> None:
    path = "100%/a#1%20.xlsx"
    run(shelve(tmp_path / "in", {path: book("甲#乙%局")}), tmp_path / "out")
    sheet = load_workbook(tmp_path / "out" / RESULTS_FILE)["结果"]
    formulas = [str(cell.value) for cell in sheet[2] if str(cell.value).startswith("=HYPERLINK")]
    assert len(formulas) == 3
    for formula in formulas:
        target = formula.split('"')[1]
        assert "#" not in target
        assert (tmp_path / "out" / unquote(target)).is_file()


def test_a_link_leads_to_a_file_that_is_called_like_a_function(tmp_path: Path) -> None:
    run(shelve(tmp_path / "in", {"SORT(1).xlsx": book("FILTER(甲)局")}), tmp_path / "out")
    written = tmp_path / "out" / RESULTS_FILE
    formulas = [str(cell.value) for cell in load_workbook(written)["结果"][2]]
    shown = [str(cell.value) for cell in load_workbook(written, data_only=True)["结果"][2]]
    links = [formula for formula in formulas if formula.startswith("=HYPERLINK")]
    assert len(links) == 3
    for link in links:
        target, name = link.replace('"&"', "").split('"')[1::2]
        assert (tmp_path / "out" / target).is_file()
        assert name in shown
        assert "_xlfn" not in link


@pytest.mark.parametrize("name", ["=1+1局", "\x01局", '“引号”"局', "甲" * 200])
def test_whatever_an_agency_is_called_the_list_of_results_can_be_written(
    name: str, tmp_path: Path
) -> None:
    """Also one that only an export in JSON can hold."""
    report = consistent_report().evolve(agency=Agency(name), title="")
    (result,) = run(
        shelve(tmp_path / "in", {"a.json": render_report(report, "json").data}), tmp_path / "out"
    )
    row = list(load_workbook(tmp_path / "out" / RESULTS_FILE)["结果"].iter_rows(values_only=True))[
        1
    ]
    assert row[1] == result.agency
    assert all(path.exists() for path in result.outputs)


# --- rules of one's own --------------------------------------------------------------------------

NO_FIRST = Rule("X101", "第1局不收", Severity.ERROR)


def refuse_first(reading: Reading) -> Iterator[Finding]:
    if reading.report.agency.name == "第1局":
        yield NO_FIRST.finding("第1局不收", path="agency.name")


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_rules_of_ones_own_are_checked_by_every_worker(
    jobs: int, folder: Path, tmp_path: Path
) -> None:
    out, own = tmp_path / "out", [OwnRule(NO_FIRST, refuse_first)]
    made = run(folder, out, rules=own, jobs=jobs, isolation=Isolation(quick=True))
    results = {result.workbook.name: result for result in made}
    assert results["01.xlsx"].status is Status.REFUSED
    assert [f.code for f in results["01.xlsx"].findings if f.stops] == ["X101"]
    again = run(folder, out, rules=own, resume=True)
    assert sum(result.kept for result in again) == 5
    assert [result.findings for result in again if result.workbook.name == "01.xlsx"] == [
        results["01.xlsx"].findings
    ]
    assert sum(result.kept for result in run(folder, out, resume=True)) == 0


def test_a_rule_that_cannot_travel_is_refused_before_anything_is_done(
    folder: Path, tmp_path: Path
) -> None:
    own = [OwnRule(NO_FIRST, lambda reading: [])]
    with pytest.raises(UsageError, match="X101"):
        run(folder, tmp_path / "out", rules=own, jobs=2)
    with pytest.raises(UsageError, match="OwnRule"):
        run(folder, tmp_path / "out", rules=[refuse_first])


# --- who does the work --------------------------------------------------------------------------


class Backwards(Executor):
    """Does what it is given only when asked for the result, the last first."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def submit(self, function: Any, /, *args: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append(lambda: future.set_result(function(*args, **more)))
        if len(self.waiting) == 3:
            while self.waiting:
                self.waiting.pop()()
        return future


def executors() -> dict[str, Callable[[], Executor]]:
    return {
        "threads": lambda: ThreadPoolExecutor(3),
        "processes": lambda: ProcessPoolExecutor(1),
        "backwards": Backwards,
    }


@pytest.mark.slow
@pytest.mark.parametrize("ship_bytes", [False, True], ids=["paths", "bytes"])
@pytest.mark.parametrize("kind", executors())
@pytest.mark.filterwarnings("ignore:This process.*multi-threaded:DeprecationWarning")
def test_any_executor_and_either_way_of_shipping_gives_the_same_bytes(
    kind: str, ship_bytes: bool, folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    with executors()[kind]() as executor:
        results = run(folder, tmp_path / "out", executor=executor, chunk=2, ship_bytes=ship_bytes)
    assert left(tmp_path / "out") == undisturbed
    assert len(results) == 6


@pytest.mark.slow
def test_processes_of_our_own_give_the_same_bytes(
    folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    run(folder, tmp_path / "out", jobs=2)
    assert left(tmp_path / "out") == undisturbed


@pytest.mark.slow
def test_a_template_of_ones_own_travels_as_bytes_too(folder: Path, tmp_path: Path) -> None:
    own = (
        shelve(tmp_path, {"own.docx": (ROOT / "templates" / "2021.docx").read_bytes()}) / "own.docx"
    )
    books = sorted(folder.glob("0*.xlsx"))[:2]
    for name, ship_bytes in (("a", False), ("b", True)):
        run(books, tmp_path / name, template=own, ship_bytes=ship_bytes)
    assert left(tmp_path / "a") == left(tmp_path / "b")


@pytest.mark.slow
def test_threads_that_are_sent_a_template_share_one_copy_of_it(
    folder: Path, tmp_path: Path
) -> None:
    own = ROOT / "templates" / "2021.docx"
    books = sorted(folder.glob("0*.xlsx"))
    with ThreadPoolExecutor(4) as executor:
        results = run(
            books,
            tmp_path / "out",
            template=own,
            executor=executor,
            jobs=4,
            ship_bytes=True,
            chunk=1,
        )
    assert [result.error for result in results] == [""] * len(books)


def test_only_so_many_tasks_are_under_way(folder: Path, tmp_path: Path) -> None:
    executor = Backwards()
    seen: list[int] = []
    submit = executor.submit
    executor.submit = lambda *a, **k: (seen.append(len(executor.waiting)), submit(*a, **k))[1]  # type: ignore[method-assign]  # counted
    run(folder, tmp_path / "out", to=("json",), executor=executor, chunk=1, ahead=3)
    assert max(seen) < 3


def test_progress_is_told_for_every_workbook(folder: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    run(folder, tmp_path / "out", to=("json",), watch=lambda done, of: told.append((done, of)))
    assert told == [(n, 6) for n in range(1, 7)]


# --- misuse -------------------------------------------------------------------------------------


def test_misuse_is_told_before_anything_is_done(folder: Path, tmp_path: Path) -> None:
    out, empty = tmp_path / "out", tmp_path / "empty"
    empty.mkdir()
    cases: list[tuple[type[Exception], Any, dict[str, Any]]] = [
        (UsageError, folder, {"to": ("docx", "odt")}),
        (UsageError, folder, {"to": ()}),
        (UsageError, folder, {"to": ("docx", "docx")}),
        (UsageError, folder, {"jobs": 0}),
        (TemplateError, folder, {"template": tmp_path / "none.docx"}),
        (TemplateError, folder, {"template": folder / "00.xlsx"}),
        (InputError, empty, {}),
        (InputError, [], {}),
        (InputError, tmp_path / "none", {}),
    ]
    for error, books, more in cases:
        with pytest.raises(error):
            batch_reports(books, out, **more)
    for books in (folder, [folder / "00.xlsx"]):
        with pytest.raises(UsageError, match="输出文件夹"):
            batch_reports(books, folder)
    assert not out.exists()


def test_two_batches_on_one_folder_exclude_each_other(
    folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = batch_reports(folder, out, to=FORMS, chunk=1)
    next(first)
    for more in ({}, {"resume": True}, {"force": True}):
        with pytest.raises(OutputError, match="另一个批处理"):
            run(folder, out, **more)
    list(first)
    assert left(out) == undisturbed


def test_a_batch_that_nobody_goes_on_with_lets_go_of_its_folder(
    folder: Path, tmp_path: Path
) -> None:
    first = batch_reports(folder, tmp_path / "out", to=FORMS, chunk=1)
    next(first)
    first.close()
    assert sum(r.kept for r in run(folder, tmp_path / "out", resume=True)) == 1
    assert not (tmp_path / "out" / HIDDEN / "stage").exists()
