"""Keep one workbook from harming the others: processes that may be lost, limits of time and memory.

An engine in native code can abort its process or never return. Only another process can notice that
and go on.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from attrs import frozen

SECONDS = 60
"""How long a workbook may take; an ordinary one takes a few hundredths of a second."""

MEMORY = 4 * 2**30
"""Bytes of address space for a worker. An ordinary workbook needs 100 MB, libraries included."""


@frozen
class Isolation:
    """Limits for processes that read workbooks and may be lost.

    ``seconds`` is the time for each workbook, ``memory`` the bytes of address space for a process
    (POSIX only); ``None`` sets no limit. ``quick`` starts processes as copies of this one where
    that is safe, which takes milliseconds: for programs that do nothing else, such as the command
    line.
    """

    seconds: float | None = SECONDS
    memory: int | None = MEMORY
    quick: bool = False

    @property
    def start_method(self) -> str:
        """Return how :mod:`multiprocessing` should start a process now."""
        return "fork" if self.quick and _is_alone() else "spawn"


def _is_alone() -> bool:
    """Whether this process has no other thread: a copy would lack it, but keep its locks."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


@contextmanager
def at_most(seconds: float | None) -> Iterator[None]:
    """End this process when the block takes longer: nothing else can stop native code.

    ``end_at_alarms`` must have been called, and only one thread of a process may use it.
    """
    if seconds is None:
        yield
    elif sys.platform == "win32":
        with _watched(seconds):
            yield
    else:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def end_at_alarms() -> None:
    """Let the system end this process at an alarm; it does so whatever runs in it."""
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


@contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """End this process from another thread, where the system has no alarms."""
    with open(os.devnull, "wb") as nowhere:
        faulthandler.dump_traceback_later(seconds, file=nowhere, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def limit_memory(most: int | None) -> None:
    """Limit the address space of this process to ``most`` bytes, where the system can do that."""
    if most is None or sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    known = [limit for limit in (soft, hard, most) if limit != resource.RLIM_INFINITY]
    with suppress(OSError, ValueError):  # macOS refuses
        resource.setrlimit(resource.RLIMIT_AS, (min(known), hard))
