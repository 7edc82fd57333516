"""Run the examples in the documentation, and put what they print below them.

A fenced ``python`` block that opens with ``# name.py`` is saved under that name; in a ``console``
block every line after ``$ `` is run and the lines below it are what it prints (both streams). The
examples of one document run in order in one new folder beside a copy of the sample workbooks.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_FENCE = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"# (\w+\.py)\n")
_CODE = "; echo $?"


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
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    said = done.stdout.decode()
    return said + (f"{done.returncode}\n" if command.endswith(_CODE) else "")
