"""The command that makes the reports of a folder of workbooks: batch."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from govdisclose.cli.chinese_help import FILE, command, force, option
from govdisclose.cli.console import findings_said, say
from govdisclose.cli.limits import isolated, timeout
from govdisclose.errors import BatchError, UsageError
from govdisclose.finding import count_findings, some_of
from govdisclose.many.batch.file_names import stem_of
from govdisclose.many.batch.result import HIDDEN, RESULTS_FILE, BatchResult, Status
from govdisclose.many.isolation import Isolation
from govdisclose.outputs import OFFERED, OutputName

if TYPE_CHECKING:
    from govdisclose.many.batch.season import BatchEnd
    from govdisclose.many.previous import PreviousYear
    from govdisclose.many.status.season import InboxPlace

_STATUS_FILE = "status.sqlite"
"""In the hidden folder of the output: the record of the inbox that the letters of return need."""

_SHOWN = 10
"""How many missing units are named on the terminal; 结果.xlsx has them all."""


@command()
@click.argument("folder", metavar="文件夹", type=FILE)
@option(
    "-o",
    "--output",
    type=FILE,
    required=True,
    metavar="文件夹",
    help="放报告的文件夹，没有则新建。",
)
@option("--to", default="docx", metavar="格式",
        help=f"生成哪些格式，用逗号隔开，默认 docx：{'、'.join(OFFERED)}。")  # fmt: skip
@option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="个数",
    help="同时用几个进程；不写则按处理器和工作簿的多少。",
)
@option(
    "--scheduler",
    metavar="地址",
    help="在这个 Dask 集群上做，如 tcp://10.0.0.5:8786（见 docs/cluster.md）。",
)
@option("--ship", type=click.Choice(["bytes", "shared"]),
        help="集群怎样拿到文件：bytes（默认）随任务传送；shared 用各台机器上路径相同的共享文件夹。")  # fmt: skip
@option("--resume", is_flag=True, help="接着上一次做：只做没有做的、改动过的。")
@timeout
@option("--dry-run", is_flag=True, help="只检查、只说会生成什么，不写任何文件。")
@option(
    "--template", type=FILE, metavar="模板", help="自己的 Word 模板（templates/ 中模板的修改版）。"
)
@option(
    "--published",
    is_flag=True,
    help="已公布的报告（.html .docx .pdf .txt .md）也重做；不写则只检查、列出。",
)
@option(
    "--roster",
    type=FILE,
    metavar="花名册",
    help="应报单位的花名册（.xlsx）：列出缺报；同一单位的几份不重复做。",
)
@option(
    "--year",
    type=click.IntRange(2008, 2100),
    metavar="年度",
    help="这一批是哪一年度的报告；其他年度的放在一边，列出。",
)
@option(
    "--decisions",
    type=FILE,
    metavar="结果.xlsx",
    help="上一次的 结果.xlsx，在“以此为准”一列写了“是”：几份中做哪一份。",
)
@option(
    "--previous",
    type=FILE,
    metavar="上年",
    help="上年的收件文件夹、长表（.csv、.parquet、.sqlite）或汇总工作簿，逐个单位核对与上年的衔接。",
)
@option(
    "--return",
    "letters",
    type=FILE,
    metavar="文件夹",
    help="退回：按花名册，每家要改的单位生成一份 Word 函，放在这个文件夹（同 status --return）。",
)
@option("--draft", is_flag=True, help="有错误也生成，标明草稿，并把问题附在后面。")
@force
def batch(
    folder: Path,
    output: Path,
    to: str,
    jobs: int | None,
    scheduler: str | None,
    ship: str | None,
    resume: bool,
    timeout: int,
    dry_run: bool,
    template: Path | None,
    published: bool,
    roster: Path | None,
    year: int | None,
    decisions: Path | None,
    previous: Path | None,
    letters: Path | None,
    draft: bool,
    force: bool,
) -> None:
    """为文件夹里的每个工作簿生成报告，并列出结果。"""
    from govdisclose.many.batch.plan import batch_reports, limits_for

    if letters is not None and (roster is None or dry_run):
        raise UsageError("--return 要与 --roster 一起用，不能与 --dry-run 一起用")
    forms = cast("list[OutputName]", list(_forms(to)))  # batch_reports refuses other names
    isolation = limits_for(isolated(timeout), forms)
    last: dict[Path, Status] = {}
    kept = 0
    ends: list[BatchEnd] = []
    with ExitStack() as stack:
        with (
            findings_said(roster or folder, "花名册有误，没有开始做。"),
            _interruptible(),
            _workers(jobs, scheduler, ship, (folder, output), isolation) as workers,
            _progress() as (watch, tell),
        ):
            last_year = stack.enter_context(
                _last_year(previous, None if letters is None else roster, jobs, isolation)
            )
            for result in batch_reports(
                folder, output, to=forms, template=template, draft=draft, resume=resume, force=force,
                dry_run=dry_run, published=published, roster=roster, year=year, decisions=decisions,
                previous=last_year, watch=watch, on_end=ends.append, isolation=isolation, **workers,
            ):  # fmt: skip
                last[result.workbook] = result.status
                kept += result.kept
                tell(_line(result, dry_run))
        for end in ends:
            _say_end(end)
        if letters is not None and roster is not None:
            from govdisclose.many.status.season import InboxPlace

            state = output / HIDDEN / _STATUS_FILE
            place = InboxPlace(folder, roster, state, (output, letters), last_year, decisions)
            _send_back(place, letters, year=year, isolation=isolation)
    _sum_up(Counter(last.values()), kept, output, dry_run)


def _last_year(
    previous: Path | None, roster: Path | None, jobs: int | None, isolation: Isolation
) -> AbstractContextManager[Path | PreviousYear | None]:
    """Last year's reports; with the ``roster`` of letters of return, read once for these too."""
    if previous is None or roster is None:
        return nullcontext(previous)
    from govdisclose.many.previous import indexed
    from govdisclose.many.roster_sheet import roster_of

    return indexed(previous, roster=roster_of(roster), jobs=jobs or 1, isolation=isolation)


