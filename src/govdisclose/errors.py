"""Exceptions by cause; each carries the exit code that the command line gives for it.

Problems in the data are never exceptions: they are findings. Exceptions are for misuse, for files
that cannot be read or written, and for templates at fault.

Examples:
    >>> from govdisclose import errors, read_report
    >>> try:
    ...     read_report("none.xlsx")
    ... except errors.InputError as error:
    ...     print(error, error.exit_code)
    找不到文件 none.xlsx 3
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from govdisclose.finding import Finding, count_findings

if TYPE_CHECKING:
    from pathlib import Path

    from govdisclose.form.reading import Reading

__all__ = [
    "BatchError",
    "EntryError",
    "FindingsError",
    "GovDiscloseError",
    "InputError",
    "OutputError",
    "PdfError",
    "TemplateError",
    "UnknownCellError",
    "UsageError",
]


class GovDiscloseError(Exception):
    """Anything this library raises on purpose. ``str(error)`` is one Chinese sentence for the user."""

    exit_code = 70


class UsageError(GovDiscloseError, ValueError):
    """The call itself is wrong: an existing file without ``force``, an output that is the input."""

    exit_code = 2


class EntryError(UsageError, TypeError):
    """A report cannot hold a value that was put into it from Python.

    ``path`` names the attribute or the cell, ``reason`` says in Chinese what is wrong with the
    value.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}：{reason}")
        self.path, self.reason = path, reason

    def __reduce__(self) -> tuple[type[EntryError], tuple[str, str]]:
        return type(self), (self.path, self.reason)  # or a worker process could not hand it back


class UnknownCellError(EntryError, KeyError):
    """A path that the edition of a report does not have; the message names the nearest one."""

    def __str__(self) -> str:
        return f"{self.path}：{self.reason}"  # KeyError would show it in quotes


class InputError(GovDiscloseError, ValueError):
    """An input file cannot be read as a report."""

    exit_code = 3


class NoReportError(InputError):
    """A document that was read to its end and is no annual report, nor seems to be one: a notice."""


class NoTextError(InputError):
    """A document without any text, such as a scanned one: nobody can tell whether it is a report."""


def unreadable(path: str | os.PathLike[str], error: OSError) -> InputError:
    """An error with the reason in Chinese why a file or folder cannot be opened."""
    if isinstance(error, FileNotFoundError):
        return InputError(f"找不到文件 {path}")
    if isinstance(error, PermissionError):
        return InputError(f"没有读取 {path} 的权限，或文件正被其他程序独占")
    if error.errno == errno.ENAMETOOLONG:
        return InputError(f"{path} 的名称或路径过长")
    return InputError(f"读不了 {path}：磁盘或网络出错（{error.strerror or error}）")


class TemplateError(GovDiscloseError, ValueError):
    """A Word template cannot give a correct report."""

    exit_code = 4


class OutputError(GovDiscloseError, OSError):
    """A result could not be written, or did not read back the same."""

    exit_code = 5


class PdfError(OutputError):
    """A report could not be made a PDF. ``word`` is the finished Word file, ``path`` where the PDF
    would have been.
    """

    def __init__(self, reason: str, word: bytes, path: Path | None = None) -> None:
        super().__init__(reason)
        self.word, self.path = word, path


class BatchError(GovDiscloseError):
    """Some workbooks of a batch failed; the rest were processed."""

    exit_code = 6


class FindingsError(GovDiscloseError):
    """Errors among the findings stop the report.

    ``findings`` holds all findings, ``reading`` the report with the place of every value.
    ``source`` is the folder or file that they are about, where several were given.
    """

    exit_code = 1

    def __init__(
        self,
        findings: Sequence[Finding],
        reading: Reading | None = None,
        source: Path | None = None,
    ) -> None:
        super().__init__(f"检查发现 {count_findings(findings)}，改正后才能生成报告")
        self.findings = tuple(findings)
        self.reading = reading
        self.source = source
