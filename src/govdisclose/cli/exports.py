"""The command that gives a report another form: export."""

from __future__ import annotations

from pathlib import Path

import click

from govdisclose.cli.talk import findings_said, put, say, say_findings
from govdisclose.cli.words import FILE, command, force, option, previous
from govdisclose.exports import EXPORTS, make_export, write_export


@command()
@click.argument("book", metavar="工作簿", type=FILE)
@option("--to", required=True, type=click.Choice(list(EXPORTS)), metavar="格式",
        help=f"{'；'.join(f'{name} {form.label}' for name, form in EXPORTS.items())}。")  # fmt: skip
@option("-o", "--output", type=FILE, metavar="文件", help="输出文件；- 为标准输出；不写则与工作簿同名。")
@previous
@option("--draft", is_flag=True, help="有错误也生成网页，标明草稿，并把问题附在后面。")
@force
def export(book: Path, to: str, output: Path | None, previous: Path | None, draft: bool, force: bool) -> None:
    """把报告导出为别的格式。"""
    with findings_said(book):
        made = make_export(book, to, previous=previous, draft=draft)
    say_findings(book, made.findings, made.reading)
    if str(output) == "-":
        put(made.data)
    else:
        say(f"已生成 {write_export(made, output, force=force)}")
