"""The entrance of the batch: check the request and plan it; ``run`` carries the plan out.

This module is imported with the library. Everything that runs processes or writes files is imported
when a batch begins.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from govdisclose.check import OwnRule
from govdisclose.check.own_rules import refuse_other_rules, refuse_unsendable
from govdisclose.errors import InputError, TemplateError, UsageError
from govdisclose.form.edition import EDITIONS
from govdisclose.many.batch.result import HIDDEN, BatchResult
from govdisclose.many.inbox import Inbox, InboxEntry, PassedOver, look_into, refuse_strangers
from govdisclose.many.isolation import Isolation
from govdisclose.many.long_file import refuse_previous
from govdisclose.outputs import OFFERED, OUTPUTS, OutputName
from govdisclose.source import PathLike, Template, template_of
from govdisclose.version import __version__

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from govdisclose.many.batch.season import BatchEnd, Season
    from govdisclose.many.decisions import Decisions
    from govdisclose.many.previous import PreviousYear
    from govdisclose.many.roster import Roster
    from govdisclose.read.source import Readable

_SAME_FOLDER = "输出文件夹不能就是工作簿所在的文件夹，请另给一个"

CHUNK = 16
"""Workbooks in a task: 0.2 s of work, with one flush of the folder and the ledger for all."""

Watch = Callable[[int, int], None]
"""Called with (done, total) after each workbook."""

OnEnd = Callable[["BatchEnd"], None]
"""Called once when the batch has ended, with what concerns it as a whole."""


def batch_reports(
    workbooks: PathLike | Sequence[PathLike],
    output_dir: PathLike,
    *,
    to: Sequence[OutputName] = ("docx",),
    template: Template | None = None,
    draft: bool = False,
    rules: Sequence[OwnRule] = (),
    published: bool = False,
    roster: Readable | Roster | None = None,
    year: int | None = None,
    decisions: Readable | Decisions | None = None,
    previous: PathLike | PreviousYear | None = None,
    jobs: int | None = 1,
    executor: Executor | None = None,
    ship_bytes: bool = False,
    chunk: int | None = None,
    ahead: int | None = None,
    resume: bool = False,
    force: bool = False,
    dry_run: bool = False,
    watch: Watch | None = None,
    on_end: OnEnd | None = None,
    isolation: Isolation | None = None,
) -> Iterator[BatchResult]:
    """Make the reports of a folder of workbooks, or of the given workbooks; yield their results.

    A workbook gives every form in ``to`` (the names of ``render_report``), or none. A bad
    workbook stops no other. Results come as workbooks get done; a workbook comes a second time,
    ``renamed``, when another agency turns out to have the same name. When the last result has been
    taken, 结果.xlsx and findings.jsonl are beside the reports. To end the batch, stop iterating;
    ``resume`` continues it.

    ``jobs`` is the number of processes (``None``: one for each processor). ``executor`` is any
    ``concurrent.futures.Executor`` that does the work instead; ``jobs`` is then the number of its
    workers. It gets tasks of ``chunk`` workbooks, ``ahead`` tasks at a time. Workbooks and files
    travel as paths that all workers can open, with ``ship_bytes`` as their content.

    ``rules`` are rules of your own, which are checked besides ours. Their functions travel to other
    processes, so they must be at the top level of a module.

    ``isolation`` limits the time and memory of each workbook in our own processes. With it
    ``jobs=1`` is a process of its own too, so a workbook that ends its process costs only itself.

    A workbook that lies in the folder twice, byte for byte, is made once.

    A published report (.html .docx .pdf .txt .md) is checked and not made again, unless
    ``published``. Files in .zip archives are read too.

    With a ``roster`` or a ``year`` the batch is one of a season. Reports on another year are set
    aside. Of several versions of one unit's report none is made, unless ``decisions``, a 结果.xlsx of
    an earlier run with 是 in the column 以此为准, says which one counts. Reports of earlier runs that
    are no unit's report any more are moved to the folder 已被替代. ``on_end`` is called with a
    ``BatchEnd``: the units from which nothing came, the reports that were moved, and the files that
    were not read.

    ``previous`` is last year's folder or long table, or a ``PreviousYear`` that was read from one:
    every workbook is also checked against last year's report of its unit, and 结果.xlsx has a sheet
    与上年相比. The workers of an ``executor`` read every workbook twice for that: first to say whose
    it is.

    ``resume`` makes only what is missing or has changed since an earlier run. ``force`` makes
    everything again and replaces files that are in the way. ``dry_run`` reads and checks, and
    writes nothing.

    Raises at once: ``UsageError``, ``InputError`` (no workbook), ``TemplateError``, ``OutputError``
    when a program that a form needs is not installed here (the workers of an ``executor`` say so
    for each workbook). Raises while iterating: ``OutputError`` when the output folder cannot be
    written or another batch is using it, ``UsageError`` when it holds the results of a batch and
    neither ``resume`` nor ``force`` is given.

    Examples:
        >>> from govdisclose.batch import batch_reports
        >>> for result in batch_reports("收件", "报告", to=["docx", "json"]):
        ...     print(result.workbook.name, result.status.label, len(result.outputs))
        乙局.xlsx 已生成 2
        甲局.xlsx 已生成 2
    """
    folder = Path(output_dir)
    season = _season(roster, year, decisions)
    last_year = _place_of_last_year(previous)
    refuse_previous(last_year)
    inbox = _inbox(workbooks, folder, last_year)
    own_template = None if template is None else template_of(template)
    template_file = own_template.absolute() if isinstance(own_template, Path) else None
    inbox = inbox.without([template_file, roster, _roster_file(season), decisions, last_year])
    if not inbox.entries:
        raise InputError(f"文件夹 {inbox.folder} 里没有工作簿")
    _check_outputs(to, are_made_here=executor is None)
    processes = _processes(jobs, len(inbox.entries))
    refuse_other_rules(rules)
    if executor is not None or processes > 1 or isolation is not None:
        refuse_unsendable(rules)
    content = _template_bytes(own_template)
    plan = BatchPlan(
        root=inbox.folder,
        entries=inbox.entries,
        not_read=inbox.passed_over,
        folder=folder,
        to=tuple(to),
        draft=draft,
        template=content if ship_bytes or template_file is None else template_file,
        rules=tuple(rules),
        published=published,
        year=year,
        season=season,
        previous=previous,
        last_year=None,
        digest=_digest(to, draft, content, rules, published, year),
        jobs=processes,
        executor=executor,
        ship_bytes=ship_bytes,
        chunk=chunk,
        ahead=ahead,
        resume=resume,
        force=force,
        dry_run=dry_run,
        watch=watch or _watch_nothing,
        on_end=on_end or _end_with_nothing,
        isolation=isolation,
    )
    from govdisclose.many.batch.run import run

    return run(plan)


def _watch_nothing(done: int, total: int) -> None:
    """For callers who do not want to know how far the batch is."""


def _end_with_nothing(end: BatchEnd) -> None:
    """For callers who do not want to know what concerns the batch as a whole."""


@frozen(kw_only=True)
class BatchPlan:
    """A batch that is checked and ready to run.

    ``entries`` are the reports below ``root``, ``not_read`` the other files there. ``last_year``
    holds the reports of ``previous`` once they are read. ``digest`` is a digest of everything that
    decides, together with a workbook, its outputs.
    """

    root: Path
    entries: Sequence[InboxEntry]
    not_read: tuple[PassedOver, ...]
    folder: Path
    to: tuple[str, ...]
    draft: bool
    template: Path | bytes | None
    rules: tuple[OwnRule, ...]
    published: bool
    year: int | None
    season: Season | None
    previous: PathLike | PreviousYear | None
    last_year: PreviousYear | None
    digest: str
    jobs: int
    executor: Executor | None
    ship_bytes: bool
    chunk: int | None
    ahead: int | None
    resume: bool
    force: bool
    dry_run: bool
    watch: Watch
    on_end: OnEnd
    isolation: Isolation | None


def converts(to: Sequence[str]) -> bool:
    """Whether another program makes one of these outputs."""
    return any(OUTPUTS[name].convert is not None for name in to if name in OUTPUTS)


def limits_for(isolation: Isolation, to: Sequence[str]) -> Isolation:
    """Return the limits for these outputs: one of memory would hold for the other program too."""
    return evolve(isolation, memory=None) if converts(to) else isolation


# --- before anything is done --------------------------------------------------------------------


def _season(
    roster: Readable | Roster | None, year: int | None, decisions: Readable | Decisions | None
) -> Season | None:
    """Return the roster and the decisions of a season.

    Raises ``UsageError``, ``InputError``, ``FindingsError``.
    """
    if roster is None and year is None and decisions is None:
        return None
    from govdisclose.many.batch.season import Season
    from govdisclose.many.decisions import known_decisions
    from govdisclose.many.roster_sheet import known_roster

    known = known_roster(roster)
    if known is not None and year is not None:
        known = known.as_of(year)
    return Season(known, known_decisions(decisions))


def _place_of_last_year(previous: PathLike | PreviousYear | None) -> PathLike | None:
    """Return the folder or file of last year's reports, which may be read already."""
    if previous is None or isinstance(previous, str | os.PathLike):
        return previous
    return previous.source


