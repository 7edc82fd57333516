"""Commands on one report: new, compile, import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from govdisclose.cli.chinese_help import FILE, command, force, option, previous
from govdisclose.cli.console import findings_said, say, say_fees, say_findings, say_left_out
from govdisclose.errors import UsageError
from govdisclose.form.edition import EDITIONS

_EDITIONS = " 或 ".join(reversed(EDITIONS))


@command()
@option("--agency", metavar="名称", help="机关全称；有 --from 时可以不写。")
@option("--year", type=click.IntRange(2008, 2100), metavar="年份",
              help="报告年度，如 2025；有 --from 时默认为上年报告的下一年。")  # fmt: skip
@option("--edition", metavar="版本", help=f"格式版本 {_EDITIONS}；不写则按报告年度确定。")
@option("--level", type=click.Choice(["agency", "government"]), metavar="类别",
              help="agency 部门（默认），government 本级政府汇总。")  # fmt: skip
@option("--from", "last", type=FILE, metavar="上年报告",
              help="上年的工作簿、JSON 或已公布的报告：带入机关信息和上年结转，列出上年数据。")  # fmt: skip
@option("--paper", is_flag=True,
        help="改为生成一页手填表（Word 文件）：三张表在一张 A4 纸上，打印后用笔填，再录入工作簿。")  # fmt: skip
@option(
    "-o", "--output", type=FILE, metavar="文件", help="输出的工作簿；不写则按机关名称和年份命名。"
)
@force
def new(
    agency: str | None,
    year: int | None,
    edition: Any,
    level: Any,
    last: Path | None,
    paper: bool,
    output: Path | None,
    force: bool,
) -> None:
    """生成空白的标准工作簿，可接着上年的报告；或一页手填表。"""
    from govdisclose.workbooks import continue_workbook, new_paper_sheet, new_workbook

    if paper:
        if agency is not None or level is not None or last is not None:
            raise UsageError("--paper 是空白的一页，不能和 --agency、--level、--from 一起用")
        path = new_paper_sheet(output, year=year, edition=edition, force=force)
        say(f"已生成 {path}：打印在一张 A4 纸上，填好后把数录入标准工作簿。")
        return
    if last is not None:
        with findings_said(last):
            made = continue_workbook(
                last, year, output, agency=agency, edition=edition, level=level, force=force
            )
        for note in made.notes:
            say(f"注意：{note}。")
        path = made.path
    elif agency is None or year is None:
        raise UsageError(f"缺少 {'--year' if agency else '--agency'}（或用 --from 给出上年的报告）")
    else:
        path = new_workbook(
            agency, year, output, edition=edition, level=level or "agency", force=force
        )
    say(f"已生成 {path}：请先看“填报说明”，再逐表填写。")


@command(name="compile")
@click.argument("book", metavar="工作簿", type=FILE)
@option("-o", "--output", type=FILE, metavar="文件",
              help="输出的 Word 文件；不写则放在工作簿旁，按机关名称和年份命名。")  # fmt: skip
@option(
    "--template", type=FILE, metavar="模板", help="自己的 Word 模板（templates/ 中模板的修改版）。"
)
@previous
@option("--draft", is_flag=True, help="有错误也生成，标明草稿，并把问题附在后面。")
@force
def compile_(
    book: Path,
    output: Path | None,
    template: Path | None,
    previous: Path | None,
    draft: bool,
    force: bool,
) -> None:
    """检查工作簿并生成 Word 报告。"""
    from govdisclose.compile import compile_report

    with findings_said(book, fees=True):
        made = compile_report(
            book, output, template=template, previous=previous, draft=draft, force=force
        )
    say_findings(book, made.findings, made.reading)
    say_fees(book, made.reading)
    for note in made.notes:
        say(f"注意：{note}。")
    say(f"已生成 {made.path}")


@command(name="import")
@click.argument("report", metavar="报告", type=FILE)
@option(
    "-o",
    "--output",
    type=FILE,
    metavar="文件",
    help="输出的工作簿；不写则与报告同名，扩展名为 .xlsx。",
)
@option("--verbose", is_flag=True, help="没有收入的文字全部列出，不只是前几段。")
@force
def import_(report: Path, output: Path | None, verbose: bool, force: bool) -> None:
    """把已公布的报告（.html .docx .txt .md .pdf）读回标准工作簿。"""
    from govdisclose.workbooks import import_report

    with findings_said(report, f"没有写出工作簿：{report} 的统计表不全、重复或版本混用。"):
        made = import_report(report, output, force=force)
    say_findings(report, made.findings, made.reading)
    if verbose:
        say_left_out(made.findings)
    say(f"已生成 {made.path}")
