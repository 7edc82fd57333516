"""What users and servers may hand in by mistake or by malice, given to the command line as a user would.

    python tools/bad_inputs.py                # every row
    python tools/bad_inputs.py --row merged   # the rows with this word in their name

Each row is made in a folder of its own, the commands are run there in a process of their own, and the exit
code, the messages and the files left behind are compared with the expected ones. A row fails with another exit
code, with a traceback or an internal fault, with a message that does not name the file, and with anything
left behind that should not be there. The exit code of the script is 1 when a row fails.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from bad_inputs_rows import NOT_HERE, ROWS, Row

SECONDS = 10
"""What any answer may take, of the processor."""
_WAIT = 60
"""Seconds after which a command that does not answer is ended."""

NO_ANSWER = -1
"""Stands for the exit code of such a command."""


@frozen
class Answer:
    """What the command line did with one row."""

    code: int
    out: str
    err: str
    seconds: float
    left: tuple[str, ...]

    @property
    def first_line(self) -> str:
        """The first line of its message."""
        lines = [line for line in (self.err + "\n" + self.out).splitlines() if line.strip()]
        return lines[0] if lines else ""


def answer(row: Row, folder: Path) -> Answer:
    """Make the inputs of a row in ``folder`` and run its command there."""
    row.make(folder)
    before = _files(folder)
    environment = {**os.environ, **row.environment}
    started = time.monotonic()
    used = os.times()
    code, out, err = NO_ANSWER, b"", b""
    try:
        done = subprocess.run(
            [*row.before, sys.executable, "-m", "govdisclose", *row.command],
            cwd=folder,
            env=environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=_WAIT,
        )
        code, out, err = done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        pass
    now = os.times()
    seconds = now.children_user + now.children_system - used.children_user - used.children_system
    seconds = min(seconds, time.monotonic() - started)
    left = tuple(sorted(_files(folder) - before))
    said = [text.decode(row.encoding, "replace") for text in (out, err)]
    return Answer(code, *said, seconds, left)


def _files(folder: Path) -> set[str]:
    """Every file below ``folder`` but the lock and the journal of a batch, which are meant to stay."""
    names = set()
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not path.is_dir() and ".govdisclose" not in name:
            names.add(name)
    return names


def faults(row: Row, got: Answer) -> list[str]:
    """What is wrong with an answer, in words."""
    said = got.out + got.err
    found = []
    if got.code not in row.codes:
        found.append(
            f"exit code {got.code if got.code != NO_ANSWER else 'none within a minute'}, not {' or '.join(map(str, row.codes))}"
        )
    if "Traceback" in said or got.code == 70:
        found.append("internal fault")
    if got.code not in (0, 2) and row.names and row.names not in said:
        found.append(f"the message does not name {row.names}")
    for word in row.says:
        if word not in said:
            found.append(f"“{word}” is not said")
    right = (*row.keeps, *row.makes) if got.code in (0, 6) else row.keeps
    for name in got.left:
        if not any(fnmatch.fnmatch(name, made) for made in right):
            found.append(f"left behind: {name}")
    for made in row.makes:
        if got.code == 0 and not fnmatch.filter(got.left, made):
            found.append(f"{made} is missing")
    if got.seconds > SECONDS:
        found.append(f"took {got.seconds:.1f} s")
    return found


def run(rows: Sequence[Row]) -> int:
    """Run rows and print the table; how many failed."""
    failed = 0
    print("| row | expected | got | seconds | files made | first line of the message |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        with tempfile.TemporaryDirectory() as name:
            got = answer(row, Path(name))
            wrong = faults(row, got)
        failed += bool(wrong)
        codes = "/".join(map(str, row.codes))
        shown = "、".join(got.left)[:60]
        print(
            f"| {row.name} | {codes} | {got.code} | {got.seconds:.1f} | {shown} | {got.first_line[:120]} |",
            flush=True,
        )
        for words in wrong:
            print(f"FAILED {row.name}: {words}", flush=True)
    return failed


def main(arguments: list[str] | None = None) -> int:
    """Run all rows, or those named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--row", default="", help="only rows with this word in their name")
    word = parser.parse_args(arguments).row
    rows = [row for row in ROWS if word in row.name]
    failed = run(rows)
    for name, why in NOT_HERE.items():
        print(f"not made here: {name} ({why})")
    print(f"{len(rows)} rows, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
