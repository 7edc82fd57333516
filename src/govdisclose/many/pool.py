"""Tasks to workers and results back, a few at a time, whatever happens to a worker.

A worker that dies takes its whole pool with it. The pool is then replaced, the tasks under way are
repeated one workbook at a time, and only the workbook that ends its worker again is given up.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    wait,
)
from contextlib import contextmanager
from functools import partial
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from attrs import evolve, field, frozen

from govdisclose.errors import GovDiscloseError
from govdisclose.many.isolation import Isolation, at_most, end_at_alarms, limit_memory
from govdisclose.session import Session

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.synchronize import Event

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@frozen
class WorkerContext:
    """The state of a worker: its time limit, the signal to stop, and its session.

    ``seconds`` limits each workbook; a process that takes longer is ended, so a limit is only for
    processes that may be lost. ``stop`` is set when nobody waits for the remaining workbooks.
    ``session`` keeps what one workbook and its template teach about the next.
    """

    seconds: float | None = None
    stop: Event | None = None
    session: Session = field(factory=Session, repr=False)

    @property
    def stopped(self) -> bool:
        """Whether nobody needs the remaining work."""
        return self.stop is not None and self.stop.is_set()

    def each(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """Yield the items until ``stopped``; each has its own time, until the next is asked for."""
        for item in items:
            if self.stopped:
                return
            with at_most(self.seconds):
                yield item


class Task(Protocol[_Result]):
    """One or more workbooks for a worker. It travels to other processes."""

    def run(self, context: WorkerContext) -> list[_Result]:
        """Return one result for each workbook."""
        ...

    def singly(self) -> Iterator[Any]:
        """Yield the same workbooks, each as a task of its own."""
        ...

    def lost(self, why: str) -> list[_Result]:
        """Return the results of workbooks that ended their worker; ``why`` is in Chinese."""
        ...


_Task = TypeVar("_Task", bound=Task[Any])


@frozen
class Done(Generic[_Task, _Result]):
    """A task and its results, one for each workbook."""

    task: _Task
    results: list[_Result]


class Crew(Generic[_Task, _Result]):
    """Workers behind an executor: the caller's own, or ``jobs`` processes that can be replaced.

    Use it as a context manager: the processes end with the block.
    """

    def __init__(
        self,
        *,
        executor: Executor | None = None,
        jobs: int = 1,
        ahead: int | None = None,
        isolation: Isolation | None = None,
    ) -> None:
        """Allow ``ahead`` tasks under way. ``isolation`` limits our own processes only."""
        self._is_given = executor is not None
        self._jobs = jobs
        self._ahead = ahead or max(64 if self._is_given else 0, 3 * jobs)
        self._isolation = isolation or Isolation(seconds=None, memory=None)
        self._stop: Event | None = None
        self._executor = executor or self._start_processes()
        self._pending: dict[Future[list[_Result]], _Task] = {}

    def __enter__(self) -> Crew[_Task, _Result]:
        """Return the crew itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End our own processes; leave the caller's executor running."""
        self.close()

    def close(self, *, wait: bool = True) -> None:
        """End our own processes, and ``wait`` until they have ended."""
        self._cancel()
        if not self._is_given:
            if self._stop is not None:
                self._stop.set()
            self._executor.shutdown(wait=wait, cancel_futures=True)

    def run(self, tasks: Iterable[_Task]) -> Iterator[Done[_Task, _Result]]:
        """Yield the tasks in the order in which they get done.

        Raises ``GovDiscloseError`` when a worker refuses all work.
        """
        waiting = iter(tasks)
        try:
            while True:
                for task in islice(waiting, self._ahead - len(self._pending)):
                    self._submit(task)
                if not self._pending:
                    return
                yield from self._finish_some()
        finally:
            self._cancel()

    def _finish_some(self) -> Iterator[Done[_Task, _Result]]:
        """Yield the finished results; after a loss wait for the rest and repeat the lost tasks."""
        lost: list[_Task] = []
        while self._pending:
            for task, future in self._finished():
                error = future.exception()
                if error is None:
                    yield Done(task, future.result())
                elif isinstance(error, GovDiscloseError):
                    raise error  # the worker is alive and refuses all work
                else:
                    lost.append(task)
            if not lost:
                return
        for task in lost:
            yield from self._one_by_one(task)

    def _finished(self) -> Iterator[tuple[_Task, Future[list[_Result]]]]:
        """Yield the tasks that are done by now; of a broken pool, all tasks."""
        done = wait(self._pending, return_when=FIRST_COMPLETED).done
        if any(isinstance(future.exception(), BrokenExecutor) for future in done):
            done = wait(self._pending).done
        for future in done:
            yield self._pending.pop(future), future

    def _submit(self, task: _Task) -> None:
        with _uninterrupted():
            try:
                future = self._executor.submit(self._function, task)
            except BrokenExecutor:  # the caller's executor is replaced as well: it is useless now
                self._executor.shutdown()
                self._is_given = False
                self._executor = self._start_processes()
                future = self._executor.submit(self._function, task)
            self._pending[future] = task

    @property
    def _function(self) -> Callable[[_Task], list[_Result]]:
        if self._is_given:
            return run_alone
        return partial(_run_in_process, self._isolation.seconds)

    def _one_by_one(self, task: _Task) -> Iterator[Done[_Task, _Result]]:
        """Repeat a lost task one workbook at a time, to see which workbook ends its worker."""
        for single in task.singly():
            start = time.monotonic()
            self._submit(single)
            (future,) = self._pending
            error = future.exception()
            del self._pending[future]
            if error is None:
                yield Done(single, future.result())
            elif isinstance(error, Exception):
                why = self._why(error, time.monotonic() - start)
                yield Done(single, single.lost(why))

    def _why(self, error: Exception, seconds: float) -> str:
        """Say in Chinese why a workbook has no result."""
        limit = self._isolation.seconds
        if isinstance(error, BrokenExecutor) and limit is not None and seconds >= limit:
            return (
                f"处理这份工作簿超过了 {limit:g} 秒，已停止；确要更久的，用 --timeout 放宽；"
                "其他工作簿不受影响"
            )
        if isinstance(error, MemoryError):
            return "处理这份工作簿超出了内存上限，已停止；其他工作簿不受影响"
        name = "" if isinstance(error, BrokenExecutor) else f"（{type(error).__name__}）"
        return f"处理这份工作簿的进程中断了{name}，可能是文件已损坏或内存不足；其他工作簿不受影响"

    def _start_processes(self) -> ProcessPoolExecutor:
        from concurrent.futures import ProcessPoolExecutor  # a browser has no processes

        context = multiprocessing.get_context(self._isolation.start_method)
        self._stop = context.Event()
        limits = (self._stop, self._isolation.memory)
        return ProcessPoolExecutor(self._jobs, context, _begin_process, limits)

    def _cancel(self) -> None:
        """Cancel the running tasks; their workers stop at the next workbook."""
        for future in self._pending:
            future.cancel()
        if self._pending and self._stop is not None:
            self._stop.set()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off Ctrl+C while processes start: one that is half started would print a traceback.

    The processes started meanwhile ignore it for good.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in the worker ------------------------------------------------------------------------------

_own_context: WorkerContext | None = None
"""The context of this process, if a ``Crew`` started it: an initializer can leave it nowhere else."""


def _begin_process(stop: Event, memory: int | None) -> None:
    """Start a worker: the parent handles Ctrl+C, and a worker does not outlive its parent."""
    global _own_context
    _own_context = WorkerContext(stop=stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_at_alarms()
    limit_memory(memory)
    _silence()
    threading.Thread(target=_follow_parent, daemon=True).start()


def _silence() -> None:
    """Discard the messages of engines that abort: the parent reports the failure."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _run_in_process(seconds: float | None, task: Task[_Result]) -> list[_Result]:
    context = _own_context or WorkerContext()
    return task.run(evolve(context, seconds=seconds))


def run_alone(task: Task[_Result]) -> list[_Result]:
    """Run a task in a process that may serve other work: nothing is kept for the next task."""
    return task.run(WorkerContext())
