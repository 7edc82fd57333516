"""The command that compares the reports of several years: compare."""

from __future__ import annotations

from pathlib import Path

import click

from govdisclose.cli.chinese_help import FILE, command, force, option, some_decisions
from govdisclose.cli.console import findings_said, say, say_findings, tell
from govdisclose.cli.limits import isolated, timeout
from govdisclose.errors import FindingsError, UsageError
from govdisclose.form.comparison import Comparison


@command()
@click.argument("reports", metavar="报告…", type=FILE, nargs=-1, required=True)
@option("-o", "--output", type=FILE, metavar="文件",
        help="输出文件，.html、.xlsx 或 .json；不写则显示在屏幕上。")  # fmt: skip
@option("--roster", type=FILE, metavar="花名册",
        help="比较两个文件夹时，按花名册（.xlsx）认单位、分县区。")  # fmt: skip
@option(
    "--year",
    "years",
    type=click.IntRange(2008, 2100),
    multiple=True,
    metavar="年度",
    help="比较两个文件夹时，各是哪一年度，依文件夹的次序写两次：其他年度的报告不计入，列出。",
)
@some_decisions
@timeout
@force
def compare(
    reports: tuple[Path, ...],
    output: Path | None,
    roster: Path | None,
    years: tuple[int, ...],
    decisions: tuple[Path, ...],
    timeout: int,
    force: bool,
) -> None:
    """比较同一机关几年的报告，或两年的收件文件夹：逐格的变化、照抄的文字、跨年衔接、各单位。"""
    from govdisclose.many.compare import comparison_path

    if output is not None:
        comparison_path(output, *reports, *decisions)  # before the work, not after it
    if any(path.is_dir() for path in reports):
        from govdisclose.many.compare_folders import compare_folders

        _refuse_sources(reports, years)
        with findings_said(reports[0], "没有比较。"):
            compared = compare_folders(
                *reports,
                roster=roster,
                decisions=decisions,
                years=years or None,
                isolation=isolated(timeout),
            )
    elif roster is not None or years or decisions:
        raise UsageError("--roster、--year 和 --decisions 只用于比较两个文件夹")
    else:
        compared = _of_one_agency(reports)
    _give(compared, output, force)


def _refuse_sources(folders: tuple[Path, ...], years: tuple[int, ...]) -> None:
    """Raise ``UsageError`` unless there are two folders, and a year for both or none."""
    if len(folders) != 2 or not all(path.is_dir() for path in folders):
        raise UsageError("比较文件夹时，要给两个文件夹，各放一个年度的报告")
    if years and len(years) != 2:
        raise UsageError("--year 要写两次，依次是两个文件夹的年度")


def _of_one_agency(reports: tuple[Path, ...]) -> Comparison:
    """Compare reports of several years, and show the errors of one that cannot be compared."""
    from govdisclose.many.compare import compare_reports

    try:
        return compare_reports(*reports)
    except FindingsError as error:
        source = error.reading.source if error.reading else None
        say_findings(source or reports[0], [f for f in error.findings if f.stops], error.reading)
        raise


def _give(compared: Comparison, output: Path | None, force: bool) -> None:
    """Show a comparison, or write it and say what must be known."""
    from govdisclose.many.compare import write_comparison
    from govdisclose.write.comparison import as_text

    if output is None:
        tell(as_text(compared))
    else:
        for notice in compared.notices:
            say(f"注意：{notice}。")
        if compared.units is not None:
            say(f"{compared.units.face}。")
        say(f"已生成 {write_comparison(compared, output, force=force)}")
