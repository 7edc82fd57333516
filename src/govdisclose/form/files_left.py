"""Files of a folder that give no report: nobody looked at them, or they were looked at in vain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

NOT_SEEN, NOT_USED = "没有看", "没有采用"
"""The words for a file that nobody opened, and for one that was opened and is not used."""

_HEADINGS = {False: "没有看的文件", True: "看过、没有采用的文件"}


class _FileLeft(Protocol):
    """A file that gives no report."""

    @property
    def looked_at(self) -> bool:
        """Whether somebody opened it, or another file with this very content."""


_File = TypeVar("_File", bound=_FileLeft)


def state_of(file: _FileLeft) -> str:
    """The word for a file, for a column of a list."""
    return NOT_USED if file.looked_at else NOT_SEEN


def under_headings(files: Iterable[_File]) -> Iterator[tuple[str, list[_File]]]:
    """The files that nobody looked at, then the others; each list with its heading, none empty."""
    listed = list(files)
    for looked_at, heading in _HEADINGS.items():
        some = [file for file in listed if file.looked_at is looked_at]
        if some:
            yield heading, some
