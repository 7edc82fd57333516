"""Tasks to workers and results back, few at a time, whatever happens to a worker.

A worker that dies takes its whole pool with it. The pool is made anew, the tasks that were under way
are done again one book at a time, and only the book that kills its worker once more is given up.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from multiprocessing.synchronize import Event

from govdisclose.errors import GovDiscloseError
from govdisclose.many.work import Outcome, Task, run_task

Done = tuple[Task, list[Outcome] | Exception]
"""A task, and what came of it; an exception stands for a worker that was lost over the one book of the task."""


def run_here(tasks: Iterable[Task]) -> Iterator[Done]:
    """Every task in this process."""
    for task in tasks:
        yield task, run_task(task)


class Crew:
    """Workers behind an executor: the caller's own, or ``jobs`` processes of ours that can be replaced."""

    def __init__(self, executor: Executor | None, jobs: int, ahead: int) -> None:
        """``ahead`` is how many tasks may be under way."""
        self._given, self._jobs, self._ahead = executor, jobs, ahead
        self._context = multiprocessing.get_context("spawn")  # threads of the caller's must not be forked
        self._stop: Event = self._context.Event()
        self._executor = executor or self._make()
        self._function = run_task if executor else _run
        self._pending: dict[Future[list[Outcome]], Task] = {}

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """The tasks in the order in which they get done. Ends all work when the caller stops asking."""
        tasks = iter(tasks)
        try:
            while True:
                for task in islice(tasks, self._ahead - len(self._pending)):
                    self._submit(task)
                if not self._pending:
                    return
                lost: list[Task] = []
                yield from self._collect(lost)
                while lost and self._pending:
                    yield from self._collect(lost)
                for task in lost:
                    yield from self._one_by_one(task)
        finally:
            self._end()

    def _submit(self, task: Task) -> None:
        with _uninterrupted():
            try:
                future = self._executor.submit(self._function, task)
            except BrokenExecutor:
                if self._given is not None:
                    raise
                self._executor.shutdown()
                self._executor = self._make()
                future = self._executor.submit(self._function, task)
            self._pending[future] = task

    def _collect(self, lost: list[Task]) -> Iterator[Done]:
        """Whatever is done by now; of a broken pool, everything."""
        done = wait(self._pending, return_when=FIRST_COMPLETED).done
        if any(isinstance(future.exception(), BrokenExecutor) for future in done):
            done = wait(self._pending).done
        for future in done:
            task = self._pending.pop(future)
            error = future.exception()
            if error is None:
                yield task, future.result()
            elif isinstance(error, GovDiscloseError):
                raise error  # the worker lives, and refuses all work
            else:
                lost.append(task)

    def _one_by_one(self, task: Task) -> Iterator[Done]:
        """The books of a lost task, each with nothing else under way, so that it is seen which one it was."""
        for single in task.singly():
            self._submit(single)
            (future,) = self._pending
            error = future.exception()
            del self._pending[future]
            if error is None:
                yield single, future.result()
            elif isinstance(error, Exception):
                yield single, error

    def _make(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._jobs, self._context, _begin, (self._stop,))

    def _end(self) -> None:
        for future in self._pending:
            future.cancel()
        if self._given is None:
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


def _begin(stop: Event) -> None:
    """A worker's start: Ctrl+C is the parent's to handle, and a worker does not outlive its parent."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _run(task: Task) -> list[Outcome]:
    return run_task(task, (lambda: False) if _stop is None else _stop.is_set)
