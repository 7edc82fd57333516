"""What one caller keeps between calls: an object that it owns, never a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govdisclose.form.reading import Reading
from govdisclose.read import read
from govdisclose.read.source import Readable

if TYPE_CHECKING:
    from govdisclose.proof import Templates
    from govdisclose.read.memory import Memory


class Session:
    """Keeps knowledge from one workbook for the next ones, for programs that handle many.

    A session remembers worksheets and layouts of tables, and the Word templates that were prepared.
    Workbooks that were made from one blank workbook are then read in about half the time. It never
    changes a result. Keep one for as long as you handle workbooks of one origin; everything is
    forgotten when it goes. Several threads may share it.

    Examples:
        >>> from govdisclose import Session, render_report
        >>> session = Session()
        >>> for name in ("huaian-2024", "tongliao-minwei-2021"):
        ...     made = render_report(f"sample_workbooks/{name}.xlsx", session=session)
    """

    def __init__(self) -> None:
        self._memory: Memory | None = None
        self._templates: Templates | None = None

    @property
    def memory(self) -> Memory:
        """The known worksheets and layouts of tables."""
        if self._memory is None:
            from govdisclose.read.memory import Memory

            self._memory = Memory()
        return self._memory

    @property
    def templates(self) -> Templates:
        """The Word templates; most sessions that only read need none."""
        if self._templates is None:
            from govdisclose.proof import Templates

            self._templates = Templates()
        return self._templates

    def read(self, source: Readable) -> Reading:
        """Read a source as ``read_report`` does. Raises ``InputError`` if it cannot be read."""
        return read(source, self.memory)
