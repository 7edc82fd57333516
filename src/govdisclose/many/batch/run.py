"""A batch from its first book to its last: workers make the files, the shelf names and records them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path

import attrs

from govdisclose.errors import OutputError, UsageError
from govdisclose.infile import NotAFileError, read_input
from govdisclose.many.batch.forms import PDF, suffix_of
from govdisclose.many.batch.ledger import Journal
from govdisclose.many.batch.plan import CHUNK, Plan
from govdisclose.many.batch.publish import Shelf
from govdisclose.many.batch.result import FINDINGS_FILE, HIDDEN, RESULTS_FILE, BatchResult
from govdisclose.many.batch.summary import write_results
from govdisclose.many.batch.worker import Item, Outcome, Settings, Task
from govdisclose.many.pool import Crew, Done, WorkerContext
from govdisclose.package import DEFAULT_LIMITS
from govdisclose.version import __version__
from govdisclose.write.atomic import unwritable
from govdisclose.write.leftovers import PREFIX, SUFFIX


def run(plan: Plan) -> Iterator[BatchResult]:
    """Do what is planned. Raises ``OutputError`` or ``UsageError`` when the output folder is not to be had."""
    with ExitStack() as stack:
        if not plan.dry_run:
            stack.enter_context(_occupied(plan.folder))
            stack.enter_context(_staged(plan.folder, again=plan.resume or plan.force))
        shelf = stack.enter_context(_shelf(plan))
        if not plan.dry_run:
            _clear(plan.folder)
        for done, result in enumerate(_results(plan, shelf), 1):
            plan.watch(done, len(plan.names))
            yield result
        yield from shelf.settle()
        if not plan.dry_run:
            suffixes = [suffix_of(form) for form in plan.to]
            write_results(plan.folder, shelf.recorded, plan.root, suffixes, scratch=shelf.stage)


def _results(plan: Plan, shelf: Shelf) -> Iterator[BatchResult]:
    """What became of each book: those that are kept come before the task that was made up after them."""
    kept: list[BatchResult] = []
    for done in _through(plan, _tasks(plan, shelf, kept)):
        yield from _taken(kept)
        yield from shelf.place(done.results)
    yield from _taken(kept)


def _taken(results: list[BatchResult]) -> list[BatchResult]:
    """What is in the list, which is empty then."""
    taken = results.copy()
    results.clear()
    return taken


def _tasks(plan: Plan, shelf: Shelf, kept: list[BatchResult]) -> Iterator[Task]:
    """The books that are to be made, in tasks; what need not be goes to ``kept``."""
    todo = _todo(plan, shelf, kept)
    shares = plan.jobs if PDF in plan.to else 4 * plan.jobs  # LibreOffice starts once a task
    size = plan.chunk or max(1, min(CHUNK, -(-len(plan.names) // shares)))
    stage = None if plan.ship_bytes or plan.dry_run else shelf.stage.absolute()
    settings = Settings(plan.to, plan.draft, plan.template, stage, plan.dry_run, __version__)
    while items := tuple(islice(todo, size)):
        yield Task(settings, items)


def _todo(plan: Plan, shelf: Shelf, kept: list[BatchResult]) -> Iterator[Item]:
    for number, name in enumerate(plan.names):
        path = plan.root / name
        found = shelf.kept(number) if plan.resume else None
        if found is not None:
            kept.append(found)
        else:
            yield Item(number, path.absolute(), _content(path) if plan.ship_bytes else None)


def _content(path: Path) -> bytes | None:
    """The bytes of a book; the worker says why there are none."""
    with suppress(OSError, NotAFileError):
        return read_input(path, DEFAULT_LIMITS.package)
    return None


def _through(plan: Plan, tasks: Iterator[Task]) -> Iterator[Done[Task, Outcome]]:
    """The tasks and what came of them: in this process, or by workers."""
    if plan.executor is None and plan.jobs == 1 and plan.isolation is None:
        context = WorkerContext()
        for task in tasks:
            yield Done(task, task.run(context))
        return
    isolation = plan.isolation
    if isolation is not None and PDF in plan.to:
        isolation = attrs.evolve(
            isolation, memory=None
        )  # LibreOffice would have to live within it too
    crew: Crew[Task, Outcome] = Crew(
        executor=plan.executor, jobs=plan.jobs, ahead=plan.ahead, isolation=isolation
    )
    with crew:
        yield from crew.run(tasks)


# --- the output folder --------------------------------------------------------------------------


@contextmanager
def _occupied(folder: Path) -> Iterator[None]:
    """Keep every other batch out of the folder; the system lets go of the lock however this process ends."""
    from filelock import FileLock, Timeout

    hidden = folder / HIDDEN
    try:
        hidden.mkdir(parents=True, exist_ok=True)
        lock = FileLock(hidden / "lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise OutputError(f"另一个批处理正在写 {folder}，请等它结束，或换一个输出文件夹") from error
    except (OSError, NotImplementedError) as error:
        raise unwritable(folder, error if isinstance(error, OSError) else OSError()) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _staged(folder: Path, *, again: bool) -> Iterator[None]:
    """A new folder for unfinished files. Raises ``UsageError`` where a batch has been already, unless ``again``."""
    journal = folder / HIDDEN / "batch.jsonl"
    if not again and (_lines(journal) > 1 or any(map(os.path.lexists, _said(folder)))):
        raise UsageError(f"{folder} 里已有批处理的结果；接着做请加 --resume，全部重做请加 --force")
    stage = folder / HIDDEN / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    try:
        stage.mkdir(exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _said(folder: Path) -> list[Path]:
    return [folder / RESULTS_FILE, folder / FINDINGS_FILE]


def _clear(folder: Path) -> None:
    """Remove what a killed run left unfinished, and what an earlier run said, now that this one has begun."""
    try:
        for path in (*_said(folder), *folder.glob(f"{PREFIX}*{SUFFIX}")):
            path.unlink(missing_ok=True)
    except PermissionError as error:
        raise OutputError(
            f"无法写入 {folder}：没有权限，或 {RESULTS_FILE} 正被打开，请先关闭"
        ) from error
    except OSError as error:
        raise unwritable(folder, error) from error


def _lines(path: Path) -> int:
    """0, 1, or 2 for more lines of a file."""
    try:
        with open(path, "rb") as file:
            return len(list(islice(file, 2)))
    except OSError:
        return 0


def _journal(path: Path, plan: Plan) -> Journal:
    """The journal of the folder. With ``force`` all is made again, but what is there already stays known.

    Otherwise the files of an earlier draft would stand beside the reports, and nobody would say so.
    """
    writing = not plan.dry_run
    try:
        return Journal(path, plan.names, resume=plan.resume or plan.force, writing=writing)
    except UsageError:
        if not plan.force:
            raise
        return Journal(
            path, plan.names, resume=False, writing=writing
        )  # of another version: nothing in it is known


@contextmanager
def _shelf(plan: Plan) -> Iterator[Shelf]:
    hidden = plan.folder / HIDDEN
    journal = _journal(hidden / "batch.jsonl", plan)
    try:
        yield Shelf(
            plan.folder, hidden / "stage", plan.root, plan.names, journal, plan.digest, plan.draft,
            plan.force, plan.dry_run,
        )  # fmt: skip
    finally:
        journal.close()
