"""Tasks to workers and results back, few at a time, whatever happens to a worker.

A worker that dies takes its whole pool with it. The pool is made anew, the tasks that were under way
are done again one workbook at a time, and only the workbook that ends its worker once more is given up.
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
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from functools import partial
from itertools import islice
from multiprocessing.synchronize import Event
from typing import Any, Generic, Protocol, TypeVar

from attrs import frozen

from govdisclose.errors import GovDiscloseError
from govdisclose.many.isolation import Isolation, Turns, limit_memory


class Divisible(Protocol):
    """A task of one workbook or more."""

    def singly(self) -> Iterator[Any]:
        """The same workbooks, each as a task of its own, of the same class."""
        ...


_Task = TypeVar("_Task", bound=Divisible)
_Result = TypeVar("_Result")

Work = Callable[[_Task, Turns], list[_Result]]
"""What a worker does with a task: one result for each workbook."""


@frozen
class Done(Generic[_Task, _Result]):
    """A task and its results; ``lost`` says in Chinese why there are none for the one workbook of the task."""

    task: _Task
    results: list[_Result]
    lost: str = ""


class Crew(Generic[_Task, _Result]):
    """Workers behind an executor: the caller's own, or ``jobs`` processes of ours that can be replaced."""

    def __init__(
        self,
        work: Work[_Task, _Result],
        *,
        executor: Executor | None = None,
        jobs: int = 1,
        ahead: int | None = None,
        isolation: Isolation | None = None,
    ) -> None:
        """``ahead`` is how many tasks may be under way; the limits of ``isolation`` hold for processes of ours."""
        self._given, self._jobs = executor, jobs
        self._ahead = ahead or max(64 if executor else 0, 3 * jobs)
        self._isolation = isolation or Isolation(seconds=None, memory=None)
        self._work = work
        self._stop: Event | None = None
        self._executor = executor or self._make()
        self._pending: dict[Future[list[_Result]], _Task] = {}

    def run(self, tasks: Iterable[_Task]) -> Iterator[Done[_Task, _Result]]:
        """The tasks in the order in which they get done. Ends all work when the caller stops asking."""
        tasks = iter(tasks)
        try:
            while True:
                for task in islice(tasks, self._ahead - len(self._pending)):
                    self._submit(task)
                if not self._pending:
                    return
                lost: list[_Task] = []
                yield from self._collect(lost)
                while lost and self._pending:
                    yield from self._collect(lost)
                for task in lost:
                    yield from self._one_by_one(task)
        finally:
            self._end()

    def _submit(self, task: _Task) -> None:
        with _uninterrupted():
            try:
                future = self._executor.submit(self._function, task)
            except BrokenExecutor:  # the caller's, too, is good for nothing from now on
                self._executor.shutdown()
                self._given = None
                self._executor = self._make()
                future = self._executor.submit(self._function, task)
            self._pending[future] = task

    @property
    def _function(self) -> Callable[[_Task], list[_Result]]:
        if self._given is not None:
            return partial(_in_turn, self._work)
        return partial(_watched, self._work, self._isolation.seconds)

    def _collect(self, lost: list[_Task]) -> Iterator[Done[_Task, _Result]]:
        """Whatever is done by now; of a broken pool, everything."""
        done = wait(self._pending, return_when=FIRST_COMPLETED).done
        if any(isinstance(future.exception(), BrokenExecutor) for future in done):
            done = wait(self._pending).done
        for future in done:
            task = self._pending.pop(future)
            error = future.exception()
            if error is None:
                yield Done(task, future.result())
            elif isinstance(error, GovDiscloseError):
                raise error  # the worker lives, and refuses all work
            else:
                lost.append(task)

    def _one_by_one(self, task: _Task) -> Iterator[Done[_Task, _Result]]:
        """The workbooks of a lost task, each with nothing else under way, so that it is seen which one it was."""
        for single in task.singly():
            start = time.monotonic()
            self._submit(single)
            (future,) = self._pending
            error = future.exception()
            del self._pending[future]
            if error is None:
                yield Done(single, future.result())
            elif isinstance(error, Exception):
                yield Done(single, [], self._why(error, time.monotonic() - start))

    def _why(self, error: Exception, seconds: float) -> str:
        """Why a workbook has no result."""
        limit = self._isolation.seconds
        if isinstance(error, BrokenExecutor) and limit is not None and seconds >= limit:
            return f"处理这份工作簿超过了 {limit:g} 秒，已停止；确要更久的，用 --timeout 放宽；其他工作簿不受影响"
        if isinstance(error, MemoryError):
            return "处理这份工作簿超出了内存上限，已停止；其他工作簿不受影响"
        what = "" if isinstance(error, BrokenExecutor) else f"（{type(error).__name__}）"
        return f"处理这份工作簿的进程中断了{what}，可能是文件已损坏或内存不足；其他工作簿不受影响"

    def _make(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(self._isolation.start_method)
        self._stop = context.Event()
        return ProcessPoolExecutor(
            self._jobs, context, _begin, (self._stop, self._isolation.memory)
        )

    def _end(self) -> None:
        for future in self._pending:
            future.cancel()
        if self._given is None:
            if self._stop is not None:
                self._stop.set()
            self._executor.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off Ctrl+C, for good in processes that are started meanwhile: a half-started one would print a traceback."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in the worker ------------------------------------------------------------------------------

_stop: Event | None = None


def _begin(stop: Event, memory: int | None) -> None:
    """A worker's start: Ctrl+C is the parent's to handle, and a worker does not outlive its parent."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory)
    _silence()
    threading.Thread(target=_follow, daemon=True).start()


def _silence() -> None:
    """Throw away what engines print when they abort: the parent says what has happened."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _watched(work: Work[_Task, _Result], seconds: float | None, task: _Task) -> list[_Result]:
    return work(task, Turns(seconds, _stop))


def _in_turn(work: Work[_Task, _Result], task: _Task) -> list[_Result]:
    return work(task, Turns())
