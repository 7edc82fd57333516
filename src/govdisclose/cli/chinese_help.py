"""What click says, in Chinese: help pages and usage errors; commands are imported when they are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path, readable=False)
"""A path as it is typed; whether there is anything that can be read is for the library to see, and to say."""


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
        notes = [
            "必填" if self.required else "",
            "可重复" if self.multiple else "",
            _allowed(self).lstrip("，"),
        ]
        return record[0], (self.help or "") + "".join(f"（{note}）" for note in notes if note)


option = partial(click.option, cls=_Option)
force = option("--force", is_flag=True, help="输出文件已存在时覆盖。")
previous = option(
    "--previous", type=FILE, metavar="文件", help="上年的报告（工作簿或 JSON），核对跨年衔接。"
)


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


command = partial(click.command, cls=_Command, options_metavar="[选项]")


class ChineseGroup(_Words, click.Group):
    """The program, with Chinese help; ``places`` says where each command lives: ``module:name``."""

    def __init__(self, *args: Any, places: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.places = places

    def list_commands(self, ctx: click.Context | None = None) -> list[str]:
        """The commands in the order of the work, not of the alphabet."""
        return list(self.places)

    def get_command(self, ctx: click.Context | None, cmd_name: str) -> click.Command | None:
        """A command by its name, imported now."""
        if cmd_name not in self.places:
            return None
        module, _, name = self.places[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def loaded(self) -> dict[str, click.Command]:
        """Every command by its name."""
        found = ((name, self.get_command(None, name)) for name in self.places)
        return {name: known for name, known in found if known}

    def every(self) -> dict[str, click.Command]:
        """Every command and those below it, ``template new``, by the words that call it."""
        found: dict[str, click.Command] = {}
        for name, known in self.loaded().items():
            found[name] = known
            if isinstance(known, ChineseGroup):
                found |= {f"{name} {below}": command for below, command in known.every().items()}
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command with the first sentence of its help."""
        with _section(formatter, "命令"):
            formatter.write_dl(
                [(name, known.get_short_help_str(60)) for name, known in self.loaded().items()]
            )


def _allowed(param: click.Parameter | None) -> str:
    kind = param.type if param else None
    if isinstance(kind, click.IntRange):
        return f"，应为 {kind.min} 至 {kind.max} 的整数"
    return f"，可选：{'、'.join(map(str, kind.choices))}" if isinstance(kind, click.Choice) else ""


def usage_message(error: click.ClickException, program: ChineseGroup) -> str:
    """click's own complaints in Chinese."""
    where = error.ctx if isinstance(error, click.UsageError) else None
    group = where.command if where and isinstance(where.command, ChineseGroup) else program
    more = f"\n用 {where.command_path} --help 查看用法。" if where else ""
    return f"用法错误：{_complaint(error, where, group)}。{more}"


def _complaint(
    error: click.ClickException, where: click.Context | None, group: ChineseGroup
) -> str:
    param = getattr(error, "param", None)
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_shown_name(param, where)}"
    if isinstance(error, click.NoSuchOption):
        near = getattr(error, "possibilities", None)
        guess = f"，是否为 {near[0]}" if near else ""
        return f"没有选项 {error.option_name}{guess}"
    if isinstance(error, click.BadParameter):
        return f"{_shown_name(param, where)} 的值无效{_allowed(param)}"
    if "unexpected extra argument" in error.message:
        return f"多了参数 {error.message.partition('(')[2].rstrip(')')}"
    if "No such command" in error.message:
        typed = error.message.split("'")[1]
        return f"没有命令 {typed}，可用：{'、'.join(group.list_commands())}"
    return error.message


def _shown_name(param: click.Parameter | None, where: click.Context | None) -> str:
    """How a user writes a parameter: ``--to``, or the placeholder of an argument."""
    if param is None:
        return ""
    if param.param_type_name == "option":
        return param.opts[-1]
    return param.make_metavar(where)  # type: ignore[call-arg, arg-type, unused-ignore]  # by version of click
