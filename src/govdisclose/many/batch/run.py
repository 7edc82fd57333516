"""Carry out a batch: workers make the files, the recorder names, publishes and records them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Set
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from hashlib import sha256
from itertools import islice
from pathlib import Path

from attrs import define, evolve, field

from govdisclose.errors import InputError, OutputError, UsageError
from govdisclose.many.batch.identify import with_last_year
from govdisclose.many.batch.ledger import LEDGER_FILE, Ledger, copied_ledger, open_ledger
from govdisclose.many.batch.plan import CHUNK, BatchPlan, converts, limits_for
from govdisclose.many.batch.publish import Publisher
from govdisclose.many.batch.recorder import Recorder
from govdisclose.many.batch.result import (
    CHANGES_FILE,
    FINDINGS_FILE,
    HIDDEN,
    RESULTS_FILE,
    BatchResult,
    Status,
)
from govdisclose.many.batch.season import BatchEnd, SetAside
from govdisclose.many.batch.set_aside import Shelf, reasons_of
from govdisclose.many.batch.summary import Lists, write_results
from govdisclose.many.batch.versions import Verdicts
from govdisclose.many.batch.worker import BatchItem, BatchTask, Outcome, Settings
from govdisclose.many.inbox import NO_REPORT, PassedOver
from govdisclose.many.pool import Crew, Done, WorkerContext
from govdisclose.many.previous import indexed
from govdisclose.many.roster_doubts import roster_doubts
from govdisclose.outputs import OUTPUTS
from govdisclose.version import __version__
from govdisclose.write.atomic import unwritable
from govdisclose.write.leftovers import PREFIX, SUFFIX

_OLD_LEDGER = "batch.jsonl"
"""The record that earlier versions have left; this version does not read it."""


def run(plan: BatchPlan) -> Iterator[BatchResult]:
    """Carry out a plan and yield the results.

    Raises ``OutputError`` if the output folder cannot be created or locked, ``UsageError`` if it
    holds the results of a batch that is neither to be resumed nor repeated.
    """
    stage = plan.folder / HIDDEN / "stage"
    with ExitStack() as stack:
        plan = stack.enter_context(_with_last_year(plan))
        if not plan.dry_run:
            stack.enter_context(_locked(plan.folder))
        ledger = stack.enter_context(_ledger(plan))
        _refuse_results(plan, ledger)
        made_before = ledger.with_files()
        if not plan.dry_run:
            stack.enter_context(_staging(stage))
            _remove_leftovers(plan.folder)
        publisher = Publisher(plan.folder, stage, ledger, plan.force, plan.dry_run)
        recorder = Recorder(plan, ledger, publisher)
        for done, result in enumerate(_results(plan, recorder), 1):
            plan.watch(done, len(plan.entries))
            yield result
        verdicts = recorder.judge()
        yield from recorder.demote(verdicts)
        set_aside: tuple[SetAside, ...] = ()
        if not plan.dry_run:
            set_aside = tuple(_set_aside(plan, ledger, verdicts, made_before))
        recorder.give_up_names(verdicts.changed)
        yield from recorder.rename()
        if not plan.dry_run:
            Shelf(plan.folder, ledger).remove_current()
        end = BatchEnd(
            _not_read(plan, ledger),
            verdicts.missing,
            set_aside,
            verdicts.other_years,
            verdicts.not_owed,
            tuple(roster_doubts(None if plan.season is None else plan.season.roster)),
        )
        if not plan.dry_run:
            lists = Lists(
                plan.folder,
                plan.root,
                tuple(OUTPUTS[to].suffix for to in plan.to),
                scratch=stage,
                end=end,
                notes=verdicts.notes,
                season=plan.season,
                last_year=plan.last_year,
            )
            write_results(lists, recorder.records)
        plan.on_end(end)


def _set_aside(
    plan: BatchPlan, ledger: Ledger, verdicts: Verdicts, made_before: Set[str]
) -> Iterator[SetAside]:
    """Move the files that are no unit's report any more; without a season, those of copies only."""
    if plan.season is not None:
        yield from Shelf(plan.folder, ledger).set_aside(reasons_of(ledger), made_before)
    elif verdicts.changed:
        reasons = {workbook: verdict.reason for workbook, verdict in verdicts.changed.items()}
        yield from Shelf(plan.folder, ledger, moves_gone=False).set_aside(reasons, made_before)


