"""Reading many workbooks in one program."""

from __future__ import annotations

from govdisclose.form.reading import Reading
from govdisclose.read import read
from govdisclose.read.memory import Memory
from govdisclose.read.source import Readable


class Session:
    """Reads many workbooks that were made from one blank workbook in about half the time.

    A session remembers worksheets and layouts of tables; it never changes a result. Keep one for as
    long as you read workbooks of one origin. Several threads may share it.

    >>> session = Session()  # doctest: +SKIP
    >>> for path in Path("收件").glob("*.xlsx"):
    ...     compile_report(session.read(path), path.with_suffix(".docx"))
    """

    def __init__(self) -> None:
        self._memory = Memory()

    def read(self, source: Readable) -> Reading:
        """Read a source as ``read_report`` does.

        Raises ``InputError`` if the source cannot be read.
        """
        return read(source, self._memory)
