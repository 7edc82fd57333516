"""Unfinished files that a killed run has left in a folder, and how the next run knows them.

The name of an unfinished file says which process writes it, so that a file is removed only when that
process has ended. What another machine writes into a shared folder cannot be asked about: it is taken
for left behind after a day.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from zlib import crc32

PREFIX, SUFFIX = ".gd-", ".tmp"
"""Names of unfinished files; whatever a killed run leaves behind matches ``.gd-*.tmp``."""

_NAME = re.compile(r"\.gd-(?P<machine>[0-9a-f]{8})-(?P<process>\d{1,10})-[0-9a-f]{16}\.tmp")
_OLD_NAME = re.compile(r"\.gd-[0-9a-f]{16}\.tmp")
"""What earlier versions called theirs."""

_DAY = 86_400


def unfinished_name(folder: Path) -> Path:
    """A new name in ``folder`` for a file that is not finished."""
    return folder / f"{PREFIX}{_machine()}-{os.getpid()}-{os.urandom(8).hex()}{SUFFIX}"


def sweep(folder: Path) -> None:
    """Remove the unfinished files in ``folder`` whose process has ended; what cannot be removed stays."""
    for path in _left(folder):
        with suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _left(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        for name in os.listdir(folder):
            path = folder / name
            found = _NAME.fullmatch(name)
            ours = found is not None and found["machine"] == _machine() and os.name == "posix"
            if found is not None and ours:
                if not _is_running(int(found["process"])):
                    yield path
            elif (found is not None or _OLD_NAME.fullmatch(name)) and _is_old(path):
                yield path


def _is_running(process: int) -> bool:
    """Whether a process of this machine is still there. Not for Windows, where asking would end it."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # somebody else's, or a number that no process has
    return True


def _is_old(path: Path) -> bool:
    with suppress(OSError):
        return time.time() - os.lstat(path).st_mtime > _DAY
    return False


@cache
def _machine() -> str:
    """Tells apart machines, and containers, which count their processes by themselves."""
    name = os.environ.get("COMPUTERNAME", "") if os.name == "nt" else os.uname().nodename
    space = ""
    with suppress(OSError):
        space = os.readlink("/proc/self/ns/pid")
    return f"{crc32(f'{name} {space}'.encode()):08x}"
