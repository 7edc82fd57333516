"""The command that gives a report another form: export."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from govdisclose.cli.talk import findings_said, put, put_file, say, say_findings
from govdisclose.cli.words import FILE, command, force, option
from govdisclose.errors import BatchError, UsageError
from govdisclose.exports import EXPORTS, export_bytes, export_report, whole_reading


@command()
@click.argument("book", metavar="工作簿或文件夹", type=FILE)
@option("--to", required=True, type=click.Choice(list(EXPORTS)), metavar="格式",
        help=f"{'；'.join(f'{name} {form.label}' for name, form in EXPORTS.items())}。")  # fmt: skip
@option("-o", "--output", type=FILE, metavar="文件", help="输出文件；- 为标准输出；不写则与工作簿同名。")
@option("--skip-faulty", is_flag=True, help="导出文件夹时，略去读不了的工作簿；不写则有一份读不了就不导出。")
@force
def export(book: Path, to: str, output: Path | None, skip_faulty: bool, force: bool) -> None:
    """把报告导出为别的格式；整个文件夹可导出为一个长表。"""
    if book.is_dir():
        _export_folder(book, to, output, skip_faulty=skip_faulty, force=force)
        return
    if skip_faulty:
        raise UsageError("--skip-faulty 只用于导出文件夹")
    with findings_said(book):
        reading = whole_reading(book)
        say_findings(book, reading.findings, reading)
        if str(output) == "-":
            put(export_bytes(reading, to))
        else:
            say(f"已生成 {export_report(reading, output, to=to, force=force)}")


def _export_folder(folder: Path, to: str, output: Path | None, *, skip_faulty: bool, force: bool) -> None:
    from govdisclose.many.longfile import export_folder

    if str(output) == "-":
        with TemporaryDirectory() as temporary:
            made = export_folder(folder, Path(temporary) / "cells", to=to, skip_faulty=skip_faulty)
            put_file(made.path)
    else:
        made = export_folder(folder, output, to=to, skip_faulty=skip_faulty, force=force)
        say(f"已生成 {made.path}：{made.books} 份工作簿，{made.rows} 行；略去 {len(made.left_out)} 份")
    for first, second in made.doubled:
        say(f"注意：{first} 和 {second} 是同一机关同一年度的，都在表中。")
    for path, cells in made.not_numbers:
        say(f"注意：{path} 有 {cells} 格填的不是数（“/”之类），表中作空白。")
    for left in made.left_out:
        say(f"略去 {left.path}：{left.reason}")
    if made.left_out:
        raise click.exceptions.Exit(BatchError.exit_code)
