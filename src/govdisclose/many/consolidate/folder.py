"""Consolidate a folder of workbooks into one workbook, and one for each lower level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from attrs import evolve

from govdisclose.errors import InputError, OutputError, UsageError
from govdisclose.finding import Finding
from govdisclose.form.report import Agency
from govdisclose.form.sheets import SUMMARY_SHEET
from govdisclose.form.year_changes import YearChanges
from govdisclose.many.consolidate.aggregate import OnError, aggregate_reports
from govdisclose.many.consolidate.last_year import compare_with_last_year
from govdisclose.many.consolidate.seal import checksums, differences, read_seal
from govdisclose.many.consolidate.total import Consolidated
from govdisclose.many.consolidate.workbook import write_consolidated
from govdisclose.many.decisions import Decisions
from govdisclose.many.inbox import Inbox, InboxEntry, look_into, refuse_strangers
from govdisclose.many.isolation import Isolation
from govdisclose.many.long_file import refuse_previous
from govdisclose.many.previous import indexed
from govdisclose.many.reading import worthwhile_jobs
from govdisclose.many.roster import Roster, source_of
from govdisclose.many.roster_sheet import known_roster
from govdisclose.read.source import Readable
from govdisclose.read.workbook.opening import sheet_names
from govdisclose.source import PathLike, Source, real, refuse_input
from govdisclose.write.atomic import refuse_existing, unwritable
from govdisclose.write.file_names import refuse_ending, safe_name


def aggregate_folder(
    folder: PathLike,
    output: PathLike,
    *,
    roster: Readable | Roster | None = None,
    against: Source | None = None,
    on_error: OnError = "refuse",
    agency: Agency | None = None,
    each: PathLike | None = None,
    previous: PathLike | None = None,
    decisions: Readable | Decisions | None = None,
    year: int | None = None,
    jobs: int | None = None,
    isolation: Isolation | None = None,
    with_texts: bool = False,
    final: bool = False,
    force: bool = False,
) -> Consolidated:
    """Consolidate every report in a folder and below it into the workbook ``output``.

    A report is a workbook, a JSON export or a published report, by itself or in a .zip archive.

    ``roster``, ``against`` and ``output`` are never taken for units' workbooks, whatever folder
    they are in. With ``each``, every unit that has units of its own also gets a workbook, named
    after it, in that folder, which is made if it is not there. ``previous`` is last year's folder
    or long table: every counted report is compared with it, and the sheet 与上年相比 lists unusual
    changes. ``jobs`` is how many processes read; by default one for each processor, if there are
    enough workbooks for it to pay. ``final`` writes the checksum of every file into the workbook,
    for ``verify_folder``. The other parameters are those of ``aggregate_reports``.

    Raises as ``aggregate_reports`` does, ``UsageError`` when an output exists or would replace a
    unit's workbook, ``OutputError``. Nothing is written then.

    Examples:
        >>> from govdisclose import consolidate
        >>> made = consolidate.aggregate_folder("收件", "汇总.xlsx", roster="花名册.xlsx")
        >>> made.face, [unit.name for unit in made.missing]
        ('已汇总 2 家，应报 3 家', ['丙局'])
    """
    source, path = Path(folder), Path(output)
    lower = None if each is None else Path(each)
    refuse_ending(path, ".xlsx")
    refuse_input(path, roster, against, previous, decisions)
    refuse_previous(previous)
    if path.exists():
        _refuse_units_workbook(path, source, force)
    if lower is not None:
        _refuse_folder(lower, source)
    known = known_roster(roster)
    apart = (roster, source_of(known), against, output, decisions)
    inbox = _reports_in(source, (each, previous), apart)
    inbox.refuse_empty()
    sealed = checksums(inbox) if final else {}
    made = aggregate_reports(
        inbox.entries,
        roster=known,
        against=against,
        decisions=decisions,
        year=year,
        on_error=on_error,
        agency=agency,
        base=folder,
        jobs=jobs or worthwhile_jobs(len(inbox.entries)),
        isolation=isolation,
        with_texts=with_texts,
    )
    if final and checksums(inbox) != sealed:
        raise InputError(f"汇总期间 {folder} 里有文件改动，没有定稿，请在没有人改动时再做一次")
    made = evolve(made, not_read=(*inbox.passed_over, *made.not_read), checksums=sealed)
    if previous is not None:
        made = evolve(made, changes=_changes(made, previous, known, isolation))
    _write_all(made, path, lower, force=force)
    return made


def _reports_in(folder: Path, folders: Iterable[PathLike | None], files: Iterable[object]) -> Inbox:
    """The reports in a folder, without the ``folders`` and ``files`` that have another purpose."""
    outside = tuple(Path(other) for other in folders if other is not None)
    return look_into(folder, outside=outside).without((*outside, *files))


def _write_all(made: Consolidated, path: Path, lower: Path | None, *, force: bool) -> None:
    """Write the consolidated workbook, and one for each lower unit into the folder ``lower``."""
    below: dict[Path, Consolidated] = {}
    if lower is not None:
        for name, node in _named(made).items():
            target = lower / name
            below[target] = node
    _refuse_one_file_twice(path, below)
    for target in below:
        refuse_existing(target, force=force)
    if lower is not None and below:
        _make_folder(lower)
    for target, node in {path: made, **below}.items():
        write_consolidated(node, target, force=force)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error


def verify_folder(
    folder: PathLike,
    workbook: PathLike,
    *,
    roster: Readable | Roster | None = None,
    against: Source | None = None,
    previous: PathLike | None = None,
    decisions: Readable | Decisions | None = None,
    each: PathLike | None = None,
) -> tuple[Finding, ...]:
    """Compare the files of a folder with the checksums in its final consolidated workbook.

    The parameters are those that the workbook was made with: files with another purpose are no
    reports. Returns one finding (H115) for each file that has been changed, removed, renamed or
    added since; none if nothing has. Raises ``InputError``, ``UsageError`` for a workbook without
    checksums.

    Examples:
        >>> from pathlib import Path
        >>> from govdisclose import consolidate
        >>> made = consolidate.aggregate_folder("收件", "汇总.xlsx", final=True)
        >>> consolidate.verify_folder("收件", "汇总.xlsx")
        ()
        >>> Path("收件/甲局.xlsx").unlink()
        >>> [finding.code for finding in consolidate.verify_folder("收件", "汇总.xlsx")]
        ['H115']
    """
    sealed = read_seal(workbook)
    known = source_of(roster) if isinstance(roster, Roster) else roster
    apart = (known, against, workbook, decisions)
    inbox = _reports_in(Path(folder), (each, previous), apart)
    return tuple(differences(sealed, checksums(inbox)))


def _changes(
    made: Consolidated,
    previous: PathLike,
    roster: Roster | None,
    isolation: Isolation | None,
) -> YearChanges:
    """The changes since last year."""
    with indexed(previous, roster=roster, isolation=isolation) as last:
        return compare_with_last_year(made.units, last)


# --- what must not be replaced ------------------------------------------------------------------


def _refuse_one_file_twice(path: Path, below: Iterable[Path]) -> None:
    """Raise ``UsageError`` when the output is also the workbook of a lower unit."""
    for target in below:
        # The file system may treat names that differ only in case as equal.
        if str(real(target)).casefold() == str(real(path)).casefold():
            raise UsageError(
                f"汇总工作簿 {path} 与下级的 {target.name} 是同一个文件，请给 -o 换一个名称"
            )


def _refuse_folder(lower: Path, folder: Path) -> None:
    """The folder for the lower levels may be new; one that is there must hold no unit's workbook."""
    if not lower.exists():
        return
    if not lower.is_dir():
        raise OutputError(f"{lower} 不是文件夹，请给 --each 另给一个文件夹")
    if folder.exists() and lower.samefile(folder):
        raise UsageError("--each 的文件夹不能就是工作簿所在的文件夹，请另给一个")
    refuse_strangers(folder, lower, _is_below)


