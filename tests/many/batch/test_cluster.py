"""A batch on a Dask cluster: the same bytes as on this machine, whatever becomes of a worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from attrs import frozen

from govdisclose import write_workbook
from govdisclose.batch import batch_reports, dask_cluster
from govdisclose.consolidate import aggregate_reports
from govdisclose.errors import OutputError, UsageError
from govdisclose.many.batch.result import CHANGES_FILE, Status
from govdisclose.many.isolation import Isolation
from support.batches import FORMS, folder_of, left, run
from support.clusters import Cluster, soon, started
from support.commands import Run
from support.harmful import deadly
from support.units import cell_sums, units
from support.units import folder_of as folder_of_units

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(tmp_path_factory.mktemp("books"), 10)


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("batch") / "out"
    run(folder, out)
    return left(out)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers."""
    with started(tmp_path_factory.mktemp("dask") / "two", 2) as two:
        yield two


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three workers, and a scheduler that gives up a task whose worker dies."""
    folder = tmp_path_factory.mktemp("dask") / "fragile"
    with started(folder, 3, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as three:
        yield three


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler for the tests that start workers of their own."""
    with started(tmp_path_factory.mktemp("dask") / "own", 0) as alone:
        yield alone


@pytest.fixture
def command(run: Callable[..., Run]) -> Callable[..., Run]:
    """The command line in this process: ``run`` is a batch of the library here."""
    return run


@pytest.fixture
def empty(scheduler: Cluster) -> Cluster:
    """No worker."""
    if scheduler.workers:
        scheduler.end_workers()
    return scheduler


def nobodys_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{free.getsockname()[1]}"


# --- what is made -------------------------------------------------------------------------------


