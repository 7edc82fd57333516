"""click in Chinese: help pages and usage errors. Commands are imported when they are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path, readable=False)
"""A path as typed. The library, not click, finds out whether it can be read."""


@contextmanager
def _section(formatter: click.HelpFormatter, heading: str) -> Iterator[None]:
    """A section of a help page below a heading with a Chinese colon."""
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
        name, _ = record
        text = self.help or ""
        if self.required:
            text += "（必填）"
        if self.multiple:
            text += "（可重复）"
        allowed = _allowed(self)
        if allowed:
            text += f"（{allowed}）"
        return name, text


option = partial(click.option, cls=_Option)
force = option("--force", is_flag=True, help="输出文件已存在时覆盖。")
previous = option(
    "--previous", type=FILE, metavar="文件", help="上年的报告（工作簿或 JSON），核对跨年衔接。"
)

decisions = option(
    "--decisions",
    type=FILE,
    metavar="结果.xlsx",
    help="batch 写出的 结果.xlsx，在“以此为准”一列写了“是”：同一单位的几份以哪一份为准。",
)
some_decisions = option(
    "--decisions",
    type=FILE,
    multiple=True,
    metavar="结果.xlsx",
    help="batch 写出的 结果.xlsx，在“以此为准”一列写了“是”：同一单位的几份以哪一份为准；几个文件夹各有一个的，写几次。",
)


class _ChineseHeadings:
    """Chinese headings for click's help pages."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]  # mixed into click.Command
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = []
        for param in self.get_params(ctx):  # type: ignore[attr-defined]  # as above
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                records.append(record)
        with _section(formatter, "选项"):
            formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)  # type: ignore[misc]  # click.Command's
        if found is not None:
            found.help = "显示本页。"
        return found  # type: ignore[no-any-return]  # as above


class _Command(_ChineseHeadings, click.Command):
    """A command with Chinese help."""


command = partial(click.command, cls=_Command, options_metavar="[选项]")


class ChineseGroup(_ChineseHeadings, click.Group):
    """A group of commands with Chinese help; ``places`` gives ``module:name`` of each command."""

    def __init__(self, *args: Any, places: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.places = places

    def list_commands(self, ctx: click.Context | None = None) -> list[str]:
        """The names of the commands in the order of a clerk's work, not in alphabetical order."""
        return list(self.places)

    def get_command(self, ctx: click.Context | None, cmd_name: str) -> click.Command | None:
        """Import and return a command by its name."""
        if cmd_name not in self.places:
            return None
        module, _, name = self.places[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def loaded(self) -> dict[str, click.Command]:
        """Every command by its name."""
        found: dict[str, click.Command] = {}
        for name in self.places:
            known = self.get_command(None, name)
            if known is not None:
                found[name] = known
        return found

    def every(self) -> dict[str, click.Command]:
        """Every command, also of groups, by the words that call it (``template new``)."""
        found: dict[str, click.Command] = {}
        for name, known in self.loaded().items():
            found[name] = known
            if isinstance(known, ChineseGroup):
                for inner, command in known.every().items():
                    found[f"{name} {inner}"] = command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command with the first sentence of its help."""
        lines = []
        for name, known in self.loaded().items():
            lines.append((name, known.get_short_help_str(60)))
        with _section(formatter, "命令"):
            formatter.write_dl(lines)


def _allowed(param: click.Parameter | None) -> str:
    """The allowed values of a parameter in words; empty if it has no limit."""
    kind = param.type if param else None
    if isinstance(kind, click.IntRange):
        return f"应为 {kind.min} 至 {kind.max} 的整数"
    if isinstance(kind, click.Choice):
        choices = "、".join(map(str, kind.choices))
        return f"可选：{choices}"
    return ""


def usage_message(error: click.ClickException, program: ChineseGroup) -> str:
    """The message of a usage error that click has found, in Chinese."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return f"用法错误：{_complaint(error, None, program)}。"
    group = context.command if isinstance(context.command, ChineseGroup) else program
    complaint = _complaint(error, context, group)
    return f"用法错误：{complaint}。\n用 {context.command_path} --help 查看用法。"


def _complaint(
    error: click.ClickException, where: click.Context | None, group: ChineseGroup
) -> str:
    """The fault in the arguments, in Chinese."""
    param = getattr(error, "param", None)
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_shown_name(param, where)}"
    if isinstance(error, click.NoSuchOption):
        near = getattr(error, "possibilities", None)
        guess = f"，是否为 {near[0]}" if near else ""
        return f"没有选项 {error.option_name}{guess}"
    if isinstance(error, click.BadParameter):
        allowed = _allowed(param)
        fault = f"{_shown_name(param, where)} 的值无效"
        return f"{fault}，{allowed}" if allowed else fault
    if "unexpected extra argument" in error.message:
        extra = error.message.partition("(")[2].rstrip(")")
        return f"多了参数 {extra}"
    if "No such command" in error.message:
        typed = error.message.split("'")[1]
        commands = "、".join(group.list_commands())
        return f"没有命令 {typed}，可用：{commands}"
    return error.message


def _shown_name(param: click.Parameter | None, where: click.Context | None) -> str:
    """A parameter as a user writes it: ``--to``, or the placeholder of an argument."""
    if param is None:
        return ""
    if param.param_type_name == "option":
        return param.opts[-1]
    return param.make_metavar(where)  # type: ignore[call-arg, arg-type, unused-ignore]  # by version of click
