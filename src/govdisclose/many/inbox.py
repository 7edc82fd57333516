"""The files in a folder of reports: each file is an entry that is read, or is listed with a reason.

Batches, consolidation, long tables and comparisons of folders all see the same inbox.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from govdisclose.errors import (
    InputError,
    NoReportError,
    NoTextError,
    UsageError,
)
from govdisclose.finding import some_of
from govdisclose.form.files_left import state_of
from govdisclose.many.archive import SUFFIX, ArchiveError, ArchiveMember, list_members, read_member
from govdisclose.many.folder import is_rubbish, walk
from govdisclose.read import read, read_figures
from govdisclose.read.source import BOOKS, PUBLISHED, InputFile, Kind, kind_of_name
from govdisclose.source import PathLike, place_of, real

if TYPE_CHECKING:
    from govdisclose.form.reading import Reading
    from govdisclose.read.memory import Memory

READ = (".xlsx", ".xlsm", ".json", *PUBLISHED, SUFFIX)
"""Suffixes of the files that are read."""

_SHOWN = 10
"""How many files one sentence names; ``Inbox.passed_over`` has them all."""

NO_REPORT = "看过，不是年度报告"
"""The reason for leaving out a document that was read and is no report."""

SCANNED = "没有文字（多半是扫描件），读不了，请向报送单位索取工作簿"
"""The reason for leaving out a document that nobody can read, as pictures are left out."""

_UNPACK = "请解压后把里面的文件放进来"
_REASONS = {
    (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"): f"这种压缩包读不了，{_UNPACK}",
    (".doc", ".wps", ".rtf", ".odt", ".dot", ".wpt"): (
        "这种文字文件读不了，请用 Word 或 WPS 另存为 .docx"
    ),
    (".csv", ".tsv", ".xlt", ".xltx", ".ett", ".numbers"): (
        "这种表格读不了，请用 Excel 或 WPS 另存为 .xlsx"
    ),
    (".ofd", ".ceb", ".caj", ".pages"): "这种版式文件读不了，请向报送单位索取工作簿或 Word 文件",
    (".mht", ".mhtml", ".eml", ".msg"): "读不了，请把其中的报告另存为工作簿、.docx 或 .html",
    (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic"): (
        "图片读不了，请向报送单位索取工作簿"
    ),
    (".lnk", ".url"): "是快捷方式，不是文件，请把文件本身放进来",
    (".crdownload", ".part", ".tmp", ".download"): "没有下载完，请重新下载",
}
"""Suffixes of files that are not read, and what to say of them."""
_REASON_OF = {suffix: said for suffixes, said in _REASONS.items() for suffix in suffixes}


@frozen
class InboxEntry:
    """A file in an inbox that is read as a report.

    ``name`` is its path below ``folder``, with slashes. A file in an archive follows the name of
    the archive: ``收件.zip/甲局.xlsx``; ``archive`` is then the path of the archive below ``folder``
    and ``position`` says where in it the file is. ``problem`` says in Chinese why the file cannot
    be read.
    """

    folder: Path
    name: str
    archive: str = ""
    position: tuple[int, ...] = ()
    problem: str = ""

    @property
    def path(self) -> Path:
        """The file, as messages name it; for a file in an archive there is none on the disk."""
        return self.folder / self.name

    @property
    def on_disk(self) -> Path:
        """The file on the disk: for a file in an archive, the archive."""
        return self.folder / (self.archive or self.name)

    @property
    def kind(self) -> Kind:
        """How it is read."""
        return kind_of_name(self.name)

    @property
    def is_published(self) -> bool:
        """Whether it is a published report, not a workbook or an export."""
        return self.kind not in ("workbook", "json")

    def file(self) -> InputFile:
        """The file for a reader. Raises ``InputError`` if it cannot be read."""
        if self.problem:
            raise InputError(f"{self.name} {self.problem}")
        if not self.archive:
            return InputFile(self.path)
        data = read_member(self.on_disk, self.position)
        return InputFile(self.path, data, self.kind)

    def content(self) -> bytes:
        """All bytes of the file. Raises ``InputError``."""
        return self.file().content()


@frozen
class PassedOver:
    """A file or link that gives no report: its path below the folder, and the reason in Chinese.

    ``looked_at`` if it was opened all the same, and is no report, or nobody can read it.
    """

    name: str
    reason: str
    looked_at: bool = False

    @property
    def state(self) -> str:
        """The word that people read: nobody looked at it, or it is not used."""
        return state_of(self)


@frozen
class Inbox:
    """The files in a folder and below it: every file is an entry, or it is passed over."""

    folder: Path
    entries: tuple[InboxEntry, ...]
    passed_over: tuple[PassedOver, ...]

    def without(self, files: Iterable[object]) -> Inbox:
        """Return the same without some files that have another purpose, such as the roster.

        Each is a path or an open file; what is in memory lies in no folder.
        """
        places = map(place_of, files)
        apart = {real(path) for path in places if path is not None}
        if not apart:
            return self
        here = real(self.folder)
        names: set[str] = set()
        for path in apart:
            if path.is_relative_to(here):
                name = path.relative_to(here).as_posix()
                names.add(name)
        entries: list[InboxEntry] = []
        for entry in self.entries:
            if not _is_one_of(entry, names, apart):
                entries.append(entry)
        others = [one for one in self.passed_over if real(self.folder / one.name) not in apart]
        return Inbox(self.folder, tuple(entries), tuple(others))

    def refuse_empty(self) -> None:
        """Raise ``InputError`` if no file is read, with the names of those that are passed over."""
        if self.entries:
            return
        said = f"{self.folder} 中没有工作簿"
        note = self.note()
        raise InputError(f"{said}；{note}" if note else said)

    def note(self) -> str:
        """Say in Chinese which files give no report; empty if there are none."""
        return note_of(self.passed_over)


def _is_one_of(entry: InboxEntry, names: Container[str], places: Container[Path]) -> bool:
    """Whether an entry has one of these names below the folder, or is a link to one of the places.

    To ask where each of 20,000 files leads takes a second. Only a link leads elsewhere, and the
    link of an entry that leads out of the folder is its problem.
    """
    name = entry.archive or entry.name
    if name in names:
        return True
    if not entry.problem:
        return False
    return real(entry.on_disk) in places


def refuse_strangers(folder: Path, output: Path, ours: Callable[[InboxEntry], bool]) -> None:
    """Refuse an output folder inside ``folder`` that holds a report of somebody's.

    The output folder is not searched, so this report would be lost silently. ``ours`` tells whether
    the program itself has made a file. Raises ``UsageError``.
    """
    if not output.is_dir() or not real(output).is_relative_to(real(folder)):
        return
    strangers = [entry.name for entry in look_into(output).entries if not ours(entry)]
    if strangers:
        raise UsageError(
            f"输出文件夹 {output} 里有 {len(strangers)} 个工作簿（如 {strangers[0]}），"
            "输出文件夹里的工作簿不会处理：请移到别处，或另给一个输出文件夹"
        )


def note_of(passed_over: Iterable[PassedOver]) -> str:
    """Say in Chinese which files nobody looked at, and which are no reports; empty without any."""
    unseen: list[str] = []
    seen: list[str] = []
    for one in passed_over:
        names = seen if one.looked_at else unseen
        names.append(one.name)
    said: list[str] = []
    if unseen:
        shown = some_of(unseen, _SHOWN)
        kinds = "、".join(READ)
        said.append(f"另有 {len(unseen)} 个文件没有看：{shown}（只看 {kinds} 的年度报告）")
    if seen:
        said.append(f"另有 {len(seen)} 个文件看过、没有采用：{some_of(seen, _SHOWN)}")
    return "；".join(said)


def why_no_report(error: NoReportError | NoTextError) -> str:
    """The reason in Chinese for leaving out a document that was looked at."""
    return SCANNED if isinstance(error, NoTextError) else NO_REPORT


def of_report(reading: Reading) -> Reading:
    """The reading of a file in an inbox. Raises ``NoReportError`` for a workbook that is no report."""
    if reading.is_no_report:
        raise NoReportError(NO_REPORT)
    return reading


def read_entry(entry: InboxEntry, memory: Memory | None = None) -> Reading:
    """Read an entry: a workbook, a JSON export or a published report.

    Findings name the file by its own name. Raises ``InputError`` with the reason if it cannot be
    read, ``NoReportError`` if it is no report.
    """
    return of_report(read(entry.file(), memory))


def read_entry_figures(entry: InboxEntry, memory: Memory | None = None) -> Reading:
    """As ``read_entry``, but without the paragraphs of a workbook: for sums over many of them."""
    return read_figures(entry.file(), memory)


# --- looking ------------------------------------------------------------------------------------


def look_into(folder: PathLike, *, outside: Sequence[PathLike] = ()) -> Inbox:
    """Look at everything in a folder and below it, except in ``outside``.

    Files that programs and the system leave behind (``~$…``, hidden files, Thumbs.db) are left out,
    and so are the files that a batch has put into its output folder. Links to folders are not
    followed. Raises ``InputError`` if ``folder`` is no folder or cannot be listed.

    Examples:
        >>> from govdisclose import read_report
        >>> from govdisclose.batch import look_into
        >>> inbox = look_into("sample_workbooks")
        >>> [(entry.name, entry.kind) for entry in inbox.entries][:1]
        [('huaian-2024.xlsx', 'workbook')]
        >>> read_report(inbox.entries[0].content()).report.year
        2024
    """
    root = Path(folder)
    elsewhere = tuple(map(Path, outside))
    entries: list[InboxEntry] = []
    passed_over: list[PassedOver] = []
    links: list[_FileLink] = []
    for item in _items(root, elsewhere):
        if isinstance(item, InboxEntry):
            entries.append(item)
        elif isinstance(item, PassedOver):
            passed_over.append(item)
        else:
            links.append(item)
    for followed in _followed(root, links, entries):
        if isinstance(followed, InboxEntry):
            entries.append(followed)
        else:
            passed_over.append(followed)
    return Inbox(
        root,
        tuple(sorted(_told_apart(entries), key=_order)),
        tuple(sorted(passed_over, key=_order)),
    )


def _order(item: InboxEntry | PassedOver) -> list[str]:
    """As paths are sorted: folder by folder."""
    return item.name.split("/")


@frozen
class _FileLink:
    """A link to a file with a suffix that is read."""

    name: str


def _items(
    folder: Path, outside: tuple[Path, ...]
) -> Iterator[InboxEntry | PassedOver | _FileLink]:
    for here in walk(folder, outside):
        above = here.path.relative_to(folder)
        for name in here.folder_links:
            yield PassedOver((above / name).as_posix(), "是指向别的文件夹的链接，没有进去看")
        for name in here.files:
            path = (above / name).as_posix()
            if not _is_wanted(name, published=not here.has_bundle):
                yield PassedOver(path, _why_not(name))
            elif name in here.links:
                yield _FileLink(path)
            elif _suffix(name) == SUFFIX:
                yield from _of_archive(folder, path)
            else:
                yield InboxEntry(folder, path)


def _is_wanted(name: str, *, published: bool) -> bool:
    suffix = _suffix(name)
    return suffix in BOOKS or (published and (suffix in PUBLISHED or suffix == SUFFIX))


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _why_not(name: str) -> str:
    suffix = _suffix(name)
    return _REASON_OF.get(suffix, f"不看 {suffix} 文件" if suffix else "没有扩展名，不知是什么文件")


def _followed(
    folder: Path, links: Sequence[_FileLink], entries: Sequence[InboxEntry]
) -> Iterator[InboxEntry | PassedOver]:
    """What to do with links: a file counts once, and none from outside is taken for one of ours."""
    if not links:
        return
    seen = {real(entry.on_disk): entry.archive or entry.name for entry in entries}
    for link in links:
        target = real(folder / link.name)
        if target in seen:
            said = f"是指向 {seen[target]} 的链接，那一份已经看了"
            yield PassedOver(link.name, said, looked_at=True)
        elif not target.exists():
            said = "是链接，所指的文件不在：请把文件本身放进来"
            yield InboxEntry(folder, link.name, problem=said)
        else:
            said = "是指向收件文件夹以外的链接，没有读：请把文件本身放进来"
            yield InboxEntry(folder, link.name, problem=said)


def _told_apart(entries: Sequence[InboxEntry]) -> Iterator[InboxEntry]:
    """Give a problem to entries whose names look the same and are written in two Unicode forms."""
    first: dict[str, str] = {}
    twins: dict[str, str] = {}
    for entry in entries:
        if entry.name.isascii():
            continue
        form = unicodedata.normalize("NFC", entry.name)
        other = first.setdefault(form, entry.name)
        if other != entry.name:
            twins[entry.name] = twins[other] = form
    for entry in entries:
        if entry.name in twins and not entry.problem:
            said = "有两份，名称看起来一样（Unicode 写法不同），分不清是哪一份：请改名或删去一份"
            yield evolve(entry, problem=said)
        else:
            yield entry


# --- archives -----------------------------------------------------------------------------------


def _of_archive(folder: Path, archive: str) -> Iterator[InboxEntry | PassedOver]:
    try:
        members = list_members(folder / archive)
    except ArchiveError as error:
        yield InboxEntry(folder, archive, problem=str(error))
        return
    told: set[str] = set()
    shown = [member for member in members if not _is_left_behind(member.name)]
    if not shown:
        yield PassedOver(archive, "是空的压缩包", looked_at=True)
    for member in shown:
        name = f"{archive}/{member.name}"
        if name in told:
            yield PassedOver(name, "与压缩包里另一个文件同名")
            continue
        told.add(name)
        yield _of_member(folder, archive, member)


def _is_left_behind(name: str) -> bool:
    """Whether programs or the system have left a file in an archive, or a hidden folder holds it."""
    *folders, last = name.split("/")
    is_hidden = any(part.startswith(".") and part != ".." for part in folders)
    return is_hidden or "__MACOSX" in folders or is_rubbish(last)


def _of_member(folder: Path, archive: str, member: ArchiveMember) -> InboxEntry | PassedOver:
    name = f"{archive}/{member.name}"
    if not _is_wanted(member.name, published=True):
        return PassedOver(name, _why_not(member.name))
    if member.is_link:
        return PassedOver(name, "是压缩包里的链接，不是文件")
    return InboxEntry(folder, name, archive, member.position, member.problem)
