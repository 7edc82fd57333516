"""Move reports of earlier runs out of the way that are no unit's report any more.

Doing so twice changes nothing, and a crash loses nothing: a file is moved first and forgotten
afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from pathlib import Path

from attrs import frozen

from govdisclose.errors import GovDiscloseError, OutputError
from govdisclose.many.batch.file_names import stem_of
from govdisclose.many.batch.ledger import KnownFile, Ledger
from govdisclose.many.batch.publish import file_digest
from govdisclose.many.batch.result import SUPERSEDED, Status
from govdisclose.many.batch.season import SetAside
from govdisclose.write.atomic import move, sync_folder, unwritable

GONE = "它的工作簿已不在收件文件夹里"
_STAY = (Status.MADE, Status.FAILED)
"""A workbook that could not be read just now may be read tomorrow."""


@frozen
class Shelf:
    """The folder of the reports, and the folder in it for those that another version has replaced.

    ``moves_gone`` says whether reports of workbooks that are not in the inbox any more are moved.
    """

    folder: Path
    ledger: Ledger
    moves_gone: bool = True

    def set_aside(self, reasons: Mapping[str, str], made_before: Set[str]) -> Iterator[SetAside]:
        """Move every known file that is no report of a present workbook, and yield its new place.

        ``reasons`` say in Chinese why a workbook gives no report; a workbook without one is not in
        the folder of the batch any more. Files of workbooks that are not in ``made_before`` were
        made in this run, before it was known that another version counts: they are removed.
        """
        current = self._current()
        forgotten: list[KnownFile] = []
        for file in self.ledger.all_files():
            if file.name in current or self._stays(file.workbook, reasons):
                continue
            path = self.folder / file.name
            if os.path.lexists(path):
                is_new = file.workbook not in made_before
                if is_new and _digest(path) == file.digest:
                    with suppress(OSError):
                        path.unlink()
                else:
                    yield self._moved(path, file.workbook, reasons.get(file.workbook, GONE))
            if not os.path.lexists(path):
                forgotten.append(file)
        if forgotten:
            sync_folder(self.folder)
            self.ledger.forget(forgotten)

    def _current(self) -> dict[str, str]:
        """The files of all present reports, with their digests."""
        found: dict[str, str] = {}
        for version in self.ledger.versions():
            record = self.ledger.record(version.workbook)
            if record is not None:
                found.update(record.outputs)
        return found

    def _stays(self, workbook: str, reasons: Mapping[str, str]) -> bool:
        """Whether the earlier files of a workbook stay where they are."""
        if workbook in reasons:
            return False
        return not self.moves_gone or self.ledger.is_listed(workbook)

    def _moved(self, path: Path, workbook: str, reason: str) -> SetAside:
        try:
            target = self._target(path)
            move(path, target, force=True)
            with suppress(FileNotFoundError):
                path.unlink()
        except (GovDiscloseError, OSError) as error:
            why = error if isinstance(error, OutputError) else "文件正被打开，或没有权限"
            return SetAside(path, workbook, f"{reason}；没有移走：{why}")
        return SetAside(target, workbook, reason)

    def _target(self, path: Path) -> Path:
        """A free name in the folder of replaced reports. Raises ``OutputError``."""
        folder = self.folder / SUPERSEDED
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise unwritable(folder, error) from error
        target = folder / path.name
        digest = _digest(path)
        if os.path.lexists(target) and _digest(target) != digest:
            stem = stem_of(path.name)
            ending = path.name.removeprefix(stem)
            target = folder / f"{stem}（{digest[:8]}）{ending}"
        return target

    def remove_current(self) -> None:
        """Remove from the folder of replaced reports those that are present reports again."""
        folder = self.folder / SUPERSEDED
        if not folder.is_dir():
            return
        for name, digest in self._current().items():
            if _digest(folder / name) == digest:
                with suppress(OSError):
                    (folder / name).unlink()


def _digest(path: Path) -> str:
    try:
        return file_digest(path)
    except OSError:
        return ""


def reasons_of(ledger: Ledger) -> dict[str, str]:
    """Why workbooks of this run give no report, by workbook."""
    reasons: dict[str, str] = {}
    for version in ledger.versions():
        if version.status in _STAY:
            continue
        record = ledger.record(version.workbook)
        error = "" if record is None else record.fate.error
        reasons[version.workbook] = error or f"它的工作簿现在{version.status.label}"
    return reasons