@contextmanager
def _with_last_year(plan: BatchPlan) -> Iterator[BatchPlan]:
    """Read last year's reports into a temporary file, where the plan asks for them.

    They decide, too, what is found in a workbook.
    """
    if plan.previous is None:
        yield plan
        return
    roster = None if plan.season is None else plan.season.roster
    jobs = plan.jobs if plan.executor is None else 1
    with indexed(plan.previous, roster=roster, jobs=jobs, isolation=plan.isolation) as last:
        digest = sha256(f"{plan.digest} {last.digest}".encode()).hexdigest()
        yield evolve(plan, last_year=last, digest=digest)


def _not_read(plan: BatchPlan, ledger: Ledger) -> tuple[PassedOver, ...]:
    """The files of the folder that are no reports, by their suffix or by what they say."""
    no_reports = [
        PassedOver(version.workbook, NO_REPORT, looked_at=True)
        for version in ledger.versions()
        if version.status is Status.NO_REPORT
    ]
    return (*plan.not_read, *no_reports)


def _results(plan: BatchPlan, recorder: Recorder) -> Iterator[BatchResult]:
    """Yield the result of each workbook.

    Tasks are put together ahead of their results. A workbook that is kept is found meanwhile, and
    comes with the next task that is done.
    """
    kept = _KeptResults()
    for done in _done(plan, _tasks(plan, recorder, kept)):
        yield from kept.take()
        yield from recorder.take(done.results)
    yield from kept.take()


@define
class _KeptResults:
    """Results of an earlier run: found while tasks are put together, yielded between two tasks."""

    _results: list[BatchResult] = field(factory=list)

    def add(self, result: BatchResult) -> None:
        """Keep a result until the next ``take``."""
        self._results.append(result)

    def take(self) -> list[BatchResult]:
        """Return the results added so far, and begin anew."""
        taken = self._results
        self._results = []
        return taken


