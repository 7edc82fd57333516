"""What keeps one workbook from harming the others: a process of its own, limits of time and of memory.

An engine in native code can abort the whole process, or never come back; only another process can see
that and go on.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

SECONDS = 60
"""How long a workbook may take; an ordinary one takes some hundredths of a second."""

MEMORY = 4 * 2**30
"""Bytes of address space that a worker may use; an ordinary workbook needs some 100 MB, libraries included."""

_Item = TypeVar("_Item")


@frozen
class Isolation:
    """Workbooks are read in processes that may be lost.

    ``seconds`` is how long each may take, ``memory`` how many bytes of address space a process may use
    (POSIX only); ``None`` sets no limit. ``quick`` starts processes as copies of this one where that is
    safe, in milliseconds: for programs that do nothing else, such as the command line.
    """

    seconds: float | None = SECONDS
    memory: int | None = MEMORY
    quick: bool = False

    @property
    def start_method(self) -> str:
        """How :mod:`multiprocessing` should start a process now."""
        return "fork" if self.quick and _is_alone() else "spawn"


def _is_alone() -> bool:
    """Whether this process has no other thread, which a copy would lack while it holds its locks."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


@frozen
class Turns:
    """Gives a worker the items of its task one by one.

    In a process that may be lost, ``seconds`` end it when an item takes longer; ``stop`` is set when
    nobody waits for the rest.
    """

    seconds: float | None = None
    stop: Event | None = None

    @property
    def stopped(self) -> bool:
        """Whether there is no use in going on."""
        return self.stop is not None and self.stop.is_set()

    def each(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """The items until ``stopped``; the time of each runs until the next is asked for."""
        for item in items:
            if self.stopped:
                return
            with _at_most(self.seconds):
                yield item


ONE_BY_ONE = Turns()
"""Items one by one, whatever time they take."""


@contextmanager
def _at_most(seconds: float | None) -> Iterator[None]:
    """End this process when the block takes longer: native code can be stopped in no other way."""
    if seconds is None:
        yield
        return
    with open(os.devnull, "wb") as nowhere:
        faulthandler.dump_traceback_later(seconds, file=nowhere, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def limit_memory(most: int | None) -> None:
    """Let this process have no more address space than ``most`` bytes, where the system can do that."""
    if most is None or sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    known = [limit for limit in (soft, hard, most) if limit != resource.RLIM_INFINITY]
    with suppress(OSError, ValueError):  # macOS refuses
        resource.setrlimit(resource.RLIMIT_AS, (min(known), hard))
