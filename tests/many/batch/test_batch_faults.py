"""Batches that are killed, run out of disk or may not write: nothing half-made is seen, and the rerun completes."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from govdisclose import GovDiscloseError
from govdisclose.batch import batch_reports
from govdisclose.errors import OutputError
from govdisclose.many.batch.ledger import LEDGER_FILE
from govdisclose.many.batch.result import HIDDEN, BatchResult, Status
from support.batches import (
    QUICK,
    book,
    command,
    exported,
    exports_of,
    folder_of,
    ledger,
    left,
    recorded,
    run,
    shelve,
)

pytestmark = pytest.mark.slow

posix = pytest.mark.skipif(os.name == "nt", reason="forks and signals")
KILLS = 25


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six good workbooks, three of them of agencies of one name, and two that are not."""
    root = folder_of(tmp_path_factory.mktemp("books"), 3)
    return shelve(root, {f"{n}/x.xlsx": book("财政局", f"{n}" * 18, seed=n) for n in (1, 2, 3)})


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("batch") / "out"
    run(folder, out, chunk=2)
    return left(out)


def finished(out: Path) -> dict[str, bytes]:
    """The reports: the lists beside them are of a run that has come to its end, whatever that was."""
    return {
        name: data for name, data in left(out).items() if name.endswith((".docx", ".json", ".html"))
    }


def check_whole(out: Path, undisturbed: dict[str, bytes]) -> None:
    """Nothing half-made under a final name, and everything recorded is there."""
    whole = {sha256(data).hexdigest() for data in undisturbed.values()}
    found = {name: sha256(data).hexdigest() for name, data in finished(out).items()}
    assert set(found.values()) <= whole
    for files in recorded(out).values():
        assert all(found.get(name) == digest for name, digest in files.items())


# --- killed -------------------------------------------------------------------------------------


def in_a_fork(work: Callable[[], object]) -> int:
    """Start ``work`` in a copy of this process, where everything is imported and prepared; its id."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except GovDiscloseError as error:
            code = error.exit_code
        finally:
            os._exit(code)
    return child


def killed_after(seconds: float, work: Callable[[], object]) -> bool:
    """Kill ``work`` after so many seconds; whether it was still at it."""
    child = in_a_fork(work)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@posix
@pytest.mark.filterwarnings("ignore:This process.*multi-threaded:DeprecationWarning")
def test_killed_at_any_point_a_batch_resumed_gives_what_an_undisturbed_one_gives(
    tmp_path: Path,
) -> None:
    # The reports are JSON, which is quick: what is tried here is how files get their names.
    same = {f"{n}/x.json": exported("财政局", f"{n}" * 18, seed=n) for n in (1, 2, 3)}
    folder = shelve(exports_of(tmp_path / "in", 3), same)
    run(folder, tmp_path / "first", to=QUICK, chunk=2)  # every copy is as quick as the next run
    start = time.perf_counter()
    run(folder, tmp_path / "whole", to=QUICK, chunk=2)
    whole = time.perf_counter() - start
    undisturbed = left(tmp_path / "whole")
    chance = random.Random(5)
    kills = rounds = 0
    while kills < KILLS:
        rounds += 1
        out, before = tmp_path / f"{rounds}", set[str]()
        resumed = partial(run, folder, out, to=QUICK, chunk=2, resume=True)
        while killed_after(chance.uniform(0, whole), resumed):
            kills += 1
            check_whole(out, undisturbed)
            assert before <= recorded(out).keys()
            before = set(recorded(out))
        assert left(out) == undisturbed
    assert rounds > 1


@posix
def test_a_killed_batch_of_many_processes_leaves_none_and_can_be_resumed(
    folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = subprocess.Popen(
        command(tmp_path / "a.py", folder, out, jobs=2), start_new_session=True
    )
    while not recorded(out):
        assert first.poll() is None
        time.sleep(0.01)
    first.kill()
    first.wait()
    assert ends(first.pid)
    check_whole(out, undisturbed)
    run(folder, out, chunk=2, resume=True)
    assert left(out) == undisturbed


def test_a_name_given_to_a_workbook_that_was_not_recorded_is_free_for_another(
    folder: Path, tmp_path: Path
) -> None:
    books, out = tmp_path / "books", tmp_path / "out"
    shutil.copytree(folder / "2", books / "2")
    run(books, out)
    with ledger(out) as database:
        database.execute("DELETE FROM workbook")
        database.commit()
    shutil.copytree(folder, books, dirs_exist_ok=True)
    run(books, tmp_path / "whole")
    run(books, out, resume=True)
    assert left(out) == left(tmp_path / "whole")


def begin_with(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every Python that is started from now on run a script first."""
    shelve(folder, {"sitecustomize.py": script.encode()})
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *filter(None, sys.path)]))