def _tasks(plan: BatchPlan, recorder: Recorder, kept: _KeptResults) -> Iterator[BatchTask]:
    """Yield the workbooks that are to be made, in tasks; the results of the others go to ``kept``."""
    # LibreOffice starts once a task.
    shares = plan.jobs if converts(plan.to) else 4 * plan.jobs
    share = -(-len(plan.entries) // shares)
    size = plan.chunk or max(1, min(CHUNK, share))
    stage = recorder.publisher.stage.absolute()
    settings = Settings(
        plan.to,
        plan.draft,
        plan.template,
        None if plan.ship_bytes or plan.dry_run else stage,
        plan.dry_run,
        __version__,
        plan.rules,
        plan.published,
        plan.year,
        plan.last_year if plan.executor is None else None,
    )
    items = _items(plan, recorder, kept)
    while some := tuple(islice(items, size)):
        yield BatchTask(settings, some)


def _items(plan: BatchPlan, recorder: Recorder, kept: _KeptResults) -> Iterator[BatchItem]:
    """Yield what the workers get of each workbook that is to be made."""
    items = _wanted(plan, recorder, kept)
    loaded = _with_content if plan.ship_bytes else _by_path
    if plan.executor is not None and plan.last_year is not None:
        items = with_last_year(items, plan, plan.last_year, loaded)
    yield from map(loaded, items)


def _wanted(plan: BatchPlan, recorder: Recorder, kept: _KeptResults) -> Iterator[BatchItem]:
    root = plan.root.absolute()
    for number, entry in enumerate(plan.entries):
        result = recorder.kept(entry) if plan.resume else None
        if result is None:
            yield BatchItem(number, evolve(entry, folder=root))
        else:
            kept.add(result)


def _by_path(item: BatchItem) -> BatchItem:
    return item


def _with_content(item: BatchItem) -> BatchItem:
    """Return the item with the bytes of its report; without them the worker reports the fault."""
    with suppress(InputError):
        return evolve(item, data=item.entry.content())
    return item


def _done(plan: BatchPlan, tasks: Iterator[BatchTask]) -> Iterator[Done[BatchTask, Outcome]]:
    """Yield the tasks with their outcomes: made in this process, or by workers."""
    isolation = plan.isolation
    if plan.executor is None and plan.jobs == 1 and isolation is None:
        context = WorkerContext()
        for task in tasks:
            yield Done(task, task.run(context))
        return
    if isolation is not None:
        isolation = limits_for(isolation, plan.to)
    crew: Crew[BatchTask, Outcome] = Crew(
        executor=plan.executor, jobs=plan.jobs, ahead=plan.ahead, isolation=isolation
    )
    with crew:
        yield from crew.run(tasks)


# --- the output folder --------------------------------------------------------------------------


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep every other batch out; the system releases the lock however this process ends."""
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


def _ledger(plan: BatchPlan) -> AbstractContextManager[Ledger]:
    """Open the ledger of the output folder.

    With ``force`` all workbooks are made again, but the ledger still knows the earlier files:
    otherwise the files of an earlier draft would stay beside the reports, and nobody would say so.
    """
    path = plan.folder / HIDDEN / LEDGER_FILE
    names = [entry.name for entry in plan.entries]
    if not plan.dry_run:
        return open_ledger(path, names, anew=plan.force)
    continues = plan.resume or plan.force
    return copied_ledger(path if continues else None, names, anew=plan.force)


def _refuse_results(plan: BatchPlan, ledger: Ledger) -> None:
    """Refuse a folder with the results of a batch, unless it is to be resumed or repeated."""
    if plan.force:
        return
    old = plan.folder / HIDDEN / _OLD_LEDGER
    has_old = ledger.is_empty() and _has_entries(old)
    if plan.resume and has_old:
        raise UsageError(
            f"{old} 是本程序以前版本的批处理记录，这一版不能接着做：请换一个输出文件夹，"
            "或加 --force 全部重做（以前生成的报告会重新生成，改动过的请先另存）"
        )
    if plan.resume or plan.dry_run:
        return
    has_lists = any(os.path.lexists(path) for path in _lists(plan.folder))
    if has_lists or has_old or not ledger.is_empty():
        raise UsageError(
            f"{plan.folder} 里已有批处理的结果；接着做请加 --resume，全部重做请加 --force"
        )


def _has_entries(journal: Path) -> bool:
    """Whether the record of an earlier version has any workbook after its first line."""
    try:
        with open(journal, "rb") as file:
            return len(list(islice(file, 2))) > 1
    except OSError:
        return False


@contextmanager
def _staging(stage: Path) -> Iterator[None]:
    """Make an empty folder for unfinished files, which is removed in the end."""
    shutil.rmtree(stage, ignore_errors=True)
    try:
        stage.mkdir(exist_ok=True)
    except OSError as error:
        raise unwritable(stage.parents[1], error) from error
    try:
        yield
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _lists(folder: Path) -> list[Path]:
    return [folder / RESULTS_FILE, folder / FINDINGS_FILE, folder / CHANGES_FILE]


def _remove_leftovers(folder: Path) -> None:
    """Remove the unfinished files of a killed run and the lists of an earlier run."""
    unfinished = folder.glob(f"{PREFIX}*{SUFFIX}")
    try:
        for path in (*_lists(folder), folder / HIDDEN / _OLD_LEDGER, *unfinished):
            path.unlink(missing_ok=True)
    except PermissionError as error:
        raise OutputError(
            f"无法写入 {folder}：没有权限，或 {RESULTS_FILE} 正被打开，请先关闭"
        ) from error
    except OSError as error:
        raise unwritable(folder, error) from error