def _is_below(entry: InboxEntry) -> bool:
    """Whether a file may lie beside the workbooks of the lower levels: one of them, or its report."""
    return entry.is_published or (not entry.archive and _is_consolidated(entry.path))


def _is_consolidated(path: Path) -> bool:
    try:
        return SUMMARY_SHEET in sheet_names(path)
    except InputError:
        return False


def _refuse_units_workbook(output: Path, folder: Path, force: bool) -> None:
    """An earlier result may be replaced with ``force``, a unit's workbook in the folder never."""
    refuse_existing(output, force=force)
    is_inside = real(output).is_relative_to(real(folder))
    if is_inside and output.is_file() and not _is_consolidated(output):
        raise UsageError(
            f"输出 {output} 在要汇总的文件夹里，不是汇总工作簿，可能是一家单位的报告，请换一个名称"
        )


# --- names of the lower workbooks ---------------------------------------------------------------


def _named(made: Consolidated) -> dict[str, Consolidated]:
    """A file name for each unit below the top that has units of its own."""
    found: dict[str, Consolidated] = {}
    taken: set[str] = set()
    for top in made.below:
        for node in top.walk():
            for name in _names(node):
                if name.casefold() not in taken:
                    break
            taken.add(name.casefold())
            found[name] = node
    return found


def _names(node: Consolidated) -> Iterator[str]:
    """Names for a workbook: the agency's, then with its code, then with a number."""
    what = f"{node.report.year}年度汇总"
    stem = safe_name(node.name, what)
    yield f"{stem}.xlsx"
    code = None if node.unit is None else node.unit.code
    if code:
        with_code = safe_name(node.name, f"{what}-{code}")
        yield f"{with_code}.xlsx"
    for number in count(2):
        yield f"{stem}-{number}.xlsx"
