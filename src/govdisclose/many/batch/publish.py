"""The output folder of a batch: gives files their names, moves them into place, records what is there.

The order of things makes a crash harmless at any point: a file is on the disk before it gets its name,
has its name before the journal says so, and what it replaces under another name goes last of all.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import attrs
from attrs import field, frozen

from govdisclose.errors import GovDiscloseError, UsageError
from govdisclose.many.batch.forms import stem_of
from govdisclose.many.batch.ledger import Entry, Journal
from govdisclose.many.batch.names import fold, settle, stems
from govdisclose.many.batch.result import BatchResult, Status
from govdisclose.many.batch.worker import Made, Outcome
from govdisclose.write.atomic import move, store, sync_folder

_NOT_RENAMED = "没有改为"


@frozen
class Shelf:
    """Where the reports of ``books``, files below the folder ``root``, are put.

    ``settings`` is a digest of all that decides, with a book, what is made of it. ``held`` are the names
    that files of this batch bear now, ``leaving`` those among them that nobody bears when the books in hand
    have been recorded: until then the files are there. With ``dry`` no file is touched.
    """

    folder: Path
    stage: Path
    root: Path
    books: Sequence[str]
    journal: Journal
    settings: str
    draft: bool
    force: bool
    dry: bool
    held: set[int] = field(factory=set, init=False)
    leaving: set[int] = field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        for number in range(len(self.books)):
            entry = self.journal.read(number)
            if entry is not None and entry.stem:
                self.held.add(fold(entry.stem))

    # --- what is there already ------------------------------------------------------------------

    def kept(self, number: int) -> BatchResult | None:
        """What an earlier run made of a book, if that would come out again and is still there."""
        entry = self.journal.read(number)
        if entry is None or entry.status is Status.FAILED:
            return None
        try:
            same = entry.key == self._key(_digest(self.root / self.books[number]))
        except OSError:
            return None
        if not same or any(
            self._standing(name) != digest for name, digest in entry.outputs.items()
        ):
            return None
        if entry.status is Status.MADE:
            self._clear(entry)
        return self._result(number, entry, kept=True)

    def _key(self, digest: str) -> str:
        return sha256(f"{self.settings} {digest}".encode()).hexdigest()

    def _standing(self, name: str) -> str | None:
        """The digest of a file of the folder; ``None`` where there is none."""
        try:
            return _digest(self.folder / name)
        except OSError:
            return None

    # --- what has just been made ----------------------------------------------------------------

    def place(self, outcomes: Iterable[Outcome]) -> list[BatchResult]:
        """Name, move and record what a worker has made. Raises ``OutputError`` when the journal cannot be written."""
        outcomes = list(outcomes)
        entries = [(outcome.number, self._entry(outcome)) for outcome in outcomes]
        self._record(entries)
        return [
            self._result(number, entry, seconds=outcome.seconds)
            for (number, entry), outcome in zip(entries, outcomes, strict=True)
        ]

    def _record(self, entries: Sequence[tuple[int, Entry]]) -> None:
        if not self.dry:
            sync_folder(self.folder)
        self.journal.append(entries)
        self.held.difference_update(self.leaving)
        self.leaving.clear()
        for _, entry in entries:
            if entry.status is Status.MADE:
                self._clear(entry)

    def _entry(self, outcome: Outcome) -> Entry:
        before = self.journal.read(outcome.number)
        entry = Entry(
            self.books[outcome.number], self._key(outcome.digest), outcome.status, outcome.agency, outcome.code,
            outcome.year, findings=outcome.findings, error=outcome.error, exit_code=outcome.exit_code,
        )  # fmt: skip
        earlier = {**before.was, **before.outputs} if before else {}
        try:
            if outcome.status is Status.MADE:
                return self._put(outcome.files, entry, earlier, before.stem if before else "")
        except GovDiscloseError as error:
            entry = attrs.evolve(
                entry, status=Status.FAILED, error=str(error), exit_code=error.exit_code
            )
        left = sorted(name for name in earlier if self._standing(name))
        notes = (f"文件夹里还有以前生成的 {'、'.join(left)}，与现在的工作簿不符",) if left else ()
        return attrs.evolve(entry, stem=before.stem if before else "", was=earlier, notes=notes)

    def _put(
        self, files: Sequence[Made], entry: Entry, earlier: Mapping[str, str], mine: str
    ) -> Entry:
        names = self._choices(entry)
        # The name it has stays its own until the end, when all are known: under no other may what it leaves be lost.
        stem = (
            mine
            if mine in names
            else next((n for n in names if fold(n) not in self.held), names[-1])
        )
        outputs = {stem + file.suffix: file.digest for file in files}
        ours = {
            name: digest for name, digest in self.journal.gone.items() if name in outputs
        } | dict(earlier)
        notes = [note for file in files for note in self._move(file, stem + file.suffix, ours)]
        if mine and fold(mine) != fold(stem):
            self.leaving.add(fold(mine))
        self.held.add(fold(stem))
        was = {name: digest for name, digest in earlier.items() if name not in outputs}
        notes += self._left_behind(
            {name: digest for name, digest in was.items() if stem_of(name) == mine}, mine == stem
        )
        return attrs.evolve(entry, stem=stem, outputs=outputs, was=was, notes=tuple(notes))

    def _left_behind(self, was: Mapping[str, str], named_so: bool) -> Iterator[str]:
        """What is to be said of earlier files of a book that stay: not made again, or changed by somebody."""
        standing = {name: self._standing(name) for name in sorted(was)}
        left = [name for name, digest in standing.items() if digest]
        if named_so and left:
            yield f"文件夹里还有以前生成的 {'、'.join(left)}，这次没有重做，可能与现在的工作簿不符"
        changed = [name for name in left if standing[name] != was[name]]
        if not named_so and changed:
            yield f"文件夹里还有以前生成的 {'、'.join(changed)}，生成之后被改动过，没有删除，与现在的工作簿不符"

    def _choices(self, entry: Entry) -> tuple[str, ...]:
        return stems(entry.book, entry.agency, entry.year, entry.code, draft=self.draft)

    def _move(self, file: Made, name: str, earlier: Mapping[str, str]) -> Iterator[str]:
        """Move one file into place; yields what is to be said of it."""
        target = self.folder / name
        if self.dry:
            if os.path.lexists(target) and not self.force and name not in earlier:
                raise UsageError(f"{target} 已存在；确要覆盖请加 --force")
            return
        standing = self._standing(name) if os.path.lexists(target) else None
        if standing == file.digest:
            return
        if standing and name in earlier and standing != earlier[name] and not self.force:
            aside = f"{target.stem}（改动过 {standing[:8]}）{target.suffix}"
            move(target, self.folder / aside, force=True)
            yield f"{name} 生成之后被改动过，改动过的另存为 {aside}"
        staged = file.staged or self._staged(file.data or b"", target)
        move(staged, target, force=self.force or name in earlier)
        with suppress(OSError):
            staged.unlink()

    def _staged(self, data: bytes, target: Path) -> Path:
        path = self.stage / secrets.token_hex(8)
        store(path, data, target)
        return path

    def _clear(self, entry: Entry) -> None:
        """Remove what a book's files were called before, unless somebody has changed it or it is another's now."""
        for name, digest in entry.was.items():
            if (
                not self.dry
                and fold(stem_of(name)) not in self.held
                and self._standing(name) == digest
            ):
                with suppress(OSError):
                    (self.folder / name).unlink()

    # --- at the end -----------------------------------------------------------------------------

    def settle(self) -> Iterator[BatchResult]:
        """Give every report its final name, and say which have changed theirs."""
        moving = self._moving()
        while moved := [number for number, stem in moving.items() if fold(stem) not in self.held]:
            entries = [(number, self._renamed(number, moving.pop(number))) for number in moved]
            self._record(entries)
            yield from (self._result(number, entry, renamed=True) for number, entry in entries)

    def _moving(self) -> dict[int, str]:
        plain: dict[int, int] = {}
        current: dict[int, int] = {}
        for number, entry in self._entries():
            if entry.status is Status.MADE:
                plain[number] = fold(self._choices(entry)[0])
                current[number] = fold(entry.stem)
        final = settle(plain, lambda number: self._choices(self._read(number)))
        back = (n for n in plain if n not in final and current[n] != plain[n])
        final |= {number: self._choices(self._read(number))[0] for number in back}
        return {number: stem for number, stem in final.items() if fold(stem) != current[number]}

    def _renamed(self, number: int, stem: str) -> Entry:
        """The same files under their final name; where somebody else's stand there they stay as they are."""
        entry = self._read(number)
        notes = tuple(note for note in entry.notes if not note.startswith(_NOT_RENAMED))
        names = {name: stem + name.removeprefix(entry.stem) for name in entry.outputs}
        try:
            for old, new in names.items():
                self._rename(old, new, entry.outputs[old])
        except (GovDiscloseError, OSError) as error:
            return attrs.evolve(entry, notes=(*notes, f"{_NOT_RENAMED} {stem}：{error}"))
        self.held.discard(fold(entry.stem))
        self.held.add(fold(stem))
        return attrs.evolve(
            entry, stem=stem, outputs={names[old]: digest for old, digest in entry.outputs.items()},
            was=entry.outputs, notes=notes,
        )  # fmt: skip

    def _rename(self, old: str, new: str, digest: str) -> None:
        """The old name is removed once the journal has the new one."""
        standing = self._standing(new)
        if not self.dry and standing != digest:
            copy = self._staged((self.folder / old).read_bytes(), self.folder / new)
            left = standing is not None and standing == self.journal.gone.get(new)
            move(copy, self.folder / new, force=self.force or left)
            with suppress(OSError):
                copy.unlink()

    def _read(self, number: int) -> Entry:
        entry = self.journal.read(number)
        assert entry is not None
        return entry

    def recorded(self) -> Iterator[Entry]:
        """What is recorded of every book, in the order of the books."""
        return (entry for _, entry in self._entries())

    def _entries(self) -> Iterator[tuple[int, Entry]]:
        for number in range(len(self.books)):
            entry = self.journal.read(number)
            if entry is not None:
                yield number, entry

    def _result(
        self,
        number: int,
        entry: Entry,
        *,
        kept: bool = False,
        renamed: bool = False,
        seconds: float = 0.0,
    ) -> BatchResult:
        return BatchResult(
            self.root / self.books[number], entry.status, entry.agency, entry.code, entry.year, entry.findings,
            tuple(self.folder / name for name in entry.outputs), entry.error, entry.exit_code, kept, renamed,
            entry.notes, seconds,
        )  # fmt: skip


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
