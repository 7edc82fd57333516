"""Make the output folder equal to the records of its workbooks. Doing so twice changes nothing.

The order makes a crash harmless at any point: a file is on the disk and claimed in the ledger
before it gets its name, it has its name before its workbook is recorded, and earlier files of the
workbook are removed last.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from enum import Enum, auto
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from govdisclose.errors import GovDiscloseError, OutputError
from govdisclose.many.batch.file_names import folded
from govdisclose.many.batch.ledger import KnownFile, Ledger, Record
from govdisclose.many.batch.worker import FinishedFile
from govdisclose.write.atomic import already_exists, move, store, sync_folder


@frozen
class Report:
    """The result of one workbook to publish: its record, and its finished files.

    ``before`` is the record that the ledger has now.
    """

    record: Record
    files: tuple[FinishedFile, ...] = ()
    before: Record | None = None


@frozen
class Published:
    """The result of publishing a report: notes in Chinese, or why it failed as a whole."""

    notes: tuple[str, ...] = ()
    error: GovDiscloseError | None = None


class Action(Enum):
    """What to do with a finished file."""

    KEEP = auto()
    """The same file is there already."""
    PLACE = auto()
    """Nothing has the name."""
    REPLACE = auto()
    """An earlier file of the batch has the name, or ``force`` allows to replace any file."""
    SET_ASIDE = auto()
    """An earlier file of the batch has the name, and somebody has changed it."""
    REFUSE = auto()
    """A file that is not of this batch has the name."""


def decide(standing: str | None, wanted: str, known: Collection[str], *, force: bool) -> Action:
    """Decide what to do with a finished file whose name is taken.

    ``standing`` is the digest of the file that has the name (``None``: it cannot be read),
    ``wanted`` the digest of the finished file. ``known`` are the digests of earlier files of the
    batch under this name that may be replaced.
    """
    if standing == wanted:
        return Action.KEEP
    if standing in known or force:
        return Action.REPLACE
    if not known:
        return Action.REFUSE
    return Action.REPLACE if standing is None else Action.SET_ASIDE


@frozen
class _Placement:
    """What to do with one finished file; ``is_known`` if the ledger has this very file already."""

    action: Action
    claim: KnownFile
    file: FinishedFile
    standing: str | None = None
    is_known: bool = False


@frozen
class _Placements:
    """The steps for one report, or why none of them can be done."""

    steps: tuple[_Placement, ...] = ()
    error: GovDiscloseError | None = None


@frozen
class Publisher:
    """Puts finished files into ``folder``; ``stage`` is a folder for unfinished ones.

    A dry run decides the same and touches no file.
    """

    folder: Path
    stage: Path
    ledger: Ledger
    force: bool
    dry_run: bool

    def standing(self, name: str) -> str | None:
        """Return the digest of a file in the folder; ``None`` if there is none that can be read."""
        try:
            return file_digest(self.folder / name)
        except OSError:
            return None

    # --- place ----------------------------------------------------------------------------------

    def publish(self, reports: Sequence[Report]) -> list[Published]:
        """Move the files of all reports into place; when this returns they are on the disk.

        Raises ``OutputError`` when the ledger cannot be written.
        """
        plans = [self._plan(report) for report in reports]
        if self.dry_run:
            return [Published(error=plan.error) for plan in plans]
        claims: list[KnownFile] = []
        for plan in plans:
            claims.extend(_new_claims(plan.steps))
        self.ledger.claim(claims)
        published = [self._carry_out(plan) for plan in plans]
        sync_folder(self.folder)
        return published

    def _plan(self, report: Report) -> _Placements:
        try:
            steps = [self._step(report.record, file) for file in report.files]
        except GovDiscloseError as error:
            return _Placements(error=error)
        return _Placements(tuple(steps))

    def _step(self, record: Record, file: FinishedFile) -> _Placement:
        name = record.stem + file.suffix
        claim = KnownFile(name, file.digest, record.workbook, folded(record.stem))
        known = self.ledger.known_digests(name, record.workbook)
        is_known = file.digest in known
        target = self.folder / name
        if not os.path.lexists(target):
            return _Placement(Action.PLACE, claim, file, is_known=is_known)
        standing = self.standing(name)
        action = decide(standing, file.digest, known, force=self.force)
        if action is Action.REFUSE:
            raise already_exists(target)
        return _Placement(action, claim, file, standing, is_known)

    def _carry_out(self, plan: _Placements) -> Published:
        """Do all steps of a report; when one fails, undo what can be undone."""
        notes: list[str] = []
        done: list[_Placement] = []
        try:
            for step in plan.steps:
                notes.extend(self._do(step))
                done.append(step)
        except GovDiscloseError as error:
            self._undo(plan.steps, done)
            return Published(tuple(notes), error)
        return Published(tuple(notes), plan.error)

    def _do(self, step: _Placement) -> Iterator[str]:
        """Give a file its name. Yield a note on the file that had it. Raises ``GovDiscloseError``."""
        if step.action is Action.KEEP:
            return
        target = self.folder / step.claim.name
        if step.action is Action.SET_ASIDE:
            digest = (step.standing or "")[:8]
            aside = f"{target.stem}（改动过 {digest}）{target.suffix}"
            move(target, self.folder / aside, force=True)
            yield f"{step.claim.name} 生成之后被改动过，改动过的另存为 {aside}"
        staged = self._staged(step.file, target)
        move(staged, target, force=self.force or step.action is not Action.PLACE)
        with suppress(OSError):
            staged.unlink()

    def _staged(self, file: FinishedFile, target: Path) -> Path:
        """Return where the finished file waits on the disk. Raises ``OutputError``."""
        if file.staged is not None:
            return file.staged
        path = self.stage / secrets.token_hex(8)
        store(path, _content(file), target)
        return path

    def _undo(self, steps: Sequence[_Placement], done: Sequence[_Placement]) -> None:
        """Remove the files of a failed report that stand where none was: all its files, or none.

        A file without a claim does not belong to the batch any more.
        """
        replaced = [step for step in done if step.action is not Action.PLACE]
        for step in steps:
            name = step.claim.name
            if step.action is Action.PLACE and self.standing(name) == step.file.digest:
                with suppress(OSError):
                    (self.folder / name).unlink()
        self.ledger.forget(_new_claims(step for step in steps if step not in replaced))

    # --- earlier files --------------------------------------------------------------------------

    def remove_earlier(self, record: Record) -> None:
        """Remove the earlier files of a workbook that has new ones under another name.

        A file that somebody has changed stays, and so does one whose name belongs to a workbook
        now.
        """
        if self.dry_run:
            return
        removed: list[KnownFile] = []
        for file in self._earlier(record):
            path = self.folder / file.name
            if self.ledger.is_taken(file.folded_stem):
                continue
            if os.path.lexists(path):
                if self.standing(file.name) != file.digest:
                    continue
                with suppress(OSError):
                    path.unlink()
            removed.append(file)
        if removed:
            self.ledger.forget(removed)

    def _earlier(self, record: Record) -> list[KnownFile]:
        known = self.ledger.files_of(record.workbook)
        return [file for file in known if file.name not in record.outputs]

    def notes_on_earlier(self, report: Report) -> Iterator[str]:
        """Yield notes on the earlier files of a report that stay in the folder."""
        standing: dict[str, str] = {}
        digests: dict[str, set[str]] = {}
        for file in self._earlier(report.record):
            if _had_name(file, report.before):
                digests.setdefault(file.name, set()).add(file.digest)
                found = self.standing(file.name)
                if found is not None:
                    standing[file.name] = found
        has_name_still = report.before is not None and report.before.stem == report.record.stem
        changed = [name for name, found in standing.items() if found not in digests[name]]
        if has_name_still and standing:
            yield (
                f"文件夹里还有以前生成的 {'、'.join(standing)}，这次没有重做，"
                "可能与现在的工作簿不符"
            )
        if not has_name_still and changed:
            yield (
                f"文件夹里还有以前生成的 {'、'.join(changed)}，生成之后被改动过，没有删去，"
                "与现在的工作簿不符"
            )

    def notes_on_old_reports(self, workbook: str) -> Iterator[str]:
        """Yield a note on the files of a workbook that gives no reports now."""
        names = sorted({file.name for file in self.ledger.files_of(workbook)})
        left = [name for name in names if self.standing(name) is not None]
        if left:
            yield f"文件夹里还有以前生成的 {'、'.join(left)}，与现在的工作簿不符"


def _new_claims(steps: Iterable[_Placement]) -> list[KnownFile]:
    """Return the claims on files to be moved that the ledger does not have yet."""
    moving = [step for step in steps if step.action is not Action.KEEP]
    return [step.claim for step in moving if not step.is_known]


def _had_name(file: KnownFile, before: Record | None) -> bool:
    return before is not None and file.folded_stem == folded(before.stem)


def _content(file: FinishedFile) -> bytes:
    """Return the bytes of a finished file that is not staged. Raises ``OutputError``."""
    if file.published is None:
        return file.data or b""
    try:
        data = file.published.read_bytes()
    except OSError as error:
        raise OutputError(f"{file.published.name} 读不了") from error
    if sha256(data).hexdigest() != file.digest:
        raise OutputError(f"{file.published.name} 生成之后被改动过")
    return data


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file. Raises ``OSError``."""
    return sha256(path.read_bytes()).hexdigest()
