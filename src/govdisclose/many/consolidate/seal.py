"""The final state of a consolidation: the checksum of every file, and the changes since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from govdisclose.errors import InputError, UsageError
from govdisclose.finding import Finding, Place
from govdisclose.form.printed import FORBIDDEN, harmless
from govdisclose.form.sheets import SEAL_COLUMNS, SEAL_SHEET
from govdisclose.many.inbox import Inbox
from govdisclose.read.grid import Raw
from govdisclose.read.workbook.opening import load, sheet_names
from govdisclose.read.workbook.sheets import read_grids
from govdisclose.rules.aggregation import H115
from govdisclose.source import PathLike

_UNREADABLE = "读不出"
"""Stands for the checksum of a file that cannot be read."""

Checksums = Mapping[str, str]
"""The name of a file, as ``sealed_name`` gives it → its SHA-256 in hexadecimal digits."""


def checksums(inbox: Inbox) -> dict[str, str]:
    """The SHA-256 of every file that is read as a report."""
    found: dict[str, str] = {}
    for entry in inbox.entries:
        name = sealed_name(entry.name)
        try:
            found[name] = sha256(entry.content()).hexdigest()
        except InputError:
            found[name] = _UNREADABLE
    return found


def sealed_name(file: str) -> str:
    """The name of a file as 定稿清单 holds it: some names have characters that no cell can hold."""
    has_any = "\r" in file or FORBIDDEN.search(file)
    return harmless(file) if has_any else file


def has_seal(workbook: Path) -> bool:
    """Whether a consolidated workbook holds checksums. False for a file that is no workbook."""
    try:
        return SEAL_SHEET in sheet_names(workbook)
    except InputError:
        return False


def read_seal(workbook: PathLike) -> dict[str, str]:
    """The checksums in a consolidated workbook.

    Raises ``InputError`` for a file that cannot be read, ``UsageError`` for a workbook without
    checksums.
    """
    path = Path(workbook)
    others = frozenset(sheet_names(path)) - {SEAL_SHEET}
    found: dict[str, str] = {}
    for grid in read_grids(load(path), path.name, without=others):
        if grid.name != SEAL_SHEET:
            continue
        columns = _columns(grid.rows)
        first_row = columns.row + 1
        for row in grid.rows[first_row:]:
            name = row[columns.name]
            checksum = row[columns.checksum]
            if isinstance(name, str) and isinstance(checksum, str):
                found[name] = checksum.strip().lower()
    if not found:
        raise UsageError(f"{path} 里没有“{SEAL_SHEET}”，不是用 --final 定稿的汇总工作簿")
    return found


@frozen
class _SealColumns:
    """Where the header of the sheet stands, and the columns of the names and the checksums."""

    row: int
    name: int
    checksum: int


def _columns(rows: Sequence[Sequence[Raw]]) -> _SealColumns:
    """Find the header. Raises ``UsageError`` if somebody has removed it."""
    name, *_, checksum = SEAL_COLUMNS
    for number, row in enumerate(rows):
        if name in row and checksum in row:
            return _SealColumns(number, row.index(name), row.index(checksum))
    titles = "”“".join(SEAL_COLUMNS)
    raise UsageError(f"“{SEAL_SHEET}”没有标题行“{titles}”")


def differences(sealed: Checksums, now: Checksums) -> Iterator[Finding]:
    """H115: each file that has been changed, removed, renamed or added since the final state."""
    new_names = _renamed(sealed, now)
    for name, checksum in sealed.items():
        if name in new_names:
            yield _changed(name, f"定稿以后改名为“{new_names[name]}”，内容没有变")
        elif name not in now:
            yield _changed(name, "定稿以后不见了")
        elif now[name] != checksum:
            yield _changed(name, "定稿以后改过")
    known = {*sealed, *new_names.values()}
    for name in now:
        if name not in known:
            yield _changed(name, "定稿以后新来的，没有看过")


def _renamed(sealed: Checksums, now: Checksums) -> dict[str, str]:
    """The files that have another name now, with the same content: old name → new name."""
    added: dict[str, list[str]] = {}
    for name, checksum in now.items():
        if name not in sealed and checksum != _UNREADABLE:
            alike = added.setdefault(checksum, [])
            alike.append(name)
    found: dict[str, str] = {}
    for name, checksum in sealed.items():
        if name in now:
            continue
        new_names = added.get(checksum)
        if new_names:
            found[name] = new_names.pop(0)
    return found


def _changed(name: str, what: str) -> Finding:
    return H115.finding(f"{name}：{what}", Place(name))
