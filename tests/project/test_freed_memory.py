"""Memory that was freed goes back to the system where the C library keeps it."""

from __future__ import annotations

import platform
import resource
from pathlib import Path

import pytest

from govdisclose.freed_memory import give_back


def resident() -> float:
    """Megabytes that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries give it back")
def test_memory_that_lies_between_used_blocks_is_given_back() -> None:
    blocks = [bytes(3000) for _ in range(10_000)]
    used = blocks[::50]
    del blocks
    before = resident()
    give_back()
    assert len(used) == 200
    assert before - resident() > 15


def test_elsewhere_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    give_back()
