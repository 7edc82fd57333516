"""Talking to the terminal: words to stderr, data to stdout."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govdisclose.errors import FindingsError
from govdisclose.finding import Finding

if TYPE_CHECKING:
    from govdisclose.form.reading import Reading


def say(text: str) -> None:
    """A line for the user."""
    click.echo(text, err=True)


def put(data: str | bytes) -> None:
    """Data on stdout: always UTF-8, whatever the console speaks."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def put_file(path: Path) -> None:
    """A file on stdout, whatever its size."""
    sys.stdout.flush()
    with open(path, "rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def say_findings(source: Path, findings: Sequence[Finding], reading: Reading | None = None) -> None:
    """The findings of a source, as ``check`` prints them."""
    if findings:
        from govdisclose.write.findings import Checked, as_text

        say(as_text([Checked(source, findings, reading)]).rstrip("\n"))


@contextmanager
def findings_said(source: Path, more: str = "") -> Iterator[None]:
    """Say the findings that stop a command, and ``more``, before it ends."""
    try:
        yield
    except FindingsError as error:
        say_findings(source, error.findings, error.reading)
        if more:
            say(more)
        raise
