"""Make and write an overview: the whole line in one function."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from govdisclose.errors import InputError, UsageError
from govdisclose.form.overview import AT_LEAST, Excluded, Overview
from govdisclose.many.decisions import SomeDecisions
from govdisclose.many.folder_decisions import decisions_of_folders, each_decisions
from govdisclose.many.isolation import Isolation
from govdisclose.many.overview.adding import add_groups
from govdisclose.many.overview.counting import Counted, count_reports
from govdisclose.many.overview.notices import absentees, notices
from govdisclose.many.overview.sources import find_reports, refuse_sources
from govdisclose.many.roster import Roster
from govdisclose.many.roster_sheet import known_roster
from govdisclose.many.yearly_roster import over_years
from govdisclose.read.source import Readable
from govdisclose.source import PathLike, refuse_input
from govdisclose.write.atomic import publish
from govdisclose.write.file_names import refuse_ending


def make_overview(
    *sources: PathLike,
    roster: Readable | Roster | None = None,
    decisions: SomeDecisions | None = None,
    at_least: int = AT_LEAST,
    agency: str | None = None,
    jobs: int = 1,
    isolation: Isolation | None = None,
) -> Overview:
    """Work out the figures of many units: by unit, county and level, over one or several years.

    A source is a folder of reports, a long table (.csv, .parquet, .sqlite), or a consolidated
    workbook (.xlsx, .json). They may be of different years. ``roster`` says who should report and
    who belongs to whom; without one, the columns 上级 and 层级 of a long table are used.
    ``decisions`` is a 结果.xlsx of a batch of one of the folders with 是 in the column 以此为准, or one
    for each: of several reports of one unit it says which one counts. A rate is
    ranked from ``at_least`` cases (件) in its denominator on. ``agency`` is the name in the title.

    A report with errors, one that cannot be read, two different reports of one unit, and a report
    that already holds others do not count; they are listed in ``excluded``.

    Raises ``InputError`` when no report counts or a source cannot be read, ``UsageError`` for a
    path that can be no source, ``FindingsError`` (H105) for a roster that contradicts itself.

    Examples:
        >>> from govdisclose.overview import make_overview
        >>> made = make_overview("sample_workbooks/huaian-2024.xlsx")
        >>> made.years, len(made.standings)
        ((2024,), 2)
    """
    if not sources:
        raise UsageError("至少要有一个来源：文件夹、汇总工作簿或长表")
    if at_least < 1:
        raise UsageError("排名所需的件数应为正整数")
    paths = [Path(source) for source in sources]
    refuse_sources(paths)
    known = known_roster(roster)
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if path not in folders]
    found = find_reports(
        paths,
        known,
        decisions=decisions_of_folders(decisions, folders),
        apart=(roster, *each_decisions(decisions), *files),
        jobs=jobs,
        isolation=isolation,
    )
    yearly = over_years(known)
    counted = count_reports(found, yearly)
    if not counted.reports:
        raise InputError(_nothing(counted.excluded))
    standings = tuple(add_groups(counted.reports, yearly))
    missing = tuple(absentees(counted, yearly))
    whose = _agency(counted, known) if agency is None else agency
    years = {standing.year for standing in standings}
    return Overview(
        agency=whose,
        years=tuple(sorted(years)),
        standings=standings,
        at_least=at_least,
        excluded=counted.excluded,
        missing=missing,
        notices=tuple(notices(counted, standings, missing, yearly)),
        sources=tuple(map(os.fspath, paths)),
    )


def _nothing(excluded: Sequence[Excluded]) -> str:
    if not excluded:
        return "没有一份报告可以计入"
    first = excluded[0]
    return f"没有一份报告可以计入，{len(excluded)} 份都有问题，如 {first.file}：{first.reason}"


def _agency(counted: Counted, roster: Roster | None) -> str:
    """The name of those whose figures they are: the roster's head, or the only total's agency."""
    if roster is not None:
        heads = roster.children.get(None, ())
        return heads[0].name if len(heads) == 1 else ""
    candidates = [report.candidate for report in counted.reports]
    are_totals = all(candidate.is_total for candidate in candidates)
    names = {candidate.name for candidate in candidates}
    if not are_totals or len(names) != 1:
        return ""
    return names.pop()


def write_overview(overview: Overview, output: PathLike, *, force: bool = False) -> Path:
    """Write an overview as ``.html``, ``.xlsx`` or ``.json``, by the ending of ``output``.

    Raises ``UsageError`` for another ending or an existing file, ``OutputError``.

    Examples:
        >>> from govdisclose import overview
        >>> made = overview.make_overview("收件2023", "收件", roster="花名册.xlsx")
        >>> overview.write_overview(made, "概览.html").name
        '概览.html'
    """
    from govdisclose.write.overview import OVERVIEW_FORMS

    path = overview_path(output)
    form = OVERVIEW_FORMS[path.suffix.lower()]
    publish(path, form(overview), force=force)
    return path


def overview_path(output: PathLike, *inputs: PathLike | None) -> Path:
    """``output``, if an overview can be written with its ending and it is none of ``inputs``.

    Raises ``UsageError``.
    """
    from govdisclose.write.overview import OVERVIEW_FORMS

    path = Path(output)
    refuse_ending(path, *OVERVIEW_FORMS)
    given: Iterable[PathLike | None] = inputs
    refuse_input(path, *given)
    return path
