"""The limits of the commands that read many workbooks."""

from __future__ import annotations

import click

from govdisclose.cli.chinese_help import option
from govdisclose.many.isolation import SECONDS, Isolation

timeout = option(
    "--timeout",
    type=click.IntRange(1, 86_400),
    default=SECONDS,
    metavar="秒",
    help=f"一份工作簿最多用多少秒，超过的算读不了（默认 {SECONDS}）。",
)


def isolated(seconds: int) -> Isolation:
    """The limits for each workbook. ``quick`` is safe: the command line has no threads to copy."""
    return Isolation(seconds, quick=True)
