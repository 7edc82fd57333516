"""Talking to the terminal: words to stderr, data to stdout."""

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
    """A line for the user; where nobody can be told any more the command goes on, and its exit code says it."""
    with suppress(OSError):
        click.echo(harmless(text), err=True)


def tell(text: str) -> None:
    """An answer on stdout, for people: whatever a terminal would obey is written out."""
    with _stdout():
        click.echo(harmless(text), nl=not text.endswith("\n"))


def put(data: str | bytes) -> None:
    """Data on stdout: always UTF-8, whatever the console speaks."""
    with _stdout() as stdout:
        stdout.write(data if isinstance(data, bytes) else data.encode("utf-8", "backslashreplace"))
        stdout.flush()


def put_file(path: Path) -> None:
    """A file on stdout, whatever its size."""
    with _stdout() as stdout, open(path, "rb") as file:
        shutil.copyfileobj(file, stdout)
        stdout.flush()


@contextmanager
def _stdout() -> Iterator[BinaryIO]:
    """stdout as bytes. Raises ``OutputError`` when it is closed or full; a reader that has gone is no fault."""
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
    """Let go of what could not be written, or the interpreter tries again at its end and complains."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_findings(source: Path, findings: Sequence[Finding], reading: Reading | None = None) -> None:
    """The findings of a source, as ``check`` prints them."""
    if findings:
        from govdisclose.write.findings import Checked, as_text

        say(as_text([Checked(source, findings, reading)]).rstrip("\n"))


def say_left_out(findings: Sequence[Finding]) -> None:
    """All the text that an import has left out, one piece a line."""
    from govdisclose.rules import rule_of

    texts = [
        str(finding.found)
        for finding in findings
        if rule_of(finding).leaves_text_out and finding.found is not None
    ]
    if texts:
        say("没有收入的文字：")
    for text in texts:
        for line in text.split("\n"):
            say(f"  {line}")


def say_fees(source: Path, reading: Reading | None) -> None:
    """The fees of a report in 元 as well, so that a wrong unit is seen."""
    if reading is None:
        return
    from govdisclose.form.fees import fees_in_yuan

    for line in fees_in_yuan(reading.report):
        say(f"{source.name}：{line}")


@contextmanager
def findings_said(source: Path, more: str = "", *, fees: bool = False) -> Iterator[None]:
    """Say the findings that stop a command, the fees if wanted, and ``more``, before it ends."""
    try:
        yield
    except FindingsError as error:
        say_findings(source, error.findings, error.reading)
        if fees:
            say_fees(source, error.reading)
        if more:
            say(more)
        raise
