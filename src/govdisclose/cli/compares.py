"""The command that compares the reports of several years: compare."""

from __future__ import annotations

from pathlib import Path

import click

from govdisclose.cli.chinese_help import FILE, command, force, option
from govdisclose.cli.console import say, say_findings, tell
from govdisclose.errors import FindingsError


@command()
@click.argument("reports", metavar="报告…", type=FILE, nargs=-1, required=True)
@option("-o", "--output", type=FILE, metavar="文件",
        help="输出文件，.html、.xlsx 或 .json；不写则显示在屏幕上。")  # fmt: skip
@force
def compare(reports: tuple[Path, ...], output: Path | None, force: bool) -> None:
    """比较同一机关两年或几年的报告：逐格的变化、照抄的文字、跨年衔接。"""
    from govdisclose.many.compare import compare_reports, comparison_path, write_comparison
    from govdisclose.write.comparison import as_text

    if output is not None:
        comparison_path(output, *reports)  # before the work, not after it
    try:
        compared = compare_reports(*reports)
    except FindingsError as error:
        source = error.reading.source if error.reading else None
        say_findings(source or reports[0], [f for f in error.findings if f.stops], error.reading)
        raise
    if output is None:
        tell(as_text(compared))
    else:
        for notice in compared.notices:
            say(f"注意：{notice}。")
        say(f"已生成 {write_comparison(compared, output, force=force)}")
