"""The command that shows the figures of a city or province: overview."""

from __future__ import annotations

from pathlib import Path

import click

from govdisclose.cli.chinese_help import FILE, command, force, option, some_decisions
from govdisclose.cli.console import findings_said, say, tell
from govdisclose.cli.limits import isolated, timeout
from govdisclose.errors import BatchError
from govdisclose.form.overview import AT_LEAST


@command()
@click.argument("sources", metavar="来源…", type=FILE, nargs=-1, required=True)
@option("--roster", type=FILE, metavar="花名册",
        help="应报单位的花名册（.xlsx）：按县区、层级分，列出缺报。")  # fmt: skip
@some_decisions
@option(
    "--at-least",
    type=click.IntRange(1, 1_000_000),
    default=AT_LEAST,
    metavar="件数",
    help=f"比例的分母达到多少件才参加排名（默认 {AT_LEAST}）。",
)
@option("--agency", metavar="名称", help="标题里写哪个地区或机关；不写则取花名册的最上一级。")
@option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    metavar="数目",
    help="同时读取的进程数，默认 1。",
)
@timeout
@option("-o", "--output", type=FILE, metavar="文件",
        help="输出文件，.html、.xlsx 或 .json；不写则显示在屏幕上。")  # fmt: skip
@force
def overview(
    sources: tuple[Path, ...],
    roster: Path | None,
    decisions: tuple[Path, ...],
    at_least: int,
    agency: str | None,
    jobs: int,
    timeout: int,
    output: Path | None,
    force: bool,
) -> None:
    """算出一个地区的公开率、纠错率等，按单位、县区、层级和年度。"""
    from govdisclose.many.overview.make import make_overview, overview_path, write_overview
    from govdisclose.write.overview import as_text

    if output is not None:
        overview_path(output, roster, *decisions, *sources)  # before the work, not after it
    with findings_said(roster or sources[0]):
        made = make_overview(
            *sources,
            roster=roster,
            decisions=decisions,
            at_least=at_least,
            agency=agency,
            jobs=jobs,
            isolation=isolated(timeout),
        )
    if output is None:
        tell(as_text(made))
    else:
        path = write_overview(made, output, force=force)
        for notice in made.notices:
            say(f"注意：{notice}。")
        say(f"已生成 {path}")
    lacking = sum(each.leaves_a_gap for each in made.excluded)
    if lacking:
        raise BatchError(f"{lacking} 份报告没有计入")
