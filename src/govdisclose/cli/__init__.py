"""The command line: parses arguments, calls the library, prints, and exits. Nothing else does."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

import click

from govdisclose.cli.chinese_help import ChineseGroup, option, usage_message
from govdisclose.cli.console import abandon_stdout, say, tell
from govdisclose.errors import GovDiscloseError, InputError, OutputError, UsageError

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_FAULT, _INTERRUPTED = 70, 130

_PLACES = {
    "new": "govdisclose.cli.reports:new",
    "check": "govdisclose.cli.checks:check",
    "compile": "govdisclose.cli.reports:compile_",
    "import": "govdisclose.cli.reports:import_",
    "export": "govdisclose.cli.exports:export",
    "template": "govdisclose.cli.templates:template",
    "compare": "govdisclose.cli.compares:compare",
    "batch": "govdisclose.cli.batches:batch",
    "aggregate": "govdisclose.cli.aggregates:aggregate",
    "overview": "govdisclose.cli.overviews:overview",
    "status": "govdisclose.cli.status:status",
    "explain": "govdisclose.cli.checks:explain",
    "doctor": "govdisclose.cli.checks:doctor",
}


@click.group(cls=ChineseGroup, places=_PLACES, context_settings=_HELP, invoke_without_command=True,
             options_metavar="[选项]", subcommand_metavar="命令 [参数]…")  # fmt: skip
@option("--debug", is_flag=True, help="出错时显示程序内部信息。")
@option("--version", is_flag=True, help="显示版本。")
@click.pass_context
def cli(ctx: click.Context, debug: bool, version: bool) -> None:
    """政府信息公开工作年度报告：读取标准工作簿，检查勾稽关系，生成 Word 报告。"""
    if version:
        from govdisclose.version import __version__

        tell(f"govdisclose {__version__}")
    elif ctx.invoked_subcommand is None:
        tell(ctx.get_help())


def main() -> NoReturn:
    """Run the command line and exit with the documented code; no traceback without ``--debug``."""
    # Imported modules stay to the end, and a command leaves little garbage: collect rarely.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    # The memory pool of pyarrow itself would hold 8 MB in reserve.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a caller may have closed it
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a GBK console cannot show every character
    sys.exit(_run())


def _run() -> int:
    """Run the command of the program's arguments; its exit code."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        return int(cli.main(arguments, standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        return int(stop.exit_code)
    except click.ClickException as error:
        say(usage_message(error, cli))
        return UsageError.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("已中断。")
        return _INTERRUPTED
    except BrokenPipeError:
        abandon_stdout()
        return 0
    except Exception as error:
        _debug()
        return _say_failure(error)


def _say_failure(error: Exception) -> int:
    """One sentence about an error for the user; the exit code."""
    if isinstance(error, GovDiscloseError):
        say(f"错误：{error}")
        return error.exit_code
    if isinstance(error, OSError):  # an unexpected failure of a disk or a network
        file = error.filename or "文件"
        why = error.strerror or error
        say(f"错误：读写{file}时出错（{why}），请检查磁盘、网络和权限后再试。")
        return OutputError.exit_code
    if isinstance(error, MemoryError):
        say("错误：内存不足，处理不了这个文件；请确认文件没有损坏，或关闭别的程序后再试。")
        return InputError.exit_code
    say(
        f"内部错误：{type(error).__name__}。没有写出文件。"
        "加 --debug 可看详情，请连同工作簿报告给维护者。"
    )
    return _FAULT


def _debug() -> None:
    if "--debug" in sys.argv[1:]:
        import traceback

        traceback.print_exc()