def ends(session: int) -> bool:
    """Whether no process of a session is left, soon."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(session, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def take_interrupts() -> None:
    """Let Ctrl+C reach the process, also where the tests run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


SLEEPER = """
import time
from govdisclose.many.batch import worker as work
real = work.make_book
def make_book(settings, item, memory):
    if item.path.name == "02.xlsx":
        time.sleep(10)
    return real(settings, item, memory)
work.make_book = make_book
"""
"""So that no batch comes to its end before it is interrupted, however late that is."""


@posix
def test_ctrl_c_ends_a_batch_with_130_and_it_can_be_resumed(
    folder: Path, undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_with(SLEEPER, tmp_path / "site", monkeypatch)
    out = tmp_path / "out"
    line = [
        sys.executable,
        "-m",
        "govdisclose",
        "batch",
        str(folder),
        "-o",
        str(out),
        "--to",
        "docx,json",
        "--jobs",
        "2",
    ]
    first = subprocess.Popen(
        line,
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=take_interrupts,
    )
    while not (out / HIDDEN / LEDGER_FILE).exists():
        assert first.poll() is None
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGINT)
    said = first.communicate(timeout=60)[1]
    assert first.returncode == 130, said
    assert "--resume" in said
    assert "Traceback" not in said
    assert ends(first.pid)
    check_whole(out, undisturbed)
    run(folder, out, resume=True)
    assert left(out) == undisturbed


KILLER = """
import os
from govdisclose.many.batch import worker as work
real = work.make_book
def make_book(settings, item, memory):
    if item.path.name == "02.xlsx":
        os.kill(os.getpid(), 9)
    return real(settings, item, memory)
work.make_book = make_book
"""