def _forms(to: str) -> Iterator[str]:
    """Yield the names in ``--to``."""
    for form in to.replace("，", ",").split(","):
        if form.strip():
            yield form.strip().lower()


def _send_back(place: InboxPlace, letters: Path, *, year: int | None, isolation: Isolation) -> None:
    """Write the letters of return as ``status`` does."""
    from govdisclose.cli.status import say_letters
    from govdisclose.many.status.letters import write_letters
    from govdisclose.many.status.season import status_of

    seen = status_of(place, year=year, isolation=isolation)
    for note in seen.notes:
        say(f"注意：{note}。")
    say_letters(write_letters(seen, place.roster, letters))


def _say_end(end: BatchEnd) -> None:
    """Say what concerns the batch as a whole."""
    from govdisclose.many.inbox import note_of

    if end.not_read:
        say(f"注意：{note_of(end.not_read)}。")
    for one in end.set_aside:
        say(f"以前生成的报告已移到 {one.path}：{one.reason}。")
    for doubt in end.doubts:
        say(f"注意：{doubt.text}。")
    if end.not_owed:
        reports = [f"{workbook}（{reason}）" for workbook, reason in end.not_owed.items()]
        say(f"注意：按花名册不该有的报告 {len(reports)} 份，请核对：{some_of(reports, _SHOWN)}。")
    if end.missing:
        names = some_of([unit.name for unit in end.missing], _SHOWN)
        say(f"缺报 {len(end.missing)} 家：{names}。")
    told = []
    for unit in end.missing:
        if unit.key in end.other_years:
            told.append(f"{unit.name}（{end.other_years[unit.key]}）")
    if told:
        say(f"其中 {len(told)} 家交来的是其他年度的：{some_of(told, _SHOWN)}。")


