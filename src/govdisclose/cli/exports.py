"""The command that gives a report another form: export."""

from __future__ import annotations

from pathlib import Path

import click

from govdisclose.cli.talk import findings_said, put, say, say_findings
from govdisclose.cli.words import FILE, command, force, option
from govdisclose.exports import EXPORTS, export_bytes, export_report, whole_reading


@command()
@click.argument("book", metavar="工作簿", type=FILE)
@option("--to", required=True, type=click.Choice(list(EXPORTS)), metavar="格式",
        help=f"{'；'.join(f'{name} {form.label}' for name, form in EXPORTS.items())}。")  # fmt: skip
@option("-o", "--output", type=FILE, metavar="文件", help="输出文件；- 为标准输出；不写则与工作簿同名。")
@force
def export(book: Path, to: str, output: Path | None, force: bool) -> None:
    """把报告导出为别的格式。"""
    with findings_said(book):
        reading = whole_reading(book)
        say_findings(book, reading.findings, reading)
        if str(output) == "-":
            put(export_bytes(reading, to))
        else:
            say(f"已生成 {export_report(reading, output, to=to, force=force)}")
