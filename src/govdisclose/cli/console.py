"""Print to the terminal: messages to stderr, answers and data to stdout."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from govdisclose.errors import FindingsError, OutputError
from govdisclose.finding import Finding
from govdisclose.form.printed import harmless

if TYPE_CHECKING:
    from govdisclose.form.reading import Reading


def say(text: str) -> None:
    """Print a message to stderr; if that is closed, the command continues without it."""
    with suppress(OSError):
        click.echo(harmless(text), err=True)


def tell(text: str) -> None:
    """Print an answer for people to stdout, with control characters escaped."""
    with _stdout():
        click.echo(harmless(text), nl=not text.endswith("\n"))


def put(data: str | bytes) -> None:
    """Write data to stdout, in UTF-8 for every console."""
    if isinstance(data, str):
        data = data.encode("utf-8", "backslashreplace")
    with _stdout() as stdout:
        stdout.write(data)
        stdout.flush()


def put_file(path: Path) -> None:
    """Copy a file of any size to stdout."""
    with _stdout() as stdout, open(path, "rb") as file:
        shutil.copyfileobj(file, stdout)
        stdout.flush()


@contextmanager
def _stdout() -> Iterator[BinaryIO]:
    """Standard output as a binary file.

    Raises ``OutputError`` if it is closed or full, ``BrokenPipeError`` if its reader has ended.
    """
    if sys.stdout is None:
        raise OutputError("标准输出已关闭，结果没有地方写")
    try:
        sys.stdout.flush()
        yield sys.stdout.buffer
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_stdout()
        raise OutputError(f"写不到标准输出：{error.strerror or error}，结果不完整") from error


def abandon_stdout() -> None:
    """Discard unwritten output, or the interpreter tries to write it at exit and reports an error."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_findings(source: Path, findings: Sequence[Finding], reading: Reading | None = None) -> None:
    """Print the findings of a source as ``check`` does."""
    if findings:
        from govdisclose.write.findings import Checked, as_text

        say(as_text([Checked(source, findings, reading)]).rstrip("\n"))


def say_left_out(findings: Sequence[Finding]) -> None:
    """Print all text that an import has left out."""
    from govdisclose.rules import rule_of

    lines: list[str] = []
    for finding in findings:
        if rule_of(finding).leaves_text_out and finding.found is not None:
            lines.extend(str(finding.found).split("\n"))
    if lines:
        say("没有收入的文字：")
    for line in lines:
        say(f"  {line}")


def say_fees(source: Path, reading: Reading | None) -> None:
    """Print the fees of a report in 元 also, so that a wrong unit is noticed."""
    if reading is None:
        return
    from govdisclose.form.fees import fees_in_yuan

    for line in fees_in_yuan(reading.report):
        say(f"{source.name}：{line}")


@contextmanager
def findings_said(source: Path, more: str = "", *, fees: bool = False) -> Iterator[None]:
    """Print the findings that stop a command, the fees if wanted, and ``more``, before it ends."""
    try:
        yield
    except FindingsError as error:
        say_findings(error.source or source, error.findings, error.reading)
        if fees:
            say_fees(source, error.reading)
        if more:
            say(more)
        raise