@posix
def test_a_workbook_that_kills_its_worker_is_named_and_all_others_are_made(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_with(KILLER, tmp_path / "site", monkeypatch)
    results = {
        r.workbook.relative_to(folder).as_posix(): r
        for r in run(folder, tmp_path / "out", to=("json",), jobs=2, chunk=3)
    }
    assert [
        name for name, r in results.items() if r.status is Status.FAILED and name != "a坏.xlsx"
    ] == ["02.xlsx"]
    assert (results["02.xlsx"].exit_code, "进程中断" in results["02.xlsx"].error) == (70, True)
    assert sum(r.status is Status.MADE for r in results.values()) == 5


# --- the disk is full ---------------------------------------------------------------------------


class Disk:
    """Fails the n-th thing that takes room on the disk; with ``stays`` everything after it too."""

    def __init__(self, patch: pytest.MonkeyPatch, n: int, stays: bool) -> None:
        self.left, self.stays, self.failed = n, stays, False
        for name in ("fsync", "link", "replace", "mkdir"):
            patch.setattr(os, name, self._guarded(getattr(os, name)))
        disk = self

        class File(FileIO):
            """A file that takes half of what does not fit."""

            def write(self, data: Any) -> int:
                if disk._full():
                    super().write(data[: len(data) // 2])
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return super().write(data)

        real = open

        def opened(path: Any, mode: str = "r") -> Any:
            return File(path, mode.replace("b", "")) if "x" in mode else real(path, mode)

        class Database(sqlite3.Connection):
            """A database that has no room for its changes."""

            def commit(self) -> None:
                if self.in_transaction and disk._full():
                    raise sqlite3.OperationalError("database or disk is full")
                super().commit()

        connect = partial(sqlite3.connect, factory=Database)
        patch.setattr("govdisclose.many.batch.ledger.sqlite3.connect", connect)
        for module in ("write.atomic", "many.batch.summary"):
            patch.setattr(f"govdisclose.{module}.open", opened, raising=False)

    def _full(self) -> bool:
        self.left -= 1
        full = self.left == 0 or (self.stays and self.left < 0)
        self.failed = self.failed or full
        return full

    def _guarded(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **more: Any) -> Any:
            if self._full():
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return call(*args, **more)

        return guarded


def until_full(folder: Path, out: Path) -> list[BatchResult]:
    """What a batch says of its workbooks; nothing when it had to stop."""
    try:
        return run(folder, out, to=QUICK, chunk=2)
    except OutputError as error:
        if "磁盘已满" not in str(error):
            raise
        return []


@posix
@pytest.mark.parametrize(("stays", "first"), [(False, 1), (True, 2)], ids=["once", "from then on"])
def test_whatever_does_not_fit_on_the_disk_nothing_half_made_is_left_and_the_rerun_completes(
    stays: bool, first: int, tmp_path: Path
) -> None:
    same = {f"{n}.json": exported("财政局", f"{n}" * 18, seed=n) for n in (1, 2)}
    folder = shelve(tmp_path / "in", {**same, "3.json": exported("民政局")})
    run(folder, tmp_path / "whole", to=QUICK, chunk=2)
    whole = left(tmp_path / "whole")
    for n in range(first, 200, 2):
        out = tmp_path / f"{n}"
        with pytest.MonkeyPatch.context() as patch:
            disk = Disk(patch, n, stays)
            results = until_full(folder, out)
            assert (
                not disk.failed
                or not results
                or left(out) == whole
                or any(r.error or r.notes for r in results)
            )
        if not disk.failed:
            break
        check_whole(out, whole)
        run(folder, out, to=QUICK, chunk=2, resume=True)
        assert left(out) == whole, n
    assert n > 20


# --- no permission ------------------------------------------------------------------------------


def test_a_file_where_the_output_folder_should_be_is_told(folder: Path, tmp_path: Path) -> None:
    shelve(tmp_path, {"file": b""})
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutputError, match="无法写入"):
            run(folder, out)


@posix
@pytest.mark.skipif(
    os.name == "nt" or os.getuid() != 0, reason="only root can become somebody who may not write"
)
@pytest.mark.filterwarnings("ignore:This process.*multi-threaded:DeprecationWarning")
def test_without_permission_to_write_nothing_is_done(undisturbed: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        root.chmod(0o755)
        folder, out = folder_of(root / "in", 1), root / "out"
        out.mkdir()
        run(
            folder, root / "first"
        )  # everything is imported: the next user may not be able to read the package

        def work() -> None:
            planned = batch_reports(folder, out)
            os.setuid(65534)
            list(planned)

        assert os.waitstatus_to_exitcode(os.waitpid(in_a_fork(work), 0)[1]) == OutputError.exit_code
        assert not list(out.iterdir())
        run(folder, out)
        before = left(out)
        assert (
            os.waitstatus_to_exitcode(os.waitpid(in_a_fork(lambda: (work(), None)), 0)[1])
            == OutputError.exit_code
        )
        assert left(out) == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_pipe_or_a_device_among_the_workbooks_fails_by_itself(tmp_path: Path, jobs: int) -> None:
    books = tmp_path / "in"
    books.mkdir()
    os.mkfifo(books / "pipe.xlsx")
    (books / "device.xlsx").symlink_to("/dev/zero")
    results = batch_reports(books, tmp_path / "out", jobs=jobs)
    assert {result.workbook.name: result.exit_code for result in results} == {
        "pipe.xlsx": 3,
        "device.xlsx": 3,
    }
