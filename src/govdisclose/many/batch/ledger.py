"""The journal of a batch: one JSON line for every book that is done, kept from run to run.

Files are on the disk before the line that says so. A last line torn by a crash is cut off, any other that
cannot be read passed over; a book may have several lines, the last counts. Only the place of each line is held in memory.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from govdisclose.errors import OutputError, UsageError
from govdisclose.finding import Finding, Place, Severity
from govdisclose.many.batch.result import Status
from govdisclose.write.atomic import unwritable
from govdisclose.write.data import dump_json

_HEAD = b'{"schema": "govdisclose/batch/1"}\n'
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What reading a damaged line raises."""
_KINDS = {
    "book": str, "key": str, "agency": str, "stem": str, "outputs": dict, "was": dict, "notes": list,
    "error": str, "exit_code": int,
}  # fmt: skip
"""What a line holds that nothing else would miss."""


@frozen
class Entry:
    """One line: a book by its path below the folder, what it was made from and into.

    ``key`` is a digest of the book, the options, the template and this version; ``outputs`` are the
    names of the files and their SHA-256, ``was`` names that files of this book had before.
    """

    book: str
    key: str
    status: Status
    agency: str = ""
    code: str | None = None
    year: int | None = None
    stem: str = ""
    outputs: Mapping[str, str] = field(factory=dict)
    was: Mapping[str, str] = field(factory=dict)
    findings: tuple[Finding, ...] = ()
    error: str = ""
    exit_code: int = 0
    notes: tuple[str, ...] = ()


def _line(entry: Entry) -> bytes:
    data: dict[str, Any] = asdict(entry, recurse=False)
    data |= {"status": entry.status.value, "findings": [f.as_dict() for f in entry.findings]}
    return dump_json(data, indent=None).encode("utf-8", "surrogatepass")


def _entry(line: bytes) -> Entry:
    import simplejson

    data = simplejson.loads(line.decode("utf-8", "surrogatepass"), use_decimal=True)
    if any(type(data[name]) is not kind for name, kind in _KINDS.items()):
        raise TypeError(line)
    data |= {
        "status": Status(data["status"]),
        "findings": tuple(map(finding_from, data["findings"])),
        "notes": tuple(data["notes"]),
    }
    return Entry(**data)


def finding_from(data: Mapping[str, Any]) -> Finding:
    """The finding whose ``as_dict()`` this is."""
    place = Place(data["file"], data["sheet"], data["cell"])
    same = {name: data[name] for name in ("code", "path", "expected", "found", "hint", "explained")}
    text = data["message"].removeprefix(str(place)).removeprefix(" ")
    return Finding(
        text=text,
        severity=Severity(data["severity"]),
        place=place,
        others=tuple(data["others"]),
        **same,
    )


class Journal:
    """The journal of the books ``books``. Whoever writes to it holds the lock of its folder.

    ``gone`` are the names and SHA-256 of files made from books that are not among them any more.
    """

    def __init__(
        self, path: Path, books: Sequence[str], *, resume: bool, writing: bool = True
    ) -> None:
        """Open; with ``resume`` go on with what is there. Unless ``writing`` new lines are kept in memory only.

        Raises ``OutputError``, and ``UsageError`` for a file that is no such journal.
        """
        self.path = path
        self._offsets = array("q", [-1]) * len(books)
        self._unwritten: dict[int, Entry] = {}
        self.gone: dict[str, str] = {}
        self._out: FileIO | None = None
        self._in: BufferedReader | None = None
        try:
            self._open(books, resume, writing)
        except OSError as error:
            self.close()
            raise unwritable(path, error) from error
        except BaseException:
            self.close()
            raise

    def _open(self, books: Sequence[str], resume: bool, writing: bool) -> None:
        if writing:
            # without a buffer, which would write later what has failed now
            self._out = FileIO(self.path, "ab" if resume else "wb")
        if writing or (resume and self.path.exists()):
            self._in = BufferedReader(FileIO(self.path))
            self._load(self._in, {book: number for number, book in enumerate(books)})

    def _load(self, lines: Iterable[bytes], numbers: Mapping[str, int]) -> None:
        """Find the last whole line of every book; cut off what a crash has left behind the last of all."""
        end = 0
        for line in lines:
            if not line.endswith(b"\n"):
                break
            if end == 0 and line != _HEAD:
                raise UsageError(
                    f"{self.path} 不是本程序这一版的批处理记录，请换一个输出文件夹，或加 --force 重做"
                )
            if end:
                with suppress(
                    *_UNREADABLE
                ):  # what a power cut has left of a line: its book is done again
                    self._note(_entry(line), numbers, end)
            end += len(line)
        if self._out is not None:
            self._out.truncate(end)
            if end == 0:
                self._append(self._out, _HEAD)

    def _note(self, entry: Entry, numbers: Mapping[str, int], offset: int) -> None:
        number = numbers.get(entry.book)
        if number is None:
            self.gone |= {**entry.was, **entry.outputs}
        else:
            self._offsets[number] = offset

    def append(self, entries: Iterable[tuple[int, Entry]]) -> None:
        """Record books by their numbers; they are on the disk when this returns. Raises ``OutputError``."""
        if self._out is None:
            self._unwritten.update(entries)
            return
        lines = [(number, _line(entry)) for number, entry in entries]
        offset = self._out.seek(0, os.SEEK_END)
        self._append(self._out, b"".join(line for _, line in lines))
        for number, line in lines:
            self._offsets[number] = offset
            offset += len(line)

    def _append(self, out: FileIO, data: bytes) -> None:
        try:
            while data:
                data = data[out.write(data) :]
            os.fsync(out.fileno())
        except OSError as error:
            raise unwritable(self.path, error) from error

    def read(self, number: int) -> Entry | None:
        """The last line of a book."""
        offset = self._offsets[number]
        if number in self._unwritten or offset < 0 or self._in is None:
            return self._unwritten.get(number)
        try:
            self._in.seek(offset)
            return _entry(self._in.readline())
        except (OSError, *_UNREADABLE) as error:
            raise OutputError(f"批处理记录 {self.path} 已损坏，请加 --force 重做") from error

    def close(self) -> None:
        """Close the file."""
        for file in (self._out, self._in):
            if file is not None:
                file.close()
