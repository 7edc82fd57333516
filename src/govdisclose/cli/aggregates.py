"""The command that adds up the reports of many units: aggregate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govdisclose.cli.chinese_help import FILE, command, force, option
from govdisclose.cli.chinese_help import decisions as shared_decisions
from govdisclose.cli.console import findings_said, say, say_findings
from govdisclose.cli.limits import isolated, timeout
from govdisclose.errors import BatchError, FindingsError

if TYPE_CHECKING:
    from govdisclose.form.report import Agency
    from govdisclose.many.consolidate.total import Consolidated


@command()
@click.argument("folder", metavar="文件夹", type=FILE)
@option(
    "--roster",
    type=FILE,
    metavar="花名册",
    help="应报单位的花名册（.xlsx）：查缺报、重报，逐级汇总。",
)
@option(
    "--against", type=FILE, metavar="本级报告", help="本级政府自己的报告，与所属单位之和逐格核对。"
)
@option(
    "--previous",
    type=FILE,
    metavar="上年",
    help="上年的收件文件夹、长表（.csv、.parquet、.sqlite）或汇总工作簿，逐个单位核对与上年的衔接。",
)
@shared_decisions
@option(
    "--year",
    type=click.IntRange(2008, 2100),
    metavar="年度",
    help="汇总哪一年度的报告：其他年度的不计入，列出；不写的，年度不一就不汇总。",
)
@option(
    "--agency", metavar="名称", help="汇总单位的全称；不写则取花名册的最上一级或 --against 的机关。"
)
@option(
    "--skip-errors", is_flag=True, help="有错误、读不出的报告不计入，只列出；不加则有一份就不汇总。"
)
@option(
    "--each",
    type=FILE,
    metavar="文件夹",
    help="有下级的单位也各生成一个汇总工作簿，放在这个文件夹。",
)
@option(
    "--texts",
    is_flag=True,
    help="另附一页“各单位文字”：各单位一、五、六部分的文字并排列出，供撰写参考。",
)
@option(
    "--final",
    is_flag=True,
    help="定稿：把每份文件的校验码写进汇总工作簿；已经定稿的，核对文件有没有变动，加 --force 重新定稿。",
)
@option(
    "--verify",
    is_flag=True,
    help="只核对：定稿以后文件夹里哪些文件改过、不见了、是新来的；有变动时退出代码是 1。",
)
@option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="数目",
    help="同时读取的进程数；不写则按处理器和文件数确定。",
)
@timeout
@option(
    "-o", "--output", type=FILE, required=True, metavar="文件", help="输出的汇总工作簿（.xlsx）。"
)
@force
def aggregate(
    folder: Path,
    roster: Path | None,
    against: Path | None,
    previous: Path | None,
    decisions: Path | None,
    year: int | None,
    agency: str | None,
    skip_errors: bool,
    each: Path | None,
    texts: bool,
    final: bool,
    verify: bool,
    jobs: int | None,
    timeout: int,
    output: Path,
    force: bool,
) -> None:
    """把一个文件夹里各单位的报告汇总成一个工作簿。"""
    apart = {
        "roster": roster,
        "against": against,
        "previous": previous,
        "decisions": decisions,
        "each": each,
    }
    if verify or (final and not force and _is_final(output)):
        _verify(folder, output, apart)
        return
    from govdisclose.many.consolidate.folder import aggregate_folder

    with findings_said(folder, "没有写出汇总工作簿。"):
        made = aggregate_folder(
            folder,
            output,
            roster=roster,
            against=against,
            on_error="list" if skip_errors else "refuse",
            agency=_named(agency),
            each=each,
            previous=previous,
            decisions=decisions,
            year=year,
            jobs=jobs,
            isolation=isolated(timeout),
            with_texts=texts,
            final=final,
            force=force,
        )
    _say_made(folder, output, made)


def _named(agency: str | None) -> Agency | None:
    from govdisclose.form.report import Agency

    name = (agency or "").strip()
    return Agency(name) if name else None


def _say_made(folder: Path, output: Path, made: Consolidated) -> None:
    """Say what was found. Raises ``BatchError`` if a report was left out."""
    from govdisclose.write.year_changes import changes_text

    say_findings(folder, made.findings)
    if not made.report.agency.name:
        say("注意：汇总单位的名称空着，请在“基本信息”填写，或用 --agency 给出。")
    if made.changes is not None:
        say(changes_text(made.changes))
    if made.passed_over:
        say(f"注意：{made.passed_over}。")
    say(f"{made.face}。已生成 {output}")
    refused = [refusal for refusal in made.refused if refusal.contribution.is_report]
    if refused:  # a scanned document, which may be anything, is a warning
        raise BatchError(f"{len(refused)} 份报告没有计入汇总")


def _is_final(output: Path) -> bool:
    from govdisclose.many.consolidate.seal import has_seal

    return output.is_file() and has_seal(output)


def _verify(folder: Path, output: Path, apart: Mapping[str, Path | None]) -> None:
    """Say which files have changed since the final state; ``apart`` are files of other purposes."""
    from govdisclose.many.consolidate.folder import verify_folder

    findings = verify_folder(folder, output, **apart)
    if not findings:
        say(f"{output}：定稿以后，{folder} 里的文件没有变动。")
        return
    with findings_said(folder, f"{output} 没有重写。"):
        raise FindingsError(findings)
