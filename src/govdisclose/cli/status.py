"""The command that an office runs every day of the season: status."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govdisclose.cli.chinese_help import FILE, command, force, option
from govdisclose.cli.chinese_help import decisions as shared_decisions
from govdisclose.cli.console import findings_said, put, say, tell
from govdisclose.cli.limits import isolated, timeout
from govdisclose.errors import UsageError

if TYPE_CHECKING:
    from govdisclose.many.status.letters import Letters


@command()
@click.argument("inbox", metavar="收件文件夹", type=FILE)
@option("--roster", type=FILE, required=True, metavar="花名册", help="应报单位的花名册（.xlsx）。")
@option(
    "--year",
    type=click.IntRange(2008, 2100),
    metavar="年度",
    help="收哪一年度的报告；不写则是期限最近的那一年。",
)
@option("-o", "--output", type=FILE, multiple=True, metavar="文件",
        help="输出文件，.xlsx、.html 或 .json；不写则只显示在屏幕上。")  # fmt: skip
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    metavar="格式",
    help="屏幕上显示 text（默认）还是 json。",
)
@option(
    "--state",
    type=FILE,
    metavar="文件",
    help="记录上次情况的文件；不写则是收件文件夹里的一个隐藏文件。收件文件夹只读时用。",
)
@option(
    "--return",
    "letters",
    type=FILE,
    metavar="文件夹",
    help="退回：每家要改的单位生成一份 Word 函，放在这个文件夹，另有邮件合并用的表。",
)
@option("--sender", metavar="名称", help="退回函的落款；不写则为花名册最上一级政府的办公室。")
@option("--by", metavar="日期", help="退回函上重新报送的期限，如 2026-01-25；不写则为法定期限。")
@option(
    "--previous",
    type=FILE,
    metavar="上年",
    help="上年的收件文件夹、长表（.csv、.parquet、.sqlite）或汇总工作簿，逐个单位核对与上年的衔接。",
)
@shared_decisions
@option("--today", metavar="日期", help="当作这一天运行，如 2026-01-20；不写则是今天。")
@option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="数目",
    help="同时读取的进程数；不写则按处理器和文件数确定。",
)
@timeout
@force
def status(
    inbox: Path,
    roster: Path,
    year: int | None,
    output: tuple[Path, ...],
    form: str,
    state: Path | None,
    letters: Path | None,
    sender: str | None,
    by: str | None,
    previous: Path | None,
    decisions: Path | None,
    today: str | None,
    jobs: int | None,
    timeout: int,
    force: bool,
) -> None:
    """查看收件文件夹：谁已报、谁缺报、谁要改，与上次相比有什么变化。"""
    from govdisclose.many.status.letters import write_letters
    from govdisclose.many.status.season import InboxPlace, status_of
    from govdisclose.many.status.writing import status_path, write_status
    from govdisclose.write.atomic import refuse_existing
    from govdisclose.write.status import as_json, as_text

    day, until = _day("--today", today), _day("--by", by)
    if letters is None and (sender or by):
        raise UsageError("--sender 和 --by 要与 --return 一起用")
    for path in output:  # before the work, not after it
        status_path(path, *filter(None, (roster, previous, decisions)))
        refuse_existing(path, force=force)
    apart = output if letters is None else (*output, letters)
    place = InboxPlace(inbox, roster, state, apart, previous, decisions)
    with findings_said(roster, "花名册有误，说不出谁缺报。"):
        seen = status_of(
            place,
            year=year,
            today=day,
            jobs=jobs,
            isolation=isolated(timeout),
        )
    if form == "json":
        put(as_json(seen))
    else:
        tell(as_text(seen))
    for path in output:
        say(f"已生成 {write_status(seen, path, force=force)}")
    if letters is not None:
        say_letters(write_letters(seen, roster, letters, sender=sender or "", until=until))


def say_letters(letters: Letters) -> None:
    """Say how many letters were written, kept and put away."""
    from govdisclose.many.status.letters import FORMER_FOLDER

    parts = [f"新写 {len(letters.written)} 份"]
    if letters.kept:
        parts.append(f"{len(letters.kept)} 份没有变化，照旧")
    if letters.moved:
        parts.append(f"{len(letters.moved)} 份已不用退回，移入“{FORMER_FOLDER}”")
    say(f"退回函在 {letters.folder}：{'，'.join(parts)}")


def _day(option_name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError(f"{option_name} 应为日期，如 2026-01-20，不能是“{text}”") from None