@contextmanager
def _workers(
    jobs: int | None,
    scheduler: str | None,
    ship: str | None,
    folders: tuple[Path, Path],
    isolation: Isolation,
) -> Iterator[dict[str, Any]]:
    """The arguments of ``batch_reports`` about workers; ``folders`` are the input and the output."""
    folder, output = folders
    if scheduler is None:
        if ship is not None:
            raise UsageError("--ship 要与 --scheduler 一起用")
        yield {"jobs": jobs}
        return
    if jobs is not None:
        raise UsageError("--jobs 不能与 --scheduler 一起用：集群有多少工作线程，就同时用多少")
    from govdisclose.many.batch.cluster import dask_cluster

    shared: tuple[Path, ...] = ()
    if ship == "shared" and folder.is_dir():
        shared = (folder, _existing(output))
    with dask_cluster(scheduler, shared=shared, isolation=isolation) as cluster:
        say(f"集群 {scheduler} 有 {cluster.workers} 个工作线程。")
        yield {
            "jobs": cluster.workers,
            "executor": cluster.executor,
            "ship_bytes": ship != "shared",
        }


def _existing(folder: Path) -> Path:
    """The folder itself if it exists, else the nearest existing one above it."""
    whole = folder.absolute()
    for path in (whole, *whole.parents):
        if path.is_dir():
            return path
    return whole


@contextmanager
def _interruptible() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say("做完的都已保存；加 --resume 再运行一次就接着做。")
        raise


def _line(result: BatchResult, dry_run: bool) -> str:
    """The result of one workbook in one line, with its notes."""
    found = f"（{count_findings(result.findings)}）" if result.findings else ""
    if result.status is Status.MADE:
        outcome = f"{_verb(result, dry_run)} {_names(result.outputs)}{found}"
    elif result.status is Status.NO_REPORT:
        outcome = result.error or result.status.label
    elif result.error:
        outcome = f"{result.status.label}：{result.error}"
    else:
        outcome = f"{result.status.label}{found}"
    return "；".join((f"{result.workbook}：{outcome}", *result.notes))


def _verb(result: BatchResult, dry_run: bool) -> str:
    if result.kept:
        return "没有变化"
    if dry_run:
        return "会生成"
    return "改名为" if result.renamed else "已生成"


def _names(outputs: Sequence[Path]) -> str:
    """The first file name, and the endings of the others."""
    names: list[str] = []
    for path in outputs:
        names.append(path.name.removeprefix(stem_of(path.name)) if names else path.name)
    return "、".join(names)


def _sum_up(counts: Counter[Status], kept: int, output: Path, dry_run: bool) -> None:
    """Print the totals. Raises ``BatchError`` if a workbook has no report."""
    bad = sum(count for status, count in counts.items() if status.is_bad)
    words = [f"{'会生成' if dry_run else '已生成'} {counts[Status.MADE]} 份"]
    for status in Status:
        if counts[status] and status not in (Status.MADE, Status.NO_REPORT):
            words.append(f"{status.label} {counts[status]} 份")
    if kept:
        words.append(f"其中 {kept} 份与上次相同，没有重做")
    total = sum(counts.values()) - counts[Status.NO_REPORT]
    say(f"共 {total} 个工作簿：{'，'.join(words)}。")
    if not dry_run:
        say(f"各单位的结果和退回意见见 {output / RESULTS_FILE}")
    if bad:
        verb = "生成不了" if dry_run else "没有生成"
        raise BatchError(f"{bad} 个工作簿{verb}报告")


_Progress = tuple[Callable[[int, int], None], Callable[[str], None]]
"""A function to call with (done, total), and one that prints a line."""


@contextmanager
def _progress() -> Iterator[_Progress]:
    """Show a progress bar below the printed lines on a terminal; elsewhere print the lines only."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield (lambda done, of: None), say
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=console)
    task = bar.add_task("生成报告", total=None)

    def watch(done: int, of: int) -> None:
        bar.start()  # not earlier: the bar starts a thread, and workers start faster without one
        bar.update(task, completed=done, total=of)

    try:
        yield watch, bar.console.print
    finally:
        bar.stop()
