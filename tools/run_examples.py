"""Run the examples in the documentation, and put what they print below them.

A fenced ``python`` block that opens with ``# name.py`` is saved under that name; in a ``console``
block every line after ``$ `` is run and the lines below it are what it prints (both streams). The
examples of one document run in order in one new folder beside a copy of the sample workbooks.

A command runs in a process of its own. On Linux that process is a copy of this one, which has the
libraries in memory already; elsewhere Python is started anew.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from govdisclose.form.edition import EDITIONS
from govdisclose.write.word.loading import load_template

ROOT = Path(__file__).resolve().parents[1]

_FENCE = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"# (\w+\.py)\n")
_CODE = "; echo $?"
_SECONDS = 120
"""How long an example may take."""
_PRELOADED = (
    "docxtpl",
    "govdisclose.cli",
    "govdisclose.many.batch.run",
    "govdisclose.many.consolidate.folder",
    "govdisclose.proof",
    "govdisclose.read.published.word.reader",
    "govdisclose.read.workbook.reader",
    "govdisclose.workbooks",
    "govdisclose.write.word.parse",
    "govdisclose.write.word.template_check",
    "lxml.html",
    "openpyxl",
    "xlsxwriter",
)
"""Modules that most examples import: a copy of this process has them in memory."""


def prepare() -> None:
    """Import what most examples import, and read the packaged templates, before this process is copied."""
    if sys.platform != "linux":
        return
    for name in _PRELOADED:
        import_module(name)
    for edition in EDITIONS.values():
        load_template(edition)


def refresh(text: str) -> str:
    """A Markdown document with every console block as it prints now. Raises ``ValueError`` for a foreign command."""
    if "```console\n" not in text:
        return text
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name in ("sample_workbooks", "templates"):
            shutil.copytree(ROOT / name, folder / name)
        return _FENCE.sub(lambda block: _run_block(block[0], block[1], block[2], folder), text)


def _run_block(whole: str, language: str, content: str, folder: Path) -> str:
    if language == "python":
        if name := _NAME.match(content):
            (folder / name[1]).write_text(content, encoding="utf-8")
        return whole
    lines = (line for line in content.splitlines() if line.startswith("$ "))
    return "```console\n" + "".join(f"{line}\n{_run(line[2:], folder)}" for line in lines) + "```"


def _run(command: str, folder: Path) -> str:
    """What one ``python …`` prints, with its exit code when ``; echo $?`` asks for it."""
    program, *arguments = shlex.split(command.removesuffix(_CODE))
    if program != "python":
        raise ValueError(f"examples run python only: {command}")
    run = _in_a_copy if sys.platform == "linux" else _anew
    with tempfile.TemporaryFile() as output:
        code = run(arguments, folder, output.fileno())
        output.seek(0)
        said = output.read().decode()
    return said + (f"{code}\n" if command.endswith(_CODE) else "")


def _anew(arguments: list[str], folder: Path, output: int) -> int:
    """Start Python, writing to the file ``output``; its exit code."""
    command = [sys.executable, *arguments]
    environment = {**os.environ, **_environment()}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=output,
        stderr=output,
        timeout=_SECONDS,
        check=False,
    )
    return done.returncode


def _in_a_copy(arguments: list[str], folder: Path, output: int) -> int:
    """The same in a copy of this process, which must have no other thread."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_be_python, args=(arguments, folder, output))
    process.start()
    process.join(_SECONDS)
    if process.exitcode is None:
        process.kill()
        raise TimeoutError(f"an example takes more than {_SECONDS} s: {arguments}")
    return process.exitcode


def _be_python(arguments: list[str], folder: Path, output: int) -> None:
    """Do in this process what Python does with its arguments: a script, or ``-m`` and a module."""
    os.chdir(folder)
    os.environ.update(_environment())
    for stream in (1, 2):
        os.dup2(output, stream)
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=False)
    sys.stderr.reconfigure(encoding="utf-8")
    sys.path[0] = str(folder)
    try:
        if arguments[0] == "-m":
            sys.argv = arguments[1:]
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")
    except Exception:
        sys.excepthook(*sys.exc_info())
        sys.exit(1)


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
