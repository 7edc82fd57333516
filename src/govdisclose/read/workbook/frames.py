"""Known frames: worksheets of texts from one blank workbook differ only in their rows."""

from __future__ import annotations

from govdisclose.read.grid import Merge
from govdisclose.read.recent import Recent

LIMIT = 256
"""How many frames are remembered; the sheets of a city have a handful, for each number of rows."""

LARGEST = 20_000
"""Bytes of the largest frame that is remembered; one of ours has some 1,500."""


class FrameMemory:
    """The merged areas of worksheets that a parser has read, by the worksheet without its rows.

    Several threads may share one.
    """

    def __init__(self) -> None:
        self._known: Recent[bytes, tuple[Merge, ...]] = Recent(LIMIT)

    def __len__(self) -> int:
        return len(self._known)

    def merges(self, frame: bytes) -> tuple[Merge, ...] | None:
        """The merged areas of a known frame."""
        return self._known.get(frame)

    def learn(self, frame: bytes, merges: tuple[Merge, ...]) -> None:
        """Remember a frame in which the parser has found no fault."""
        if len(frame) <= LARGEST:
            self._known.keep(frame, merges)