def _roster_file(season: Season | None) -> Path | None:
    if season is None or season.roster is None:
        return None
    return season.roster.source


def _inbox(books: PathLike | Sequence[PathLike], folder: Path, previous: PathLike | None) -> Inbox:
    """Return the files in a folder, or the given workbooks below their common folder."""
    if isinstance(books, str | os.PathLike):
        return _inbox_at(Path(books), folder, previous)
    paths = sorted({Path(os.path.abspath(book)) for book in books})
    if not paths:
        raise InputError("没有给出工作簿")
    root = Path(os.path.commonpath([path.parent for path in paths]))
    output = Path(os.path.abspath(folder))
    if any(path.parent == output for path in paths):
        raise UsageError(_SAME_FOLDER)
    names = [path.relative_to(root).as_posix() for path in paths]
    return Inbox(root, tuple(InboxEntry(root, name) for name in names), ())


def _inbox_at(root: Path, output: Path, previous: PathLike | None) -> Inbox:
    """Return the files in a folder, which is not the output folder. Raises ``InputError``."""
    outside = (output,) if previous is None else (output, Path(previous))
    inbox = look_into(root, outside=outside)
    if output.exists() and output.samefile(root):
        raise UsageError(_SAME_FOLDER)
    has_batch = (output / HIDDEN).is_dir()
    refuse_strangers(root, output, lambda entry: has_batch and entry.kind == "json")
    if not inbox.entries:
        note = inbox.note()
        more = f"；{note}" if note else ""
        raise InputError(f"文件夹 {root} 里没有工作簿{more}")
    return inbox


