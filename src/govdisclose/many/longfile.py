"""A folder of books as one long table, read and written book by book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import define, field, frozen

from govdisclose.errors import FindingsError, GovDiscloseError, InputError, UsageError
from govdisclose.exports import EXPORTS, refuse_output, whole_reading
from govdisclose.form.longtable import LongRow, long_rows
from govdisclose.form.reading import Reading
from govdisclose.many.folder import books_in
from govdisclose.read.labels import code_key, squeeze
from govdisclose.story import PathLike
from govdisclose.write.atomic import unfinished, unwritable


@frozen
class LeftOut:
    """A book that is not in the table, and why, in Chinese words."""

    path: Path
    reason: str


@frozen
class FolderExport:
    """What ``export_folder`` wrote: the file, how many books and rows are in it, and which books are not.

    ``doubled`` are books of one year that bear one code, or one name where a code is missing, two by two: their
    rows are all in the table. ``not_numbers`` are books with cells that say ``/`` or the like,
    and how many: they are blank in the table.
    """

    path: Path
    books: int
    rows: int
    left_out: tuple[LeftOut, ...]
    doubled: tuple[tuple[Path, Path], ...]
    not_numbers: tuple[tuple[Path, int], ...]


def export_folder(
    folder: PathLike, output: PathLike | None = None, *, to: str, skip_faulty: bool = False, force: bool = False
) -> FolderExport:
    """Write every statutory cell of every book in a folder tree as one long table: ``csv``, ``parquet``, ``sqlite``.

    Without ``output`` the file is named after the folder and lies beside it. Books are read one at a time, and
    the file is read back before it gets its name. A book that cannot be read, or has a cell that cannot, is
    left out only with ``skip_faulty``.

    Raises ``InputError`` that names all such books, or when there is no book at all (then nothing is
    written); ``UsageError`` for another form, an existing output, or pyarrow that is missing; ``OutputError``.
    """
    from govdisclose.write.longtable import LONG_FILES, write_long

    if to not in LONG_FILES:
        raise UsageError(f"文件夹不能导出为 {to}，可选：{'、'.join(LONG_FILES)}")
    LONG_FILES[to].ready()
    root = Path(folder)
    books = books_in(root)
    if not books:
        raise InputError(f"{root} 中没有工作簿")
    whole = root.resolve()
    path = Path(output) if output is not None else whole.with_name(whole.name + EXPORTS[to].suffix)
    refuse_output(path, to, *books)
    gathered = _Gathered(root, skip_faulty)
    with unfinished(path, force=force) as temporary:
        try:
            rows = write_long(gathered.rows(books), temporary, to)
        except GovDiscloseError:  # OutputError is an OSError too
            raise
        except OSError as error:
            raise unwritable(path, error) from error
    return FolderExport(
        path, gathered.books, rows, tuple(gathered.faulty), tuple(gathered.doubled), tuple(gathered.not_numbers)
    )


@define
class _Gathered:
    """What is noted while the rows of the books pass by."""

    root: Path
    skip_faulty: bool
    books: int = 0
    faulty: list[LeftOut] = field(factory=list)
    doubled: list[tuple[Path, Path]] = field(factory=list)
    not_numbers: list[tuple[Path, int]] = field(factory=list)
    _first: dict[tuple[int, str], tuple[Path, str]] = field(factory=dict)

    def rows(self, books: Sequence[Path]) -> Iterator[LongRow]:
        """The rows of every book that can be read; after the last one, raises for those that cannot."""
        for book in books:
            try:
                reading = whole_reading(book)
            except GovDiscloseError as error:
                self.faulty.append(LeftOut(book, _reason(error)))
                continue
            self.books += 1
            self._note(book, reading)
            if self.skip_faulty or not self.faulty:  # else the file will not be: the rest is only looked through
                yield from long_rows(reading.report)
        if self.faulty and not (self.skip_faulty and self.books):
            raise InputError(self._refusal())

    def _note(self, book: Path, reading: Reading) -> None:
        report = reading.report
        if reading.unread:
            self.not_numbers.append((book, len(reading.unread)))
        if report.year is not None:
            code, name = code_key(report.agency.code), squeeze(report.agency.name)
            firsts = [self._first.setdefault((report.year, who), (book, code)) for who in (code, name) if who]
            # one name with two codes is two agencies
            same = [first for first, other in firsts if first != book and (other == code or not (other and code))]
            self.doubled += [(first, book) for first in same[:1]]

    def _refusal(self) -> str:
        lines = [f"\n  {item.path.relative_to(self.root)}：{item.reason}" for item in self.faulty]
        hint = "改正后再导出，或加 --skip-faulty 略去它们" if self.books else "没有一份可以导出"
        return f"{len(self.faulty)} 份工作簿读不了或有读不出的格，没有写出。{hint}：{''.join(lines)}"


def _reason(error: GovDiscloseError) -> str:
    """Why a book is left out: the first thing that cannot be read in it, or why it cannot be read at all."""
    if not isinstance(error, FindingsError):
        return str(error)
    return f"{len(error.findings)} 处缺失或读不出，如 {error.findings[0].message}"
