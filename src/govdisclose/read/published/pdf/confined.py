"""Runs a reader in a process of its own, so that a hostile file costs limited time and memory.

Where the platform has resource limits (POSIX), the child sets them; on every platform the parent
ends a child that takes too long. A file that needs more counts as a file that cannot be read.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TypeVar, cast

from attrs import frozen

from govdisclose.errors import InputError

_PATIENCE = 6
"""The parent waits so many times the allowed seconds of work: the machine may be busy."""
_LONGEST = 120
"""Seconds of work, whatever the size."""

T = TypeVar("T")


@frozen
class ProcessLimits:
    """What a reader may take: seconds, more seconds for each megabyte of the file, and memory."""

    seconds: int
    seconds_per_megabyte: int
    megabytes: int

    def work(self, size: int) -> int:
        """The seconds allowed for a file of ``size`` bytes."""
        return min(self.seconds + self.seconds_per_megabyte * size // 1_000_000, _LONGEST)


def run_confined(
    reader: Callable[[bytes, str], T], data: bytes, file: str, limits: ProcessLimits
) -> T:
    """Returns ``reader(data, file)``, which needs only bytes and a name for messages.

    Raises ``InputError`` as the reader does, and for a file that takes too much.
    """
    seconds = limits.work(len(data))
    names = [reader.__module__, reader.__qualname__]
    command = [sys.executable, "-m", __name__, *names, str(seconds), str(limits.megabytes)]
    try:
        done = subprocess.run(
            command,
            input=pickle.dumps((data, file)),
            capture_output=True,
            env=_environment(),
            timeout=seconds * _PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_much(file) from None
    if done.returncode != 0:
        raise _too_much(file)
    result, problem = pickle.loads(done.stdout)
    if problem is not None:
        raise InputError(problem)
    return cast("T", result)


def _environment() -> dict[str, str]:
    """The environment of the child, which imports from where the parent does."""
    folders = os.pathsep.join(filter(None, sys.path))
    return {**os.environ, "PYTHONPATH": folders, "PYTHONUTF8": "1"}


def _too_much(file: str) -> InputError:
    return InputError(
        f"{file} 展开后过大或过于复杂，不像年度报告，没有读取；请向公布报告的机关索取 Word 原稿"
    )


def _limit(seconds: int, megabytes: int) -> None:
    """Set the limits of this process, where there are any."""
    try:
        import resource
    except ImportError:  # not a POSIX system: the parent's clock has to do
        return
    size = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _serve(module: str, name: str, seconds: str, megabytes: str) -> None:
    """In the child: read the request and answer it.

    Out of memory, the child ends with an error that the parent sees.
    """
    data, file = pickle.loads(sys.stdin.buffer.read())
    reader = getattr(import_module(module), name)
    _limit(int(seconds), int(megabytes))
    answer: tuple[object, str | None]
    try:
        answer = (reader(data, file), None)
    except InputError as error:
        answer = (None, str(error))
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _serve(*sys.argv[1:])
