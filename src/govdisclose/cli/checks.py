"""Commands that report and make no output: check, explain, doctor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from govdisclose.cli.chinese_help import FILE, command, force, option, previous
from govdisclose.cli.console import put, say, say_fees, tell
from govdisclose.errors import GovDiscloseError, UsageError


@command()
@click.argument("books", metavar="工作簿…", type=FILE, nargs=-1, required=True)
@option("--format", "style", type=click.Choice(["text", "json", "jsonl", "sarif", "github"]),
              default="text", metavar="格式", help="text 供人看（默认）；json、jsonl、sarif、github 供程序读。")  # fmt: skip
@option(
    "--annotate", type=FILE, metavar="文件", help="另存一份带批注的工作簿副本（.xlsx），原件不动。"
)
@option("--select", multiple=True, metavar="代码", help="只看这些规则，可写前缀，如 A 或 V101。")
@option("--ignore", multiple=True, metavar="代码", help="不看这些规则。")
@option("--strict", is_flag=True, help="警告也算不通过。")
@previous
@force
@click.pass_context
def check(
    ctx: click.Context,
    books: tuple[Path, ...],
    style: str,
    annotate: Path | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    previous: Path | None,
    force: bool,
) -> None:
    """检查工作簿，列出问题、位置和改法。"""
    from govdisclose.compile import check_report, stopping
    from govdisclose.source import read_report, refuse_input
    from govdisclose.workbooks import annotate_workbook
    from govdisclose.write.findings import FORMATS, Checked

    if annotate:
        if len(books) > 1:
            raise UsageError("--annotate 一次只能用于一个工作簿")
        refuse_input(annotate, previous)
    last = read_report(previous) if previous else None
    wanted, unwanted = _codes(select), _codes(ignore)
    results: list[Checked] = []
    code = 0
    for book in books:
        try:
            reading = read_report(book)
            every = check_report(reading, previous=last)
            found = [finding for finding in every if _wanted(finding.code, wanted, unwanted)]
            if annotate:
                _say_lost(annotate, annotate_workbook(book, found, annotate, force=force))
        except GovDiscloseError as error:
            say(f"错误：{error}")
            code = max(code, error.exit_code)
        else:
            results.append(Checked(book, found, reading))
            code = max(code, int(stopping(found, strict=strict)))
    made = FORMATS[style](results)
    if style == "text":
        tell(made)
        for result in results:
            say_fees(result.source, result.reading)
    else:
        put(made)
    ctx.exit(code)


def _say_lost(copy: Path, lost: Sequence[str]) -> None:
    message = f"已生成带批注的副本 {copy}"
    if lost:
        kinds = "、".join(lost)
        message += f"；原件中的{kinds}没有带过来"
    say(message)


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    """The rule codes or prefixes of all options; an option may have several, with commas.

    Raises ``UsageError`` for an unknown one.
    """
    from govdisclose.rules import RULES

    typed = ",".join(given).replace("，", ",").upper().split(",")
    codes = [code.strip() for code in typed if code.strip()]
    for code in codes:
        if not any(rule.startswith(code) for rule in RULES):
            raise UsageError(f"没有规则 {code}；规则代码见 docs/rules.md")
    return tuple(codes)


def _wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    if select and not code.startswith(select):
        return False
    return not code.startswith(ignore)


@command()
@click.argument("code", metavar="代码")
def explain(code: str) -> None:
    """说明一条规则：为什么、例子、怎么改。"""
    from govdisclose.rules import RULES

    rule = RULES.get(code.upper())
    if rule is None:
        raise UsageError(f"没有规则 {code}；现有：{'、'.join(RULES)}")
    tell(rule.page)


@command()
@option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def doctor(as_json: bool) -> None:
    """检查运行环境：版本、模板、LibreOffice、字体。"""
    from govdisclose.doctor import examine

    facts = examine()
    if as_json:
        from govdisclose.write.data import dump_json

        put(dump_json({fact.name: {"value": fact.value, "ok": fact.ok} for fact in facts}))
        return
    for fact in facts:
        tell(f"{'  ' if fact.ok else '! '}{fact.name}：{fact.value}")