@pytest.mark.parametrize("ship", ["bytes", "shared"])
def test_a_cluster_gives_the_same_bytes_as_this_machine_either_way_of_shipping(
    ship: str, cluster: Cluster, folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    options = ["--to", "docx,json", "--scheduler", cluster.address, "--ship", ship]
    line = [sys.executable, "-m", "govdisclose", "batch", folder, "-o", out, *options]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 6, said
    assert "共 12 个工作簿：已生成 10 份，未通过检查 1 份，出错 1 份" in said
    assert "distributed" not in said
    assert left(out) == undisturbed


@frozen
class TwoYears:
    """Reports of this year and of the last, and what this machine makes of them."""

    this: Path
    last: Path
    alone: dict[str, bytes]


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> TwoYears:
    root = tmp_path_factory.mktemp("years")
    last = folder_of_units(root / "last", *units("甲局", "乙局", year=2023))
    this = folder_of_units(root / "this", *units("甲局", "乙局", "丙局", year=2024))
    out = this.parent / "alone"
    run(this, out, previous=last)
    return TwoYears(this, last, left(out))


@pytest.mark.parametrize("ship", ["bytes", "shared"])
def test_a_cluster_compares_with_last_year_as_this_machine_does(
    ship: str, cluster: Cluster, two_years: TwoYears, command: Callable[..., Run]
) -> None:
    out = two_years.this.parent / ship
    options = ["--to", "docx,json", "--previous", two_years.last]
    there = ["--scheduler", cluster.address, "--ship", ship]
    done = command("batch", two_years.this, "-o", out, *options, *there)
    assert done.code == 0, done.err
    assert left(out) == two_years.alone
    assert "C101" in (out / CHANGES_FILE).read_text(encoding="utf-8")


def test_a_worker_killed_at_its_work_loses_nothing(
    cluster: Cluster, folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    before = len(cluster.dead())
    cluster.kill_on("05.xlsx")
    with dask_cluster(cluster.address) as dask:
        results = run(folder, tmp_path / "out", executor=dask.executor, ship_bytes=True, chunk=2)
    assert left(tmp_path / "out") == undisturbed
    assert len(results) == 12
    soon(lambda: len(cluster.dead()) == before + 1)
    assert cluster.dead()[-1] == -9
    cluster.add_workers(1)


def test_a_workbook_that_kills_every_worker_it_comes_to_is_named_and_all_others_are_made(
    fragile: Cluster, folder: Path, tmp_path: Path
) -> None:
    fragile.kill_on("05.xlsx!")
    with dask_cluster(fragile.address) as dask:
        results = {
            r.workbook.name: r
            for r in run(folder, tmp_path / "out", executor=dask.executor, chunk=4)
        }
    fragile.kill_on("")
    assert [
        name for name, r in results.items() if r.status is Status.FAILED and name != "a坏.xlsx"
    ] == ["05.xlsx"]
    assert (results["05.xlsx"].exit_code, "进程中断" in results["05.xlsx"].error) == (70, True)
    assert sum(r.status is Status.MADE for r in results.values()) == 9
    assert fragile.dead() == [-9, -9]


def test_a_sum_on_a_cluster_lists_the_workbook_that_ends_its_workers(
    fragile: Cluster, tmp_path: Path
) -> None:
    fragile.add_workers(2)
    reports = units("甲局", "乙局")
    books = [write_workbook(report, tmp_path / f"{report.agency.name}.xlsx") for report in reports]
    with dask_cluster(fragile.address) as dask:
        made = aggregate_reports(
            [deadly("坏.xlsx"), *books], executor=dask.executor, on_error="list"
        )
    assert made.report.values() == cell_sums(*reports)
    assert [refusal.contribution.file for refusal in made.refused] == ["坏.xlsx"]
    assert "进程中断" in made.refused[0].reason


def test_a_scheduler_that_dies_ends_the_batch_in_one_sentence_and_it_can_be_resumed(
    fragile: Cluster, folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def until_dead() -> None:
        with dask_cluster(fragile.address, seconds=2) as dask:
            for done, _ in enumerate(
                batch_reports(folder, out, to=FORMS, executor=dask.executor, chunk=1, ahead=4)
            ):
                if done == 2:
                    fragile.scheduler.kill()

    with pytest.raises(OutputError, match=r"连接断了.*--resume"):
        until_dead()
    results = run(folder, out, resume=True)
    assert 3 <= sum(r.kept for r in results) < 11
    assert left(out) == undisturbed


@pytest.mark.parametrize("nanny", [False, True], ids=["alone", "under a nanny"])
def test_with_limits_a_workbook_that_ends_its_process_costs_no_worker(
    nanny: bool, empty: Cluster, folder: Path, tmp_path: Path
) -> None:
    empty.add_workers(1, nanny=nanny)
    empty.kill_on("05.xlsx!")
    with dask_cluster(empty.address, isolation=Isolation()) as dask:
        found = run(folder, tmp_path / "a", executor=dask.executor, ship_bytes=True, chunk=4)
    results = {result.workbook.name: result for result in found}
    lost = [name for name, result in results.items() if "进程中断" in result.error]
    assert lost == ["05.xlsx"]
    assert sum(result.status is Status.MADE for result in found) == 9
    assert empty.dead() == []


def test_with_limits_what_takes_too_long_is_ended_and_the_next_is_made_as_ever(
    cluster: Cluster, folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    before = cluster.dead()
    with dask_cluster(cluster.address, isolation=Isolation(seconds=0.001)) as dask:
        books = [folder / "00.xlsx", folder / "01.xlsx"]
        slow = run(books, tmp_path / "a", executor=dask.executor, ship_bytes=True)
    assert ["超过了 0.001 秒" in result.error for result in slow] == [True] * 2
    with dask_cluster(cluster.address, isolation=Isolation()) as dask:
        run(folder, tmp_path / "b", executor=dask.executor, ship_bytes=True)
    assert left(tmp_path / "b") == undisturbed
    assert cluster.dead() == before


# --- what is refused ----------------------------------------------------------------------------


def test_a_scheduler_that_nobody_answers_for_is_one_sentence() -> None:
    address = nobodys_port()
    with (
        pytest.raises(UsageError, match=f"连不上调度器 {address}："),
        dask_cluster(address, seconds=0.2),
    ):
        pass


@pytest.mark.parametrize(
    "address", ["", "nonsense://a:1", "tcp://127.0.0.1", "tcp://a:b", "inproc://a", "甲"]
)
def test_what_is_no_address_is_told_at_once(address: str) -> None:
    with pytest.raises(UsageError, match=f"“{address}”不是调度器的地址"), dask_cluster(address):
        pass


def test_a_cluster_without_workers_or_with_a_worker_of_another_version_is_refused(
    empty: Cluster,
) -> None:
    with pytest.raises(UsageError, match="没有工作进程"), dask_cluster(empty.address, seconds=1):
        pass
    empty.add_workers(1, OTHER_VERSION="0.0.1")
    said = r"govdisclose 不是同一个版本（本机 .*127\.0\.0\.1:\d+ 0\.0\.1"
    with pytest.raises(UsageError, match=said), dask_cluster(empty.address):
        pass


def test_a_worker_of_another_version_that_comes_later_ends_the_batch(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govdisclose.many.batch.run.__version__", "9.9")
    with ThreadPoolExecutor(2) as workers, pytest.raises(UsageError, match=r"不同，请安装同一版本"):
        run(folder, tmp_path / "out", executor=workers)


def test_a_folder_that_a_worker_does_not_see_is_named(cluster: Cluster, tmp_path: Path) -> None:
    shared, said = [tmp_path, tmp_path / "none"], r"看不到文件夹 .*none：tcp://.*--ship bytes"
    with pytest.raises(UsageError, match=said), dask_cluster(cluster.address, shared=shared):
        pass


def test_tls_without_certificates_is_told_at_once() -> None:
    with pytest.raises(UsageError, match="没有给 Dask 配置证书"), dask_cluster("tls://127.0.0.1:1"):
        pass


def test_without_dask_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UsageError, match=r"pip install .govdisclose\[dask\]"),
        dask_cluster("tcp://127.0.0.1:1"),
    ):
        pass


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--ship", "bytes"], "--ship 要与 --scheduler 一起用"),
        (["--jobs", "2", "--scheduler", "a:1"], "--jobs 不能与 --scheduler 一起用"),
        (["--scheduler", "a:1", "--ship", "post"], "可选：bytes、shared"),
    ],
)
def test_options_that_do_not_fit_together_are_told(
    options: list[str], said: str, folder: Path, tmp_path: Path, command: Callable[..., Run]
) -> None:
    done = command("batch", folder, "-o", tmp_path / "out", *options)
    assert (done.code, said in done.err) == (2, True), done.err
