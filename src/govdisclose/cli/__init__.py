"""The command line: parse, call the library, print, exit code. Nothing else prints or exits."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

import click

from govdisclose.cli.chinese_help import Group, option, usage_message
from govdisclose.cli.console import abandon_stdout, say, tell
from govdisclose.errors import GovDiscloseError, InputError, OutputError

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_FAULT = 70

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
    "explain": "govdisclose.cli.checks:explain",
    "doctor": "govdisclose.cli.checks:doctor",
}


@click.group(cls=Group, places=_PLACES, context_settings=_HELP, invoke_without_command=True,
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
    gc.freeze()  # what has been imported stays until the end, and a command leaves little behind that must be looked for
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a caller may have closed it
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a GBK console cannot show every character
    try:
        arguments = [a for a in sys.argv[1:] if a != "--debug"]
        sys.exit(cli.main(arguments, standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        say(usage_message(error, cli))
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        say("已中断。")
        sys.exit(130)
    except BrokenPipeError:
        abandon_stdout()
        sys.exit(0)
    except GovDiscloseError as error:
        _debug()
        say(f"错误：{error}")
        sys.exit(error.exit_code)
    except OSError as error:  # a disk or a network that fails where nobody expects it
        _debug()
        say(
            f"错误：读写{error.filename or '文件'}时出错（{error.strerror or error}），请检查磁盘、网络和权限后再试。"
        )
        sys.exit(OutputError.exit_code)
    except MemoryError:
        _debug()
        say("错误：内存不足，处理不了这个文件；请确认文件没有损坏，或关闭别的程序后再试。")
        sys.exit(InputError.exit_code)
    except Exception as error:
        _debug()
        say(
            f"内部错误：{type(error).__name__}。没有写出文件。加 --debug 可看详情，请连同工作簿报告给维护者。"
        )
        sys.exit(_FAULT)


def _debug() -> None:
    if "--debug" in sys.argv[1:]:
        import traceback

        traceback.print_exc()