def _check_outputs(to: Sequence[str], *, are_made_here: bool) -> None:
    """Refuse forms that cannot be made. Raises ``UsageError``; ``OutputError`` without a program."""
    if not to:
        raise UsageError(f"没有给出格式，可选：{'、'.join(OFFERED)}")
    unknown = [form for form in to if form not in OFFERED]
    if unknown:
        raise UsageError(f"没有 {'、'.join(unknown)} 这种格式，可选：{'、'.join(OFFERED)}")
    suffixes = {OFFERED[form].suffix for form in to}
    if len(suffixes) < len(to):
        raise UsageError(f"{'、'.join(to)} 中有扩展名相同的格式，不能同时生成")
    if are_made_here:
        for form in to:
            OUTPUTS[form].needs()


def _template_bytes(template: Path | bytes | None) -> bytes | None:
    """Return the content of a template that fits an edition. Raises ``TemplateError``."""
    if template is None:
        return None
    from govdisclose.proof import Templates
    from govdisclose.write.word.loading import template_bytes

    templates = Templates()
    faults = []
    for edition in reversed(EDITIONS.values()):
        try:
            templates.load(edition, template)
        except TemplateError as error:
            faults.append(error)
        else:
            return template_bytes(template)
    of_newest_edition = faults[0]
    raise of_newest_edition


def _digest(
    to: Sequence[str],
    draft: bool,
    template: bytes | None,
    rules: Sequence[OwnRule],
    published: bool,
    year: int | None,
) -> str:
    """Return a digest of the version, the options, the templates and the user's own rules."""
    import json

    from govdisclose.write.word.loading import template_folder

    if template is None:
        templates = [path.read_bytes() for path in sorted(template_folder().glob("*.docx"))]
    else:
        templates = [template]
    used = [sha256(data).hexdigest() for data in templates]
    parts: list[object] = [__version__, list(to), draft, used, published, year]
    if rules:
        parts.append([_rule_digest(rule) for rule in rules])
    return sha256(json.dumps(parts).encode()).hexdigest()


def _rule_digest(own: OwnRule) -> str:
    """Return a digest of a rule and its function; a function without source counts by its name."""
    import inspect

    check = own.check
    module = getattr(check, "__module__", "")
    name = f"{module}.{getattr(check, '__qualname__', repr(check))}"
    try:
        source = inspect.getsource(check)
    except (OSError, TypeError):
        source = ""
    said = f"{own.rule} {name} {source}"
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _processes(jobs: int | None, workbooks: int) -> int:
    """Return as many processes as there is work for: one starts in the time of two tasks."""
    if jobs is not None and jobs < 1:
        raise UsageError("进程数应为不小于 1 的整数")
    processors, pairs_of_tasks = os.cpu_count() or 1, workbooks // (2 * CHUNK)
    return jobs or max(1, min(processors, pairs_of_tasks))
