"""A workbook that ends its process, never comes to an end or takes all memory costs itself and no other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

import pytest

from govdisclose import write_workbook
from govdisclose.consolidate import aggregate_reports
from govdisclose.many.batch.result import Status
from govdisclose.many.isolation import MEMORY, SECONDS, Isolation
from govdisclose.many.reading import Reader, read_each
from support.batches import book, run, shelve
from support.harmful import deadly, lost, read
from support.paths import ROOT
from support.units import cell_sums, units

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals and limits of memory"),
]
READER = Reader(read, lost)
GOOD = [f"good {n}" for n in range(40)]


def answers(sources: list[str], isolation: Isolation, jobs: int = 1) -> list[str]:
    return list(read_each(sources, READER, jobs=jobs, isolation=isolation))


@pytest.mark.parametrize(
    ("bad", "words", "quick", "jobs"),
    [
        ("dies", "进程中断", True, 1),
        ("dies", "进程中断", False, 2),
        ("eats", "内存", True, 2),
        ("eats", "内存", False, 1),
        ("fails", "RuntimeError", True, 1),
        ("fails", "RuntimeError", True, 2),
    ],
)
def test_one_bad_workbook_costs_itself_only_and_all_come_in_their_order(
    bad: str, words: str, quick: bool, jobs: int
) -> None:
    sources = [*GOOD[:20], bad, *GOOD[20:]]
    found = answers(sources, Isolation(memory=MEMORY, quick=quick), jobs)
    assert [answer for answer in found if not answer.startswith(bad)] == [
        source.upper() for source in GOOD
    ]
    assert found[20].startswith(f"{bad}: ")
    assert words in found[20]
    assert "其他工作簿不受影响" in found[20]


def test_what_takes_too_long_is_ended_and_told_with_what_to_do() -> None:
    start = time.monotonic()
    found = answers(["a", "hangs", "b", "hangs too", "c"], Isolation(seconds=0.5, quick=True))
    assert [answer for answer in found if "hangs" not in answer] == ["A", "B", "C"]
    for answer in (found[1], found[3]):
        assert "超过了 0.5 秒" in answer
        assert "--timeout" in answer
    assert time.monotonic() - start < 20


def test_the_limit_of_time_is_that_of_each_workbook_and_not_of_all(tmp_path: Path) -> None:
    log = tmp_path / "log"
    source = f"pauses {log}"
    found = answers([source] * 8, Isolation(seconds=0.5, quick=True))
    assert found == [source.upper()] * 8
    assert log.read_text(encoding="utf-8") == "read\n" * 8  # none was tried a second time


def test_every_workbook_may_be_a_bad_one() -> None:
    found = answers(["dies", "dies again", "fails"], Isolation(quick=True))
    assert ["进程中断" in answer for answer in found] == [True] * 3


def test_the_limits_are_those_that_the_guide_names() -> None:
    guide = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    assert f"默认 {SECONDS} 秒" in guide
    assert f"{MEMORY // 2**30} GB" in guide


# --- sums ---------------------------------------------------------------------------------------

REPORTS = units("甲局", "乙局", "丙局")


@pytest.fixture
def books(tmp_path: Path) -> list[Path]:
    return [write_workbook(report, tmp_path / f"{report.agency.name}.xlsx") for report in REPORTS]


def own(jobs: int) -> dict[str, object]:
    return {"jobs": jobs, "isolation": Isolation(quick=True)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_sum_lists_a_workbook_that_ends_its_process_and_counts_all_others(
    jobs: int, books: list[Path]
) -> None:
    made = aggregate_reports(
        [books[0], deadly("坏.xlsx"), *books[1:]], on_error="list", **own(jobs)
    )  # type: ignore[arg-type]  # as given
    assert made.report.values() == cell_sums(*REPORTS)
    ((refusal,), (finding,)) = (made.refused, made.findings)
    assert (refusal.contribution.file, finding.code) == ("坏.xlsx", "H104")
    assert "进程中断" in finding.message


def test_an_executor_that_breaks_is_replaced(books: list[Path]) -> None:
    executor: Executor = ProcessPoolExecutor(2)
    with executor:
        made = aggregate_reports([deadly("坏.xlsx"), *books], on_error="list", executor=executor)
    assert made.report.values() == cell_sums(*REPORTS)
    assert [refusal.contribution.file for refusal in made.refused] == ["坏.xlsx"]


# --- the commands -------------------------------------------------------------------------------

_SITE = """
import os
from govdisclose.many.batch import worker as work
from govdisclose.many.consolidate import contribution as part
from govdisclose.read.workbook import reader as workbook
real = workbook.read_workbook
def dying(then):
    def read(path, *more):
        if path.name == "02.xlsx":
            os.abort()
        return then(path, *more)
    return read
workbook.read_workbook = dying(workbook.read_workbook)
workbook.read_workbook_figures = dying(workbook.read_workbook_figures)
"""


@pytest.mark.parametrize(("command", "jobs"), [("batch", "1"), ("aggregate", "2")])
def test_the_command_goes_on_after_a_workbook_that_aborts_its_engine(
    command: str, jobs: str, tmp_path: Path
) -> None:
    folder = shelve(tmp_path / "in", {f"{n:02}.xlsx": book(f"第{n}局", seed=n) for n in range(4)})
    site = shelve(tmp_path / "site", {"sitecustomize.py": _SITE.encode()})
    path = os.pathsep.join([str(site), *filter(None, sys.path)])
    out = tmp_path / ("out" if command == "batch" else "out.xlsx")
    more = ["--skip-errors"] if command == "aggregate" else []
    done = subprocess.run(
        [sys.executable, "-m", "govdisclose", command, folder, "-o", out, "--jobs", jobs, *more],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 6, done.stderr
    assert "02.xlsx：" in done.stderr
    assert "进程中断" in done.stderr
    assert "Abort" not in done.stderr
    assert "已生成 3 份" in done.stderr or "已汇总 3 家" in done.stderr


def test_a_batch_of_the_library_may_be_kept_apart_too(tmp_path: Path) -> None:
    folder = shelve(tmp_path / "in", {f"{n:02}.xlsx": book(f"第{n}局", seed=n) for n in range(3)})
    results = run(folder, tmp_path / "out", jobs=1, isolation=Isolation(quick=True))
    assert [result.status for result in results] == [Status.MADE] * 3
