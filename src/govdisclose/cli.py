"""The command line: parse, call the library, print, exit code. Nothing else prints or exits."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from govdisclose.errors import FindingsError, GovDiscloseError, UsageError
from govdisclose.finding import Finding

if TYPE_CHECKING:
    from govdisclose.form.reading import Reading

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_FAULT = 70


@contextmanager
def _section(formatter: click.HelpFormatter, heading: str) -> Iterator[None]:
    """A part of a help page, under a heading with a Chinese colon."""
    formatter.write_paragraph()
    formatter.write(f"{heading}：\n")
    with formatter.indentation():
        yield


class _Option(click.Option):
    """An option whose additions to its help are Chinese."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        if record is None:
            return None
        notes = ["必填" if self.required else "", "可重复" if self.multiple else "", _allowed(self).lstrip("，")]
        return record[0], (self.help or "") + "".join(f"（{note}）" for note in notes if note)


option = partial(click.option, cls=_Option)


class _Words:
    """Chinese headings for click's help pages."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]  # mixed into click.Command
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]  # type: ignore[attr-defined]  # as above
        records = [record for option in options if (record := option.get_help_record(ctx))]
        with _section(formatter, "选项"):
            formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)  # type: ignore[misc]  # click.Command's
        if found is not None:
            found.help = "显示本页。"
        return found  # type: ignore[no-any-return]  # as above


class _Command(_Words, click.Command):
    """A command with Chinese help."""


class _Group(_Words, click.Group):
    """The program, with Chinese help."""

    command_class = _Command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self.commands[name].get_short_help_str(60)) for name in self.commands]
        with _section(formatter, "命令"):
            formatter.write_dl(rows)


_BOOK = click.Path(path_type=Path)
_force = option("--force", is_flag=True, help="输出文件已存在时覆盖。")
_previous = option("--previous", type=_BOOK, metavar="文件", help="上年的报告（工作簿或 JSON），核对跨年衔接。")


@click.group(cls=_Group, context_settings=_HELP, invoke_without_command=True, options_metavar="[选项]",
             subcommand_metavar="命令 [参数]…")  # fmt: skip
@option("--debug", is_flag=True, help="出错时显示程序内部信息。")
@option("--version", is_flag=True, help="显示版本。")
@click.pass_context
def cli(ctx: click.Context, debug: bool, version: bool) -> None:
    """政府信息公开工作年度报告：读取标准工作簿，检查勾稽关系，生成 Word 报告。"""
    if version:
        from govdisclose import __version__

        click.echo(f"govdisclose {__version__}")
    elif ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@cli.command(options_metavar="[选项]")
@option("--agency", metavar="名称", help="机关全称；有 --from 时可以不写。")
@option("--year", type=click.IntRange(2008, 2100), metavar="年份",
              help="报告年度，如 2025；有 --from 时默认为上年报告的下一年。")  # fmt: skip
@option("--edition", metavar="版本", help="格式版本 2021 或 2019；不写则按报告年度确定。")
@option("--level", type=click.Choice(["agency", "government"]), metavar="类别",
              help="agency 部门（默认），government 本级政府汇总。")  # fmt: skip
@option("--from", "last", type=_BOOK, metavar="上年报告",
              help="上年的工作簿、JSON 或已公布的报告：带入机关信息和上年结转，列出上年数据。")  # fmt: skip
@option("-o", "--output", type=_BOOK, metavar="文件", help="输出的工作簿；不写则按机关名称和年份命名。")
@_force
def new(
    agency: str | None,
    year: int | None,
    edition: str | None,
    level: Any,
    last: Path | None,
    output: Path | None,
    force: bool,
) -> None:
    """生成空白的标准工作簿，可接着上年的报告。"""
    from govdisclose.story import continue_workbook, new_workbook, read_report

    if last is not None:
        try:
            made = continue_workbook(last, year, output, agency=agency, edition=edition, level=level, force=force)
        except FindingsError as error:
            click.echo(_as_text(last, error.findings, read_report(last)), err=True)
            raise
        for note in made.notes:
            _say(f"注意：{note}。")
        path = made.path
    elif agency is None or year is None:
        raise UsageError(f"缺少 {'--year' if agency else '--agency'}（或用 --from 给出上年的报告）")
    else:
        path = new_workbook(agency, year, output, edition=edition, level=level or "agency", force=force)
    _say(f"已生成 {path}：请先看“填报说明”，再逐表填写。")


@cli.command(options_metavar="[选项]")
@click.argument("books", metavar="工作簿…", type=_BOOK, nargs=-1, required=True)
@option("--format", "style", type=click.Choice(["text", "json", "jsonl", "sarif", "github"]),
              default="text", metavar="格式", help="text 供人看（默认）；json、jsonl、sarif、github 供程序读。")  # fmt: skip
@option("--annotate", type=_BOOK, metavar="文件", help="另存一份带批注的工作簿副本（.xlsx），原件不动。")
@option("--select", multiple=True, metavar="代码", help="只看这些规则，可写前缀，如 A 或 V101。")
@option("--ignore", multiple=True, metavar="代码", help="不看这些规则。")
@option("--strict", is_flag=True, help="警告也算不通过。")
@_previous
@_force
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
    from govdisclose.story import annotate_workbook, check_report, read_report, stopping
    from govdisclose.write.findings import FORMATS, Checked

    if annotate and len(books) > 1:
        raise UsageError("--annotate 一次只能用于一个工作簿")
    last = read_report(previous) if previous else None
    wanted, unwanted = _codes(select), _codes(ignore)
    results: list[Checked] = []
    code = 0
    for book in books:
        try:
            reading = read_report(book)
            found = [f for f in check_report(reading, previous=last) if _wanted(f.code, wanted, unwanted)]
            if annotate:
                _say_lost(annotate, annotate_workbook(book, found, annotate, force=force))
        except GovDiscloseError as error:
            _say(f"错误：{error}")
            code = max(code, error.exit_code)
        else:
            results.append(Checked(book, found, reading))
            code = max(code, 1 if stopping(found, strict=strict) else 0)
    made = FORMATS[style](results)
    click.echo(made, nl=False) if style == "text" else _put(made)
    ctx.exit(code)


def _say_lost(copy: Path, lost: Sequence[str]) -> None:
    _say(f"已生成带批注的副本 {copy}" + (f"；原件中的{'、'.join(lost)}没有带过来" if lost else ""))


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    """Rule codes or prefixes as typed: one an option, or several with commas. Unknown ones are refused."""
    from govdisclose.rules import RULES

    codes = [code.strip().upper() for text in given for code in text.replace("，", ",").split(",") if code.strip()]
    for code in codes:
        if not any(rule.startswith(code) for rule in RULES):
            raise UsageError(f"没有规则 {code}；规则代码见 docs/rules.md")
    return tuple(codes)


def _wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or code.startswith(select)) and not code.startswith(ignore or ("-",))


def _as_text(book: Path, findings: Sequence[Finding], reading: Reading) -> str:
    from govdisclose.write.findings import Checked, as_text

    return as_text([Checked(book, findings, reading)]).rstrip("\n")


@cli.command(name="compile", options_metavar="[选项]")
@click.argument("book", metavar="工作簿", type=_BOOK)
@option("-o", "--output", type=_BOOK, metavar="文件", 
              help="输出的 Word 文件；不写则放在工作簿旁，按机关名称和年份命名。")  # fmt: skip
@option("--template", type=_BOOK, metavar="模板", help="自己的 Word 模板（templates/ 中模板的修改版）。")
@_previous
@option("--draft", is_flag=True, help="有错误也生成，标明草稿，并把问题附在后面。")
@_force
def compile_(
    book: Path, output: Path | None, template: Path | None, previous: Path | None, draft: bool, force: bool
) -> None:
    """检查工作簿并生成 Word 报告。"""
    from govdisclose.story import compile_report, read_report

    try:
        made = compile_report(book, output, template=template, previous=previous, draft=draft, force=force)
    except FindingsError as error:
        click.echo(_as_text(book, error.findings, read_report(book)), err=True)
        raise
    if made.findings:
        click.echo(_as_text(book, made.findings, made.reading), err=True)
    _say(f"已生成 {made.path}")


@cli.command(name="import", options_metavar="[选项]")
@click.argument("report", metavar="报告", type=_BOOK)
@option("-o", "--output", type=_BOOK, metavar="文件", help="输出的工作簿；不写则与报告同名，扩展名为 .xlsx。")
@_force
def import_(report: Path, output: Path | None, force: bool) -> None:
    """把已公布的报告（.html .docx .txt .md .pdf）读回标准工作簿。"""
    from govdisclose.story import import_report, read_report

    try:
        made = import_report(report, output, force=force)
    except FindingsError as error:
        click.echo(_as_text(report, error.findings, read_report(report)), err=True)
        _say(f"没有写出工作簿：{report} 的统计表不全、重复或版本混用。")
        raise
    if made.findings:
        click.echo(_as_text(report, made.findings, made.reading), err=True)
    _say(f"已生成 {made.path}")


@cli.command(options_metavar="[选项]")
@click.argument("book", metavar="工作簿", type=_BOOK)
@option("--to", "form", required=True, type=click.Choice(["json"]), metavar="格式", help="数据格式：json。")
@option("-o", "--output", type=_BOOK, metavar="文件", help="输出文件；- 为标准输出；不写则与工作簿同名。")
@_force
def export(book: Path, form: str, output: Path | None, force: bool) -> None:
    """把报告导出为数据文件（JSON）。"""
    from govdisclose.story import export_json, read_report, whole_reading
    from govdisclose.write.data import report_to_json

    try:
        reading = whole_reading(book)
    except FindingsError as error:
        click.echo(_as_text(book, error.findings, read_report(book)), err=True)
        raise
    if reading.findings:
        click.echo(_as_text(book, reading.findings, reading), err=True)
    if str(output) == "-":
        _put(report_to_json(reading.report))
    else:
        _say(f"已生成 {export_json(book, output or book.with_suffix(f'.{form}'), force=force)}")


@cli.command(options_metavar="[选项]")
@click.argument("code", metavar="代码")
def explain(code: str) -> None:
    """说明一条规则：为什么、例子、怎么改。"""
    from govdisclose.rules import RULES

    rule = RULES.get(code.upper())
    if rule is None:
        raise UsageError(f"没有规则 {code}；现有：{'、'.join(RULES)}")
    click.echo(rule.page)


@cli.command(options_metavar="[选项]")
@option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def doctor(as_json: bool) -> None:
    """检查运行环境：版本、模板、LibreOffice、字体。"""
    from govdisclose.doctor import examine

    facts = examine()
    if as_json:
        from govdisclose.write.data import dump_json

        _put(dump_json({fact.name: {"value": fact.value, "ok": fact.ok} for fact in facts}))
        return
    for fact in facts:
        click.echo(f"{'  ' if fact.ok else '! '}{fact.name}：{fact.value}")


# --- talking to the terminal --------------------------------------------------------------------


def _say(text: str) -> None:
    click.echo(text, err=True)


def _put(text: str) -> None:
    """Data on stdout: always UTF-8, whatever the console speaks."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def main() -> NoReturn:
    """Run the command line and exit with the documented code; no traceback without ``--debug``."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a GBK console cannot show every character
    try:
        arguments = [a for a in sys.argv[1:] if a != "--debug"]
        sys.exit(cli.main(arguments, standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        _say(_usage_message(error))
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        _say("已中断。")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at exit
        sys.exit(0)
    except GovDiscloseError as error:
        _debug()
        _say(f"错误：{error}")
        sys.exit(error.exit_code)
    except Exception as error:
        _debug()
        _say(f"内部错误：{type(error).__name__}。没有写出文件。加 --debug 可看详情，请连同工作簿报告给维护者。")
        sys.exit(_FAULT)


def _debug() -> None:
    if "--debug" in sys.argv[1:]:
        traceback.print_exc()


def _allowed(param: click.Parameter | None) -> str:
    kind = param.type if param else None
    if isinstance(kind, click.IntRange):
        return f"，应为 {kind.min} 至 {kind.max} 的整数"
    return f"，可选：{'、'.join(map(str, kind.choices))}" if isinstance(kind, click.Choice) else ""


def _usage_message(error: click.ClickException) -> str:
    """click's own complaints in Chinese."""
    where = error.ctx if isinstance(error, click.UsageError) else None
    more = f"\n用 {where.command_path} --help 查看用法。" if where else ""
    param = getattr(error, "param", None)
    name = (param.opts[-1] if param.param_type_name == "option" else param.make_metavar(where)) if param else ""
    if isinstance(error, click.MissingParameter):
        said = f"缺少 {name}"
    elif isinstance(error, click.NoSuchOption):
        said = f"没有选项 {error.option_name}"
        near = getattr(error, "possibilities", None)
        said += f"，是否为 {near[0]}" if near else ""
    elif isinstance(error, click.BadParameter):
        said = f"{name} 的值无效{_allowed(param)}"
    elif "unexpected extra argument" in error.message:
        said = f"多了参数 {error.message.partition('(')[2].rstrip(')')}"
    elif "No such command" in error.message:
        said = f"没有命令 {error.message.split(chr(39))[1]}，可用：{'、'.join(cli.commands)}"
    else:
        said = error.message
    return f"用法错误：{said}。{more}"
