"""The command that writes a report in another format: export."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from govdisclose.cli.chinese_help import FILE, command, force, option, previous
from govdisclose.cli.chinese_help import decisions as shared_decisions
from govdisclose.cli.console import findings_said, put, put_file, say, say_findings
from govdisclose.cli.limits import isolated, timeout
from govdisclose.compile import Rendered, Written, export_report, render_report
from govdisclose.errors import BatchError, UsageError
from govdisclose.finding import some_of
from govdisclose.outputs import DOCX, OFFERED

if TYPE_CHECKING:
    from govdisclose.many.long_table import FolderExport

_ALL = "all"

_SHOWN = 10
"""How many workbooks one sentence names."""

_ROWS = [row for row in OFFERED.values() if row is not DOCX]
"""``compile`` makes the Word report."""

_FORMS = "；".join(f"{row.name} {row.label}" for row in _ROWS)
_HELP = f"{_FORMS}；{_ALL} 以上全部、Word 和图，放在一个文件夹。"


@command()
@click.argument("book", metavar="工作簿或文件夹", type=FILE)
@option(
    "--to",
    "form",
    required=True,
    type=click.Choice([*(row.name for row in _ROWS), _ALL]),
    metavar="格式",
    help=_HELP,
)
@option("-o", "--output", type=FILE, metavar="文件",
        help="输出文件（all 为文件夹）；- 为标准输出；不写则与工作簿同名（all 按机关名称和年份命名）。")  # fmt: skip
@option("--template", type=FILE, metavar="模板", help="自己的 Word 模板，用于 pdf 和 all。")
@previous
@option(
    "--draft",
    is_flag=True,
    help="有错误也生成：网页和 PDF 标明草稿，附上问题；数据写读得出的，读不出的格写空，在 JSON 中列为 unread。",
)
@option(
    "--roster",
    type=FILE,
    metavar="花名册",
    help="导出文件夹时，按花名册（.xlsx）写出上级、层级，认出汇总报告。",
)
@shared_decisions
@option("--no-charts", is_flag=True, help="网页不放图解。")
@option("--with-overviews", is_flag=True,
        help="导出文件夹时，本级汇总报告（已含下级的数）也写出；不写则不写出，以免重复相加。")  # fmt: skip
@timeout
@option(
    "--skip-faulty",
    is_flag=True,
    help="导出文件夹时，略去读不了的工作簿；不写则有一份读不了就不导出。",
)
@option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="数目",
    help="导出文件夹时同时读取的进程数；不写则按处理器和文件数确定。",
)
@force
def export(
    book: Path,
    form: Any,
    output: Path | None,
    template: Path | None,
    previous: Path | None,
    draft: bool,
    no_charts: bool,
    roster: Path | None,
    decisions: Path | None,
    with_overviews: bool,
    timeout: int,
    skip_faulty: bool,
    jobs: int | None,
    force: bool,
) -> None:
    """把报告导出为别的格式；整个文件夹可导出为一个长表。"""
    if os.path.isdir(book):  # unlike pathlib, it accepts every name
        if any((previous, draft, template, no_charts)):
            raise UsageError("--previous、--draft、--template 和 --no-charts 不用于文件夹")
        _export_folder(
            book,
            output,
            to=form,
            roster=roster,
            decisions=decisions,
            with_overviews=with_overviews,
            skip_faulty=skip_faulty,
            jobs=jobs,
            isolation=isolated(timeout),
            force=force,
        )
        return
    if no_charts and form != "html":
        raise UsageError("--no-charts 只用于 --to html")
    if any((skip_faulty, roster, decisions, with_overviews, jobs)):
        raise UsageError(
            "--skip-faulty、--roster、--decisions、--with-overviews 和 --jobs 只用于导出文件夹"
        )
    if form == _ALL:
        if draft:
            raise UsageError("--draft 不用于 all：草稿不成套公布")
        _export_all(book, output, template=template, previous=previous, force=force)
        return
    wanted = {"previous": previous, "draft": draft, "template": template, "charts": not no_charts}
    _export_one(book, output, form, force, **wanted)


def _export_one(book: Path, output: Path | None, form: Any, force: bool, **wanted: Any) -> None:
    """Write one output, or print its bytes; ``wanted`` are options of ``render_report``."""
    if str(output) == "-":
        with findings_said(book):
            rendered = render_report(book, form, **wanted)
        _say_about(book, rendered)
        put(rendered.data)
        return
    with findings_said(book):
        written = export_report(book, output, to=form, force=force, **wanted)
    _say_about(book, written)
    say(f"已生成 {written.path}")


def _say_about(book: Path, made: Rendered | Written) -> None:
    say_findings(book, made.findings, made.reading)
    _say_notes(made.notes)


def _export_all(
    book: Path, folder: Path | None, *, template: Path | None, previous: Path | None, force: bool
) -> None:
    """Make the folder, and print its files and the missing outputs."""
    from govdisclose.bundle import export_all

    if str(folder) == "-":
        raise UsageError("--to all 生成的是文件夹，不能写到标准输出")
    with findings_said(book):
        made = export_all(book, folder, previous=previous, template=template, force=force)
    say_findings(book, made.findings, made.reading)
    for form, reason in made.absent.items():
        say(f"没有生成 {form}：{reason}。")
    _say_notes(made.notes)
    for item in made.items:
        say(f"  {item.name}（{item.size} 字节）")
    say(f"已生成 {made.folder}，共 {len(made.items)} 个文件，大小和 SHA-256 见 index.json")


def _say_notes(notes: Iterable[str]) -> None:
    for note in notes:
        say(f"注意：{note}。")


def _export_folder(folder: Path, output: Path | None, **options: Any) -> None:
    """Write the long table of a folder; ``options`` are those of ``export_folder``."""
    from govdisclose.many.long_table import export_folder

    if str(output) == "-":
        with TemporaryDirectory() as temporary, findings_said(folder):
            made = export_folder(folder, Path(temporary) / "cells", **options)
            put_file(made.path)
    else:
        with findings_said(folder):
            made = export_folder(folder, output, **options)
        say(
            f"已生成 {made.path}：{made.workbooks} 份工作簿，{made.rows} 行；略去 {len(made.left_out)} 份"
        )
    _say_of_folder(made, options["with_overviews"])
    if made.left_out:
        raise click.exceptions.Exit(BatchError.exit_code)


def _say_of_folder(made: FolderExport, with_overviews: bool) -> None:
    """What users should know of a table before they add it up."""
    for first, second in made.doubled:
        say(f"注意：{first} 和 {second} 的年度和机关（代码，没有代码的看名称）相同，都在表中。")
    for path, cells in made.not_numbers:
        say(f"注意：{path} 有 {cells} 格填的不是数（“/”之类），表中作空白。")
    for doubt in made.doubts:
        say(f"注意：{doubt.text}。")
    for group in made.same_figures:
        names = some_of([str(path) for path in group], _SHOWN)
        say(
            f"注意：{len(group)} 家的三张表每一个数都相同，都在表中：{names}；请核对是不是照抄、交错了文件。"
        )
    for item in (*made.unsettled, *made.not_taken, *made.undecided):
        say(f"注意：{item.path}：{item.reason}。")
    for path in made.overviews:
        done = (
            "在表中，不要与下级相加" if with_overviews else "没有写出；要写出，加 --with-overviews"
        )
        say(f"注意：{path} 是本级汇总报告，已含下级的数，{done}。")
    if made.passed_over:
        say(f"注意：{made.passed_over}。")
    for left in made.left_out:
        say(f"略去 {left.path}：{left.reason}")
