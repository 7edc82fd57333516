"""Any source → a reading: report, where every value came from, findings."""

from __future__ import annotations

from pathlib import Path

from govdisclose.form.reading import Reading


def read_book(path: Path) -> Reading:
    """Read a workbook or a JSON export, told apart by the file's name.

    Raises ``InputError`` when the file cannot be read as either.
    """
    if path.suffix.lower() == ".json":
        from govdisclose.read.data import read_json

        return read_json(path)
    from govdisclose.read.workbook import read_workbook

    return read_workbook(path)
