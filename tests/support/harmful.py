"""Sources that harm the process that reads them, for the tests of what becomes of the others."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from attrs import frozen


@frozen
class Deadly(os.PathLike[str]):
    """The path of a workbook that ends whatever process asks for it but the one that it was made in."""

    path: str
    home: int

    def __fspath__(self) -> str:
        if os.getpid() != self.home:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.path


def deadly(path: str | Path) -> Deadly:
    """Deadly for every process but this one."""
    return Deadly(str(path), os.getpid())


def read(source: str, memory: object) -> str:
    """The result of a reader; some readers never end, and some end the process.

    One that pauses writes a line into the file that it names.
    """
    if source.startswith("dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    if source.startswith("pauses"):
        _, _, log = source.partition(" ")
        with open(log, "a", encoding="utf-8") as file:
            file.write("read\n")
        time.sleep(0.1)
    if source.startswith("hangs"):
        time.sleep(1_000)
    if source.startswith("eats"):
        bytearray(2**40)
    if source.startswith("fails"):
        raise RuntimeError
    return source.upper()


def lost(source: str, why: str) -> str:
    """The result for a source without one."""
    return f"{source}: {why}"
